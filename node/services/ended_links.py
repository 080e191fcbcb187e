"""What became of the copies that a community held when its link ended, or that were asked back from it before."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.ended_links import KEPT_FOR, EndedLink
from node.domain.errors import NotFound
from node.domain.members import Member, must_be_steward
from node.domain.peers import Peer
from node.domain.phrases import say
from node.domain.postings import Posting
from node.domain.shares import Recipient, RecipientState
from node.services.community import Community
from node.storage.unit_of_work import UnitOfWork

MOST_COPIES = 500


@dataclass(frozen=True)
class AskedBack:
    """One copy that was asked back: of which share, and whether its receipt came.

    `title` is empty where the words are not kept here any more; `posting` is there where it was one and no notice.
    `answers` tells whether that server sends receipts.
    """

    share_id: str
    title: str
    state: RecipientState
    changed_at: datetime
    answers: bool
    posting: Posting | None = None


@dataclass(frozen=True)
class Ended:
    """A link that ended, with every copy that was asked back."""

    link: EndedLink
    copies: tuple[AskedBack, ...]

    @property
    def awaited(self) -> tuple[AskedBack, ...]:
        """Copies of which no receipt came yet."""
        return tuple(copy for copy in self.copies if copy.state != RecipientState.ERASED)


async def listing(community: Community, by: Member) -> tuple[EndedLink, ...]:
    """Links that ended within the last 90 days, the newest first. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        return await work.ended_links.all()


async def get(community: Community, link_id: str, by: Member) -> Ended:
    """One of them, with what was asked back. Raises NotFound, NotAllowed."""
    must_be_steward(by)
    async with community.database.reading() as work:
        link = await work.ended_links.get(link_id)
        if link is None:
            raise NotFound(say("This is not kept any more."))
        return Ended(link, await asked_back(work, link.host))


async def asked_back(work: UnitOfWork, host: str) -> tuple[AskedBack, ...]:
    """Every copy that this community alone was asked to erase, the newest word first."""
    copies = await work.shares.asked_back_from(host, MOST_COPIES)
    actors = await work.peers.actors({copy.actor for copy in copies})
    answering = {actor_id for actor_id, actor in actors.items() if actor.is_manyhands}
    return tuple([await _line(work, copy, copy.actor in answering) for copy in copies])


async def asked_back_from(community: Community, peer: Peer) -> tuple[AskedBack, ...]:
    """The same for a community that is still known here."""
    async with community.database.reading() as work:
        return await asked_back(work, peer.host)


async def note_end(community: Community, work: UnitOfWork, peer: Peer) -> None:
    """A neighbour is dropped: its receipts can be looked up from now on. Inside a unit of work."""
    await work.ended_links.add(EndedLink(peer.id, peer.name, peer.host, community.now()))


async def forget_old(community: Community) -> None:
    """Forget links that ended more than 90 days ago."""
    before = community.now() - KEPT_FOR
    async with community.database.reading() as work:
        is_due = await work.ended_links.ended_before(before)
    if is_due:
        async with community.database.unit_of_work() as work:
            await work.ended_links.forget_before(before)


async def _line(work: UnitOfWork, copy: Recipient, answers: bool) -> AskedBack:
    published = await work.shares.get(copy.share_id)
    share = published.share if published is not None else None
    notice = await work.notices.get(share.notice_id) if share is not None and share.notice_id else None
    posting = await work.postings.get(share.posting_id) if share is not None and share.posting_id else None
    title = notice.wording.title if notice is not None else posting.words.title if posting is not None else ""
    return AskedBack(copy.share_id, title, copy.state, copy.changed_at, answers, posting)
