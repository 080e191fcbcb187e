"""The agreement text: what we write to whoever links with us, what they write, and what both said yes to."""

from dataclasses import dataclass, replace

from node.domain.areas import told_names
from node.domain.errors import Conflict
from node.domain.link_texts import LinkText, check_link_text, mark_of
from node.domain.members import Member, must_be_steward_or_command_line
from node.domain.peers import OwnActor, Peer
from node.domain.phrases import say
from node.services.community import Community, profile_in
from node.services.peers import found_peer, may_change, tidy_address
from node.services.relations import keep_texts, text_of
from node.services.telling import tell_changed
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Card:
    """How others link with us: `address` and `link` are what they may type."""

    name: str
    address: str
    link: str
    areas: tuple[str, ...]
    agreement: str


@dataclass(frozen=True)
class Texts:
    """What both write now, and what was agreed: None before anybody said yes here."""

    ours: str
    theirs: str
    agreed: LinkText | None

    @property
    def theirs_has_changed(self) -> bool:
        """They write something else than what we said yes to."""
        return self.agreed is not None and self.agreed.theirs != self.theirs

    @property
    def ours_has_changed(self) -> bool:
        """We write something else than what stood there when we said yes."""
        return self.agreed is not None and self.agreed.ours != self.ours

    @property
    def mark(self) -> str:
        """Stands for what they write now."""
        return mark_of(self.theirs)


async def card(community: Community) -> Card:
    """Our card."""
    async with community.database.reading() as work:
        shown = await profile_in(work)
    areas = told_names(shown.areas, shown.larger_areas_only)
    address = f"@{shown.username}@{community.host}"
    return Card(shown.name, address, f"{community.base_url}/", areas, shown.link_text)


async def texts(community: Community, peer_id: str) -> Texts:
    """Where it stands with one neighbour. Raises NotFound."""
    async with community.database.reading() as work:
        return await _texts(work, await found_peer(work, peer_id))


async def changed_by(community: Community) -> frozenset[str]:
    """Ids of the neighbours who write something else now than what we said yes to."""
    async with community.database.reading() as work:
        found = {peer.id: await _texts(work, peer) for peer in await work.peers.all()}
    return frozenset(peer_id for peer_id, one in found.items() if one.theirs_has_changed)


async def write(community: Community, typed: str, by: Member | None) -> str:
    """Change what we write to whoever links with us; our neighbours are told. Raises Invalid, NotAllowed."""
    must_be_steward_or_command_line(by)
    text = check_link_text(typed)
    async with community.database.unit_of_work() as work:
        profile = await profile_in(work)
        if profile.link_text == text:
            return text
        await work.community.put(replace(profile, link_text=text))
        await tell_changed(community, work, OwnActor.PEERS)
        entry = AuditEntry(community.now(), by.id if by else None, "changed the agreement text", "community")
        await work.audit.add(entry)
    return text


async def note_read(community: Community, peer_id: str, mark: str, by: Member | None) -> Texts:
    """We read what they changed, and the link goes on. Raises NotFound, NotAllowed, and Conflict for an older text."""
    async with community.database.unit_of_work() as work:
        peer = await may_change(work, peer_id, by)
        if mark != mark_of(await text_of(work, peer)):
            raise Conflict(say("They have changed their text once more. Please read it again."))
        await keep_texts(community, work, peer)
        entry = AuditEntry(community.now(), by.id if by else None, "read a changed agreement text", peer.id, peer.host)
        await work.audit.add(entry)
        return await _texts(work, peer)


async def before_asking(community: Community, address: str) -> str:
    """What a community writes to whoever asks it for a link. Raises Invalid, PeerTrouble."""
    found = await community.remote.look_up(tidy_address(address))
    return found.peers.link_text if found.peers is not None else ""


async def _texts(work: UnitOfWork, peer: Peer) -> Texts:
    ours = (await profile_in(work)).link_text
    return Texts(ours, await text_of(work, peer), await work.link_texts.get(peer.id))
