"""The second envelope in the database: boxes and their wrapped keys, in tables of their own.

Only the few services that an import contract names may import this; a unit of work does not hand it out.
"""

import orjson
from sqlalchemy import delete, insert, select, update

from node.domain.arrival import ArrivalCard
from node.domain.redaction import Overlap, overlap
from node.domain.sealed import Contact, OwnAnswer, SealedNote
from node.storage.tables import sealed_keys, sealed_notes
from node.storage.unit_of_work import UnitOfWork


class SealedNotes:
    """One sealed note per notice, each under its own key."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._connection = work.connection
        self._vault = work.vault

    async def add(self, notice_id: str, note: SealedNote) -> None:
        """Seal a new note under a new key."""
        key = self._vault.new_key()
        box = self._vault.seal(key, _dump(note), notice_id)
        await self._connection.execute(insert(sealed_notes).values(notice_id=notice_id, box=box))
        wrapped = self._vault.wrap(key, notice_id)
        await self._connection.execute(insert(sealed_keys).values(notice_id=notice_id, wrapped_key=wrapped))

    async def open(self, notice_id: str) -> SealedNote | None:
        """Open the note; None when there is none or its key was destroyed. Raises CannotOpen."""
        box = await self._connection.scalar(select(sealed_notes.c.box).where(sealed_notes.c.notice_id == notice_id))
        key = await self._key(notice_id)
        if box is None or key is None:
            return None
        return _load(self._vault.open(key, box, notice_id))

    async def also_in(self, notice_id: str, text: str) -> Overlap:
        """Which words of `text` also stand in the note; of the note itself nothing leaves here.

        No opening: whoever asks learns only about words they have already. Raises CannotOpen.
        """
        note = await self.open(notice_id)
        if note is None:
            return Overlap()
        contacts = (contact.value for contact in note.contact)
        card = note.arrival_card
        told = (note.address, note.story, note.arrival, card.pets, card.who_may_come)
        return overlap(text, note.name, (*told, *contacts, *(one.answer for one in note.answers)))

    async def is_kept(self, notice_id: str) -> bool:
        """Whether there is a note with its key; it is not opened."""
        query = select(sealed_keys.c.notice_id).where(sealed_keys.c.notice_id == notice_id)
        return await self._connection.scalar(query) is not None

    async def kept(self) -> tuple[str, ...]:
        """The notices that have a note with its key; none is opened."""
        return tuple(await self._connection.scalars(select(sealed_keys.c.notice_id).order_by(sealed_keys.c.notice_id)))

    async def put(self, notice_id: str, note: SealedNote) -> None:
        """Seal a changed note under the key it already has."""
        key = await self._key(notice_id)
        if key is None:
            await self.add(notice_id, note)
            return
        box = self._vault.seal(key, _dump(note), notice_id)
        await self._connection.execute(
            update(sealed_notes).where(sealed_notes.c.notice_id == notice_id).values(box=box)
        )

    async def erase(self, notice_id: str) -> None:
        """Destroy the key and the box, on the disk too once this is committed."""
        await self._work.erase_for_good()
        await self._connection.execute(delete(sealed_keys).where(sealed_keys.c.notice_id == notice_id))
        await self._connection.execute(delete(sealed_notes).where(sealed_notes.c.notice_id == notice_id))

    async def without_key(self) -> tuple[str, ...]:
        """The notices whose box is here and whose key is not: it was destroyed after this box was copied."""
        query = select(sealed_notes.c.notice_id).where(sealed_notes.c.notice_id.not_in(select(sealed_keys.c.notice_id)))
        return tuple((await self._connection.scalars(query)).all())

    async def _key(self, notice_id: str) -> bytes | None:
        wrapped = await self._connection.scalar(
            select(sealed_keys.c.wrapped_key).where(sealed_keys.c.notice_id == notice_id)
        )
        return None if wrapped is None else self._vault.unwrap(wrapped, notice_id)


def _dump(note: SealedNote) -> bytes:
    return orjson.dumps(note)


def _load(text: bytes) -> SealedNote:
    read = orjson.loads(text)
    read["contact"] = tuple(Contact(**contact) for contact in read["contact"])
    if "arrival_card" in read:
        card = read["arrival_card"]
        lists = {name: tuple(card[name]) for name in ("at_the_door", "access")}
        read["arrival_card"] = ArrivalCard(**{**card, **lists})
    read["answers"] = tuple(OwnAnswer(**one) for one in read.get("answers", ()))
    return SealedNote(**read)
