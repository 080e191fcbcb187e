"""The sealed note as a form to correct: filled in from the note, and read back into one."""

from node.domain.sealed import SealedNote
from node.web.forms import Form


def typed_note(note: SealedNote) -> Form:
    """The form that stands for this note; of several ways to reach somebody it holds the first."""
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
    return Form({name: values for name, values in typed.items() if values})
