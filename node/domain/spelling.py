"""Two spellings of one word brought together."""

import unicodedata


def fold(word: str) -> str:
    """The word without case and accents, as two people might write it; Arabic letters without their marks."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return bare.replace("’", "'").replace("ـ", "")
