"""Is it really them? Both communities' keys in words that two stewards compare on the telephone."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.errors import Conflict, Invalid
from node.domain.fingerprints import Compared, Keys, words_for
from node.domain.members import Member
from node.domain.peers import OwnActor, Peer
from node.domain.phrases import say
from node.services import homes
from node.services.community import Community
from node.services.peers import found_peer, may_change
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate.actors import marks_of_pair

CHANGED = say("The words have changed meanwhile. Compare the new ones.")
NO_KEYS = say("Their keys are not known yet. Look at them first.")


@dataclass(frozen=True)
class Fingerprint:
    """`words` is empty where the keys of their peers actor are not known here.

    `compared_at` is when the words were last compared; `has_changed` tells that a key came since then.
    """

    words: str = ""
    compared_at: datetime | None = None
    has_changed: bool = False


async def fingerprint(community: Community, peer_id: str) -> Fingerprint:
    """The words for the link with a community. Raises NotFound."""
    async with community.database.reading() as work:
        peer = await found_peer(work, peer_id)
        return _made(await _home(community, work, peer), peer, await _theirs(work, peer))


async def look_again(community: Community, peer_id: str, by: Member | None) -> Fingerprint:
    """Read their keys from their own server now.

    Raises NotFound, NotAllowed, PeerTrouble, and Conflict where they have no peers feed.
    """
    async with community.database.reading() as work:
        peer = await may_change(work, peer_id, by)
    if peer.peers_actor is None:
        raise Conflict(say("That community takes no peerings, so there is nothing to compare."))
    actor = await community.remote.actor(peer.peers_actor, anew=True)
    async with community.database.unit_of_work() as work:
        await work.peers.put_actor(actor)
        home = await _home(community, work, peer)
        return _made(home, await may_change(work, peer_id, by), Keys(actor.id, frozenset(actor.keys)))


async def note_compared(community: Community, peer_id: str, words: str, by: Member | None) -> Fingerprint:
    """A steward heard the same words from them. Raises NotFound, NotAllowed, Invalid, and Conflict for other words."""
    now = community.now()
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        home = await _home(community, work, peer)
        ours, theirs = _ours(home), await _theirs(work, peer)
        if theirs is None:
            raise Conflict(NO_KEYS)
        heard = " ".join(words.lower().replace("-", " ").split())
        if not heard:
            raise Invalid({"words": say("Write the words that you compared.")})
        if heard != words_for(ours, theirs):
            raise Conflict(CHANGED)
        changed = replace(peer, compared=Compared(ours.marks, theirs.marks, now))
        await work.peers.put(changed)
        entry = AuditEntry(now, by.id if by else None, "compared the words", peer.id, peer.host)
        await work.audit.add(entry)
        return _made(home, changed, theirs)


async def _home(community: Community, work: UnitOfWork, peer: Peer) -> Community:
    """Under the address they know us by: its key is the one that they compare."""
    return await homes.towards(community, work, peer.peers_actor or "")


def _made(community: Community, peer: Peer, theirs: Keys | None) -> Fingerprint:
    if theirs is None:
        return Fingerprint()
    ours, compared = _ours(community), peer.compared
    is_changed = compared is not None and not compared.covers(ours, theirs)
    return Fingerprint(words_for(ours, theirs), compared.at if compared else None, is_changed)


def _ours(community: Community) -> Keys:
    pair = community.remote.keys[OwnActor.PEERS]
    return Keys(community.addresses.actor(OwnActor.PEERS), marks_of_pair(pair))


async def _theirs(work: UnitOfWork, peer: Peer) -> Keys | None:
    actor = await work.peers.actor(peer.peers_actor) if peer.peers_actor else None
    return Keys(actor.id, frozenset(actor.keys)) if actor is not None and actor.keys else None
