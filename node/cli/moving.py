"""`move`: the community goes on under another address."""

import re
from pathlib import Path

import click

from node.cli.running import data_dir_option, say, settings_of, with_community
from node.services import moving
from node.settings import PREFIX, Settings, load_settings, origins
from node.storage.files import write_whole

_LINE = re.compile(r"^\s*BASE_URL\s*=.*$", re.MULTILINE)


@click.command()
@click.argument("address", required=False)
@click.option("--tell", is_flag=True, help="Tell everybody, once the server answers at the new address.")
@data_dir_option
def move(address: str | None, tell: bool, data_dir: Path | None) -> None:
    """Move the community to ADDRESS, such as https://hands.example.org. The old one is answered for half a year."""
    if tell == (address is not None):
        raise click.UsageError("Give the new address, or --tell.")
    if address is None:
        with_community(data_dir, lambda community: moving.tell(community, None))
        say("Everybody who knows us is told. Linked communities go along once a steward there says so.")
        return
    settings = settings_of(data_dir)
    new = load_settings(data_dir, {"base_url": address}).base_url
    with_community(data_dir, lambda community: moving.prepare(community, new, None))
    say(f"Prepared. Until now the community lived at {settings.base_url}.")
    for step in _steps(settings, new):
        say(step)


def _steps(settings: Settings, new: str) -> tuple[str, ...]:
    """What is left to do, in order."""
    source = next(one.source for one in origins(settings.data_dir) if one.name == "BASE_URL")
    if source.startswith("environment"):
        changed = f"Set {PREFIX}BASE_URL to {new}."
    else:
        _rewrite(settings.config_path, new)
        changed = f"BASE_URL is {new} now, in {settings.config_path}."
    return (
        f"1. {changed}",
        "2. Let both names lead to this server, in DNS and in the proxy, each with its certificate.",
        "3. Stop the server and start it again. People who come to the old address are sent on.",
        f"4. Open {new}/moving, and press “Tell everybody” there. Or: manyhands move --tell",
    )


def _rewrite(config: Path, new: str) -> None:
    """The same file with another address. Raises OSError."""
    text = config.read_text(encoding="utf-8-sig")
    line = f'BASE_URL = "{new}"'
    found = _LINE.search(text)
    changed = f"{text[: found.start()]}{line}{text[found.end() :]}" if found else f"{line}\n{text}"
    write_whole(config, changed.encode())
