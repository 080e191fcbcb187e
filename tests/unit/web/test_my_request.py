"""My request: the code opens it, and nothing else does."""

from datetime import timedelta
from typing import Any

import pytest

from node.domain.notices import Kind, Status, Wording
from node.domain.sealed import Contact, SealedNote
from node.services import needs
from node.services.needs import Asked, Entry


@pytest.fixture
async def asked(community: Any) -> Asked:
    """A request that was taken in."""
    wording = Wording(title="A lift to the clinic", category="transport", area="Riverside")
    sealed = SealedNote(name="Kim", contact=(Contact("phone", "07700 900123"),))
    return await needs.ask(community, Entry(Kind.NEED, wording, sealed), form_id="form-1")


async def test_the_code_opens_it_however_it_is_typed(visitor: Any, asked: Asked) -> None:
    await visitor.open("/r")
    page = await visitor.press("Show it", code=f"  {asked.code.upper().replace('-', ' ')} ")
    assert (page.status, page.heading) == (200, "A lift to the clinic")
    assert page.headers["Cache-Control"] == "no-store"
    page = await visitor.open("/r/" + asked.code.upper())
    assert page.heading == "A lift to the clinic"


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "০১২৩৪৫৬৭৮৯"])
async def test_the_code_opens_it_with_the_digits_of_somebodys_own_script(
    visitor: Any, asked: Asked, digits: str
) -> None:
    await visitor.open("/r")
    typed = asked.code.translate(str.maketrans("0123456789", digits))
    assert (await visitor.press("Show it", code=typed)).heading == "A lift to the clinic"


async def test_the_page_shows_nothing_of_the_sealed_note(visitor: Any, asked: Asked) -> None:
    page = await visitor.open(f"/r/{asked.code}")
    assert "Kim" not in page.html
    assert "07700" not in page.html


async def test_a_wrong_code_is_not_found(visitor: Any) -> None:
    page = await visitor.open("/r/blue-otter-0000")
    assert (page.status, page.heading) == (404, "Not found")
    await visitor.open("/r")
    page = await visitor.press("Show it", code="something else")
    assert page.status == 404
    assert page.forms[0].typed["code"] == ["something else"]
    assert page.with_id("code")["aria-invalid"] == "true"


async def test_guessing_is_stopped_for_a_while(visitor: Any, asked: Asked, wait: Any) -> None:
    for number in range(10):
        assert (await visitor.open(f"/r/blue-otter-{number:04d}")).status == 404
    assert (await visitor.open("/r/blue-otter-0011")).status == 429
    assert (await visitor.open(f"/r/{asked.code}")).status == 429
    assert (await visitor.send(f"/r/{asked.code}/status", {"to": ["over"]})).status == 429
    wait(timedelta(minutes=10))
    assert (await visitor.open(f"/r/{asked.code}")).status == 200


async def test_right_codes_are_not_counted(visitor: Any, asked: Asked) -> None:
    for _ in range(12):
        assert (await visitor.open(f"/r/{asked.code}")).status == 200


async def test_a_forged_header_does_not_reset_the_count(visitor: Any, asked: Asked) -> None:  # T-31
    for number in range(10):
        await visitor.open("/r/blue-otter-0000", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    page = await visitor.open(f"/r/{asked.code}", headers={"X-Forwarded-For": "192.0.2.99"})
    assert page.status == 429


async def test_behind_a_known_proxy_each_address_has_its_own_count(secure_visitor: Any, asked: Asked) -> None:  # T-31
    for _ in range(10):
        await secure_visitor.open("/r/blue-otter-0000", headers={"X-Forwarded-For": "192.0.2.7"})
    other = await secure_visitor.open(f"/r/{asked.code}", headers={"X-Forwarded-For": "192.0.2.8"})
    forged = await secure_visitor.open(f"/r/{asked.code}", headers={"X-Forwarded-For": "192.0.2.8, 192.0.2.7"})
    assert (other.status, forged.status) == (200, 429)


@pytest.mark.parametrize(
    ("button", "status"),
    [
        ("Pause for now", Status.PAUSED),
        ("It is sorted", Status.MET),
        ("No longer needed", Status.NO_LONGER_NEEDED),
    ],
)
async def test_its_owner_says_where_it_stands(
    visitor: Any, community: Any, asked: Asked, button: str, status: Status
) -> None:
    await visitor.open(f"/r/{asked.code}")
    page = await visitor.press(button)
    assert page.status == 200
    assert 'role="status"' in page.html
    assert (await needs.by_code(community, asked.code)).status == status
    page = await visitor.press("I still need this")
    assert (await needs.by_code(community, asked.code)).status == Status.OPEN
    assert "its time begins anew" in page.html


async def test_no_other_state_can_be_set_with_the_code(visitor: Any, community: Any, asked: Asked) -> None:
    page = await visitor.send(f"/r/{asked.code}/status", {"to": ["taken on"]})
    assert page.status == 422
    assert (await needs.by_code(community, asked.code)).status == Status.NEW


async def test_its_owner_corrects_the_words(visitor: Any, community: Any, asked: Asked) -> None:
    await visitor.open(f"/r/{asked.code}/correct")
    page = await visitor.press("Save", title="", quantity="2")
    assert page.status == 422
    assert page.forms[0].typed["quantity"] == ["2"]
    page = await visitor.press("Save", title="Two lifts to the clinic")
    assert page.heading == "Two lifts to the clinic"
    wording = (await needs.by_code(community, asked.code)).wording
    assert (wording.quantity, wording.area, wording.category) == (2, "Riverside", "transport")


async def test_sharing_can_be_stopped_at_any_time(visitor: Any, asked: Asked) -> None:
    page = await visitor.open(f"/r/{asked.code}")
    assert "Nobody outside this community." in page.html
    page = await visitor.send(f"/r/{asked.code}/stop-sharing")
    assert page.status == 200
    assert "told to erase it" in page.html
