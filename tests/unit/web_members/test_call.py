"""A dispatcher takes a call: one page in the order of the talk, read back, and kept with how each answer was given."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.domain.consent import ALL, Channel, Consent, Question, Use, newest
from node.domain.contact_notes import Reached
from node.domain.doors import AskedOf, Doors, OwnQuestion, Sort
from node.domain.members import Role
from node.domain.notices import Kind, Status
from node.domain.on_behalf import OnBehalf
from node.domain.openings import UNSAID
from node.domain.retention import ASKED_BEFORE, LIFE
from node.domain.sealed import ANSWER_LIMIT, Contact
from node.domain.tellings import Subject, Telling, TellingState, Way
from node.services import call_backs, consents, contact_notes, doors, needs, openings
from node.services.community import Community
from node.services.needs import NoticeFilter
from tests.unit.web_members.conftest import sign_in_as
from tests.unit.web_members.neighbours import START

TOLD = {
    "title": "Groceries for two",
    "category": "groceries",
    "area": "Riverside",
    "name": "Rosa",
    "method": "phone",
    "contact": "020 555 0177",
    "voicemail_ok": "no",
    "interpreter": "yes",
    "agreed_board": "yes",
    "agreed_peers": "yes",
    "agreed_public": "no",
    "channel": "phone",
    "call_back": "day",
}
BY_CODE = re.compile(r'class="code">([a-z-]+-\d{4})<')


async def stored(community: Community, kind: Kind = Kind.NEED) -> Any:
    """Everything that is kept."""
    return (await needs.listing(community, NoticeFilter(kind))).items


async def test_a_call_is_kept_as_it_was_told_and_read_back(dispatcher: Any, steward: Any, community: Any) -> None:
    page = await dispatcher.get("/call")
    hidden = page.form("/call")
    asked_aloud = "May helpers of this community see the words of your request, not your name or how to reach you?"
    assert asked_aloud in page.text
    for _ in range(2):  # the same form twice is one call
        page = await dispatcher.post("/call", **hidden, **TOLD)
        assert page.status == 200
    (notice,) = await stored(community)
    for words in ("Groceries for two", "Rosa", "020 555 0177", "Interpreter", "We get back to you"):
        assert words in page.text
    code = BY_CODE.search(page.html)
    assert code is not None and f"/r/{code[1]}/slip" in page.read.links
    assert (await needs.by_code(community, code[1])).id == notice.id

    assert notice.status == Status.OPEN, "we spoke with them"
    assert notice.consent == Consent(board=True, peers=ALL)
    bo = (await contact_notes.listing(community, notice.id, await _member(community, "Bo")))[0]
    assert (bo.note.reached, bo.by_name) == (Reached.SPOKE, "Bo")
    (call,) = await call_backs.open_of(community, notice.id)
    assert call.call_back.due_at == START + timedelta(days=1)

    lines = await consents.history(community, notice.id)
    said = newest(line.entry for line in lines)
    answers = {question.use: entry.is_given for question, entry in said.items()}
    yes, no = (Use.DISPATCHERS, Use.BOARD, Use.PEERS), (Use.PUBLIC, Use.MESSAGE)
    assert answers == dict.fromkeys(yes, True) | dict.fromkeys(no, False), "what was not asked is in neither"
    board = said[Question(Use.BOARD)]
    assert (board.wording, board.asking.channel, board.at) == (asked_aloud, Channel.PHONE, START)
    assert {line.by_name for line in lines} == {"Bo"}

    note = await openings.open_note(community, notice.id, await _member(community, "Amina"), UNSAID)
    assert note.contact == (Contact("phone", "020 555 0177", voicemail_ok=False),)
    assert note.arrival_card.interpreter


async def test_the_communitys_own_questions_are_asked_on_the_telephone_too(
    dispatcher: Any, steward: Any, community: Any
) -> None:
    """Those for this door, as a steward wrote them; answers are sealed and read back, too long ones refused."""
    freezer = OwnQuestion("q1", "Do you have a freezer?", Sort.YES_NO, AskedOf.NEEDS)
    stairs = OwnQuestion("q2", "How many stairs?", Sort.TEXT)
    amina = await _member(community, "Amina")
    await doors.change(community, Doors((freezer, stairs)), amina)
    assert "freezer" not in (await dispatcher.get("/call/offer")).text
    hidden = (await dispatcher.get("/call")).form("/call")
    page = await dispatcher.post("/call", **hidden, **TOLD, own_q1="no", own_q2="x" * (ANSWER_LIMIT + 1))
    assert page.status == 422 and "at most 500" in page.text
    page = await dispatcher.post("/call", **page.form("/call"), **TOLD, own_q1="no", own_q2="Three, and a ramp")
    assert page.status == 200
    assert "Do you have a freezer?" in page.text and "Three, and a ramp" in page.text
    (notice,) = await stored(community)
    note = await openings.open_note(community, notice.id, amina, UNSAID)
    assert [(one.question, one.answer) for one in note.answers] == [
        ("Do you have a freezer?", "no"),
        ("How many stairs?", "Three, and a ramp"),
    ]


async def test_somebody_asks_for_another_who_does_not_know(dispatcher: Any, community: Any) -> None:
    told = TOLD | {"for_someone_else": "yes", "they_know": "no", "may_be_contacted": "no"}
    page = await dispatcher.post("/call", **told)
    assert page.status == 422 and "so nobody can agree for them" in page.text
    assert 'value="Rosa"' in page.html and await stored(community) == ()

    unsaid = {name: value for name, value in told.items() if not name.startswith("agreed")}
    page = await dispatcher.post("/call", **unsaid)
    (notice,) = await stored(community)
    assert notice.on_behalf == OnBehalf(knows=False, may_be_contacted=False) and notice.consent == Consent()
    entries = [line.entry for line in await consents.history(community, notice.id)]
    assert {entry.asking.channel for entry in entries} == {Channel.ON_BEHALF}
    need = await dispatcher.get(f"/dispatch/{notice.id}")
    opened = await dispatcher.post(f"/dispatch/{notice.id}/sealed", reason="call")
    for page in (need, opened):
        assert "They do not know of it. Do not get in touch with them: speak with whoever asked." in page.text


async def test_several_things_are_told_in_one_call_and_all_of_them_are_read_back(
    dispatcher: Any, guest: Any, community: Any, ask: Any
) -> None:
    alike = await ask(title="To the clinic and back", category="transport", area="Riverside")
    more = {"quantity": "2", "text": "No nuts.", "category_2": "transport", "title_2": "A lift on Friday"}
    for wrong, field, sentence in (
        ({"category_3": "transport", "title_3": "Another lift"}, "category_3", "Choose each category once."),
        ({"category_3": "groceries", "title_3": "More of it"}, "category_3", "Choose each category once."),
        ({"category_3": "pets"}, "title_3", "Say in a few words what it is about."),
        ({"title_3": "A walk for the dog"}, "category_3", "Choose one of the categories."),
    ):
        page = await dispatcher.post("/call", **TOLD, **more, **wrong)
        assert (page.status, sentence in page.text) == (422, True)
        assert f'href="#{field}"' in page.html and "<details open>" in page.html
        assert "To the clinic and back" in page.text, "what may be the same is looked for in each category"
    hidden = page.form("/call")
    more |= {"category_4": "pets", "title_4": "A walk for the dog"}
    for _ in range(2):
        page = await dispatcher.post("/call", **hidden, **TOLD, **more)
        assert page.status == 200
        for words in ("Groceries for two", "A lift on Friday", "A walk for the dog"):
            assert words in page.text, "read back"
    stored_now = [one for one in await stored(community) if one.id != alike.id]
    found = {one.number: one for one in stored_now}
    assert [(one.wording.category, one.wording.text, one.remaining) for _n, one in sorted(found.items())] == [
        ("groceries", "No nuts.", 2),
        ("transport", "", 1),
        ("pets", "", 1),
    ]
    assert {(one.status, one.wording.area, one.consent) for one in stored_now} == {
        (Status.OPEN, "Riverside", Consent(board=True, peers=ALL))
    }, "we spoke about all of it"
    assert [line.notice.id for line in await call_backs.due(community)] == [found[1].id], "one person, called back once"
    code = BY_CODE.search(page.html)
    assert code is not None and "A walk for the dog" in (await guest.get(f"/r/{code[1]}-3")).text
    await dispatcher.post(f"/dispatch/{found[3].id}/contact", reached="spoke", call_back="none")
    assert await call_backs.due(community) == ()


async def test_single_neighbours_are_asked_about_by_name(dispatcher: Any, community: Any, peer: Any) -> None:
    field = f"agreed_named_{peer.id}"
    page = await dispatcher.get("/call")
    words = f"May {peer.name} see the words of your request, without your name, address or number?"
    assert page.text.index(words) < page.text.index("May all neighbouring communities")
    refused = await dispatcher.post("/call", **TOLD, **{field: "no"})
    assert refused.status == 422 and "They said no to fewer people." in refused.text, "they said yes to all of them"
    told = TOLD | {"agreed_peers": "", "agreed_public": "", field: "yes", "category_2": "pets", "title_2": "The dog"}
    hidden = page.form("/call")
    for _ in range(2):
        page = await dispatcher.post("/call", **hidden, **told)
        assert page.status == 200 and peer.name in page.text, "read back"
    both = await stored(community)
    assert [(one.consent, one.status) for one in both] == [(Consent(board=True, peers=(peer.id,)), Status.OPEN)] * 2
    said = newest(line.entry for line in await consents.history(community, both[0].id))[Question(Use.NAMED, peer.id)]
    assert (said.wording, said.asking.channel) == (words, Channel.PHONE)
    other = {"for_someone_else": "yes", "they_know": "no", "agreed_board": "", "voicemail_ok": ""}
    refused = await dispatcher.post("/call", **(told | other))
    assert refused.status == 422 and "so nobody can agree for them" in refused.text


async def test_an_offer_needs_no_more_than_two_fields(dispatcher: Any, community: Any) -> None:
    page = await dispatcher.post("/call/offer", title="Soup on Mondays", category="meals", standing="yes")
    assert page.status == 200 and "You did not tell us how." in page.text
    (offer,) = await stored(community, Kind.OFFER)
    assert offer.standing and offer.status == Status.OPEN
    assert (await call_backs.open_of(community, offer.id)) == ()


async def test_what_is_perhaps_here_already_is_said_and_the_call_can_be_saved_all_the_same(
    dispatcher: Any, community: Any, ask: Any
) -> None:
    theirs = await ask(title="Bread and milk", category="groceries", area="river  Side")
    elsewhere = await ask(title="Rice", category="groceries", area="Harbour")
    over = await ask(title="Beans", category="groceries", area="River Side")
    await dispatcher.post(f"/dispatch/{over.id}/status", status="met")
    told = TOLD | {"area": "River side"}
    page = await dispatcher.post("/call", **(await dispatcher.get("/call")).form("/call"), **told)
    assert page.status == 200 and "Perhaps this is here already" in page.text
    assert f"/dispatch/{theirs.id}" in page.read.links and "Bread and milk" in page.text
    assert not {f"/dispatch/{one.id}" for one in (elsewhere, over)} & set(page.read.links)
    assert not any(sealed in page.html for sealed in ("Ruta", "555 0134", "the blue door"))
    assert 'value="Rosa"' in page.html and len(await stored(community)) == 3

    hidden = page.form("/call")
    for _ in range(2):  # also where the page is sent once more, and the call itself is like what was told
        page = await dispatcher.post("/call", **hidden, **told)
        assert "It is saved." in page.text
    assert len(await stored(community)) == 4


async def test_what_was_not_asked_waits_and_is_answered_by_one_tap(dispatcher: Any, community: Any, clock: Any) -> None:
    await dispatcher.post("/call", **(TOLD | {"agreed_peers": "later", "agreed_public": "", "call_back": "none"}))
    (notice,) = await stored(community)
    assert notice.consent == Consent(board=True)
    assert "Call to ask" not in (await dispatcher.get("/shift")).text, "tomorrow"
    clock.go_on(days=1)
    for path in ("/shift", "/dispatch"):
        page = await dispatcher.get(path)
        words = "May all neighbouring communities see the words of your request"
        assert page.text.index("Call to ask") < page.text.index(words)
        assert page.text.count(words) == 1
    (line,) = await call_backs.due(community)
    opened = await dispatcher.post(f"/dispatch/{notice.id}/sealed", reason="call")
    assert "020 555 0177" in opened.text and words in opened.text, "the number, and what to read aloud"
    tap = f"/dispatch/{notice.id}/call-backs/{line.call_back.id}"
    await dispatcher.post(tap, **opened.form(tap), answer="yes")
    assert (await needs.get(community, notice.id)).consent == Consent(board=True, peers=ALL)
    entry = (await consents.history(community, notice.id))[-1].entry
    assert (entry.asking.channel, entry.at) == (Channel.PHONE, clock.at) and entry.wording.startswith(words)
    assert "Call to ask" not in (await dispatcher.get("/shift")).text


async def test_whoever_no_message_reaches_is_called_and_asked_whether_it_is_still_so(
    client: Any, dispatcher: Any, community: Any, clock: Any
) -> None:
    for title, agreed in (("Rice", "yes"), ("Beans", "yes"), ("Bread", "no")):
        await dispatcher.post("/call", title=title, category="groceries", agreed_still_needed=agreed)
    beans = next(one for one in await stored(community) if one.wording.title == "Beans")
    rice = next(one for one in await stored(community) if one.wording.title == "Rice")
    assert "Call to ask" not in (await dispatcher.get("/shift")).text
    clock.go_on(days=(LIFE - ASKED_BEFORE).days)
    dispatcher = await sign_in_as(client, community, "Dee", Role.DISPATCHER)  # the other session is over by now
    page = await dispatcher.get("/shift")
    assert page.text.count("Do you still need this?") == 2 and "Bread" not in page.text
    assert (await dispatcher.post(f"/dispatch/{rice.id}/still", to="again")).status == 303
    assert (await dispatcher.post(f"/dispatch/{beans.id}/still", to="sorted")).status == 303
    assert (await needs.get(community, rice.id)).renewed_at == clock.at
    assert (await needs.get(community, beans.id)).status == Status.MET
    assert "Call to ask" not in (await dispatcher.get("/shift")).text
    assert "Whoever it came from said: still wanted." in (await dispatcher.get(f"/dispatch/{rice.id}")).text

    clock.go_on(days=(LIFE - ASKED_BEFORE).days)
    dispatcher = await sign_in_as(client, community, "Eli", Role.DISPATCHER)
    assert "Rice" in (await dispatcher.get("/shift")).text
    told = Telling("n", Subject.TAKEN_ON, Way.MAIL, "news", clock.at, clock.at, notice_id=rice.id)
    asked = Telling("t", Subject.STILL_NEEDED, Way.MAIL, "key", clock.at, clock.at, notice_id=rice.id)
    async with community.database.unit_of_work() as work:
        await work.tellings.add(told)
    assert "Rice" in (await dispatcher.get("/shift")).text, "news ask nobody"
    async with community.database.unit_of_work() as work:
        await work.tellings.add(asked)
    assert "Rice" not in (await dispatcher.get("/shift")).text, "a message asks"
    async with community.database.unit_of_work() as work:
        await work.tellings.put(replace(asked, state=TellingState.GIVEN_UP))
    assert "Rice" in (await dispatcher.get("/shift")).text, "it did not reach them"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": "", "category": ""}, "Say in a few words what it is about."),
        ({"contact": "soon"}, "Write the telephone number we can use."),
        ({"agreed_board": "no", "agreed_public": "yes"}, "They said no to fewer people."),
        ({"area": "x" * 81}, "Please use at most 80 characters."),
        ({"call_back_day": "2031-01-01"}, "That time is over."),
    ],
)
async def test_what_cannot_stand_is_said_and_nothing_is_kept(
    dispatcher: Any, community: Any, changed: dict[str, str], sentence: str
) -> None:
    page = await dispatcher.post("/call", **(TOLD | changed))
    assert page.status == 422 and sentence in page.text
    assert 'value="Rosa"' in page.html
    assert await stored(community) == ()


async def _member(community: Community, name: str) -> Any:
    async with community.database.reading() as work:
        return next(one for one in await work.members.all() if one.name == name)
