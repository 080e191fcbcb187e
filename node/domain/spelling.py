"""Two spellings of one word or number brought together."""

import unicodedata


def tidy_name(name: str) -> str:
    """A name with single spaces and none around it, as it is kept."""
    return " ".join(name.split())


def without_marks(text: str) -> str:
    """The letters without accents and other marks on them."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def fold(word: str) -> str:
    """The word without case and accents, as two people might write it; Arabic letters without their marks."""
    return without_marks(word.casefold()).replace("’", "'").replace("ـ", "")


def plain_digits(text: str) -> str:
    """The text with the digits of every script as 0 to 9, so that ٤١٢٧, ۴۱۲۷, ४१२७ and 4127 are one number.

    Sign for sign as long as it was.
    """
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def dialable(number: str) -> str:
    """A telephone number as every telephone dials it: such digits, and none of the signs without a shape that come
    along where it is copied out of a text from right to left.
    """
    return "".join(sign for sign in plain_digits(number).strip() if unicodedata.category(sign) != "Cf")
