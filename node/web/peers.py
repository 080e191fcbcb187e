"""Neighbouring communities: who we are linked with, in which direction, and how that is begun, rested and ended."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid, NotFound, PeerTrouble
from node.domain.link_texts import mark_of
from node.domain.members import Member
from node.domain.peers import FollowState, PeerLevel, PeerStanding
from node.domain.second_yes import of_link
from node.problems import status_of
from node.services import (
    ended_links,
    fingerprints,
    heirs,
    introductions,
    link_texts,
    peers,
    relocating,
    second_yes,
    sending,
)
from node.services.community import Community
from node.web.forms import Form, Reader, read_form
from node.web.pages import render, see_other
from node.web.peer_exchange import flow_words
from node.web.sessions import steward_of
from node.web.words import _


async def _try_again(community: Community, peer_id: str, by: Member) -> PeerStanding:
    await sending.try_again(community, peer_id, by)
    return await peers.get(community, peer_id)


Deed = Callable[[Community, str, Member], Awaitable[PeerStanding]]

#: The button's word in the address, what it does, and what is said afterwards.
DEEDS: dict[str, tuple[Deed, str]] = {
    "accept": (peers.accept, _("You are linked. They have been told.")),
    "decline": (peers.decline, _("They have been told: not now.")),
    "pause": (peers.pause, _("The link rests. Nothing new is sent or taken in until you start it again.")),
    "resume": (peers.resume, _("The link is awake again.")),
    "block": (peers.block, _("They are blocked. Nothing is sent to them and nothing of theirs is taken in.")),
    "move": (relocating.confirm_move, _("We go along. What was agreed goes on at their new address.")),
    "stay": (relocating.decline_move, _("We stay with the old address for now.")),
    "again": (_try_again, _("What waits for them goes out now.")),
    "unblock": (peers.unblock, _("They are no longer blocked. To be linked again, one of you has to ask.")),
}

#: What is chosen at first where we have asked nothing of a community: it stays so.
NOTHING = "nothing"

#: Deeds that are first explained on a page of their own.
CONFIRMED = frozenset({"block", "drop"})

OUTGOING = {
    FollowState.ASKING: _("We asked to receive what they share. They have not answered yet."),
    FollowState.ACCEPTED: _("We receive what they share with neighbouring communities."),
    FollowState.DECLINED: _("We asked to receive what they share. They said: not now."),
}
NOT_OUTGOING = _("We have not asked to receive what they share, or no longer do.")

INCOMING = {
    FollowState.ASKED: _("They ask to receive what we share with neighbouring communities. It waits for our answer."),
    FollowState.ACCEPTED: _("They receive what we share with neighbouring communities."),
    FollowState.DECLINED: _("They asked to receive what we share. We said: not now."),
}
NOT_INCOMING = _("They have not asked to receive what we share, or no longer do.")

#: A peer of the public level follows and is followed on the public feed alone.
PUBLIC_OUTGOING = _("We receive what they share with everyone.")
PUBLIC_INCOMING = _("They receive what we share with everyone.")


def words_for(standing: PeerStanding) -> tuple[str, str]:
    """What we receive from them and what we send them, each in one sentence."""
    public = standing.peer.level == PeerLevel.PUBLIC
    outgoing = OUTGOING.get(standing.outgoing, NOT_OUTGOING) if standing.outgoing else NOT_OUTGOING
    incoming = INCOMING.get(standing.incoming, NOT_INCOMING) if standing.incoming else NOT_INCOMING
    if public and standing.outgoing == FollowState.ACCEPTED:
        outgoing = PUBLIC_OUTGOING
    if public and standing.incoming == FollowState.ACCEPTED:
        incoming = PUBLIC_INCOMING
    return outgoing, incoming


async def show_peers(request: web.Request) -> web.Response:
    """GET /peers."""
    steward_of(request)
    changed = _("From now on it takes two.") if "two" in request.query else ""
    return await _list_page(request, Form().given(level=PeerLevel.PEERS), changed=changed)


async def add_peer(request: web.Request) -> web.Response:
    """POST /peers: find a community by its address and ask it. The same address twice leads to the same page."""
    steward = steward_of(request)
    form = await read_form(request)
    try:
        address, level = read_address(form)
        text = await link_texts.before_asking(community_of(request), address) if level is PeerLevel.PEERS else ""
        if text and form.text("read") != mark_of(text):
            return render(request, "peer_ask.html", form=form, text=text, mark=mark_of(text))
        standing = await peers.add(community_of(request), address, level, steward)
    except Invalid as error:
        return await _list_page(request, form.wrong(error.fields), 422)
    except PeerTrouble as error:
        return await _list_page(request, form.wrong({"address": error.message}), status_of(error))
    return see_other(f"/peers/{standing.peer.id}?done=added")


async def show_peer(request: web.Request) -> web.Response:
    """GET /peers/{id}."""
    community, steward = community_of(request), steward_of(request)
    standing = await peers.get(community, request.match_info["id"])
    done = request.query.get("done", "")
    said = {deed: words for deed, (_deed, words) in DEEDS.items()} | {
        "added": _("This community is in your list."),
        "first": _("Your yes is noted. A second steward has to say yes, too."),
        "back": _("The yes is taken back."),
        "level": _("What you ask of them has changed."),
        "exchange": _("What flows between you has changed."),
        "compared": _("It is noted that you compared the words."),
        "read": _("It is noted that you read what they changed."),
        "keys": _("Their keys were read again just now."),
    }
    outgoing, incoming = words_for(standing)
    return render(
        request,
        "peer.html",
        changed=said.get(done, ""),
        standing=standing,
        outgoing=outgoing,
        incoming=incoming,
        flows=flow_words(standing.peer.exchange),
        introduced=await introductions.known(community, standing.peer, steward),
        second=await second_yes.waiting(community, of_link(standing.peer.id), steward_of(request)),
        asked_back=await ended_links.asked_back_from(community, standing.peer),
        texts=await link_texts.texts(community, standing.peer.id),
        held_copy=await heirs.held(community, standing.peer.id),
        health=None if standing.peer.blocked else await sending.out_of_reach(community, standing.peer),
        fingerprint=await fingerprints.fingerprint(community, standing.peer.id),
        form=Form().given(level=standing.peer.level if standing.outgoing else NOTHING),
    )


async def change_peer(request: web.Request) -> web.Response:
    """POST /peers/{id}/{deed}: accept, decline, pause, resume, block or unblock."""
    steward = steward_of(request)
    if request.match_info["deed"] not in DEEDS:
        raise NotFound
    deed, _words = DEEDS[request.match_info["deed"]]
    standing = await deed(community_of(request), request.match_info["id"], steward)
    is_first = request.match_info["deed"] == "accept" and standing.incoming is FollowState.ASKED
    return see_other(f"/peers/{standing.peer.id}?done={'first' if is_first else request.match_info['deed']}")


async def change_level(request: web.Request) -> web.Response:
    """POST /peers/{id}/level: ask for more, or for less."""
    steward = steward_of(request)
    form = await read_form(request)
    if form.text("level") == NOTHING:
        return see_other(f"/peers/{request.match_info['id']}")
    reader = Reader(form)
    level = reader.word("level", PeerLevel, PeerLevel.PUBLIC)
    reader.check()
    standing = await peers.change_level(community_of(request), request.match_info["id"], level, steward)
    return see_other(f"/peers/{standing.peer.id}?done=level")


async def show_confirmation(request: web.Request) -> web.Response:
    """GET /peers/{id}/{deed}: what blocking or dropping means, before it is done."""
    steward_of(request)
    deed = request.match_info["deed"]
    if deed not in CONFIRMED:
        raise NotFound
    standing = await peers.get(community_of(request), request.match_info["id"])
    return render(request, "peer_confirm.html", standing=standing, deed=deed)


async def drop_peer(request: web.Request) -> web.Response:
    """POST /peers/{id}/drop: end the link in both directions and forget the community."""
    steward = steward_of(request)
    await peers.drop(community_of(request), request.match_info["id"], steward)
    return see_other(f"/peers/ended/{request.match_info['id']}?dropped")


def read_address(form: Form) -> tuple[str, PeerLevel]:
    """The address and what to ask of them. Raises Invalid."""
    reader = Reader(form)
    address = reader.text("address", missing=_("Write their address, such as @peers@south.example."))
    level = reader.word("level", PeerLevel, PeerLevel.PEERS)
    reader.check()
    return address, level


async def _list_page(request: web.Request, form: Form, status: int = 200, changed: str = "") -> web.Response:
    standings = await peers.listing(community_of(request))
    # Whoever waits for an answer of ours comes first; by name otherwise.
    asked_first = sorted(standings, key=lambda standing: standing.incoming != FollowState.ASKED)
    lines = tuple((standing, *words_for(standing)) for standing in asked_first)
    two_for = await second_yes.rules(community_of(request))
    rewritten = await link_texts.changed_by(community_of(request))
    shown = {"form": form, "lines": lines, "rewritten": rewritten, "two_for": two_for, "changed": changed}
    shown["ended"] = await ended_links.listing(community_of(request), steward_of(request))
    return render(request, "peers.html", status=status, **shown)


ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/peers", show_peers),
    web.post("/peers", add_peer),
    web.get("/peers/{id}", show_peer),
    web.get("/peers/{id}/{deed}", show_confirmation),
    web.post("/peers/{id}/level", change_level),
    web.post("/peers/{id}/drop", drop_peer),
    web.post("/peers/{id}/{deed}", change_peer),
)
