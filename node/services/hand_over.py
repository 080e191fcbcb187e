"""The board between two shifts: written, read, taken off. Dispatchers alone read it."""

from dataclasses import dataclass

from node.domain.hand_over import MOST_NOTES, HandOverNote, check_text, must_have_room
from node.domain.members import Member, must_be_dispatcher
from node.services.community import Community


@dataclass(frozen=True)
class HandOverLine:
    """One note as members read it; `by_name` is empty where nobody knows any more who wrote it."""

    note: HandOverNote
    by_name: str


async def write(community: Community, text: str, by: Member, form_id: str | None = None) -> HandOverNote:
    """Leave a note for the next shift; the same `form_id` twice leaves one. Raises Invalid, Conflict, NotAllowed."""
    must_be_dispatcher(by)
    made = HandOverNote(community.new_id(), check_text(text), community.now(), by.id)
    form = community.form_mark("hand-over", form_id)
    async with community.database.unit_of_work() as work:
        earlier = await work.hand_over.by_form(form) if form else None
        if earlier is not None:
            return earlier
        must_have_room(await work.hand_over.newest(MOST_NOTES))
        await work.hand_over.add(made, form)
    return made


async def listing(community: Community, by: Member) -> tuple[HandOverLine, ...]:
    """What is on the board, newest first. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await work.hand_over.newest(MOST_NOTES)
        names = await work.members.names(one.by for one in found if one.by)
    return tuple(HandOverLine(one, names.get(one.by or "", "")) for one in found)


async def take_off(community: Community, note_id: str, by: Member) -> None:
    """It is done: the note is erased. Twice is as good as once. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        await work.hand_over.remove(note_id)
