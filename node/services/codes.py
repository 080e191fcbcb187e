"""The code with which somebody comes back: made, made again, and found. The database holds only what stands for it."""

import itertools
from collections.abc import Callable, Iterator
from itertools import islice

from node.domain.codes import code_from, earlier_code_from, tidy_code, whole_and_part
from node.domain.errors import Conflict
from node.domain.phrases import say
from node.services.community import Community
from node.storage.unit_of_work import UnitOfWork

#: How far the row of codes that a form leads to is followed when an earlier answer is given again.
_LOOKED_AT = 20


def code_hash(community: Community, code: str) -> str:
    """What stands for a code in the database: HMAC-SHA-256 under the master key, hex. Typing habits do not matter."""
    whole, number = whole_and_part(tidy_code(code))
    mark = community.database.vault.fingerprint(f"tidy {whole}").hex()
    return part_hash(community, mark, number)


def part_hash(community: Community, whole_hash: str, number: int) -> str:
    """What stands for the code of a part, from what stands for the code of the whole."""
    if number == 1:
        return whole_hash
    return community.database.vault.fingerprint(f"part {number} of {whole_hash}").hex()


async def new_code(community: Community, work: UnitOfWork, form: bytes) -> str:
    """The first code that this form (its fingerprint) leads to and that opens nothing yet."""
    for code in _codes(community, form, code_from):
        if await work.notices.by_code(code_hash(community, code)) is None:
            return code
    raise AssertionError("counting has no end")


async def code_again(community: Community, work: UnitOfWork, form: bytes, notice_id: str) -> str:
    """The code that was given out for this notice when the same form came the first time, whichever kind it was.

    Raises Conflict when it opens nothing any more.
    """
    kinds = (code_from, earlier_code_from)
    candidates = (code for kind in kinds for code in islice(_codes(community, form, kind), _LOOKED_AT))
    for code in candidates:
        owner = await work.notices.by_code(code_hash(community, code))
        if owner is not None and owner.id == notice_id:
            return code
    raise Conflict(say("This was sent before, and what it asked for has been erased since."))


def _codes(community: Community, form: bytes, kind: Callable[[bytes], str]) -> Iterator[str]:
    for attempt in itertools.count():
        yield kind(community.database.vault.fingerprint(f"code {form.hex()} {attempt}"))
