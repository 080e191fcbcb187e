"""What a community tells of itself as a Note: an announcement is a plain post, with an end and without a purpose.

Built from a fixed list of fields. Who wrote it is not among them: the community speaks.
"""

import html

from node.domain.notices import Kind
from node.domain.postings import Posting
from node.domain.shares import Level, Share
from node.translate.notices import (
    Setting,
    audience,
    day_said,
    hashtag_link,
    hashtags,
    page_of,
    place_of,
    sender,
)
from node.translate.text import paragraphs
from schemas.links import Hashtag
from schemas.objects import Approval, InteractionPolicy, Note

ANNOUNCEMENTS = "Announcements"
#: An announcement for everyone also stands in the public lists of other servers, as an offer does.
_AS = Kind.OFFER


def posting_to_note(posting: Posting, share: Share, setting: Setting) -> Note:
    """The object of a posting's share, complete. The allow-list of what may travel is this function."""
    to, cc = audience(share, setting, _AS)
    content = _content(posting, share, setting)
    author = setting.addresses.actor(sender(share.level))
    is_public = share.level == Level.PUBLIC
    return Note(
        id=share.object_id,
        attributed_to=author,
        to=to,
        cc=cc,
        content=content,
        content_map={posting.words.language or setting.language: content},
        published=share.published_at,
        updated=share.updated_at if share.updated_at > share.published_at else None,
        end_time=share.ends_at,
        url=page_of(share, setting.addresses),
        context=f"{share.object_id}/thread" if is_public else None,
        location=place_of(posting.words.area, setting),
        tag=_tags(share, setting),
        interaction_policy=InteractionPolicy(can_quote=Approval(automatic_approval=(author,))),
        replies=f"{share.object_id}/replies" if is_public else None,
    )


def _content(posting: Posting, share: Share, setting: Setting) -> str:
    words = posting.words
    parts = [f"<p><strong>{html.escape(words.title, quote=False)}</strong></p>", paragraphs(words.text)]
    where = f"{words.area} area, until" if words.area else "Until"
    parts.append(f"<p>{html.escape(where, quote=False)} {day_said(share.ends_at, setting.zone)}.</p>")
    page = page_of(share, setting.addresses)
    if page is not None:
        parts.append(f'<p><a href="{page}">{page}</a></p>')
        parts.append(f"<p>{' '.join(map(hashtag_link, _tags(share, setting)))}</p>")
    return "".join(parts)


def _tags(share: Share, setting: Setting) -> tuple[Hashtag, ...]:
    return hashtags(("MutualAid", ANNOUNCEMENTS), share, setting.addresses)
