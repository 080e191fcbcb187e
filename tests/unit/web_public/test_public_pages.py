"""Pages for whoever follows a link from a public notice: no account, the shared words, and nothing else."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from node.domain.categories import DELICATE, SHIPPED
from node.domain.notices import Kind, Status
from node.domain.shares import Level, Share
from node.services import needs, shares
from node.services.community import profile, save_profile
from schemas.fields import load
from schemas.objects import Note, parse_note
from tests.village import SEALED, Clock, Village, village


@pytest.fixture
async def north(tmp_path: Path) -> AsyncIterator[Village]:
    """A community with a telephone."""
    async with village("North Side", tmp_path, Clock()) as one:
        await save_profile(one.community, replace(await profile(one.community), contact_line="020 555 0100"))
        yield one


async def open_page(north: Village, path: str, **headers: str) -> tuple[int, str]:
    """What a browser without a session gets, redirects followed."""
    async with (
        aiohttp.ClientSession(headers={"Accept": "text/html"} | headers) as session,
        session.get(north.url + path) as answer,
    ):
        return answer.status, html.unescape(await answer.text())


def page_of(share: Share) -> str:
    """The path of a share's page."""
    return f"/p/{share.object_id.rpartition('/')[2]}"


async def note_of(north: Village, share: Share) -> Note:
    """The Note as anybody reads it from our server."""
    async with aiohttp.ClientSession() as session, session.get(share.object_id) as answer:
        return parse_note(load(await answer.read()))


async def test_a_guest_reads_the_shared_words_and_how_to_answer(north: Village) -> None:
    share = await north.share(await north.ask(text="For two of them, eight and ten years old."))
    status, page = await open_page(north, page_of(share))
    assert status == 200
    assert re.search(r"<title>\s*Winter coats for children – Open to everyone – North Side\s*</title>", page)
    for words in (
        "For two of them, eight and ten years old.",
        "North Side",
        "Still wanted",
        "I can help",
        'href="/offer"',
    ):
        assert words in page
    assert "tel:0205550100" in page


async def test_the_page_is_the_one_the_note_links_to(north: Village) -> None:
    share = await north.share(await north.ask())
    note = await note_of(north, share)
    assert note.url == north.url + page_of(share)
    assert await open_page(north, urlsplit(share.object_id).path) == await open_page(north, page_of(share))


async def test_nothing_sealed_is_on_it(north: Village) -> None:  # T-1
    share = await north.share(await north.ask(), text="Only these words.")
    _, page = await open_page(north, page_of(share))
    assert "Only these words." in page
    for secret in (SEALED.name, SEALED.address, SEALED.story, SEALED.arrival, SEALED.contact[0].value):
        assert secret not in page


async def test_what_was_typed_stays_text(north: Village) -> None:
    share = await north.share(await north.ask("Coats <script>x</script>", text="<b>warm</b>"))
    async with aiohttp.ClientSession() as session, session.get(north.url + page_of(share)) as answer:
        page = await answer.text()
    assert "<script>" not in page
    assert "&lt;b&gt;warm&lt;/b&gt;" in page


async def test_an_offer_is_answered_by_asking(north: Village) -> None:
    share = await north.share(await north.ask("Soup on Fridays", kind=Kind.OFFER))
    _, page = await open_page(north, page_of(share))
    assert "I could use this" in page
    assert "Write down what you need" in page


async def test_without_a_telephone_the_other_ways_stay(north: Village) -> None:
    await save_profile(north.community, replace(await profile(north.community), contact_line=""))
    share = await north.share(await north.ask())
    _, page = await open_page(north, page_of(share))
    assert "tel:" not in page
    assert "Write down what you can share" in page


async def test_the_page_follows_the_notice(north: Village) -> None:
    asked = await north.ask()
    share = await north.share(asked)
    wording = replace(asked.notice.wording, title="Winter boots", quantity=Decimal(7))
    await needs.correct(north.community, asked.notice.id, wording, north.dispatcher)
    _, page = await open_page(north, page_of(share))
    assert "Winter boots" in page and "Winter coats" not in page
    assert "<dd>7</dd>" in page
    await needs.change_status(north.community, asked.notice.id, Status.MET, north.dispatcher)
    status, page = await open_page(north, page_of(share))
    assert status == 200
    assert 'data-is="met"' in page and "I can help" not in page


async def test_what_is_not_public_looks_like_nothing(north: Village) -> None:  # C-24
    asked = await north.ask()
    hidden = await north.share(asked, Level.PEERS)
    unknown, page_of_nothing = await open_page(north, "/p/nothing")
    assert unknown == 404
    for path in (page_of(hidden), f"/p/{asked.notice.id}", f"/p/{hidden.id}"):
        status, page = await open_page(north, path)
        assert status == 404, path
        assert page == page_of_nothing
    assert "Winter coats" not in (await open_page(north, "/tags/mutualaid"))[1]


async def test_what_was_taken_back_says_so_and_no_more(north: Village) -> None:  # C-53
    share = await north.share(await north.ask())
    await shares.withdraw(north.community, share.id, north.dispatcher)
    status, page = await open_page(north, page_of(share))
    assert status == 410
    assert "This was taken back or its time is over" in page
    assert "Winter coats" not in page


async def test_what_is_over_is_gone_before_the_clocks_have_run(north: Village) -> None:
    share = await north.share(await north.ask())
    north.clock.forward(days=30)
    assert (await open_page(north, page_of(share)))[0] == 410
    assert "Winter coats" not in (await open_page(north, "/tags/mutualaid"))[1]


async def test_every_hashtag_leads_to_a_list_that_holds_the_notice(north: Village) -> None:
    for category in SHIPPED:
        asked = await north.ask(f"About {category.key}", category=category.key)
        share = await north.share(asked, override_category=category.key in DELICATE)
        tags = [tag for tag in (await note_of(north, share)).tag if tag.type == "Hashtag"]
        assert len(tags) == 2, category
        for tag in tags:
            status, page = await open_page(north, urlsplit(tag.href or "").path)
            assert (status, f'href="{page_of(share)}"' in page) == (200, True), tag.href


async def test_a_category_lists_its_own_and_only_what_is_open(north: Village) -> None:
    coats = await north.ask()
    await north.share(coats)
    await north.share(await north.ask("Soup on Fridays", kind=Kind.OFFER, category="meals"))
    _, page = await open_page(north, "/tags/Goods")
    assert "Winter coats" in page and "Soup on Fridays" not in page
    await needs.change_status(north.community, coats.notice.id, Status.MET, north.dispatcher)
    _, page = await open_page(north, "/tags/mutualaid")
    assert "Winter coats" not in page and "Soup on Fridays" in page


async def test_an_empty_list_opens_both_doors(north: Village) -> None:
    status, page = await open_page(north, "/tags/pets")
    assert status == 200
    assert "Nothing here at the moment" in page
    assert 'href="/ask">I need something' in page and 'href="/offer">I can share something' in page


async def test_a_hashtag_we_never_use_has_no_page(north: Village) -> None:
    status, page = await open_page(north, "/tags/call-020-555-0199-now")
    assert status == 404
    assert "0199" not in page
