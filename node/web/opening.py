"""Why somebody opens what is sealed, as pages ask for it."""

from node.domain.openings import CHOSEN, Why, why_from
from node.web.forms import Form
from node.web.words import _, reason_name


def reasons() -> tuple[tuple[str, str], ...]:
    """What to choose from; first the line that is no choice yet."""
    return (("", _("Choose a reason")), *((reason.value, reason_name(reason)) for reason in CHOSEN))


def read_why(form: Form) -> Why:
    """The reason from the form. Raises Invalid beside `reason` or `words`."""
    return why_from(form.text("reason"), form.text("words"))
