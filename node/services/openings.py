"""Opening sealed notes one at a time, on purpose, and the log of every time it was done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.consent import Use, is_given
from node.domain.errors import Conflict, NotAllowed, NotFound
from node.domain.members import Member, Role, must_be_dispatcher, must_be_helper
from node.domain.openings import OPENED, Opening, Reason, Why, role_of
from node.domain.peers import RemoteActor, name_among
from node.domain.phrases import say
from node.domain.sealed import GONE, SealedNote, for_task_card, without_sealed
from node.domain.taking_on import NOT_YOURS
from node.services import brakes
from node.services.community import Community, found_notice
from node.services.taking_on import own_part
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

NOT_AGREED = say("The person did not say that whoever takes it on may read this. A dispatcher brings you together.")


@dataclass(frozen=True)
class OpeningLine:
    """One opening as pages tell it: `reader_name` is a member's or a community's, `role` empty for a community."""

    reader_name: str
    role: str
    fields: tuple[str, ...]
    why: Why
    at: datetime

    @property
    def is_ours(self) -> bool:
        """Whether it was one of our members."""
        return bool(self.role)


async def open_note(community: Community, notice_id: str, by: Member, why: Why) -> SealedNote:
    """Open one sealed note: it is written down who did, why, when, and which fields were filled.

    Raises NotFound, and NotAllowed for other roles and for whoever opened too many within a day.
    """
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        await found_notice(work, notice_id)
        note = await _opened(work, notice_id)
        held = await brakes.hold(community, work, by)
        if not held:
            await _write_down(community, work, by, (notice_id, note, why, role_of(by)))
    if held:
        raise NotAllowed(brakes.HELD)
    return note


async def open_task_card(community: Community, notice_id: str, by: Member) -> SealedNote:
    """What a helper may read of a need that is with them: written down and braked like every other opening.

    Raises NotFound, Conflict where it is not theirs, and NotAllowed where the person did not agree to it, and for
    whoever opened too many within a day.
    """
    must_be_helper(by)
    async with community.database.unit_of_work() as work:
        await found_notice(work, notice_id)
        if await own_part(work, notice_id, by) is None:
            raise Conflict(NOT_YOURS)
        if not is_given(await work.consents.of_notice(notice_id), Use.DETAILS):
            raise NotAllowed(NOT_AGREED)
        card = for_task_card(await _opened(work, notice_id))
        held = await brakes.hold(community, work, by)
        if not held:
            await _write_down(community, work, by, (notice_id, card, Why(Reason.TASK), Role.HELPER))
    if held:
        raise NotAllowed(brakes.HELD)
    return card


async def _opened(work: UnitOfWork, notice_id: str) -> SealedNote:
    note = await SealedNotes(work).open(notice_id)
    if note is None:
        raise NotFound(GONE)
    return note


async def filled_fields(community: Community, notice_id: str) -> tuple[str, ...]:
    """Which fields of the sealed note hold something, without saying what."""
    async with community.database.reading() as work:
        note = await SealedNotes(work).open(notice_id)
    return () if note is None else note.filled


async def openings(community: Community, notice_id: str) -> tuple[OpeningLine, ...]:
    """Every opening of this note, by members here and by helping communities, oldest first."""
    async with community.database.reading() as work:
        return await _lines(work, await work.openings.of_notice(notice_id))


async def readings(community: Community, response_id: str) -> tuple[OpeningLine, ...]:
    """Every time a member here read what another community released to us for this task, oldest first."""
    async with community.database.reading() as work:
        return await _lines(work, await work.openings.of_response(response_id))


async def openings_for_owner(community: Community, notice_id: str) -> tuple[OpeningLine, ...]:
    """The same for the person the note is about; without members' names, unless the community wants them shown."""
    async with community.database.reading() as work:
        shows_names = (await work.ways.get()).names_to_owners
        found = await _lines(work, await work.openings.of_notice(notice_id))
    return found if shows_names else tuple(_nameless(line) for line in found)


def _nameless(line: OpeningLine) -> OpeningLine:
    return OpeningLine("", line.role, line.fields, line.why, line.at) if line.is_ours else line


async def _write_down(
    community: Community, work: UnitOfWork, by: Member, opened: tuple[str, SealedNote, Why, Role]
) -> None:
    notice_id, note, why, role = opened
    now = community.now()
    await work.openings.add(
        Opening(
            id=community.new_id(),
            at=now,
            fields=note.filled,
            why=replace(why, words=without_sealed(why.words, note)),
            member_id=by.id,
            role=role,
            notice_id=notice_id,
        )
    )
    await work.audit.add(AuditEntry(now, by.id, OPENED, notice_id, ",".join(note.filled)))


async def _lines(work: UnitOfWork, found: tuple[Opening, ...]) -> tuple[OpeningLine, ...]:
    names = await work.members.names(one.member_id for one in found if one.member_id)
    actors = await work.peers.actors(one.reader for one in found if one.reader)
    return tuple(_line(one, names, actors) for one in found)


def _line(one: Opening, names: Mapping[str, str], actors: Mapping[str, RemoteActor]) -> OpeningLine:
    if one.reader:
        name = name_among(actors, one.reader)
        return OpeningLine(name, "", one.fields, one.why, one.at)
    name = names.get(one.member_id or "", say("somebody"))
    return OpeningLine(name, one.role or Role.DISPATCHER, one.fields, one.why, one.at)
