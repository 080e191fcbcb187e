"""What each language calls itself."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from babel import Locale, UnknownLocaleError

#: Offered below the community's own languages, so that most people find theirs. Babel says the same, but it reads all
#: that it knows of a language to say one word, and keeps it: for these 30 MiB, which is much on a small machine.
WIDELY_SPOKEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "العربية",
        "bn": "বাংলা",
        "de": "Deutsch",
        "en": "English",
        "es": "Español",
        "fa": "فارسی",
        "fr": "Français",
        "ha": "Hausa",
        "hi": "हिन्दी",
        "id": "Indonesia",
        "it": "Italiano",
        "ja": "日本語",
        "ko": "한국어",
        "ku": "Kurdî (kurmancî)",
        "pl": "Polski",
        "ps": "پښتو",
        "pt": "Português",
        "ro": "Română",
        "ru": "Русский",
        "so": "Soomaali",
        "sw": "Kiswahili",
        "ta": "தமிழ்",
        "tr": "Türkçe",
        "uk": "Українська",
        "ur": "اردو",
        "vi": "Tiếng Việt",
        "yo": "Èdè Yorùbá",
        "zh": "中文",
    }
)


def language_name(code: str) -> str:
    """A language in its own name; the code itself when nobody knows it."""
    return WIDELY_SPOKEN.get(code) or looked_up(code)


@lru_cache(200)
def looked_up(code: str) -> str:
    """The same as Babel says it (Unicode CLDR), however widely the language is spoken."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code
