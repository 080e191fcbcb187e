"""Pages in the language of whoever reads them, and nothing on them that was left in another."""

import re
from datetime import UTC, datetime
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import Any

import pytest

from node.domain.consent import Use
from node.domain.errors import NotFound
from node.domain.members import Role
from node.domain.phrases import say, say_many
from node.services import consents, handoffs, members, needs, sign_in
from node.services.community import Community, profile
from node.web import languages
from node.web.language_names import WIDELY_SPOKEN, language_name
from node.web.pages import build_environment
from node.web.static_files import load_static_files
from node.web.words import listed, when
from tests.unit.web.test_asking import REACH, WHAT, code_on


class Marked(NullTranslations):
    """A language in which every sentence is the English one in brackets, so that what has none was forgotten."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{super().ngettext(msgid1, msgid2, n)}⟧"


class Words(HTMLParser):
    """Every text that somebody reads or hears on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._quiet = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._quiet += tag in {"time", "code", "textarea", "style"}
        self.found += [
            value for name, value in attrs if name in {"aria-label", "placeholder", "alt", "title"} and value
        ]

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in {"time", "code", "textarea", "style"}

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.found.append(data)


@pytest.fixture
def esperanto(monkeypatch: pytest.MonkeyPatch) -> None:
    """English and Esperanto are offered, and Arabic; every sentence is in brackets in both."""
    monkeypatch.setattr(languages, "OFFERED", ("en", "eo", "ar"))
    monkeypatch.setattr(languages, "_sentences", lambda code: NullTranslations() if code == "en" else Marked())


def forgotten(html: str, *data: str) -> list[str]:
    """What was not said in the reader's language, apart from what is no sentence of ours."""
    words = " ".join(Words(html).found)
    words = re.sub("|".join(map(re.escape, sorted(data, key=len, reverse=True))), " ", words)
    while "⟦" in words:  # the gaps of a sentence may hold another
        words, before = re.sub("⟦[^⟦⟧]*⟧", " ", words), words
        if words == before:
            break
    return re.findall(r"[^\W\d_]{2,}", words)


OURS = ("Linden Street", "English", "Español", "Esperanto", "العربية")


async def test_everything_on_the_way_in_is_said_in_the_readers_language(
    visitor: Any, community: Community, esperanto: None
) -> None:
    visitor.headers["Accept-Language"] = "eo"
    typed = [
        value
        for answer in (*WHAT.values(), *REACH.values())
        for value in ([answer] if isinstance(answer, str) else answer)
    ]
    names = [language_name(code) for code in (*WIDELY_SPOKEN, "eo")]
    page = await visitor.open("/")
    assert page.with_id("main") and 'lang="eo"' in page.html
    assert forgotten(page.html, *OURS) == []
    page = await visitor.open("/ask")
    assert forgotten(page.html, *OURS, *names) == []
    for button, given in (("⟦Continue⟧", WHAT), ("⟦Continue⟧", REACH), ("⟦Skip this page⟧", {}), ("⟦Continue⟧", {})):
        page = await visitor.press(button, **given)
        assert page.status == 200
        assert forgotten(page.html, *OURS, *names, *typed) == [], page.title
    page = await visitor.press("⟦Send it to the dispatchers⟧")
    notice = await needs.by_code(community, code_on(page))
    assert forgotten(page.html, *OURS, *typed, code_on(page), "http://localhost") == []
    (line,) = [one for one in await consents.history(community, notice.id) if one.entry.question.use is Use.DISPATCHERS]
    assert (line.entry.asking.language, line.entry.wording[0]) == ("eo", "⟦")


def test_what_never_changes_is_said_to_each_reader_anew(esperanto: None) -> None:
    page = build_environment(load_static_files()).from_string('{{ "name" | own_field_name }}')
    said = []
    for code in ("eo", "en"):
        languages.speak(code)
        said.append(page.render())
    assert said == ["⟦What we call you⟧", "What we call you"]


async def test_a_language_is_chosen_in_its_own_name_and_kept_on_the_device(visitor: Any, esperanto: None) -> None:
    page = await visitor.open("/", headers={"Accept-Language": "fr;q=0.9, de"})
    assert 'lang="en" dir="ltr"' in page.html and ">العربية</a>" in page.html
    page = await visitor.open("/language/ar?back=/sign-in")
    assert 'lang="ar" dir="rtl"' in page.html
    assert "⟦Sign in⟧" in page.title
    page = await visitor.open("/", headers={"Accept-Language": "en"})
    assert 'lang="ar"' in page.html


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
async def test_the_choice_leads_back_to_our_own_pages_alone(visitor: Any, esperanto: None, back: str) -> None:
    answer = await visitor.client.get("/language/eo", params={"back": back}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert (await visitor.open("/language/de")).status == 404


@pytest.mark.parametrize(
    "asked", ["", "*", "eo;q=zero", ";;;,,,", "eo-XX-x-very-odd, " * 200, "\u00e9o"], ids=lambda text: text[:8]
)
async def test_an_odd_wish_for_a_language_is_answered_in_one_that_we_have(
    visitor: Any, esperanto: None, asked: str
) -> None:
    page = await visitor.open("/", headers={"Accept-Language": asked})
    assert page.status == 200


async def test_without_a_wish_it_is_the_communitys_first_language_that_we_have(
    visitor: Any, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "OFFERED", ("fr", "es"))
    monkeypatch.setattr(languages, "_sentences", lambda code: Marked() if code == "es" else NullTranslations())
    assert "⟦Welcome⟧" in (await visitor.open("/", headers={"Accept-Language": "de"})).title


def test_what_stands_in_a_gap_is_set_apart_where_the_page_runs_from_the_right(esperanto: None) -> None:
    languages.speak("ar")
    try:
        assert languages.tell(say("%(who)s wrote", who="Bo (Hill)")) == "⟦\u2068Bo (Hill)\u2069 wrote⟧"
        assert languages.tell(say("%(who)s wrote %(n)s", who=say("somebody"), n=3)) == "⟦⟦somebody⟧ wrote 3⟧"
        assert "ديسمبر 2031، 14:30" in when(datetime(2031, 12, 31, 14, 30, tzinfo=UTC))
        assert listed(["Old Town", "Quay"]) == "\u2068Old Town\u2069 و\u2068Quay\u2069"
    finally:
        languages.speak("en")


def test_what_stands_in_one_line_is_parted_by_the_comma_of_the_language() -> None:
    environment = build_environment(load_static_files())
    line = environment.from_string("{{ one }}{{ comma() }}{{ two }}")
    told = []
    for code in ("en", "es", "fr", "ar"):
        languages.speak(code)
        told.append(line.render(one="A", two="B"))
    languages.speak("en")
    assert told == ["A, B", "A, B", "A, B", "A، B"]
    assert environment.loader is not None
    templates = [name for name in environment.list_templates() if name.endswith(".html")]
    sources = {name: environment.loader.get_source(environment, name)[0] for name in templates}
    assert [name for name, source in sources.items() if re.search(r"[}%]}(</\w+>)?, ", source)] == []


def test_a_gap_holds_another_sentence_in_the_same_language(esperanto: None) -> None:
    languages.speak("eo")
    try:
        assert languages.tell(say("%(who)s wrote", who=say("somebody"))) == "⟦⟦somebody⟧ wrote⟧"
        assert languages.tell(say("%s wrote") % "Bo (100 %)") == "⟦Bo (100 %) wrote⟧"
        assert languages.tell("somebody wrote") == "somebody wrote"
        assert languages.tell(say_many("one day", "%(n)s days", n=1)) == "⟦one day⟧"
        assert languages.tell(say_many("one day", "%(n)s days", n=5)) == "⟦5 days⟧"
    finally:
        languages.speak("en")
    assert say("%(who)s wrote", who=say("somebody")) == "somebody wrote"
    assert (say_many("one day", "%(n)s days", n=1), say_many("one day", "%(n)s days", n=0)) == ("one day", "0 days")


async def walk_in(visitor: Any, community: Community, role: Role) -> Any:
    """Somebody with this role signs in on a device on which nobody was."""
    visitor.client.session.cookie_jar.clear()
    name = f"Noor the {role}"
    try:
        member = await members.by_name(community, name)
    except NotFound:
        member = await members.add(community, name, frozenset({role}))
    await visitor.open((await sign_in.make_link(community, member.id)).removeprefix(community.base_url))
    return await visitor.press(languages.translated("Sign in as %(name)s") % {"name": name})


async def test_the_language_of_a_member_goes_with_them_to_another_device(
    visitor: Any, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "OFFERED", ("en", "ar"))
    await walk_in(visitor, community, Role.HELPER)
    assert 'dir="rtl"' in (await visitor.open("/language/ar?back=/account")).html
    await walk_in(visitor, community, Role.HELPER)
    assert 'dir="rtl"' in (await visitor.open("/account")).html
    visitor.client.session.cookie_jar.clear()
    assert 'dir="ltr"' in (await visitor.open("/")).html


async def test_a_steward_says_which_languages_are_spoken_here_and_which_comes_first(
    visitor: Any, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "OFFERED", ("en", "ar"))
    await walk_in(visitor, community, Role.STEWARD)
    await visitor.open("/settings/languages")
    page = await visitor.press("Save", first="en", languages=["es", "xx", "en"])
    assert "The languages are saved." in page.html
    assert (await profile(community)).languages == ("en", "es")
    page = await visitor.press("Save", first="es", languages=["es"])
    assert page.status == 422 and "Choose one of the list." in page.html
    page = await visitor.press("Save", first="ar", languages=["es"])
    assert (await profile(community)).languages == ("ar", "es")
    visitor.client.session.cookie_jar.clear()
    assert 'dir="rtl"' in (await visitor.open("/", headers={"Accept-Language": "de"})).html


def test_what_was_answered_by_itself_is_said_in_the_readers_language(
    visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = NullTranslations()
    monkeypatch.setattr(known, "gettext", lambda said: "Merci." if said == handoffs.HOME else said)
    monkeypatch.setattr(languages, "_sentences", lambda _code: known)
    shown = build_environment(load_static_files()).from_string("{{ answer | as_ours }}")
    assert [shown.render(answer=said) for said in (handoffs.HOME, "100 % sure", "")] == ["Merci.", "100 % sure", ""]
