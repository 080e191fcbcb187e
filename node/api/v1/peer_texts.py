"""Calls about our card and the agreement texts."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Text
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.link_texts import LONGEST
from node.services import link_texts


class CardPatch(Body):
    """What we write to whoever links with us; "" for nothing."""

    agreement: Annotated[Text, Field(max_length=LONGEST)]


class CardAnswer(Answer):
    """How others link with us: `address` and `link` are what they may type."""

    name: str
    address: str
    link: str
    areas: tuple[str, ...]
    agreement: str


class AgreedAnswer(Answer):
    """Both texts as they were when we said yes."""

    ours: str
    theirs: str
    at: datetime


class TextsAnswer(Answer):
    """What both write now; `changed` tells that they write something else than what we said yes to."""

    ours: str
    theirs: str
    agreed: AgreedAnswer | None
    changed: bool


async def card(call: Call[NoBody, NoQuery]) -> CardAnswer:
    """Our card."""
    found = await link_texts.card(call.community)
    return CardAnswer(
        name=found.name, address=found.address, link=found.link, areas=found.areas, agreement=found.agreement
    )


async def write(call: Call[CardPatch, NoQuery]) -> CardAnswer:
    """Change what we write; our neighbours are told. Raises Invalid."""
    await link_texts.write(call.community, call.body.agreement, call.member)
    return await card(Call(call.community, call.member, "", NoBody(), NoQuery()))


async def read(call: Call[NoBody, NoQuery]) -> TextsAnswer:
    """What both write about being linked."""
    found = await link_texts.texts(call.community, call.id)
    said = found.agreed
    agreed = AgreedAnswer(ours=said.ours, theirs=said.theirs, at=said.at) if said else None
    return TextsAnswer(ours=found.ours, theirs=found.theirs, agreed=agreed, changed=found.theirs_has_changed)


OPERATIONS = (
    Operation("GET", "/card", "read_card", "How others link with us", card, CardAnswer),
    Operation(
        "PATCH",
        "/card",
        "change_card",
        "Change the agreement text",
        write,
        CardAnswer,
        body=CardPatch,
        access=Access.STEWARD,
    ),
    Operation(
        "GET",
        "/peers/{id}/agreement",
        "read_agreement_with_peer",
        "What both write, and what was agreed",
        read,
        TextsAnswer,
    ),
)
