"""The command line: one module per group of verbs. Exit 2 for wrong use, 1 for a failure, never a traceback."""

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

import click

from node.cli.faults import WRONG_USE, sentence_for, status_for

__all__ = ["main", "manyhands"]

#: Every verb and the module it is in, in the order in which they are told.
VERBS = {
    "init": "community",
    "serve": "serving",
    "worker": "serving",
    "member": "members",
    "token": "members",
    "peer": "peers",
    "queue": "waiting",
    "import": "spreadsheets",
    "export": "exporting",
    "retention": "retention",
    "keys": "keys",
    "rest": "rest",
    "move": "moving",
    "backup": "backups",
    "seal": "sealing",
    "unseal": "sealing",
    "close": "closing",
    "migrate": "health",
    "doctor": "health",
    "healthcheck": "health",
    "config": "community",
    "demo": "village",
}
#: Where a verb's name is a word of Python's, its function is called otherwise.
FUNCTIONS = {"import": "import_spreadsheet"}


class Verbs(click.Group):
    """The verbs above, each loaded when it is wanted: most need no doors, and pages and API take longest to load."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Every verb's name."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of this name; None for a word that is none."""
        if cmd_name not in VERBS:
            return None
        verb = getattr(_module(f"node.cli.{VERBS[cmd_name]}"), FUNCTIONS.get(cmd_name, cmd_name))
        assert isinstance(verb, click.Command)
        return verb


def _module(name: str) -> ModuleType:
    """What is loaded stays for good, so the collector need not look through it, neither meanwhile nor later."""
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(package_name="manyhands", prog_name="manyhands")
def manyhands() -> None:
    """A community's own server for needs and offers, linked with its neighbours."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb and end the process with its status."""
    os.umask(0o077)  # whatever a community keeps is for its own account only
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status; anything that goes wrong is one plain sentence on stderr."""
    try:
        result = manyhands.main(args=arguments, prog_name="manyhands", standalone_mode=False)
    except click.UsageError as error:
        click.echo(f"manyhands: {_usage(error)}", err=True)
        return WRONG_USE
    except click.Abort:
        return 130
    except Exception as error:  # the last resort: a volunteer must never meet a traceback
        if os.environ.get("MANYHANDS_LOG_LEVEL", "").lower() == "debug":
            traceback.print_exc()
        click.echo(f"manyhands: {sentence_for(error)}", err=True)
        return status_for(error)
    return result if isinstance(result, int) else 0


def _usage(error: click.UsageError) -> str:
    place = error.ctx.command_path if error.ctx else "manyhands"
    said = " ".join(error.format_message().split()).rstrip(".")
    return f"{said}. See: {place} --help"
