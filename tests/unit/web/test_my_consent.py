"""What somebody agreed to, from the way in to the last change of mind, with nothing but the code."""

import re
from typing import Any

import pytest

from node.domain.consent import ALL, Channel, Consent, Question, Use
from node.domain.members import Role
from node.domain.shares import Level
from node.services import call_backs, consents, members, needs, shares, sign_in
from node.services.call_backs import Wish
from node.services.community import Community
from node.services.needs import Asked
from node.services.shares import ShareRequest
from tests.unit.web.test_asking import REACH, WHAT, ask


def rows(lines: tuple[consents.ConsentLine, ...]) -> dict[Use, consents.ConsentLine]:
    return {line.entry.question.use: line for line in lines}


async def test_what_was_on_the_page_is_what_is_written_down(visitor: Any, community: Community) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    reach = visitor.page.html
    await visitor.press("Continue", **REACH, voicemail_ok="yes", still_needed="yes", taken_on="yes")
    await visitor.press("Continue")
    who = visitor.page.html
    await visitor.press("Continue", who="neighbours")
    page = await visitor.press("Send it to the dispatchers")
    code = re.findall(r'class="code">([^<]+)<', page.html)[0]
    notice = await needs.by_code(community, code)
    written = rows(await consents.history(community, notice.id))
    assert list(written) == [Use.DISPATCHERS, Use.BOARD, Use.PEERS, Use.MESSAGE, Use.STILL_NEEDED, Use.TAKEN_ON]
    for use, shown in (
        (Use.BOARD, who),
        (Use.PEERS, who),
        (Use.MESSAGE, reach),
        (Use.STILL_NEEDED, reach),
        (Use.TAKEN_ON, reach),
    ):
        for sentence in written[use].entry.wording.split(". "):
            assert sentence.rstrip(".") in shown
    assert {line.entry.asking.channel for line in written.values()} == {Channel.WEB}
    assert {line.entry.asking.language for line in written.values()} == {"en"}
    assert {line.by_name for line in written.values()} == {""}


async def test_somebody_who_writes_for_another_speaks_on_their_behalf(visitor: Any, community: Community) -> None:
    await visitor.open("/ask")
    await visitor.press("Continue", **WHAT)
    await visitor.press("Continue", **REACH, for_someone_else="yes")
    await visitor.press("Continue")
    await visitor.press("Continue", channel="phone")  # a guest cannot say how dispatchers were told
    page = await visitor.press("Send it to the dispatchers")
    code = re.findall(r'class="code">([^<]+)<', page.html)[0]
    notice = await needs.by_code(community, code)
    (line,) = await consents.history(community, notice.id)
    assert line.entry.asking.channel is Channel.ON_BEHALF


async def test_a_dispatcher_says_how_they_were_told(visitor: Any, community: Community) -> None:
    bo = await members.add(community, "Bo", frozenset({Role.DISPATCHER}))
    await visitor.open("/" + (await sign_in.make_link(community, bo.id)).partition("8440/")[2])
    await visitor.press("Sign in as Bo")
    code = await ask(visitor, who="helpers", channel="in person")
    notice = await needs.by_code(community, code)
    lines = await consents.history(community, notice.id)
    assert {line.entry.asking.channel for line in lines} == {Channel.IN_PERSON}
    assert {line.by_name for line in lines} == {"Bo"}


@pytest.fixture
async def asked(visitor: Any, community: Community) -> Asked:
    """A request that neighbouring communities may see, and do."""
    code = await ask(visitor, who="everyone")
    notice = await needs.by_code(community, code)
    bo = await members.add(community, "Bo", frozenset({Role.DISPATCHER}))
    for level in (Level.PEERS, Level.PUBLIC):
        await shares.share(community, notice.id, ShareRequest(level), bo)
    return Asked(notice, code)


async def test_the_code_page_says_in_plain_words_who_may_see_it(visitor: Any, asked: Asked) -> None:
    page = await visitor.open(f"/r/{asked.code}")
    words = " ".join(re.sub(r"<[^>]+>", "", page.html.replace("<dd>", " ")).split())
    assert "Helpers of this community yes" in words
    assert "Everyone yes Sun 4 May 2031, on our pages" in words
    assert f'href="/r/{asked.code}/consent"' in page.html


async def test_a_change_of_mind_counts_at_once(visitor: Any, community: Community, asked: Asked) -> None:
    await visitor.open(f"/r/{asked.code}/consent")
    page = await visitor.send(f"/r/{asked.code}/consent", {"question": ["public"], "answer": ["no"]})
    assert page.status == 200 and 'role="status"' in page.html
    assert await _shown(community, asked) == [Level.PEERS]
    line = (await consents.history(community, asked.notice.id))[-1]
    assert (line.entry.question, line.entry.is_given) == (Question(Use.PUBLIC), False)
    assert (line.entry.asking.channel, line.by_name) == (Channel.WEB, "")
    assert line.entry.wording in page.html
    await visitor.send(f"/r/{asked.code}/consent", {"question": ["board"], "answer": ["no"]})
    assert (await needs.by_code(community, asked.code)).consent == Consent(peers=ALL)
    await visitor.send(f"/r/{asked.code}/consent", {"question": ["peers"], "answer": ["no"]})
    assert await _shown(community, asked) == []
    page = await visitor.send(f"/r/{asked.code}/consent", {"question": ["peers"], "answer": ["yes"]})
    assert (await needs.by_code(community, asked.code)).consent == Consent(peers=ALL)
    assert "on our pages · English · by themselves" in page.html


async def test_a_question_that_waits_is_answered_on_the_own_page(visitor: Any, community: Community) -> None:
    code = await ask(visitor)
    notice = await needs.by_code(community, code)
    bo = await members.add(community, "Bo", frozenset({Role.DISPATCHER}))
    await call_backs.ask_first(community, notice.id, Wish(Level.PEERS), bo)
    page = await visitor.open(f"/r/{code}")
    assert "would like to ask you something" in page.html
    assert "ask you this now" in (await visitor.open(f"/r/{code}/consent")).html
    await visitor.open(f"/r/{code}/consent")
    await visitor.send(f"/r/{code}/consent", {"question": ["peers"], "answer": ["yes"]})
    assert await call_backs.due(community) == ()
    assert "would like to ask you something" not in (await visitor.open(f"/r/{code}")).html


@pytest.mark.parametrize("typed", [{}, {"question": ["peers"]}, {"question": ["all"], "answer": ["no"]}])
async def test_only_the_buttons_of_the_page_count(visitor: Any, asked: Asked, typed: dict[str, list[str]]) -> None:
    assert (await visitor.send(f"/r/{asked.code}/consent", typed)).status == 422


async def test_a_wrong_code_shows_and_changes_nothing(visitor: Any) -> None:
    assert (await visitor.open("/r/blue-otter-0000/consent")).status == 404
    sent = await visitor.send("/r/blue-otter-0000/consent", {"question": ["peers"], "answer": ["no"]})
    assert sent.status == 404


async def test_erasing_everything_takes_the_history_along(visitor: Any, community: Community, asked: Asked) -> None:
    await visitor.send(f"/r/{asked.code}/erase")
    assert await consents.history(community, asked.notice.id) == ()
    page = await visitor.open(f"/r/{asked.code}/consent")
    assert page.status == 200


async def _shown(community: Community, asked: Asked) -> list[Level]:
    return [one.level for one in await shares.shares_of(community, asked.notice.id) if one.is_shown]
