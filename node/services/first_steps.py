"""The first steps of a new community: how its first steward introduces it, page by page.

What is said there is what can be said at any time elsewhere. Only that the steps are over is kept.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from node.domain.errors import Invalid
from node.domain.members import Member, must_be_steward
from node.services import areas, members, who_we_are
from node.services.community import Community, profile_in
from node.services.setup import FIRST_STEWARD
from node.services.sign_in import hashed, set_hash_in
from node.services.who_we_are import WhoWeAre


@dataclass(frozen=True)
class Names:
    """What the community and its steward are called; an empty `password` leaves that for later."""

    community: str
    own: str
    password: str = ""


async def are_due(community: Community, member: Member) -> bool:
    """Whether this is the first steward, who has not said yet what anybody is called."""
    if not member.is_steward or member.name != FIRST_STEWARD:
        return False
    async with community.database.reading() as work:
        return not (await work.ways.get()).is_introduced


async def say_names(community: Community, names: Names, by: Member) -> None:
    """All of it or nothing. Raises Invalid at `name`, `own_name` or `password`, and NotAllowed."""
    must_be_steward(by)
    stored = await asyncio.to_thread(hashed, names.password) if names.password else ""
    async with community.database.unit_of_work() as work:
        shown = await profile_in(work)
        said = WhoWeAre(names.community, shown.contact_line, shown.timezone)
        await who_we_are.change_in(community, work, said, by)
        try:
            await members.rename_in(community, work, by, names.own)
        except Invalid as error:
            raise Invalid({"own_name": error.fields["name"]}) from None
        if stored:
            await set_hash_in(community, work, by.id, stored)


async def say_where(community: Community, said: WhoWeAre, names: Iterable[str], by: Member) -> None:
    """Where to call, by whose clock, and further areas: all of it or nothing. Raises Invalid, NotAllowed."""
    async with community.database.unit_of_work() as work:
        await who_we_are.change_in(community, work, said, by)
        await areas.add_in(community, work, names, by)


async def end(community: Community, by: Member) -> None:
    """Lead nobody there any more. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        await work.ways.put(replace(await work.ways.get(), is_introduced=True))
