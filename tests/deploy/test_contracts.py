"""The import contracts hold, and each of them breaks when it should: a rule that cannot fail protects nothing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.suites import needs

ROOT = Path(__file__).parents[2]

ARROW = "The node knows federation, federation knows schemas, and nothing looks back"
NODE = "Within the node, every import points down, and every file has its layer"
FEDERATION = "Within federation, every import points down, and every file has its layer"
DATABASE = "Only storage knows the database library"
HTTP = "Only the doors and the guarded client know the HTTP library"
CRYPTOGRAPHY = "Only keys, vault and web push know the cryptography library"
MAIL = "Only the worker's postman knows the mail library"
BACKUPS = "Only the archives know the library that encrypts backups"
CHECKING = "Only keys know the library that checks Ed25519"
SEALED = "Nothing that builds a document for others can see what is sealed"
SENDING = "Nothing that sends to others or answers them can reach a sealed note"
SEALED_TYPE = "Only the doors that take a sealed note in or show it know its type"
SEALED_NOTES = "Only those who write, open, compare, release or forget touch sealed notes"
OPENING = "Only the doors for members and owners open a sealed note"
RELEASING = "Only the door for the helping community releases anything"


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(needs("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the three packages, to be spoilt."""
    for package in ("node", "federation", "schemas"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_every_contract_holds(tree: Path) -> None:
    outcome = lint(tree)
    assert outcome.returncode == 0, outcome.stdout
    assert "0 broken" in outcome.stdout


def test_every_service_is_shut_out_or_one_of_the_few_that_may_touch_what_is_sealed() -> None:
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    contract = text.partition(f"name = {SENDING}")[2].partition("forbidden_modules")[0]
    shut_out = set(re.findall(r"node\.services\.(\w+)", contract))
    services = {path.stem for path in (ROOT / "node" / "services").glob("[a-z]*")}
    may = {
        *("call_backs", "clocks", "consents", "forgetting", "history", "imports", "needs", "openings", "releasing"),
        *("reminders", "heir_copies", "asking_again", "correcting", "everything", "exports", "owners", "retention"),
        *("calls", "noting", "practice", "reaching", "splitting", "still", "tellings"),
    }
    assert services - shut_out == may
    assert shut_out <= services


@pytest.mark.parametrize(
    ("spoilt", "line", "contract"),
    [
        ("schemas/fields.py", "import federation.errors", ARROW),
        ("federation/errors.py", "import node.settings", ARROW),
        ("node/domain/needs_rules.py", "import node.services", NODE),
        ("node/utils.py", "", NODE),
        ("node/settings/__init__.py", "import node.domain", NODE),
        ("federation/helpers.py", "", FEDERATION),
        ("federation/digest.py", "import federation.cavage", FEDERATION),
        ("node/web/shortcut.py", "import sqlalchemy", DATABASE),
        ("node/services/shortcut.py", "from sqlalchemy import select", DATABASE),
        ("node/services/shortcut.py", "import aiohttp", HTTP),
        ("federation/fetch.py", "import aiohttp", HTTP),
        ("node/web/shortcut.py", "import cryptography", CRYPTOGRAPHY),
        ("node/storage/vault.py", "import nacl", CHECKING),
        ("node/services/shortcut.py", "import pyrage", BACKUPS),
        ("node/services/shortcut.py", "import aiosmtplib", MAIL),
        ("node/translate/shortcut.py", "import node.domain.sealed", SEALED),
        ("node/translate/shortcut.py", "import node.storage.keyring", SEALED),
        ("schemas/shortcut.py", "import node.storage.vault", SEALED),
        ("node/translate/shortcut.py", "import node.storage.sealed_notes", SEALED),
        # Not by a detour either: a room that may know it does not hand it on to one that may not.
        ("node/translate/notices.py", "import node.services.needs", SEALED),
        ("node/services/publishing.py", "from node.domain.sealed import SealedNote", SENDING),
        ("node/services/outgoing.py", "import node.services.needs", SENDING),
        ("node/services/backups.py", "from node.services.forgetting import erase_again", SENDING),
        ("node/services/published.py", "from node.services import openings", SENDING),
        ("node/services/received/notes.py", "from node.services.releasing import coordinate", SENDING),
        ("node/services/community.py", "from node.storage.sealed_notes import SealedNotes", SENDING),
        ("node/storage/unit_of_work.py", "import node.storage.sealed_notes", SENDING),
        ("node/api/activitypub/objects.py", "import node.services.openings", SENDING),
        # A file that nobody thought of yet is shut out as well: who may is listed, not who may not.
        ("node/services/digest.py", "from node.domain.sealed import SealedNote", SEALED_TYPE),
        ("node/logs.py", "import node.domain.sealed", SEALED_TYPE),
        ("node/services/digest.py", "from node.storage import sealed_notes", SEALED_NOTES),
        ("node/web/dispatch.py", "from node.services.openings import open_note", OPENING),
        ("node/services/digest.py", "from node.services.openings import open_note", OPENING),
        ("node/api/v1/feed.py", "from node.services.releasing import coordinate", RELEASING),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tree: Path, spoilt: str, line: str, contract: str) -> None:
    with (tree / spoilt).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    outcome = lint(tree)
    assert outcome.returncode == 1, outcome.stdout
    assert f"{contract} BROKEN" in outcome.stdout
