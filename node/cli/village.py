"""Two linked communities to look at, without setting anything up."""

import asyncio
import signal

import click

from node import demo as story
from node import logs
from node.cli.running import run_to_end, say


@click.command()
@click.option("--once", is_flag=True, help="End after the last step; exit 0 when every step was seen at both.")
@click.option(
    "--data-dir", default=None, hidden=True, help="Not used: the demo keeps everything in a folder of its own."
)
def demo(once: bool, data_dir: str | None) -> None:  # noqa: ARG001 - every verb takes --data-dir
    """Start two communities on this machine and watch one need cross from one to the other."""
    logs.configure("error")
    run_to_end(_show_until_told(once))


async def _show_until_told(once: bool) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await story.show(say, once, stop)
