"""What the columns and answers of one spreadsheet mean, from a mapping file in TOML (docs/import.md)."""

import codecs
import tomllib
from collections.abc import Mapping as Readable
from typing import Annotated, Any, Literal, Self

from phonenumbers import SUPPORTED_REGIONS
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from node.domain.categories import AS_SHIPPED, OwnCategories
from node.domain.errors import Invalid
from node.domain.notices import AREA_LIMIT, TITLE_LIMIT, UNITS, Kind, Urgency
from node.domain.phrases import say
from node.domain.redaction import contact_details
from node.domain.sealed import METHODS
from node.domain.spreadsheets.cells import DateOrder, key

#: What a column may hold. `choices` take their kind from `kind`; `needs` and `offers` carry it themselves.
ColumnField = Literal[
    "written_at",
    "kind",
    "choices",
    "needs",
    "offers",
    "urgency",
    "needed_by",
    "area",
    "quantity",
    "languages",
    "consent",
    "for_someone_else",
    "standing",
    "name",
    "phone",
    "email",
    "contact_by",
    "voicemail",
    "address",
    "story",
    "arrival",
    "ignore",
]
CHOICE_FIELDS: tuple[ColumnField, ...] = ("choices", "needs", "offers")
Audience = Literal["board", "peers", "public"]
YES_NO = {"yes": True, "no": False, "true": True, "false": False}


class MappingWrong(Invalid):
    """The mapping file cannot be used; the message names the place in it."""

    def __init__(self, message: str) -> None:
        super().__init__({"mapping": message}, message)


def _category(value: str, info: ValidationInfo) -> str:
    """The key; one of our own may be told by its name, too."""
    own = info.context if isinstance(info.context, OwnCategories) else AS_SHIPPED
    found = own.find(value)
    if found is None:
        raise ValueError(
            say("“%(word)s” is not a category; use one of: %(words)s", word=value, words=", ".join(own.keys))
        )
    return found


def _title(value: str) -> str:
    if not may_be_title(value):
        raise ValueError(
            say("a title has at most %(most)s characters and no telephone number or e-mail address", most=TITLE_LIMIT)
        )
    return value


def may_be_title(words: str) -> bool:
    """Whether these words may stand on a notice that is shared: not too long, and no way to reach anybody in them."""
    return len(words) <= TITLE_LIMIT and not contact_details(words)


def _unit(value: str) -> str:
    if value not in UNITS:
        raise ValueError(say("“%(word)s” is not a unit; use one of: %(words)s", word=value, words=", ".join(UNITS)))
    return value


def _area(value: str) -> str:
    if len(value) > AREA_LIMIT:
        raise ValueError(say("an area has at most %(most)s characters", most=AREA_LIMIT))
    return value


def _method(value: str) -> str:
    if value not in METHODS:
        ways = ", ".join(METHODS)
        raise ValueError(say("“%(word)s” is no way to reach somebody; use one of: %(words)s", word=value, words=ways))
    return value


def _region(value: str) -> str:
    if value and value not in SUPPORTED_REGIONS:
        raise ValueError(say("“%(word)s” is not a region; use two capital letters such as US, MX or ES", word=value))
    return value


def _encoding(value: str) -> str:
    try:
        return codecs.lookup(value).name if value else ""
    except LookupError:
        raise ValueError(say("“%(word)s” is not an encoding that is known here", word=value)) from None


def _short_form(value: Any) -> Any:
    return {"category": value} if isinstance(value, str) else value


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Area = Annotated[str, AfterValidator(_area)]
Title = Annotated[str, AfterValidator(_title)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Part):
    """One answer of the form: its category, and the title a shared notice may carry."""

    category: Annotated[str, AfterValidator(_category)]
    title: Title = ""
    offer_title: Title = ""
    unit: Annotated[str, AfterValidator(_unit)] = "one"


class FileFacts(_Part):
    """How the file is written. Empty: found out."""

    date_order: DateOrder = DateOrder.YEAR_FIRST
    region: Annotated[str, AfterValidator(_region)] = ""
    encoding: Annotated[str, AfterValidator(_encoding)] = ""
    delimiter: Literal["", ",", ";", "\t"] = ""


class Fixed(_Part):
    """What holds for every row whose own columns do not say otherwise."""

    kind: Kind | None = None
    urgency: Urgency = Urgency.WHENEVER
    area: Area = ""
    languages: Annotated[tuple[str, ...], BeforeValidator(_one_or_more)] = ()
    consent: tuple[Audience, ...] = ()


Languages = Annotated[tuple[str, ...], BeforeValidator(_one_or_more)]


class Mapping(_Part):
    """A mapping file: columns by their header, and what each answer means."""

    columns: dict[str, ColumnField]
    file: FileFacts = FileFacts()
    fixed: Fixed = Fixed()
    choices: dict[str, Annotated[Choice, BeforeValidator(_short_form)]] = {}
    kinds: dict[str, Kind] = {}
    urgencies: dict[str, Urgency] = {}
    consents: dict[str, tuple[Audience, ...]] = {}
    areas: dict[str, Area] = {}
    languages: dict[str, Languages] = {}
    methods: dict[str, Annotated[str, AfterValidator(_method)]] = {}
    answers: dict[str, bool] = {}

    @model_validator(mode="after")
    def _can_make_something(self) -> Self:
        fields = set(self.columns.values())
        if not fields & set(CHOICE_FIELDS):
            raise ValueError(say("[columns] names no column as choices, needs or offers, so nothing can be brought in"))
        if "choices" in fields and "kind" not in fields and self.fixed.kind is None:
            raise ValueError(say("[columns] has choices but no kind; add a kind column, or kind under [fixed]"))
        return self

    def field_of(self, header: str) -> ColumnField | None:
        """What the column of this header holds; None where the mapping does not name it."""
        return next((field for name, field in self.columns.items() if key(name) == key(header)), None)


def parse_mapping(data: bytes, own: OwnCategories = AS_SHIPPED) -> Mapping:
    """The mapping a TOML file describes, where the categories are these.

    Raises MappingWrong naming the first place that cannot stand.
    """
    try:
        parts = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = str(error).rstrip(".")
        sentence = say("The mapping file is not written as TOML in UTF-8: %(reason)s.", reason=reason)
        raise MappingWrong(sentence) from None
    return make_mapping(parts, own)


def make_mapping(parts: Readable[str, object], own: OwnCategories = AS_SHIPPED) -> Mapping:
    """The mapping made of the parts a mapping file may have. Raises MappingWrong as `parse_mapping` does."""
    try:
        return Mapping.model_validate(parts, context=own)
    except ValidationError as error:
        raise MappingWrong(_first_fault(error)) from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"])
    ours = fault.get("ctx", {}).get("error")
    reason = ours.args[0] if isinstance(ours, ValueError) else _plain_reason(fault["type"], fault["msg"])
    if place:
        return say("In the mapping file, %(place)s: %(reason)s.", place=place, reason=reason)
    return say("The mapping file: %(reason)s.", reason=reason)


def _plain_reason(kind: str, message: str) -> str:
    words = {"extra_forbidden": say("there is no such setting"), "missing": say("this part is missing")}
    return words.get(kind) or message[:1].lower() + message[1:].rstrip(".")
