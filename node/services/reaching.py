"""How this server can write to whoever asked or offered: looked up for that message alone, and kept nowhere else."""

import re
from collections.abc import Collection

from node.domain.errors import Invalid
from node.domain.spelling import dialable
from node.domain.tellings import Way, check_address
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import CannotOpen

_NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}")


async def way_to(work: UnitOfWork, notice_id: str, ways: Collection[Way]) -> tuple[Way, str]:
    """The first way to reach them that they wrote down and that we have, with its address; NONE where there is none."""
    try:
        note = await SealedNotes(work).open(notice_id)
    except CannotOpen:
        return Way.NONE, ""
    for contact in () if note is None else note.contact:
        value = contact.value.strip()
        number = dialable(value)
        if contact.method == "email" and Way.MAIL in ways and _is_address(value):
            return Way.MAIL, value
        if contact.method == "text" and Way.TEXT in ways and _NUMBER.fullmatch(number):
            return Way.TEXT, re.sub(r"[^+0-9]", "", number)
    return Way.NONE, ""


def _is_address(value: str) -> bool:
    try:
        return bool(check_address(value))
    except Invalid:
        return False
