"""The open needs as a plain list, and the one link that opens it. A steward makes the link, replaces it, ends it."""

from dataclasses import replace
from hmac import compare_digest

from node.domain.errors import NotFound
from node.domain.members import Member, must_be_dispatcher, must_be_steward
from node.domain.notices import Notice
from node.domain.phrases import say
from node.domain.plain_list import chosen
from node.services.board import on_board
from node.services.community import Community
from node.services.for_real import must_be_for_real
from node.storage.audit import AuditEntry


async def listing(community: Community, by: Member) -> tuple[Notice, ...]:
    """What may stand on the list, in the order of the queue. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        return chosen(await on_board(work))


async def by_link(community: Community, key: str) -> tuple[Notice, ...]:
    """The same for whoever has the link. Raises NotFound, and Conflict while the community practises."""
    async with community.database.reading() as work:
        known = (await work.ways.get()).plain_list
        if not known or not compare_digest(known, _mark(community, key)):
            raise NotFound(say("This link leads nowhere any more. Ask a steward for the new one."))
        await must_be_for_real(work)
        return chosen(await on_board(work))


async def has_link(community: Community) -> bool:
    """Whether a link was made that is still good."""
    async with community.database.reading() as work:
        return bool((await work.ways.get()).plain_list)


async def make_link(community: Community, by: Member) -> str:
    """The key of a new link, told this once; an earlier link leads nowhere from now on. Raises NotAllowed."""
    must_be_steward(by)
    key = community.new_id()
    await _put(community, _mark(community, key), by, "made a link to the plain list")
    return key


async def end_link(community: Community, by: Member) -> None:
    """No link leads there any more. Raises NotAllowed."""
    must_be_steward(by)
    await _put(community, "", by, "ended the link to the plain list")


async def _put(community: Community, mark: str, by: Member, action: str) -> None:
    async with community.database.unit_of_work() as work:
        await work.ways.put(replace(await work.ways.get(), plain_list=mark))
        await work.audit.add(AuditEntry(community.now(), by.id, action, "community"))


def _mark(community: Community, key: str) -> str:
    return community.database.vault.fingerprint(f"plain list {key}").hex()
