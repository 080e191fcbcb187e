"""Three invented communities on this machine, each a whole node with its own database in a folder that goes away."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from node import app, serving
from node.demo.asking import Api
from node.demo.walking import Place
from node.services import imports, members, tokens
from node.services.community import Community
from node.services.imports import Brought
from node.settings import Settings

SAMPLE = "needs_and_offers"
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Town:
    """One community of the demo, set up and not yet running; `link` signs its steward in once."""

    place: Place
    settings: Settings
    link: str


async def found(name: str, host: str, folder: Path) -> Town:
    """Set a community up in `folder`, with an address on a free port of this machine."""
    port = _free_port(host)
    settings = Settings(
        base_url=f"http://{host}:{port}",
        data_dir=_made(folder),
        bind=f"{_bound(host)}:{port}",
        log_level="warning",
        dev_loopback_peers=True,
    )
    done = await app.initialise(settings, name)
    async with app.open_community(settings) as community:
        token = await _steward_token(community)
    return Town(Place(name, Api(settings.base_url, token)), settings, done.link)


async def bring_sample(town: Town) -> Brought:
    """Import the spreadsheet that comes with the program."""
    samples = resources.files("node") / "samples"
    sheet, mapping = ((samples / f"{SAMPLE}.{end}").read_bytes() for end in ("csv", "toml"))
    async with app.open_community(town.settings) as community:
        return await imports.bring_in(community, imports.read_spreadsheet(sheet, mapping))


@asynccontextmanager
async def running(town: Town) -> AsyncIterator[None]:
    """The community's server answers for as long as the block lasts. Raises OSError when its port was taken."""
    async with app.open_community(town.settings) as community, serving.listening(community):
        yield


async def _steward_token(community: Community) -> str:
    steward = next(member for member in await members.listing(community) if member.is_steward)
    return await tokens.create(community, steward.name, "demo")


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder


def name_of_this_machine(wanted: str) -> str:
    """This name where the machine has it, else 127.0.0.1, which every machine has."""
    try:
        _free_port(wanted)
    except OSError:
        return HERE
    return wanted


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((_bound(host), 0))
        return int(probe.getsockname()[1])


def _bound(host: str) -> str:
    """The address that a server with this name listens on."""
    return HERE if host == "localhost" else host
