"""My page belongs to whoever holds the code: renewed, copied, corrected, taken along, erased, all without a script."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from node.domain.arrival import ArrivalCard
from node.domain.consent import ALL, Consent
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status, Wording
from node.domain.openings import UNSAID
from node.domain.sealed import Contact, SealedNote
from node.services import clocks, forgetting, members, needs, openings, sign_in
from node.services.community import profile, save_profile
from node.services.needs import Asked, Entry, NoticeFilter

SEALED = SealedNote(
    name="Kim",
    contact=(Contact("phone", "07700 900123", True), Contact("email", "kim@mail.example")),
    address="Flat 3, the blue door",
    story="Only until the cast is off.",
    arrival="The second bell.",
    arrival_card=ArrivalCard(at_the_door=("text first",), who_may_come="women only"),
)
SECRETS = ("Kim", "07700", "kim@mail", "blue door", "cast is off", "second bell", "women only")


@pytest.fixture
async def asked(community: Any) -> Asked:
    """A request that was taken in, weekly groceries for two."""
    wording = Wording("A lift to the clinic", "transport", text="Mornings.", area="Riverside", quantity=Decimal(2))
    consent = Consent(board=True, peers=ALL)
    return await needs.ask(community, Entry(Kind.NEED, wording, SEALED, consent), form_id="form-1")


@pytest.fixture
async def dispatcher(community: Any) -> Member:
    """Who reads what comes in."""
    return await members.add(community, "Amina", frozenset({Role.DISPATCHER}))


async def now(community: Any, asked: Asked) -> Notice:
    """The notice as it stands."""
    return await needs.get(community, asked.notice.id)


async def test_the_tab_says_nothing_of_what_it_is_about(visitor: Any, community: Any, asked: Asked) -> None:
    offer = await needs.ask(community, Entry(Kind.OFFER, Wording("Soup", "meals")), form_id="form-2")
    titles = {(await visitor.open(f"/r/{code}")).title for code in (asked.code, offer.code)}
    assert titles == {"My page \N{EN DASH} Linden Street"}
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert visitor.page.headers["X-Robots-Tag"] == "noindex, nofollow"


async def test_what_happens_next_is_said_in_plain_words(
    visitor: Any, community: Any, asked: Asked, dispatcher: Member
) -> None:
    assert "You need not do anything. If it cannot wait, call us." in (await visitor.open(f"/r/{asked.code}")).html
    for status in set(Status) - {Status.NEW}:
        await needs.change_status(community, asked.notice.id, status, dispatcher)
        page = await visitor.open(f"/r/{asked.code}")
        assert page.status == 200 and f"{_sentence(status)}" in page.html


def _sentence(status: Status) -> str:
    return {
        Status.OPEN: "As soon as somebody says yes, we tell you who and when.",
        Status.TAKEN_ON: "They get in touch with you in the way you chose, or come as agreed.",
        Status.PARTLY_MET: "We tell you as soon as somebody says yes to it.",
        Status.MET: "If something is still missing, open it again below.",
        Status.PAUSED: "When you would like us to go on, press the button below.",
        Status.NO_LONGER_NEEDED: "Should it come back, open it again below",
        Status.EXPIRED: "If it is still so, open it again below.",
    }[status]


async def test_without_a_word_it_ends_by_itself_and_a_word_begins_the_time_anew(
    visitor: Any, community: Any, asked: Asked, wait: Any
) -> None:
    page = await visitor.open(f"/r/{asked.code}")
    assert "it ends by itself on" in page.html and "Thu 3 Jul 2031" in page.html
    wait(timedelta(days=59))
    await clocks.run_due(community)
    await visitor.open(f"/r/{asked.code}")
    page = await visitor.press("I still need this")
    assert "Sun 31 Aug 2031" in page.html
    wait(timedelta(days=59))
    await clocks.run_due(community)
    assert (await now(community, asked)).status == Status.NEW
    wait(timedelta(days=2))
    await clocks.run_due(community)
    assert (await now(community, asked)).status == Status.EXPIRED
    page = await visitor.open(f"/r/{asked.code}")
    assert "The time for this is over." in page.html
    await visitor.press("I still need this")
    assert (await now(community, asked)).status == Status.OPEN


async def test_a_day_that_is_over_waits_three_days_and_falls_away_when_it_is_still_needed(
    visitor: Any, community: Any, asked: Asked, wait: Any
) -> None:
    wording = replace(asked.notice.wording, needed_by=date(2031, 5, 6))
    await needs.correct_by_code(community, asked.code, wording)
    wait(timedelta(days=5))
    await clocks.run_due(community)
    assert (await now(community, asked)).status == Status.NEW
    await visitor.open(f"/r/{asked.code}")
    await visitor.press("I still need this")
    assert (await now(community, asked)).wording.needed_by is None
    await needs.correct_by_code(community, asked.code, wording)
    wait(timedelta(days=1))
    await clocks.run_due(community)
    assert (await now(community, asked)).status == Status.EXPIRED


async def test_what_is_closed_is_forgotten_in_two_steps_that_the_page_names(
    visitor: Any, community: Any, asked: Asked, wait: Any
) -> None:
    await visitor.open(f"/r/{asked.code}")
    page = await visitor.press("It is sorted")
    assert "Sun 18 May 2031" in page.html and "Sat 2 Aug 2031" in page.html
    wait(timedelta(days=15))
    await clocks.run_due(community)
    page = await visitor.open(f"/r/{asked.code}")
    assert "What we call you, how to reach you and your address are erased." in page.html
    assert "Ask for the same again" not in page.html
    assert (await visitor.open(f"/r/{asked.code}/again")).status == 409
    assert (await visitor.open(f"/r/{asked.code}/reach")).status == 404
    wait(timedelta(days=76))
    await clocks.run_due(community)
    page = await visitor.open(f"/r/{asked.code}")
    assert page.heading == "It is erased"
    notice = await now(community, asked)
    assert (notice.wording.title, notice.wording.text, notice.status) == ("Transport", "", Status.MET)


async def test_the_same_again_takes_a_day_and_nothing_else(visitor: Any, community: Any, asked: Asked) -> None:
    await needs.change_status_by_code(community, asked.code, Status.MET)
    await visitor.open(f"/r/{asked.code}")
    page = await visitor.open(f"/r/{asked.code}/again")
    assert page.forms[0].typed["who"] == ["neighbours"], "the circle of then is offered, and asked anew"
    page = await visitor.press("Send it to the dispatchers", needed_by="1.5.2031")
    assert page.status == 422 and page.with_id("needed_by-wrong")
    form = page
    page = await visitor.press("Send it to the dispatchers", needed_by="11.5.2031", who="helpers")
    assert page.heading == "We have it. This is your code."
    first = page.html
    visitor.page = form
    page = await visitor.press("Send it to the dispatchers", needed_by="11.5.2031", who="helpers")
    assert page.html == first, "pressed twice, it is kept once"
    kept = (await needs.listing(community, NoticeFilter(Kind.NEED))).items
    assert len(kept) == 2
    new = next(notice for notice in kept if notice.id != asked.notice.id)
    assert new.wording == replace(asked.notice.wording, needed_by=date(2031, 5, 11))
    assert (new.status, new.consent) == (Status.NEW, Consent(board=True))
    assert (await now(community, asked)).status == Status.MET


async def test_the_copy_has_its_own_lock(visitor: Any, community: Any, asked: Asked, dispatcher: Member) -> None:
    await visitor.open(f"/r/{asked.code}/again")
    await visitor.press("Send it to the dispatchers")
    await forgetting.erase_by_code(community, asked.code)
    (new,) = [one for one in (await needs.listing(community, NoticeFilter(Kind.NEED))).items if not one.erased_at]
    assert await openings.open_note(community, new.id, dispatcher, UNSAID) == SEALED


async def test_what_is_locked_is_corrected_by_its_owner(
    visitor: Any, community: Any, asked: Asked, dispatcher: Member
) -> None:
    page = await visitor.open(f"/r/{asked.code}/reach")
    assert page.forms[0].typed["contact"] == ["07700 900123"]
    page = await visitor.press("Save", contact="no number")
    assert page.status == 422 and page.with_id("contact-wrong")
    page = await visitor.press("Save", contact="07700 900999", pets="a dog", at_the_door=["ring"])
    assert "It is corrected and locked again." in page.html
    note = await openings.open_note(community, asked.notice.id, dispatcher, UNSAID)
    assert note.contact == (Contact("phone", "07700 900999", True), Contact("email", "kim@mail.example"))
    assert note.arrival_card == ArrivalCard(at_the_door=("ring",), pets="a dog", who_may_come="women only")
    assert (note.name, note.address, note.story) == (SEALED.name, SEALED.address, SEALED.story)


async def test_everything_we_hold_is_one_page(visitor: Any, community: Any, asked: Asked, dispatcher: Member) -> None:
    await openings.open_note(community, asked.notice.id, dispatcher, UNSAID)
    await needs.change_status(community, asked.notice.id, Status.OPEN, dispatcher, "Spoke.")
    page = await visitor.open(f"/r/{asked.code}/everything")
    assert page.heading == "Everything we hold"
    for said in (
        *SECRETS,
        "A lift to the clinic",
        "Mornings.",
        "Opened by a dispatcher on",
        "“Spoke.”",
        "All neighbouring communities, <strong>yes</strong>",
    ):
        assert said in page.html, said
    assert "Amina" not in page.html, "who opened it is told by role"
    assert page.headers["Cache-Control"] == "no-store"


async def test_and_the_same_as_a_file(visitor: Any, community: Any, asked: Asked, dispatcher: Member) -> None:
    await openings.open_note(community, asked.notice.id, dispatcher, UNSAID)
    page = await visitor.open(f"/r/{asked.code}/everything.json")
    assert page.headers["Content-Type"].startswith("application/json")
    assert page.headers["Content-Disposition"] == 'attachment; filename="my-page.json"'
    held = json.loads(page.html)
    assert held["words"]["title"] == "A lift to the clinic" and held["words"]["quantity"] == "2"
    assert held["locked"]["name"] == "Kim"
    assert held["locked"]["contact"][1] == {"method": "email", "value": "kim@mail.example", "voicemail_ok": False}
    assert held["locked"]["arrival_card"]["who_may_come"] == "women only"
    assert held["agreed_to"] == {"board": True, "peers": "all", "public": False}
    assert [one["fields"] for one in held["read_by"]] == [
        ["name", "contact", "address", "story", "arrival", "arrival_card"]
    ]
    assert held["came_in_at"] == "2031-05-04T12:00:00+00:00"
    assert "took in a need" in [line["action"] for line in held["log"]]
    assert held["log"][-1]["action"] == "owner read everything we hold", "reading it is written down"


async def test_erasing_is_asked_once_more_and_ends_in_a_receipt(visitor: Any, community: Any, asked: Asked) -> None:
    await visitor.open(f"/r/{asked.code}")
    page = await visitor.open(f"/r/{asked.code}/erase")
    assert page.heading == "Erase everything?"
    assert (await now(community, asked)).erased_at is None
    page = await visitor.press("Yes, erase everything")
    assert (page.status, page.heading) == (200, "It is erased")
    assert "It had never left this community" in page.html
    assert not page.texts["button"], "nothing is left to be done with it"
    for gone in (*SECRETS, "A lift to the clinic", "Mornings."):
        assert gone not in page.html
    held = json.loads((await visitor.open(f"/r/{asked.code}/everything.json")).html)
    assert held["locked"] is None and held["words"]["title"] == "Transport"


async def test_after_erasing_nothing_opens_it_again(visitor: Any, community: Any, asked: Asked) -> None:
    await forgetting.erase_by_code(community, asked.code)
    for wish in ("again", "pause"):
        page = await visitor.send(f"/r/{asked.code}/status", {"to": [wish]})
        assert page.heading == "It is erased"
    page = await visitor.send(f"/r/{asked.code}/correct", {"title": ["Kim's lift"]})
    assert page.heading == "It is erased"
    assert (await now(community, asked)).wording.title == "Transport"
    for path in ("correct", "erase"):
        assert (await visitor.open(f"/r/{asked.code}/{path}")).heading == "It is erased"
    await forgetting.erase_by_code(community, asked.code)
    assert (await now(community, asked)).erased_at == asked.notice.created_at


async def test_the_picture_of_the_code_is_ours_and_plain(visitor: Any, asked: Asked) -> None:
    page = await visitor.open(f"/r/{asked.code}/code.svg")
    assert page.headers["Content-Type"].startswith("image/svg+xml")
    assert page.headers["Cache-Control"] == "no-store"
    drawing = ElementTree.fromstring(page.html)
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    found = [element for element in drawing.iter() if "style" in element.attrib or "href" in str(element.attrib)]
    assert found == []


async def test_no_page_needs_pictures_from_elsewhere(visitor: Any, asked: Asked) -> None:
    page = await visitor.open(f"/r/{asked.code}/slip")
    assert "img-src 'self'" in page.headers["Content-Security-Policy"]
    assert "data:" not in page.headers["Content-Security-Policy"]
    assert [found["src"] for tag, found in page.attributes if tag == "img" and "class" in found] == [
        f"/r/{asked.code}/code.svg"
    ]


async def test_the_slip_holds_what_is_needed_on_paper_and_nothing_of_the_request(visitor: Any, asked: Asked) -> None:
    page = await visitor.open(f"/r/{asked.code}/slip")
    slip = page.html.partition('class="slip paper"')[2].partition("</section>")[0]
    assert asked.code in slip and f"http://localhost:8440/r/{asked.code}" in slip and "+44 20 7946 0123" in slip
    for word in (*SECRETS, "clinic", "Mornings"):
        assert word not in page.html


async def test_a_dispatcher_corrects_what_is_locked(
    visitor: Any, community: Any, asked: Asked, dispatcher: Member
) -> None:
    """Told on the telephone; the first opening shows the note, the second one fills in the form."""
    await sign_in_as(visitor, community, dispatcher)
    await visitor.open(f"/dispatch/{asked.notice.id}")
    await visitor.press("Open the sealed note", reason="call")
    page = await visitor.press("Correct it")
    assert page.forms[-1].typed["name"] == ["Kim"]
    page = await visitor.press("Save", name="", method="", contact="", interpreter="yes")
    assert "The sealed note is corrected and locked again." in page.html
    note = await openings.open_note(community, asked.notice.id, dispatcher, UNSAID)
    assert note.name == "" and note.contact == SEALED.contact[1:] and note.arrival_card.interpreter


async def sign_in_as(visitor: Any, community: Any, member: Member) -> None:
    """By a one-time link."""
    link = await sign_in.make_link(community, member.id)
    await visitor.open(link.removeprefix(community.base_url))
    await visitor.press(f"Sign in as {member.name}")


async def test_times_are_told_where_the_community_lives(visitor: Any, community: Any, asked: Asked) -> None:
    assert "Sun 4 May 2031, 12:00 UTC" in (await visitor.open(f"/r/{asked.code}")).html
    await save_profile(community, replace(await profile(community), timezone="Asia/Kolkata"))
    page = await visitor.open(f"/r/{asked.code}")
    assert "Sun 4 May 2031, 17:30<" in page.html
    assert 'datetime="2031-05-04T17:30:00+05:30"' in page.html
