"""What the columns and answers of one spreadsheet mean, from a mapping file in TOML (docs/import.md)."""

import codecs
import tomllib
from typing import Annotated, Any, Literal, Self

from phonenumbers import SUPPORTED_REGIONS
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from node.domain.categories import BY_KEY
from node.domain.errors import Invalid
from node.domain.notices import AREA_LIMIT, TITLE_LIMIT, UNITS, Kind, Urgency
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


def _category(value: str) -> str:
    if value not in BY_KEY:
        raise ValueError(f"“{value}” is not a category; use one of: {', '.join(BY_KEY)}")
    return value


def _title(value: str) -> str:
    if len(value) > TITLE_LIMIT or contact_details(value):
        raise ValueError(f"a title has at most {TITLE_LIMIT} characters and no telephone number or e-mail address")
    return value


def _unit(value: str) -> str:
    if value not in UNITS:
        raise ValueError(f"“{value}” is not a unit; use one of: {', '.join(UNITS)}")
    return value


def _area(value: str) -> str:
    if len(value) > AREA_LIMIT:
        raise ValueError(f"an area has at most {AREA_LIMIT} characters")
    return value


def _method(value: str) -> str:
    if value not in METHODS:
        raise ValueError(f"“{value}” is no way to reach somebody; use one of: {', '.join(METHODS)}")
    return value


def _region(value: str) -> str:
    if value and value not in SUPPORTED_REGIONS:
        raise ValueError(f"“{value}” is not a region; use two capital letters such as US, MX or ES")
    return value


def _encoding(value: str) -> str:
    try:
        return codecs.lookup(value).name if value else ""
    except LookupError:
        raise ValueError(f"“{value}” is not an encoding that is known here") from None


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
            raise ValueError("[columns] names no column as choices, needs or offers, so nothing can be brought in")
        if "choices" in fields and "kind" not in fields and self.fixed.kind is None:
            raise ValueError("[columns] has choices but no kind; add a kind column, or kind under [fixed]")
        return self

    def field_of(self, header: str) -> ColumnField | None:
        """What the column of this header holds; None where the mapping does not name it."""
        return next((field for name, field in self.columns.items() if key(name) == key(header)), None)


def parse_mapping(data: bytes) -> Mapping:
    """The mapping a TOML file describes. Raises MappingWrong naming the first place that cannot stand."""
    try:
        return Mapping.model_validate(tomllib.loads(data.decode("utf-8-sig")))
    except ValidationError as error:
        raise MappingWrong(_first_fault(error)) from None
    except ValueError as error:
        raise MappingWrong(f"The mapping file is not written as TOML in UTF-8: {str(error).rstrip('.')}.") from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"])
    reason = str(fault.get("ctx", {}).get("error", "")) or _plain_reason(fault["type"], fault["msg"])
    where = f"In the mapping file, {place}: " if place else "The mapping file: "
    return f"{where}{reason.rstrip('.')}."


def _plain_reason(kind: str, message: str) -> str:
    words = {"extra_forbidden": "there is no such setting", "missing": "this part is missing"}
    return words.get(kind, message[:1].lower() + message[1:])
