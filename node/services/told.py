"""Reading what the community tells of itself: by people here, by guests, and with its copies by dispatchers."""

from dataclasses import dataclass, replace

from node.domain.areas import with_words
from node.domain.errors import NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.peers import NO_LONGER_LINKED
from node.domain.postings import Audience, Posting, PostingKind
from node.domain.shares import Share
from node.services.community import Community, profile_in
from node.services.feed import LONGEST_SEARCH
from node.services.paging import Page, page, page_size, read_cursor
from node.services.shares import RecipientLine, recipient_lines
from node.storage.postings import Wanted
from node.storage.unit_of_work import UnitOfWork

#: Of what is over, the newest so many are still listed for dispatchers.
SHOWN_OVER = 50
ON_FRONT_PAGE = 3
_EVERYBODY = (Audience.PUBLIC,)


@dataclass(frozen=True)
class Search:
    """What is looked for: of a kind, in a category, with these words."""

    kind: PostingKind
    category: str | None = None
    q: str | None = None


@dataclass(frozen=True)
class PostingRecord:
    """A posting with how it is shared now or was shared last, and every copy of that; nothing for who only reads."""

    posting: Posting
    share: Share | None = None
    recipients: tuple[RecipientLine, ...] = ()
    peer_names: tuple[str, ...] = ()


async def listing(
    community: Community, reader: Member | None, search: Search, after: str | None = None, limit: int = 50
) -> Page[Posting]:
    """What holds now, newest first; without a `reader` of our own, only what is for everyone."""
    size = page_size(limit)
    wanted = Wanted(
        tuple(Audience) if reader else _EVERYBODY, search.category, (search.q or "")[:LONGEST_SEARCH] or None
    )
    async with community.database.reading() as work:
        if wanted.q is not None:
            wanted = replace(wanted, areas=with_words((await profile_in(work)).areas, wanted.q))
        found = await work.postings.current(search.kind, community.now(), size + 1, read_cursor(after), wanted)
    return page(found, size, lambda posting: (posting.created_at, posting.id))


async def over(community: Community, kind: PostingKind, by: Member) -> tuple[Posting, ...]:
    """What was taken back or is over, newest first, as long as it is kept. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        return await work.postings.over(kind, community.now(), SHOWN_OVER)


async def front_page(community: Community, reader: Member | None) -> Page[Posting]:
    """The newest announcements that this reader may see; `next` tells that there are more."""
    return await listing(community, reader, Search(PostingKind.ANNOUNCEMENT), limit=ON_FRONT_PAGE)


async def get(community: Community, kind: PostingKind, posting_id: str, reader: Member | None) -> PostingRecord:
    """One of a kind; how it is shared is for dispatchers alone.

    Raises NotFound, also for what is not for this reader: both look the same.
    """
    async with community.database.reading() as work:
        posting = await found_in(work, posting_id, kind)
        if reader is not None and reader.is_dispatcher:
            return await _record(work, posting)
    if not posting.is_current(community.now()) or (reader is None and posting.audience is not Audience.PUBLIC):
        raise NotFound
    return PostingRecord(posting)


async def found_in(work: UnitOfWork, posting_id: str, kind: PostingKind | None = None) -> Posting:
    """The posting with this id, of this kind where one is said. Raises NotFound."""
    posting = await work.postings.get(posting_id)
    if posting is None or (kind is not None and posting.kind is not kind):
        raise NotFound
    return posting


async def _record(work: UnitOfWork, posting: Posting) -> PostingRecord:
    shared = await work.shares.of_posting(posting.id)
    names = await work.peers.names()
    told = tuple(names.get(peer, NO_LONGER_LINKED) for peer in posting.named)
    if not shared:
        return PostingRecord(posting, peer_names=told)
    last = max((one.share for one in shared), key=lambda share: (share.is_shown, share.updated_at))
    return PostingRecord(posting, last, await recipient_lines(work, last.id), told)
