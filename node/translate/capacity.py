"""What we could give now as a Note: an offer with `aid:capacity`, for neighbours alone (protocol 2.13)."""

import html
from decimal import Decimal

from node.domain.capacity import Capacity
from node.domain.categories import SERVICES
from node.domain.notices import Kind
from node.domain.shares import Share
from node.translate.notices import Setting, audience, day_said, sender
from schemas.context import AID
from schemas.marketplace import Intent, Measure
from schemas.objects import Approval, InteractionPolicy, Note


def capacity_to_note(capacity: Capacity, share: Share, setting: Setting) -> Note:
    """The object of a capacity's share, complete. The allow-list of what may travel is this function."""
    to, cc = audience(share, setting, Kind.OFFER)
    author = setting.addresses.actor(sender(share.level))
    content = _content(capacity, share, setting)
    return Note(
        id=share.object_id,
        attributed_to=author,
        to=to,
        cc=cc,
        purpose="offer",
        content=content,
        content_map={setting.language: content},
        published=share.published_at,
        end_time=share.ends_at,
        publishes=_intent(capacity, share),
        unit_based=True,
        status="open",
        capacity=True,
        interaction_policy=InteractionPolicy(can_quote=Approval(automatic_approval=(author,))),
    )


def _content(capacity: Capacity, share: Share, setting: Setting) -> str:
    said = html.escape(f"We could give: {capacity.title}", quote=False)
    return f"<p><strong>{said}</strong></p><p>Until {day_said(share.ends_at, setting.zone)}.</p>"


def _intent(capacity: Capacity, share: Share) -> Intent:
    return Intent(
        id=share.intent_id,
        name=capacity.title,
        action="deliverService" if capacity.category in SERVICES else "transfer",
        resource_conforms_to=f"{AID}{capacity.category}",
        resource_quantity=Measure(has_unit=capacity.unit, has_numerical_value=Decimal(1)),
        available_quantity=Measure(has_unit=capacity.unit, has_numerical_value=capacity.quantity),
        finished=False,
    )
