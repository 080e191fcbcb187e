"""What is shared with everyone, for people who read it on our own pages: the same words that travel, and no others."""

from dataclasses import dataclass

from node.domain.categories import SHIPPED, OwnCategories, name_of
from node.domain.errors import NotFound
from node.domain.feed import FeedItem, FeedKind
from node.domain.peers import OwnActor
from node.domain.phrases import say
from node.domain.shares import Level, Share
from node.services.community import Community, profile_in
from node.storage.shares import Published
from node.storage.unit_of_work import UnitOfWork
from node.translate.feed import Reception, note_to_feed_item
from node.translate.notices import shared_text
from node.translate.postings import ANNOUNCEMENTS
from schemas.fields import load
from schemas.objects import parse_note

#: The hashtag that every public notice carries, as it stands in an address.
EVERYTHING = "mutualaid"
LONGEST_BOARD = 500


@dataclass(frozen=True)
class PublicNotice:
    """Something shared with everyone: its Note as any other community reads it, and the words of it alone.

    That may be a need, an offer, or something the community tells of itself.

    `seen.id` is the last part of the Note's address, and of its page's. `category` is what it is about in our words:
    others read that in a hashtag.
    """

    seen: FeedItem
    text: str
    category: str

    @property
    def is_told(self) -> bool:
        """The community tells it of itself: there is nothing to help with."""
        return self.seen.kind not in {FeedKind.NEED, FeedKind.OFFER}


@dataclass(frozen=True)
class Board:
    """What is open to everyone under one hashtag, newest first.

    `category` is None where the hashtag covers all, `kind` where it covers needs and offers, too.
    """

    category: str | None
    kind: FeedKind | None
    notices: tuple[PublicNotice, ...]


async def public_notice(community: Community, local_id: str) -> PublicNotice | None:
    """The notice whose object's id ends in `local_id`; None when it was public and was taken back or is over.

    Raises NotFound for anything that was never shared with everyone, as if it did not exist (protocol 24).
    """
    async with community.database.reading() as work:
        published = await work.shares.by_object(object_of(community, local_id))
        if published is None and community.homes.former is not None:
            published = await work.shares.by_object(object_of(community.homes.former, local_id))
        if published is None or published.share.level != Level.PUBLIC:
            raise NotFound(say("There is no notice at this address. It may have a slip of the pen."))
        if not _is_shown(community, published):
            return None
        return await _read(work, published)


def object_of(community: Community, local_id: str) -> str:
    """The id of what is shown under this address."""
    return community.addresses.object(local_id)


async def board(community: Community, tag: str) -> Board:
    """What is open under a hashtag, in whatever letters it was written. Raises NotFound for one we never use."""
    kind = FeedKind.ANNOUNCEMENT if tag.lower() == ANNOUNCEMENTS.lower() else None
    async with community.database.reading() as work:
        own = (await profile_in(work)).categories
        category = None if kind else _category_of(tag.lower(), own)
        shown = await work.shares.shown((Level.PUBLIC,), LONGEST_BOARD)
        found = [await _read(work, one) for one in shown if _is_shown(community, one)]
    wanted = [
        one for one in found if kind in {None, one.seen.kind} and category in {None, one.seen.category, one.category}
    ]
    return Board(category, kind, tuple(one for one in wanted if one.seen.is_open or one.is_told))


def tag_of(category: str) -> str:
    """The hashtag of one of the twenty categories as it stands in the addresses that public Notes link to."""
    return "".join(name_of(category).split()).lower()


def _category_of(tag: str, own: OwnCategories) -> str | None:
    if tag == EVERYTHING:
        return None
    tags = {tag_of(one.key): one.key for one in SHIPPED} | {own.tag_of(key).lower(): key for key in own.likes}
    found = tags.get(tag)
    if found is None:
        raise NotFound(say("There is no list at this address. It may have a slip of the pen."))
    return found


def _is_shown(community: Community, published: Published) -> bool:
    return published.share.is_shown and published.share.ends_at > community.now()


async def _read(work: UnitOfWork, published: Published) -> PublicNotice:
    share = published.share
    reception = Reception(share.object_id.rpartition("/")[2], share.published_at, OwnActor.PUBLIC)
    seen = note_to_feed_item(parse_note(load(published.document)), reception)
    text, own_category = await _ours(work, share)
    return PublicNotice(seen, text, own_category or seen.category)


async def _ours(work: UnitOfWork, share: Share) -> tuple[str, str]:
    """The words alone, and the category where it is one of our own."""
    if share.posting_id:
        posting = await work.postings.get(share.posting_id)
        if posting is None:
            return "", ""
        return posting.words.text, posting.facts.own_category if posting.facts is not None else ""
    notice = await work.notices.get(share.notice_id)
    if notice is None:
        return share.text, ""
    return shared_text(notice, share.text), notice.wording.own_category
