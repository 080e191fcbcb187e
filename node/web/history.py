"""What happened to a need or an offer, step by step, in words."""

from node.domain.notices import SET_STATUS
from node.services.history import Step
from node.web.words import _, state_name

#: What dispatchers read of it.
TOLD = {
    "took in a need": _("It came in."),
    "took in a offer": _("It came in."),
    "corrected the wording": _("The wording was corrected."),
    "owner corrected it": _("Whoever it came from corrected the wording."),
    "owner stopped sharing": _("Whoever it came from stopped all sharing."),
    "owner erased everything": _("Whoever it came from erased everything."),
    "shared a notice": _("It was shared."),
    "split it": _("It was split in two."),
    "it was split off": _("It was split off from another need of the same person."),
    "took a share back": _("Sharing was stopped."),
    "agreed to an offer of help": _("An offer of help was agreed to."),
    "declined an offer of help": _("An offer of help was declined: not this time."),
    "gave a task more time": _("The community that has it was given more time."),
    "they asked for more time": _("The community that has it asked for more time."),
    "a helper took it on": _("A helper here took it on."),
    "a helper came along": _("Another helper came along."),
    "a helper handed it back": _("A helper handed it back."),
    "took a need back from a helper": _("It was taken back from a helper."),
    "the time with a helper ran out": _("The time with a helper ran out, so it is open again."),
    "the time of a match ran out": _("The time of a match ran out, so it was undone."),
    "proposed a match": _("A match was proposed."),
    "agreed on a match": _("A match was agreed on."),
    "a match is done": _("What was matched is done."),
    "undid a match": _("A match was undone."),
    "a lease ran out": _("The agreed time ran out, so it came home."),
    "it came back by itself": _("It came back by itself for its next round."),
    "its next round began by itself": _("Its next round began by itself."),
    "it expired by itself": _("It ended by itself: nobody had spoken for it."),
    "told that somebody took it on, by a message": _("By a message we told them that somebody took it on."),
    "asked whether it is still so, by a message": _("By a message we asked whether it is still so."),
    "a sealed note's time was over": _("The sealed note was erased: its time was over."),
}
_BY_OWNER = "owner: "

#: Everything that may be done about a need or an offer, as the person it is about reads it.
_DONE = {
    str(done): done
    for done in (
        _("agreed to an offer of help"),
        _("answered a message"),
        _("answered a question"),
        _("asked about a notice"),
        _("asked whether it is still so, by a message"),
        _("asks the person first"),
        _("corrected the wording"),
        _("corrected what is sealed"),
        _("declined an offer of help"),
        _("a helper came along"),
        _("a helper handed it back"),
        _("a helper took it on"),
        _("a lease ran out"),
        _("a match is done"),
        _("a peer read a shared notice"),
        _("agreed on a match"),
        _("a sealed note's time was over"),
        _("erased again after a restore"),
        _("gave a task more time"),
        _("it came back by itself"),
        _("it expired by itself"),
        _("it was split off"),
        _("its next round began by itself"),
        _("lets a call-back be"),
        _("opened a sealed note"),
        _("proposed a match"),
        _("read released details"),
        _("released details were read"),
        _("said the first yes"),
        _("shared a notice"),
        _("split it"),
        _("the heir fetched a locked copy"),
        _("the time of a match ran out"),
        _("the time of its words was over"),
        _("the time with a helper ran out"),
        _("they asked for more time"),
        _("told that somebody took it on, by a message"),
        _("took a first yes back"),
        _("took a share back"),
        _("took a need back from a helper"),
        _("took in a need"),
        _("took in a offer"),
        _("undid a match"),
        _("two stewards opened the locked copy at the heir"),
        _("wrote down a no"),
        _("wrote down a yes"),
        _("you corrected it"),
        _("you corrected what is sealed"),
        _("you erased everything"),
        _("you opened what is sealed"),
        _("you read everything we hold"),
        _("you stopped sharing"),
        _("you: still wanted"),
    )
}


def told(steps: tuple[Step, ...]) -> tuple[tuple[Step, str], ...]:
    """Each step with its sentence; what has no sentence is of no use to a dispatcher and left out."""
    return tuple((step, words) for step, words in ((step, _words(step)) for step in steps) if words)


def action_said(action: str) -> str:
    """One line of the log in the words of whoever it is about."""
    if action.startswith(SET_STATUS):
        return _("set the status: %s") % state_name(action.removeprefix(SET_STATUS))
    mine = action.replace("owner", "you", 1)
    if mine in _DONE or not action.startswith(_BY_OWNER):
        return _DONE.get(mine, mine)
    return _("you: %s") % state_name(action.removeprefix(_BY_OWNER))


def _words(step: Step) -> str:
    if step.status is not None:
        return _("It is noted as: %s.") % state_name(step.status)
    if step.action.startswith(_BY_OWNER):
        return _("Whoever it came from said: %s.") % state_name(step.action.removeprefix(_BY_OWNER))
    return TOLD.get(step.action, "")


FILTERS = {"action_said": action_said}
