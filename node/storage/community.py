"""What the community calls itself, its languages, its telephone line and its areas."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.areas import Area
from node.domain.categories import OwnCategories
from node.domain.look import Accent, Logo
from node.domain.pictures import Bare
from node.domain.practice import Practice
from node.domain.retention import Clocks
from node.domain.strangers import KEPT_DAYS
from node.storage.tables import areas, community, logo

ONLY_ROW = 1


@dataclass(frozen=True)
class Profile:
    """How the community presents itself. `username` never changes; the first language is where pages start.

    `strangers_kept_days` is for how long what strangers send is kept. `timezone` is an IANA name, as `Europe/London`.
    `clocks` are for how long everything else is kept. `seal_needs_two`: whether sealing the node takes two
    stewards. `resting_until` may be over: then it means nothing any more. `link_text` is what we write to
    whoever links with us. `categories` are the community's own way with those that come with the program. `accent` is
    the colour of our pages, `logo` the picture beside our name where there is one. `practice`: whether what is asked
    and offered is for real. `larger_areas_only`: whether others are told no more than the largest area around
    something.
    """

    name: str
    username: str
    languages: tuple[str, ...]
    contact_line: str
    areas: tuple[Area, ...]
    created_at: datetime
    strangers_kept_days: int = KEPT_DAYS
    timezone: str = "UTC"
    clocks: Clocks = field(default_factory=Clocks)
    seal_needs_two: bool = False
    resting_until: datetime | None = None
    link_text: str = ""
    categories: OwnCategories = field(default_factory=OwnCategories)
    accent: str = Accent.GREEN
    practice: Practice = Practice.NOT
    logo: Logo | None = None
    larger_areas_only: bool = False


class CommunityProfile:
    """There is exactly one."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._known: Profile | None = None

    async def get(self) -> Profile | None:
        """The profile, or None before `init`. The database is asked once in a unit of work, and after each change."""
        if self._known is None:
            self._known = await self._read()
        return self._known

    async def _read(self) -> Profile | None:
        row = (await self._connection.execute(select(community).where(community.c.id == ONLY_ROW))).one_or_none()
        if row is None:
            return None
        found = await self._connection.execute(select(areas).order_by(areas.c.position))
        listed = tuple(Area(one.name, one.latitude, one.longitude, one.within) for one in found)
        return Profile(
            name=row.name,
            username=row.username,
            languages=tuple(row.languages),
            contact_line=row.contact_line,
            areas=listed,
            created_at=row.created_at,
            strangers_kept_days=row.strangers_kept_days,
            timezone=row.timezone,
            clocks=Clocks(
                sealed_notes=row.sealed_notes_kept_days,
                notices=row.notices_kept_days,
                log=row.log_kept_days,
                sessions=row.sessions_kept_days,
            ),
            seal_needs_two=row.seal_needs_two,
            resting_until=row.resting_until,
            link_text=row.link_text,
            categories=_categories(row.categories),
            accent=row.accent,
            practice=Practice(row.practice),
            logo=Logo(row.logo, row.logo_width, row.logo_height) if row.logo else None,
            larger_areas_only=row.larger_areas_only,
        )

    async def put(self, profile: Profile) -> None:
        """Replace the profile."""
        self._known = None
        await self._connection.execute(delete(community))
        await self._connection.execute(
            insert(community).values(
                id=ONLY_ROW,
                name=profile.name,
                username=profile.username,
                languages=list(profile.languages),
                contact_line=profile.contact_line,
                created_at=profile.created_at,
                strangers_kept_days=profile.strangers_kept_days,
                timezone=profile.timezone,
                sealed_notes_kept_days=profile.clocks.sealed_notes,
                notices_kept_days=profile.clocks.notices,
                log_kept_days=profile.clocks.log,
                sessions_kept_days=profile.clocks.sessions,
                seal_needs_two=profile.seal_needs_two,
                resting_until=profile.resting_until,
                link_text=profile.link_text,
                categories=_values(profile.categories),
                accent=profile.accent,
                practice=profile.practice,
                larger_areas_only=profile.larger_areas_only,
                **_logo_values(profile.logo),
            )
        )
        await self._connection.execute(delete(areas))
        rows = [
            {
                "name": area.name,
                "position": position,
                "latitude": area.latitude,
                "longitude": area.longitude,
                "within": area.within,
            }
            for position, area in enumerate(profile.areas)
        ]
        if rows:
            await self._connection.execute(insert(areas), rows)

    async def logo(self) -> Bare | None:
        """The picture itself, or None where there is none."""
        shown = await self.get()
        if shown is None or shown.logo is None:
            return None
        row = (await self._connection.execute(select(logo))).one()
        return Bare(row.media_type, row.content, shown.logo.width, shown.logo.height)

    async def put_logo(self, picture: Bare | None) -> None:
        """Replace the picture, or let there be none. What pages need to know of it is in the profile."""
        await self._connection.execute(delete(logo))
        if picture is not None:
            values = {"id": ONLY_ROW, "media_type": picture.media_type, "content": picture.content}
            await self._connection.execute(insert(logo).values(values))


def _logo_values(shown: Logo | None) -> dict[str, object]:
    known = shown or Logo("", 0, 0)
    return {"logo": known.name, "logo_width": known.width, "logo_height": known.height}


def _values(own: OwnCategories) -> dict[str, object]:
    values = {"order": list(own.order), "names": dict(own.names), "hidden": sorted(own.hidden)}
    return {**values, "likes": dict(own.likes)}


def _categories(stored: dict[str, Any]) -> OwnCategories:
    order, hidden = tuple(stored.get("order", ())), frozenset(stored.get("hidden", ()))
    return OwnCategories(order, stored.get("names", {}), hidden, stored.get("likes", {}))
