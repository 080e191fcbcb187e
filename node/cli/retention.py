"""Forgetting by hand what the server forgets by itself: for a machine that was off, and to see what is due."""

from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.services import retention as clocks


@click.group("retention")
def retention() -> None:
    """How long things are kept."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only tell what would be forgotten; nothing is changed.")
@data_dir_option
def run(dry_run: bool, data_dir: Path | None) -> None:
    """Forget everything whose time is over. The server does the same by itself every few seconds."""
    found = with_community(data_dir, clocks.look if dry_run else clocks.run)
    due = [one for one in found if one.how_many]
    if not due:
        say("Nothing is due.")
    for one in due:
        say(f"{'Due' if dry_run else 'Forgotten'}: {one.kind}: {one.how_many}")
