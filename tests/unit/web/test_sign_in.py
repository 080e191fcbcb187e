"""Signing in and out: links that work once, passwords, cookies, tokens in forms."""

from datetime import timedelta
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from node.domain.errors import Invalid
from node.domain.members import Member, Role
from node.services import audit, members, sign_in
from node.web.sessions import form_proof, is_proven

PASSWORD = "seven quiet willow boats"
#: What the program hashes with outside of these tests.
HASHER = sign_in._hasher


@pytest.fixture
async def amina(community: Any) -> Member:
    """A steward without a password yet."""
    return await members.add(community, "Amina", frozenset({Role.STEWARD}))


@pytest.fixture
async def link(community: Any, amina: Member) -> str:
    """Amina's sign-in link, without the host."""
    return (await sign_in.make_link(community, amina.id)).removeprefix(community.base_url)


@pytest.fixture
async def member(visitor: Any, link: str) -> Any:
    """A visitor who signed in as Amina."""
    await visitor.open(link)
    await visitor.press("Sign in as Amina")
    return visitor


async def test_a_link_is_used_by_its_button_and_only_once(visitor: Any, link: str) -> None:
    for _ in range(2):
        page = await visitor.open(link)
        assert page.heading == "Hello Amina"
    page = await visitor.press("Sign in as Amina")
    assert page.heading == "Your account"
    visitor.client.session.cookie_jar.clear()
    page = await visitor.open(link)
    assert (page.status, page.heading) == (404, "This link no longer works")
    assert (await visitor.send(link)).status == 404


async def test_a_link_is_over_after_a_day(visitor: Any, link: str, wait: Any) -> None:
    wait(timedelta(hours=24, seconds=1))
    assert (await visitor.open(link)).status == 404


async def test_a_password_is_chosen_and_used(member: Any) -> None:
    await member.open("/account")
    page = await member.press("Set this password", password="short", again="short")
    assert page.status == 422 and page.with_id("password")["aria-invalid"] == "true"
    page = await member.press("Set this password", password=PASSWORD, again="other words")
    assert page.status == 422
    assert PASSWORD not in page.html
    page = await member.press("Set this password", password=PASSWORD, again=PASSWORD)
    assert "Your new password is set." in page.html
    page = await member.press("Sign out")
    assert page.heading == "Linden Street"
    await member.open("/sign-in?next=/account")
    page = await member.press("Sign in", name="amina", password=PASSWORD)
    assert page.heading == "Your account"


async def test_a_member_is_called_otherwise_and_signs_in_with_that(member: Any, community: Any) -> None:
    await members.add(community, "Bo", frozenset({Role.HELPER}))
    await member.open("/account")
    page = await member.press("Change my name", own_name=" bo ")
    assert page.status == 422 and "is called that already" in page.html and page.with_id("own_name")["value"] == " bo "
    page = await member.press("Change my name", own_name="Amina of the harbour")
    assert "You are signed in as Amina of the harbour." in page.html
    await member.press("Set this password", password=PASSWORD, again=PASSWORD)
    await member.press("Sign out")
    await member.open("/sign-in?next=/account")
    assert (await member.press("Sign in", name="amina of the harbour", password=PASSWORD)).heading == "Your account"


async def test_wrong_name_and_wrong_password_read_the_same(visitor: Any, amina: Member, community: Any) -> None:
    await sign_in.set_password(community, amina.id, PASSWORD)
    answers = []
    for name in ("Amina", "Nobody"):
        await visitor.open("/sign-in")
        page = await visitor.press("Sign in", name=name, password="not the right words")
        assert page.forms[0].typed["name"] == [name]
        answers.append((page.status, page.html.replace(name, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_a_stored_password_costs_a_thief_what_rfc_9106_advises() -> None:
    advised = RFC_9106_LOW_MEMORY
    assert (HASHER.type, HASHER.time_cost) == (advised.type, advised.time_cost)
    assert HASHER.memory_cost >= advised.memory_cost


class Counting(PasswordHasher):
    """Counts how often a password is worked on, which is what takes its time."""

    worked = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.worked += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's word
        self.worked += 1
        return super().verify(hash, password)


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    amina: Member, community: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in.set_password(community, amina.id, PASSWORD)
    without = await members.add(community, "Bo", frozenset({Role.HELPER}))
    monkeypatch.setattr(sign_in, "_hasher", hasher := Counting(time_cost=1, memory_cost=8, parallelism=1))
    for tried, name in enumerate(("Amina", without.name, "Nobody"), start=1):
        with pytest.raises(Invalid, match="name or the password"):
            await sign_in.sign_in(community, sign_in.FailedTries(), name, "not the right words")
        assert hasher.worked == tried


async def test_guessing_passwords_is_stopped(visitor: Any, amina: Member) -> None:
    await visitor.open("/sign-in")
    statuses = [
        (await visitor.send("/sign-in", {"name": ["Amina"], "password": ["wrong words here"]})).status for _ in range(9)
    ]
    assert statuses[-1] == 429


async def test_somebody_not_signed_in_is_asked_to_and_comes_back(visitor: Any, amina: Member, community: Any) -> None:
    await sign_in.set_password(community, amina.id, PASSWORD)
    page = await visitor.open("/account")
    assert page.heading == "Sign in"
    page = await visitor.press("Sign in", name="Amina", password=PASSWORD)
    assert page.heading == "Your account"


@pytest.mark.parametrize(
    "onward", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/\t/x"]
)
async def test_nobody_is_sent_elsewhere_after_signing_in(
    visitor: Any, amina: Member, community: Any, onward: str
) -> None:
    await sign_in.set_password(community, amina.id, PASSWORD)
    typed = {"name": ["Amina"], "password": [PASSWORD], "next": [onward]}
    page = await visitor.send("/sign-in", typed, allow_redirects=False)
    assert (page.status, page.headers["Location"]) == (303, "/dispatch")


async def test_a_members_form_needs_the_token_of_the_page(member: Any) -> None:
    page = await member.send("/account", {"password": [PASSWORD], "again": [PASSWORD]})
    assert page.status == 403
    page = await member.send("/account", {"password": [PASSWORD], "again": [PASSWORD], "csrf": ["guessed-ä"]})
    assert page.status == 403
    page = await member.send("/sign-out", {}, headers={})
    assert page.status == 403


async def test_what_a_form_proves_is_another_on_each_page_and_good_for_this_session_alone(
    community: Any, amina: Member
) -> None:
    """Compressed pages may have any length: the session's secret never stands in them."""
    sessions = []
    for _ in range(2):
        link = await sign_in.make_link(community, amina.id)
        sessions.append(await sign_in.use_link(community, link.rpartition("/")[2]))
    mine, other = sessions
    first, second = form_proof(mine), form_proof(mine)
    assert first != second and is_proven(mine, first) and is_proven(mine, second)
    assert mine.csrf_token not in first
    for typed in (form_proof(other), mine.csrf_token, "", ".", first[:-1], first.replace(".", ".0", 1)):
        assert not is_proven(mine, typed)


async def test_the_cookie_is_out_of_reach(visitor: Any, link: str) -> None:
    page = await visitor.send(link, {}, allow_redirects=False)
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("manyhands=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


async def test_over_https_the_cookie_is_bound_to_this_host(secure_visitor: Any, link: str) -> None:
    page = await secure_visitor.send(link, {}, allow_redirects=False)
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-manyhands=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_an_unknown_cookie_is_a_guest(visitor: Any) -> None:
    page = await visitor.open("/", cookies={"manyhands": "made up"})
    assert page.status == 200
    assert "Sign in" in page.html


async def test_signing_out_ends_the_session_on_the_server(member: Any) -> None:
    (cookie,) = [item.value for item in member.client.session.cookie_jar]
    await member.open("/account")
    await member.press("Sign out")
    page = await member.open("/account", cookies={"manyhands": cookie})
    assert page.heading == "Sign in"


async def test_a_member_finds_the_desk_and_may_write_down_what_somebody_tells_them(
    member: Any, community: Any, amina: Member
) -> None:
    page = await member.open("/ask")
    links = [found.get("href") for tag, found in page.attributes if tag == "a"]
    assert {"/dispatch", "/account"} <= set(links)
    assert "/sign-in" not in links
    await member.press("Continue", category="meals", title="Soup on Thursday")
    await member.press("Continue", name="Kim", method="other")
    await member.press("Continue")
    await member.press("Continue")
    assert (await member.press("Send it to the dispatchers")).status == 200
    line = (await audit.listing(community, amina))[0]
    assert (line.member_name, line.action) == ("Amina", "took in a need")
