"""The vault: every sealed note under its own key, every key wrapped by a master key kept outside the database file.

AES-256-GCM throughout (NIST SP 800-38D), a fresh 96-bit nonce before each box. The notice's id is authenticated with
the box, so a box cannot be moved to another notice.
"""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from node.storage.files import write_whole

KEY_BYTES = 32
NONCE_BYTES = 12
MASTER_KEY_FILE = "master.key"


class CannotOpen(Exception):
    """The box was changed, belongs to something else, or was sealed under another master key."""


class Vault:
    """Holds the master key in memory. Everything it returns is bytes that may rest in the database."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise CannotOpen("The master key is not whole.")
        self._held: tuple[AESGCM, bytes] | None = (
            AESGCM(master_key),
            hmac.digest(master_key, b"manyhands fingerprints", "sha256"),
        )

    @property
    def is_locked(self) -> bool:
        """Whether the master key was dropped; then every deed raises CannotOpen."""
        return self._held is None

    def forget(self) -> None:
        """Drop the master key from memory."""
        self._held = None

    def new_key(self) -> bytes:
        """A key for one sealed note."""
        return AESGCM.generate_key(bit_length=8 * KEY_BYTES)

    def wrap(self, secret: bytes, label: str) -> bytes:
        """Box a secret under the master key; `label` must be given again to open it."""
        return _seal(self._keys()[0], secret, label)

    def unwrap(self, box: bytes, label: str) -> bytes:
        """Open what `wrap` made with the same label. Raises CannotOpen."""
        return _open(self._keys()[0], box, label)

    def seal(self, key: bytes, text: bytes, label: str) -> bytes:
        """Box a sealed note's text under its own key."""
        return _seal(AESGCM(key), text, label)

    def open(self, key: bytes, box: bytes, label: str) -> bytes:
        """Open what `seal` made with the same key and label. Raises CannotOpen."""
        return _open(AESGCM(key), box, label)

    def fingerprint(self, text: str) -> bytes:
        """32 bytes that stand for a code or token and do not give it away without the master key (HMAC-SHA-256)."""
        return hmac.digest(self._keys()[1], text.encode(), "sha256")

    def _keys(self) -> tuple[AESGCM, bytes]:
        if self._held is None:
            raise CannotOpen("The community is sealed, so nothing can be opened.")
        return self._held


def token_hash(token: str) -> str:
    """What is stored of a token of at least 128 random bits (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_master_key(directory: Path) -> None:
    """Write a new master key into `directory`, readable by its owner only. An existing one is never replaced."""
    put_master_key(directory, os.urandom(KEY_BYTES))


def put_master_key(directory: Path, master_key: bytes) -> None:
    """Write this master key into `directory`, whole or not at all. Raises FileExistsError where there is one."""
    target = directory / MASTER_KEY_FILE
    if target.exists():
        raise FileExistsError(target)
    write_whole(target, master_key.hex().encode())


def load_vault(directory: Path) -> Vault:
    """The vault with the master key of `directory`. Raises CannotOpen with a plain sentence."""
    return Vault(read_master_key(directory))


def has_master_key(directory: Path) -> bool:
    """Whether a master key lies in `directory` in plain."""
    return (directory / MASTER_KEY_FILE).exists()


def read_master_key(directory: Path) -> bytes:
    """The master key of `directory`. Raises CannotOpen with a plain sentence."""
    path = directory / MASTER_KEY_FILE
    try:
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise CannotOpen(f"The master key in {path} cannot be read. Put it back from your keyring backup.") from error


def _seal(cipher: AESGCM, text: bytes, label: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, text, label.encode())


def _open(cipher: AESGCM, box: bytes, label: str) -> bytes:
    try:
        return cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], label.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("This sealed note cannot be opened.") from error
