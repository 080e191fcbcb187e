"""What was agreed to on dispatchers' pages: seen, written down on somebody's word, asked for before sharing."""

import re
from typing import Any

import pytest

from node.domain.consent import ALL, Asking, Channel, Consent, Question, Use
from node.domain.notices import Notice
from node.domain.peers import Peer
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Share
from node.services import call_backs, consents, needs, shares
from node.services.community import Community
from node.storage.sealed_notes import SealedNotes
from tests.unit.web_members.visitor import Page

SAID = {"question": "peers", "answer": "yes", "channel": "phone", "language": "en"}
SHARING = {"level": "peers", "text": "Two packs would do.", "lease_hours": "48"}


async def newest(community: Community, notice: Notice) -> consents.ConsentLine:
    return (await consents.history(community, notice.id))[-1]


def words_of(page: Page, key: str) -> str:
    """The question beside one choice."""
    found = re.search(rf'value="{key}".*?<span class="more"[^>]*>(.*?)<br>', page.html, re.DOTALL)
    assert found
    return found[1]


async def test_an_answer_is_written_down_with_the_words_on_the_page(
    dispatcher: Any, ask: Any, community: Community
) -> None:
    need = await ask(consent=Consent())
    path = f"/dispatch/{need.id}/consent"
    page = await dispatcher.get(path)
    done = await dispatcher.post(path, **(SAID | {"channel": "in person"}))
    assert done.location == f"{path}?noted"
    line = await newest(community, need)
    assert line.entry.wording == words_of(page, "peers")
    assert line.entry.question == Question(Use.PEERS) and line.entry.is_given
    assert (line.entry.asking.channel, line.entry.asking.language, line.by_name) == (Channel.IN_PERSON, "en", "Bo")
    assert line.entry.at == community.now()
    after = await dispatcher.get(path)
    assert "All neighbouring communities: yes" in after.text
    assert "face to face · English · written down by Bo" in after.text
    assert (await needs.get(community, need.id)).consent == Consent(peers=ALL)
    assert "All neighbouring communities yes" in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_a_no_on_their_word_ends_the_shares_beyond_it(
    dispatcher: Any, need: Notice, share: Share, community: Community
) -> None:
    await dispatcher.post(f"/dispatch/{need.id}/consent", **(SAID | {"answer": "no"}))
    assert not (await shares.get(community, share.id)).share.is_shown
    assert (await dispatcher.post(f"/dispatch/{need.id}/share", step="share", **SHARING)).status == 409


async def test_a_no_to_something_else_leaves_the_share(
    dispatcher: Any, need: Notice, share: Share, community: Community
) -> None:
    await dispatcher.post(f"/dispatch/{need.id}/consent", **(SAID | {"question": "public", "answer": "no"}))
    assert (await shares.get(community, share.id)).share.is_shown


async def test_a_single_community_can_be_agreed_to(dispatcher: Any, ask: Any, peer: Peer, community: Community) -> None:
    need = await ask(consent=Consent())
    path = f"/dispatch/{need.id}/consent"
    assert "May Willow Court see the words" in (await dispatcher.get(path)).text
    await dispatcher.post(path, **(SAID | {"question": f"named:{peer.id}"}))
    assert (await needs.get(community, need.id)).consent == Consent(peers=(peer.id,))
    page = await dispatcher.post(f"/dispatch/{need.id}/share", **(SHARING | {"level": "named", "peers": peer.id}))
    assert 'value="share"' in page.html


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question": "everything"}, "question"),
        ({"question": "dispatchers", "answer": "no"}, "question"),
        ({"answer": ""}, "answer"),
        ({"answer": "maybe"}, "answer"),
        ({"channel": ""}, "channel"),
        ({"channel": "web"}, "channel"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(
    dispatcher: Any, need: Notice, community: Community, wrong: dict[str, str], field: str
) -> None:
    before = await consents.history(community, need.id)
    page = await dispatcher.post(f"/dispatch/{need.id}/consent", **(SAID | wrong))
    assert page.status == 422
    assert f'id="{field}-wrong"' in page.html and field in page.read.ids
    assert await consents.history(community, need.id) == before


async def test_an_unknown_language_is_the_pages_own(dispatcher: Any, need: Notice, community: Community) -> None:
    await dispatcher.post(f"/dispatch/{need.id}/consent", **(SAID | {"language": "x" * 99, "question": "board"}))
    assert (await newest(community, need)).entry.asking.language == "en"


async def test_no_message_any_more_is_also_what_the_sealed_note_says(
    dispatcher: Any, need: Notice, community: Community
) -> None:
    assert "A message may be left." in (await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call")).text
    await dispatcher.post(f"/dispatch/{need.id}/consent", **(SAID | {"question": "message", "answer": "no"}))
    assert "Please leave no message." in (await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call")).text
    await dispatcher.post(f"/dispatch/{need.id}/consent", **(SAID | {"question": "message"}))
    assert "A message may be left." in (await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call")).text


async def test_of_several_ways_to_reach_them_nobody_guesses_which_is_safe(
    dispatcher: Any, ask: Any, community: Community
) -> None:
    sealed = SealedNote(contact=(Contact("phone", "555 0134"), Contact("phone", "555 0135")))
    need = await ask(sealed=sealed)
    before = await consents.history(community, need.id)
    page = await dispatcher.post(f"/dispatch/{need.id}/consent", **(SAID | {"question": "message"}))
    assert page.status == 409
    assert "Ask which of them is safe" in page.text
    assert await consents.history(community, need.id) == before
    async with community.database.reading() as work:
        assert await SealedNotes(work).open(need.id) == sealed


async def test_without_consent_the_person_is_asked_first(
    dispatcher: Any, ask: Any, peer: Peer, community: Community
) -> None:
    need = await ask(consent=Consent(board=True))
    path = f"/dispatch/{need.id}/share"
    blocked = await dispatcher.post(path, step="preview", **SHARING)
    assert "Ask the person first" in blocked.text and 'value="ask"' in blocked.html
    forced = await dispatcher.post(path, step="share", **SHARING)
    assert forced.status == 409
    assert "did not agree to every neighbouring community" in forced.text
    assert 'value="ask"' in forced.html
    assert "Two packs would do." in forced.html  # as typed
    done = await dispatcher.post(path, step="ask", due="2031-05-06", **SHARING)
    assert done.location == f"/dispatch/{need.id}?changed=ask"
    assert await shares.shares_of(community, need.id) == ()
    (line,) = await call_backs.due(community)
    place = f"/dispatch/{need.id}/call-backs/{line.call_back.id}"
    for shown in (await dispatcher.get("/dispatch"), await dispatcher.get(f"/dispatch/{need.id}")):
        assert "May all neighbouring communities see the words of your request" in shown.text
        assert "Tue 6 May 2031" in shown.text
        assert place in shown.read.links


async def test_the_answer_settles_it(dispatcher: Any, ask: Any, peer: Peer, community: Community) -> None:
    need = await ask(consent=Consent())
    await dispatcher.post(f"/dispatch/{need.id}/share", step="ask", **SHARING)
    (line,) = await call_backs.due(community)
    place = f"/dispatch/{need.id}/call-backs/{line.call_back.id}"
    page = await dispatcher.get(place)
    assert "May all neighbouring communities see the words of your request" in page.text
    assert "Two packs would do." in page.text
    missing = await dispatcher.post(place, answer="yes")
    assert missing.status == 422 and 'id="channel-wrong"' in missing.html
    done = await dispatcher.post(place, answer="yes", channel="phone", language="en")
    assert done.location == f"/dispatch/{need.id}?changed=answer"
    assert await call_backs.due(community) == ()
    assert "This has been answered." in (await dispatcher.get(place)).text
    entry = (await newest(community, need)).entry
    assert entry.wording.startswith("May all neighbouring communities see the words of your request")
    assert (await dispatcher.post(f"/dispatch/{need.id}/share", step="share", **SHARING)).status == 303
    again = await dispatcher.post(place, answer="no", channel="phone", language="en")
    assert again.status == 303  # it was answered; nothing is taken back by a form that was sent twice
    assert (await needs.get(community, need.id)).consent.covers_all_peers


async def test_each_community_is_asked_for_with_words_of_its_own(
    dispatcher: Any, ask: Any, make_peer: Any, community: Community
) -> None:
    willow, hill = await make_peer(), await make_peer("Hill Kitchen")
    need = await ask(consent=Consent())
    wanted = SHARING | {"level": "named", "peers": [willow.id, hill.id]}
    await dispatcher.post(f"/dispatch/{need.id}/share", step="ask", **wanted)
    (line,) = await call_backs.due(community)
    place = f"/dispatch/{need.id}/call-backs/{line.call_back.id}"
    await dispatcher.post(place, answer="no", channel="on behalf", language="en")
    rows = (await consents.history(community, need.id))[-2:]
    assert {(row.peer_name, row.entry.is_given) for row in rows} == {("Willow Court", False), ("Hill Kitchen", False)}
    assert all(row.peer_name in row.entry.wording for row in rows)


async def test_the_same_question_waits_once(dispatcher: Any, ask: Any, peer: Peer, community: Community) -> None:
    need = await ask(consent=Consent())
    for _ in range(2):
        await dispatcher.post(f"/dispatch/{need.id}/share", step="ask", **SHARING)
    assert len(await call_backs.due(community)) == 1


async def test_nobody_is_asked_for_what_they_agreed_to(dispatcher: Any, need: Notice, peer: Peer) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="ask", **SHARING)
    assert page.status == 409
    assert "has agreed to this already" in page.text


async def test_a_day_that_is_over_is_said_beside_it(dispatcher: Any, ask: Any, peer: Peer) -> None:
    need = await ask(consent=Consent())
    page = await dispatcher.post(f"/dispatch/{need.id}/share", step="ask", due="2031-05-01", **SHARING)
    assert page.status == 422
    assert 'id="due-wrong"' in page.html
    assert "Two packs would do." in page.html


async def test_whoever_closes_it_asks_nobody_any_more(
    dispatcher: Any, ask: Any, peer: Peer, community: Community
) -> None:
    need = await ask(consent=Consent())
    await dispatcher.post(f"/dispatch/{need.id}/share", step="ask", **SHARING)
    await dispatcher.post(f"/dispatch/{need.id}/status", status="met")
    assert "Ask first" not in (await dispatcher.get("/dispatch")).text
    assert "Ask the person first: may we" not in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_helpers_see_none_of_it(helper: Any, need: Notice) -> None:
    assert (await helper.get(f"/dispatch/{need.id}/consent")).status == 403
    assert (await helper.post(f"/dispatch/{need.id}/consent", **SAID)).status == 403


async def test_what_an_import_brought_without_words_says_so(
    dispatcher: Any, need: Notice, community: Community
) -> None:
    page = await dispatcher.get(f"/dispatch/{need.id}/consent")
    assert "The words were not written down." in page.text
    assert "nobody noted how" in page.text
    entry = (await consents.history(community, need.id))[0].entry
    assert entry.asking == Asking(Channel.UNKNOWN, "", None)
