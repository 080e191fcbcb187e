"""The accents a community can choose from: every shade that may differ, in light and dark, as stylesheets.

Each can be read on everything it stands on; a test measures it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from node.domain.look import Accent
from node.web.words import _


@dataclass(frozen=True)
class Shades:
    """The four variables of the stylesheet that follow the accent."""

    accent: str
    accent_strong: str
    on_accent: str
    tint: str


@dataclass(frozen=True)
class Palette:
    """One accent on light paper and on dark."""

    light: Shades
    dark: Shades


#: What the stylesheet itself says; nothing is added to it then.
USUAL: Final = Accent.GREEN
PALETTES: Final[Mapping[Accent, Palette]] = {
    Accent.GREEN: Palette(
        Shades("#1f5f4a", "#17493a", "#ffffff", "#e4f0ea"), Shades("#8fd0b5", "#b4e3cf", "#0d2019", "#1f332b")
    ),
    Accent.TEAL: Palette(
        Shades("#0f5c6e", "#0a4755", "#ffffff", "#e1f0f3"), Shades("#85cde0", "#b0e0ec", "#08202a", "#1b3138")
    ),
    Accent.BLUE: Palette(
        Shades("#1f5099", "#183e78", "#ffffff", "#e6eef9"), Shades("#9cc3f5", "#c2daf9", "#0c1c33", "#1e2d42")
    ),
    Accent.VIOLET: Palette(
        Shades("#55449c", "#41347a", "#ffffff", "#eeebf8"), Shades("#c0b4f2", "#d8d0f8", "#1b1436", "#2d2843")
    ),
    Accent.PLUM: Palette(
        Shades("#7c3476", "#61285c", "#ffffff", "#f6e9f4"), Shades("#e3a9dc", "#efcaea", "#2d0f2a", "#3a2438")
    ),
    Accent.BERRY: Palette(
        Shades("#962850", "#761f3f", "#ffffff", "#fae9ef"), Shades("#f3a9c2", "#f8cbda", "#36101e", "#402430")
    ),
    Accent.BROWN: Palette(
        Shades("#6b4a2b", "#543a21", "#ffffff", "#f3ebe1"), Shades("#dbb893", "#e9d2b8", "#2a1b0c", "#372b1f")
    ),
    Accent.GREY: Palette(
        Shades("#42525f", "#333f4a", "#ffffff", "#e9edf0"), Shades("#b3c3d0", "#d0dbe4", "#151d24", "#293137")
    ),
}
WORDS: Final[Mapping[Accent, str]] = {
    Accent.GREEN: _("Green"),
    Accent.TEAL: _("Blue-green"),
    Accent.BLUE: _("Blue"),
    Accent.VIOLET: _("Violet"),
    Accent.PLUM: _("Plum"),
    Accent.BERRY: _("Berry red"),
    Accent.BROWN: _("Brown"),
    Accent.GREY: _("Slate grey"),
}
#: The page on which one is chosen shows them all.
SWATCHES: Final = "accents.css"
_DARK = "(prefers-color-scheme: dark)"


def accent_of(name: str) -> Accent:
    """The accent of this name; the usual one where nobody knows it any more."""
    return Accent(name) if name in set(Accent) else USUAL


def palette_of(name: str) -> Palette:
    """The colours of an accent by its name; the usual ones where nobody knows it any more."""
    return PALETTES[accent_of(name)]


def file_of(name: str) -> str | None:
    """The stylesheet to add for an accent, or None where the usual one says everything."""
    return None if accent_of(name) == USUAL else f"accent-{name}.css"


def stylesheets() -> Iterator[tuple[str, str]]:
    """Each stylesheet with its name. What is printed stays black on white."""
    for accent, palette in PALETTES.items():
        if named := file_of(accent):
            yield named, _variables(palette)
    yield SWATCHES, "".join(_swatch(accent, palette) for accent, palette in PALETTES.items())


def _variables(palette: Palette) -> str:
    light, dark = (_rule(":root", shades) for shades in (palette.light, palette.dark))
    return f"@media screen {{ {light} }}\n@media screen and {_DARK} {{ {dark} }}\n"


def _rule(of: str, shades: Shades) -> str:
    said = " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in asdict(shades).items())
    return f"{of} {{ {said} }}"


def _swatch(accent: Accent, palette: Palette) -> str:
    of = f'.swatch[data-accent="{accent}"]'
    return f"{_rule(of, palette.light)}\n@media {_DARK} {{ {_rule(of, palette.dark)} }}\n"
