"""What goes to others is shown to somebody first: what a notice, a posting and our capacity have in common then."""

import json
from datetime import datetime

from node.services.shares import Preview
from node.web.forms import Form
from node.web.words import _, when
from schemas.fields import Document


def unread(form: Form, preview: Preview) -> Form | None:
    """The form that asks to read the reminders once more; None where that was ticked, or nothing is to be read."""
    if not preview.findings or preview.blocked or form.has("read", preview.mark):
        return None
    return form.wrong({"read": _("Read these once more, and tick that it can go as it is. Or change something.")})


def beside(sent: Document, where: str, *more: tuple[str, object]) -> tuple[tuple[str, object], ...]:
    """In words, what the document says beside its text: the place under the word `where`, `more`, and the times."""
    place = sent.get("location")
    named: dict[str, object] = dict(place) if isinstance(place, dict) else {}
    around = _("about %(km)s km around %(latitude)s, %(longitude)s: the same rough square for everybody there")
    return (
        (where, named.get("name")),
        (_("On a map"), around % {"km": named.get("radius"), **named} if "latitude" in named else ""),
        *more,
        (_("Published"), when(datetime.fromisoformat(str(sent["published"])))),
        (_("Ends by itself"), when(datetime.fromisoformat(str(sent["endTime"])))),
    )


def as_sent(sent: Document) -> str:
    """The document to be read by people."""
    return json.dumps(sent, ensure_ascii=False, indent=2)


FILTERS = {"as_sent": as_sent}
