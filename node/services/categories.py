"""A community's own way with the categories: what it calls them, in which order they stand, which it offers."""

from dataclasses import replace

from node.domain.categories import BY_KEY, CategoryChange, changed
from node.domain.errors import NotFound
from node.domain.members import Member, must_be_steward
from node.services.community import Community, profile_in
from node.storage.audit import AuditEntry


async def change(community: Community, wanted: CategoryChange, by: Member) -> None:
    """Call one category so here, put it there, offer it or not. Raises Invalid, NotFound, NotAllowed.

    What others get of it is its key and the name it comes with, as before.
    """
    must_be_steward(by)
    if wanted.key not in BY_KEY:
        raise NotFound
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        after = changed(before.categories, wanted)
        if after == before.categories:
            return
        await work.community.put(replace(before, categories=after))
        await work.audit.add(AuditEntry(community.now(), by.id, "changed a category", "community", wanted.key))
