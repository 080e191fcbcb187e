"""What is asked about each use, in the words people see: exactly these are written down with the answer."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from node.domain.call_backs import CallBack
from node.domain.consent import Channel, Consent, Intake, Question, Use, questions_of
from node.domain.notices import Kind
from node.domain.redaction import Finding
from node.web.languages import comma, language, tell
from node.web.words import _

LEAVE_A_MESSAGE = _("It is safe to leave a message there")
STILL_NEEDED = {
    Kind.NEED: _("You may ask me later whether I still need this"),
    Kind.OFFER: _("You may ask me later whether this is still on offer"),
}

TELL_TAKEN_ON = _("You may write to me once somebody takes this on; it will not say what it is about")

TO_HELPER = _("Whoever takes this on may read what to call me, how to reach me and my arrival card, until it is done")

_CALLED = {Kind.NEED: _("your request"), Kind.OFFER: _("your offer")}
_CIRCLE_OF = {
    Use.DISPATCHERS: "dispatchers",
    Use.BOARD: "helpers",
    Use.PEERS: "neighbours",
    Use.PUBLIC: "everyone",
}

_QUESTIONS = {
    Use.BOARD: _("May helpers of this community see the words of %(this)s, not your name or how to reach you?"),
    Use.DETAILS: _(
        "May the helper of this community who takes this on read what to call you, how to reach you and your "
        "arrival card, until it is done?"
    ),
    Use.NAMED: _("May %(community)s see the words of %(this)s, without your name, address or number?"),
    Use.PEERS: _("May all neighbouring communities see the words of %(this)s, without your name, address or number?"),
    Use.PUBLIC: _("May anybody read the words of %(this)s, on the web too? Never your name, address or number."),
    Use.MESSAGE: _("Is it safe to leave a message for you when you do not answer?"),
    Use.TAKEN_ON: _("May we write to you once somebody takes this on? The message will not say what it is about."),
}
_STILL = {
    Kind.NEED: _("May we get in touch later to ask whether you still need this?"),
    Kind.OFFER: _("May we get in touch later to ask whether this is still on offer?"),
}
_NAMES = {
    Use.DISPATCHERS: _("Dispatchers here"),
    Use.BOARD: _("Helpers of this community"),
    Use.DETAILS: _("How to reach you, for whoever takes it on"),
    Use.PEERS: _("All neighbouring communities"),
    Use.PUBLIC: _("Everyone"),
    Use.MESSAGE: _("Leaving a message"),
    Use.STILL_NEEDED: _("Asking later whether it is still so"),
    Use.TAKEN_ON: _("Writing once somebody takes it on"),
}
_CHANNELS = {
    Channel.WEB: _("on our pages"),
    Channel.PHONE: _("on the telephone"),
    Channel.IN_PERSON: _("face to face"),
    Channel.ON_BEHALF: _("by somebody who spoke for them"),
    Channel.UNKNOWN: _("nobody noted how"),
}
#: How a dispatcher may have been told; what is written on our pages is not told to anybody.
TOLD = tuple(
    (channel.value, label, "")
    for channel, label in (
        (Channel.PHONE, _("On the telephone")),
        (Channel.IN_PERSON, _("Face to face")),
        (Channel.ON_BEHALF, _("Somebody spoke for them")),
    )
)


def circles(kind: Kind) -> tuple[tuple[str, str, str], ...]:
    """Who may know, from the narrowest circle to the widest, as it is asked on the way in."""
    return (
        (
            "dispatchers",
            _("Only the dispatchers"),
            _("The few people here who read what comes in and look for a match."),
        ),
        (
            "helpers",
            _("Helpers of this community too"),
            _("They see the words below, not your name or how to reach you."),
        ),
        (
            "neighbours",
            _("Neighbouring communities too"),
            _("They see the words below, without your name, address or number. A dispatcher decides whether to ask."),
        ),
        (
            "everyone",
            _("Everyone"),
            _("The words of %s may be published where anybody can read them. Never your name, address or number.")
            % _CALLED[kind],
        ),
    )


def intake_of(kind: Kind, consent: Consent, channel: Channel, **also: bool) -> Intake:
    """How the steps on the way in asked for this consent; `also` is what they asked beside it (`answers.read_also`)."""
    shown = {value: f"{tell(label)}. {tell(more)}" for value, label, more in circles(kind)}
    uses = {Use.DISPATCHERS, *(question.use for question in questions_of(consent))}
    words = {use: shown[_CIRCLE_OF[use]] for use in uses} | {
        Use.MESSAGE: tell(LEAVE_A_MESSAGE),
        Use.STILL_NEEDED: tell(STILL_NEEDED[kind]),
        Use.TAKEN_ON: tell(TELL_TAKEN_ON),
        Use.DETAILS: tell(TO_HELPER),
    }
    still_needed, taken_on = also.get("still_needed", False), also.get("taken_on", False)
    details = also.get("details", False)
    written = tuple(words.items())
    return Intake(channel, language(), written, still_needed=still_needed, taken_on=taken_on, details=details)


def asked_words(question: Question, kind: Kind, peer_name: str = "") -> str:
    """The question as it is shown, or read aloud; `peer_name` is the community that it names."""
    if question.use == Use.STILL_NEEDED:
        return tell(_STILL[kind])
    return tell(_QUESTIONS[question.use] % {"this": _CALLED[kind], "community": peer_name})


def aloud(call_back: CallBack, kind: Kind, peer_names: Iterable[str]) -> tuple[str, ...]:
    """What somebody is to be asked, each question as it is read aloud; `peer_names` in the questions' order."""
    names = iter(peer_names)
    return tuple(asked_words(one, kind, next(names, "") if one.peer else "") for one in call_back.questions)


def use_name(use: Use, peer_name: str = "") -> str:
    """Whom or what a use is about, in a few words."""
    return peer_name if use == Use.NAMED else _NAMES[use]


def channel_name(channel: Channel) -> str:
    """How an answer came, to stand in a sentence."""
    return _CHANNELS[channel]


def reminder(finding: Finding) -> Markup:
    """A reminder before sharing, in one line; the notice's own words stand out."""
    about = tell(_(finding.about.value))
    if not finding.pieces:
        return escape(f"{about}.")
    return (
        escape(about)
        + Markup(": ")
        + Markup(comma()).join(Markup("<strong>{}</strong>").format(one) for one in finding.pieces)
    )


#: What templates may call by name on a value.
FILTERS = {"aloud": aloud, "channel_name": channel_name, "reminder": reminder, "use_name": use_name}
