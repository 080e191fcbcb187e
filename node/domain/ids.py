"""Identifiers and codes: random, without order, names or meaning."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
ID_LENGTH = 18  # 107 bits; the wire asks for at least 96


def random_id() -> str:
    """A new identifier of letters and digits (107 bits of chance)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def id_from(secret: bytes) -> str:
    """An identifier that looks like any other and is always the same for these (at least 16, secret) bytes."""
    number, letters = int.from_bytes(secret), []
    for _ in range(ID_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)
