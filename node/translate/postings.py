"""What a community tells as a Note: a plain post without a purpose. A resource says its facts in words and as terms.

Built from a fixed list of fields. Who wrote it is not among them: the community speaks.
"""

import html

from node.domain.notices import Kind
from node.domain.postings import Posting
from node.domain.resources import Facts
from node.domain.shares import Level, Share
from node.translate.notices import (
    Setting,
    audience,
    day_said,
    hashtag_line,
    hashtags,
    page_of,
    place_of,
    sender,
    tag_words,
)
from node.translate.text import paragraphs
from schemas.context import AID
from schemas.links import Hashtag
from schemas.objects import Approval, InteractionPolicy, Note, Resource

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
        location=place_of(setting.area),
        resource=_resource(posting),
        tag=_tags(posting, share, setting),
        interaction_policy=InteractionPolicy(can_quote=Approval(automatic_approval=(author,))),
        replies=f"{share.object_id}/replies" if is_public else None,
    )


def _content(posting: Posting, share: Share, setting: Setting) -> str:
    words = posting.words
    parts = [f"<p><strong>{_escaped(words.title)}</strong></p>", paragraphs(words.text)]
    where = f"{setting.area.name} area" if setting.area is not None else ""
    if posting.facts is not None:
        parts.extend(f"<p>{line}</p>" for line in _lines(posting.facts, where, setting))
    else:
        until = f"until {day_said(share.ends_at, setting.zone)}."
        parts.append(f"<p>{_escaped(f'{where}, {until}' if where else until.capitalize())}</p>")
    page = page_of(share, setting.addresses)
    if page is not None:
        parts.append(f'<p><a href="{page}">{page}</a></p>')
    return "".join((*parts, hashtag_line(_tags(posting, share, setting))))


def _lines(facts: Facts, area: str, setting: Setting) -> tuple[str, ...]:
    """What somebody needs to know who wants to go there, one line each, readable on any server."""
    said = (
        ("Where", f"{facts.where} ({area})" if area else facts.where),
        ("When", facts.hours),
        ("Reach them", facts.reach),
        ("What they ask for", facts.asks_for),
    )
    lines = [f"{label}: {_escaped(value)}" for label, value in said if value]
    if facts.no_id_needed:
        lines.append("No ID needed.")
    return (*lines, f"Last checked on {day_said(facts.checked_at, setting.zone)}.")


def _resource(posting: Posting) -> Resource | None:
    facts = posting.facts
    if facts is None:
        return None
    return Resource(
        name=posting.words.title,
        resource_conforms_to=f"{AID}{facts.category}",
        where=facts.where,
        hours=facts.hours or None,
        reach=facts.reach or None,
        asks_for=facts.asks_for or None,
        no_id_needed=facts.no_id_needed,
        checked=facts.checked_at,
    )


def _tags(posting: Posting, share: Share, setting: Setting) -> tuple[Hashtag, ...]:
    about = ANNOUNCEMENTS if posting.facts is None else tag_words(posting.facts.category)
    own_category = posting.facts.own_category if posting.facts else ""
    return hashtags(("MutualAid", about), own_category, share, setting)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
