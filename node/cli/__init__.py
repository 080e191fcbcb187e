"""The command line: one module per group of verbs. Exit 2 for wrong use, 1 for a failure, never a traceback."""

import os
import sys
import traceback
from collections.abc import Sequence

import click

from node.cli.backups import backup
from node.cli.closing import close
from node.cli.community import config, init, serve, worker
from node.cli.exporting import export
from node.cli.faults import WRONG_USE, sentence_for, status_for
from node.cli.health import doctor, healthcheck, migrate
from node.cli.keys import keys
from node.cli.members import member, token
from node.cli.moving import move
from node.cli.peers import peer
from node.cli.rest import rest
from node.cli.retention import retention
from node.cli.sealing import seal, unseal
from node.cli.spreadsheets import import_spreadsheet
from node.cli.village import demo

__all__ = ["main", "manyhands"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(package_name="manyhands", prog_name="manyhands")
def manyhands() -> None:
    """A community's own server for needs and offers, linked with its neighbours."""


for verb in (
    init,
    serve,
    worker,
    member,
    token,
    peer,
    import_spreadsheet,
    export,
    retention,
    keys,
    rest,
    move,
    backup,
    seal,
    unseal,
    close,
    migrate,
    doctor,
    healthcheck,
    config,
    demo,
):
    manyhands.add_command(verb)


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
