"""Notes and the small objects around them (protocol 2.3 to 2.6)."""

from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from schemas.context import NOTE_CONTEXT
from schemas.fields import (
    AuthorId,
    Document,
    Flag,
    Id,
    Ids,
    Json,
    MaybeId,
    MaybeText,
    MaybeUrl,
    Text,
    Time,
    Wire,
    as_list,
    is_empty,
    kind,
    maybe_id,
    one_type,
    only_object,
)
from schemas.links import Hashtag, Link, Mention, Tags
from schemas.marketplace import Intent
from schemas.terms import plain
from schemas.wire import require_activitystreams

__all__ = [
    "NOTE_TYPES",
    "Approval",
    "Hashtag",
    "InteractionPolicy",
    "LinkTag",
    "Mention",
    "Note",
    "OtherObject",
    "Place",
    "Resource",
    "Tombstone",
    "check_addressees",
    "parse_note",
]

LinkTag = Link

NOTE_TYPES = frozenset({"Note", "Proposal", "Article", "Page", "Event", "Question"})
PROPOSAL = frozenset({"Proposal"})
_PROPOSED = ("purpose", "publishes", "unitBased", "location")
MAX_ADDRESSEES = 20
MAX_ATTACHMENTS = 8
MAX_LANGUAGES = 32

Status = Literal["open", "partly-met", "matched", "met", "withdrawn", "expired"]
STATUSES = frozenset(get_args(Status))


def check_addressees(to: tuple[str, ...], cc: tuple[str, ...]) -> None:
    """Raise ValueError for more than 20 addressees (T-21)."""
    if len(to) + len(cc) > MAX_ADDRESSEES:
        raise ValueError(f"there are more than {MAX_ADDRESSEES} addressees")


class Tombstone(Wire):
    """What stands where something was. No reason, no former type, no times (protocol 2.6)."""

    id: Id
    type: Annotated[Literal["Tombstone"], kind("Tombstone")] = "Tombstone"


class OtherObject(Wire):
    """An object of a kind we do not use: only what it calls itself and whose it is."""

    id: MaybeId = None
    type: Annotated[str | None, BeforeValidator(lambda value: one_type(value, NOTE_TYPES))] = None
    attributed_to: MaybeId = None


class Place(Wire):
    """A coarse place: a district and the middle of a grid square (C-133)."""

    type: Annotated[Literal["Place"], kind("Place")] = "Place"
    name: MaybeText = None
    latitude: Annotated[int | float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[int | float, Field(ge=-180, le=180)] | None = None
    radius: Annotated[int | float, Field(ge=0, le=50_000_000)] | None = None
    units: MaybeText = None


class Resource(Wire):
    """A public place or service worth knowing: how to get there, what they ask for, when somebody last looked.

    `name` and the kind of help (`resource_conforms_to`) are terms of others; the rest is ours.
    """

    name: MaybeText = None
    resource_conforms_to: MaybeId = None
    where: Annotated[MaybeText, Field(serialization_alias="aid:where")] = None
    hours: Annotated[MaybeText, Field(serialization_alias="aid:hours")] = None
    reach: Annotated[MaybeText, Field(serialization_alias="aid:reach")] = None
    asks_for: Annotated[MaybeText, Field(serialization_alias="aid:asksFor")] = None
    no_id_needed: Annotated[Flag, Field(serialization_alias="aid:noIdNeeded")] = False
    checked: Annotated[Time | None, Field(serialization_alias="aid:checked")] = None


class Approval(Wire):
    """Whose use of a note is approved without asking."""

    automatic_approval: Ids = ()


class InteractionPolicy(Wire):
    """Who may quote a note (FEP-044f)."""

    can_quote: Annotated[Approval | None, BeforeValidator(only_object)] = None


def _note_type(value: Any) -> Any:
    if value == "Note" or (isinstance(value, list) and "Note" in value):
        return "Note"
    return one_type(value, NOTE_TYPES)


def _status(value: Any) -> Any:
    return value if isinstance(value, str) and value in STATUSES else None


def _place(value: Any) -> Any:
    """A Place; anything else a location may be is passed over."""
    value = only_object(value)
    if isinstance(value, dict) and one_type(value.get("type"), frozenset({"Place"})) not in {"Place", None}:
        return None
    return value


def _intent(value: Any) -> Any:
    value = only_object(value)
    if isinstance(value, dict) and one_type(value.get("type"), frozenset({"Intent"})) not in {"Intent", None}:
        return None
    return value


def _resource(value: Any, read: ValidatorFunctionWrapHandler) -> Resource | None:
    """A Resource; other software may mean something else by this name, and its posts are read all the same."""
    try:
        found: Resource | None = read(only_object(value))
    except ValidationError:
        return None
    return found


class Note(Wire):
    """A post, and, with `purpose` and `publishes`, a need or an offer (FEP-0837).

    `type` is Note in everything we send; Proposal, Article, Page, Event and Question are read as notes too.
    """

    default_context: ClassVar[Json] = NOTE_CONTEXT

    id: Id
    type: Annotated[
        Literal["Note", "Proposal", "Article", "Page", "Event", "Question"], BeforeValidator(_note_type)
    ] = "Note"
    attributed_to: AuthorId
    to: Ids = ()
    cc: Ids = ()
    in_reply_to: MaybeId = None
    purpose: Literal["request", "offer"] | None = None
    name: MaybeText = None
    summary: MaybeText = None
    content: Text = ""
    content_map: Annotated[dict[str, Text], Field(max_length=MAX_LANGUAGES)] | None = None
    published: Time | None = None
    updated: Time | None = None
    end_time: Time | None = None
    url: MaybeUrl = None
    context: MaybeId = None
    sensitive: Flag = False
    location: Annotated[Place | None, BeforeValidator(_place)] = None
    publishes: Annotated[Intent | None, BeforeValidator(_intent)] = None
    unit_based: bool | None = None
    status: Annotated[Status | None, BeforeValidator(_status)] = None
    urgency: Annotated[str, StringConstraints(max_length=40)] | None = None
    capacity: Annotated[bool | None, Field(serialization_alias="aid:capacity")] = None
    resource: Annotated[Resource | None, WrapValidator(_resource), Field(serialization_alias="aid:resource")] = None
    tag: Annotated[Tags, Field(exclude_if=is_empty)] = ()
    interaction_policy: Annotated[InteractionPolicy | None, BeforeValidator(only_object)] = None
    replies: MaybeId = None

    @property
    def is_proposal(self) -> bool:
        """Whether this is a need or an offer and not just a post (protocol 1.1)."""
        return self.purpose is not None and self.publishes is not None

    @model_validator(mode="before")
    @classmethod
    def _read_odd_forms(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if data.get("content") is None and isinstance(data.get("contentMap"), dict):
            data = {**data, "content": next(iter(data["contentMap"].values()), None)}
        return _with_attached_proposal(data) if data.get("attachment") else data

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_addressees(self.to, self.cc)
        return self


def parse_note(document: Document) -> Note:
    """Read a note document, as fetched from its id. Raises InvalidDocument when it is not one."""
    found = plain(document)
    require_activitystreams(found)
    return Note.parse_plain(found)


def _with_attached_proposal(data: dict[str, Any]) -> dict[str, Any]:
    """The note with the terms of a Proposal that its own author attached (as flohmarkt does; protocol 1.2)."""
    attached = as_list(data["attachment"])
    if len(attached) > MAX_ATTACHMENTS:
        raise ValueError(f"there are more than {MAX_ATTACHMENTS} attachments")
    if data.get("purpose") or data.get("publishes"):
        return data
    author = maybe_id(data.get("attributedTo"))
    for item in attached:
        is_proposal = isinstance(item, dict) and one_type(item.get("type"), PROPOSAL) == "Proposal"
        if is_proposal and maybe_id(item.get("attributedTo")) == author:
            return {**data, **{key: item[key] for key in _PROPOSED if key in item}}
    return data
