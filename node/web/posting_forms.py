"""Announcements and resources as forms, and back."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from node.domain.errors import Invalid
from node.domain.feed import FeedItem
from node.domain.postings import Audience, Draft, Posting, PostingKind, PostingWords
from node.domain.resources import LINES, Facts
from node.services.told import PostingRecord
from node.web.category_words import own_categories
from node.web.forms import Form, Reader
from node.web.until import end_of
from node.web.words import _, listed, zone

#: What a form holds, in the order of the page.
FIELDS = ("title", "category", "text", *LINES, "no_id_needed", "area", "checked", "until", "language", "public_place")
AUDIENCE_NAMES = {
    Audience.HERE: _("People of this community"),
    Audience.NAMED: _("Communities I choose"),
    Audience.PEERS: _("All neighbouring communities"),
    Audience.PUBLIC: _("Everyone"),
}
AUDIENCES = (
    (Audience.HERE.value, AUDIENCE_NAMES[Audience.HERE], _("Everybody who signs in here sees it. It never leaves.")),
    (Audience.NAMED.value, AUDIENCE_NAMES[Audience.NAMED], _("Those ticked below see it, and people here.")),
    (Audience.PEERS.value, AUDIENCE_NAMES[Audience.PEERS], _("Every community we are linked with sees it, too.")),
    (
        Audience.PUBLIC.value,
        AUDIENCE_NAMES[Audience.PUBLIC],
        _("It stands on our own pages, and anybody may follow our public feed."),
    ),
)


class Step(StrEnum):
    """What a button of the form asks for."""

    CHOOSE = "choose"
    PREVIEW = "preview"
    PUBLISH = "publish"


def read_draft(form: Form, kind: PostingKind, now: datetime) -> Draft:
    """What was typed. Raises Invalid."""
    reader = Reader(form)
    missing = _("What is it called?") if kind is PostingKind.RESOURCE else _("Say in a few words what it is about.")
    title = reader.text("title", missing=missing)
    if not form.text("audience"):
        reader.errors["audience"] = _("Choose who may see it.")
    audience = reader.word("audience", Audience, Audience.HERE)
    facts = _read_facts(reader, now) if kind is PostingKind.RESOURCE else None
    until = end_of(reader.day("until")) if facts is None else None
    reader.check()
    words = PostingWords(title, reader.text("text"), reader.text("area"), reader.text("language"))
    return Draft(words, audience, form.every("peers") if audience is Audience.NAMED else (), until, facts)


def in_order(faults: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, in the order of the page."""
    order = {name: place for place, name in enumerate(FIELDS)}
    return dict(sorted(faults.items(), key=lambda fault: order.get(fault[0], len(order))))


def form_of(posting: Posting) -> Form:
    """A posting as the form that would write it."""
    words = posting.words
    until = posting.until.astimezone(zone()).date().isoformat() if posting.until else ""
    form = Form().given(
        title=words.title, text=words.text, area=words.area, language=words.language, audience=posting.audience
    )
    typed = {**form.typed, "until": (until,), "peers": posting.named}
    return Form(typed if posting.facts is None else {**typed, **_typed_facts(posting.facts)})


def form_of_copy(item: FeedItem, language: str) -> Form:
    """Somebody else's resource as a form for one of our own; it is for here until somebody says otherwise."""
    form = Form().given(title=item.title, area=item.area, language=language, audience=Audience.HERE)
    typed = _typed_facts(item.facts) if item.facts is not None else {}
    return Form({**form.typed, **typed}).without("checked", "public_place")


def audience_said(record: PostingRecord) -> str:
    """Whom it is for, in words."""
    if record.posting.audience is Audience.NAMED:
        return listed(record.peer_names)
    return AUDIENCE_NAMES[record.posting.audience]


def _read_facts(reader: Reader, now: datetime) -> Facts:
    form, today = reader.form, now.astimezone(zone()).date()
    category = reader.text("category", missing=_("Choose what it is mostly about."))
    where = reader.text("where", missing=_("Say where it is, or how one gets there."))
    day = reader.day("checked") or today
    if not form.has("public_place", "yes"):
        reader.errors["public_place"] = _("Only public places and services can be written down here.")
    # Of today, this very moment: the end of the day is still to come.
    checked = now if day == today else end_of(day)
    facts = Facts(
        category="",
        where=where,
        checked_at=checked or now,
        hours=reader.text("hours"),
        reach=reader.text("reach"),
        asks_for=reader.text("asks_for"),
        no_id_needed=form.has("no_id_needed", "yes"),
    )
    return facts.about(category, own_categories())


def _typed_facts(facts: Facts) -> dict[str, tuple[str, ...]]:
    typed = {name: (str(getattr(facts, name)),) for name in LINES}
    return typed | {
        "category": (facts.category_here,),
        "checked": (facts.checked_at.astimezone(zone()).date().isoformat(),),
        "public_place": ("yes",),
        "no_id_needed": ("yes",) if facts.no_id_needed else (),
    }


def wrong(form: Form, error: Invalid) -> Form:
    """The form with what is wrong in it, in the order of the page."""
    return form.wrong(in_order(error.fields))
