"""Calls about needs and, with the same code, offers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from node.api.v1.consents import lines_of
from node.api.v1.lookup import notice_of
from node.api.v1.notice_models import (
    ArrivalCardAnswer,
    ArrivalCardBody,
    ConsentAnswer,
    ConsentBody,
    ContactAnswer,
    NewNotice,
    NewNoticeAnswer,
    NoticeAnswer,
    NoticeBody,
    NoticeChange,
    NoticeLine,
    NoticeList,
    NoticePatch,
    NoticeQuery,
    NoticeRecord,
    OwnAnswerAnswer,
    SealedAnswer,
    SealedBody,
    SealedQuery,
    StatusBody,
    Unit,
)
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.api.v1.shares import share_line
from node.domain.arrival import ArrivalCard
from node.domain.consent import ALL, Consent, Intake, Use
from node.domain.errors import Invalid
from node.domain.notices import Kind, Notice, Wording, about
from node.domain.on_behalf import OnBehalf
from node.domain.openings import why_of_program
from node.domain.repeating import Repeat
from node.domain.sealed import SEALED_FIELDS, Contact, OwnAnswer, SealedNote
from node.services import needs, openings, peers, shares, splitting
from node.services.community import Community, profile
from node.services.needs import Entry, NoticeFilter


async def create(kind: Kind, call: Call[NewNotice, NoQuery]) -> NewNoticeAnswer:
    """Store a need or an offer. Raises Invalid with the paths of the body's fields."""
    body, asked_for = call.body, call.body.consent or ConsentBody()
    consent = _to_consent(asked_for)
    await _must_know(call.community, consent)
    own = (await profile(call.community)).categories
    wording = about(_to_wording(body.notice), body.notice.category, own)
    entry = Entry(
        kind=kind,
        wording=wording,
        further=tuple(
            about(replace(wording, title=one.title or wording.title), one.category, own) for one in body.also
        ),
        sealed=_to_sealed(body.sealed or SealedBody()),
        consent=consent,
        intake=_to_intake(asked_for),
        for_someone_else=body.for_someone_else,
        on_behalf=OnBehalf(body.they_know, body.may_be_contacted),
    )
    try:
        asked = await needs.ask(call.community, entry, call.member, call.form_id)
    except Invalid as error:
        raise _placed(error) from error
    also = tuple(one.id for one in asked.further)
    return NewNoticeAnswer(code=asked.code, also=also, **_line_fields(asked.notice))


async def listing(kind: Kind, call: Call[NoBody, NoticeQuery]) -> NoticeList:
    """A page of notices, newest first."""
    query = call.query
    wanted = NoticeFilter(
        kind=kind, status=query.status, category=query.category or None, area=query.area or None, q=query.q or None
    )
    page = await needs.listing(call.community, wanted, query.after or None, query.limit)
    return NoticeList(items=tuple(map(notice_line, page.items)), next=page.next)


async def read(kind: Kind, call: Call[NoBody, NoQuery]) -> NoticeRecord:
    """One notice with its shares, and what was agreed to."""
    notice = await notice_of(kind, call)
    found = await shares.shares_of(call.community, notice.id)
    said = await lines_of(call.community, notice.id)
    parts = tuple(one.id for one in await splitting.parts(call.community, notice))
    return NoticeRecord(parts=parts, shares=tuple(map(share_line, found)), consents=said, **_line_fields(notice))


async def correct(kind: Kind, call: Call[NoticePatch, NoQuery]) -> NoticeLine:
    """Other words for a notice; what is shared of it is brought up to date."""
    notice = await notice_of(kind, call)
    wording = replace(notice.wording, **_changes(call.body.notice))
    if "category" in call.body.notice.model_fields_set:
        wording = about(wording, wording.category, (await profile(call.community)).categories)
    try:
        corrected = await needs.correct(call.community, notice.id, wording, call.member)
    except Invalid as error:
        raise _placed(error) from error
    return notice_line(corrected)


async def open_sealed(kind: Kind, call: Call[NoBody, SealedQuery]) -> SealedAnswer:
    """Open the sealed note; who opened it and why goes into the log."""
    notice = await notice_of(kind, call)
    note = await openings.open_note(call.community, notice.id, call.member, why_of_program(call.query.why))
    contact = tuple(
        ContactAnswer(method=way.method, value=way.value, voicemail_ok=way.voicemail_ok) for way in note.contact
    )
    return SealedAnswer(
        name=note.name,
        contact=contact,
        address=note.address,
        story=note.story,
        arrival=note.arrival,
        arrival_card=ArrivalCardAnswer(**vars(note.arrival_card)),
        answers=tuple(OwnAnswerAnswer(question=one.question, answer=one.answer) for one in note.answers),
    )


async def set_status(kind: Kind, call: Call[StatusBody, NoQuery]) -> NoticeLine:
    """Say where a notice stands; closing it withdraws what is shared."""
    notice = await notice_of(kind, call)
    body = call.body
    changed = await needs.change_status(call.community, notice.id, body.status, call.member, body.note, was=body.was)
    return notice_line(changed)


def notice_line(notice: Notice) -> NoticeLine:
    """The notice as answers show it."""
    return NoticeLine(**_line_fields(notice))


OPERATIONS = (
    Operation(
        "POST",
        "/{kind}s",
        "create_{kind}",
        "Store one {kind}",
        create,
        NewNoticeAnswer,
        201,
        body=NewNotice,
        access=Access.MEMBER,
        location="/{kind}s/{id}",
    ),
    Operation("GET", "/{kind}s", "list_{kind}s", "List {kind}s", listing, NoticeList, query=NoticeQuery),
    Operation("GET", "/{kind}s/{id}", "get_{kind}", "Read one {kind} and what is shared of it", read, NoticeRecord),
    Operation(
        "PATCH",
        "/{kind}s/{id}",
        "correct_{kind}",
        "Correct the words of one {kind}",
        correct,
        NoticeLine,
        body=NoticePatch,
    ),
    Operation(
        "GET",
        "/{kind}s/{id}/sealed",
        "open_sealed_note_of_{kind}",
        "Open the sealed note; who opened it and why is logged",
        open_sealed,
        SealedAnswer,
        query=SealedQuery,
    ),
    Operation(
        "POST",
        "/{kind}s/{id}/status",
        "set_status_of_{kind}",
        "Say where one {kind} stands",
        set_status,
        NoticeLine,
        body=StatusBody,
        problems=(409,),
    ),
)


def _to_wording(notice: NoticeBody) -> Wording:
    return replace(Wording(title=notice.title, category=notice.category), **_changes(notice))


def _changes(change: NoticeChange) -> dict[str, Any]:
    defaults: Mapping[str, Any] = vars(Wording(title="", category=""))
    given = {name: getattr(change, name) for name in change.model_fields_set}
    return {name: defaults[name] if value is None else _plain(value) for name, value in given.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple) and any(isinstance(one, StrEnum) for one in value):
        return _words(value)
    return value.value if isinstance(value, Unit) else value


def _to_sealed(sealed: SealedBody) -> SealedNote:
    contact = tuple(Contact(way.method.value, way.value, way.voicemail_ok) for way in sealed.contact or ())
    return SealedNote(
        name=sealed.name or "",
        contact=contact,
        address=sealed.address or "",
        story=sealed.story or "",
        arrival=sealed.arrival or "",
        arrival_card=_to_card(sealed.arrival_card or ArrivalCardBody()),
        answers=tuple(OwnAnswer(one.question, one.answer) for one in sealed.answers),
    )


def _to_card(card: ArrivalCardBody) -> ArrivalCard:
    return ArrivalCard(
        at_the_door=_words(card.at_the_door),
        access=_words(card.access),
        language=card.language or "",
        interpreter=card.interpreter,
        pets=card.pets or "",
        who_may_come=card.who_may_come or "",
    )


def _words(chosen: Iterable[StrEnum]) -> tuple[str, ...]:
    """Each word once, in the order given."""
    return tuple(dict.fromkeys(word.value for word in chosen))


def _to_consent(consent: ConsentBody) -> Consent:
    public = consent.peers == ALL if consent.public is None else consent.public
    return Consent(board=consent.board, peers=consent.peers, public=public)


def _to_intake(consent: ConsentBody) -> Intake:
    words = tuple((use, consent.wording) for use in Use if use != Use.MESSAGE)
    return Intake(
        consent.channel,
        consent.language or "",
        words,
        still_needed=consent.still_needed,
        taken_on=consent.taken_on,
        details=consent.board and consent.details,
        refused=tuple(dict.fromkeys(Use(use.value) for use in consent.refused)),
    )


async def _must_know(community: Community, consent: Consent) -> None:
    if consent.covers_all_peers or not consent.peers:
        return
    known = {standing.peer.id for standing in await peers.listing(community)}
    if not known.issuperset(consent.peers):
        raise Invalid({"consent.peers": "There is no community with one of these ids."})


def _placed(error: Invalid) -> Invalid:
    return Invalid({_place(name): fault for name, fault in error.fields.items()}, error.message)


def _place(name: str) -> str:
    if name.partition(".")[0] in SEALED_FIELDS:
        return f"sealed.{name}"
    if name == "refused":
        return "consent.refused"
    return f"notice.{name}" if name in NoticeChange.model_fields else name


def _line_fields(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "status": notice.status,
        "notice": _notice_answer(notice.wording),
        "remaining": notice.remaining,
        "returns_on": notice.returns_on,
        "consent": ConsentAnswer(
            board=notice.consent.board,
            peers="all" if notice.consent.covers_all_peers else tuple(notice.consent.peers),
            public=notice.consent.public,
        ),
        "for_someone_else": notice.for_someone_else,
        "they_know": notice.on_behalf.knows,
        "may_be_contacted": notice.on_behalf.may_be_contacted,
        "created_at": notice.created_at,
        "updated_at": notice.updated_at,
    }


def _notice_answer(wording: Wording) -> NoticeAnswer:
    fields = dict(vars(wording))
    fields["category"] = wording.category_here
    del fields["own_category"]
    fields["repeat"] = None if wording.repeat == Repeat.ONCE else wording.repeat
    return NoticeAnswer(**fields)
