"""What every page wears: the stylesheet of the community's accent, and its logo or our drawing beside its name."""

from collections.abc import Iterator
from dataclasses import dataclass

from node.domain.look import Logo
from node.services.community import Profile
from node.web import accents, icons
from node.web.static_files import StaticFile, StaticFiles, static_url

#: From this many pixels on a square logo is the icon on a telephone, as the smallest of ours is.
LEAST_ICON = 192
#: In CSS pixels.
_HIGH = 36
_DRAWN = ("logo.svg", "icon-192.png", "icon-512.png", "icon-512-maskable.png")


@dataclass(frozen=True)
class Drawing:
    """A picture as pages show it: its address and type, and how wide and high it is there."""

    src: str
    type: str
    width: int
    height: int


@dataclass(frozen=True)
class Worn:
    """`stylesheets` in their order; what stands beside the name, and in the browser's tab; `touch_icon`, an address.

    `own` is the community's own logo, None where our drawing stands in its place.
    """

    stylesheets: tuple[str, ...]
    beside: Drawing
    tab: Drawing
    touch_icon: str
    own: Drawing | None


def add_accents(files: StaticFiles) -> StaticFiles:
    """The static files, with those in which the accents differ; made once, each has its own mark like any other."""
    return {**files, **{name: StaticFile.of(name, content) for name, content in _made(files)}}


def worn(files: StaticFiles, profile: Profile | None) -> Worn:
    """What pages wear in this community; the usual things where it is not known."""
    accent = profile.accent if profile else accents.USUAL
    added = accents.file_of(accent)
    sheets = ("manyhands.css", added) if added else ("manyhands.css",)
    name = drawn("logo.svg", accent)
    ours = Drawing(static_url(files, name), files[name].content_type, _HIGH, _HIGH)
    own = shown_logo(profile.logo) if profile and profile.logo else None
    is_square = bool(profile and profile.logo and profile.logo.is_square)
    return Worn(
        tuple(static_url(files, sheet) for sheet in sheets),
        own or ours,
        own if own and is_square else ours,
        static_url(files, drawn("icon-192.png", accent)),
        own,
    )


def shown_logo(logo: Logo) -> Drawing:
    """The community's logo beside its name: as high as our drawing would be, and never wider than four times that."""
    width = max(1, round(logo.width * _HIGH / logo.height))
    kind = logo.name.rpartition(".")[2]
    return Drawing(f"/logo/{logo.name}", f"image/{kind}", min(width, 4 * _HIGH), _HIGH)


def drawn(name: str, accent: str) -> str:
    """The name of a drawing's file on the ground of an accent."""
    stem, _, kind = name.rpartition(".")
    return f"{stem}-{accent}.{kind}" if accents.file_of(accent) else name


def _made(files: StaticFiles) -> Iterator[tuple[str, bytes]]:
    for name, text in accents.stylesheets():
        yield name, text.encode()
    for accent, palette in accents.PALETTES.items():
        if accent != accents.USUAL:
            for name in _DRAWN:
                yield drawn(name, accent), icons.on_ground(name, files[name].content, palette.light.accent)
