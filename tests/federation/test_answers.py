"""Somebody of the fediverse writes to a community and is answered: to them alone, and forgotten in time."""

from typing import Any

import aiohttp
import pytest

from federation.cavage import sign_headers
from federation.messages import Request
from node.domain.errors import Conflict, Invalid, NotAllowed, NotFound, PeerTrouble
from node.domain.members import Member
from node.domain.shares import Share
from node.domain.strangers import ANSWER_LIMIT, LONGEST_KEPT_DAYS, Answer, Enquiry
from node.services import answering, enquiries, shares
from node.services.community import keep_strangers_for, profile, save_profile
from node.services.enquiries import AnswerState, Conversation, EnquiryLine
from tests.federation.outsider import Outsider
from tests.village import Village, get, settle

AS2 = "application/activity+json"
WORDS = "Yes, please. Any evening at our counter."


async def write(north: Village, elsewhere: Outsider, author: str, name: str = "1", **more: Any) -> str:
    """A private note to north's public actor; its id."""
    content = more.pop("content", "<p>I have two coats</p>")
    note = elsewhere.note(author, f"/notes/{name}", to=[f"{north.url}/actors/public"], content=content, **more)
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": author, "to": note["to"], "object": note}
    assert await elsewhere.say(north, create) == 202
    await settle(north)
    return str(note["id"])


async def lines(north: Village) -> tuple[EnquiryLine, ...]:
    return await enquiries.listing(north.community, north.dispatcher)


async def only_line(north: Village) -> EnquiryLine:
    (line,) = await lines(north)
    return line


async def read(north: Village) -> Conversation:
    return await enquiries.conversation(north.community, (await only_line(north)).enquiry.id, north.dispatcher)


async def answer(north: Village, words: str = WORDS, **more: Any) -> Answer:
    line = await only_line(north)
    made = await answering.answer(north.community, line.enquiry.id, words, north.dispatcher, **more)
    north.clock.forward(minutes=1)
    return made


async def asked(north: Village, elsewhere: Outsider) -> tuple[Share, str]:
    """A public need, and Robin's private answer to it."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    await write(north, elsewhere, robin, inReplyTo=share.object_id)
    return share, robin


async def get_as(elsewhere: Outsider, actor: str, url: str) -> int:
    """The status that one of the other server's actors gets."""
    headers = sign_headers(Request("GET", url), elsewhere.keys[actor], elsewhere.clock())
    return (await get(url, **headers, Accept=AS2))[0]


async def kept(north: Village, words: str) -> bool:
    """Whether these words stand anywhere in the database."""
    async with north.community.database.reading() as work:
        for table in ("answers", "activities", "enquiries", "journal", "audit"):
            found = (await work.connection.exec_driver_sql(f"SELECT * FROM {table}")).all()
            if any(words in (one.decode() if isinstance(one, bytes) else str(one)) for row in found for one in row):
                return True
    return False


async def test_a_stranger_asks_is_answered_writes_again_and_deletes(north: Village, elsewhere: Outsider) -> None:
    """The whole way: a signed note to them alone, one conversation, and nothing left once they take theirs back."""
    share, robin = await asked(north, elsewhere)
    line = await only_line(north)
    assert (line.enquiry.name, line.enquiry.handle) == ("Robin", f"@robin@{elsewhere.url.partition('//')[2]}")
    assert line.notice is not None
    assert (line.notice.id, line.is_answered) == (share.notice_id, False)
    made = await answer(north)
    await settle(north)
    (create,) = elsewhere.received
    note = create["object"]
    assert (create["type"], create["actor"], create["to"]) == ("Create", f"{north.url}/actors/public", [robin])
    assert (note["type"], note["to"], note["inReplyTo"]) == ("Note", [robin], f"{elsewhere.url}/notes/1")
    assert {"type": "Mention", "href": robin, "name": line.enquiry.handle} in note["tag"]
    assert WORDS in note["content"]
    assert not note.get("cc") and not create.get("cc")
    assert "signature" in elsewhere.headers[0]
    assert (await only_line(north)).is_answered
    await write(north, elsewhere, robin, "2", inReplyTo=made.object_id, content="<p>Thursday then</p>")
    found = await read(north)
    assert [one.words.text for one in found.said] == ["I have two coats", WORDS, "Thursday then"]
    assert found.said[1].state is AnswerState.SENT
    assert (found.line.is_answered, found.line.share) == (False, share)
    for name in ("1", "2"):
        delete = {"id": f"{elsewhere.url}/d{name}", "type": "Delete", "actor": robin}
        await elsewhere.say(north, delete | {"object": f"{elsewhere.url}/notes/{name}"})
    await settle(north)
    await north.run_clocks()
    assert await lines(north) == ()
    assert not await kept(north, WORDS)
    assert await get_as(elsewhere, robin, made.object_id) == 404


# C-23, C-24
async def test_an_answer_is_read_by_its_addressee_alone(north: Village, elsewhere: Outsider) -> None:
    """By a signed GET of that very actor: for everybody else there is nothing, and no page shows it."""
    share, robin = await asked(north, elsewhere)
    sam = elsewhere.actor("sam")
    made = await answer(north)
    await settle(north)
    create_id = elsewhere.received[0]["id"]
    for url in (made.object_id, create_id):
        assert (await get(url, Accept=AS2))[0] == 404
        assert await get_as(elsewhere, sam, url) == 404
        assert await get_as(elsewhere, robin, url) == 200
    signed = sign_headers(Request("GET", made.object_id), elsewhere.keys[robin], elsewhere.clock())
    async with (
        aiohttp.ClientSession() as session,
        session.get(made.object_id, headers={**signed, "Accept": AS2}) as served,
    ):
        assert served.headers["Cache-Control"] == "private, no-store"  # C-25
        document = await served.json(content_type=None)
    assert document["content"] == elsewhere.received[0]["object"]["content"]
    page = share.object_id.rpartition("/")[2]
    shown = ("/actors/public/outbox?page=1", "/actors/public/featured", f"/p/{page}", "/tags/mutualaid", "/")
    for path in (*shown, f"/o/{page}/replies", f"/o/{page}/thread"):
        body = (await get(f"{north.url}{path}", Accept=AS2))[1] + (await get(f"{north.url}{path}"))[1]
        assert b"counter" not in body and b"two coats" not in body and b"Robin" not in body


async def test_an_answer_is_taken_back(north: Village, elsewhere: Outsider) -> None:
    """Its words go at once, and their server is asked to erase it; twice is as good as once."""
    _, robin = await asked(north, elsewhere)
    made = await answer(north)
    await settle(north)
    for _ in range(2):
        await answering.take_back(north.community, made.id, north.dispatcher)
    assert not await kept(north, WORDS)
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Create", "Delete"]
    delete = elsewhere.received[1]
    assert (delete["to"], delete["object"]) == ([robin], {"id": made.object_id, "type": "Tombstone"})
    assert await get_as(elsewhere, robin, made.object_id) == 404
    found = await read(north)
    assert (found.said[1].state, found.line.is_answered) == (AnswerState.TAKEN_BACK, False)


# C-54, C-55
async def test_what_is_taken_back_before_it_was_sent_is_never_sent(north: Village, elsewhere: Outsider) -> None:
    await asked(north, elsewhere)
    elsewhere.status = 503
    made = await answer(north)
    await settle(north)
    assert (await read(north)).said[1].state is AnswerState.WAITING
    elsewhere.status, elsewhere.received = 202, []
    await answering.take_back(north.community, made.id, north.dispatcher)
    north.clock.forward(hours=1)
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Delete"]


async def test_a_server_that_is_down_gets_the_answer_later_even_once_we_are_done(
    north: Village, elsewhere: Outsider
) -> None:
    """A 500 of theirs is no last word about a plain note; and what still waits outlives the conversation."""
    await asked(north, elsewhere)
    elsewhere.status = 500
    await answer(north)
    for _ in range(5):
        await settle(north)
        north.clock.forward(hours=1)
    assert (await read(north)).said[1].state is AnswerState.WAITING
    await enquiries.done(north.community, (await only_line(north)).enquiry.id, north.dispatcher)
    await north.run_clocks()
    assert await kept(north, WORDS)
    elsewhere.status, elsewhere.received = 202, []
    north.clock.forward(hours=3)
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Create"]
    await north.run_clocks()
    assert not await kept(north, WORDS)


async def test_an_answer_that_is_refused_is_shown_as_such(north: Village, elsewhere: Outsider) -> None:
    await asked(north, elsewhere)
    elsewhere.status = 403
    await answer(north)
    await settle(north)
    assert (await read(north)).said[1].state is AnswerState.FAILED


async def test_the_same_form_twice_answers_once(north: Village, elsewhere: Outsider) -> None:
    await asked(north, elsewhere)
    first = await answer(north, form_id="one")
    assert await answer(north, form_id="one") == first
    await settle(north)
    assert len(elsewhere.received) == 1


# T-40
async def test_a_number_goes_to_a_stranger_only_on_purpose(north: Village, elsewhere: Outsider) -> None:
    """But for the community's own line, with or without the country in front."""
    await asked(north, elsewhere)
    own = await profile(north.community)
    await save_profile(north.community, type(own)(**{**vars(own), "contact_line": "+44 20 7946 0123"}))
    for words in ("Call Amina, 555 010 1234.", "Write to amina@mail.example."):
        with pytest.raises(Invalid) as refused:
            await answer(north, words)
        assert list(refused.value.fields) == ["with_details"]
    await answer(north, "Call us: 020 7946 0123.")
    await answer(north, "Call Amina, 555 010 1234.", with_details=True)
    assert len((await read(north)).said) == 3


async def test_an_answer_has_words_and_not_too_many(north: Village, elsewhere: Outsider) -> None:
    await asked(north, elsewhere)
    for words in ("", " \n ", "x" * (ANSWER_LIMIT + 1)):
        with pytest.raises(Invalid):
            await answer(north, words)
    assert len((await answer(north, "x" * ANSWER_LIMIT)).text) == ANSWER_LIMIT


async def test_a_sender_who_cannot_be_asked_is_not_answered_now(north: Village, elsewhere: Outsider) -> None:
    """Whom we never met is asked for their inbox at that moment; nothing is half done."""
    await asked(north, elsewhere)
    north.community.remote._recent.clear()
    elsewhere.documents["/users/robin"] = 503
    with pytest.raises(PeerTrouble):
        await answer(north)
    assert len((await read(north)).said) == 1
    async with north.community.database.reading() as work:
        assert await work.peers.actor(f"{elsewhere.url}/users/robin") is None


async def test_markup_in_an_answer_is_words(north: Village, elsewhere: Outsider) -> None:
    # T-32
    await asked(north, elsewhere)
    await answer(north, "<b>two</b> & three\n\nBye")
    await settle(north)
    content = elsewhere.received[0]["object"]["content"]
    assert "&lt;b&gt;two&lt;/b&gt; &amp; three</p><p>Bye</p>" in content


async def test_only_dispatchers_read_and_answer(north: Village, elsewhere: Outsider) -> None:
    await asked(north, elsewhere)
    enquiry_id = (await only_line(north)).enquiry.id
    kim = Member("m", "Kim", frozenset(), north.clock())
    with pytest.raises(NotAllowed):
        await enquiries.conversation(north.community, enquiry_id, kim)
    with pytest.raises(NotAllowed):
        await answering.answer(north.community, enquiry_id, WORDS, kim)
    with pytest.raises(NotAllowed):
        await answering.take_back(north.community, "any", kim)
    with pytest.raises(NotAllowed):
        await enquiries.done(north.community, enquiry_id, kim)
    with pytest.raises(NotAllowed):
        await keep_strangers_for(north.community, 3, kim)


async def test_done_forgets_the_whole_conversation(north: Village, elsewhere: Outsider) -> None:
    """Twice is as good as once; a later message begins a new one, also in answer to what is forgotten."""
    _, robin = await asked(north, elsewhere)
    made = await answer(north)
    await settle(north)
    enquiry_id = (await only_line(north)).enquiry.id
    for _ in range(2):
        await enquiries.done(north.community, enquiry_id, north.dispatcher)
    await north.run_clocks()
    assert not await kept(north, WORDS)
    with pytest.raises(NotFound):
        await answering.answer(north.community, enquiry_id, WORDS, north.dispatcher)
    with pytest.raises(NotFound):
        await answering.take_back(north.community, made.id, north.dispatcher)
    await write(north, elsewhere, robin, "2", inReplyTo=made.object_id, content="<p>Hello?</p>")
    assert [one.words.text for one in (await read(north)).said] == ["Hello?"]


async def test_nobody_joins_anothers_conversation(north: Village, elsewhere: Outsider) -> None:
    """Sam answers a note that only Robin can have read, or Robin's own: that is a message of its own."""
    await asked(north, elsewhere)
    made = await answer(north)
    sam = elsewhere.actor("sam")
    for name, about in (("2", made.object_id), ("3", f"{elsewhere.url}/notes/1")):
        await write(north, elsewhere, sam, name, inReplyTo=about, content="<p>Me too</p>")
    assert len({line.enquiry.thread for line in await lines(north)}) == 3


async def test_a_follow_up_to_ones_own_message_joins_it(north: Village, elsewhere: Outsider) -> None:
    share, robin = await asked(north, elsewhere)
    north.clock.forward(minutes=1)
    await write(north, elsewhere, robin, "2", inReplyTo=f"{elsewhere.url}/notes/1", content="<p>And a hat</p>")
    found = await read(north)
    assert [one.words.text for one in found.said] == ["I have two coats", "And a hat"]
    assert found.line.share == share


async def test_it_says_when_the_notice_is_no_longer_shared(north: Village, elsewhere: Outsider) -> None:
    share, _ = await asked(north, elsewhere)
    await shares.withdraw(north.community, share.id, north.dispatcher)
    line = await only_line(north)
    assert line.share is not None
    assert not line.share.is_shown
    await answer(north)
    await settle(north)
    assert [one["type"] for one in elsewhere.received] == ["Create"]


async def test_a_warning_above_the_words_is_shown_with_them(north: Village, elsewhere: Outsider) -> None:
    robin = elsewhere.actor("robin")
    await write(north, elsewhere, robin, summary="About food", content="<p>I have rice</p>")
    assert (await only_line(north)).enquiry.text == "About food\nI have rice"


async def test_a_community_keeps_them_as_long_as_it_likes(north: Village, elsewhere: Outsider) -> None:
    """Within bounds; then the clock forgets messages, reports, and what we wrote back."""
    _, robin = await asked(north, elsewhere)
    flag = {"id": f"{elsewhere.url}/f1", "type": "Flag", "actor": robin, "object": [f"{north.url}/actors/public"]}
    await elsewhere.say(north, flag)
    await settle(north)
    await answer(north)
    await settle(north)
    for days in (0, LONGEST_KEPT_DAYS + 1):
        with pytest.raises(Invalid):
            await keep_strangers_for(north.community, days, north.dispatcher)
    await keep_strangers_for(north.community, 3, north.dispatcher)
    assert (await profile(north.community)).strangers_kept_days == 3
    north.clock.forward(days=2, hours=23)
    await north.run_clocks()
    assert await kept(north, WORDS)
    north.clock.forward(hours=1)
    await north.run_clocks()
    assert await lines(north) == ()
    assert not await kept(north, WORDS)
    async with north.community.database.reading() as work:
        assert await work.reports.count() == 0


async def test_an_unnamed_sender_is_told_by_their_server(north: Village, elsewhere: Outsider) -> None:
    """Where their own server says nothing of them, the message is kept all the same."""
    share = await north.share(await north.ask())
    robin = elsewhere.actor("robin")
    north.community.remote._recent.clear()
    note = elsewhere.note(robin, to=[f"{north.url}/actors/public"], inReplyTo=share.object_id)
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": robin, "to": note["to"], "object": note}
    assert await elsewhere.say(north, create) == 202
    elsewhere.documents["/users/robin"] = 404
    north.community.remote._recent.clear()
    await settle(north)
    enquiry = (await only_line(north)).enquiry
    assert isinstance(enquiry, Enquiry)
    assert (enquiry.name, enquiry.handle) == ("", "")


async def test_a_conflict_where_the_sender_is_blocked_meanwhile(north: Village, elsewhere: Outsider) -> None:
    """Two tabs: one blocks, the other answers."""
    await asked(north, elsewhere)
    north.community.remote.boundaries.blocks = lambda _actor: True  # type: ignore[method-assign]
    with pytest.raises(Conflict, match="blocked"):
        await answer(north)
