"""The catalogues hold every sentence of the program, whole, and are read as gettext reads them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from node.domain.phrases import say, say_many
from node.web import history, languages
from tests import catalogues


@pytest.fixture(scope="module")
def said() -> Catalog:
    return catalogues.sentences()


def test_a_language_is_offered_only_when_its_catalogue_is_whole(said: Catalog) -> None:
    for code in languages.OFFERED:
        if code != languages.ORIGINAL:
            assert list(catalogues.faults(catalogues.read(code), said)) == [], f"{code}: make catalogues, and translate"


def test_what_is_said_is_found_wherever_it_is_said(said: Catalog) -> None:
    ours = ("Please sign in first.", "Welcome", "Send a text message first", "The other server could not be reached.")
    assert [sentence for sentence in ours if said.get(sentence) is None] == []
    assert isinstance(said.get("%(n)s day").id, tuple)  # type: ignore[union-attr]
    assert all(one.locations for one in said if one.id)


GOOD = "<b>%(who)s</b> escribió. "


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda text: text, None),
        (lambda _text: "", "is not translated"),
        (lambda text: text.replace("%(who)s", "%(quien)s"), "has other gaps"),
        (lambda text: text.replace("%(who)s", "Bo"), "has other gaps"),
        (lambda text: text.replace("</b>", ""), "has other gaps"),
        (lambda text: text.strip(), "has other gaps"),
        (lambda text: text.replace("escribió", "100 %"), "has other gaps"),
    ],
)
def test_a_fault_in_a_translation_is_found(spoil: Callable[[str], str], fault: str | None) -> None:
    said, there = Catalog(), Catalog(locale="es")
    said.add("<b>%(who)s</b> wrote. ")
    there.add("<b>%(who)s</b> wrote. ", spoil(GOOD))
    found = list(catalogues.faults(there, said))
    assert [one.startswith(fault) for one in found] == [True] if fault else not found


def test_a_missing_a_fuzzy_and_a_half_plural_sentence_are_found() -> None:
    said, there = Catalog(), Catalog(locale="ar")
    for message in ("missing", "fuzzy", ("%(n)s day", "%(n)s days")):
        said.add(message)
    there.add("fuzzy", "?", flags=["fuzzy"])
    there.add(("%(n)s day", "%(n)s days"), ("أ", "ب"))
    said.add(("%(n)s hour left", "%(n)s hours left"))
    there.add(
        ("%(n)s hour left", "%(n)s hours left"), ("-", "ساعة", "ساعتان", "%(n)s ساعات", "%(n)s ساعة", "%(n)s ساعة")
    )
    found = list(catalogues.faults(there, said))
    assert [one.split(":")[0] for one in found] == ["is missing", "is fuzzy", "is not translated"]


def test_a_language_with_six_forms_says_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    arabic = catalogues.refresh("ar", Catalog())
    arabic.add(("one day", "%(n)s days"), ("صفر", "يوم", "يومان", "%(n)s أيام", "%(n)s يومًا", "%(n)s يوم"))
    monkeypatch.setattr(languages, "catalogue", lambda _code: arabic)
    languages._sentences.cache_clear()
    languages.speak("ar")
    try:
        told = [languages.tell(say_many("one day", "%(n)s days", n=n)) for n in (0, 1, 2, 3, 11, 100)]
        assert told == ["صفر", "يوم", "يومان", "3 أيام", "11 يومًا", "100 يوم"]
        assert languages.tell(say("not there")) == "not there"
    finally:
        languages.speak("en")
        languages._sentences.cache_clear()


#: What is said to one man: words that end in “your” (and are not one of those that always end so), “you”, “write”.
TO_ONE_MAN = re.compile(
    r"\b(?!\w*(?:ذلك|تلك|ذاك|هناك|ترك|شارك|اشتراك|شباك|بنك|متحرك|سميك)\b)\w*ك\b|\b[وف]?أنت\b"
    r"|\b[وف]?(?:اكتب|اختر|انظر|اطلب|افتح|اضغط|اقرأ|اسأل|احفظ|اترك|اطبع|انسخ|ابحث|ابدأ|اذهب|ارجع|قل)\b"
)
VOWELS = re.compile("[\u064b-\u0652]")


def test_arabic_speaks_to_everybody_in_the_plural() -> None:
    said = [
        form
        for one in catalogues.read("ar")
        for form in ((one.string,) if isinstance(one.string, str) else one.string)
        if TO_ONE_MAN.search(VOWELS.sub("", form))
    ]
    assert said == []
    assert [bool(TO_ONE_MAN.search(one)) for one in ("هذا رمزك.", "وأنت؟", "اكتب هنا", "هذا رمزكم هناك")] == [
        1,
        1,
        1,
        0,
    ]


def test_what_was_done_about_a_notice_is_told_to_its_owner_in_their_language(said: Catalog) -> None:
    assert [action for action in history.TOLD if said.get(history.action_said(action)) is None] == []
