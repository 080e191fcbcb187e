"""`seal` and `unseal`: close the community at once, and open it again with the passphrase."""

from datetime import UTC, datetime
from pathlib import Path

import click

from node import app
from node.cli.passphrases import passphrase
from node.cli.running import data_dir_option, run_to_end, say, settings_of, with_community
from node.domain.errors import Conflict
from node.services import sealing
from node.services.community import Community
from node.settings import PREFIX
from node.storage.master_key import has_passphrase, is_sealed

PASSPHRASE = f"{PREFIX}SEAL_PASSPHRASE"


@click.command()
@click.option("--prepare", is_flag=True, help="Only choose the passphrase, or change it. Nothing is sealed.")
@click.option("--stewards", type=click.Choice(["1", "2"]), help="Only set how many it takes on the page.")
@data_dir_option
def seal(prepare: bool, stewards: str | None, data_dir: Path | None) -> None:
    """Seal the community at once: nobody can open a sealed note, and every page is closed, until `unseal`."""
    settings = settings_of(data_dir)
    if is_sealed(settings.data_dir):
        raise Conflict("The community is sealed already. Open it again with: manyhands unseal")
    if stewards is not None:
        with_community(data_dir, lambda community: sealing.require_two(community, stewards == "2", None))
        say("Sealing takes two stewards." if stewards == "2" else "One steward is enough to seal.")
        return
    if prepare or not has_passphrase(settings.data_dir):
        _choose(data_dir)
    if not prepare:
        with_community(data_dir, lambda community: sealing.seal(community, None))
        say("Sealed. A running server closes its doors within a second.")
        say("Only the passphrase opens it again: manyhands unseal")


@click.command()
@data_dir_option
def unseal(data_dir: Path | None) -> None:
    """Open a sealed community again with its passphrase."""
    settings = settings_of(data_dir)
    if not is_sealed(settings.data_dir):
        raise Conflict("The community is not sealed. Nothing was changed.")
    typed = passphrase(PASSPHRASE, "The passphrase for sealing")

    async def open_again() -> None:
        async with app.open_database(settings) as database:
            await sealing.unseal(database, settings, typed, datetime.now(UTC))

    run_to_end(open_again())
    say("Open again. A running server opens its doors within a second; otherwise: manyhands serve")
    say("Everybody has to sign in anew. For a link: manyhands member link NAME")


def _choose(data_dir: Path | None) -> None:
    chosen = passphrase(PASSPHRASE, "A passphrase for sealing", is_new=True)

    async def choose(community: Community) -> None:
        await sealing.choose_passphrase(community, chosen, chosen, None)

    with_community(data_dir, choose)
    say("The passphrase is chosen. Write it on paper, and keep it with two people, away from the server.")
