"""The second envelope: who it is about and how to reach them. Encrypted, opened on purpose, never on the wire."""

from dataclasses import dataclass, fields

from node.domain.errors import Invalid

METHODS = ("phone", "text", "email", "signal", "whatsapp", "through someone", "other")
FIELD_LIMIT = 4000


@dataclass(frozen=True)
class Contact:
    """One way to reach somebody."""

    method: str
    value: str
    voicemail_ok: bool = False


@dataclass(frozen=True)
class SealedNote:
    """What to call the person, how to reach them, where they are, their story, what to know on arrival."""

    name: str = ""
    contact: tuple[Contact, ...] = ()
    address: str = ""
    story: str = ""
    arrival: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was written."""
        return not any(getattr(self, name) for name in SEALED_FIELDS)


SEALED_FIELDS = tuple(field.name for field in fields(SealedNote))


def check_sealed(note: SealedNote) -> SealedNote:
    """Return the note, or raise Invalid naming every field that is too long or of an unknown kind."""
    faults = {
        name: f"Please use at most {FIELD_LIMIT} characters."
        for name in ("name", "address", "story", "arrival")
        if len(getattr(note, name)) > FIELD_LIMIT
    }
    if any(contact.method not in METHODS for contact in note.contact):
        faults["contact"] = "Choose one of: " + ", ".join(METHODS) + "."
    if any(len(contact.value) > FIELD_LIMIT for contact in note.contact) or len(note.contact) > 8:
        faults["contact"] = "Please give at most eight ways to reach you."
    if faults:
        raise Invalid(faults)
    return note
