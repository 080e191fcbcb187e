"""Which words of a notice stand in the sealed note as well; and that nothing else of it can come out this way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.redaction import overlap
from node.domain.spelling import fold

STORY = "Three children, one small room. Her brother Idris plays the oud. She fled from Velika in spring."
WORDS = st.text("abcdefghij ÁéñA'-.,\n٣شارع12", max_size=80)


def test_a_given_name_of_the_sealed_note_is_found_however_it_is_written() -> None:
    for written in ("Amina", "amina", "AMINA", "Amína"):
        assert overlap(f"Coats for {written} please", "Amina", ()).names == (written,)


def test_a_name_that_is_an_everyday_word_is_one_only_with_its_capital() -> None:
    assert overlap("I will bring it in May", "Will May", ()).names == ("May",)
    assert overlap("Will can bring it", "Will", ()).names == ("Will",)


def test_a_capitalised_word_of_the_story_may_be_a_name() -> None:
    found = overlap("For the nephew of Idris, who came from Velika", "Amina", (STORY,))
    assert found.names == ("Idris", "Velika")


def test_the_first_word_of_a_sentence_is_no_name_for_that_alone() -> None:
    assert overlap("Three coats. She would like them soon.", "Amina", (STORY,)).names == ()


def test_three_words_in_a_row_are_found_as_one_phrase() -> None:
    found = overlap("A family in ONE small room needs coats", "", (STORY,))
    assert found.phrases == ("ONE small room",)
    assert overlap("It is one very small room", "", (STORY,)).phrases == ()


def test_a_longer_phrase_is_told_as_a_whole_and_its_words_not_again() -> None:
    found = overlap("her brother plays the oud", "", ("My brother plays the oud at night",))
    assert found.phrases == ("brother plays the oud",)
    assert found.words == ()


def test_a_row_of_little_words_says_nothing() -> None:
    assert overlap("it is in the house", "", ("it is in the cellar",)).phrases == ()


def test_a_rare_word_is_found_and_everyday_words_are_not() -> None:
    found = overlap("Somebody to tune an oud for children", "", (STORY,))
    assert found.words == ("oud",)


@pytest.mark.parametrize(
    ("text", "private", "found"),
    [
        ("Para una bebé con celiaquía", "Tiene celiaquia", ("celiaquía",)),
        ("Un fauteuil pour Noé", "Il s'appelle Noé", ("Noé",)),
        ("معطف لطفلة من حلب", "جاءت من حلب", ("حلب",)),
    ],
)
def test_other_languages_are_compared_as_well(text: str, private: str, found: tuple[str, ...]) -> None:
    shared = overlap(text, "", (private,))
    assert shared.names + shared.words == found


def test_with_nothing_sealed_nothing_is_found() -> None:
    assert overlap("Amina needs coats", "", ()) == overlap("", "Amina", (STORY,))


@given(WORDS, WORDS, st.lists(WORDS, max_size=3))
def test_nothing_comes_out_but_what_was_put_in(text: str, name: str, private: list[str]) -> None:
    """Every piece of the answer is a piece of the notice, letter for letter."""
    found = overlap(text, name, private)
    plain = " ".join(text.split())
    for piece in (*found.names, *found.phrases, *found.words):
        assert piece in plain
    assert not set(map(fold, found.names)) & set(map(fold, found.words))
