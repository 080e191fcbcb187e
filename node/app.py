"""Opening a community: settings, database, keys and the guarded client, put together for whoever acts in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from federation.transport import NetworkPolicy, Transport
from node.domain.addresses import Addresses
from node.domain.errors import Conflict
from node.domain.homes import FormerHome
from node.domain.ids import random_id
from node.services import boundaries, homes, keys, setup, sign_in
from node.services.community import Community
from node.services.limits import Limits
from node.services.remote import Remote
from node.settings import Settings
from node.storage.closing import BEING_ERASED, is_erasing
from node.storage.database import Database
from node.storage.master_key import SEALED, Sealed, open_vault
from node.storage.migrate import migrate, must_be_current
from node.storage.news import Topic
from node.storage.vault import MASTER_KEY_FILE, create_master_key
from node.web.languages import tell_in


@dataclass(frozen=True)
class Initialised:
    """A community just set up: its name, and the address that signs its first steward in, once."""

    name: str
    link: str


def current_time() -> datetime:
    """The clock outside of tests."""
    return datetime.now(UTC)


async def initialise(settings: Settings, name: str, timezone: str = "UTC") -> Initialised:
    """Make the master key, the database and the first steward in an existing data directory.

    Raises Invalid, Conflict, OSError; whatever was made before a failure can be made again by a second try.
    """
    if not (settings.data_dir / MASTER_KEY_FILE).exists():
        create_master_key(settings.data_dir)
    async with open_database(settings) as database:
        await migrate(database, settings.data_dir / "backups", current_time())
        naming = setup.Naming(name, timezone)
        founded = await setup.found(database, Addresses(settings.base_url), naming, current_time())
    async with open_community(settings) as community:
        link = await sign_in.make_link(community, founded.steward.id)
    return Initialised(founded.profile.name, link)


@asynccontextmanager
async def open_community(
    settings: Settings, now: Callable[[], datetime] = current_time, *, migrating: bool = False
) -> AsyncIterator[Community]:
    """The community of these settings, for as long as the block lasts.

    Raises WrongShape when the database is older (unless `migrating`) or newer than the program, CannotOpen without its
    master key, Sealed while it is sealed, Conflict before `init` and once the community is being erased.
    """
    if is_erasing(settings.data_dir):
        raise Conflict(BEING_ERASED)
    async with open_database(settings) as database:
        if database.vault.is_locked:
            raise Sealed(SEALED)
        if migrating:
            await migrate(database, settings.data_dir / "backups", now())
        await must_be_current(database)
        left = await homes.left(database, settings.base_url)
        transport = Transport(_policy(settings, left), f"manyhands/{version('manyhands')} (+{settings.base_url}/)")
        limits = Limits(settings.inbox_rate)
        remote = Remote(
            transport,
            await keys.load_keys(database, Addresses(settings.base_url)),
            now,
            is_off=settings.federation == "off",
            may_discover=lambda key_id: settings.dev_loopback_peers or limits.discover(key_id, now()) is None,
        )
        try:
            community = Community(database, settings, remote, now, random_id, limits, tell_in=tell_in)
            database.on_news(Topic.ACTORS, remote.forget)
            await boundaries.refresh(database, remote.boundaries)
            await homes.furnish(community, left)
            yield community
        finally:
            await transport.close()


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database of these settings, for as long as the block lasts; while sealed, its vault opens nothing.

    Raises CannotOpen without a master key.
    """
    database = Database(settings.database_url, open_vault(settings.data_dir))
    try:
        yield database
    finally:
        await database.close()


def _policy(settings: Settings, left: FormerHome | None) -> NetworkPolicy:
    former = {Addresses(left.base_url).host} if left is not None else set()
    return NetworkPolicy(
        own_hosts=frozenset({settings.host, *former}),
        dev_loopback=settings.dev_loopback_peers,
        peer_networks=settings.peer_networks,
    )
