"""Bringing drafts in: whatever interrupts it, the next run adds exactly what is missing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from node import app
from node.domain.consent import SHARING, standing
from node.domain.notices import Kind
from node.services import imports, needs
from node.services.community import Community
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
