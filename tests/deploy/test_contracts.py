"""The import contracts hold, and each of them breaks when it should: a rule that cannot fail protects nothing."""

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
CRYPTOGRAPHY = "Only the signing keys and the vault know the cryptography library"
SEALED = "Nothing that builds a document for others can see what is sealed"


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


@pytest.mark.parametrize(
    ("spoilt", "line", "contract"),
    [
        ("schemas/fields.py", "import federation.errors", ARROW),
        ("federation/errors.py", "import node.settings", ARROW),
        ("node/domain/needs_rules.py", "import node.services", NODE),
        ("node/utils.py", "", NODE),
        ("node/settings.py", "import node.domain", NODE),
        ("federation/helpers.py", "", FEDERATION),
        ("federation/digest.py", "import federation.cavage", FEDERATION),
        ("node/web/shortcut.py", "import sqlalchemy", DATABASE),
        ("node/services/shortcut.py", "from sqlalchemy import select", DATABASE),
        ("node/services/shortcut.py", "import aiohttp", HTTP),
        ("federation/fetch.py", "import aiohttp", HTTP),
        ("node/web/shortcut.py", "import cryptography", CRYPTOGRAPHY),
        ("node/translate/shortcut.py", "import node.domain.sealed", SEALED),
        ("schemas/shortcut.py", "import node.storage.vault", SEALED),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tree: Path, spoilt: str, line: str, contract: str) -> None:
    with (tree / spoilt).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    outcome = lint(tree)
    assert outcome.returncode == 1, outcome.stdout
    assert f"{contract} BROKEN" in outcome.stdout
