"""Needs and offers, members and what proves who they are, answers kept, and the audit log."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from node.domain.consent import Consent
from node.domain.members import Role
from node.domain.notices import CLOSED, Kind, Notice, Status, Urgency
from node.domain.peers import OwnActor
from node.domain.repeating import Repeat
from node.domain.sealed import SealedNote
from node.storage.audit import AuditEntry
from node.storage.keys import StoredKey
from node.storage.notices import NoticeFilter
from node.storage.replays import KeptAnswer
from node.storage.sealed_notes import SealedNotes
from node.storage.sessions import StoredSession
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import CannotOpen
from tests.unit.node.make import NOW, make_member, make_notice

HOUR = timedelta(hours=1)
FULL = make_notice(
    Status.PARTLY_MET,
    "1.5",
    text="Sizes 116 and 128.",
    urgency=Urgency.TODAY,
    needed_by=date(2026, 12, 1),
    repeat=Repeat.WEEKLY,
    repeat_until=date(2027, 1, 1),
    quantity=Decimal("2.50"),
    unit="kilogram",
    languages=("en", "ar"),
    consent=Consent(True, ("p1", "p2"), True),
    for_someone_else=True,
    standing=True,
    updated_at=NOW + HOUR,
)


async def put(work: UnitOfWork, *notices: Notice) -> None:
    for notice in notices:
        await work.notices.add(notice, f"code {notice.id}", f"form {notice.id}")


def ids(notices: tuple[Notice, ...]) -> list[str]:
    return [notice.id for notice in notices]


@pytest.mark.parametrize("notice", [FULL, make_notice(), make_notice(consent=Consent()), make_notice(kind=Kind.OFFER)])
async def test_a_notice_comes_back_as_it_was(work: UnitOfWork, notice: Notice) -> None:
    await put(work, notice)
    assert await work.notices.get(notice.id) == notice
    assert await work.notices.by_code(f"code {notice.id}") == notice
    assert await work.notices.by_form(f"form {notice.id}") == notice
    assert await work.notices.these([notice.id, "unknown"]) == {notice.id: notice}


async def test_a_changed_notice_keeps_its_code_and_form(work: UnitOfWork) -> None:
    await put(work, make_notice())
    changed = replace(FULL, id="notice1")
    await work.notices.put(changed)
    assert await work.notices.by_code("code notice1") == await work.notices.by_form("form notice1") == changed


async def test_what_is_unknown_is_nothing(work: UnitOfWork) -> None:
    assert await work.notices.get("x") is None
    assert await work.notices.by_code("x") is None
    assert await work.notices.by_form("x") is None
    await work.notices.put(make_notice())
    assert await work.notices.get("notice1") is None


async def test_a_code_and_a_form_stand_for_one_notice(work: UnitOfWork) -> None:
    await put(work, make_notice())
    for code, form in (("code notice1", None), ("other", "form notice1")):
        with pytest.raises(IntegrityError):
            async with work.savepoint():
                await work.notices.add(make_notice(id="notice2"), code, form)
    await work.notices.add(make_notice(id="notice2"), "a", None)
    await work.notices.add(make_notice(id="notice3"), "b", None)


async def test_pages_are_newest_first_and_leave_nothing_out(work: UnitOfWork) -> None:
    """Of two made at the same moment the ids decide, so a page can end between them."""
    for number in range(7):
        made = NOW + HOUR * (number // 2)
        await put(work, make_notice(id=f"n{number}", created_at=made))
    seen: list[str] = []
    before = None
    while page := await work.notices.page(NoticeFilter(Kind.NEED), before, 2):
        seen += ids(page)
        before = (page[-1].created_at, page[-1].id)
    assert seen == ["n6", "n5", "n4", "n3", "n2", "n1", "n0"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (NoticeFilter(Kind.NEED), ["n2", "n1"]),
        (NoticeFilter(Kind.OFFER), ["n3"]),
        (NoticeFilter(Kind.NEED, status=Status.MET), ["n2"]),
        (NoticeFilter(Kind.NEED, category="meals"), ["n1"]),
        (NoticeFilter(Kind.NEED, area="Mill"), ["n2"]),
        (NoticeFilter(Kind.NEED, q="soup"), ["n1"]),
        (NoticeFilter(Kind.NEED, q="HOT"), ["n1"]),
        (NoticeFilter(Kind.NEED, q="100%"), ["n2"]),
        (NoticeFilter(Kind.NEED, q="%"), ["n2"]),
        (NoticeFilter(Kind.NEED, q="_"), []),
        (NoticeFilter(Kind.NEED, status=Status.MET, category="meals"), []),
    ],
)
async def test_notices_are_found_by_what_they_say(work: UnitOfWork, wanted: NoticeFilter, found: list[str]) -> None:
    await put(
        work,
        make_notice(id="n1", category="meals", title="Hot lunch", text="Any soup"),
        make_notice(Status.MET, id="n2", area="Mill", text="100% wool", created_at=NOW + HOUR),
        make_notice(id="n3", kind=Kind.OFFER),
    )
    assert ids(await work.notices.page(wanted, None, 9)) == found


async def test_the_queue_is_by_day_needed_and_then_by_how_long_somebody_waits(work: UnitOfWork) -> None:
    await put(
        work,
        make_notice(id="whenever", created_at=NOW - HOUR),
        make_notice(id="next week, new", needed_by=date(2026, 11, 27), created_at=NOW + HOUR),
        make_notice(id="next week, old", needed_by=date(2026, 11, 27)),
        make_notice(id="tomorrow", needed_by=date(2026, 11, 21), created_at=NOW + HOUR),
        make_notice(id="an offer", kind=Kind.OFFER),
        *(make_notice(status, id=status) for status in CLOSED),
        make_notice(Status.PAUSED, id="paused", created_at=NOW + 2 * HOUR),
    )
    queue = ids(await work.notices.waiting(NoticeFilter(Kind.NEED), 99))
    assert queue == ["tomorrow", "next week, old", "next week, new", "whenever", "paused"]
    assert len(await work.notices.waiting(NoticeFilter(Kind.NEED), 2)) == 2


async def test_what_was_closed_long_ago_and_still_has_a_note(work: UnitOfWork) -> None:
    for name, status, changed in (
        ("old", Status.MET, NOW - HOUR),
        ("erased", Status.MET, NOW - HOUR),
        ("just now", Status.MET, NOW),
        ("open", Status.OPEN, NOW - HOUR),
    ):
        await put(work, make_notice(status, id=name, updated_at=changed))
        if name != "erased":
            await SealedNotes(work).add(name, SealedNote(name="Amina"))
    assert await work.notices.closed_with_note(NOW, 9) == ("old",)


async def test_members_are_known_by_name_whatever_its_capitals(work: UnitOfWork) -> None:
    robin = make_member(Role.STEWARD, Role.HELPER, name="Robin Straße")
    await work.members.add(robin)
    assert await work.members.get(robin.id) == robin
    assert await work.members.by_name("  ROBIN  strasse ") == robin
    assert await work.members.by_name("Noor") is None
    assert await work.members.names([robin.id, "unknown"]) == {robin.id: robin.name}
    with pytest.raises(IntegrityError):
        async with work.savepoint():
            await work.members.add(replace(robin, id="other", name="robin STRASSE"))


async def test_a_password_is_known_only_as_its_hash(work: UnitOfWork) -> None:
    await work.members.add(make_member())
    assert await work.members.password_hash("member1") is None
    await work.members.set_password_hash("member1", "$argon2id$...")
    assert await work.members.password_hash("member1") == "$argon2id$..."
    assert [member.has_password for member in await work.members.all()] == [True]


async def test_a_session_ends_when_its_time_is_over(work: UnitOfWork) -> None:
    await work.members.add(make_member())
    session = StoredSession("hash", "member1", "csrf", NOW + HOUR)
    await work.sessions.add(session)
    assert await work.sessions.get("hash", NOW) == session
    assert await work.sessions.get("hash", NOW + HOUR) is None
    assert await work.sessions.get("other", NOW) is None
    await work.sessions.forget_ended(NOW + HOUR)
    assert await work.sessions.get("hash", NOW) is None


async def test_a_link_works_once(work: UnitOfWork) -> None:
    await work.members.add(make_member())
    await work.sessions.add_link("hash", "member1", NOW + HOUR)
    assert await work.sessions.take_link("hash", NOW + HOUR) is None
    assert await work.sessions.link_owner("hash", NOW) == "member1"
    assert await work.sessions.take_link("hash", NOW) == "member1"
    assert await work.sessions.take_link("hash", NOW) is None


async def test_a_token_stands_for_its_member(work: UnitOfWork) -> None:
    await work.members.add(make_member())
    await work.sessions.add_token("hash", "member1", "import", NOW)
    assert await work.sessions.token_owner("hash") == "member1"
    assert await work.sessions.token_owner("other") is None


async def test_answers_are_kept_per_member_and_key_for_a_while(work: UnitOfWork) -> None:
    await work.members.add(make_member())
    answer = KeptAnswer("fingerprint", 201, b'{"id":"x"}')
    await work.replays.add("member1", "key", answer, NOW)
    assert await work.replays.get("member1", "key") == answer
    assert await work.replays.get("member2", "key") is None
    with pytest.raises(IntegrityError):
        async with work.savepoint():
            await work.replays.add("member1", "key", answer, NOW)
    await work.replays.forget_before(NOW)
    assert await work.replays.get("member1", "key") == answer
    await work.replays.forget_before(NOW + HOUR)
    assert await work.replays.get("member1", "key") is None


async def test_the_audit_log_keeps_its_order(work: UnitOfWork) -> None:
    lines = [AuditEntry(NOW, "m", f"deed {number}", "n1", "detail") for number in range(3)]
    for line in lines:
        await work.audit.add(line)
    await work.audit.add(AuditEntry(NOW, None, "deed 0", "n2"))
    assert [line.action for line in await work.audit.newest(2)] == ["deed 0", "deed 2"]
    assert await work.audit.about("n1", "deed 0") == (lines[0],)


async def test_private_keys_rest_wrapped(work: UnitOfWork) -> None:
    key = StoredKey("https://aid.north.example/actors/public#main-key", OwnActor.PUBLIC, "rsa", b"-----BEGIN", NOW)
    await work.keys.add(key)
    assert await work.keys.all() == (key,)
    stored = (await work.connection.exec_driver_sql("SELECT private_pem_wrapped FROM actor_keys")).scalar()
    assert isinstance(stored, bytes)
    assert b"BEGIN" not in stored
    await work.connection.exec_driver_sql("UPDATE actor_keys SET key_id = 'another'")
    with pytest.raises(CannotOpen):
        await work.keys.all()
