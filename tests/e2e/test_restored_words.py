"""What comes back with older data: the words that nobody erased, whatever became of the sealed note, and no others."""

from pathlib import Path

import pytest

from node import app
from node.domain.errors import Conflict
from node.domain.notices import Status
from node.services import backups, forgetting, needs, restoring
from node.settings import Settings
from node.storage.archives import Lock, Opener, new_identity
from node.storage.keyring import Keyring
from node.storage.sealed_notes import SealedNotes
from tests.village import Clock, Village, found, opened

IDENTITY, RECIPIENT = new_identity()


async def back_up(north: Village) -> backups.Made:
    community = north.community
    return await backups.create(community.database, community.settings, Lock((RECIPIENT,)), community.now())


async def bring_back(settings: Settings, made: backups.Made, clock: Clock, with_keyring: bool) -> int:
    assert made.data is not None
    kept_here = settings.keyring_dir / backups.KEYRING
    how, here = Opener(IDENTITY), settings.data_dir
    with restoring.opened(made.data, how, here) as data, restoring.opened(kept_here, how, here) as keyring:
        assert isinstance(data, restoring.Data) and isinstance(keyring, Keyring)
        kept = await restoring.restore(settings, data, keyring if with_keyring else None, clock())
    async with app.open_community(settings, clock) as community:
        return await forgetting.erase_again(community, kept)


@pytest.mark.parametrize("with_keyring", [True, False])
@pytest.mark.parametrize("has_box", [True, False])
async def test_what_its_owner_erased_stays_erased_and_other_words_stay(
    has_box: bool, with_keyring: bool, tmp_path: Path
) -> None:
    """`has_box`: the data was copied before the time of both sealed notes was over, or after."""
    clock, settings = Clock(), await found("North Side", tmp_path / "north")
    async with opened(settings, clock) as north:
        coats, soup = await north.ask("Winter coats"), await north.ask("Hot soup")
        for one in (coats, soup):
            await needs.change_status(north.community, one.notice.id, Status.NO_LONGER_NEEDED, north.dispatcher)
        before = await back_up(north)
        clock.forward(days=15)
        await north.run_clocks()
        after = await back_up(north)
        clock.forward(days=1)
        await forgetting.erase_by_code(north.community, coats.code)
        await back_up(north)
    assert await bring_back(settings, before if has_box else after, clock, with_keyring) == 1
    async with opened(settings, clock) as north:
        erased, kept = await north.notice(coats.notice.id), await north.notice(soup.notice.id)
        assert (erased.erased_at, erased.wording.title == "Winter coats") == (clock(), False)
        assert (kept.erased_at, kept.wording.title) == (None, "Hot soup")
        async with north.community.database.reading() as work:
            assert not await SealedNotes(work).without_key()
            assert await SealedNotes(work).kept() == ()


async def test_without_a_keyring_there_must_be_a_database_whose_keys_stay(tmp_path: Path) -> None:
    clock, settings = Clock(), await found("North Side", tmp_path / "north")
    async with opened(settings, clock) as north:
        made = await back_up(north)
    (settings.data_dir / backups.DATABASE).unlink()
    with pytest.raises(Conflict, match="newest keyring"):
        await bring_back(settings, made, clock, with_keyring=False)
    assert not (settings.data_dir / backups.DATABASE).exists()
    assert await bring_back(settings, made, clock, with_keyring=True) == 0
