"""Lists of others: read as suggestions, one by one; nothing acts by itself."""

import json

import pytest

from node.domain.errors import Invalid, NotAllowed, NotFound
from node.domain.lists import LARGEST_FILE, MOST_ROWS, MOST_WAITING, Advice, as_csv, read_list
from node.domain.members import Role
from node.services import blocks, lists, members
from node.services.lists import Brought
from tests.crashes import mortal, outlive_step
from tests.village import Village, befriend

MASTODON = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
shouting.example,suspend,true,true,"Shouts, and worse",false
noisy.example,silence,false,false,,false
hid*en.example,suspend,true,true,obfuscated,true
"""


async def bring(one: Village, text: str, advice: Advice = Advice.BLOCK) -> Brought:
    return await lists.bring(one.community, text, advice, "A friend's list", one.dispatcher)


async def waiting(one: Village) -> dict[str, tuple[Advice, str]]:
    found, _ = await lists.waiting(one.community, one.dispatcher)
    return {suggestion.host: (suggestion.advice, suggestion.reason) for suggestion in found}


async def the_id(one: Village, host: str) -> str:
    found, _ = await lists.waiting(one.community, one.dispatcher)
    return next(suggestion.id for suggestion in found if suggestion.host == host)


async def test_a_list_is_only_suggested_until_somebody_takes_it(north: Village) -> None:
    brought = await bring(north, MASTODON)
    assert (brought.new, len(brought.faults)) == (2, 1)
    assert "line 4" in brought.faults[0]
    assert await waiting(north) == {
        "shouting.example": (Advice.BLOCK, "Shouts, and worse"),
        "noisy.example": (Advice.BLOCK, "silence"),
    }
    assert (await blocks.listing(north.community, north.dispatcher)).others == ()
    assert not north.community.remote.boundaries.blocks_host("shouting.example")
    await lists.take(north.community, await the_id(north, "shouting.example"), north.dispatcher)
    await lists.leave(north.community, await the_id(north, "noisy.example"), north.dispatcher)
    assert north.community.remote.boundaries.blocks_host("shouting.example")
    assert not north.community.remote.boundaries.blocks_host("noisy.example")
    assert await waiting(north) == {}
    again = await bring(north, MASTODON)
    assert (again.new, again.known) == (1, 1)  # what is blocked is not suggested again


async def test_processes_end_while_a_list_is_brought_in_and_read(north: Village) -> None:
    """Before and after each thing that is stored: every suggestion waits once, and what was taken is blocked once."""

    async def both_wait() -> bool:
        return set(await waiting(north)) == {"shouting.example", "noisy.example"}

    async def take_first() -> None:
        await lists.take(north.community, await the_id(north, "shouting.example"), north.dispatcher)

    async def one_waits() -> bool:
        return set(await waiting(north)) == {"noisy.example"}

    async def leave_second() -> None:
        await lists.leave(north.community, await the_id(north, "noisy.example"), north.dispatcher)

    async def none_waits() -> bool:
        return not await waiting(north)

    async with mortal(north) as one:
        one.be_fragile()
        for deed, is_done in (
            (lambda: bring(north, MASTODON), both_wait),
            (take_first, one_waits),
            (leave_second, none_waits),
        ):
            await outlive_step([one], deed, is_done)
        blocked = await blocks.listing(north.community, north.dispatcher)
        assert [block.subject for block in blocked.others] == ["shouting.example"]
        assert north.community.remote.boundaries.blocks_host("shouting.example")
        assert one.ended >= 6


async def test_what_one_community_hands_on_another_reads(north: Village, river: Village, market: Village) -> None:
    """As JSON both lists at once; as CSV each by itself. Whom we know already, and ourselves, are not suggested."""
    await befriend(river, north)
    await blocks.block_server(north.community, "shouting.example", north.dispatcher)
    text = await lists.exported(north.community, north.dispatcher)
    assert json.loads(text)["block"] == [{"host": "shouting.example", "reason": ""}]
    assert (await bring(market, text)).new == 1 + ("." in river.community.host)
    found = await waiting(market)
    assert found["shouting.example"] == (Advice.BLOCK, "")
    assert found[river.community.host] == (Advice.ALLOW, "River Street Circle")
    assert (await bring(river, text)).new == 1
    assert set(await waiting(river)) == {"shouting.example"}
    table = await lists.exported(north.community, north.dispatcher, Advice.BLOCK)
    assert table.splitlines()[0] == MASTODON.splitlines()[0]
    assert "shouting.example,suspend" in table
    assert river.community.host in await lists.exported(north.community, north.dispatcher, Advice.ALLOW)


async def test_taking_one_to_meet_asks_nobody(north: Village, river: Village) -> None:
    await bring(north, river.community.host, Advice.ALLOW)
    taken = await lists.take(north.community, await the_id(north, river.community.host), north.dispatcher)
    assert taken.advice is Advice.ALLOW
    async with north.community.database.reading() as work:
        assert await work.peers.all() == ()


async def test_suggestions_run_out_are_bounded_and_a_stewards_to_read(north: Village) -> None:
    await bring(north, "shouting.example")
    north.clock.forward(days=90)
    await north.run_clocks()
    assert await waiting(north) == {}
    for part in range(MOST_WAITING // MOST_ROWS):
        await bring(north, "\n".join(f"s{part}-{number}.example" for number in range(MOST_ROWS)))
    with pytest.raises(Invalid):
        await bring(north, "one-more.example")
    noor = await members.add(north.community, "Noor", frozenset({Role.DISPATCHER}))
    with pytest.raises(NotAllowed):
        await lists.bring(north.community, "shouting.example", Advice.BLOCK, "", noor)
    with pytest.raises(NotAllowed):
        await lists.waiting(north.community, noor)
    with pytest.raises(NotFound):
        await lists.take(north.community, "nothing", north.dispatcher)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * (LARGEST_FILE + 1), "larger than 200 kB"),
        ("\n".join(f"s{number}.example" for number in range(MOST_ROWS + 1)), "more than 1000 lines"),
        ('{"block": []}', "“format”"),
        ("{nothing", "begins like JSON"),
        ("[" * 50, "is not the name of a server"),
        ("#domain,#severity\n", "Nothing in it"),
        ("two words here", "is not the name of a server"),
    ],
)
def test_what_is_no_list_is_said_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read_list(text, Advice.BLOCK)
    assert sentence in wrong.value.fields["list"]


def test_plain_lines_a_reason_beside_and_what_a_spreadsheet_would_reckon_with() -> None:
    found = read_list('\ufeffhttps://Shouting.example/about,"=1+1"\n\n# a comment\n@robin@kind.example\n', Advice.ALLOW)
    assert [(one.host, one.reason) for one in found.entries] == [("shouting.example", "=1+1"), ("kind.example", "")]
    assert "'=1+1" in as_csv(found.entries, Advice.ALLOW)
