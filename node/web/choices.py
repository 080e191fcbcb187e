"""The lists people choose from, worded for the reader: value, label, and a few words more where they help."""

from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.arrival import AT_THE_DOOR
from node.domain.notices import Kind, Urgency
from node.domain.repeating import Repeat
from node.domain.sealed import METHODS
from node.services.community import Profile
from node.web.consent_words import circles
from node.web.language_names import WIDELY_SPOKEN, language_name
from node.web.sealed_words import access_needed, access_offered, at_the_door_name
from node.web.words import (
    _,
    method_name,
    repeat_name,
    unit_name,
    urgency_name,
)

Choices = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class AskChoices:
    """Every list on the way in."""

    categories: Choices
    urgencies: Choices
    repeats: Choices
    units: Choices
    languages: Choices
    more_languages: Choices
    methods: Choices
    circles: Choices
    at_the_door: Choices
    access: Choices
    good_to_know: Choices
    who_may_come: tuple[str, ...]


def choices_for(profile: Profile, kind: Kind) -> AskChoices:
    """The lists of this community for asking or for offering."""
    further = further_languages(profile.languages)
    return AskChoices(
        categories=tuple((one.key, one.name, one.examples) for one in profile.categories.shown),
        urgencies=tuple((word.value, urgency_name(word), "") for word in Urgency),
        repeats=tuple((word.value, _upper(repeat_name(word)), "") for word in Repeat),
        units=units(),
        languages=tuple((code, language_name(code), "") for code in profile.languages),
        more_languages=tuple((code, language_name(code), "") for code in further),
        methods=methods(),
        circles=circles(kind),
        at_the_door=tuple((word, at_the_door_name(word), "") for word in AT_THE_DOOR),
        access=access_needed(),
        good_to_know=access_offered(),
        who_may_come=(_("women only"), _("two people together"), _("only somebody I have met")),
    )


def further_languages(spoken: tuple[str, ...]) -> tuple[str, ...]:
    """Widely spoken languages beside those that are spoken here."""
    return tuple(code for code in WIDELY_SPOKEN if code not in spoken)


def methods() -> Choices:
    """The ways to reach somebody."""
    return tuple((method, method_name(method), "") for method in METHODS)


def units() -> Choices:
    """What a number counts."""
    return (
        ("one", _("people or things"), ""),
        ("hour", unit_name("hour"), ""),
        ("kilogram", unit_name("kilogram"), ""),
    )


def places_after(others: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Where one thing may stand in a list with these others, each a value and a name: first, or after one of them."""
    return (("", _("at the top")), *((value, _("after %(area)s") % {"area": name}) for value, name in others))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
