"""What messages to people say: plain words, and nothing about anybody. They may be read on a shared telephone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from node.domain.notices import Kind
from node.domain.phrases import say


@dataclass(frozen=True)
class Letter:
    """A message: `sender` is the community's name, `stop` the page that ends such messages, "" in a text message."""

    sender: str
    subject: str
    text: str
    stop: str = ""


@dataclass(frozen=True)
class Voice:
    """In whose name a message speaks, the code of its language, and what says a sentence in it."""

    name: str
    language: str
    tell: Callable[[str], str]

    def day(self, day: date) -> str:
        """A day, as it is written in that language."""
        try:
            locale = Locale.parse(self.language.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            locale = Locale("en")
        return format_date(day, "long", locale=locale)


_ASKED = {
    Kind.NEED: say("Some time ago you asked us for something. Do you still need it?"),
    Kind.OFFER: say("Some time ago you offered us something. Is it still on offer?"),
}
_WAITS = {
    "needs": say("New needs wait for somebody to read them."),
    "offers": say("New offers wait for somebody to read them."),
    "call backs": say("Somebody waits to be called back."),
}


def question(voice: Voice, kind: Kind, link: str, ends: date | None) -> Letter:
    """Is it still wanted? `link` is the page on which it is answered, `ends` the day it ends without an answer."""
    lines = [_ASKED[kind], say("Answer with one tap on this page:"), link]
    if ends is not None:
        lines.append(say("If we hear nothing, it ends by itself on %(day)s.", day=voice.day(ends)))
    lines += [
        say("On the same page you can tell us not to write about it again."),
        say("Nobody reads answers to this message. Others may read it too, so it says nothing of what it was about."),
    ]
    return _letter(voice, say("A question from %(community)s", community=voice.name), lines, link)


def question_in_short(voice: Voice, kind: Kind, link: str) -> Letter:
    """The same for a text message."""
    return Letter(voice.name, "", f"{voice.name}: {voice.tell(_ASKED[kind])} {link}")


_TAKEN_ON = say("Somebody has taken on something that you asked us for.")


def taken_on(voice: Voice, page: str) -> Letter:
    """Somebody has it. `page` is where a code is typed in; who it is stands there alone."""
    lines = [
        _TAKEN_ON,
        say("Your page says where it stands, and what they say at the door. Your code opens it:"),
        page,
        say("On your page you can also tell us not to write to you about this."),
        say("Nobody reads answers to this message. Others may read it too, so it says nothing of what it was about."),
    ]
    return _letter(voice, say("News from %(community)s", community=voice.name), lines, "")


def taken_on_in_short(voice: Voice, page: str) -> Letter:
    """The same for a text message."""
    return Letter(voice.name, "", f"{voice.name}: {voice.tell(_TAKEN_ON)} {page}")


def digest(voice: Voice, waits: Iterable[str], queue: str, stop: str) -> Letter:
    """What waits for dispatchers, without how much, and without anybody in it."""
    lines = [
        *(_WAITS[one] for one in waits),
        say("Here it is:"),
        queue,
        say("You get this once a day at most, and only when something waits. To end it:"),
        stop,
    ]
    return _letter(voice, say("%(community)s: something waits", community=voice.name), lines, stop)


def _letter(voice: Voice, subject: str, lines: Iterable[str], stop: str) -> Letter:
    text = "\n\n".join(voice.tell(line) for line in lines)
    return Letter(voice.name, voice.tell(subject), f"{text}\n", stop)
