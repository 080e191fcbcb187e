"""What is told on the telephone, read from one page into the two envelopes and the answers that were read aloud for.

The same readers as on the way in for guests; but nothing has to be there beside what it is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from node.domain.consent import Channel, Intake, Question, Use, consent_in
from node.domain.doors import OwnQuestion
from node.domain.errors import Invalid
from node.domain.notices import Kind, Wording, about, check_wording
from node.domain.on_behalf import OnBehalf, check_on_behalf
from node.domain.together import MOST_TOGETHER
from node.services.consents import Said
from node.services.needs import Entry
from node.web.answers import STEPS, read_channel, read_sealed, read_what
from node.web.category_words import own_categories
from node.web.consent_words import asked_words
from node.web.forms import Form
from node.web.languages import language
from node.web.own_questions import faults_in, read_answers
from node.web.words import _

Value = TypeVar("Value")
Answers = Mapping[Use, bool]

#: What is read aloud, in this order; whether a message may be left is asked beside how to reach them.
READ_ALOUD = {
    Kind.NEED: (Use.BOARD, Use.DETAILS, Use.PEERS, Use.PUBLIC, Use.STILL_NEEDED, Use.TAKEN_ON),
    Kind.OFFER: (Use.BOARD, Use.PEERS, Use.PUBLIC, Use.STILL_NEEDED),
}
YES_NO = (("yes", _("Yes"), ""), ("no", _("No"), ""))
_LATER = "later"
YES_NO_LATER = (*YES_NO, (_LATER, _("Ask next time"), ""))
_SAID = {"yes": True, "no": False}
_MESSAGE = "voicemail_ok"
#: What somebody needs or shares beside the first: the names of its two fields on the page.
FURTHER = tuple((f"category_{number}", f"title_{number}") for number in range(2, MOST_TOGETHER + 1))


def field_of(use: Use) -> str:
    """How the answer about a use is called in the form."""
    return _MESSAGE if use is Use.MESSAGE else f"agreed_{use.name.lower()}"


def question(use: Use, kind: Kind) -> str:
    """The words to read aloud."""
    return asked_words(Question(use), kind)


def read_call(kind: Kind, form: Form, today: date, own: tuple[OwnQuestion, ...] = ()) -> Entry:
    """The whole page, the community's `own` questions too; what cannot be taken is told at once. Raises Invalid."""
    faults = faults_in(form, own)
    answers = _read_answers(form, kind)
    person = OnBehalf(_SAID.get(form.text("they_know")), _SAID.get(form.text("may_be_contacted")))
    wording = _unless(faults, lambda: _read_wording(kind, form, today))
    further = _read_further(kind, form, wording or Wording("", form.text("category")), faults)
    sealed = _unless(faults, lambda: read_sealed(form))
    consent = _unless(faults, lambda: consent_in(answers))
    is_other = form.has("for_someone_else", "yes")
    agreed = [use for use, yes in answers.items() if yes]
    _unless(faults, lambda: check_on_behalf(person if is_other else OnBehalf(), agreed))
    if wording is None or sealed is None or consent is None or faults:
        raise Invalid(_in_order(faults))
    return Entry(
        kind=kind,
        wording=wording,
        further=further,
        sealed=replace(sealed, answers=read_answers(form, own)),
        consent=consent,
        intake=_intake(kind, form, answers),
        for_someone_else=is_other,
        on_behalf=person,
        standing=kind == Kind.OFFER and form.has("standing", "yes"),
    )


def single_field(peer_id: str) -> str:
    """How the answer about one neighbouring community is called in the form."""
    return f"agreed_named_{peer_id}"


def read_single(kind: Kind, form: Form, names: Mapping[str, str]) -> tuple[Said, ...]:
    """The answers about single neighbouring communities, whose `names` were read aloud. Raises Invalid."""
    said = {peer: _SAID.get(form.text(single_field(peer))) for peer in names}
    answers = {peer: yes for peer, yes in said.items() if yes is not None}
    is_other = form.has("for_someone_else", "yes")
    if is_other and True in answers.values():
        check_on_behalf(OnBehalf(_SAID.get(form.text("they_know"))), [Use.NAMED])
    wider = [use for use in (Use.PEERS, Use.PUBLIC) if form.text(field_of(use)) == "yes"]
    if wider and False in answers.values():
        told = _("They said no to fewer people. Ask once more, and correct one of the two.")
        raise Invalid({field_of(use): told for use in wider})
    channel = _channel(form)
    return tuple(
        Said((one,), yes, asked_words(one, kind, names[one.peer]), channel, language())
        for one, yes in ((Question(Use.NAMED, peer), yes) for peer, yes in answers.items())
    )


def categories_told(form: Form) -> tuple[str, ...]:
    """What it is about, as far as it is told, the first of it first."""
    told = (form.text("category"), *(form.text(category) for category, _title in FURTHER))
    return tuple(dict.fromkeys(filter(None, told)))


def to_ask(kind: Kind, form: Form) -> tuple[Use, ...]:
    """What is to be asked next time."""
    return tuple(use for use in READ_ALOUD[kind] if form.text(field_of(use)) == _LATER)


def _read_wording(kind: Kind, form: Form, today: date) -> Wording:
    return check_wording(replace(read_what(form, today), area=form.text("area")), kind)


def _read_further(kind: Kind, form: Form, first: Wording, faults: dict[str, str]) -> tuple[Wording, ...]:
    """What else there is, each with a category and words of its own; how many and the longer words are of the first.

    What is wrong goes into `faults`.
    """
    found: list[Wording] = []
    for category, title in FURTHER:
        key, words = form.text(category), form.text(title)
        if not key and not words.strip():
            continue
        one = replace(first, title=words, text="", quantity=Decimal(1), unit="one")
        one = about(one, key, own_categories())
        try:
            found.append(check_wording(one, kind))
        except Invalid as problem:
            named = {"category": category, "title": title}
            faults |= {named[name]: fault for name, fault in problem.fields.items() if name in named}
        if key in {first.category_here, *(other.category_here for other in found[:-1])}:
            faults[category] = _("Choose each category once.")
    return tuple(found)


def _read_answers(form: Form, kind: Kind) -> Answers:
    """Each yes and no; what was not asked is not there."""
    said = {use: _SAID.get(form.text(field_of(use))) for use in (Use.MESSAGE, *READ_ALOUD[kind])}
    return {use: answer for use, answer in said.items() if answer is not None}


def _channel(form: Form) -> Channel:
    is_other = form.has("for_someone_else", "yes")
    return Channel.ON_BEHALF if is_other else read_channel(form, told_a_dispatcher=True)


def _intake(kind: Kind, form: Form, answers: Answers) -> Intake:
    """How it was asked, in exactly the words that were read aloud."""
    return Intake(
        channel=_channel(form),
        language=language(),
        wordings=tuple((use, question(use, kind)) for use in answers),
        message=answers.get(Use.MESSAGE, False),
        still_needed=answers.get(Use.STILL_NEEDED, False),
        taken_on=answers.get(Use.TAKEN_ON, False),
        details=answers.get(Use.DETAILS, False),
        refused=tuple(use for use, yes in answers.items() if not yes),
    )


def _unless(faults: dict[str, str], read: Callable[[], Value]) -> Value | None:
    """What is read, or None with its faults added to the others."""
    try:
        return read()
    except Invalid as problem:
        faults.update(problem.fields)
        return None


def _in_order(faults: Mapping[str, str]) -> dict[str, str]:
    """Under the names of the form's fields, in the order of the page."""
    named = {_FIELD_OF.get(name, name): fault for name, fault in faults.items()}
    return dict(sorted(named.items(), key=lambda one: _ORDER.get(one[0], len(_ORDER))))


_FIELD_OF = {use.value: field_of(use) for use in Use}
_PAGE = (
    *("title", "category", "text", "quantity", "unit"),
    *(name for pair in FURTHER for name in pair),
    "they_know",
    *("name", "method", "contact", "area", "address", "story", "needed_by", "repeat", "repeat_until"),
    *(name for step in STEPS if step.name == "arrival" for name in step.fields),
    *(field_of(use) for use in READ_ALOUD[Kind.NEED]),
    "call_back",
)
_ORDER = {name: place for place, name in enumerate(_PAGE)}
