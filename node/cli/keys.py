"""The keys our actors sign with."""

from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.services import keys as services
from node.services.community import Community


@click.group(no_args_is_help=False)
def keys() -> None:
    """The keys this community signs its messages with."""


@keys.command("rotate")
@click.option("--at-once", is_flag=True, help="Erase the old keys now, because somebody else may have them.")
@data_dir_option
def keys_rotate(at_once: bool, data_dir: Path | None) -> None:
    """Make new keys and tell everyone we are linked with; the server may go on running."""

    async def rotate(community: Community) -> None:
        for home in filter(None, (community.homes.former, community.current)):
            await services.rotate(home, at_once=at_once)

    with_community(data_dir, rotate)
    old = "The old ones are erased." if at_once else "The old ones stay published for a week."
    say(f"Messages are signed with new keys from now on. {old}")
