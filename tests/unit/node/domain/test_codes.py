"""Codes said over the telephone and typed back."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.codes import PATTERN, code_from, tidy_code
from node.domain.ids import ALPHABET, ID_LENGTH, random_id


@given(st.binary(min_size=8, max_size=40))
def test_every_chance_gives_a_sayable_code_and_always_the_same(chance: bytes) -> None:
    code = code_from(chance)
    assert PATTERN.fullmatch(code)
    assert code_from(chance) == code
    assert tidy_code(code) == code


@given(st.binary(min_size=8, max_size=8), st.sampled_from(["", " ", "-", " - ", "_", "."]), st.booleans())
def test_a_code_is_known_however_it_is_typed(chance: bytes, between: str, is_loud: bool) -> None:
    code = code_from(chance)
    typed = code.replace("-", between)
    assert tidy_code(f"  {typed.upper() if is_loud else typed}\n") == code


@pytest.mark.parametrize(
    "typed", ["blue-otter-4127", "Blue Otter 4127", "blueotter4127", "BLUE - otter - 41 27", "blue–otter–4127"]
)
def test_ways_to_type_the_same_code(typed: str) -> None:
    assert tidy_code(typed) == "blue-otter-4127"


@pytest.mark.parametrize("typed", ["", "4127", "blue-4127", "nothing-like-this-12", "<script>", "٤١٢٧"])
def test_what_is_no_code_stays_none(typed: str) -> None:
    assert not PATTERN.fullmatch(tidy_code(typed))


def test_leading_zeros_are_kept() -> None:
    assert tidy_code("blue otter 0007") == "blue-otter-0007"


def test_codes_are_spread_over_many() -> None:
    assert len({code_from(secrets.token_bytes(8)) for _ in range(200)}) > 190


# C-21
def test_ids_hold_at_least_96_bits_of_chance() -> None:
    ids = {random_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(one) == ID_LENGTH and set(one) <= set(ALPHABET) for one in ids)
    assert len(ALPHABET) ** ID_LENGTH > 2**96
