"""A database of the first shape with people in it: what they agreed to becomes history, and nobody loses a consent."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from node.domain.consent import ALL, Channel, Consent, Use, newest, standing
from node.domain.notices import Kind, Notice
from node.storage.database import Database
from node.storage.migrate import _upgrade, migrate, must_be_current
from node.storage.notice_rows import values_of
from node.storage.tables import audit, notices
from tests.storage.conftest import Place
from tests.unit.node.make import NOW, make_notice

CONSENTS = (
    Consent(),
    Consent(board=True),
    Consent(peers=("p1", "p2")),
    Consent(board=True, peers=ALL),
    Consent(board=True, peers=ALL, public=True),
    Consent(public=True),
)
#: Of what is stored of a notice today, what the first program stored.
COLUMNS = frozenset(
    "id kind title category text area urgency needed_by repeat repeat_until quantity unit languages status remaining "
    "consent_board consent_peers consent_public for_someone_else standing code_hash form_hash created_at "
    "updated_at".split()
)
SHOWN = (
    "Only the dispatchers. The few people here who read what comes in and look for a match.",
    "Helpers of this community too. They see the words below, not your name or how to reach you.",
    "Neighbouring communities too. They see the words below, without your name, address or number. "
    "A dispatcher decides whether to ask.",
)
SHOWN_TO_EVERYONE = {
    Kind.NEED: "Everyone. The words of your request may be published where anybody can read them. "
    "Never your name, address or number.",
    Kind.OFFER: "Everyone. The words of your offer may be published where anybody can read them. "
    "Never your name, address or number.",
}


@pytest.fixture
async def first_shape(bare_place: Place) -> AsyncIterator[Database]:
    """A database as the first program left it."""
    database = bare_place.opened()
    async with database.unit_of_work() as work:
        await work.connection.run_sync(_to_the_first_shape)
    yield database
    await database.close()


def _to_the_first_shape(connection: Connection) -> None:
    _upgrade(connection, "0001")


async def put(database: Database, notice: Notice, by: str | None = None) -> None:
    """As the first program stored what was asked for."""
    row = values_of(notice) | {"id": notice.id, "code_hash": f"code {notice.id}", "form_hash": None}
    first = {name: value for name, value in row.items() if name in COLUMNS}
    taken_in = {"at": NOW, "member_id": by, "action": f"took in a {notice.kind}", "subject": notice.id, "detail": ""}
    async with database.unit_of_work() as work:
        await work.connection.execute(insert(notices).values(first))
        await work.connection.execute(insert(audit).values(taken_in))


async def test_nobody_loses_a_consent(first_shape: Database, tmp_path: Path) -> None:
    for number, consent in enumerate(CONSENTS):
        await put(first_shape, make_notice(id=f"n{number}", consent=consent))
    await migrate(first_shape, tmp_path / "backups", NOW)
    await must_be_current(first_shape)
    async with first_shape.reading() as work:
        for number, consent in enumerate(CONSENTS):
            history = await work.consents.of_notice(f"n{number}")
            kept = await work.notices.get(f"n{number}")
            assert kept is not None
            assert standing(history) == consent == kept.consent
            assert [one.is_given for one in history] == [True] * len(history)
            assert history[0].question.use is Use.DISPATCHERS


async def test_the_words_are_those_that_were_on_the_page(first_shape: Database, tmp_path: Path) -> None:
    everything = Consent(board=True, peers=ALL, public=True)
    for kind in Kind:
        since = NOW - timedelta(days=3)
        await put(first_shape, make_notice(id=kind, kind=kind, consent=everything, created_at=since), by="member1")
    await migrate(first_shape, tmp_path / "backups", NOW)
    async with first_shape.reading() as work:
        for kind in Kind:
            rows = newest(await work.consents.of_notice(kind)).values()
            assert [row.wording for row in rows] == [*SHOWN, SHOWN_TO_EVERYONE[kind]]
            assert {(row.asking.channel, row.asking.language, row.asking.by) for row in rows} == {
                (Channel.UNKNOWN, "en", "member1")
            }
            assert {row.at for row in rows} == {NOW - timedelta(days=3)}


async def test_an_empty_database_has_nothing_to_write_down(first_shape: Database, tmp_path: Path) -> None:
    done = await migrate(first_shape, tmp_path / "backups", NOW)
    assert done.current == "0001"
    await must_be_current(first_shape)
