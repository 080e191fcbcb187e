"""Whichever accent a community chooses, its pages can be read: on light paper and on dark, by mouse and by keyboard."""

import re
from dataclasses import asdict
from importlib import resources

from node.web.accents import PALETTES, USUAL, Palette
from node.web.icons import GROUND, on_ground
from node.web.static_files import load_static_files

CSS = (resources.files("node.web") / "static" / "manyhands.css").read_text()
GROUNDS = ("paper", "card", "tint", "warn-tint", "change-tint")
#: What stands on what (WCAG 2.2, 1.4.3 and 1.4.11); the ring stands beside everything that can have the focus.
PAIRS = (
    *((over, under) for over in ("accent", "accent-strong", "focus") for under in GROUNDS),
    *((over, "tint") for over in ("ink", "soft", "warn", "change")),
    *(("on-accent", under) for under in ("accent", "accent-strong")),
)
LEAST = 4.5


def test_every_accent_can_be_read_on_everything_it_stands_on() -> None:
    for accent, palette in PALETTES.items():
        for variables in _worn(palette):
            found = {pair: _contrast(*(variables[name] for name in pair)) for pair in PAIRS}
            assert not {pair: ratio for pair, ratio in found.items() if ratio < LEAST}, accent


def test_the_pairs_are_those_of_the_stylesheet_and_the_usual_accent_is_what_it_says() -> None:
    ours = set(asdict(PALETTES[USUAL].light))
    for body in re.findall(r"\{([^{}]*)\}", CSS):
        over = re.search(r"(?<![-\w])color: var\(--([\w-]+)\)", body)
        under = re.search(r"background: var\(--([\w-]+)\)", body)
        pair = (over[1], under[1]) if over and under else ("", "")
        assert pair in PAIRS or not ours & {name.replace("-", "_") for name in pair}, body
    light, dark = _roots()
    for shades, said in ((PALETTES[USUAL].light, light), (PALETTES[USUAL].dark, dark)):
        assert _variables(asdict(shades)).items() <= said.items()


def test_another_accent_is_another_ground_for_the_icons_and_nothing_else() -> None:
    for name, file in load_static_files().items():
        if not name.endswith((".png", ".svg")):
            continue
        other = on_ground(name, file.content, "#962850")
        assert on_ground(name, file.content, GROUND) == file.content != other
        assert on_ground(name, other, GROUND) == file.content or name.endswith(".svg")


def _worn(palette: Palette) -> list[dict[str, str]]:
    shades = (palette.light, palette.dark)
    return [base | _variables(asdict(one)) for base, one in zip(_roots(), shades, strict=True)]


def _roots() -> list[dict[str, str]]:
    """The variables as the stylesheet sets them: in light, in dark."""
    blocks = re.findall(r":root \{([^{}]*)\}", CSS)[:2]
    return [dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in blocks]


def _variables(shades: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in shades.items()}


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (part / 255 for part in bytes.fromhex(colour[1:]))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
