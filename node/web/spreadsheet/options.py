"""What can be chosen for a column and for an answer, worded for the reader."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from babel import Locale
from phonenumbers import SUPPORTED_REGIONS

from node.domain.consent import Consent, questions_of
from node.domain.notices import Kind, Urgency
from node.domain.spreadsheets.cells import DateOrder
from node.domain.spreadsheets.mapping import ColumnField
from node.domain.spreadsheets.vocabularies import Table
from node.services.community import Profile
from node.web.area_words import area_options
from node.web.category_words import every_category
from node.web.choices import further_languages, methods
from node.web.consent_words import use_name
from node.web.language_names import language_name
from node.web.languages import language
from node.web.spreadsheet.in_hand import InHand
from node.web.spreadsheet.meanings import NOBODY, AnswerAsked, areas_in
from node.web.words import FIELD_NAMES, _, listed, urgency_name

Show = Callable[[web.Request, InHand], Awaitable[web.Response]]
Options = tuple[tuple[str, str], ...]

_NOTICE: tuple[tuple[ColumnField, str], ...] = (
    ("choices", _("What it is about")),
    ("needs", _("What they need")),
    ("offers", _("What they can share")),
    ("kind", _("Whether they need something or share something")),
    ("urgency", _("How soon")),
    ("needed_by", _("The day by which")),
    ("quantity", _("How many")),
    ("area", _("Part of town")),
    ("languages", _("Languages")),
    ("standing", _("Whether an offer stays until it is ended")),
)
_PERSON: tuple[tuple[ColumnField, str], ...] = (
    ("name", _("What to call them")),
    ("phone", _("Telephone number")),
    ("email", _("E-mail address")),
    ("contact_by", _("How they would like to be reached")),
    ("voicemail", _("Whether a message may be left")),
    ("address", _("Address")),
    ("arrival", _("What to know at the door")),
    ("story", _("Anything they wrote in their own words")),
    ("for_someone_else", _("Whether it is for somebody else")),
)
_FORM: tuple[tuple[ColumnField, str], ...] = (
    ("consent", _("Who may know")),
    ("written_at", _("When it was sent in")),
)
#: Every kind of column, in groups that say where it goes.
FIELDS: tuple[tuple[str, tuple[tuple[ColumnField, str], ...]], ...] = (
    (_("The need or offer itself"), _NOTICE),
    (_("About the person: always sealed"), _PERSON),
    (_("About the form"), _FORM),
)
#: What may be wrong in a row that is refused.
FAULTY: dict[str, str] = FIELD_NAMES | {field: name for _group, fields in FIELDS for field, name in fields}

_CONSENTS: Options = (
    ("", _("Not clear: counts as no")),
    (NOBODY, _("Only the dispatchers")),
    ("board", _("Helpers here")),
    ("peers", _("Neighbouring communities")),
    ("board peers", _("Helpers here and neighbouring communities")),
    ("public", _("Everyone")),
    ("board peers public", _("Helpers here, neighbouring communities and everyone")),
)
DATE_ORDERS: tuple[tuple[str, str, str], ...] = (
    (DateOrder.YEAR_FIRST, _("The year first: 2026-11-05"), ""),
    (DateOrder.DAY_FIRST, _("The day first: 5/11/2026 is in November"), ""),
    (DateOrder.MONTH_FIRST, _("The month first: 5/11/2026 is in May"), ""),
)


def of_answers(profile: Profile, asked: Sequence[AnswerAsked]) -> dict[Table, Options]:
    """For each part of a mapping what an answer may mean; what is chosen is among it."""
    languages = (*profile.languages, *further_languages(profile.languages))
    areas = area_options(profile.areas) or tuple((area, area) for area in areas_in(one.answer for one in asked))
    not_known = ("", _("Not listed: these words go into the sealed note"))
    fixed: dict[Table, Options] = {
        "kinds": (("", _("Not clear: this row does not come in")), (Kind.NEED, _("Need")), (Kind.OFFER, _("Offer"))),
        "choices": (not_known, *every_category()),
        "consents": _CONSENTS,
        "urgencies": (not_known, *((word.value, urgency_name(word)) for word in Urgency)),
        "areas": (not_known, *areas),
        "languages": (not_known, *((code, language_name(code)) for code in languages)),
        "methods": (not_known, *(way[:2] for way in methods())),
        "answers": (("", _("Not clear: counts as no")), ("yes", _("Yes")), ("no", _("No"))),
    }
    return {table: _with_chosen(shown, table, asked) for table, shown in fixed.items()}


def regions() -> Options:
    """Countries from which telephone numbers may be, by their names."""
    names = Locale.parse(language()).territories
    known = sorted((names[code], code) for code in SUPPORTED_REGIONS if code in names)
    return (("", _("Leave them as they were typed")), *((code, name) for name, code in known))


def who_may_know(consent: Consent) -> str:
    """Whom a draft's owner agreed to, in one line that may stand within a sentence."""
    uses = [use_name(question.use) for question in questions_of(consent)]
    return listed(uses) if uses else _("the dispatchers alone")


def _with_chosen(shown: Options, table: Table, asked: Sequence[AnswerAsked]) -> Options:
    """The options, and what a mapping file says beside them."""
    known = {value for value, _label in shown}
    chosen = dict.fromkeys(one.chosen for one in asked if one.answer.table == table and one.chosen not in known)
    return (*shown, *((value, value) for value in chosen))
