"""`queue`: what waits to be sent to other servers, tried again at once or given up."""

from datetime import UTC, datetime
from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.services import waiting
from node.services.waiting import Line


@click.group(no_args_is_help=False)
def queue() -> None:
    """See to what waits to be sent. HOST is a server's name as `queue list` prints it."""


@queue.command("list")
@data_dir_option
def queue_list(data_dir: Path | None) -> None:
    """Print every server that something waits for, and every neighbour that does not answer."""
    found = with_community(data_dir, lambda community: waiting.listing(community, None))
    for line in found.lines:
        say(_said(line))
    if not found.lines:
        say("Nothing waits, and every neighbour answers.")
    if not found.is_whole:
        say("There is more: this is what waits longest.")


@queue.command("retry")
@click.argument("host")
@data_dir_option
def queue_retry(host: str, data_dir: Path | None) -> None:
    """Send everything that waits for this server now. The running server does it within a second."""
    with_community(data_dir, lambda community: waiting.try_again(community, host, None))
    say(f"What waits for {host} goes out now.")


@queue.command("drop")
@click.argument("host")
@data_dir_option
def queue_drop(host: str, data_dir: Path | None) -> None:
    """Give up what waits for this server, but for what asks it to erase something."""
    with_community(data_dir, lambda community: waiting.give_up(community, host, None))
    say(f"What waited for {host} is given up. What asks it to erase something goes on waiting.")


def _said(line: Line) -> str:
    named = f"{line.host} ({line.name})" if line.peer is not None else line.host
    parts = [named]
    if line.health is not None:
        parts.append(f"has not answered since {line.health.failed_on[0]}")
    if line.since is not None:
        parts.append(f"something waits since {_moment(line.since)}")
    if line.next_at is not None:
        parts.append(f"next try {_moment(line.next_at)}")
    return "; ".join([*parts, line.why] if line.why else parts)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
