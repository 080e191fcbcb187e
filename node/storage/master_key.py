"""The master key on disk: in plain while the community is open, only wrapped under a passphrase while it is sealed.

The wrapped key lies beside the plain one from the day a passphrase is chosen. To seal is then to take the plain one
away: one rename, at once, without typing anything.
"""

import os
from pathlib import Path
from typing import Final

import orjson
from argon2.low_level import Type, hash_secret_raw

from node.storage.files import overwrite, store_names, write_whole
from node.storage.vault import KEY_BYTES, MASTER_KEY_FILE, CannotOpen, Vault, put_master_key, read_master_key

WRAPPED_KEY_FILE: Final = "master.key.wrapped"
FORMAT: Final = 1
#: Slow on purpose: Argon2id as RFC 9106 recommends it for small machines. Written beside each wrapped key, so that it
#: may grow.
TIME_COST, MEMORY_KIB, LANES = 3, 65_536, 4
_SALT_BYTES: Final = 16
_LABEL: Final = "master key"
_TAKEN_AWAY: Final = f".{MASTER_KEY_FILE}.gone"

SEALED: Final = "The community is sealed: nothing can be opened before somebody runs `manyhands unseal`."


class Sealed(CannotOpen):
    """There is no master key in plain here, on purpose."""


def has_passphrase(directory: Path) -> bool:
    """Whether a passphrase was chosen, so that the community can be sealed."""
    return (directory / WRAPPED_KEY_FILE).exists()


def is_sealed(directory: Path) -> bool:
    """Whether only the wrapped key is here."""
    return has_passphrase(directory) and not (directory / MASTER_KEY_FILE).exists()


def open_vault(directory: Path) -> Vault:
    """The vault with the master key of `directory`; while sealed, one that opens nothing. Raises CannotOpen."""
    if is_sealed(directory):
        vault = Vault(bytes(KEY_BYTES))
        vault.forget()
        return vault
    return Vault(read_master_key(directory))


def choose_passphrase(directory: Path, passphrase: str) -> None:
    """Wrap the master key under a passphrase, in place of an earlier one. Raises CannotOpen, OSError."""
    master_key, salt = read_master_key(directory), os.urandom(_SALT_BYTES)
    derived = _derived(passphrase, salt, (TIME_COST, MEMORY_KIB, LANES))
    text = orjson.dumps(
        {
            "manyhands": "wrapped master key",
            "format": FORMAT,
            "kdf": "argon2id",
            "cost": [TIME_COST, MEMORY_KIB, LANES],
            "salt": salt.hex(),
            "box": derived.wrap(master_key, _LABEL).hex(),
        }
    )
    write_whole(directory / WRAPPED_KEY_FILE, text)


def take_away(directory: Path) -> None:
    """Take the plain key away for good, where the wrapped one is there. Once begun, it is finished by the next call.

    It is overwritten before it is removed. Some disks keep old blocks all the same. Raises OSError.
    """
    gone = directory / _TAKEN_AWAY
    if has_passphrase(directory) and (directory / MASTER_KEY_FILE).exists():
        (directory / MASTER_KEY_FILE).replace(gone)
        store_names(directory)
    if gone.exists():
        overwrite(gone)
        gone.unlink()
        store_names(directory)


def bring_back(directory: Path, master_key: bytes) -> None:
    """Put the plain key back. Raises FileExistsError, OSError."""
    put_master_key(directory, master_key)


def unwrapped(directory: Path, passphrase: str) -> bytes:
    """The master key out of its wrapping. Raises CannotOpen for a wrong passphrase or a damaged file."""
    try:
        read = orjson.loads((directory / WRAPPED_KEY_FILE).read_bytes())
        time, memory, lanes = read["cost"]
        salt, box = bytes.fromhex(read["salt"]), bytes.fromhex(read["box"])
        if (read["format"], read["kdf"]) != (FORMAT, "argon2id"):
            raise CannotOpen(f"{WRAPPED_KEY_FILE} was written by a newer manyhands.")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotOpen(f"{WRAPPED_KEY_FILE} is damaged. The keyring backup holds the master key, too.") from error
    try:
        return _derived(passphrase, salt, (time, memory, lanes)).unwrap(box, _LABEL)
    except CannotOpen as error:
        raise CannotOpen("This is not the passphrase. Nothing was opened.") from error


def _derived(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> Vault:
    time, memory, lanes = cost
    key = hash_secret_raw(passphrase.encode(), salt, time, memory, lanes, KEY_BYTES, Type.ID)
    return Vault(key)
