"""Sentences of ours: written in English, and said on pages in their reader's language."""

from typing import Any


class Phrase(str):
    """A sentence in English that knows what it was made of: `template`, with `values` where it has gaps.

    It is text like any other for the log, the command line and the JSON API. Pages look the template up in the reader's
    language and fill the gaps there; so it must reach the page as it is, not as a part of a longer text.
    """

    __slots__ = ("template", "values")

    template: str
    values: Any

    def __new__(cls, template: str, values: Any = None) -> "Phrase":
        """The template with its gaps filled; `values` is what stands right of `%`, None for a whole sentence."""
        made = super().__new__(cls, template if values is None else template % values)
        made.template, made.values = template, values
        return made

    def __mod__(self, values: Any) -> "Phrase":
        """The same with its gaps filled."""
        return Phrase(self.template, values)


def say(template: str, **values: object) -> Phrase:
    """A sentence to be said in the reader's language. Gaps are written `%(name)s`."""
    return Phrase(template, values or None)
