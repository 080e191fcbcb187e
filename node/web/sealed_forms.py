"""The sealed note as a form to correct: filled in from the note, and beside what somebody else wrote meanwhile."""

from node.domain.doors import OwnQuestion
from node.domain.errors import ChangedMeanwhile
from node.domain.meanwhile import marks_of
from node.domain.sealed import Contact, SealedNote
from node.web.forms import Form
from node.web.own_questions import ANSWER_FIELDS, typed_answers
from node.web.sealed_words import arrival_lines
from node.web.words import _, listed, method_name

#: The fields of the form that stand for one of the note, where it is not one of the same name.
_STAND_FOR = {
    "contact": ("contact", "method", "voicemail_ok"),
    "arrival_card": ("at_the_door", "access", "door_language", "interpreter", "pets", "who_may_come"),
}


def typed_note(note: SealedNote, own: tuple[OwnQuestion, ...] = ()) -> Form:
    """The form that stands for this note, with marks of what was read.

    Of several ways to reach somebody it holds the first. `own` are our questions; what is open can be answered now.
    """
    card = note.arrival_card
    typed: dict[str, tuple[str, ...]] = {
        "name": (note.name,),
        "address": (note.address,),
        "story": (note.story,),
        "arrival": (note.arrival,),
        "at_the_door": card.at_the_door,
        "access": card.access,
        "door_language": (card.language,),
        "pets": (card.pets,),
        "who_may_come": (card.who_may_come,),
    }
    if card.interpreter:
        typed["interpreter"] = ("yes",)
    if note.contact:
        first = note.contact[0]
        typed |= {"method": (first.method,), "contact": (first.value,)}
        typed |= {"voicemail_ok": ("yes",)} if first.voicemail_ok else {}
    typed = {name: values for name, values in typed.items() if values} | typed_answers(note, own)
    return Form(typed).given(seen=marks_of(note))


def both(form: Form, now: SealedNote, error: ChangedMeanwhile) -> Form:
    """The form as it was typed; the note as it is now stands at each field that both changed, and in others' fields.

    Sent once more, it replaces what is shown beside it.
    """
    there = typed_note(now)
    told = {_STAND_FOR.get(name, (name,))[0]: _told(now, name) for name in error.names}
    theirs = [field for name in error.theirs for field in _fields_of(name)]
    kept = form.without(*theirs, "seen").typed
    return Form({**kept, **{name: there.typed[name] for name in (*theirs, "seen") if name in there.typed}}).wrong(told)


def _fields_of(name: str) -> tuple[str, ...]:
    return ANSWER_FIELDS if name == "answers" else _STAND_FOR.get(name, (name,))


def _told(now: SealedNote, name: str) -> str:
    return _("Somebody else wrote meanwhile: %(words)s") % {"words": _said(now, name) or "–"}


def _said(note: SealedNote, name: str) -> str:
    """A field of the note in one line, for whoever corrects it."""
    if name == "contact":
        return listed(_way(one) for one in note.contact)
    if name == "answers":
        return "; ".join(f"{one.question} {one.answer}" for one in note.answers)
    if name == "arrival_card":
        return "; ".join(f"{label}: {value}" for label, value in arrival_lines(note.arrival_card))
    return str(getattr(note, name))


def _way(one: Contact) -> str:
    way = f"{method_name(one.method)}: {one.value}"
    return f"{way} ({_('A message may be left.')})" if one.voicemail_ok else way
