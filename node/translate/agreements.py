"""Offers of help, agreements, and what tells how they went (protocol 2.8 to 2.10, 2.13)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from node.domain.addresses import Addresses
from node.domain.peers import OwnActor
from node.domain.responses import MoreTime, Response
from node.translate.text import paragraphs
from schemas.activities import Accept, Create, Offer, Reject, Undo, Update
from schemas.context import AID
from schemas.links import Link
from schemas.marketplace import Agreement, Commitment, EconomicEvent, Measure
from schemas.objects import Note

TaskActivity: TypeAlias = Offer | Accept | Reject | Undo | Create | Update


@dataclass(frozen=True)
class Tasked:
    """A response together with our addresses: all that its activities are made of."""

    response: Response
    addresses: Addresses

    @property
    def own_id(self) -> str:
        """Our actor in it."""
        return self.addresses.actor(OwnActor(self.response.own_actor))

    @property
    def to(self) -> tuple[str, ...]:
        """The other side alone: never Public, never followers (protocol 129)."""
        return (self.response.remote_actor,)

    @property
    def intent_id(self) -> str:
        """What it satisfies."""
        return f"{self.response.object_id}#primary"

    @property
    def measure(self) -> Measure:
        """How much."""
        return Measure(has_unit=self.response.unit, has_numerical_value=self.response.quantity)


def offer(tasked: Tasked, intent_id: str) -> Offer:
    """Our offer to help (2.8). The sender is the community, not the helper."""
    response = tasked.response
    commitment = Commitment(satisfies=intent_id, resource_quantity=tasked.measure)
    return Offer(
        id=response.offer_id,
        actor=tasked.own_id,
        to=tasked.to,
        published=response.created_at,
        end_time=response.until,
        content=paragraphs(response.text) or None,
        object=Agreement(stipulates=commitment),
    )


def accept(activity_id: str, tasked: Tasked) -> Accept:
    """Our yes, with the agreement and its lease (2.9, 2.13). No contact detail is in it."""
    return Accept(
        id=activity_id,
        actor=tasked.own_id,
        to=tasked.to,
        object=tasked.response.offer_id,
        result=agreement(tasked),
    )


def agreement(tasked: Tasked) -> Agreement:
    """The agreement as a document."""
    response = tasked.response
    agreement_id = response.agreement_id or ""
    return Agreement(
        id=agreement_id,
        attributed_to=tasked.own_id,
        stipulates=Commitment(
            id=f"{agreement_id}#primary", satisfies=tasked.intent_id, resource_quantity=tasked.measure
        ),
        url=Link(href=f"{agreement_id}/coordinate", media_type="text/html", rel=(f"{AID}coordination",)),
        end_time=response.lease_until,
    )


def extension(activity_id: str, tasked: Tasked, now: datetime) -> Update:
    """The lease ends later: the whole agreement again, with its new end (2.13)."""
    return Update(id=activity_id, actor=tasked.own_id, to=tasked.to, published=now, object=agreement(tasked))


def asking(new_id: str, tasked: Tasked, wish: MoreTime) -> Create:
    """The helping side asks for a later end: a Note in reply to the agreement. It and its Create share `new_id`."""
    note = Note(
        id=tasked.addresses.object(new_id),
        attributed_to=tasked.own_id,
        to=tasked.to,
        in_reply_to=tasked.response.agreement_id,
        content=paragraphs(wish.text),
        published=wish.asked_at,
        end_time=wish.until,
    )
    return Create(
        id=tasked.addresses.activity(new_id), actor=tasked.own_id, to=note.to, published=wish.asked_at, object=note
    )


def reject(activity_id: str, tasked: Tasked, words: str) -> Reject:
    """Our no, or the end of an agreement."""
    return Reject(
        id=activity_id, actor=tasked.own_id, to=tasked.to, object=tasked.response.offer_id, content=words or None
    )


def undo(activity_id: str, tasked: Tasked) -> Undo:
    """We take our offer back, or hand the task back. No reason is given (2.9)."""
    return Undo(
        id=activity_id,
        actor=tasked.own_id,
        to=tasked.to,
        object=tasked.response.offer_id,
        undone_type="Offer",
        undone_actor=tasked.own_id,
    )


@dataclass(frozen=True)
class Word:
    """What an event says: how much was brought, whether that ends it, and how ValueFlows calls the deed."""

    quantity: Decimal
    finished: bool
    action: Literal["transfer", "deliverService"]
    at: datetime


def progress(new_id: str, tasked: Tasked, word: Word) -> Create:
    """The helping side says that it is under way or done (2.13). The event and its Create share `new_id`."""
    name = "Done" if word.finished else "Under way"
    return _event(new_id, tasked, (word, name, ""))


def receipt(new_id: str, tasked: Tasked, word: Word) -> Create:
    """The origin's confirmation to the helper's community only (2.10, protocol 128); ids as for `progress`."""
    return _event(new_id, tasked, (word, "Receipt", "<p>Handed over. Thank you.</p>"))


def _event(new_id: str, tasked: Tasked, told: tuple[Word, str, str]) -> Create:
    word, name, content = told
    response = tasked.response
    is_origin = response.side == "origin"
    provider, receiver = (response.remote_actor, tasked.own_id) if is_origin else (tasked.own_id, response.remote_actor)
    event = EconomicEvent(
        id=tasked.addresses.event(new_id),
        attributed_to=tasked.own_id,
        to=tasked.to,
        context=response.agreement_id,
        fulfills=f"{response.agreement_id}#primary",
        action=word.action,
        provider=provider,
        receiver=receiver,
        resource_quantity=Measure(has_unit=response.unit, has_numerical_value=word.quantity),
        finished=word.finished,
        name=name,
        content=content,
        published=word.at,
    )
    return Create(
        id=tasked.addresses.activity(new_id), actor=tasked.own_id, to=tasked.to, published=word.at, object=event
    )
