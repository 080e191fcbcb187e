"""Identifiers and codes: random, without order, names or meaning."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
ID_LENGTH = 18  # 107 bits; the wire asks for at least 96


def random_id() -> str:
    """A new identifier of letters and digits (107 bits of chance)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
