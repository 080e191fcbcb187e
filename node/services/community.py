"""The community a use case is done for: its database, its addresses, its clock, its way to other communities."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from node.domain.addresses import Addresses
from node.domain.areas import MOST_AREAS, covered, nested, smaller_named
from node.domain.days import UTC_ZONE, zone_named
from node.domain.errors import Conflict, Invalid, NotFound
from node.domain.members import Member, must_be_steward, must_be_steward_or_command_line
from node.domain.notices import Notice
from node.domain.phrases import say
from node.domain.spelling import tidy_name
from node.domain.strangers import check_kept_days
from node.services.limits import Limits
from node.services.remote import Remote
from node.settings import DEFAULT_INBOX_RATE, Settings
from node.storage.audit import AuditEntry
from node.storage.community import Profile
from node.storage.database import Database
from node.storage.notices import NoticeFilter
from node.storage.unit_of_work import UnitOfWork

__all__ = [
    "Community",
    "Profile",
    "check_profile",
    "found_notice",
    "keep_strangers_for",
    "narrowed",
    "not_told_in",
    "profile",
    "profile_in",
    "save_profile",
    "zone_in",
    "zone_of",
]

MAX_LANGUAGES = 30
LONGEST_LINE = 80


class Homes:
    """The address the community left, for as long as it is answered, and since when; shared by both views of it."""

    def __init__(self) -> None:
        self.current: Community | None = None
        self.former: Community | None = None
        self.left_at = datetime.max.replace(tzinfo=UTC)


def _as_written(_code: str, words: str) -> str:
    return words


@dataclass(frozen=True)
class Community:
    """Handed to every use case. `now` gives the time in UTC, `new_id` an identifier nobody can guess.

    `limits` are what each source may still ask of us; `chance` gives a number from 0 up to 1. `tell_in` says a
    sentence of ours in the language with this code, or as it is written where there is no such language.
    """

    database: Database
    settings: Settings
    remote: Remote
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    limits: Limits = field(default_factory=lambda: Limits(DEFAULT_INBOX_RATE))
    chance: Callable[[], float] = random.random
    homes: Homes = field(default_factory=Homes, compare=False, repr=False)
    tell_in: Callable[[str, str], str] = field(default=_as_written, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.homes.current is None:
            self.homes.current = self

    @property
    def current(self) -> "Community":
        """Under the address it lives at now."""
        return self.homes.current or self

    @property
    def hosts(self) -> frozenset[str]:
        """Every host that is ours."""
        return frozenset(home.host for home in (self.current, self.homes.former) if home is not None)

    def home_of(self, thing: str) -> "Community | None":
        """Under the address that this id of a thing of ours is of; None where it is not ours."""
        for home in (self.current, self.homes.former):
            if home is not None and thing.startswith(f"{home.base_url}/"):
                return home
        return None

    def at(self, thing: str) -> "Community":
        """Under the address that this id of a thing of ours is of."""
        return self.home_of(thing) or self.current

    @property
    def base_url(self) -> str:
        """The public address, without a slash at its end."""
        return self.settings.base_url

    @property
    def host(self) -> str:
        """Host and port as others see them."""
        return self.addresses.host

    @property
    def addresses(self) -> Addresses:
        """Where everything of ours is."""
        return Addresses(self.settings.base_url)

    def form_mark(self, deed: str, form_id: str | None) -> str | None:
        """The mark kept with what a form did, so that the same form sent twice does it once; None where it has no id.

        Nothing of the form can be read from it.
        """
        return self.database.vault.fingerprint(f"{deed} {form_id}").hex() if form_id else None


async def profile(community: Community) -> Profile:
    """How the community presents itself. Raises Conflict before `init`."""
    async with community.database.reading() as work:
        return await profile_in(work)


async def profile_in(work: UnitOfWork) -> Profile:
    """The profile inside a unit of work. Raises Conflict before `init`."""
    found = await work.community.get()
    if found is None:
        raise Conflict("This community has not been set up yet. Run: manyhands init")
    return found


async def found_notice(work: UnitOfWork, notice_id: str) -> Notice:
    """A need or offer of ours, inside a unit of work. Raises NotFound."""
    found = await work.notices.get(notice_id)
    if found is None:
        raise NotFound(say("There is no such notice."))
    return found


def zone_of(community: Community, shown: Profile) -> ZoneInfo:
    """The time zone people here live in: the setting TIMEZONE, else the profile's, else UTC."""
    return zone_named(community.settings.timezone or shown.timezone) or UTC_ZONE


async def zone_in(community: Community, work: UnitOfWork) -> ZoneInfo:
    """The time zone people here live in, inside a unit of work. Raises Conflict before `init`."""
    return zone_of(community, await profile_in(work))


async def narrowed(work: UnitOfWork, wanted: NoticeFilter) -> NoticeFilter:
    """The filter with its area covering what lies within it, inside a unit of work."""
    if wanted.area is None:
        return wanted
    return replace(wanted, areas=covered((await profile_in(work)).areas, wanted.area))


def not_told_in(shown: Profile, words: str) -> tuple[str, ...]:
    """Smaller areas that words name although others are told the larger ones alone."""
    return smaller_named(shown.areas, words) if shown.larger_areas_only else ()


async def save_profile(community: Community, changed: Profile, by: Member | None = None) -> Profile:
    """Store a changed profile. A steward's deed (or the command line's, with `by` None)."""
    must_be_steward_or_command_line(by)
    async with community.database.unit_of_work() as work:
        return await _put_profile(community, work, changed, by)


async def _put_profile(community: Community, work: UnitOfWork, changed: Profile, by: Member | None) -> Profile:
    checked = check_profile(changed)
    await work.community.put(checked)
    await work.audit.add(AuditEntry(community.now(), by.id if by else None, "changed the profile", "community"))
    return checked


async def speak(community: Community, languages: tuple[str, ...], by: Member) -> None:
    """Which languages are spoken here; the first is the one in which a reader finds the pages who wishes for none.

    Raises Invalid, NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        await _put_profile(community, work, replace(await profile_in(work), languages=languages), by)


async def keep_strangers_for(community: Community, days: int, by: Member) -> None:
    """For how many days what strangers send is kept. Raises Invalid, NotAllowed."""
    must_be_steward(by)
    checked = check_kept_days(days)
    async with community.database.unit_of_work() as work:
        await work.community.put(replace(await profile_in(work), strangers_kept_days=checked))
        await work.audit.add(
            AuditEntry(community.now(), by.id, f"keeps what strangers send for {checked} days", "community")
        )


def check_profile(changed: Profile) -> Profile:
    """Return it tidied, or raise Invalid beside the first field that cannot be."""
    name = " ".join(changed.name.split())
    areas = tuple(replace(area, name=tidy_name(area.name)) for area in changed.areas)
    names = [area.name for area in areas]
    if not name or len(name) > 80:
        raise Invalid({"name": say("Write the community's name, in at most 80 characters.")})
    line = " ".join(changed.contact_line.split())
    if len(line) > LONGEST_LINE:
        raise Invalid({"contact_line": say("Write it in at most %(most)s characters.", most=LONGEST_LINE)})
    if not changed.languages:
        raise Invalid({"languages": say("Choose at least one language.")})
    if len(changed.languages) > MAX_LANGUAGES:
        raise Invalid({"languages": say("Choose at most %(most)s languages.", most=MAX_LANGUAGES)})
    if zone_named(changed.timezone) is None:
        raise Invalid({"timezone": say("Write the time zone as Region/City, such as Europe/London.")})
    if len(set(names)) != len(names) or not all(names) or len(names) > MOST_AREAS:
        raise Invalid({"areas": say("Each area needs a name of its own.")})
    return replace(changed, name=name, contact_line=line, areas=nested(areas))
