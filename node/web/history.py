"""What happened to a need or an offer, step by step, in words."""

from node.services.history import Step
from node.web.words import _, state_name

_TOLD = {
    "took in a need": _("It came in."),
    "took in a offer": _("It came in."),
    "corrected the wording": _("The wording was corrected."),
    "owner corrected it": _("Whoever it came from corrected the wording."),
    "owner stopped sharing": _("Whoever it came from stopped all sharing."),
    "owner erased everything": _("Whoever it came from erased everything."),
    "shared a notice": _("It was shared."),
    "took a share back": _("Sharing was stopped."),
    "agreed to an offer of help": _("An offer of help was agreed to."),
    "declined an offer of help": _("An offer of help was declined: not this time."),
    "a lease ran out": _("The agreed time ran out, so it came home."),
    "a sealed note's time was over": _("The sealed note was erased: its time was over."),
}
_BY_OWNER = "owner: "


def told(steps: tuple[Step, ...]) -> tuple[tuple[Step, str], ...]:
    """Each step with its sentence; what has no sentence is of no use to a dispatcher and left out."""
    return tuple((step, words) for step, words in ((step, _words(step)) for step in steps) if words)


def _words(step: Step) -> str:
    if step.status is not None:
        return _("It is noted as: %s.") % state_name(step.status)
    if step.action.startswith(_BY_OWNER):
        return _("Whoever it came from said: %s.") % state_name(step.action.removeprefix(_BY_OWNER))
    return _TOLD.get(step.action, "")
