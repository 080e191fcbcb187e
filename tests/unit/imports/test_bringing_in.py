"""Bringing drafts in: whatever interrupts it, the next run adds exactly what is missing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from node import app
from node.domain.consent import SHARING, standing
from node.domain.contact_notes import Reached
from node.domain.errors import NotAllowed
from node.domain.members import Role
from node.domain.notices import Kind, Status
from node.services import contact_notes, forgetting, imports, members, needs
from node.services.community import Community
from node.services.contact_notes import Tried
from node.services.imports import Reading
from node.settings import Settings
from node.storage.sealed_notes import SealedNotes

SAMPLES = Path(__file__).parents[3] / "node" / "samples"


@pytest.fixture
async def community(tmp_path: Path) -> AsyncIterator[Community]:
    settings = Settings(base_url="http://localhost:8440", data_dir=tmp_path)
    await app.initialise(settings, "North Side Neighbours")
    async with app.open_community(settings) as opened:
        yield opened


@pytest.fixture
def reading() -> Reading:
    files = (SAMPLES / f"needs_and_offers.{end}" for end in ("csv", "toml"))
    return imports.read_spreadsheet(*(path.read_bytes() for path in files))


async def test_an_interrupted_run_is_finished_by_the_next(community: Community, reading: Reading) -> None:
    first = await imports.bring_in(community, replace(reading, drafts=reading.drafts[:7]))
    rest = await imports.bring_in(community, reading)

    assert (len(first.added), len(first.earlier)) == (7, 0)
    assert rest.earlier == first.added
    assert len(rest.added) == len(reading.drafts) - 7


async def test_what_is_taken_back_leaves_nothing(community: Community, reading: Reading) -> None:
    """No note, no key, no consent, no line of the log about it; and no number in any month."""
    few = replace(reading, drafts=reading.drafts[:3])
    other = await needs.ask(community, imports.entry_of(reading.drafts[5]))
    brought = await imports.bring_in(community, few)
    back = await imports.take_back(community, reading)
    assert (back.gone, back.staying) == (few.drafts, ())
    async with community.database.reading() as work:
        for added in brought.added:
            assert await work.notices.get(added.notice_id) is None
            assert await SealedNotes(work).open(added.notice_id) is None
            assert await work.consents.of_notice(added.notice_id) == ()
            assert await work.audit.of_subject(added.notice_id, (), 9) == ()
        assert await work.notices.get(other.notice.id) == other.notice, "what somebody asked by themselves stays"
        assert [line.action for line in await work.audit.newest(2)] == ["took a spreadsheet back", "took in a need"]


async def test_what_came_in_and_was_worked_with_stays(community: Community, reading: Reading) -> None:
    amina = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    few = replace(reading, drafts=reading.drafts[:5])
    opened, called, corrected, erased, _left = (one.notice_id for one in (await imports.bring_in(community, few)).added)
    codes = [one.code for one in (await imports.bring_in(community, few)).earlier]
    await needs.change_status(community, opened, Status.OPEN, amina)
    await contact_notes.note(community, called, Tried(Reached.NO_ANSWER), amina)
    wording = (await needs.get(community, corrected)).wording
    await needs.correct(community, corrected, replace(wording, title="Bread for two"), amina)
    await forgetting.erase_by_code(community, codes[3])

    back = await imports.take_back(community, few)

    assert back.gone == few.drafts[4:]
    assert {one.id for one in back.staying} == {opened, called, corrected}
    assert (await needs.get(community, erased)).erased_at is not None, "its receipt stays"


async def test_only_stewards_take_a_spreadsheet_back(community: Community, reading: Reading) -> None:
    amina = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    await imports.bring_in(community, reading)
    with pytest.raises(NotAllowed):
        await imports.take_back(community, reading, amina)


async def test_both_envelopes_and_the_code_are_kept(community: Community, reading: Reading) -> None:
    brought = await imports.bring_in(community, reading)
    draft = brought.added[0].draft

    kept = await needs.by_code(community, brought.added[0].code)

    assert (kept.kind, kept.wording, kept.consent) == (Kind.NEED, draft.wording, draft.consent)
    async with community.database.reading() as work:
        assert await SealedNotes(work).open(kept.id) == draft.sealed
        history = await work.consents.of_notice(kept.id)
    assert standing(history) == draft.consent
    asked = "Who may see this? / ¿Quién puede ver esto?: Helpers here, Neighbouring communities, Everyone"
    assert {entry.wording for entry in history if entry.question.use in SHARING} == {asked}
