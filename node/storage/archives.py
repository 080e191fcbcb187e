"""Backups on disk: one file each, encrypted in the age format (age-encryption.org/v1). The only room that knows pyrage.

A file is locked for recipients, whose public keys may lie on the machine, or with a passphrase, which must not.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage

from node.storage.files import appearing_whole
from node.storage.vault import CannotOpen

_HEADING = b"age-encryption.org/v1\n"
_BY_PASSPHRASE = b"-> scrypt "
_PACKED = b"PK"


@dataclass(frozen=True)
class Lock:
    """For whom a backup is locked: public keys, or one passphrase."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""


@dataclass(frozen=True)
class Opener:
    """What opens a backup: the text of an identity file as age writes it, or the passphrase."""

    identity: str = ""
    passphrase: str = ""


def new_identity() -> tuple[str, str]:
    """A new secret key and its public one, in age's spelling."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def is_locked(file: Path) -> bool:
    """Whether the file is in the age format. Raises OSError."""
    return _beginning(file).startswith(_HEADING)


def needs_passphrase(file: Path) -> bool:
    """Whether it was locked with a passphrase. Raises OSError."""
    return is_locked(file) and _BY_PASSPHRASE in _beginning(file)


def lock(plain: Path | bytes, target: Path, how: Lock) -> None:
    """Encrypt a file or a text into `target`, which appears whole or not at all and replaces an older one.

    Raises CannotOpen for a recipient that is none, OSError.
    """
    with appearing_whole(target) as draft:
        _encrypt(plain, draft, how)


def unlock(source: Path, target: Path, how: Opener) -> bytes | None:
    """Decrypt what `pack` and `lock` made into the new file `target`; anything else is returned and touches no disk.

    Raises CannotOpen with one sentence, OSError.
    """
    if not is_locked(source):
        raise CannotOpen(f"{source} is not a backup made by manyhands.")
    with _Opening(target) as into:
        try:
            if needs_passphrase(source):
                into.write(pyrage.passphrase.decrypt(source.read_bytes(), how.passphrase))
            else:
                with source.open("rb") as locked:
                    pyrage.decrypt_io(locked, into, _identities(how.identity))
        except (pyrage.DecryptError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # a disk's own fault; pyrage's has no number and means damage
            is_by_word = needs_passphrase(source)
            what = "the passphrase is not the right one" if is_by_word else "this identity is not one it was locked for"
            raise CannotOpen(f"{source} cannot be opened: {what}, or the file is damaged.") from error
        return into.text


def pack(parts: Mapping[str, Path | bytes], target: Path) -> None:
    """Put files and texts into one file, by name."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if isinstance(part, Path):
                archive.write(part, name)
            else:
                archive.writestr(name, part)


def unpack(packed: Path, folder: Path) -> None:
    """Take out everything that `pack` put in. Raises CannotOpen where it is damaged."""
    try:
        with zipfile.ZipFile(packed) as archive:
            if archive.testzip() is not None:
                raise CannotOpen("The backup is damaged.")
            archive.extractall(folder)
    except (zipfile.BadZipFile, EOFError) as error:
        raise CannotOpen("The backup is damaged.") from error


class _Opening:
    """Where plain text goes: into the file if it is packed, else into memory, for it may hold keys."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._file: BinaryIO | None = None
        self._memory = bytearray()

    def __enter__(self) -> "_Opening":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def text(self) -> bytes | None:
        """What went into memory; None where it went into the file."""
        return bytes(self._memory) if self._file is None else None

    def write(self, part: bytes) -> int:
        """Take a further part."""
        if self._file is None and not self._memory and part.startswith(_PACKED):
            self._file = self._target.open("xb")
        if self._file is None:
            self._memory += part
        else:
            self._file.write(part)
        return len(part)

    def flush(self) -> None:
        """Nothing waits here."""


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(200)


def _encrypt(plain: Path | bytes, target: Path, how: Lock) -> None:
    if how.passphrase:
        text = plain if isinstance(plain, bytes) else plain.read_bytes()
        target.write_bytes(pyrage.passphrase.encrypt(text, how.passphrase))
        return
    try:
        recipients = [pyrage.x25519.Recipient.from_str(one) for one in how.recipients]
    except pyrage.RecipientError as error:
        raise CannotOpen("BACKUP_RECIPIENTS holds a key that is mistyped. Copy it again from its file.") from error
    if isinstance(plain, bytes):
        target.write_bytes(pyrage.encrypt(plain, recipients))
    else:
        pyrage.encrypt_file(str(plain), str(target), recipients)


def _identities(text: str) -> list[pyrage.x25519.Identity]:
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-1")]
    except pyrage.IdentityError as error:
        raise CannotOpen("The identity file is damaged.") from error
    if not found:
        raise CannotOpen("Name the file with the identity that opens this backup: --identity FILE.")
    return found
