"""Calls about a need in parts: split in two, some of it met, and whether it is still wanted."""

from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Amount, Body, Text
from node.api.v1.lookup import notice_of
from node.api.v1.notice_models import Description, NoticeLine, Title
from node.api.v1.notices import notice_line
from node.api.v1.operations import Call, NoQuery, Operation
from node.domain.notices import Kind
from node.domain.splitting import Split
from node.services import calls, needs, splitting
from node.services.community import profile


class SplitBody(Body):
    """What goes its own way: its words, and of what is counted how many (`quantity`). Left out, `text` is empty and
    `category` the same. `stays_title` and `stays_text` are the words of what stays; left out, they stay as they are.
    """

    title: Title
    text: Description = ""
    category: Text | None = None
    quantity: Amount | None = None
    stays_title: Title | None = None
    stays_text: Description | None = None


class MetBody(Body):
    """So much of what is open is met. With `was`, how much was open: 409 where that is another amount by now."""

    quantity: Amount
    was: Amount | None = None


class StillBody(Body):
    """What the person told us: it is still so, or it is sorted."""

    given: Annotated[bool, Field(description="True: still so, its time begins anew. False: it is sorted.")]


async def split(call: Call[SplitBody, NoQuery]) -> NoticeLine:
    """Split a need in two; the answer is the part that goes its own way."""
    body, words = call.body, (await notice_of(Kind.NEED, call)).wording
    own = (await profile(call.community)).categories
    category = body.category or words.category_here
    asked = Split(
        title=words.title if body.stays_title is None else body.stays_title,
        text=words.text if body.stays_text is None else body.stays_text,
        other_title=body.title,
        other_text=body.text,
        other_category=own.like(category),
        other_own_category=own.own(category),
        quantity=body.quantity,
    )
    return notice_line(await splitting.split(call.community, call.id, asked, call.member, call.form_id))


async def meet_some(kind: Kind, call: Call[MetBody, NoQuery]) -> NoticeLine:
    """Note that so much of it is met."""
    notice, was = await notice_of(kind, call), call.body.was
    return notice_line(await needs.meet_some(call.community, notice.id, call.body.quantity, call.member, was=was))


async def still_so(kind: Kind, call: Call[StillBody, NoQuery]) -> NoticeLine:
    """Write down what they said to whether it is still so."""
    notice = await notice_of(kind, call)
    return notice_line(await calls.still_so(call.community, notice.id, call.member, is_so=call.body.given))


OPERATIONS = (
    Operation("POST", "/needs/{id}/split", "split_need", "Split one need in two behind the same code", split,
              NoticeLine, 201, body=SplitBody, location="/needs/{id}", problems=(409,)),
)  # fmt: skip

OF_NOTICES = (
    Operation("POST", "/{kind}s/{id}/met", "meet_some_of_{kind}", "Note how much of one {kind} is met", meet_some,
              NoticeLine, body=MetBody, problems=(409,)),
    Operation("POST", "/{kind}s/{id}/still", "note_still_of_{kind}", "Note on their word that one {kind} is still so",
              still_so, NoticeLine, body=StillBody, problems=(409,)),
)  # fmt: skip
