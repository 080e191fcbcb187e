"""Words with everything left out that leads to somebody."""

from node.domain.redaction.contacts import contact_details
from node.domain.redaction.places import streets

#: Stands where something was left out.
LEFT_OUT = "…"


def without_details(text: str) -> str:
    """The text with everything that looks like a telephone number, an e-mail address or a street left out."""
    for piece in (*contact_details(text), *streets(text)):
        text = text.replace(piece, LEFT_OUT)
    return text
