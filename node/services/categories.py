"""A community's own way with the categories: what it calls them, in which order they stand, which it offers and adds.

A need, an offer or a resource in a category of our own also holds which of the twenty that is most like, and neighbours
know it by that one. So where a steward maps a category anew, calls it otherwise or takes it away, what is open in it is
shared anew.
"""

from dataclasses import replace

from node.domain.categories import BY_KEY, DELICATE, CategoryChange, changed, without
from node.domain.errors import NotFound
from node.domain.members import Member, must_be_steward
from node.domain.notices import Notice
from node.domain.shares import Level, ShareState
from node.domain.spelling import tidy_name
from node.services.community import Community, profile_in
from node.services.postings import follow_categories
from node.services.publishing import carry_along, end_share, must_be_no_contact
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


async def add(community: Community, wanted: CategoryChange, by: Member) -> None:
    """Add a category of our own. Raises Invalid, NotAllowed."""
    await change(community, replace(wanted, key=""), by)


async def change(community: Community, wanted: CategoryChange, by: Member) -> None:
    """Call one category so here, put it there, offer it or not; an empty key adds one of our own.

    Of the twenty others get the key and the name it comes with, as before. One of our own they get as that which it is
    most like, with its name as a hashtag; what is shared of it follows. Raises Invalid, NotFound, NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        if wanted.key and not before.categories.knows(wanted.key):
            raise NotFound
        after = changed(before.categories, wanted)
        if after == before.categories:
            return
        is_ours, name = wanted.key not in BY_KEY, tidy_name(wanted.name)
        if is_ours and name not in before.categories.names.values():
            await must_be_no_contact(work, "name", name)
        await work.community.put(replace(before, categories=after))
        for key in after.likes:
            was = before.categories.likes.get(key), before.categories.names.get(key)
            if wanted.key == key and was != (after.like(key), after.names[key]):
                await _follow(community, work, key, (after.like(key), key))
        deed = "changed a category" if wanted.key else "added a category"
        key = wanted.key or next(iter(after.likes.keys() - before.categories.likes.keys()))
        await work.audit.add(AuditEntry(community.now(), by.id, deed, "community", key))


async def remove(community: Community, key: str, by: Member) -> None:
    """Take away a category that we added: what is in it stays, in the one of the twenty that it was most like.

    Twice is as good as once. Raises NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        after = without(before.categories, key)
        if after == before.categories:
            return
        await work.community.put(replace(before, categories=after))
        await _follow(community, work, key, (before.categories.like(key), ""))
        await work.audit.add(AuditEntry(community.now(), by.id, "took a category away", "community", key))


async def _follow(community: Community, work: UnitOfWork, key: str, goes: tuple[str, str]) -> None:
    """What is in this category is, from now on, in the one of the twenty and the one of our own that it `goes` to."""
    category, own_category = goes
    for notice in await work.notices.in_own_category(key):
        wording = replace(notice.wording, category=category, own_category=own_category)
        if category in DELICATE and notice.wording.category not in DELICATE:
            await _show_not_to_everyone(community, work, notice)
        await carry_along(community, work, replace(notice, wording=wording))
    await work.notices.recategorise(key, category, own_category)
    await follow_categories(community, work, key, goes)


async def _show_not_to_everyone(community: Community, work: UnitOfWork, notice: Notice) -> None:
    """It is delicate from now on, and no steward has decided that everyone may see this one."""
    for published in await work.shares.of_notice(notice.id):
        if published.share.is_shown and published.share.level == Level.PUBLIC:
            await end_share(community, work, published, ShareState.WITHDRAWN)
