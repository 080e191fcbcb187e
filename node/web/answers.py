"""What somebody who asks or offers told us, read step by step into the two envelopes and the consent."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from node.domain.access import NEEDED, OFFERED
from node.domain.arrival import AT_THE_DOOR, ArrivalCard
from node.domain.consent import ALL, Channel, Consent
from node.domain.doors import OwnQuestion
from node.domain.errors import Invalid
from node.domain.notices import AREA_LIMIT, Kind, Urgency, Wording, about, check_wording
from node.domain.redaction import contact_details, streets
from node.domain.repeating import Repeat
from node.domain.sealed import BY_NUMBER, METHODS, Contact, SealedNote, check_sealed
from node.domain.together import MOST_TOGETHER
from node.services.needs import Entry
from node.web.category_words import every_category, own_categories
from node.web.consent_words import TOLD, intake_of
from node.web.forms import Form, Reader
from node.web.own_questions import carried_answers, faults_in, read_answers, read_corrected
from node.web.words import _

#: Only these languages' codes are taken: two or three letters, perhaps a script or a country.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_NO_ADDRESS_NEEDED = "other"

ARRIVAL = "arrival"
#: How the card's fields are called on the page, where that differs.
_FIELD_OF = {"language": "door_language"}
_ON_CARD = "arrival_card."

#: From the narrowest to the widest circle; each holds the ones before it.
CIRCLES = {
    "dispatchers": Consent(),
    "helpers": Consent(board=True),
    "neighbours": Consent(board=True, peers=ALL),
    "everyone": Consent(board=True, peers=ALL, public=True),
}


@dataclass(frozen=True)
class Step:
    """One page on the way in: its fields in the order of the page, and what reads them (raising Invalid)."""

    name: str
    template: str
    fields: tuple[str, ...]
    read: Callable[[Form, date], object]

    def wrong(self, form: Form, faults: Mapping[str, str]) -> Form:
        """The form with what is wrong in it, in the order of the page."""
        order = {name: place for place, name in enumerate(self.fields)}
        return form.wrong(dict(sorted(faults.items(), key=lambda fault: order.get(fault[0], len(order)))))


@dataclass(frozen=True)
class Reach:
    """The second step: the sealed note, and the area that may travel."""

    sealed: SealedNote
    area: str
    for_someone_else: bool


def categories_in(form: Form) -> tuple[str, ...]:
    """What was chosen, in the order of the page."""
    return tuple(key for key, _name in every_category() if form.has("category", key))


def read_what(form: Form, today: date) -> Wording:
    """The first step as the wording of the first that was chosen, still without an area. Raises Invalid."""
    read = Reader(form)
    read.text("category", missing=_("Choose what it is about."))
    if len(categories_in(form)) > MOST_TOGETHER:
        read.errors["category"] = _("Choose at most %(most)s.") % {"most": MOST_TOGETHER}
    wording = Wording(
        title=read.text("title"),
        category="",
        text=read.text("text"),
        urgency=read.word("urgency", Urgency, Urgency.WHENEVER),
        needed_by=read.day("needed_by"),
        repeat=read.word("repeat", Repeat, Repeat.ONCE),
        repeat_until=read.day("repeat_until"),
        quantity=read.number("quantity", Decimal(1)),
        unit=form.text("unit") or "one",
        languages=tuple(dict.fromkeys(filter(_LANGUAGE.fullmatch, form.every("languages")))),
        access=_chosen(form, "good_to_know", OFFERED),
    )
    wording = about(wording, next(iter(categories_in(form)), form.text("category")), own_categories())
    # The day before still counts: it may be that day where the reader is.
    if wording.needed_by is not None and wording.needed_by < today - timedelta(days=1):
        read.errors["needed_by"] = _("Choose a day that is still to come.")
    if wording.repeat_until is not None and wording.repeat_until < max(
        today - timedelta(days=1), wording.needed_by or today
    ):
        read.errors["repeat_until"] = _("Choose a day that is not before the first one.")
    return _checked(wording, read)


def read_each(form: Form, today: date) -> tuple[Wording, ...]:
    """One wording for each that was chosen, with words of its own where there are several. Raises Invalid."""
    first = read_what(form, today)
    chosen = categories_in(form)
    if len(chosen) < 2:
        return (first,)
    wordings, faults = [], {}
    for key in chosen:
        words = form.text(_words_of(key)).strip()
        try:
            wordings.append(check_wording(about(replace(first, title=words or first.title), key, own_categories())))
        except Invalid as problem:
            faults[_words_of(key)] = problem.fields["title"]
    if faults:
        raise Invalid(faults)
    return tuple(wordings)


def wants_words_for_each(form: Form) -> bool:
    """Several were chosen, and for some of them nobody was asked yet what they are about."""
    chosen = categories_in(form)
    return len(chosen) > 1 and any(_words_of(key) not in form.typed for key in chosen)


def read_reach(form: Form, _today: date) -> Reach:
    """The second step. Raises Invalid."""
    read = Reader(form)
    read.text("name", missing=_("Write what we may call you. Any name will do."))
    read.text("method", missing=_("Choose how we can reach you."))
    area = " ".join(read.text("area").split())
    if len(area) > AREA_LIMIT:
        read.errors["area"] = _("Please use fewer words.")
    return Reach(_read_note(form, read), area, form.has("for_someone_else", "yes"))


def read_sealed(form: Form) -> SealedNote:
    """The second and the third step as one sealed note, to correct one: nothing has to be there. Raises Invalid."""
    faults: dict[str, str] = {}
    reach, arrival = SealedNote(), SealedNote()
    try:
        reach = _read_note(form, Reader(form))
    except Invalid as problem:
        faults |= problem.fields
    try:
        arrival = read_arrival(form)
    except Invalid as problem:
        faults |= problem.fields
    if faults:
        raise Invalid(faults)
    answers = read_corrected(form)
    return replace(reach, arrival=arrival.arrival, arrival_card=arrival.arrival_card, answers=answers)


def _read_note(form: Form, read: Reader) -> SealedNote:
    note = SealedNote(
        name=read.text("name"),
        contact=_read_contact(form, read),
        address=read.text("address"),
        story=read.text("story"),
    )
    read.check()
    return check_sealed(note)


def read_arrival(form: Form, _today: date | None = None) -> SealedNote:
    """The third step, which may be left empty: only what is for the door is filled. Raises Invalid."""
    card = ArrivalCard(
        at_the_door=_chosen(form, "at_the_door", AT_THE_DOOR),
        access=_chosen(form, "access", NEEDED),
        language=form.text("door_language").strip(),
        interpreter=form.has("interpreter", "yes"),
        pets=" ".join(form.text("pets").split()),
        who_may_come=" ".join(form.text("who_may_come").split()),
    )
    note = SealedNote(arrival=form.text("arrival").strip(), arrival_card=card)
    try:
        return check_sealed(note)
    except Invalid as problem:
        plain = {name.removeprefix(_ON_CARD): fault for name, fault in problem.fields.items()}
        raise Invalid({_FIELD_OF.get(name, name): fault for name, fault in plain.items()}) from None


def read_who(form: Form, _today: date) -> Consent:
    """The last step. Nothing chosen means: only the dispatchers. Raises Invalid."""
    circle = form.text("who") or "dispatchers"
    if circle not in CIRCLES:
        raise Invalid({"who": _("Choose one of the list.")})
    return CIRCLES[circle]


def read_also(form: Form, kind: Kind, consent: Consent) -> dict[str, bool]:
    """What was asked beside who may know the words: may we ask later, may whoever takes it on get in touch."""
    to_helper = kind == Kind.NEED and consent.board and form.has("to_helper", "yes")
    taken_on = kind == Kind.NEED and form.has("taken_on", "yes")
    return {"still_needed": form.has("still_needed", "yes"), "taken_on": taken_on, "details": to_helper}


def read_channel(form: Form, told_a_dispatcher: bool) -> Channel:
    """How it came to us: as a dispatcher says, or on our pages, by the person or by somebody for them."""
    said = form.text("channel")
    if told_a_dispatcher and said in {value for value, _label, _more in TOLD}:
        return Channel(said)
    return Channel.ON_BEHALF if form.has("for_someone_else", "yes") else Channel.WEB


def _words_of(key: str) -> str:
    return f"words_{key}"


STEPS = (
    Step(
        "what",
        "ask_what.html",
        (
            *("title", "text", "category", "urgency", "needed_by", "repeat", "repeat_until", "quantity", "unit"),
            *("standing", "languages", "good_to_know"),
        ),
        read_what,
    ),
    Step(
        "reach",
        "ask_reach.html",
        tuple("name for_someone_else method contact voicemail_ok still_needed taken_on area address story".split()),
        read_reach,
    ),
    Step(
        ARRIVAL,
        "ask_arrival.html",
        tuple("at_the_door access door_language interpreter pets who_may_come arrival".split()),
        read_arrival,
    ),
    Step("who", "ask_who.html", ("who", "to_helper", "channel"), read_who),
)
#: What these hold is kept locked, and on the reader's own device only where they tick that.
SEALED_STEPS = tuple(step for step in STEPS if step.name not in {"what", "who"})
SEALED_FIELDS = tuple(name for step in SEALED_STEPS for name in step.fields)
#: Between the first two, where several were chosen.
EACH = Step("each", "ask_each.html", (), read_each)
#: Where our own questions are asked, too.
REACH = STEPS[1]
CHECK = Step("check", "ask_check.html", (), lambda _form, _today: None)
_ALL_STEPS = (STEPS[0], EACH, *STEPS[1:])


def read_wordings(form: Form, today: date) -> tuple[Wording, ...]:
    """Everything that may travel, from the first two steps: one wording for each that was chosen. Raises Invalid."""
    area = read_reach(form, today).area
    return tuple(replace(wording, area=area) for wording in read_each(form, today))


def read_entry(
    kind: Kind, form: Form, today: date, told_a_dispatcher: bool = False, own: tuple[OwnQuestion, ...] = ()
) -> Entry:
    """All steps together, and the answers to our `own` questions.

    `told_a_dispatcher` tells whether one fills them in for somebody. Raises Invalid.
    """
    reach, arrival = read_reach(form, today), read_arrival(form)
    consent = read_who(form, today)
    channel = read_channel(form, told_a_dispatcher)
    wording, *further = read_wordings(form, today)
    return Entry(
        kind=kind,
        wording=wording,
        further=tuple(further),
        sealed=replace(
            reach.sealed,
            arrival=arrival.arrival,
            arrival_card=arrival.arrival_card,
            answers=read_answers(form, own),
        ),
        consent=consent,
        intake=intake_of(kind, consent, channel, **read_also(form, kind, consent)),
        for_someone_else=reach.for_someone_else,
        standing=kind == Kind.OFFER and form.has("standing", "yes"),
    )


def first_fault(form: Form, today: date, before: Step, own: tuple[OwnQuestion, ...] = ()) -> tuple[Step, Form] | None:
    """The first step ahead of `before` that cannot be taken yet, with what is wrong in it, our `own` questions too."""
    for step in _ALL_STEPS:
        if step is before:
            return None
        faults = _faults_of(step, form, today) | (faults_in(form, own) if step is REACH else {})
        if faults:
            return step, step.wrong(form, faults)
    return None


def _faults_of(step: Step, form: Form, today: date) -> dict[str, str]:
    try:
        step.read(form, today)
    except Invalid as problem:
        return dict(problem.fields)
    return {}


def carried(form: Form, step: Step) -> tuple[tuple[str, str], ...]:
    """The answers of all other steps, to travel along hidden."""
    kept = (other for other in _ALL_STEPS if other is not step)
    names = sorted(name for other in kept for name in other.fields)
    names += [_words_of(key) for key, _name in every_category()] if step is not EACH else []
    names += carried_answers(form) if step is not REACH else ()
    return tuple((name, value) for name in names for value in form.every(name))


def telling_details_of(wordings: tuple[Wording, ...]) -> tuple[str, ...]:
    """The same for several, each piece once."""
    return tuple(dict.fromkeys(piece for wording in wordings for piece in telling_details(wording)))


def telling_details(wording: Wording) -> tuple[str, ...]:
    """What looks like a telephone number, an e-mail address or a street in words that others may read.

    A part of town may be told by its streets, so there none is pointed out.
    """
    words = f"{wording.title}\n{wording.text}"
    return (*contact_details(f"{words}\n{wording.area}"), *streets(words))


def _chosen(form: Form, name: str, known: Collection[str]) -> tuple[str, ...]:
    """What was ticked, each once; what no page of ours offers is left out."""
    return tuple(dict.fromkeys(word for word in form.every(name) if word in known))


def without_skipped(form: Form) -> Form:
    """The form without the answers of the one step that may be skipped, when its reader chose to."""
    skipped = next((step for step in STEPS if step.name == form.text("skip") == ARRIVAL), None)
    return form.without("skip", *skipped.fields) if skipped else form


def _checked(wording: Wording, read: Reader) -> Wording:
    try:
        checked = check_wording(wording)
    except Invalid as problem:
        raise Invalid({**problem.fields, **read.errors}) from None
    read.check()
    return checked


def _read_contact(form: Form, read: Reader) -> tuple[Contact, ...]:
    method = read.text("method")
    value = " ".join(form.text("contact").split())
    if value and not method:
        read.errors["method"] = _("Choose how we can reach you.")
    elif method and method not in METHODS:
        read.errors["method"] = _("Choose one of the list.")
    elif method in BY_NUMBER and sum(letter.isdigit() for letter in value) < 4:
        read.errors["contact"] = _("Write the telephone number we can use.")
    elif method == "email" and "@" not in value.strip("@"):
        read.errors["contact"] = _("Write the whole e-mail address, with an @ in it.")
    elif method and method != _NO_ADDRESS_NEEDED and not value:
        read.errors["contact"] = _("Write who we may contact, and how.")
    if not method or (method == _NO_ADDRESS_NEEDED and not value):
        return ()
    return (Contact(method, value, form.has("voicemail_ok", "yes")),)
