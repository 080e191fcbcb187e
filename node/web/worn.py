"""What every page wears: the stylesheet of the community's accent, and the drawing beside its name."""

from collections.abc import Iterator
from dataclasses import dataclass

from node.services.community import Profile
from node.web import accents, icons
from node.web.static_files import StaticFile, StaticFiles, static_url

_DRAWN = ("logo.svg", "icon-192.png", "icon-512.png", "icon-512-maskable.png")


@dataclass(frozen=True)
class Worn:
    """Addresses of ours: `stylesheets` in their order, `logo` beside the name, `touch_icon` for a telephone."""

    stylesheets: tuple[str, ...]
    logo: str
    touch_icon: str


def add_accents(files: StaticFiles) -> StaticFiles:
    """The static files, with those in which the accents differ; made once, each has its own mark like any other."""
    return {**files, **{name: StaticFile.of(name, content) for name, content in _made(files)}}


def worn(files: StaticFiles, profile: Profile | None) -> Worn:
    """What pages wear in this community; the usual things where it is not known."""
    accent = profile.accent if profile else accents.USUAL
    added = accents.file_of(accent)
    sheets = ("manyhands.css", added) if added else ("manyhands.css",)
    return Worn(
        tuple(static_url(files, name) for name in sheets),
        static_url(files, drawn("logo.svg", accent)),
        static_url(files, drawn("icon-192.png", accent)),
    )


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
