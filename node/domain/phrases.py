"""Sentences of ours: written in English, and said on pages in their reader's language."""

from collections.abc import Mapping
from typing import Any


class Phrase(str):
    """A sentence in English that knows what it was made of: `template`, with `values` where it has gaps.

    It is text like any other for the log, the command line and the JSON API. Pages look the template up in the reader's
    language and fill the gaps there; so it must reach the page as it is, not as a part of a longer text. Where words
    change with a number, `several` is the template for more than one, and the number is the value named `n`.
    """

    __slots__ = ("several", "template", "values")

    template: str
    values: Any
    several: str

    def __new__(cls, template: str, values: Any = None, several: str = "") -> "Phrase":
        """The template with its gaps filled; `values` is what stands right of `%`, None for a whole sentence."""
        english = several if several and values["n"] != 1 else template
        made = super().__new__(cls, english if values is None else english % values)
        made.template, made.values, made.several = template, values, several
        return made

    def __mod__(self, values: Any) -> "Phrase":
        """The same with its gaps filled."""
        return Phrase(self.template, values)


def say(template: str, **values: object) -> Phrase:
    """A sentence to be said in the reader's language. Gaps are written `%(name)s`."""
    return Phrase(template, values or None)


def say_many(one: str, several: str, n: int, **values: object) -> Phrase:
    """A sentence with a number: `one` is what it is for 1, `several` for any other; a language may have more forms.

    The number is the gap `%(n)s`, which may be missing from `one`.
    """
    given: Mapping[str, object] = {"n": n, **values}
    return Phrase(one, given, several)
