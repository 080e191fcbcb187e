"""Messages to people: who asked is asked once whether it is still so, dispatchers are told that something waits."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from federation.transport import NetworkPolicy, Transport
from node.domain.consent import Channel, Consent, Intake, Question, Use
from node.domain.errors import Invalid, NotAllowed, NotFound
from node.domain.members import Member, Role
from node.domain.notices import Kind, Status, Wording
from node.domain.queue import Part
from node.domain.repeating import Repeat
from node.domain.sealed import Contact, SealedNote
from node.domain.splitting import Split
from node.domain.tellings import Verdict, Way
from node.services import clocks, consents, devices, mail_addresses, members, needs, queue, quiet, splitting, tellings
from node.services.community import Community
from node.services.consents import Said
from node.services.needs import Asked, Entry
from node.services.queue import NoticeFilter
from node.worker.mail import Trouble, check
from node.worker.telling import tell
from tests.push_service import push_service
from tests.unit.web.conftest import Page

DAY = timedelta(days=1)
KIM = "kim@example.org"


@dataclass
class Post:
    """A mail server on this machine that keeps what it was given; `answer` is what it says to the next message."""

    port: int = 0
    answer: str = "250 OK"
    greeting: str = ""
    given: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """What aiosmtpd calls with each message."""
        if self.answer.startswith("250"):
            message = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
            self.given.append(message)  # type: ignore[arg-type]
            self.to.append(envelope.rcpt_tos)
        return self.answer


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    """A real mail server on the loopback."""
    kept = Post()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(kept), "127.0.0.1", 0)
    kept.port = server.sockets[0].getsockname()[1]
    yield kept
    server.close()


@pytest.fixture
def mailing(community: Community, post: Post) -> Community:
    """The community with a mail server."""
    url = f"smtp://127.0.0.1:{post.port}"
    settings = community.settings.model_copy(update={"smtp_url": url, "mail_from": "hands@linden.example"})
    return replace(community, settings=settings)


async def ask(
    community: Community, may_ask: bool = True, contact: tuple[Contact, ...] = (Contact("email", KIM),)
) -> Asked:
    """A request of somebody who gave an address."""
    note = SealedNote(name="Kim", contact=contact)
    entry = Entry(
        Kind.NEED, Wording("Insulin from the pharmacy", "health"), note, Consent(), Intake(still_needed=may_ask)
    )
    return await needs.ask(community, entry)


async def pass_on(community: Community) -> None:
    """The clocks look, and what is due goes out."""
    await clocks.run_due(community)
    while await tell(community):
        pass


def words(message: EmailMessage) -> str:
    """What it says, in one line."""
    return " ".join(str(message.get_content()).split())


async def test_who_asked_is_told_once_that_somebody_took_it_on(mailing: Community, post: Post, wait: Any) -> None:
    mailing = replace(mailing, tell_in=lambda code, words: f"[{code}] {words}")
    agreed, silent = await ask(mailing), await ask(mailing)
    bo = await members.add(mailing, "Bo", frozenset({Role.DISPATCHER}))
    question = Question(Use.TAKEN_ON)
    await consents.record_by_code(mailing, agreed.code, Said((question,), True, "May we?", Channel.WEB, "es"))
    for one in (agreed, silent):
        await needs.change_status(mailing, one.notice.id, Status.TAKEN_ON, bo)
    wait(timedelta(minutes=9))
    await pass_on(mailing)
    assert post.given == [], "they may think again"
    wait(timedelta(minutes=1))
    await pass_on(mailing)
    await needs.change_status(mailing, agreed.notice.id, Status.OPEN, bo)
    await needs.change_status(mailing, agreed.notice.id, Status.TAKEN_ON, bo)
    wait(DAY)
    await pass_on(mailing)
    (message,) = post.given
    assert message["Subject"] == "[es] News from Linden Street", "in the language in which they said yes"
    assert f"{mailing.base_url}/r" in words(message)
    everything = message.as_string()
    assert "Kim" not in everything.replace(KIM, "") and "nsulin" not in everything and agreed.code not in everything


@pytest.mark.parametrize("day", [date(2031, 5, 8), None])
async def test_of_what_comes_back_every_week_each_round_is_told_once(
    mailing: Community, post: Post, wait: Any, day: date | None
) -> None:
    wording = Wording("Groceries", "groceries", repeat=Repeat.WEEKLY, needed_by=day)
    note = SealedNote(name="Kim", contact=(Contact("email", KIM),))
    asked = await needs.ask(mailing, Entry(Kind.NEED, wording, note, intake=Intake(taken_on=True)))
    bo = await members.add(mailing, "Bo", frozenset({Role.DISPATCHER}))
    for told in (1, 2):
        for stands in (Status.OPEN, Status.TAKEN_ON, Status.OPEN, Status.TAKEN_ON):
            await needs.change_status(mailing, asked.notice.id, stands, bo)
            wait(timedelta(minutes=20))
            await pass_on(mailing)
        assert len(post.given) == told, "once in each round"
        await needs.change_status(mailing, asked.notice.id, Status.MET, bo)
        wait(8 * DAY)
        await pass_on(mailing)
        assert (await needs.get(mailing, asked.notice.id)).status == Status.OPEN, "it came back by itself"


async def test_nothing_is_told_of_what_came_home_meanwhile(mailing: Community, post: Post, wait: Any) -> None:
    asked, bo = await ask(mailing), await members.add(mailing, "Bo", frozenset({Role.DISPATCHER}))
    await consents.record_by_code(mailing, asked.code, Said((Question(Use.TAKEN_ON),), True, channel=Channel.WEB))
    await needs.change_status(mailing, asked.notice.id, Status.TAKEN_ON, bo)
    wait(timedelta(minutes=10))
    await clocks.run_due(mailing)
    await needs.change_status(mailing, asked.notice.id, Status.OPEN, bo)
    await pass_on(mailing)
    assert post.given == []
    await needs.change_status(mailing, asked.notice.id, Status.TAKEN_ON, bo)
    wait(timedelta(minutes=10))
    await pass_on(mailing)
    await needs.change_status(mailing, asked.notice.id, Status.OPEN, bo)
    wait(50 * DAY)
    await pass_on(mailing)
    assert [one["Subject"] for one in post.given] == ["News from Linden Street", "A question from Linden Street"]


async def test_of_what_was_split_is_asked_once_and_the_answer_is_about_all(
    visitor: Any, mailing: Community, post: Post, wait: Any
) -> None:
    asked = await ask(mailing)
    bo = await members.add(mailing, "Bo", frozenset({Role.DISPATCHER}))
    part = await splitting.split(mailing, asked.notice.id, Split("Insulin", "", "Needles", "", "health"), bo)
    wait(50 * DAY)
    await pass_on(mailing)
    await pass_on(mailing)
    (message,) = post.given
    assert (await queue.queue(mailing, NoticeFilter(Kind.NEED), bo, Part.TO_ASK)).parts == {}, "nobody calls as well"
    await visitor.open(message["List-Unsubscribe"].strip("<>").removeprefix(mailing.base_url))
    await visitor.press("It is sorted")
    for one in (asked.notice.id, part.id):
        assert (await needs.get(mailing, one)).status == Status.MET


async def test_whoever_asked_is_asked_once_and_one_tap_answers(
    visitor: Any, mailing: Community, post: Post, wait: Any
) -> None:
    asked = await ask(mailing)
    wait(50 * DAY)
    await pass_on(mailing)
    await pass_on(mailing)
    wait(DAY)
    await pass_on(mailing)
    (message,) = post.given
    assert post.to == [[KIM]]
    assert message["From"] == "Linden Street <hands@linden.example>"
    assert message["Subject"] == "A question from Linden Street"
    assert "it ends by itself on July 3, 2031" in words(message)
    everything = message.as_string()
    assert "Kim" not in everything.replace(KIM, "") and "nsulin" not in everything and asked.code not in everything
    link = message["List-Unsubscribe"].strip("<>").removeprefix(mailing.base_url)
    assert link in words(message)
    page: Page = await visitor.open(link)
    assert page.heading == "Do you still need this?" and "nsulin" not in page.html
    assert (await needs.get(mailing, asked.notice.id)).renewed_at is None, "looking answers nothing"
    page = await visitor.press("I still need this")
    assert "its time begins anew" in page.html
    assert (await needs.get(mailing, asked.notice.id)).renewed_at == mailing.now()
    wait(50 * DAY)
    await pass_on(mailing)
    assert len(post.given) == 2, "after their word, the next question is another one"
    await visitor.open(link)
    await visitor.press("It is sorted")
    assert (await needs.get(mailing, asked.notice.id)).status == Status.MET


async def test_nobody_is_written_to_who_did_not_agree_or_changed_their_mind(
    visitor: Any, mailing: Community, post: Post, wait: Any
) -> None:
    await ask(mailing, may_ask=False)
    await ask(mailing, contact=(Contact("phone", "07700 900123"),))
    erased = await ask(mailing)
    wait(50 * DAY)
    await pass_on(mailing)
    assert post.to == [[KIM]]
    await visitor.open(post.given[0]["List-Unsubscribe"].strip("<>").removeprefix(mailing.base_url))
    page = await visitor.press("Do not ask me again")
    assert "We do not write to you about it again." in page.html
    await needs.renew_by_code(mailing, erased.code)
    wait(50 * DAY)
    await pass_on(mailing)
    assert len(post.given) == 1
    assert (await visitor.open("/still/id0000000000000001.0000")).status == 404


async def test_what_was_not_taken_is_tried_again_and_what_may_have_been_is_not(
    mailing: Community, post: Post, wait: Any
) -> None:
    await ask(mailing)
    wait(50 * DAY)
    post.answer = "451 Later"
    await pass_on(mailing)
    assert not await tell(mailing), "not at once"
    wait(timedelta(minutes=5))
    post.answer = "250 OK"
    await pass_on(mailing)
    assert len(post.given) == 1


async def test_a_process_that_ended_in_the_middle_sends_nothing_twice(
    mailing: Community, post: Post, wait: Any
) -> None:
    await ask(mailing)
    wait(50 * DAY)
    await clocks.run_due(mailing)
    assert len(await tellings.take(mailing, Way.MAIL, 10)) == 1  # and here the process ended
    for _ in range(5):
        wait(timedelta(hours=1))
        await pass_on(mailing)
    assert post.given == []


async def test_a_server_that_refuses_for_good_is_not_asked_again(mailing: Community, post: Post, wait: Any) -> None:
    await ask(mailing)
    wait(50 * DAY)
    post.answer = "550 No such person"
    await pass_on(mailing)
    post.answer = "250 OK"
    wait(3 * DAY)
    await pass_on(mailing)
    assert post.given == []


async def test_without_a_mail_server_nothing_is_noted_and_nothing_is_missing(
    visitor: Any, community: Community, wait: Any
) -> None:
    asked = await ask(community)
    wait(50 * DAY)
    await pass_on(community)
    async with community.database.reading() as work:
        assert await work.tellings.due(Way.MAIL, community.now() + DAY, 10) == ()
    assert "Do you still need this?" in (await visitor.open(f"/r/{asked.code}")).html


@pytest.fixture
async def dispatcher(mailing: Community) -> Member:
    """Who wants to be told what waits."""
    return await members.add(mailing, "Amina", frozenset({Role.DISPATCHER}))


async def test_a_dispatcher_is_told_that_something_waits_once_a_day(
    visitor: Any, mailing: Community, dispatcher: Member, post: Post, wait: Any
) -> None:
    await mail_addresses.tell_me(mailing, "amina@example.org", dispatcher)
    await pass_on(mailing)
    assert post.given == [], "nothing waits"
    for _ in range(3):
        await ask(mailing)
    for _ in range(4):
        await pass_on(mailing)
        wait(timedelta(hours=1))
    (message,) = post.given
    assert "New needs wait for somebody to read them." in words(message)
    assert "3" not in words(message).partition("http")[0] and "Amina" not in message.as_string()
    wait(timedelta(hours=15))  # seven o'clock the next morning
    await pass_on(mailing)
    assert len(post.given) == 1
    wait(timedelta(hours=2))
    await pass_on(mailing)
    assert len(post.given) == 2
    await visitor.open(message["List-Unsubscribe"].strip("<>").removeprefix(mailing.base_url))
    await visitor.press("Do not write to me any more")
    wait(2 * DAY)
    await pass_on(mailing)
    assert len(post.given) == 2
    assert not await mail_addresses.is_told(mailing, dispatcher)


async def test_nobody_is_told_in_their_quiet_hours_nor_on_a_day_that_was_enough(
    mailing: Community, dispatcher: Member, post: Post, wait: Any
) -> None:
    await mail_addresses.tell_me(mailing, "amina@example.org", dispatcher)
    await quiet.set_hours(mailing, "0:00", "23:59", dispatcher)
    await ask(mailing)
    await pass_on(mailing)
    assert post.given == []
    await quiet.set_hours(mailing, "", "", dispatcher)
    await quiet.enough(mailing, True, dispatcher)
    await pass_on(mailing)
    assert post.given == []
    await quiet.enough(mailing, False, dispatcher)
    await pass_on(mailing)
    assert len(post.given) == 1


async def test_whoever_is_told_on_a_device_gets_no_mail_until_the_device_is_gone(
    mailing: Community, dispatcher: Member, post: Post, wait: Any
) -> None:
    mailing.remote.transport = Transport(NetworkPolicy(dev_loopback=True), "Manyhands test")
    await devices.offer(mailing, True, await members.add(mailing, "Mina", frozenset({Role.STEWARD})))
    await mail_addresses.tell_me(mailing, "amina@example.org", dispatcher)
    async with push_service() as service:
        await devices.tell_on(mailing, service.browser("phone"), dispatcher)
        service.answer = 503
        await ask(mailing)
        await pass_on(mailing)
        assert (service.read, post.given) == ([], [])
        service.answer = 201
        wait(timedelta(minutes=5))
        await pass_on(mailing)
        assert len(service.read) == 1 and post.given == []
        service.answer = 410
        wait(DAY)
        await pass_on(mailing)
        assert len(service.read) == 1 and len(post.given) == 1
        assert await devices.listing(mailing, dispatcher) == ()
    await mailing.remote.transport.close()


async def test_an_address_is_kept_locked_and_only_a_dispatchers(mailing: Community, dispatcher: Member) -> None:
    await mail_addresses.tell_me(mailing, "amina@example.org", dispatcher)
    data = mailing.settings.data_dir
    assert not any(b"amina@example" in path.read_bytes() for path in data.glob("manyhands.db*"))
    with pytest.raises(Invalid):
        await mail_addresses.tell_me(mailing, "amina@example.org\nBcc: all@example.org", dispatcher)
    helper = await members.add(mailing, "Noor", frozenset({Role.HELPER}))
    with pytest.raises(NotAllowed):
        await mail_addresses.tell_me(mailing, "noor@example.org", helper)


async def test_the_doctor_greets_the_mail_server(mailing: Community, post: Post) -> None:
    assert await check(mailing.settings) == f"127.0.0.1:{post.port}"
    nowhere = mailing.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"})
    with pytest.raises(Trouble, match="cannot be reached"):
        await check(nowhere)


async def test_a_device_fetches_text_messages_and_says_what_became_of_them(mailing: Community, wait: Any) -> None:
    await members.add(mailing, "Hall phone", frozenset({Role.GATEWAY}))
    for _ in range(2):
        await ask(mailing, contact=(Contact("text", "07700 900 123"),))
    wait(50 * DAY)
    await clocks.run_due(mailing)
    (first,) = await tellings.take(mailing, Way.TEXT, 1)
    assert first.to == "07700900123"
    assert first.letter.text.startswith("Linden Street: Some time ago you asked us for something.")
    assert "nsulin" not in first.letter.text and "Kim" not in first.letter.text
    await tellings.settle_text(mailing, first.id, Verdict.TAKEN)
    given = []
    for _ in range(5):
        given += [one.id for one in await tellings.take(mailing, Way.TEXT, 20)]
        wait(timedelta(minutes=15))
    assert len(given) == 3 and len(set(given)) == 1, "the same once more, never the first one again, and not for ever"
    with pytest.raises(NotFound):
        await tellings.settle_text(mailing, "nothing", Verdict.TAKEN)


async def test_a_message_is_said_in_the_language_in_which_somebody_was_asked(
    mailing: Community, post: Post, wait: Any
) -> None:
    said = replace(mailing, tell_in=lambda code, words: f"[{code}] {words}")
    note = SealedNote(contact=(Contact("email", KIM),))
    intake = Intake(still_needed=True, language="es")
    await needs.ask(said, Entry(Kind.NEED, Wording("Insulin", "health"), note, intake=intake))
    wait(50 * DAY)
    await pass_on(said)
    (message,) = post.given
    assert message["Subject"] == "[es] A question from Linden Street"
    assert "3 de julio de 2031" in words(message)
