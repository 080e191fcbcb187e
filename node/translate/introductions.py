"""Introductions: one community named to another in a few plain words (protocol 2.13)."""

from datetime import datetime

from node.domain.addresses import Addresses
from node.domain.introductions import TEXT_LIMIT, Introduced, Introduction, Side, Sort, ends
from node.domain.peers import OwnActor, RemoteActor
from node.translate.text import paragraphs, plain_text
from schemas.activities import Introduction as IntroductionActivity
from schemas.activities import Undo

COMMUNITY = "Organization"


def introduce(introduction: Introduction, addresses: Addresses) -> IntroductionActivity:
    """What we wrote. Whoever asks to be introduced itself names no target. Nothing but an id is said of anybody."""
    return IntroductionActivity(
        id=introduction.activity_id,
        actor=addresses.actor(OwnActor.PEERS),
        to=(introduction.actor,),
        published=introduction.written_at,
        end_time=introduction.ends_at,
        content=paragraphs(introduction.text),
        object=introduction.about.actor,
        target=introduction.actor if introduction.sort is Sort.ANOTHER else None,
    )


def undo(activity_id: str, introduction: Introduction, addresses: Addresses) -> Undo:
    """We take it back. No reason is given."""
    own = addresses.actor(OwnActor.PEERS)
    return Undo(
        id=activity_id,
        actor=own,
        to=(introduction.actor,),
        object=introduction.activity_id,
        undone_type="Offer",
        undone_actor=own,
    )


def read(activity: IntroductionActivity, about: Introduced, new_id: str, now: datetime) -> Introduction | None:
    """What a neighbour wrote, as we keep it; None where it has no words or its time is over."""
    text, ends_at = plain_text(activity.content or "")[:TEXT_LIMIT], ends(activity.end_time, now)
    if activity.id is None or not text or ends_at <= now:
        return None
    return Introduction(
        id=new_id,
        side=Side.RECEIVED,
        sort=Sort.ITSELF if activity.target is None else Sort.ANOTHER,
        activity_id=activity.id,
        actor=activity.actor,
        about=about,
        text=text,
        written_at=now,
        ends_at=ends_at,
    )


def introduced(actor: RemoteActor) -> Introduced | None:
    """A community as its own server shows it; None for whatever is no community of this kind."""
    if not actor.is_manyhands or actor.type != COMMUNITY:
        return None
    return Introduced(actor.id, actor.name, actor.handle or actor.id, actor.summary, _page(actor))


def _page(actor: RemoteActor) -> str | None:
    return actor.url if actor.url is not None and actor.url.startswith(("https://", "http://")) else None
