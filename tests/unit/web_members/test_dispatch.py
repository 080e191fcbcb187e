"""The queue and the need page."""

from datetime import date
from typing import Any

import pytest

from node.domain.consent import Consent
from node.domain.notices import NOTE_LIMIT, Kind, Notice, Status
from node.domain.peers import Peer
from node.domain.responses import Response
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Share
from node.services import clocks, needs
from node.services.community import Community
from node.services.history import MOST_STEPS
from node.storage.audit import AuditEntry
from node.web.dispatch import LINES_EACH


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
    assert "3" not in words.partition("Rather talk?")[0].replace("2031", "")


async def test_of_a_long_part_the_first_lines_stand_there_and_the_rest_is_one_step_away(
    dispatcher: Any, ask: Any, clock: Any
) -> None:
    for number in range(LINES_EACH + 2):
        await ask(title=f"Thing {number}.")
        clock.go_on(hours=1)
    page = await dispatcher.get("/dispatch?q=Thing")
    assert f"Thing {LINES_EACH - 1}." in page.text and f"Thing {LINES_EACH}." not in page.text
    assert "There is more in this part. Show all of “New”" in page.text
    assert 'href="/dispatch?kind=need&amp;part=new&amp;q=Thing"' in page.html
    whole = await dispatcher.get("/dispatch?kind=need&part=new&q=Thing")
    assert f"Thing {LINES_EACH + 1}." in whole.text and "There is more in this part." not in whole.text


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


async def test_a_new_need_is_not_said_to_be_open(dispatcher: Any, need: Notice, community: Community) -> None:
    """Somebody is getting in touch; a note alone leaves it so."""
    page = await dispatcher.get(f"/dispatch/{need.id}")
    assert "Somebody here is getting in touch." in page.text
    assert '<option value="new" selected>Getting in touch</option>' in page.html
    await dispatcher.post(f"/dispatch/{need.id}/status", status="new", note="Left a message.")
    assert (await needs.get(community, need.id)).status is Status.NEW
    assert "It is noted as: new. Left a message." in (await dispatcher.get(f"/dispatch/{need.id}")).text
    await dispatcher.post(f"/dispatch/{need.id}/status", status="open")
    assert 'value="new"' not in (await dispatcher.get(f"/dispatch/{need.id}")).html


async def test_what_happened_stands_on_the_page_with_the_words(
    dispatcher: Any, need: Notice, share: Share, clock: Any
) -> None:
    """The newest first, with who did it; readings and what other programs wrote down are not among it."""
    clock.go_on(hours=1)
    await dispatcher.post(f"/dispatch/{need.id}/status", status="paused", note=" until <Monday> ")
    await dispatcher.post(f"/dispatch/{need.id}/sealed", why="calling back")
    page = await dispatcher.get(f"/dispatch/{need.id}")
    story = page.text.partition("What happened so far")[2]
    places = [
        story.index(words) for words in ("It is noted as: paused. until <Monday>", "It was shared.", "It came in.")
    ]
    assert places == sorted(places)
    assert "Bo It is noted as: paused." in story
    assert "<Monday>" not in page.html
    assert "calling back" not in story


async def test_too_many_words_come_back_as_they_were_typed(dispatcher: Any, need: Notice) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/status", status="open", note="x" * (NOTE_LIMIT + 1))
    assert page.status == 422
    assert 'id="note-wrong"' in page.html
    assert f'value="{"x" * (NOTE_LIMIT + 1)}"' in page.html
    assert "new" in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_only_so_many_steps_are_told(dispatcher: Any, need: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_STEPS == 50
    monkeypatch.setattr("node.services.history.MOST_STEPS", 1)
    await dispatcher.post(f"/dispatch/{need.id}/status", status="open")
    story = (await dispatcher.get(f"/dispatch/{need.id}")).text.partition("What happened so far")[2]
    assert "It is noted as: open." in story
    assert "It came in." not in story


async def test_older_lines_are_read_too(dispatcher: Any, need: Notice, community: Community, clock: Any) -> None:
    """They have the words in brackets, cut where the line was full."""
    async with community.database.unit_of_work() as work:
        for words in ("taken on (Ruta drives)", "no longer needed (she found some herse"):
            await work.audit.add(AuditEntry(clock(), None, f"set the status: {words}", need.id))
    story = (await dispatcher.get(f"/dispatch/{need.id}")).text.partition("What happened so far")[2]
    assert "It is noted as: taken on. Ruta drives" in story
    assert "It is noted as: no longer needed. she found some herse" in story


async def test_what_was_noted_is_erased_with_the_sealed_note(
    dispatcher: Any, need: Notice, community: Community, clock: Any
) -> None:
    await dispatcher.post(f"/dispatch/{need.id}/status", status="met", note="Left at the blue door.")
    clock.go_on(days=15)
    await clocks.run_due(community)
    page = await dispatcher.get(f"/dispatch/{need.id}")
    assert "Left at the blue door." not in page.text
    assert "It is noted as: met." in page.text
    assert "The sealed note was erased: its time was over." in page.text


@pytest.mark.parametrize(
    ("method", "value", "link"),
    [
        ("phone", "+44 (0)20 7946-0123", "tel:+442079460123"),
        ("phone", "555 0134, evenings", "tel:5550134"),
        ("text", "555 0134", "sms:5550134"),
        ("whatsapp", "+44 7700 900102", "tel:+447700900102"),
        ("email", " ruta@mail.example ", "mailto:ruta@mail.example"),
        ("email", "ruta@mail.example?cc=x@y.example", ""),
        ("phone", "ask at the bakery", ""),
        ("through someone", "Maria, 555 0199", ""),
    ],
)
async def test_a_way_to_reach_somebody_works_at_a_tap(
    dispatcher: Any, ask: Any, method: str, value: str, link: str
) -> None:
    need = await ask(sealed=SealedNote(contact=(Contact(method, value),)))
    page = await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call")
    found = [one for one in page.read.links if one.startswith(("tel:", "sms:", "mailto:")) and "0205550100" not in one]
    assert found == ([link] if link else [])
    assert value.strip() in page.text


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
    opened = await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call", words="about Thursday")
    assert opened.status == 200
    assert [word for word in ("Ruta", "555 0134", "blue door", "Knock twice") if word not in opened.text] == []
    assert opened.headers["Cache-Control"] == "no-store"
    page = await dispatcher.get(f"/dispatch/{need.id}")
    assert "Bo: to call them: “about Thursday”" in page.text
    assert "(what to call them, how to reach them, their address, further words for the door)" in page.text
    assert "Ruta" not in page.html


async def test_the_sealed_note_cannot_be_opened_by_a_link(dispatcher: Any, need: Notice) -> None:
    page = await dispatcher.get(f"/dispatch/{need.id}/sealed")
    assert page.status == 405
    assert "Nobody has opened it yet." in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_words_of_a_sealed_note_are_shown_as_words(dispatcher: Any, ask: Any) -> None:
    # T-32
    note = SealedNote(name="<b>Ruta</b>", contact=(Contact("text", "<img src=x>"),))
    need = await ask(sealed=note, title="<i>Bread</i>")
    opened = await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call")
    assert "<b>Ruta" not in opened.html
    assert "<img src=x" not in opened.html
    assert "<i>Bread" not in (await dispatcher.get("/dispatch")).html


async def test_an_empty_sealed_note_is_said(dispatcher: Any, ask: Any) -> None:
    need = await ask(sealed=SealedNote())
    assert "The note is empty" in (await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call")).text


async def test_consent_is_said_in_words(dispatcher: Any, ask: Any, peer: Peer) -> None:
    nobody = await ask(consent=Consent())
    page = await dispatcher.get(f"/dispatch/{nobody.id}")
    for whom in ("Helpers of this community", "All neighbouring communities", "Everyone"):
        assert f"{whom} not asked" in page.text
    some = await ask(consent=Consent(board=True, peers=(peer.id,), public=True))
    page = await dispatcher.get(f"/dispatch/{some.id}")
    for whom in ("Helpers of this community", "Willow Court", "Everyone"):
        assert f"{whom} yes Sun 4 May 2031" in page.text
    assert "All neighbouring communities not asked" in page.text


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
