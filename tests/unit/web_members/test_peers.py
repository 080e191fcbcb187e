"""Neighbouring communities: each direction in plain words, and what a steward may do."""

import re
from dataclasses import replace
from typing import Any

import pytest

from node.domain.errors import Invalid, PeerTrouble
from node.domain.link_texts import mark_of
from node.domain.peers import FollowState, Peer, PeerLevel, PeerStanding
from node.services import peers
from node.services.community import Community
from node.services.remote import Both
from node.web.peers import words_for
from tests.unit.web_members.neighbours import remote_actor


@pytest.fixture
def found(community: Community, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is found at an address: two feeds, or the error a test puts in here."""
    answer: dict[str, Any] = {"asked": []}

    async def look_up(address: str) -> Both:
        answer["asked"].append(address)
        if "error" in answer:
            raise answer["error"]
        both: Both = answer["both"]
        return both

    monkeypatch.setattr(community.remote, "look_up", look_up)
    return answer


@pytest.fixture
async def both(make_peer: Any, community: Community) -> Both:
    """A community's two feeds."""
    peer = await make_peer("Hill Kitchen", outgoing=None, incoming=None)
    async with community.database.unit_of_work() as work:
        actor = await work.peers.actor(peer.peers_actor)
        await work.peers.remove(peer.id)
    return Both(None, actor)


async def test_nobody_linked_yet(steward: Any) -> None:
    assert "We are not linked with anybody yet." in (await steward.get("/peers")).text


async def test_a_community_is_added_once(steward: Any, found: dict[str, Any], both: Both, community: Community) -> None:
    found["both"] = both
    first = await steward.post("/peers", address=" @hill@hill.example ", level="peers")
    again = await steward.post("/peers", address="@hill@hill.example", level="peers")
    (standing,) = await peers.listing(community)
    assert first.location == again.location == f"/peers/{standing.peer.id}?done=added"
    assert found["asked"][0] == "@hill@hill.example"
    page = await steward.get(first.location)
    assert "We asked to receive what they share. They have not answered yet." in page.text


@pytest.mark.parametrize(
    ("address", "error", "status"),
    [
        ("", None, 422),
        ("two words", None, 422),
        ("http://10.0.0.1/", Invalid({"address": "That address is not on the open network."}), 422),
        ("@a@b.example", PeerTrouble("No community could be found at that address."), 502),
    ],
)
async def test_a_bad_address_is_told_beside_the_field(
    steward: Any, found: dict[str, Any], community: Community, address: str, error: Exception | None, status: int
) -> None:
    if error is not None:
        found["error"] = error
    page = await steward.post("/peers", address=address, level="peers")
    assert page.status == status
    assert 'id="address-wrong"' in page.html
    assert 'href="#address"' in page.html
    if error is not None:
        assert str(error.fields["address"] if isinstance(error, Invalid) else error) in page.text
    assert await peers.listing(community) == ()


async def test_whoever_asks_stands_first(steward: Any, make_peer: Any) -> None:
    await make_peer("Alder Square")
    await make_peer("Willow Court", outgoing=None, incoming=FollowState.ASKED)
    page = await steward.get("/peers")
    assert page.text.index("Willow Court") < page.text.index("Alder Square")
    assert "They ask to receive what we share with neighbouring communities." in page.text


@pytest.mark.parametrize(
    ("level", "outgoing", "incoming", "words"),
    [
        (PeerLevel.PEERS, None, None, ("We have not asked", "They have not asked")),
        (
            PeerLevel.PEERS,
            FollowState.ASKING,
            FollowState.ASKED,
            ("They have not answered yet", "waits for our answer"),
        ),
        (
            PeerLevel.PEERS,
            FollowState.ACCEPTED,
            FollowState.ACCEPTED,
            ("share with neighbouring communities", "share with neighbouring communities"),
        ),
        (
            PeerLevel.PEERS,
            FollowState.DECLINED,
            FollowState.DECLINED,
            ("They said: not now.", "We said: not now."),
        ),
        (
            PeerLevel.PUBLIC,
            FollowState.ACCEPTED,
            FollowState.ACCEPTED,
            ("share with everyone", "share with everyone"),
        ),
        (PeerLevel.PUBLIC, FollowState.ENDED, FollowState.ENDED, ("no longer", "no longer")),
    ],
)
async def test_each_direction_has_its_sentence(
    make_peer: Any,
    level: PeerLevel,
    outgoing: FollowState | None,
    incoming: FollowState | None,
    words: tuple[str, str],
) -> None:
    peer = await make_peer(level=level)
    said = words_for(PeerStanding(peer, outgoing, incoming))
    assert words[0] in said[0]
    assert words[1] in said[1]


async def test_a_peering_is_accepted(steward: Any, make_peer: Any, community: Community, monkeypatch: Any) -> None:
    peer = await make_peer(outgoing=None, incoming=FollowState.ASKED)

    async def complete(_public: str | None, _peers: str | None) -> Both:
        async with community.database.reading() as work:
            return Both(None, await work.peers.actor(peer.peers_actor))

    monkeypatch.setattr(community.remote, "complete", complete)
    assert "They ask to be neighbours" in (await steward.get(f"/peers/{peer.id}")).text
    page = await steward.post(f"/peers/{peer.id}/accept")
    assert "You are linked." in (await steward.get(page.location)).text
    standing = await peers.get(community, peer.id)
    assert (standing.incoming, standing.outgoing) == (FollowState.ACCEPTED, FollowState.ASKING)


async def test_a_peering_is_declined(steward: Any, make_peer: Any) -> None:
    peer = await make_peer(outgoing=None, incoming=FollowState.ASKED)
    page = await steward.post(f"/peers/{peer.id}/decline")
    after = await steward.get(page.location)
    assert "We said: not now." in after.text
    assert "They ask to be neighbours" not in after.text


async def test_a_link_rests_and_wakes(steward: Any, peer: Peer, community: Community) -> None:
    page = await steward.post(f"/peers/{peer.id}/pause")
    assert "The link rests." in (await steward.get(page.location)).text
    assert (await peers.get(community, peer.id)).peer.paused
    await steward.post(f"/peers/{peer.id}/resume")
    assert not (await peers.get(community, peer.id)).peer.paused


async def test_blocking_is_explained_first(steward: Any, peer: Peer, community: Community) -> None:
    page = await steward.get(f"/peers/{peer.id}/block")
    assert "The link ends in both directions" in page.text
    assert not (await peers.get(community, peer.id)).peer.blocked
    done = await steward.post(f"/peers/{peer.id}/block")
    after = await steward.get(done.location)
    assert "We have blocked this community." in after.text
    assert f"/peers/{peer.id}/unblock" in [form["action"] for form in after.read.forms]
    await steward.post(f"/peers/{peer.id}/unblock")
    assert not (await peers.get(community, peer.id)).peer.blocked


async def test_a_link_is_ended_after_a_word_of_what_it_means(steward: Any, peer: Peer, community: Community) -> None:
    assert "They are told to erase what they hold of ours" in (await steward.get(f"/peers/{peer.id}/drop")).text
    assert await peers.listing(community)
    page = await steward.post(f"/peers/{peer.id}/drop")
    assert await peers.listing(community) == ()
    assert "The link has ended." in (await steward.get(page.location)).text


async def test_asking_for_less(steward: Any, peer: Peer, community: Community) -> None:
    page = await steward.post(f"/peers/{peer.id}/level", level="public")
    assert page.location == f"/peers/{peer.id}?done=level"
    assert (await peers.get(community, peer.id)).peer.level is PeerLevel.PUBLIC
    assert (await steward.post(f"/peers/{peer.id}/level", level="all")).status == 422


async def test_of_a_community_that_asks_us_nothing_is_asked_at_first(
    steward: Any, make_peer: Any, community: Community
) -> None:
    """The least is chosen; only what somebody chooses is asked."""
    peer = await make_peer(outgoing=None, incoming=FollowState.ASKED, level=PeerLevel.PUBLIC)
    page = await steward.get(f"/peers/{peer.id}")
    assert re.search(r'value="nothing" checked', page.html)
    assert page.html.count(" checked") == 1
    await steward.post(f"/peers/{peer.id}/level", level="nothing")
    assert (await peers.get(community, peer.id)).outgoing is None
    async with community.database.unit_of_work() as work:
        await work.peers.put_actor(remote_actor(peer.public_actor, peer.name))
    await steward.post(f"/peers/{peer.id}/level", level="public")
    standing = await peers.get(community, peer.id)
    assert (standing.outgoing, standing.incoming) == (FollowState.ASKING, FollowState.ASKED)


async def test_unknown_deeds_are_not_found(steward: Any, peer: Peer) -> None:
    assert (await steward.post(f"/peers/{peer.id}/explode")).status == 404
    assert (await steward.get(f"/peers/{peer.id}/accept")).status == 404


async def test_what_flows_is_chosen_on_a_page_of_its_own(steward: Any, make_peer: Any, community: Community) -> None:
    """What is not ticked is off; what cannot be is said, and what was ticked stays."""
    peer = await make_peer("Hill Kitchen")
    page = await steward.get(f"/peers/{peer.id}")
    assert "every category goes to them but these: Money, Housing, Health, Safety." in page.text
    done = await steward.post(f"/peers/{peer.id}/exchange", sends="meals", receives="money")
    assert done.location == f"/peers/{peer.id}?done=exchange"
    page = await steward.get(done.location)
    assert "only these categories go to them: Meals." in page.text
    assert "only these categories come into our feed: Money." in page.text
    assert "What flows between you has changed." in page.text
    wrong = await steward.post(f"/peers/{peer.id}/exchange", sends="weapons")
    assert wrong.status == 422
    assert "Choose from the categories of this community." in wrong.text
    assert (await peers.get(community, peer.id)).peer.exchange.sends == {"meals"}


async def test_their_text_is_read_before_they_are_asked(
    steward: Any, found: dict[str, Any], both: Both, community: Community
) -> None:
    assert both.peers is not None
    found["both"] = replace(both, peers=replace(both.peers, link_text="We never\npass on <names>."))
    page = await steward.post("/peers", address="@hill@hill.example", level="peers")
    assert (page.status, "pass on &lt;names&gt;." in page.html) == (200, True)
    assert await peers.listing(community) == ()
    old = await steward.post("/peers", address="@hill@hill.example", level="peers", read="an older text")
    assert old.status == 200
    done = await steward.post(
        "/peers", address="@hill@hill.example", level="peers", read=mark_of("We never\npass on <names>.")
    )
    (standing,) = await peers.listing(community)
    assert done.location == f"/peers/{standing.peer.id}?done=added"
    page = await steward.get(done.location)
    assert "We said yes to their text on" in page.text


async def test_our_card_says_how_others_link_with_us(steward: Any, community: Community) -> None:
    page = await steward.get("/peers/card")
    assert f"@{community.host}" in page.text
    assert (await steward.get("/peers/card.svg")).status == 200
    saved = await steward.post("/peers/card", text="We answer within a day.")
    assert saved.location == "/peers/card?saved"
    assert "We answer within a day." in (await steward.get(saved.location)).text
    wrong = await steward.post("/peers/card", text="x" * 2001)
    assert (wrong.status, "Please use at most 2000 characters." in wrong.text, "xxx" in wrong.text) == (422, True, True)
