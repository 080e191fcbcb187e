"""Boxes open only whole, with the right key, for what they were made for."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.storage.vault import MASTER_KEY_FILE, CannotOpen, Vault, create_master_key, load_vault, token_hash

VAULT = Vault(bytes(32))
OTHER = Vault(bytes([1]) * 32)


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_boxed_comes_back(text: bytes, label: str) -> None:
    key = VAULT.new_key()
    assert VAULT.unwrap(VAULT.wrap(text, label), label) == text
    assert VAULT.open(key, VAULT.seal(key, text, label), label) == text


@given(st.integers(0, 27 + 16 - 1), st.integers(1, 255))
def test_a_box_that_was_changed_anywhere_stays_shut(place: int, change: int) -> None:
    box = bytearray(VAULT.wrap(b"three children", "n1"))
    box[place % len(box)] ^= change
    with pytest.raises(CannotOpen):
        VAULT.unwrap(bytes(box), "n1")


@pytest.mark.parametrize("box", [b"", b"x", b"x" * 12, b"x" * 28])
def test_what_is_no_box_is_told_in_one_sentence(box: bytes) -> None:
    with pytest.raises(CannotOpen, match=r"^This sealed note cannot be opened\.$"):
        VAULT.unwrap(box, "n1")


def test_a_box_does_not_open_for_another_notice_another_key_or_another_vault() -> None:
    key = VAULT.new_key()
    box = VAULT.seal(key, b"a", "n1")
    for other_key, label in ((key, "n2"), (VAULT.new_key(), "n1")):
        with pytest.raises(CannotOpen):
            VAULT.open(other_key, box, label)
    with pytest.raises(CannotOpen):
        OTHER.unwrap(VAULT.wrap(key, "n1"), "n1")


def test_the_same_text_is_never_the_same_box_twice() -> None:
    assert len({VAULT.wrap(b"a", "n1") for _ in range(50)}) == 50
    assert len({VAULT.new_key() for _ in range(50)}) == 50


def test_fingerprints_need_the_master_key() -> None:
    assert VAULT.fingerprint("blue-otter-4127") == VAULT.fingerprint("blue-otter-4127")
    assert VAULT.fingerprint("blue-otter-4127") != VAULT.fingerprint("blue-otter-4128")
    assert VAULT.fingerprint("blue-otter-4127") != OTHER.fingerprint("blue-otter-4127")
    assert len(VAULT.fingerprint("")) == 32
    assert token_hash("a") != token_hash("b")


def test_the_master_key_is_its_owners_alone_and_never_replaced(tmp_path: Path) -> None:
    create_master_key(tmp_path)
    path = tmp_path / MASTER_KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    box = load_vault(tmp_path).wrap(b"a", "n1")
    with pytest.raises(FileExistsError):
        create_master_key(tmp_path)
    assert load_vault(tmp_path).unwrap(box, "n1") == b"a"


@pytest.mark.parametrize("content", [b"", b"nonsense", b"00" * 31, b"00" * 33, b"\xff\xfe"])
def test_a_master_key_that_is_not_whole_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / MASTER_KEY_FILE).write_bytes(content)
    with pytest.raises(CannotOpen, match="master key"):
        load_vault(tmp_path)


def test_a_missing_master_key_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match=MASTER_KEY_FILE):
        load_vault(tmp_path)
