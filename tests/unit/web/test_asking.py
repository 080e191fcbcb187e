"""Asking and offering in four steps, as a person does it."""

import re
from typing import Any

import pytest

from node.domain.arrival import ArrivalCard
from node.domain.consent import ALL, Consent
from node.domain.members import Role
from node.domain.notices import Kind, Status
from node.domain.openings import UNSAID
from node.services import members, needs, openings
from node.services.needs import NoticeFilter

WHAT = {"category": "groceries", "title": "Groceries for two", "text": "We eat halal.", "quantity": "1,5"}
REACH = {"name": "Kim", "method": "text", "contact": "07700 900123", "area": "Riverside"}
CODE = re.compile(r'class="code">([a-z]+-[a-z]+-[a-z]+-[a-z]+-\d{4})<')


async def ask(visitor: Any, door: str = "/ask", contact: str = REACH["contact"], **who: str) -> str:
    """The whole way through a door; the code at its end."""
    await visitor.open(door)
    await visitor.press("Continue", **WHAT)
    await visitor.press("Continue", **{**REACH, "contact": contact})
    await visitor.press("Skip this page")
    await visitor.press("Continue", **who)
    page = await visitor.press("Send it to the dispatchers")
    assert page.status == 200
    return code_on(page)


def code_on(page: Any) -> str:
    """The code the page shows."""
    found = CODE.search(page.html)
    assert found is not None
    return found[1]


async def test_somebody_asks_in_four_steps(visitor: Any, community: Any) -> None:
    page = await visitor.open("/ask")
    assert page.title == "What do you need? \N{EN DASH} I need something \N{EN DASH} Linden Street"
    page = await visitor.press("Continue", **WHAT)
    assert page.heading == "How can we reach you?"
    page = await visitor.press("Continue", **REACH)
    assert page.heading == "When somebody comes to you"
    assert "step 3 of 4" in page.html
    page = await visitor.press("Continue")
    assert page.heading == "Who may know?"
    seen = page.html.partition("This is what they would see")[2].partition("</section>")[0]
    assert "Groceries for two" in seen and "Riverside" in seen
    assert "Kim" not in seen and "07700" not in seen
    page = await visitor.press("Continue")
    assert page.heading == "Check your answers"
    assert "07700 900123" in page.html
    page = await visitor.press("Send it to the dispatchers")
    notice = await needs.by_code(community, code_on(page))
    assert (notice.kind, notice.status, notice.consent) == (Kind.NEED, Status.NEW, Consent())
    assert notice.wording.area == "Riverside"
    assert str(notice.wording.quantity) == "1.5"
    assert page.headers["Cache-Control"] == "no-store"
    assert f'src="/r/{code_on(page)}/code.svg"' in page.html


async def test_the_sealed_note_holds_what_was_told_on_the_second_page(visitor: Any, community: Any) -> None:
    notice = await needs.by_code(community, await ask(visitor))
    dispatcher = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    note = await openings.open_note(community, notice.id, dispatcher, UNSAID)
    assert note.name == "Kim"
    assert [(contact.method, contact.value, contact.voicemail_ok) for contact in note.contact] == [
        ("text", "07700 900123", False)
    ]


async def test_a_number_in_other_digits_is_kept_as_every_telephone_dials_it(visitor: Any, community: Any) -> None:
    notice = await needs.by_code(community, await ask(visitor, contact="\u200f+٤٤ ٧٧٠٠ ٩٠٠١٢٣"))
    dispatcher = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    (contact,) = (await openings.open_note(community, notice.id, dispatcher, UNSAID)).contact
    assert contact.value == "+44 7700 900123"


@pytest.mark.parametrize(
    ("circle", "consent"),
    [
        ("dispatchers", Consent()),
        ("helpers", Consent(board=True)),
        ("neighbours", Consent(board=True, peers=ALL)),
        ("everyone", Consent(board=True, peers=ALL, public=True)),
    ],
)
async def test_consent_is_what_was_chosen_and_no_more(
    visitor: Any, community: Any, circle: str, consent: Consent
) -> None:
    notice = await needs.by_code(community, await ask(visitor, who=circle))
    assert notice.consent == consent


async def test_offering_is_the_same_way_in(visitor: Any, community: Any) -> None:
    page = await visitor.open("/offer")
    assert page.heading == "What can you share?"
    assert "How soon?" not in page.html
    await visitor.press("Continue", **WHAT, standing="yes", good_to_know=["step-free", "no lifting", "made up"])
    page = await visitor.press("Continue", **REACH)
    assert page.heading == "When somebody comes to collect"
    await visitor.press("Continue")
    await visitor.press("Continue")
    page = await visitor.press("Send it to the dispatchers")
    notice = await needs.by_code(community, code_on(page))
    assert notice.kind == Kind.OFFER and notice.standing
    assert notice.wording.access == ("step-free", "no lifting")


async def test_errors_stand_beside_the_field_and_in_the_summary_and_keep_what_was_typed(visitor: Any) -> None:
    await visitor.open("/ask")
    page = await visitor.press(
        "Continue", title="", text="Careful <b>words</b>", quantity="lots", needed_by="yesterday"
    )
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.with_id("title")["aria-invalid"] == "true"
    assert page.with_id("title")["aria-describedby"] == "title-hint title-wrong"
    links = [found["href"] for tag, found in page.attributes if tag == "a" and found.get("href", "").startswith("#")]
    assert links == ["#main", "#title", "#category", "#needed_by", "#quantity"]
    assert all(page.with_id(link[1:]) is not None for link in links)
    assert page.forms[0].typed["text"] == ["Careful <b>words</b>"]
    assert page.forms[0].typed["quantity"] == ["lots"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"method": "phone", "contact": "ask me"}, "contact"),
        ({"method": "email", "contact": "kim"}, "contact"),
        ({"method": "through someone", "contact": ""}, "contact"),
        ({"method": "pigeon"}, "method"),
        ({"area": "x" * 81}, "area"),
        ({"story": "x" * 4001}, "story"),
    ],
)
async def test_the_second_page_says_what_is_missing(visitor: Any, changes: dict[str, str], field: str) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    page = await visitor.press("Continue", **{**REACH, **changes})
    assert (page.status, page.heading) == (422, "How can we reach you?")
    assert page.with_id(f"{field}-wrong")
    assert page.forms[0].typed["title"] == ["Groceries for two"]


async def test_somebody_without_any_telephone_can_ask(visitor: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    page = await visitor.press("Continue", name="Kim", method="other", contact="")
    assert page.heading == "When somebody comes to you"


async def test_a_day_that_is_over_is_pointed_out(visitor: Any) -> None:
    await visitor.open("/ask")
    page = await visitor.press("Continue", **WHAT, needed_by="1.5.2031")
    assert page.status == 422
    page = await visitor.press("Continue", needed_by="5.5.2031")
    assert page.heading == "How can we reach you?"


async def test_sending_twice_keeps_one_request_with_one_code(visitor: Any, community: Any) -> None:
    code = await ask(visitor)
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    await visitor.press("Continue", **REACH)
    await visitor.press("Continue")
    check = await visitor.press("Continue")
    first = code_on(await visitor.press("Send it to the dispatchers"))
    visitor.page = check
    second = code_on(await visitor.press("Send it to the dispatchers"))
    assert first == second != code
    kept = await needs.listing(community, NoticeFilter(Kind.NEED))
    assert len(kept.items) == 2


async def test_an_answer_can_be_changed_and_everything_else_stays(visitor: Any, community: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    await visitor.press("Continue", **REACH)
    await visitor.press("Continue")
    await visitor.press("Continue", who="neighbours")
    page = await visitor.press("Change \N{EN DASH} What you need")
    assert page.heading == "What do you need?"
    assert page.forms[0].typed["title"] == ["Groceries for two"]
    page = await visitor.press("Continue", title="Groceries for three")
    assert page.heading == "Check your answers"
    page = await visitor.press("Send it to the dispatchers")
    notice = await needs.by_code(community, code_on(page))
    assert notice.wording.title == "Groceries for three"
    assert notice.consent.covers_all_peers


async def test_going_back_loses_nothing(visitor: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT, languages=["en", "uk"])
    page = await visitor.press("Back", name="Kim")
    assert page.forms[0].typed["languages"] == ["en", "uk"]
    page = await visitor.press("Continue")
    assert page.forms[0].typed["name"] == ["Kim"]


async def test_a_step_cannot_be_skipped(visitor: Any, community: Any) -> None:
    page = await visitor.send("/ask/done", {"title": ["No category"], "form_id": ["a" * 18]})
    assert (page.status, page.heading) == (422, "What do you need?")
    page = await visitor.open("/ask/check")
    assert page.heading == "What do you need?"
    assert not (await needs.listing(community, NoticeFilter(Kind.NEED))).items


async def test_telltale_words_are_pointed_out_before_anybody_sees_them(visitor: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **{**WHAT, "text": "Call 020 7946 0999"})
    await visitor.press("Continue", **REACH)
    page = await visitor.press("Continue")
    assert "Please note:" in page.html


async def test_what_was_typed_is_never_markup(visitor: Any) -> None:  # T-32
    await visitor.open("/ask")
    await visitor.press("Continue", **{**WHAT, "title": "<script>alert(1)</script>"})
    await visitor.press("Continue", **REACH)
    page = await visitor.press("Continue")
    assert "<script>" not in page.html
    assert "&lt;script&gt;" in page.html


CARD = {
    "at_the_door": ["text first", "do not knock", "made up"],
    "access": ["time at the door"],
    "door_language": "es",
    "interpreter": "yes",
    "pets": " a big   friendly dog ",
    "who_may_come": "women only",
    "arrival": "The second bell.",
}


async def test_the_arrival_card_is_locked_with_the_name(visitor: Any, community: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    await visitor.press("Continue", **REACH)
    page = await visitor.press("Continue", **CARD)
    assert page.heading == "Who may know?"
    page = await visitor.press("Continue")
    for word in ("Send a text message first, Do not knock", "women only", "a big friendly dog", "The second bell."):
        assert word in page.html
    notice = await needs.by_code(community, code_on(await visitor.press("Send it to the dispatchers")))
    dispatcher = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    note = await openings.open_note(community, notice.id, dispatcher, UNSAID)
    assert note.arrival == "The second bell."
    assert note.arrival_card == ArrivalCard(
        at_the_door=("text first", "do not knock"),
        access=("time at the door",),
        language="es",
        interpreter=True,
        pets="a big friendly dog",
        who_may_come="women only",
    )
    assert "dog" not in str(notice)


async def test_skipping_the_arrival_card_leaves_nothing_of_it(visitor: Any, community: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    await visitor.press("Continue", **REACH)
    page = await visitor.press("Skip this page", pets="a dog", who_may_come="women only")
    assert page.heading == "Who may know?"
    page = await visitor.press("Continue")
    assert "You left this empty" in page.html and "a dog" not in page.html
    notice = await needs.by_code(community, code_on(await visitor.press("Send it to the dispatchers")))
    dispatcher = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    assert not (await openings.open_note(community, notice.id, dispatcher, UNSAID)).arrival_card


async def test_only_the_arrival_card_may_be_skipped(visitor: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    page = await visitor.send("/ask/arrival", {"skip": ["reach"], "title": ["x"], "category": ["meals"]})
    assert (page.status, page.heading) == (422, "How can we reach you?")


async def test_enter_in_a_field_of_the_card_goes_on_and_does_not_skip(visitor: Any) -> None:
    """A browser takes the first button of a form for the Enter key."""
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    page = await visitor.press("Continue", **REACH)
    assert next(iter(page.forms[0].buttons)) == "Continue"


async def test_the_arrival_card_says_what_is_too_long(visitor: Any) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    await visitor.press("Continue", **REACH)
    page = await visitor.press("Continue", pets="x" * 301, door_language="<b>")
    assert (page.status, page.heading) == (422, "When somebody comes to you")
    assert page.with_id("pets-wrong") and page.with_id("door_language-wrong")
    assert page.forms[0].typed["pets"] == ["x" * 301]
