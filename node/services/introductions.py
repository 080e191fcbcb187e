"""Introductions for stewards: read, asked for, written, taken back, set aside. Nothing happens by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.introductions import (
    LONGEST,
    MOST_AT_ONCE,
    SHOWN,
    Introduced,
    Introduction,
    Rule,
    Side,
    Sort,
    check_rule,
    check_words,
)
from node.domain.members import Member, must_be_steward
from node.domain.peers import OwnActor, Peer, PeerLevel, PeerStanding
from node.domain.phrases import say
from node.services import homes, introducing, peers
from node.services.community import Community, profile_in
from node.services.introducing import Draft
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

GONE = say("These words are not here any more: they were taken back, set aside, or their time was over.")


@dataclass(frozen=True)
class Wish:
    """Introduce the neighbour `about` to the neighbours `to`; with `both`, each of these to it as well."""

    about: str
    to: tuple[str, ...]
    text: str
    both: bool = False
    lasts: timedelta = LONGEST


@dataclass(frozen=True)
class Words:
    """What a neighbour wrote, or we to it; `friend` is what that neighbour is called."""

    introduction: Introduction
    friend: str


@dataclass(frozen=True)
class Met:
    """A community that neighbours introduced, with the words of each. `is_asked`: we asked it, and it has not answered.

    `peer` is there where a steward has it in the list already.
    """

    about: Introduced
    words: tuple[Words, ...]
    peer: Peer | None = None
    is_asked: bool = False

    @property
    def id(self) -> str:
        """The id of the newest words, which stands for all of them."""
        return self.words[0].introduction.id


@dataclass(frozen=True)
class Known:
    """Beside one peer: the words in which neighbours introduced it, whether we may write to it, and its own wish."""

    words: tuple[Words, ...]
    is_friend: bool
    wish: Introduction | None


@dataclass(frozen=True)
class Overview:
    """Whom neighbours introduced, who asks to be introduced, whom we asked to introduce us, and what we wrote."""

    met: tuple[Met, ...]
    asking: tuple[Words, ...]
    asked: tuple[Words, ...]
    written: tuple[Words, ...]


async def overview(community: Community, by: Member) -> Overview:
    """Everything that stands now. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return Overview(
            met=await _met(community, work),
            asking=await _words(community, work, Side.RECEIVED, Sort.ITSELF),
            asked=await _words(community, work, Side.WRITTEN, Sort.ITSELF),
            written=await _words(community, work, Side.WRITTEN, Sort.ANOTHER),
        )


async def is_waiting(community: Community, by: Member) -> bool:
    """Whether there is an introduction that nobody followed or set aside, or a wish to be introduced."""
    seen = await overview(community, by)
    return bool(seen.asking) or any(met.peer is None for met in seen.met)


async def known(community: Community, peer: Peer, by: Member) -> Known:
    """What belongs on a peer's page; words stay there while they last. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        found = await work.introductions.about(Side.RECEIVED, Sort.ANOTHER, peer.host, community.now())
        is_friend = await introducing.is_friend(work, peer)
        return Known(await _named(work, found), is_friend, await _wish(community, work, peer))


async def neighbours(community: Community) -> tuple[Peer, ...]:
    """Whom we may write to, by name: those a peering was agreed with, that neither rest nor are blocked."""
    async with community.database.reading() as work:
        return tuple([peer for peer in await work.peers.all() if await introducing.is_friend(work, peer)])


async def ask_for(community: Community, friend_id: str, text: str, by: Member) -> Introduction:
    """Ask a neighbour to introduce us to others. New words stand in place of older ones.

    Raises Invalid, NotFound, NotAllowed, and Conflict where no peering with it was agreed.
    """
    must_be_steward(by)
    words = check_words(text)
    async with community.database.unit_of_work() as work:
        friend = await _friend(work, friend_id)
        shown = await profile_in(work)
        home = await homes.towards(community, work, introducing.actor_of(friend))
        own = Introduced(home.addresses.actor(OwnActor.PUBLIC), shown.name, f"@{shown.username}@{home.host}")
        written = await introducing.write(community, work, Draft(Sort.ITSELF, friend, own, words))
        await _note(community, work, by, "asked to be introduced", friend)
    return written


async def introduce(community: Community, wish: Wish, by: Member) -> tuple[Introduction, ...]:
    """Write to neighbours about another one, and with `both` to that one about each of them.

    A community is introduced only while it asks us to be. Raises Invalid, NotFound, NotAllowed, and Conflict where one
    of them did not ask, or is no neighbour now.
    """
    must_be_steward(by)
    words = _checked(wish)
    async with community.database.unit_of_work() as work:
        meant = await _friend(work, wish.about)
        others = [await _friend(work, peer_id) for peer_id in dict.fromkeys(wish.to)]
        pairs = [(other, meant) for other in others]
        pairs += [(meant, other) for other in others] if wish.both else []
        for _, one in pairs:
            await _must_want(community, work, one)
        drafts = [Draft(Sort.ANOTHER, to, _introduced(one), words, wish.lasts) for to, one in pairs]
        written = [await introducing.write(community, work, draft) for draft in drafts]
        await _note(community, work, by, "introduced a peer", meant)
    return tuple(written)


async def ask_them(community: Community, introduction_id: str, by: Member) -> PeerStanding:
    """Ask a community that was introduced for a peering, at the address its own server gave.

    Raises NotFound, NotAllowed, Conflict, and PeerTrouble where it cannot be reached.
    """
    must_be_steward(by)
    async with community.database.reading() as work:
        found = await _received(work, introduction_id)
    return await peers.add(community, found.about.actor, PeerLevel.PEERS, by)


async def set_aside(community: Community, introduction_id: str, by: Member) -> None:
    """Erase every word about the community that was introduced. Who wrote them is told nothing.

    The same neighbours' words about it do not come again while they last. Twice is as good as once. Raises NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        found = await work.introductions.get(introduction_id)
        if found is None or found.side is not Side.RECEIVED:
            return
        if found.sort is Sort.ITSELF:
            await work.introductions.remove(found.id)
        else:
            await work.introductions.set_aside(found.about.host)
        entry = AuditEntry(community.now(), by.id, "set an introduction aside", found.about.host, found.host)
        await work.audit.add(entry)


async def take_back(community: Community, introduction_id: str, by: Member) -> None:
    """Take our own words back. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        found = await work.introductions.get(introduction_id)
        if found is None or found.side is not Side.WRITTEN:
            return
        await introducing.take_back(community, work, [found])
        entry = AuditEntry(community.now(), by.id, "took an introduction back", found.about.host, found.host)
        await work.audit.add(entry)


async def rule(community: Community) -> Rule:
    """How many introductions we want to see."""
    async with community.database.reading() as work:
        return await work.introductions.rule()


async def change_rule(community: Community, changed: Rule, by: Member) -> Rule:
    """Decide how many introductions we want to see. What is here stays. Raises Invalid, NotAllowed."""
    must_be_steward(by)
    checked = check_rule(changed)
    async with community.database.unit_of_work() as work:
        await work.introductions.put_rule(checked)
        entry = AuditEntry(community.now(), by.id, "changed how many introductions are shown", "community")
        await work.audit.add(entry)
    return checked


def _checked(wish: Wish) -> str:
    """The words, or Invalid with everything that is wrong with the wish."""
    faults: dict[str, str] = {}
    if not wish.to:
        faults["to"] = say("Choose at least one community to write to.")
    elif wish.about in wish.to:
        faults["to"] = say("A community cannot be introduced to itself.")
    elif len(set(wish.to)) > MOST_AT_ONCE:
        faults["to"] = say("Choose at most %(most)s communities at once.", most=MOST_AT_ONCE)
    if not timedelta(days=1) <= wish.lasts <= LONGEST:
        faults["days"] = say("Write a whole number from 1 to %(most)s.", most=LONGEST.days)
    try:
        words = check_words(wish.text)
    except Invalid as wrong:
        raise Invalid({**faults, **wrong.fields}) from None
    if faults:
        raise Invalid(faults)
    return words


def _introduced(peer: Peer) -> Introduced:
    return Introduced(peer.public_actor or peer.peers_actor or "", peer.name, peer.address)


async def _must_want(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """Each community decides for itself whether it is introduced."""
    if await _wish(community, work, peer) is None:
        raise Conflict(
            say(
                "%(community)s has not asked to be introduced. Ask them to write to you about it first.",
                community=peer.name,
            )
        )


async def _wish(community: Community, work: UnitOfWork, peer: Peer) -> Introduction | None:
    found = await work.introductions.between(Side.RECEIVED, Sort.ITSELF, peer.host, peer.host)
    return found if found is not None and found.ends_at > community.now() else None


async def _friend(work: UnitOfWork, peer_id: str) -> Peer:
    peer = await peers.found_peer(work, peer_id)
    if not await introducing.is_friend(work, peer):
        raise Conflict(say("%(community)s is no neighbour of ours at the moment.", community=peer.name))
    return peer


async def _received(work: UnitOfWork, introduction_id: str) -> Introduction:
    found = await work.introductions.get(introduction_id)
    if found is None or (found.side, found.sort, found.is_set_aside) != (Side.RECEIVED, Sort.ANOTHER, False):
        raise NotFound(GONE)
    return found


async def _met(community: Community, work: UnitOfWork) -> tuple[Met, ...]:
    """Communities that are no neighbours yet and not kept out, the one with the newest words first."""
    found: dict[str, list[Words]] = {}
    for one in await _words(community, work, Side.RECEIVED, Sort.ANOTHER):
        if not community.remote.boundaries.keeps_out(one.introduction.about.actor):
            found.setdefault(one.introduction.about.host, []).append(one)
    met: list[Met] = []
    for host, words in found.items():
        peer = await work.peers.by_host(host)
        if peer is None or not await introducing.is_friend(work, peer):
            newest = words[0].introduction.about
            met.append(Met(newest, tuple(words), peer, peer is not None and peer.level is PeerLevel.PEERS))
    return tuple(met)


async def _words(community: Community, work: UnitOfWork, side: Side, sort: Sort) -> tuple[Words, ...]:
    return await _named(work, await work.introductions.all(side, sort, community.now(), SHOWN))


async def _named(work: UnitOfWork, found: Iterable[Introduction]) -> tuple[Words, ...]:
    listed = tuple(found)
    names = {host: peer.name for host, peer in (await work.peers.by_hosts(one.host for one in listed)).items()}
    return tuple(Words(one, names.get(one.host, one.host)) for one in listed)


async def _note(community: Community, work: UnitOfWork, by: Member, action: str, peer: Peer) -> None:
    await work.audit.add(AuditEntry(community.now(), by.id, action, peer.id, peer.host))
