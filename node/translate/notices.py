"""A shared notice as a Note with FEP-0837 terms. Built from a fixed list of fields; nothing sealed can reach it."""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Literal, TypeAlias

from node.domain.addresses import PUBLIC_COLLECTION, Addresses
from node.domain.areas import Area, grid_cell
from node.domain.categories import AS_SHIPPED, SERVICES, OwnCategories, name_of
from node.domain.notices import Kind, Notice, Status, Urgency
from node.domain.peers import OwnActor
from node.domain.shares import Level, Share
from node.translate.text import paragraphs
from schemas.activities import Create, Delete, Update
from schemas.context import AID
from schemas.marketplace import Intent, Measure
from schemas.objects import Approval, Hashtag, InteractionPolicy, Note, Place

URGENCY_ON_WIRE = {
    Urgency.TODAY: "urgent",
    Urgency.TWO_DAYS: "high",
    Urgency.THIS_WEEK: "normal",
    Urgency.WHENEVER: "low",
}
ShareActivity: TypeAlias = Create | Update | Delete
WireStatus: TypeAlias = Literal["open", "partly-met", "matched", "met", "withdrawn", "expired"]
STATUS_ON_WIRE: dict[Status, WireStatus] = {
    Status.NEW: "open",
    Status.OPEN: "open",
    Status.PARTLY_MET: "partly-met",
    Status.TAKEN_ON: "matched",
    Status.MET: "met",
    Status.PAUSED: "matched",
    Status.NO_LONGER_NEEDED: "withdrawn",
    Status.EXPIRED: "expired",
}


@dataclass(frozen=True)
class Setting:
    """What a Note needs to know beside the notice: our addresses, our language, the area that is told (None: nothing is
    said of where), the named peers' actors, in which time zone its days are told, and what we call the categories of
    our own.
    """

    addresses: Addresses
    language: str
    area: Area | None = None
    named_actors: tuple[str, ...] = ()
    zone: tzinfo = UTC
    categories: OwnCategories = AS_SHIPPED


def share_to_note(notice: Notice, share: Share, setting: Setting) -> Note:
    """The object of a share, complete (protocol 2.3, 2.4). The allow-list of what may travel is this function."""
    to, cc = audience(share, setting, notice.kind)
    content = _content(notice, share, setting)
    author = setting.addresses.actor(sender(share.level))
    return Note(
        id=share.object_id,
        attributed_to=author,
        to=to,
        cc=cc,
        purpose="request" if notice.kind == Kind.NEED else "offer",
        content=content,
        content_map={setting.language: content},
        published=share.published_at,
        updated=share.updated_at if share.updated_at > share.published_at else None,
        end_time=share.ends_at,
        url=page_of(share, setting.addresses),
        context=f"{share.object_id}/thread" if share.level == Level.PUBLIC else None,
        location=place_of(setting.area),
        publishes=_intent(notice, share),
        unit_based=notice.wording.is_divisible,
        status=_status(notice),
        urgency=URGENCY_ON_WIRE[notice.wording.urgency],
        tag=_tags(notice, share, setting),
        interaction_policy=InteractionPolicy(can_quote=Approval(automatic_approval=(author,))),
        replies=f"{share.object_id}/replies" if share.level == Level.PUBLIC else None,
    )


def audience(share: Share, setting: Setting, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`to` and `cc` of a share's object and of what announces it.

    A public need is quiet: for followers, and readable by all (2.3). A public offer also stands in the public lists of
    other servers (2.4).
    """
    if share.level == Level.NAMED:
        return setting.named_actors, ()
    followers = setting.addresses.followers(sender(share.level))
    if share.level != Level.PUBLIC:
        return (followers,), ()
    return ((followers,), (PUBLIC_COLLECTION,)) if kind == Kind.NEED else ((PUBLIC_COLLECTION,), (followers,))


def sender(level: Level) -> OwnActor:
    """Which of our actors speaks at this level."""
    return OwnActor.PUBLIC if level == Level.PUBLIC else OwnActor.PEERS


def create(activity_id: str, note: Note) -> Create:
    """The Create that announces a share."""
    return Create(
        id=activity_id, actor=note.attributed_to, published=note.published, to=note.to, cc=note.cc, object=note
    )


def update(activity_id: str, note: Note) -> Update:
    """The Update that tells of a change."""
    return Update(id=activity_id, actor=note.attributed_to, published=note.updated, to=note.to, cc=note.cc, object=note)


def delete(activity_id: str, share: Share, setting: Setting) -> Delete:
    """The Delete that takes a share back: no reason, no times (protocol 2.6)."""
    to, cc = audience(share, setting, Kind.NEED)
    actor = setting.addresses.actor(sender(share.level))
    return Delete(id=activity_id, actor=actor, to=to, cc=cc, object=share.object_id)


def delete_for(activity_id: str, share: Share, addresses: Addresses, actors: tuple[str, ...]) -> Delete:
    """A Delete for some actors only, who may not see a share any more."""
    return Delete(id=activity_id, actor=addresses.actor(sender(share.level)), to=actors, object=share.object_id)


def shared_text(notice: Notice, share_text: str) -> str:
    """The words that travel: those written for this share, else the notice's own."""
    return share_text or notice.wording.text


def _status(notice: Notice) -> WireStatus:
    if notice.status == Status.TAKEN_ON and notice.remaining > 0:
        return "partly-met"
    return STATUS_ON_WIRE[notice.status]


def _content(notice: Notice, share: Share, setting: Setting) -> str:
    parts = [f"<p><strong>{html.escape(_headline(notice), quote=False)}</strong></p>"]
    parts.append(paragraphs(shared_text(notice, share.text)))
    if notice.wording.access:
        parts.append(f"<p>Access: {html.escape(', '.join(notice.wording.access), quote=False)}.</p>")
    parts.append(f"<p>{html.escape(_where_and_when(share, setting), quote=False)}</p>")
    page = page_of(share, setting.addresses)
    if page is not None:
        parts.append(f'<p>{_question(notice)} <a href="{page}">{page}</a> or send us a private message.</p>')
    return "".join((*parts, hashtag_line(_tags(notice, share, setting))))


def _headline(notice: Notice) -> str:
    asked = "Needed" if notice.kind == Kind.NEED else "Offered"
    title = notice.wording.title
    if notice.status == Status.MET:
        return f"Met, thank you: {title}"
    if notice.remaining != notice.wording.quantity and notice.remaining > 0:
        left = "still needed" if notice.kind == Kind.NEED else "still available"
        return f"{asked}: {title} ({_plain(notice.remaining)} {left})"
    amount = f" ({_plain(notice.wording.quantity)})" if notice.wording.quantity > 1 else ""
    return f"{asked}: {title}{amount}"


def _where_and_when(share: Share, setting: Setting) -> str:
    where = f"{setting.area.name} area, " if setting.area is not None else ""
    return f"{where}until {day_said(share.ends_at, setting.zone)}. No cost."


def day_said(moment: datetime, zone: tzinfo) -> str:
    """The day of a moment there, as it stands in a text: `4 May 2031`."""
    there = moment.astimezone(zone)
    return f"{there.day} {there:%B %Y}"


def _question(notice: Notice) -> str:
    return "Can you help?" if notice.kind == Kind.NEED else "Would it help you?"


def page_of(share: Share, addresses: Addresses) -> str | None:
    """The page that everyone may read; None for what is not for everyone."""
    if share.level != Level.PUBLIC:
        return None
    return addresses.page(share.object_id.rpartition("/")[2])


def place_of(area: Area | None) -> Place | None:
    """An area by its name, and as a square of the grid where the community drew it (protocol 133)."""
    if area is None:
        return None
    cell = grid_cell(area)
    if cell is None:
        return Place(name=area.name)
    return Place(
        name=area.name,
        latitude=float(cell.latitude),
        longitude=float(cell.longitude),
        radius=cell.radius_km,
        units="km",
    )


def _intent(notice: Notice, share: Share) -> Intent:
    wording = notice.wording
    is_divisible = wording.is_divisible
    step = Decimal(1) if is_divisible else wording.quantity
    is_over = notice.is_closed
    return Intent(
        id=share.intent_id,
        name=wording.title,
        action="deliverService" if wording.category in SERVICES else "transfer",
        resource_conforms_to=f"{AID}{wording.category}",
        resource_quantity=Measure(has_unit=wording.unit, has_numerical_value=step),
        available_quantity=Measure(
            has_unit=wording.unit, has_numerical_value=Decimal(0) if is_over else notice.remaining
        ),
        minimum_quantity=Measure(has_unit=wording.unit, has_numerical_value=step),
        finished=is_over,
    )


def _tags(notice: Notice, share: Share, setting: Setting) -> tuple[Hashtag, ...]:
    wording = notice.wording
    return hashtags(("MutualAid", tag_words(wording.category)), wording.own_category, share, setting)


def tag_words(category: str) -> str:
    """A category's name as one word, as hashtags are written."""
    return "".join(part.capitalize() for part in name_of(category).split())


def hashtags(words: Iterable[str], own_category: str, share: Share, setting: Setting) -> tuple[Hashtag, ...]:
    """These words as hashtags of ours, and what we call the category where it is one of our own (protocol 1.3, 144).

    What is not for everyone has the latter alone, without an address: no page lists it.
    """
    own = filter(None, (setting.categories.tag_of(own_category),))
    if share.level != Level.PUBLIC:
        return tuple(Hashtag(name=f"#{word}") for word in own)
    tags = f"{setting.addresses.base_url}/tags"
    return tuple(Hashtag(name=f"#{word}", href=f"{tags}/{word.lower()}") for word in (*words, *own))


def hashtag_line(tags: tuple[Hashtag, ...]) -> str:
    """Hashtags as they stand below a text; nothing where there are none."""
    return f"<p>{' '.join(map(_hashtag_said, tags))}</p>" if tags else ""


def _hashtag_said(tag: Hashtag) -> str:
    if tag.href is None:
        return tag.name
    return f'<a href="{tag.href}" class="mention hashtag" rel="tag">#<span>{tag.name[1:]}</span></a>'


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
