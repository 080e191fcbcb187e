"""What messages to people say: plain words, and nothing about anybody. They may be read on a shared telephone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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


_ASKED = {
    Kind.NEED: say("Some time ago you asked us for something. Do you still need it?"),
    Kind.OFFER: say("Some time ago you offered us something. Is it still on offer?"),
}
_WAITS = {
    "needs": say("New needs wait for somebody to read them."),
    "offers": say("New offers wait for somebody to read them."),
    "call backs": say("Somebody waits to be called back."),
}


def question(name: str, kind: Kind, link: str, ends: date | None) -> Letter:
    """Is it still wanted? `link` is the page on which it is answered, `ends` the day it ends without an answer."""
    lines = [_ASKED[kind], say("Answer with one tap on this page: %(link)s", link=link)]
    if ends is not None:
        day = format_date(ends, "d MMMM y", locale="en")
        lines.append(say("If we hear nothing, it ends by itself on %(day)s.", day=day))
    lines += [
        say("On the same page you can tell us not to write about it again."),
        say("Nobody reads answers to this message. Others may read it too, so it says nothing of what it was about."),
    ]
    return _letter(name, say("A question from %(community)s", community=name), lines, link)


def question_in_short(name: str, kind: Kind, link: str) -> Letter:
    """The same for a text message."""
    return Letter(name, "", f"{name}: {_ASKED[kind]} {link}")


def digest(name: str, waits: Iterable[str], queue: str, stop: str) -> Letter:
    """What waits for dispatchers, without how much, and without anybody in it."""
    lines = [
        *(_WAITS[one] for one in waits),
        say("Here it is: %(link)s", link=queue),
        say("You get this once a day at most, and only when something waits. To end it: %(link)s", link=stop),
    ]
    return _letter(name, say("%(community)s: something waits", community=name), lines, stop)


def _letter(name: str, subject: str, lines: Iterable[str], stop: str) -> Letter:
    return Letter(name, subject, "\n\n".join(lines) + "\n", stop)
