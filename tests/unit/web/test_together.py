"""Several things at once: a part for each behind one code, and what is said with it is said of one or of all."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from node.domain.errors import Invalid
from node.domain.members import Role
from node.domain.notices import Kind, Status, Wording
from node.domain.openings import UNSAID
from node.domain.retention import HIDDEN_BELOW
from node.domain.sealed import Contact, SealedNote
from node.domain.splitting import Split
from node.domain.together import MOST_TOGETHER
from node.services import clocks, forgetting, members, needs, openings, outcomes, splitting
from node.services.needs import Asked, Entry, NoticeFilter
from tests.unit.web.test_asking import REACH, code_on

WHAT = {"title": "Food, and a lift on Monday", "text": "We eat halal.", "quantity": "2"}


@pytest.fixture
async def asked(community: Any) -> Asked:
    """Groceries, a lift and somebody for the dog."""
    first, *further = (
        Wording(title, category)
        for title, category in (("Food", "groceries"), ("A lift to the clinic", "transport"), ("The dog", "pets"))
    )
    sealed = SealedNote(name="Kim", contact=(Contact("phone", "07700 900123"),))
    return await needs.ask(community, Entry(Kind.NEED, first, sealed, further=tuple(further)), form_id="form-of-three")


async def stands(community: Any, asked: Asked) -> list[Status]:
    """Where each of it stands."""
    return [(await needs.get(community, one.id)).status for one in asked.notices]


async def test_whoever_ticks_several_gives_each_a_few_words(visitor: Any, community: Any) -> None:
    await visitor.open("/ask")
    page = await visitor.press("Continue", **WHAT, category=["transport", "groceries"])
    assert page.heading == "A few words for each" and "step 1 of 4" in page.html
    assert page.forms[0].typed["words_groceries"] == ["Food, and a lift on Monday"]
    page = await visitor.press("Continue", words_groceries="x" * 121, words_transport="")
    assert (page.status, page.with_id("words_groceries")["aria-invalid"]) == (422, "true")
    await visitor.press("Continue", words_groceries="Food for two")
    await visitor.press("Continue", **REACH)
    page = await visitor.press("Skip this page")
    seen = page.html.partition("This is what they would see")[2].partition("</section>")[0]
    assert "Food for two" in seen and "Transport" in seen
    page = await visitor.press("Continue")
    assert "Food for two" in page.html
    page = await visitor.press("Change \N{EN DASH} What you need")
    page = await visitor.press("Continue", category=["transport", "groceries", "pets"])
    assert page.heading == "A few words for each"
    page = await visitor.press("Continue", words_pets="The dog")
    assert page.heading == "Check your answers" and "The dog" in page.html
    page = await visitor.press("Send it to the dispatchers")
    code = code_on(page)
    found = [await needs.by_code(community, code + part) for part in ("", "-2", "-3")]
    assert [(one.wording.category, one.wording.title, one.wording.area) for one in found] == [
        ("groceries", "Food for two", "Riverside"),
        ("transport", "Food, and a lift on Monday", "Riverside"),
        ("pets", "The dog", "Riverside"),
    ]
    assert {one.remaining for one in found} == {2}
    dispatcher = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    notes = [await openings.open_note(community, one.id, dispatcher, UNSAID) for one in found]
    assert [note.name for note in notes] == ["Kim"] * 3


async def test_too_many_are_refused_and_the_same_form_twice_asks_once(
    visitor: Any, community: Any, asked: Asked
) -> None:
    await visitor.open("/ask")
    many = ["groceries", "meals", "errands", "money", "housing", "transport", "baby"]
    page = await visitor.press("Continue", **WHAT, category=many)
    assert len(many) == MOST_TOGETHER + 1
    assert (page.status, "Choose at most 6." in page.html) == (422, True)
    twice = Entry(Kind.NEED, Wording("A", "meals"), further=(Wording("B", "meals"),))
    with pytest.raises(Invalid):
        await needs.ask(community, twice)
    entry = Entry(Kind.NEED, asked.notice.wording, further=tuple(one.wording for one in asked.further))
    again = await needs.ask(community, entry, form_id="form-of-three")
    assert (again.code, {one.id for one in again.notices}) == (asked.code, {one.id for one in asked.notices})
    assert len((await needs.listing(community, NoticeFilter(Kind.NEED))).items) == 3


async def test_it_is_said_of_one_part_or_of_all(visitor: Any, community: Any, asked: Asked) -> None:
    page = await visitor.open(f"/r/{asked.code}")
    assert page.heading == "Food" and all(f'href="/r/{asked.code}-{part}"' in page.html for part in (2, 3))
    page = await visitor.open(f"/r/{asked.code}-2")
    await visitor.press("It is sorted")
    assert await stands(community, asked) == [Status.NEW, Status.MET, Status.NEW]
    await visitor.press("Pause all for now")
    assert await stands(community, asked) == [Status.PAUSED, Status.MET, Status.PAUSED]
    await visitor.press("I still need all of this")
    assert await stands(community, asked) == [Status.OPEN, Status.MET, Status.OPEN]
    await visitor.press("Nothing of it is needed any more")
    assert await stands(community, asked) == [Status.NO_LONGER_NEEDED, Status.MET, Status.NO_LONGER_NEEDED]


async def test_the_same_again_is_of_one_part_or_of_all(visitor: Any, community: Any, asked: Asked) -> None:
    amina = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    await splitting.split(community, asked.notice.id, Split("Food", "", "Nappies", "", "groceries"), amina)
    page = await visitor.open(f"/r/{asked.code}-2/again")
    assert all(words in page.html for words in ("Food", "A lift to the clinic", "The dog", "Nappies"))
    page = await visitor.press("Send it to the dispatchers", needed_by="11.5.2031")
    alone = await needs.by_code(community, code_on(page))
    assert (alone.wording.title, alone.wording.needed_by) == ("A lift to the clinic", date(2031, 5, 11))
    await visitor.open(f"/r/{asked.code}-2/again")
    page = await visitor.press("Send it to the dispatchers", parts="all")
    all_of_it = [await needs.by_code(community, code_on(page) + part) for part in ("", "-2", "-3", "-4")]
    assert [(one.wording.title, one.wording.category) for one in all_of_it] == [
        ("Food", "groceries"),
        ("A lift to the clinic", "transport"),
        ("The dog", "pets"),
        ("Nappies", "groceries"),
    ], "also where two of them are of one category"


async def test_the_report_speaks_of_it_once(community: Any, asked: Asked, wait: Any) -> None:
    amina = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    other = [await needs.ask(community, Entry(Kind.NEED, Wording("A chair", "goods"))) for _ in range(HIDDEN_BELOW)]

    async def said() -> tuple[int, int, int, int]:
        (month,) = await outcomes.report(community, amina)
        return month.asked - len(other), month.met, month.unmet, month.waiting - len(other)

    assert await said() == (1, 0, 0, 1)
    for one in asked.notices[:2]:
        await needs.change_status(community, one.id, Status.MET, amina)
    assert await said() == (1, 0, 0, 1), "the dog waits"
    wait(timedelta(days=50))
    for one in other:
        await needs.renew_on_their_word(community, one.notice.id, amina)
    await needs.renew_on_their_word(community, asked.further[1].id, amina)
    wait(timedelta(days=50))
    await clocks.run_due(community)
    assert (await needs.get(community, asked.notice.id)).erased_at is not None
    assert await said() == (1, 0, 0, 1)
    await needs.change_status(community, asked.further[1].id, Status.MET, amina)
    assert await said() == (1, 1, 0, 0)
    await forgetting.erase_by_code(community, asked.code)
    assert await said() == (1, 1, 0, 0), "nothing is left of it but that"


async def test_who_may_know_is_said_of_all_parts_or_of_one_alone(visitor: Any, community: Any, asked: Asked) -> None:
    async def board() -> list[bool]:
        return [(await needs.get(community, one.id)).consent.board for one in asked.notices]

    path = f"/r/{asked.code}-2/consent"
    page = await visitor.open(path)
    assert "This is about all parts behind your code." in page.html and f"{path}?only=yes" in page.html
    page = await visitor.send(path, {"question": ["board"], "answer": ["yes"], "only": ["yes"]})
    assert "This is about one part alone: A lift to the clinic." in page.html
    assert 'value="message"' not in page.html, "how we reach them is of all parts"
    refused = await visitor.send(path, {"question": ["message"], "answer": ["yes"], "only": ["yes"]})
    assert (refused.status, await board()) == (422, [False, True, False])
    page = await visitor.open(f"/r/{asked.code}/consent")
    assert page.html.count("Another part has another answer.") == 1
    await visitor.send(path, {"question": ["peers"], "answer": ["yes"], "only": ["yes"]})
    await visitor.send(f"/r/{asked.code}/stop-sharing", {})
    left = [await needs.get(community, one.id) for one in asked.notices]
    assert not any(one.consent.peers for one in left), "of every part"
    await visitor.send(path, {"question": ["board"], "answer": ["yes"]})
    assert await board() == [True, True, True]


async def test_everything_we_hold_is_of_one_part_or_of_all(visitor: Any, asked: Asked) -> None:
    path = f"/r/{asked.code}-2/everything"
    page = await visitor.open(path)
    assert "A lift to the clinic" in page.html and "The dog" not in page.html and f"{path}?all=yes" in page.html
    page = await visitor.open(f"{path}?all=yes")
    assert all(f"<h2>{title}</h2>" in page.html for title in ("Food", "A lift to the clinic", "The dog"))
    assert page.html.count("07700 900123") >= 3 and f"{path}.json?all=yes" in page.html
    held = json.loads((await visitor.open(f"{path}.json?all=yes")).html)
    assert [one["code"] for one in held["parts"]] == [asked.code, f"{asked.code}-2", f"{asked.code}-3"]
    assert json.loads((await visitor.open(f"{path}.json")).html)["words"]["title"] == "A lift to the clinic"
