"""Whether the node runs as it should: the checks of `manyhands doctor` and of the page for stewards.

None of them asks anything of another machine, so that a page can wait for them. What a check says is said in the
language of whoever reads it; the command line says it in English.
"""

import asyncio
import shlex
import shutil
import stat
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from node.domain.checks import Check, Standing
from node.domain.members import Member, must_be_steward
from node.domain.phrases import say, say_many
from node.domain.practice import Practice
from node.domain.tellings import TellingState, Way
from node.services import backups
from node.services.community import Community
from node.settings import Settings
from node.settings.values import is_loopback
from node.storage.database import Database
from node.storage.master_key import SEALED, has_passphrase, is_sealed
from node.storage.migrate import WrongShape, plan
from node.storage.vault import MASTER_KEY_FILE, CannotOpen, load_vault

ROOM_NEEDED = 200 * 1024 * 1024
STALE_DAYS = 3
CLOCK_FAR = timedelta(minutes=5)
LOOKED_EVERY = timedelta(minutes=10)
MEGABYTE, GIGABYTE = 1024**2, 1024**3
DOCTOR: Final = "manyhands doctor"
NOBODY_YET = say("Members may be told on their devices; nobody wants to be yet.")
OTHER_KEY = say(
    "Where a member's device takes messages is locked with another master key. Put that key back from your keyring "
    "backup; or a steward switches telling on devices off and on again at /settings/devices."
)
NOT_TAKEN = say(
    "The last message to a member's devices was taken by no push service. Can this server reach the Internet over "
    "https? If it can, that member may switch it off and on again at /account/devices."
)

AtTheMachine = Callable[[Settings, datetime], Check]
InTheDatabase = Callable[[Database, Settings], Awaitable[Check]]


async def look_over(community: Community, by: Member) -> tuple[Check, ...]:
    """Every check; one that cannot be made is something to look at. Raises NotAllowed."""
    must_be_steward(by)
    settings = community.settings
    their_clocks = community.remote.their_clocks.ahead(community.now())
    checks = await asyncio.to_thread(_at_the_machine, settings, community.now())
    for name, ask in DATABASE.items():
        try:
            checks.append(await ask(community.database, settings))
        except Exception as error:  # a check that cannot be made is itself something to look at
            checks.append(_not_made(name, error))
    return tuple(checks) if their_clocks is None else (*checks, clock(their_clocks))


class LookedOver:
    """Whether something needed a look when the checks were last made, so that many pages can say so without a look."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._is_well = True

    def note(self, checks: Iterable[Check], now: datetime) -> None:
        """What was found just now."""
        self._at, self._is_well = now, all(check.is_ok for check in checks)

    async def is_well(self, community: Community, by: Member) -> bool:
        """As it was at most LOOKED_EVERY ago; the checks are made once more where that is longer. Raises NotAllowed."""
        now = community.now()
        if self._at is None or now - self._at >= LOOKED_EVERY:
            self.note(await look_over(community, by), now)
        return self._is_well


def _at_the_machine(settings: Settings, now: datetime) -> list[Check]:
    return [_made(name, look, settings, now) for name, look in MACHINE.items()]


def _made(name: str, look: AtTheMachine, settings: Settings, now: datetime) -> Check:
    try:
        return look(settings, now)
    except Exception as error:  # a check that cannot be made is itself something to look at
        return _not_made(name, error)


def _not_made(name: str, error: Exception) -> Check:
    said = say("This could not be looked at (%(what)s).", what=type(error).__name__)
    return Check(name, Standing.LOOK, said, command=DOCTOR)


def address(settings: Settings, _now: datetime) -> Check:
    """Whether others can reach it, over https."""
    said = say("The community's address is %(address)s.", address=settings.base_url)
    if is_loopback(urlsplit(settings.base_url).hostname or ""):
        remedy = say(
            "Only this machine reaches it: good for trying out. Others need one that begins with https; "
            "deploy/README.md tells how."
        )
        return Check("settings", Standing.OFF, said, remedy)
    return Check("settings", Standing.FINE, said)


def folder(settings: Settings, _now: datetime) -> Check:
    """Whether the community's folder is for its owner only."""
    place = settings.data_dir
    if _is_for_others(place):
        said = say("Others on this machine may look into it.")
        return Check("folder", Standing.LOOK, said, command=f"chmod 700 {shlex.quote(str(place))}")
    return Check("folder", Standing.FINE, say("%(folder)s is for its owner only.", folder=place))


def secrets(settings: Settings, _now: datetime) -> Check:
    """Whether the master key is there, whole, and for its owner only."""
    if is_sealed(settings.data_dir):
        return Check("secrets", Standing.LOOK, SEALED)
    path = settings.data_dir / MASTER_KEY_FILE
    remedy = say("Put it back from your keyring backup.")
    try:
        load_vault(settings.data_dir)
    except CannotOpen:
        said = say("The master key in %(path)s is missing, damaged, or cannot be read.", path=path)
        return Check("secrets", Standing.LOOK, said, remedy)
    if _is_for_others(path):
        said = say("Others on this machine may read the master key.")
        return Check("secrets", Standing.LOOK, said, command=f"chmod 600 {shlex.quote(str(path))}")
    return Check("secrets", Standing.FINE, say("The master key is whole and for its owner only."))


def sealing(settings: Settings, _now: datetime) -> Check:
    """Whether the community could be sealed in an emergency."""
    if has_passphrase(settings.data_dir):
        return Check("sealing", Standing.FINE, say("The passphrase for sealing is chosen."))
    said = say("No passphrase is chosen, so the community cannot be sealed in an emergency.")
    return Check("sealing", Standing.OFF, said, command="manyhands seal --prepare", page="/seal")


def room(settings: Settings, _now: datetime) -> Check:
    """Whether there is room on the disk."""
    free = shutil.disk_usage(settings.data_dir).free
    if free < ROOM_NEEDED:
        said = say("Only %(free)s MB are free on the disk.", free=free // MEGABYTE)
        return Check("room", Standing.LOOK, said, say("Make room soon."))
    if free < 10 * GIGABYTE:
        return Check("room", Standing.FINE, say("%(free)s MB are free on the disk.", free=free // MEGABYTE))
    return Check("room", Standing.FINE, say("%(free)s GB are free on the disk.", free=free // GIGABYTE))


def kept_backups(settings: Settings, now: datetime) -> Check:
    """Whether there are backups, and how old the newest is."""
    last = backups.newest(settings)
    if last is None and not settings.backup_recipients:
        said = say("None are made by themselves.")
        return Check("backups", Standing.OFF, said, say("deploy/backup.md tells how to change that."))
    if last is None:
        return Check("backups", Standing.LOOK, say("There is none yet."), command="manyhands backup create")
    said = say("The newest is of %(day)s, in %(folder)s.", day=last.date(), folder=settings.backup_dir)
    if (now - last).days < STALE_DAYS:
        return Check("backups", Standing.FINE, said)
    return Check("backups", Standing.LOOK, said, command="manyhands backup create")


def federation(settings: Settings, _now: datetime) -> Check:
    """Whether anything is exchanged with other communities."""
    if settings.dev_loopback_peers:
        said = say("Federation may use this machine's addresses (DEV_LOOPBACK_PEERS).")
        return Check("federation", Standing.FINE, said)
    if settings.federation == "on":
        return Check("federation", Standing.FINE, say("Federation is on."))
    said = say("Federation is off: nothing is exchanged with other communities.")
    return Check("federation", Standing.OFF, said)


def clock(ahead: timedelta) -> Check:
    """Whether the machine's clock is right, as far as those of other servers that answered lately tell."""
    if abs(ahead) < CLOCK_FAR:
        return Check("clock", Standing.FINE, say("It agrees with the clocks of other servers."))
    minutes = round(abs(ahead).total_seconds() / 60)
    said = say_many(
        "It differs by %(n)s minute from the clocks of other servers that answered lately.",
        "It differs by %(n)s minutes from the clocks of other servers that answered lately.",
        minutes,
    )
    return Check("clock", Standing.LOOK, said, command="timedatectl set-ntp true")


async def shape(database: Database, _settings: Settings) -> Check:
    """Whether the database has this program's shape, and its server no setting that does harm."""
    if fault := await database.fault():
        return Check("database", Standing.LOOK, fault)
    try:
        todo = await plan(database)
    except WrongShape:
        said = say("The database is newer than this program.")
        return Check("database", Standing.LOOK, said, say("Install the newer program, or restore a backup."))
    if todo.is_current:
        return Check("database", Standing.FINE, say("The database has this program's shape."))
    said = say("The database is older than this program.")
    return Check("database", Standing.LOOK, said, command="manyhands migrate")


async def mail(database: Database, settings: Settings) -> Check:
    """Whether mail is sent, and whether the last message went out. The mail server is not asked."""
    if not settings.smtp_url:
        said = say("None is sent (SMTP_URL is off). Pages, codes and feeds work without it.")
        return Check("mail", Standing.OFF, said, say("docs/settings.md tells how to change that."))
    async with database.reading() as work:
        is_stuck = await work.tellings.is_stuck(Way.MAIL)
        last = await work.tellings.last_outcome(Way.MAIL)
    if is_stuck:
        said = say("A message waits, because the mail server did not take it. It is tried again by itself.")
    elif last is TellingState.GIVEN_UP:
        said = say("The mail server did not take the last message.")
    else:
        found = say("The last message went out.") if last else say("Nothing was sent lately.")
        return Check("mail", Standing.FINE, found)
    return Check("mail", Standing.LOOK, said, say("The command asks that server."), DOCTOR)


async def devices(database: Database, _settings: Settings) -> Check:
    """Whether members are told on their devices, and whether that comes through; nobody's device is asked for."""
    page = "/settings/devices"
    async with database.reading() as work:
        if not (await work.ways.get()).push:
            said = say("Nobody is told on a device; stewards can switch it on at /settings/devices.")
            return Check("devices", Standing.OFF, said, page=page)
        members = await work.tellings.devices.members()
        try:
            for member_id in members:
                await work.tellings.devices.of(member_id)
        except CannotOpen:
            return Check("devices", Standing.LOOK, OTHER_KEY, page=page)
        last = await work.tellings.last_outcome(Way.PUSH)
    if last is TellingState.GIVEN_UP:
        return Check("devices", Standing.LOOK, NOT_TAKEN)
    if not members:
        return Check("devices", Standing.FINE, NOBODY_YET)
    if last:
        said = say("Members may be told on their devices; something was taken lately.")
    else:
        said = say("Members may be told on their devices; nothing was sent lately.")
    return Check("devices", Standing.FINE, said)


async def practice(database: Database, _settings: Settings) -> Check:
    """Whether what is asked and offered here is for real."""
    page = "/practice"
    async with database.reading() as work:
        shown = await work.community.get()
    if shown is None or not shown.practice.is_under_way:
        return Check("practice", Standing.FINE, say("What is asked and offered here is for real."))
    if shown.practice is Practice.ENDING:
        said = say("Practising has ended, and what was practised is still being erased.")
        return Check(
            "practice", Standing.LOOK, said, say("It goes on by itself; a steward can press once more."), page=page
        )
    said = say("We are practising: nothing here is real, and nothing leaves. A steward ends it before we open.")
    return Check("practice", Standing.OFF, said, page=page)


def _is_for_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


#: Each check by its name, as `doctor --json` prints it.
MACHINE: Mapping[str, AtTheMachine] = MappingProxyType(
    {
        "settings": address,
        "folder": folder,
        "secrets": secrets,
        "sealing": sealing,
        "room": room,
        "backups": kept_backups,
        "federation": federation,
    }
)
DATABASE: Mapping[str, InTheDatabase] = MappingProxyType(
    {"database": shape, "mail": mail, "devices": devices, "practice": practice}
)
