"""Five dispatchers at one queue at once: nobody's words are lost, and nobody overwrites what they have not read."""

from asyncio import gather
from collections import Counter
from typing import Any

import pytest

from node.domain.members import Role
from node.domain.notices import Notice
from node.services import needs
from node.services.community import Community
from node.storage.sealed_notes import SealedNotes
from tests.unit.web_members.conftest import sign_in_as
from tests.unit.web_members.visitor import Page, Visitor

NAMES = ("Bo", "Dede", "Eun", "Farid", "Gil")


@pytest.fixture
async def five(client: Any, community: Community) -> list[Visitor]:
    return [await sign_in_as(client, community, name, Role.DISPATCHER) for name in NAMES]


def typed(page: Page, action: str, **changes: str) -> dict[str, str]:
    """The form as it is read, with some of it typed anew."""
    fields = [one for form in page.read.forms if form["action"] == action for one in form["fields"]]
    values = {
        one["name"]: one.get("value", "") for one in fields if one["tag"] == "input" and one.get("type") != "radio"
    }
    return {name: value for name, value in values.items() if name != "csrf"} | changes


async def test_every_note_stands_when_all_write_at_once(five: list[Visitor], ask: Any, community: Community) -> None:
    queue = [await ask(title=f"Need {number}") for number in range(3)]
    await gather(
        *(
            one.post(f"/dispatch/{need.id}/contact", reached="voicemail", contact_words=f"{name} rang.")
            for need in queue
            for one, name in zip(five, NAMES, strict=True)
        )
    )
    for need in queue:
        page = await five[0].get(f"/dispatch/{need.id}")
        assert [f"{name} rang." in page.text for name in NAMES] == [True] * 5
        async with community.database.reading() as work:
            assert len(await work.call_backs.open_of(need.id)) == 1


async def test_one_status_stands_and_the_others_are_told_both(five: list[Visitor], need: Notice) -> None:
    path = f"/dispatch/{need.id}"
    chosen = ["open", "taken on", "paused", "met", "partly met"]
    forms = [(await one.get(path)).form(f"{path}/status") for one in five]
    words = [f"{name} says so." for name in NAMES]
    answers = await gather(
        *(
            one.post(f"{path}/status", **(form | {"status": status}), note=note)
            for one, form, status, note in zip(five, forms, chosen, words, strict=True)
        )
    )
    assert Counter(answer.status for answer in answers) == {303: 1, 409: 4}
    winner = next(index for index, answer in enumerate(answers) if answer.status == 303)
    for index, answer in enumerate(answers):
        if index != winner:
            assert f"Somebody else noted meanwhile: {chosen[winner]}. You chose: {chosen[index]}." in answer.text
            assert f'value="{words[index]}"' in answer.html
    for index, answer in enumerate(answers):
        if index != winner:
            was = {"was": (await five[index].get(path)).form(f"{path}/status")["was"]}
            assert answer.form(f"{path}/status")["was"] == chosen[winner]
            again = await five[index].post(f"{path}/status", **was, status=chosen[index], note=words[index])
            assert again.status == 303
    text = (await five[0].get(path)).text
    assert [note in text for note in words] == [True] * 5


async def test_one_title_stands_and_the_others_see_both_versions(
    five: list[Visitor], need: Notice, community: Community
) -> None:
    path = f"/dispatch/{need.id}/wording"
    words = {
        "category": "baby",
        "urgency": need.wording.urgency,
        "text": need.wording.text,
        "repeat": "once",
        "unit": "one",
    }
    pages = [await one.get(path) for one in five]
    answers = await gather(
        *(
            one.post(path, **(words | typed(page, path, title=f"Title of {name}")))
            for one, page, name in zip(five, pages, NAMES, strict=True)
        )
    )
    assert Counter(answer.status for answer in answers) == {303: 1, 409: 4}
    stands = (await needs.get(community, need.id)).wording.title
    for answer, name in zip(answers, NAMES, strict=True):
        if answer.status == 409:
            assert f"Somebody else wrote meanwhile: {stands}" in answer.text
            assert f'value="Title of {name}"' in answer.html
    loser = next(index for index, answer in enumerate(answers) if answer.status == 409)
    again = typed(answers[loser], path)
    assert (await five[loser].post(path, **(words | again))).status == 303
    assert (await needs.get(community, need.id)).wording.title == f"Title of {NAMES[loser]}"


async def test_who_changes_different_fields_meets_nobody(
    five: list[Visitor], need: Notice, community: Community
) -> None:
    path = f"/dispatch/{need.id}/wording"
    words = {
        "category": "baby",
        "urgency": need.wording.urgency,
        "text": need.wording.text,
        "repeat": "once",
        "unit": "one",
    }
    changes = [
        {"title": "Nappies"},
        {"area": "Old Town"},
        {"text": "One pack."},
        {"quantity": "5"},
        {"category": "care"},
    ]
    pages = [await one.get(path) for one in five]
    answers = await gather(
        *(
            one.post(path, **(words | typed(page, path) | change))
            for one, page, change in zip(five, pages, changes, strict=True)
        )
    )
    assert [answer.status for answer in answers] == [303] * 5
    after = (await needs.get(community, need.id)).wording
    assert (after.title, after.area, after.text, after.category) == ("Nappies", "Old Town", "One pack.", "care")
    assert after.quantity == 5


async def test_two_correct_a_sealed_note_and_neither_is_overwritten(
    five: list[Visitor], need: Notice, community: Community
) -> None:
    path = f"/dispatch/{need.id}/sealed"
    words = {"name": "Ruta", "method": "phone", "contact": "555 0134", "voicemail_ok": "yes"}
    words |= {"address": "the blue door", "arrival": "Knock twice"}
    read = [(await one.post(f"{path}/form")).form(f"{path}/correct")["seen"] for one in five[:3]]
    first = {"seen": read[0], "name": "Ruta M.", "contact": "555 0111"}
    assert (await five[0].post(f"{path}/correct", **(words | first))).status == 303
    typed_in = {"name": "Ruta K.", "contact": "555 0199"}
    late = await five[1].post(f"{path}/correct", **(words | typed_in | {"seen": read[1], "pets": "A dog"}))
    assert late.status == 409
    assert "Somebody else wrote meanwhile: Ruta M." in late.text
    assert late.text.count("Somebody else wrote meanwhile") == 4, "beside both fields, and in the list above"
    assert all(f'value="{one}"' in late.html for one in ("Ruta K.", "555 0199", "A dog"))
    other = await five[2].post(f"{path}/correct", **(words | {"seen": read[2], "address": "the green door"}))
    assert other.status == 303, "who changes another field meets nobody"
    async with community.database.reading() as work:
        note = await SealedNotes(work).open(need.id)
    assert note is not None
    assert [one.value for one in note.contact] == ["555 0111"], "what was left as it was read stays theirs"
    again = words | typed_in | {"seen": late.form(f"{path}/correct")["seen"], "pets": "A dog"}
    assert (await five[1].post(f"{path}/correct", **again)).status == 303
    async with community.database.reading() as work:
        note = await SealedNotes(work).open(need.id)
    assert note is not None
    assert (note.name, note.address, note.arrival_card.pets) == ("Ruta K.", "the green door", "A dog")
    assert [one.value for one in note.contact] == ["555 0199"]
