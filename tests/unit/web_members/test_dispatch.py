"""The queue and the need page."""

from datetime import date
from typing import Any

from node.domain.consent import Consent
from node.domain.notices import Kind, Notice, Status
from node.domain.peers import Peer
from node.domain.responses import Response
from node.domain.sealed import Contact, SealedNote
from node.services import needs
from node.services.community import Community


async def test_the_queue_goes_by_day_then_by_our_delay_and_says_so(dispatcher: Any, ask: Any, clock: Any) -> None:
    await ask(title="Asked first")
    clock.go_on(days=2)
    await ask(title="Asked later")
    await ask(title="Needed on Friday", needed_by=date(2031, 5, 9))
    clock.go_on(days=3)
    page = await dispatcher.get("/dispatch")
    places = [page.text.index(title) for title in ("Needed on Friday", "Asked first", "Asked later")]
    assert places == sorted(places)
    assert "then by how long we have kept someone waiting" in page.text
    assert "waiting for 5 days" in page.text


async def test_the_queue_shows_no_names_and_counts_nobody(dispatcher: Any, ask: Any) -> None:
    for number in range(3):
        await ask(title=f"Bread {'abc'[number]}")
    page = await dispatcher.get("/dispatch")
    words = page.text.partition("Needs waiting Needs Offers")[2]
    assert "Ruta" not in page.html
    assert "555 0134" not in words
    assert "3" not in words.partition("Rather talk?")[0]


async def test_needs_and_offers_are_two_equal_lists(dispatcher: Any, ask: Any) -> None:
    await ask(title="A lift")
    await ask(Kind.OFFER, title="Boxes of carrots")
    assert "Boxes of carrots" not in (await dispatcher.get("/dispatch")).text
    page = await dispatcher.get("/dispatch?kind=offer")
    assert "Boxes of carrots" in page.text
    assert "A lift" not in page.text


async def test_an_empty_queue_says_what_to_do_next(dispatcher: Any) -> None:
    page = await dispatcher.get("/dispatch")
    assert "No need is waiting" in page.text
    assert "/ask" in page.read.links


async def test_a_waiting_answer_is_mentioned_in_words(dispatcher: Any, need: Notice, offered: Response) -> None:
    page = await dispatcher.get("/dispatch")
    assert f"/responses/{offered.id}" in page.read.links
    assert "A community offers to help: answer" in page.text


async def test_closed_ones_leave_the_queue(dispatcher: Any, need: Notice) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/status", status="met")
    assert page.status == 303
    assert need.wording.title not in (await dispatcher.get("/dispatch")).text


async def test_the_status_is_changed(dispatcher: Any, need: Notice, community: Community) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/status", status="paused", note="until Monday")
    assert page.location == f"/dispatch/{need.id}?changed=status"
    assert (await needs.get(community, need.id)).status is Status.PAUSED
    assert "It is noted where this stands now." in (await dispatcher.get(page.location)).text


async def test_a_status_nobody_can_choose_is_told_beside_the_field(
    dispatcher: Any, need: Notice, community: Community
) -> None:
    for status, code in (("", 422), ("rejected", 422)):
        page = await dispatcher.post(f"/dispatch/{need.id}/status", status=status)
        assert page.status == code
        assert 'href="#status"' in page.html
        assert 'id="status-wrong"' in page.html
    await dispatcher.post(f"/dispatch/{need.id}/status", status="open")
    page = await dispatcher.post(f"/dispatch/{need.id}/status", status="new")
    assert page.status == 409
    assert (await needs.get(community, need.id)).status is Status.OPEN


async def test_the_sealed_note_is_not_on_the_need_page(dispatcher: Any, need: Notice) -> None:
    page = await dispatcher.get(f"/dispatch/{need.id}")
    assert "Open the sealed note" in page.text
    assert not [word for word in ("Ruta", "555 0134", "blue door", "Knock twice") if word in page.html]


async def test_opening_shows_it_once_and_is_written_down(dispatcher: Any, need: Notice) -> None:
    opened = await dispatcher.post(f"/dispatch/{need.id}/sealed", why="calling back")
    assert opened.status == 200
    assert [word for word in ("Ruta", "555 0134", "blue door", "Knock twice") if word not in opened.text] == []
    assert opened.headers["Cache-Control"] == "no-store"
    page = await dispatcher.get(f"/dispatch/{need.id}")
    assert "Bo: calling back" in page.text
    assert "Ruta" not in page.html


async def test_the_sealed_note_cannot_be_opened_by_a_link(dispatcher: Any, need: Notice) -> None:
    page = await dispatcher.get(f"/dispatch/{need.id}/sealed")
    assert page.status == 405
    assert "Nobody has opened it yet." in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_words_of_a_sealed_note_are_shown_as_words(dispatcher: Any, ask: Any) -> None:
    # T-32
    note = SealedNote(name="<b>Ruta</b>", contact=(Contact("text", "<img src=x>"),))
    need = await ask(sealed=note, title="<i>Bread</i>")
    opened = await dispatcher.post(f"/dispatch/{need.id}/sealed")
    assert "<b>Ruta" not in opened.html
    assert "<img src=x" not in opened.html
    assert "<i>Bread" not in (await dispatcher.get("/dispatch")).html


async def test_an_empty_sealed_note_is_said(dispatcher: Any, ask: Any) -> None:
    need = await ask(sealed=SealedNote())
    assert "The note is empty" in (await dispatcher.post(f"/dispatch/{need.id}/sealed")).text


async def test_consent_is_said_in_words(dispatcher: Any, ask: Any, peer: Peer) -> None:
    nobody = await ask(consent=Consent())
    page = await dispatcher.get(f"/dispatch/{nobody.id}")
    assert "Only dispatchers see it here." in page.text
    assert "No neighbouring community may see it yet. Ask the person first." in page.text
    some = await ask(consent=Consent(board=True, peers=(peer.id,), public=True))
    page = await dispatcher.get(f"/dispatch/{some.id}")
    assert "These neighbouring communities may see the notice: Willow Court." in page.text
    assert "Everyone may see the notice." in page.text


async def test_the_wording_is_corrected_and_the_rest_stays(dispatcher: Any, need: Notice, community: Community) -> None:
    form = await dispatcher.get(f"/dispatch/{need.id}/wording")
    assert 'value="Diapers, size 4"' in form.html
    page = await dispatcher.post(
        f"/dispatch/{need.id}/wording",
        title="Diapers, size 5",
        category="baby",
        urgency="this week",
        quantity="3",
        needed_by="09.05.2031",
    )
    assert page.location == f"/dispatch/{need.id}?changed=wording"
    changed = await needs.get(community, need.id)
    assert (changed.wording.title, changed.wording.needed_by) == ("Diapers, size 5", date(2031, 5, 9))
    assert changed.wording.languages == need.wording.languages


async def test_wrong_words_come_back_as_they_were_typed(dispatcher: Any, need: Notice, community: Community) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/wording", title="", category="baby", quantity="many")
    assert page.status == 422
    assert 'id="quantity-wrong"' in page.html
    assert 'value="many"' in page.html
    assert 'href="#quantity"' in page.html
    page = await dispatcher.post(f"/dispatch/{need.id}/wording", title="", category="baby", quantity="2")
    assert page.status == 422
    assert 'id="title-wrong"' in page.html
    assert (await needs.get(community, need.id)).wording == need.wording


async def test_a_paused_need_cannot_be_shared_from_its_page(dispatcher: Any, need: Notice) -> None:
    assert f"/dispatch/{need.id}/share" in (await dispatcher.get(f"/dispatch/{need.id}")).read.links
    await dispatcher.post(f"/dispatch/{need.id}/status", status="paused")
    page = await dispatcher.get(f"/dispatch/{need.id}")
    assert f"/dispatch/{need.id}/share" not in page.read.links
    assert "To share it, open it first." in page.text
