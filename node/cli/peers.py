"""Other communities: asking them, accepting them, pausing and leaving them."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.domain.errors import Conflict, NotFound
from node.domain.exchange import EVERY, in_order
from node.domain.lists import FAULTS_TOLD, LARGEST_FILE, Advice
from node.domain.members import Member
from node.domain.peers import PeerLevel, PeerStanding
from node.services import exchange, fingerprints, lists, peers, second_yes
from node.services.community import Community
from node.services.exchange import Wish
from node.services.fingerprints import Fingerprint
from node.services.lists import Brought

LEVELS = [level.value for level in PeerLevel]
#: A verb of `services.peers`; None stands for the command line, whose user is trusted as a steward.
Deed = Callable[[Community, str, Member | None], Awaitable[PeerStanding | None]]


@click.group(no_args_is_help=False)
def peer() -> None:
    """Link with other communities. PEER is an address or an id as `peer list` prints it."""


@peer.command("add")
@click.argument("address")
@click.option("--level", type=click.Choice(LEVELS), default=PeerLevel.PEERS.value, show_default=True)
@data_dir_option
def peer_add(address: str, level: str, data_dir: Path | None) -> None:
    """Follow a community; ADDRESS is @name@host or a URL. The level `peers` also asks it for a peering."""

    async def add(community: Community) -> PeerStanding:
        return await peers.add(community, address, PeerLevel(level), None)

    say(_line(with_community(data_dir, add)))


@peer.command("list")
@data_dir_option
def peer_list(data_dir: Path | None) -> None:
    """Print every community we are linked with, and where each direction stands."""
    for standing in with_community(data_dir, peers.listing):
        say(_line(standing))


def _command(name: str, promise: str, deed: Deed) -> None:
    """The command that does this to one community."""

    @peer.command(name, help=promise)
    @click.argument("which", metavar="PEER")
    @data_dir_option
    def one(which: str, data_dir: Path | None) -> None:
        _do(data_dir, which, deed)


_command("accept", "Accept a community that asked us.", peers.accept)
_command("pause", "Exchange nothing with a community for a while.", peers.pause)
_command("block", "Refuse everything from a community.", peers.block)
_command("decline", "Say no to a community that asked for a link.", peers.decline)
_command("resume", "Go on as before a pause.", peers.resume)
_command("unblock", "Talk with a blocked community again.", peers.unblock)
_command("drop", "End the link with a community and forget it.", peers.drop)


@peer.command("level")
@click.argument("which", metavar="PEER")
@click.argument("level", type=click.Choice(LEVELS))
@data_dir_option
def peer_level(which: str, level: str, data_dir: Path | None) -> None:
    """Change how far the link goes."""

    async def change(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
        return await peers.change_level(community, peer_id, PeerLevel(level), by)

    _do(data_dir, which, change)


@peer.command("send")
@click.argument("which", metavar="PEER")
@click.argument("categories")
@data_dir_option
def peer_send(which: str, categories: str, data_dir: Path | None) -> None:
    """Choose what goes to a community: CATEGORIES is `all`, `none`, or names divided by commas, such as goods,meals."""
    _flow(data_dir, which, Wish(sends=_categories(categories)))


@peer.command("receive")
@click.argument("which", metavar="PEER")
@click.argument("categories")
@data_dir_option
def peer_receive(which: str, categories: str, data_dir: Path | None) -> None:
    """Choose what is taken in from a community: CATEGORIES as for `peer send`."""
    _flow(data_dir, which, Wish(receives=_categories(categories)))


@peer.command("words")
@click.argument("which", metavar="PEER")
@click.option("--compared", default="", help="The words that they read to you on the telephone.")
@data_dir_option
def peer_words(which: str, compared: str, data_dir: Path | None) -> None:
    """Print the words that a community sees, too, if it is really that one; or note that they were compared."""

    async def words(community: Community) -> Fingerprint:
        peer_id = _only(which, await peers.listing(community)).peer.id
        if compared:
            return await fingerprints.note_compared(community, peer_id, compared, None)
        return await fingerprints.fingerprint(community, peer_id)

    found = with_community(data_dir, words)
    if not found.words:
        raise Conflict(fingerprints.NO_KEYS)
    when = f"compared {found.compared_at:%Y-%m-%d}" if found.compared_at else "not compared yet"
    say(f"{found.words}  ({'changed since they were ' if found.has_changed else ''}{when})")


@peer.command("export-list")
@click.option("--csv", "only", type=click.Choice([advice.value for advice in Advice]), help="One of the two, as CSV.")
@data_dir_option
def peer_export_list(only: str | None, data_dir: Path | None) -> None:
    """Print our neighbours and blocked servers for others, as JSON or as Mastodon reads it."""
    advice = Advice(only) if only else None
    say(with_community(data_dir, lambda community: lists.exported(community, None, advice)).rstrip("\n"))


@peer.command("import-list")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "otherwise", type=click.Choice([advice.value for advice in Advice]), default=Advice.BLOCK.value)
@data_dir_option
def peer_import_list(file: Path, otherwise: str, data_dir: Path | None) -> None:
    """Bring a list in as suggestions, to be read one by one on the page. Nothing is blocked and nobody is asked."""
    text = file.read_bytes()[: LARGEST_FILE + 1].decode("utf-8-sig", errors="replace")

    async def bring(community: Community) -> Brought:
        return await lists.bring(community, text, Advice(otherwise), file.name, None)

    found = with_community(data_dir, bring)
    say(f"New suggestions: {found.new}. So already, or waiting already: {found.known}.")
    for fault in found.faults[:FAULTS_TOLD]:
        say(f"Not read: {fault}")


@peer.command("stewards")
@click.argument("deed", type=click.Choice([deed.value for deed in second_yes.Deed]))
@click.argument("how_many", type=click.Choice(["1", "2"]))
@data_dir_option
def peer_stewards(deed: str, how_many: str, data_dir: Path | None) -> None:
    """Set how many stewards it takes to link with a community (links), or to share a notice with others (shares)."""
    with_community(
        data_dir, lambda community: second_yes.require_two(community, second_yes.Deed(deed), how_many == "2", None)
    )
    say(f"{deed.capitalize()} take {'two stewards' if how_many == '2' else 'one steward'}.")


def _flow(data_dir: Path | None, which: str, wish: Wish) -> None:
    async def choose(community: Community, peer_id: str, by: Member | None) -> PeerStanding:
        return await exchange.choose(community, peer_id, wish, by)

    _do(data_dir, which, choose)


def _categories(typed: str) -> frozenset[str]:
    words = frozenset(word.strip() for word in typed.split(",")) - {""}
    return {frozenset({"all"}): EVERY, frozenset({"none"}): frozenset[str]()}.get(words, words)


def _do(data_dir: Path | None, which: str, deed: Deed) -> None:
    async def found_and_done(community: Community) -> PeerStanding | None:
        standing = _only(which, await peers.listing(community))
        return await deed(community, standing.peer.id, None)

    standing = with_community(data_dir, found_and_done)
    say(_line(standing) if standing is not None else f"The link with {which} has ended.")


def _only(which: str, standings: tuple[PeerStanding, ...]) -> PeerStanding:
    wanted = which.strip().lower()
    for standing in standings:
        known = standing.peer
        if wanted in {known.id.lower(), known.address.lower(), known.host, (known.public_actor or "").lower()}:
            return standing
    raise NotFound(f"There is no community called {which} here. See: manyhands peer list")


def _line(standing: PeerStanding) -> str:
    known = standing.peer
    ours = standing.shown(standing.outgoing) or "not asked"
    theirs = standing.shown(standing.incoming) or "not asked"
    line = f"{known.id}  {known.name} ({known.address}), level {known.level}: we follow: {ours}; they follow: {theirs}"
    if known.level is PeerLevel.PUBLIC:
        return line
    return f"{line}; we send: {_words(known.exchange.sends)}; we take in: {_words(known.exchange.receives)}"


def _words(categories: frozenset[str]) -> str:
    return "everything" if categories == EVERY else ", ".join(in_order(categories)) or "nothing"
