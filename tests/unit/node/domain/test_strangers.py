"""What may be written back to strangers, how long they are kept, and which server somebody means."""

import pytest

from node.domain.blocks import read_server
from node.domain.errors import Invalid
from node.domain.strangers import ANSWER_LIMIT, KEPT_DAYS, LONGEST_KEPT_DAYS, check_answer, check_kept_days


def test_an_answer_is_words_without_spaces_around_them() -> None:
    assert check_answer(" Yes.\n") == "Yes."
    assert len(check_answer("x" * ANSWER_LIMIT)) == ANSWER_LIMIT


@pytest.mark.parametrize("text", ["", " \n ", "x" * (ANSWER_LIMIT + 1)])
def test_no_words_and_too_many_are_none(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_answer(text)
    assert list(refused.value.fields) == ["text"]


def test_strangers_are_kept_from_a_day_to_a_season() -> None:
    assert [check_kept_days(days) for days in (1, KEPT_DAYS, LONGEST_KEPT_DAYS)] == [1, 30, 90]
    for days in (-1, 0, LONGEST_KEPT_DAYS + 1):
        with pytest.raises(Invalid):
            check_kept_days(days)


@pytest.mark.parametrize(
    "typed",
    [
        "social.example",
        " Social.Example ",
        "@robin@social.example",
        "https://social.example/@robin",
        "social.example/about",
    ],
)
def test_a_server_is_meant_however_it_is_written(typed: str) -> None:
    assert read_server(typed) == "social.example"


def test_a_name_in_other_letters_is_known_by_its_plain_ones() -> None:
    assert read_server("é.example") == "xn--9ca.example"


def test_a_server_on_another_port_is_another_server() -> None:
    assert read_server("127.0.0.1:8440") == "127.0.0.1:8440"


@pytest.mark.parametrize(
    "typed", ["", "nobody", "two words.example", "https://", "a..b", "x" * 300 + ".example", "https://[", "é..example"]
)
def test_what_is_no_server_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_server(typed)
    assert list(refused.value.fields) == ["server"]
