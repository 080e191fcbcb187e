"""What the heavier suites need beyond Python, and what happens when it is missing.

A test asks for what it needs by name: `chromium = needs("chromium")`. Where the need is missing the test is
skipped with the reason in plain words, unless MANYHANDS_TEST_REQUIRE names it (`chromium,caddy`) or says `all`:
then the missing need is a failure, so that a green run cannot hide a suite that never ran.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.postgresql import programs

FEDIFY: Final = Path(__file__).parent / "interop" / "fedify"
VECTORS: Final = Path(__file__).parents[2] / "shared" / "vectors"


def needs(name: str) -> Path:
    """Where the program called `name` in NEEDS is; ends the test when it is not on this machine."""
    find, remedy = NEEDS[name]
    found = find()
    if found is not None:
        return found
    reason = f"{name} is not on this machine; {remedy}"
    if is_required(name, os.environ.get("MANYHANDS_TEST_REQUIRE", "")):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def is_required(name: str, required: str) -> bool:
    """Whether `required`, the text of MANYHANDS_TEST_REQUIRE, covers the need called `name`."""
    return not {"all", name}.isdisjoint(word.strip() for word in required.split(","))


def _on_path(*names: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        found = next(filter(None, map(shutil.which, names)), None)
        return Path(found) if found else None

    return find


def _beside_python(name: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        script = Path(sys.executable).parent / name
        return script if script.exists() else None

    return find


def _fedify() -> Path | None:
    """The Node.js that came with the independent server's packages."""
    node = FEDIFY / "node_modules" / ".bin" / "node"
    return node if node.exists() and (FEDIFY / "node_modules" / "@fedify" / "fedify").is_dir() else None


def _activitypub_testing() -> Path | None:
    """The checker's command; it runs on the same Node.js."""
    command = FEDIFY / "node_modules" / "activitypub-testing" / "src" / "cli.js"
    return command if command.exists() and _fedify() is not None else None


def _vectors() -> Path | None:
    return VECTORS if VECTORS.is_dir() else None


_TEST_DEPS: Final = "`make test-deps` installs it"
_TEST_LOCK: Final = "`make test` installs it"

NEEDS: Final[dict[str, tuple[Callable[[], Path | None], str]]] = {
    "chromium": (_on_path("chromium", "chromium-browser", "google-chrome"), _TEST_DEPS),
    "postgresql": (programs, _TEST_DEPS),
    "fedify": (_fedify, _TEST_DEPS),
    "activitypub-testing": (_activitypub_testing, _TEST_DEPS),
    "caddy": (_on_path("caddy"), _TEST_DEPS),
    "vectors": (_vectors, "they are kept beside the repository, in shared/vectors"),
    "systemd-analyze": (_on_path("systemd-analyze"), _TEST_DEPS),
    "docker-compose": (_on_path("docker-compose"), _TEST_DEPS),
    "hadolint": (_beside_python("hadolint"), _TEST_LOCK),
    "lint-imports": (_beside_python("lint-imports"), _TEST_LOCK),
}
