"""How the community looks: its accent and the logo beside its name are a steward's to choose."""

import hashlib
from dataclasses import replace
from typing import Final

from node.domain.errors import NotFound
from node.domain.look import Accent, Logo
from node.domain.members import Member, must_be_steward
from node.domain.pictures import Bare
from node.services.community import Community, Profile, profile_in
from node.storage.audit import AuditEntry

#: Enough of a hash that no two pictures of a community have the same name.
_MARK: Final = 16


async def wear(community: Community, accent: Accent, picture: Bare | None, by: Member) -> Profile:
    """Every page is in this accent from now on; the picture, where one is given, takes the place of the logo.

    Raises NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        after = replace(before, accent=accent, logo=_logo_of(picture) if picture else before.logo)
        if after == before:
            return before
        await work.community.put(after)
        if picture is not None:
            await work.community.put_logo(picture)
        await work.audit.add(AuditEntry(community.now(), by.id, "changed how our pages look", "community", accent))
    return after


async def take_logo_off(community: Community, by: Member) -> None:
    """Nothing is kept of it. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        await work.community.put(replace(await profile_in(work), logo=None))
        await work.community.put_logo(None)
        await work.audit.add(AuditEntry(community.now(), by.id, "took the logo off", "community"))


async def logo(community: Community, name: str) -> Bare:
    """The picture under this name. Raises NotFound for any other than the one we have now."""
    async with community.database.reading() as work:
        shown = await profile_in(work)
        found = await work.community.logo() if shown.logo and shown.logo.name == name else None
    if found is None:
        raise NotFound
    return found


def _logo_of(picture: Bare) -> Logo:
    mark = hashlib.sha256(picture.content).hexdigest()[:_MARK]
    return Logo(f"{mark}.{picture.media_type.partition('/')[2]}", picture.width, picture.height)
