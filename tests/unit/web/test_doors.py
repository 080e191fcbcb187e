"""How a community asks: questions of its own, both ways, in a frame on its own site, on paper."""

import json
import re
from typing import Any

import pytest

from node.domain.consent import Consent
from node.domain.doors import AskedOf, Doors, OwnQuestion, Sort
from node.domain.errors import Invalid, NotAllowed
from node.domain.members import Member, Role
from node.domain.notices import Kind, Wording
from node.domain.openings import UNSAID
from node.domain.sealed import ANSWER_LIMIT, OwnAnswer, SealedNote
from node.services import doors, members, needs, openings, sign_in
from node.services.needs import Entry
from tests.unit.web.test_asking import REACH, WHAT, ask, code_on

FREEZER = OwnQuestion("q1", "Do you have a freezer?", Sort.YES_NO, AskedOf.NEEDS)
DOG = OwnQuestion("q2", "Which dog?", Sort.CHOICE, options=("a big one", "a small one"))
STAIRS = OwnQuestion("q3", "How many stairs?", Sort.TEXT, AskedOf.OFFERS)


@pytest.fixture
async def steward(community: Any) -> Member:
    """Who decides how we ask."""
    return await members.add(community, "Wren", frozenset({Role.STEWARD}))


async def signed_in(visitor: Any, community: Any, steward: Member) -> None:
    """The visitor is the steward from now on."""
    await visitor.open("/sign-in/" + (await sign_in.make_link(community, steward.id)).rpartition("/")[2])
    await visitor.press(f"Sign in as {steward.name}")


async def test_what_we_ask_ourselves_is_sealed_with_the_rest(visitor: Any, community: Any, steward: Member) -> None:
    await doors.change(community, Doors((FREEZER, DOG, STAIRS)), steward)
    await visitor.open("/ask")
    page = await visitor.press("Continue", **WHAT)
    assert "Do you have a freezer?" in page.html and "How many stairs?" not in page.html
    page = await visitor.press("Continue", **REACH, own_q1="yes", own_q2="a wolf")
    page = await visitor.press("Skip this page")
    assert "freezer" not in page.html.partition("This is what they would see")[2]
    page = await visitor.press("Continue")
    assert "Do you have a freezer?" in page.html
    code = code_on(await visitor.press("Send it to the dispatchers"))
    notice = await needs.by_code(community, code)
    note = await openings.open_note(community, notice.id, steward, UNSAID)
    assert note.answers == (OwnAnswer("Do you have a freezer?", "yes"),)
    await doors.change(community, Doors((DOG,)), steward)
    page = await visitor.open(f"/r/{code}/reach")
    page = await visitor.press("Save", answer_1="Only a small one", answer_2="a big one")
    note = await openings.open_note(community, notice.id, steward, UNSAID)
    assert [(one.question, one.answer) for one in note.answers] == [
        ("Do you have a freezer?", "Only a small one"),
        ("Which dog?", "a big one"),
    ]
    page = await visitor.open(f"/r/{code}/everything")
    assert "Only a small one" in page.html
    held = json.loads(await (await visitor.client.get(f"/r/{code}/everything.json")).text())
    assert held["locked"]["answers"][1] == {"question": "Which dog?", "answer": "a big one"}
    await signed_in(visitor, community, steward)
    await visitor.open(f"/dispatch/{notice.id}")
    page = await visitor.press("Open the sealed note", reason="call")
    assert "Only a small one" in page.html


async def test_an_answer_that_is_too_long_is_told_beside_it_and_kept_as_typed(
    visitor: Any, community: Any, steward: Member
) -> None:
    await doors.change(community, Doors((STAIRS,)), steward)
    await visitor.open("/offer")
    await visitor.press("Continue", **WHAT)
    page = await visitor.press("Continue", **REACH, own_q3="x" * (ANSWER_LIMIT + 1))
    assert (page.status, page.with_id("own_q3")["aria-invalid"]) == (422, "true")
    page = await visitor.press("Continue", own_q3="Twelve")
    page = await visitor.press("Skip this page")
    page = await visitor.press("Continue")
    assert "Twelve" in page.html
    too_many = SealedNote(answers=(OwnAnswer("Which?", "this"),) * 11)
    with pytest.raises(Invalid):
        await needs.ask(community, Entry(Kind.NEED, Wording("A", "meals"), too_many))


async def test_a_steward_writes_the_questions_and_ends_them(visitor: Any, community: Any, steward: Member) -> None:
    await signed_in(visitor, community, steward)
    await visitor.open("/settings/doors")
    choice = {"words_1": "Which day?", "sort_1": "choice", "options_1": "Monday"}
    page = await visitor.press("Save", **choice, framed_by="http://plain.example")
    assert (page.status, page.with_id("options_1")["aria-invalid"]) == (422, "true")
    page = await visitor.press("Save", options_1="Monday\nTuesday\nMonday", framed_by="plain.example")
    assert (page.status, page.with_id("framed_by")["aria-invalid"]) == (422, "true")
    page = await visitor.press("Save", framed_by="https://Our-Group.example/about\nhttps://our-group.example")
    assert page.status == 200
    saved = await doors.doors(community)
    (question,) = saved.own_questions
    assert (question.words, question.options) == ("Which day?", ("Monday", "Tuesday"))
    assert saved.framed_by == ("https://our-group.example",)
    assert "&lt;iframe src=&#34;http://localhost:8440/embed&#34;" in page.html
    await visitor.press("Save", words_1="", framed_by="", words_2="")
    assert await doors.doors(community) == Doors(asks_both_ways=True)
    helper = await members.add(community, "Ira", frozenset({Role.HELPER}))
    with pytest.raises(NotAllowed):
        await doors.change(community, Doors(), helper)


async def test_both_ways_leads_to_the_other_door_with_nothing_but_what_was_typed(
    visitor: Any, community: Any, steward: Member
) -> None:
    first = await needs.by_code(community, await ask(visitor))
    page = await visitor.press("Go on with that", title="I can mend bicycles")
    assert page.heading == "What can you share?"
    (form,) = [one for one in page.forms if "Continue" in one.buttons]
    typed = {name: values for name, values in form.typed.items() if values not in ([""], ["1"])}
    assert typed.pop("title") == ["I can mend bicycles"]
    assert len(typed.pop("form_id")[0]) >= 16
    assert typed == {"repeat": ["once"], "unit": ["one"]}
    await visitor.press("Continue", category="repairs")
    await visitor.press("Continue", **REACH)
    await visitor.press("Skip this page")
    await visitor.press("Continue")
    page = await visitor.press("Send it to the dispatchers")
    offer = await needs.by_code(community, code_on(page))
    assert (offer.kind, offer.whole_id, first.whole_id, offer.consent) == (Kind.OFFER, None, None, Consent())
    assert "what would make your own life easier?" in page.html
    await doors.change(community, Doors(asks_both_ways=False), steward)
    await ask(visitor)
    assert "Go on with that" not in visitor.page.html


async def test_only_the_doors_may_stand_in_a_frame_and_only_where_a_steward_said(
    visitor: Any, community: Any, steward: Member
) -> None:
    page = await visitor.open("/embed")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    await doors.change(community, Doors(framed_by=("https://our-group.example",)), steward)
    page = await visitor.open("/embed")
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors https://our-group.example" in policy and "default-src 'none'" in policy
    assert "X-Frame-Options" not in page.headers and "Set-Cookie" not in page.headers
    assert not re.search(r"<(script|form|input|button)", page.html)
    links = [found["href"] for tag, found in page.attributes if tag == "a" and found["href"].startswith("http")]
    assert links == [f"http://localhost:8440/{door}" for door in ("ask", "offer", "r")]
    assert all(
        found.get("target") == "_blank" for tag, found in page.attributes if tag == "a" and "http" in found["href"]
    )
    for other in ("/", "/ask", "/paper", "/nowhere"):
        page = await visitor.open(other)
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Frame-Options"] == "DENY"


async def test_the_sheets_ask_what_the_doors_ask(visitor: Any, community: Any, steward: Member) -> None:
    await doors.change(community, Doors((FREEZER, DOG, STAIRS)), steward)
    page = await visitor.open("/paper")
    asking, offering = page.html.split("<section")[1:]
    assert "Do you have a freezer?" in asking and "a small one" in asking and "How many stairs?" not in asking
    assert "How many stairs?" in offering and "freezer" not in offering
    for words in ("Groceries", "Only the dispatchers", "It is safe to leave a message there", "Your code"):
        assert words in asking and words in offering
    assert "http://localhost:8440/r" in asking
