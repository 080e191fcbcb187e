"""The second envelope: who it is about and how to reach them. Encrypted, opened on purpose, never on the wire."""

import re
from dataclasses import dataclass, field, fields, replace

from node.domain.arrival import ArrivalCard, faults_of
from node.domain.errors import Invalid
from node.domain.phrases import say
from node.domain.redaction import LEFT_OUT, without_details
from node.domain.spelling import dialable

METHODS = ("phone", "text", "email", "signal", "whatsapp", "through someone", "other")
#: With these somebody is reached by a telephone number.
BY_NUMBER = ("phone", "text", "signal", "whatsapp")
FIELD_LIMIT = 4000
#: To questions of the community's own, earlier ones among them.
MOST_ANSWERS = 10
ANSWER_LIMIT = 500
GONE = say("This sealed note was erased.")


@dataclass(frozen=True, repr=False)
class Contact:
    """One way to reach somebody. Printed by mistake, it says nothing."""

    method: str
    value: str
    voicemail_ok: bool = False

    def __repr__(self) -> str:
        return "Contact(…)"


@dataclass(frozen=True, repr=False)
class OwnAnswer:
    """What somebody answered to a question of the community's own, with its words as they read them."""

    question: str
    answer: str

    def __repr__(self) -> str:
        return "OwnAnswer(…)"


@dataclass(frozen=True, repr=False)
class SealedNote:
    """What to call the person, how to reach them, where they are, their story, what to know on arrival.

    `arrival_card` holds what was chosen for the door, `arrival` whatever else there is to know there; `answers` are
    those to the community's own questions.

    Printed by mistake, in a log line or an error's words, it says only which fields are filled.
    """

    name: str = ""
    contact: tuple[Contact, ...] = ()
    address: str = ""
    story: str = ""
    arrival: str = ""
    arrival_card: ArrivalCard = field(default_factory=ArrivalCard)
    answers: tuple[OwnAnswer, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing was written."""
        return not self.filled

    @property
    def filled(self) -> tuple[str, ...]:
        """Names of the fields that hold something."""
        return tuple(name for name in SEALED_FIELDS if getattr(self, name))

    def __repr__(self) -> str:
        return f"SealedNote(filled: {', '.join(self.filled) or 'nothing'})"


SEALED_FIELDS = tuple(one.name for one in fields(SealedNote))


def for_task_card(note: SealedNote) -> SealedNote:
    """The note with nothing on it but what stands on a task card (`domain.taking_on.ON_TASK_CARD`)."""
    return SealedNote(name=note.name, contact=note.contact, arrival=note.arrival, arrival_card=note.arrival_card)


def without_sealed(words: str, note: SealedNote) -> str:
    """The words without a name, number or address of this note: what is sealed must not come into the log by hand."""
    known = {note.name, *note.name.split(), note.address, *(contact.value for contact in note.contact)}
    for piece in sorted((one.strip() for one in known), key=len, reverse=True):
        if len(piece) > 1:
            words = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", LEFT_OUT, words, flags=re.IGNORECASE)
    return without_details(words)


def check_sealed(note: SealedNote) -> SealedNote:
    """The note as it is kept: numbers with digits that every telephone dials and every reader knows.

    Raises Invalid naming every field that is too long or of an unknown kind.
    """
    faults: dict[str, str] = {
        name: say("Please use at most %(most)s characters.", most=FIELD_LIMIT)
        for name in ("name", "address", "story", "arrival")
        if len(getattr(note, name)) > FIELD_LIMIT
    }
    if any(contact.method not in METHODS for contact in note.contact):
        faults["contact"] = say("Choose one of: %(words)s.", words=", ".join(METHODS))
    if any(len(contact.value) > FIELD_LIMIT for contact in note.contact) or len(note.contact) > 8:
        faults["contact"] = say("Please give at most eight ways to reach you.")
    if len(note.answers) > MOST_ANSWERS or any(len(one.question) > ANSWER_LIMIT for one in note.answers):
        faults["answers"] = say("There are more answers than we ask questions.")
    if any(len(one.answer) > ANSWER_LIMIT for one in note.answers):
        faults["answers"] = say("Please use at most %(most)s characters.", most=ANSWER_LIMIT)
    faults |= faults_of(note.arrival_card)
    if faults:
        raise Invalid(faults)
    return replace(note, contact=tuple(map(_as_dialled, note.contact)))


def _as_dialled(contact: Contact) -> Contact:
    return replace(contact, value=dialable(contact.value)) if contact.method in BY_NUMBER else contact
