"""Sharing: choose, see exactly what would be sent, share once, and stop."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from node.domain.areas import Area
from node.domain.consent import ALL, Consent
from node.domain.errors import Invalid
from node.domain.notices import Notice, Status, Urgency
from node.domain.peers import FollowState, Peer
from node.domain.shares import Level, RecipientState, Share, ShareRequest
from node.services import members, needs, shares
from node.services.community import Community, profile, save_profile
from node.storage.shares import RecipientMark

CHOICES = {"level": "peers", "text": "Two packs would do.", "lease_hours": "48"}


def _document(html: str) -> dict[str, Any]:
    found = re.search(r'<pre class="document"[^>]*>(.*?)</pre>', html, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(unescape(found[1]))
    return read


async def test_nothing_leaves_before_the_second_step(
    dispatcher: Any, need: Notice, peer: Peer, community: Community
) -> None:
    # C-131
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="preview", **CHOICES)
    assert page.status == 200
    assert await shares.shares_of(community, need.id) == ()


async def test_the_preview_is_what_is_then_sent(
    dispatcher: Any, need: Notice, peer: Peer, community: Community
) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="preview", **CHOICES)
    fields = page.form(f"/dispatch/{need.id}/share")
    before = _document(page.html)
    done = await dispatcher.post(f"/dispatch/{need.id}/share", **(fields | {"step": "share", "csrf": dispatcher.csrf}))
    (share,) = await shares.shares_of(community, need.id)
    assert done.location == f"/shares/{share.id}?shared"
    async with community.database.reading() as work:
        published = await work.shares.get(share.id)
        written_down = await work.audit.about(need.id, "shared a notice")
    assert published is not None
    assert json.loads(published.document) == before  # to the letter, its id among it
    assert written_down  # C-131
    assert "Two packs would do." in page.text


async def test_the_same_form_twice_shares_once(dispatcher: Any, need: Notice, peer: Peer, community: Community) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="preview", **CHOICES)
    fields = page.form(f"/dispatch/{need.id}/share") | {"step": "share", "csrf": dispatcher.csrf}
    first = await dispatcher.post(f"/dispatch/{need.id}/share", **fields)
    again = await dispatcher.post(f"/dispatch/{need.id}/share", **fields)
    assert first.location == again.location
    assert len(await shares.shares_of(community, need.id)) == 1


@pytest.mark.parametrize(
    ("consent", "choice", "reason"),
    [
        (Consent(), {"level": "named", "peers": "peer-willow"}, "did not agree to each of these communities"),
        (Consent(peers=("peer-willow",)), {"level": "peers"}, "did not agree to every neighbouring community"),
        (Consent(peers=ALL), {"level": "public"}, "did not agree to everyone seeing it"),
    ],
)
async def test_without_consent_there_is_a_reason_and_no_button(
    dispatcher: Any, ask: Any, peer: Peer, community: Community, consent: Consent, choice: dict[str, str], reason: str
) -> None:
    need = await ask(consent=consent)
    path = f"/dispatch/{need.id}/share"
    page = await dispatcher.post(path, **(CHOICES | choice | {"step": "preview"}))
    assert reason in page.text
    assert "Ask the person first" in page.text
    assert 'value="share"' not in page.html
    forced = await dispatcher.post(path, **(CHOICES | choice | {"step": "share"}))
    assert forced.status == 409
    assert await shares.shares_of(community, need.id) == ()


async def test_delicate_matters_are_public_only_by_a_stewards_decision(
    dispatcher: Any, steward: Any, ask: Any, community: Community
) -> None:
    need = await ask(title="Rent", category="money", consent=Consent(peers=ALL, public=True))
    path = f"/dispatch/{need.id}/share"
    wanted = CHOICES | {"level": "public", "override": "yes"}
    assert "override" not in (await dispatcher.get(path)).names(path)
    assert (await dispatcher.post(path, **(wanted | {"step": "share"}))).status == 409
    assert await shares.shares_of(community, need.id) == ()
    assert "override" in (await steward.get(path)).names(path)
    without = await steward.post(path, **(wanted | {"step": "preview", "override": ""}))
    assert 'value="share"' not in without.html
    page = await steward.post(path, **(wanted | {"step": "preview"}))
    fields = page.form(path) | {"step": "share", "csrf": steward.csrf}
    assert (await steward.post(path, **fields)).status == 303
    (share,) = await shares.shares_of(community, need.id)
    assert share.level is Level.PUBLIC


async def test_telling_details_are_warned_of_or_refused(dispatcher: Any, need: Notice, peer: Peer) -> None:
    # C-130
    path = f"/dispatch/{need.id}/share"
    street = await dispatcher.post(path, **(CHOICES | {"step": "preview", "text": "Near 12 Mill Road"}))
    assert "This looks like a street address: 12 Mill Road" in street.text
    assert 'value="share"' in street.html
    assert 'name="read"' in street.html
    number = await dispatcher.post(path, **(CHOICES | {"step": "preview", "text": "Call 020 555 0177"}))
    assert "looks like a telephone number" in number.text
    assert 'value="share"' not in number.html
    forced = await dispatcher.post(path, **(CHOICES | {"step": "share", "text": "Call 020 555 0177"}))
    assert forced.status == 422
    assert 'id="text-wrong"' in forced.html


async def test_a_warning_is_read_before_it_goes(
    dispatcher: Any, need: Notice, peer: Peer, community: Community
) -> None:
    path, typed = f"/dispatch/{need.id}/share", CHOICES | {"text": "Ruta lives near 12 Mill Road", "lease_hours": "7"}
    page = await dispatcher.post(path, step="preview", **typed)
    assert "This may be somebody's name, and it also stands in the sealed note: Ruta" in page.text
    fields = page.form(path) | {"step": "share", "csrf": dispatcher.csrf}
    unread = await dispatcher.post(path, **fields)
    assert unread.status == 422
    assert 'id="read-wrong"' in unread.html and "read" in unread.read.ids
    assert unread.form(path) | {"csrf": ""} == page.form(path) | {"csrf": ""}, "everything as it was typed"
    assert await shares.shares_of(community, need.id) == ()
    mark = re.search(r'name="read" value="([0-9a-f]+)"', unread.html)
    assert mark
    other = await dispatcher.post(path, **(fields | {"read": mark[1], "text": "Ruta lives near 14 Mill Road"}))
    assert other.status == 422, "another warning is not the one that was read"
    assert (await dispatcher.post(path, **(fields | {"read": mark[1]}))).status == 303
    assert len(await shares.shares_of(community, need.id)) == 1


async def test_comparing_is_no_opening_and_shows_nothing_of_the_sealed_note(
    dispatcher: Any, need: Notice, peer: Peer, community: Community
) -> None:
    typed = CHOICES | {"text": "For the blue house"}
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="preview", **typed)
    for word in ("Ruta", "555 0134", "the blue door", "Knock"):
        assert word not in page.html
    assert "Nobody has opened it yet." in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_without_a_warning_there_is_nothing_to_tick(dispatcher: Any, need: Notice, peer: Peer) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="preview", **CHOICES)
    assert 'name="read"' not in page.html
    assert "Read these once more" not in page.text


async def test_beside_the_text_stands_what_else_the_document_says(
    dispatcher: Any, ask: Any, peer: Peer, community: Community
) -> None:
    middle = Area("Harbour", Decimal("51.5432"), Decimal("-0.1234"))
    await save_profile(community, replace(await profile(community), areas=(middle,)))
    need = await ask(urgency=Urgency.TODAY, needed_by=date(2031, 5, 9))
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="preview", **CHOICES)
    assert "about 5 km around 51.55, -0.15" in page.text
    assert "Today, or unsafe" in page.text
    assert "Fri 9 May 2031, 23:59 UTC" in page.text
    assert page.html.index('class="letter"') < page.html.index('class="facts"', page.html.index('class="letter"'))
    assert re.search(r"<details>\s*<summary>The whole document, as it is sent</summary>\s*<pre", page.html)


async def test_an_area_that_is_none_of_ours_is_pointed_out(
    dispatcher: Any, ask: Any, peer: Peer, community: Community
) -> None:
    areas = (Area("Harbour"), Area("Old Town"))
    await save_profile(community, replace(await profile(community), areas=areas))
    strange = await ask(area="corner of Mill Road")
    page = await dispatcher.post(f"/dispatch/{strange.id}/share", step="preview", **CHOICES)
    assert "others would read it as it is written: corner of Mill Road" in page.text
    ours = await ask(area="Old Town")
    page = await dispatcher.post(f"/dispatch/{ours.id}/share", step="preview", **CHOICES)
    assert "Read these once more" not in page.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"level": ""}, "level"),
        ({"level": "planet"}, "level"),
        ({"level": "named"}, "peers"),
        ({"lease_hours": "many"}, "lease_hours"),
        ({"lease_hours": "0"}, "lease_hours"),
        ({"reply_by": "soon"}, "reply_by"),
        ({"reply_by": "2031-05-01"}, "reply_by"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    dispatcher: Any, need: Notice, peer: Peer, wrong: dict[str, str], field: str
) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/share", **(CHOICES | {"step": "preview"} | wrong))
    assert page.status == 422
    assert f'id="{field}-wrong"' in page.html
    assert f'href="#{field}"' in page.html
    assert field in page.read.ids


async def test_a_day_that_is_over_is_said_on_the_form(dispatcher: Any, ask: Any, peer: Peer, clock: Any) -> None:
    need = await ask(needed_by=date(2031, 5, 5))
    clock.go_on(days=3)
    page = await dispatcher.post(f"/dispatch/{need.id}/share", **(CHOICES | {"step": "preview"}))
    assert page.status == 409
    assert "The day it was needed by is over." in page.text


async def test_going_back_keeps_what_was_chosen(dispatcher: Any, need: Notice, peer: Peer) -> None:
    wanted = CHOICES | {"level": "named", "peers": peer.id, "text": "Other words", "lease_hours": "7"}
    page = await dispatcher.post(f"/dispatch/{need.id}/share", **(wanted | {"step": "preview"}))
    fields = page.form(f"/dispatch/{need.id}/share") | {"step": "choose", "csrf": dispatcher.csrf}
    back = await dispatcher.post(f"/dispatch/{need.id}/share", **fields)
    assert back.status == 200
    assert "Other words" in back.text
    assert 'value="7"' in back.html
    assert re.search(r'value="peer-willow" checked', back.html)


async def test_only_linked_communities_can_be_chosen(dispatcher: Any, need: Notice, make_peer: Any) -> None:
    await make_peer()
    await make_peer("Hill Kitchen", incoming=FollowState.ASKED)
    await make_peer("River Hands", paused=True)
    await make_peer("Stone Bridge", blocked=True)
    page = await dispatcher.get(f"/dispatch/{need.id}/share")
    assert "Willow Court" in page.text
    assert not [name for name in ("Hill Kitchen", "River Hands", "Stone Bridge") if name in page.text]


async def test_with_nobody_linked_the_page_says_so(dispatcher: Any, need: Notice) -> None:
    page = await dispatcher.get(f"/dispatch/{need.id}/share")
    assert "We are not linked with any community yet" in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RecipientState.WAITING, "Waiting to be sent."),
        (RecipientState.SENT, "Sent. They have a copy."),
        (RecipientState.UNREACHABLE, "Could not be reached."),
        (RecipientState.ERASING, "Their answer is still to come."),
        (RecipientState.ERASED, "Erased. They confirmed it."),
    ],
)
async def test_the_record_says_what_became_of_each_copy(
    dispatcher: Any, share: Share, community: Community, state: RecipientState, words: str
) -> None:
    async with community.database.unit_of_work() as work:
        await work.shares.mark(RecipientMark(share.id, state), community.now())
    page = await dispatcher.get(f"/shares/{share.id}")
    assert "Willow Court (willow.example)" in page.text
    assert words in page.text


async def test_sharing_is_stopped_after_a_word_of_what_it_means(
    dispatcher: Any, share: Share, need: Notice, community: Community
) -> None:
    page = await dispatcher.get(f"/shares/{share.id}/stop")
    assert "asked to erase it" in page.text
    assert (await shares.get(community, share.id)).share.is_shown
    assert (await dispatcher.post(f"/shares/{share.id}/stop")).location == f"/shares/{share.id}"
    assert not (await shares.get(community, share.id)).share.is_shown
    record = await dispatcher.get(f"/shares/{share.id}")
    assert "sharing stopped" in record.text
    assert f"/shares/{share.id}/stop" not in record.read.links
    assert (await dispatcher.post(f"/shares/{share.id}/stop")).status == 303


async def test_words_that_were_harmless_when_they_went_out_stop_nothing_else(
    dispatcher: Any, community: Community, need: Notice, peer: Peer
) -> None:
    """In another country three digits and three more are a telephone number. New ones are refused as ever."""
    bo = await members.by_name(community, "Bo")
    request = ShareRequest(Level.PEERS, text="Size 030 123 would do.")
    made = await shares.share(community, need.id, request, bo)
    await save_profile(community, replace(await profile(community), contact_line="+49 30 123456"))
    await needs.change_status(community, need.id, Status.TAKEN_ON, bo)
    renamed = replace(need.wording, title="Nappies")
    await needs.correct(community, need.id, renamed, bo)
    (published,) = await shares.shares_of(community, need.id)
    assert published.id == made.id and published.updated_at > made.updated_at, "those who see it are told"
    with pytest.raises(Invalid) as problem:
        await needs.correct(community, need.id, replace(renamed, title="Nappies 089 123"), bo)
    assert "089 123" in problem.value.fields["text"]
    assert (await needs.get(community, need.id)).wording.title == "Nappies"
