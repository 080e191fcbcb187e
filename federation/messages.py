"""HTTP requests and answers as plain values, and what a Content-Type says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import Message
from functools import lru_cache
from typing import Final

ACTIVITY_JSON: Final = "application/activity+json"
LD_JSON: Final = "application/ld+json"
PROFILE: Final = "https://www.w3.org/ns/activitystreams"
LD_JSON_WITH_PROFILE: Final = f'{LD_JSON}; profile="{PROFILE}"'
MAX_DOCUMENT_BYTES: Final = 1024 * 1024
#: The header of FEP-8fcf, which counts only where it is signed.
SYNCHRONIZATION: Final = "collection-synchronization"

# How far the date of a signed request may be from now (C-70).
MAX_PAST: Final = timedelta(minutes=65)
MAX_FUTURE: Final = timedelta(minutes=60)


@dataclass(frozen=True)
class Request:
    """One HTTP request as it was received or will be sent.

    `url` is the full public URL with path and query exactly as on the wire (percent-encoding kept, C-72),
    `headers` have lower-case names, `body` is the exact bytes.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """The raw path with its query: what `(request-target)` is built from."""
        rest = self.url.partition("://")[2].partition("#")[0]
        ends = [place for place in (rest.find("/"), rest.find("?")) if place >= 0]
        target = rest[min(ends) :] if ends else ""
        return target if target.startswith("/") else f"/{target}"


@dataclass(frozen=True)
class Response:
    """One HTTP answer; `headers` have lower-case names, `url` is the address that answered, after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def combined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return `headers` with lower-case names; one sent several times is joined by ", " so that none can hide."""
    result: dict[str, str] = {}
    for written, value in headers:
        name = written.lower()
        result[name] = f"{result[name]}, {value.strip()}" if name in result else value.strip()
    return result


@lru_cache(256)
def media_type(content_type: str) -> tuple[str, str | None]:
    """Return the media type of a Content-Type in lower case, and its `profile` if it has one."""
    message = Message()
    message["content-type"] = " ".join(content_type.split())
    profile = message.get_param("profile")
    return message.get_content_type(), profile if isinstance(profile, str) else None


def is_activity_streams(content_type: str, *, profile_required: bool) -> bool:
    """Tell whether a Content-Type means ActivityStreams (C-19, C-57).

    `application/ld+json` counts only with the profile where `profile_required`; a profile that is present
    must name ActivityStreams among its space-separated URIs.
    """
    kind, profile = media_type(content_type)
    if kind == ACTIVITY_JSON:
        return True
    if kind != LD_JSON:
        return False
    return not profile_required if profile is None else PROFILE in profile.split()
