"""`rest`: the community rests for a while, and is back."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.domain import days
from node.services import rest as resting
from node.services.community import Community, profile, zone_of


@click.command()
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Rest until the end of this day, YYYY-MM-DD.")
@click.option("--end", is_flag=True, help="Be back now.")
@data_dir_option
def rest(until: datetime | None, end: bool, data_dir: Path | None) -> None:
    """Say until when the community rests, change that, or be back early. Without an option: tell how it is."""
    if until is not None and end:
        raise click.UsageError("Give --until or --end, not both.")
    if end:
        with_community(data_dir, lambda community: resting.end_early(community, None))
        say("We are back. Our neighbours are told.")
    elif until is not None:
        day = until.date()
        with_community(data_dir, lambda community: _declare(community, day))
        say(f"We rest until the end of {day}. Our neighbours are told.")
    else:
        known = with_community(data_dir, resting.resting_until)
        say(f"We rest until {known.astimezone(UTC):%Y-%m-%d %H:%M} UTC." if known else "We do not rest.")


async def _declare(community: Community, day: date) -> None:
    zone = zone_of(community, await profile(community))
    await resting.declare(community, days.end_of(day, zone), None)
