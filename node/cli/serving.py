"""Running a community's server, or a further worker beside it."""

from pathlib import Path

import click

from node import serving
from node.cli.running import begin_anew, data_dir_option, run_to_end, say, settings_of


@click.command()
@click.option("--bind", metavar="HOST:PORT", help="Where to listen (default 127.0.0.1:8440).")
@data_dir_option
def serve(bind: str | None, data_dir: Path | None) -> None:
    """Run the community's server until it is told to stop."""
    settings = settings_of(data_dir, bind=bind)
    if settings.dev_loopback_peers:
        click.echo("Warning: DEV_LOOPBACK_PEERS is on. Federation may use http and this machine's addresses.", err=True)
    if run_to_end(serving.serve(settings, lambda url: say(f"listening on {url}"))):
        begin_anew()


@click.command()
@data_dir_option
def worker(data_dir: Path | None) -> None:
    """Handle and deliver beside the server, as a process of its own (PostgreSQL only)."""
    settings = settings_of(data_dir)
    if settings.database_url.startswith("sqlite"):
        raise click.UsageError("A further worker needs PostgreSQL. With SQLite, `manyhands serve` does all the work.")
    if run_to_end(serving.work(settings, lambda: say(f"working for {settings.base_url}"))):
        begin_anew()
