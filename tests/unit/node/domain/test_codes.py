"""Codes said over the telephone and typed back, and phrases for the door."""

import itertools
import math
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain import codes
from node.domain.codes import (
    PATTERN,
    code_from,
    earlier_code_from,
    is_earlier,
    part_code,
    phrase_from,
    tidy_code,
    whole_and_part,
)
from node.domain.easy_words import DESCRIBING, EARLIER_FIRST, EARLIER_SECOND, THINGS
from node.domain.ids import ALPHABET, ID_LENGTH, random_id
from node.web.tries import EARLIER_IN_ALL, EARLIER_WITHIN, IN_ALL, IN_ALL_WITHIN

CHANCE = st.binary(min_size=16, max_size=40)
BETWEEN = st.sampled_from(["", " ", "-", " - ", "_", ".", "\N{EN DASH}", ", "])
YEAR = timedelta(days=365)

#: Pieces that nobody wants to read out, also where one word ends and the next begins.
UNKIND = re.compile(
    "anal anus arse bitch boob bugger clit cock coon crap crip cum cunt damn dick dildo dyke fag fanny fuck gook "
    "gyp homo idiot jew jizz kike knob kraut lesb minge moron muff nazi negr nig nonce paki pimp piss poof porn "
    "prick pube pussy queer rape raping retard scum sex shag shit skank slag slut smeg snot spastic spic sperm "
    "stupid suck tard tit tranny turd twat vagina wank whore wog yid".replace(" ", "|")
)
#: What would say something about the person whose code it is.
ABOUT_PEOPLE = (
    "bad black boy broke brown cheap child crazy crippled dead dirty dumb fat foreign frail girl grey helpless "
    "homeless hungry ill lazy little lonely lost lousy mad man nasty needy old poor red sad scrounger shabby short "
    "sick simpleton slow small sorry spare thin ugly useless weak weird white woman worthless wretched yellow young "
    "ape ass bug cow donkey drone goat hog jackal leech louse monkey mule parasite pest pig pup rat reptile shark "
    "sheep sloth slug snail snake sponge toad vulture weasel whale worm"
).split()
SOUND_ALIKE = (
    "bare bear,beach beech,blew blue,board bored,buy by,cell sell,cent scent,deer dear,fair fare,"
    "flour flower,hair hare,hole whole,knight night,made maid,mail male,meat meet,morning mourning,"
    "moose mousse,oar ore,pair pear,pail pale,peace piece,plain plane,plum plumb,rain reign,read red,"
    "right write,road rode,rose rows,sail sale,sea see,seam seem,sole soul,some sum,son sun,stair stare,"
    "steal steel,tail tale,tea tee,tide tied,toad towed,waist waste,wait weight,week weak,"
    "weather whether,wood would"
)


@given(CHANCE)
def test_every_chance_gives_a_sayable_code_and_always_the_same(chance: bytes) -> None:
    code = code_from(chance)
    assert PATTERN.fullmatch(code) and not is_earlier(code)
    assert code_from(chance) == code
    assert tidy_code(code) == code


@given(CHANCE, BETWEEN, st.booleans())
def test_a_code_is_known_however_it_is_typed(chance: bytes, between: str, is_loud: bool) -> None:
    code = code_from(chance)
    typed = code.replace("-", between)
    assert tidy_code(f"  {typed.upper() if is_loud else typed}\n") == code


@given(st.binary(min_size=8), BETWEEN, st.booleans())
def test_a_code_of_the_first_kind_still_is(chance: bytes, between: str, is_loud: bool) -> None:
    code = earlier_code_from(chance)
    assert PATTERN.fullmatch(code) and is_earlier(code)
    typed = code.replace("-", between)
    assert tidy_code(typed.upper() if is_loud else typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "blue-otter-calm-lantern-4127",
        "Blue Otter Calm Lantern 4127",
        "blueottercalmlantern4127",
        "BLUE - otter - calm lantern - 41 27",
        "blue–otter–calm–lantern–4127",
    ],
)
def test_ways_to_type_the_same_code(typed: str) -> None:
    assert tidy_code(typed) == "blue-otter-calm-lantern-4127"


@pytest.mark.parametrize("typed", ["blue-otter-4127", "Blue Otter 4127", "blueotter4127", "BLUE - otter - 41 27"])
def test_ways_to_type_the_same_code_of_the_first_kind(typed: str) -> None:
    assert tidy_code(typed) == "blue-otter-4127"


@pytest.mark.parametrize("typed", ["", "4127", "blue-4127", "nothing-like-this-12", "<script>", "٤١٢٧", "a" * 100_000])
def test_what_is_no_code_stays_none(typed: str) -> None:
    assert not PATTERN.fullmatch(tidy_code(typed))


def test_a_part_is_opened_by_the_same_words_and_its_number() -> None:
    for typed in ("blue-otter-calm-lantern-4127-2", "Blue Otter Calm Lantern 4127 2", "blueottercalmlantern41272"):
        assert tidy_code(typed) == "blue-otter-calm-lantern-4127-2"
    assert whole_and_part("blue-otter-calm-lantern-4127-12") == ("blue-otter-calm-lantern-4127", 12)
    assert part_code("blue-otter-calm-lantern-4127-12", 1) == "blue-otter-calm-lantern-4127"
    assert part_code("blue-otter-4127", 3) == "blue-otter-4127-3"
    assert is_earlier("blue-otter-4127-3"), "a number behind it makes it no longer"
    assert not PATTERN.fullmatch(tidy_code("blue otter calm lantern 4127 200"))


def test_leading_zeros_are_kept() -> None:
    assert tidy_code("blue otter calm lantern 0007") == "blue-otter-calm-lantern-0007"


def test_codes_are_spread_over_many() -> None:
    assert len({code_from(secrets.token_bytes(16)) for _ in range(200)}) == 200
    seen = {word for _ in range(8_000) for word in code_from(secrets.token_bytes(16)).split("-")[:4]}
    assert seen == {*DESCRIBING, *THINGS}


def test_no_word_begins_with_another_so_spaces_do_not_matter() -> None:
    words = sorted({*DESCRIBING, *THINGS})
    assert len(words) == len(DESCRIBING) + len(THINGS)
    assert [(one, next_) for one, next_ in itertools.pairwise(words) if next_.startswith(one)] == []


def test_a_code_of_one_kind_is_never_read_as_one_of_the_other() -> None:
    new = {f"{first}{second}" for first, second in itertools.product(DESCRIBING, THINGS)}
    for first, second in itertools.product(EARLIER_FIRST, EARLIER_SECOND):
        letters = f"{first}{second}"
        assert not any(letters[:place] in new and letters[place:] in new for place in range(6, len(letters) - 5))


def test_words_are_short_plain_and_not_taken_for_one_another() -> None:
    words = {*DESCRIBING, *THINGS}
    assert all(word.isascii() and word.islower() and word.isalpha() and 3 <= len(word) <= 9 for word in words)
    assert _mistakable(words) == []
    assert _mistakable(["boat", "coat"]) and _mistakable(["rain", "train"])
    assert [pair for pair in SOUND_ALIKE.split(",") if set(pair.split()) <= words] == []


def test_no_two_words_together_are_unkind() -> None:
    assert set(ABOUT_PEOPLE).isdisjoint({*DESCRIBING, *THINGS})
    pairs = itertools.chain(itertools.product(DESCRIBING, THINGS), itertools.product(THINGS, DESCRIBING))
    assert [pair for pair in pairs if _unkind(pair)] == []


def test_the_search_for_unkind_words_finds_them() -> None:
    assert _unkind(("cosy", "cockatoo"))
    assert _unkind(("ass", "hit"))


def test_a_year_of_guessing_without_a_pause_finds_nothing() -> None:
    """The reckoning of the decision "A code of four words": with 5,000 codes that open something, and every guess that
    all clients together may make in a year, fewer than one in ten thousand years finds any.
    """
    assert math.log2(codes.CODES) > 47
    guesses = IN_ALL * (YEAR / IN_ALL_WITHIN)
    assert guesses * 5_000 / codes.CODES < 1 / 10_000
    assert guesses / codes.CODES < 1 / 50_000_000
    earlier_guesses = EARLIER_IN_ALL * (YEAR / EARLIER_WITHIN)
    assert earlier_guesses / codes.EARLIER_CODES < 1 / 10_000


@given(st.binary(min_size=8))
def test_a_phrase_is_two_easy_words(chance: bytes) -> None:
    first, second = phrase_from(chance).split()
    assert first in DESCRIBING and second in THINGS
    assert phrase_from(chance) == f"{first} {second}"


def _unkind(words: Iterable[str]) -> bool:
    return UNKIND.search("".join(words)) is not None


def _mistakable(words: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs where one letter more, less or otherwise makes one of the other."""
    seen: dict[str, str] = {word: word for word in words}
    found = []
    for word in list(seen):
        for place in range(len(word)):
            otherwise, less = f"{word[:place]}*{word[place + 1 :]}", word[:place] + word[place + 1 :]
            found += [(word, seen[near]) for near in (otherwise, less) if near in seen]
            seen[otherwise] = word
    return found


# C-21
def test_ids_hold_at_least_96_bits_of_chance() -> None:
    ids = {random_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(one) == ID_LENGTH and set(one) <= set(ALPHABET) for one in ids)
    assert len(ALPHABET) ** ID_LENGTH > 2**96
