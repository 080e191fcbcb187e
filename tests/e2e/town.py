"""A community as a program and a person on the telephone reach it, and where its backups lie."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.commands import PATIENCE_S, manyhands


@dataclass
class Safe:
    """Where backups lie: the identity on a stick, the data and the keyring in two places."""

    identity: Path
    recipient: str
    data: Path
    keyring: Path

    def told(self) -> dict[str, str]:
        return {
            "MANYHANDS_BACKUP_RECIPIENTS": self.recipient,
            "MANYHANDS_BACKUP_DIR": str(self.data),
            "MANYHANDS_KEYRING_DIR": str(self.keyring),
        }

    def create(self, home: Path) -> Path:
        """Make both, and return the data backup."""
        ran = manyhands("backup", "create", data_dir=home, **self.told())
        assert (ran.status, ran.err) == (0, ""), ran
        return Path(ran.out.splitlines()[0].removeprefix("Data: "))

    def restore(self, home: Path, *more: str | Path) -> Any:
        return manyhands("backup", "restore", *more, "--identity", self.identity, data_dir=home)

    @property
    def newest_keyring(self) -> Path:
        return self.keyring / "keyring.age"


class Running:
    """A served community as a program and a person on the telephone reach it."""

    def __init__(self, home: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.token = manyhands("token", "create", "--member", "Steward", data_dir=home).out.strip()

    def ask(self, title: str, name: str) -> dict[str, Any]:
        need = {"notice": {"title": title, "category": "goods"}, "sealed": {"name": name}}
        return json.loads(self.send("/api/v1/needs", json.dumps(need).encode())[1])

    def erase(self, code: str) -> None:
        assert self.send(f"/r/{code}/erase", b"")[0] == 200

    def note(self, need_id: str) -> tuple[int, str]:
        return self.send(f"/api/v1/needs/{need_id}/sealed")

    def send(self, path: str, body: bytes | None = None) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self.token}"} if path.startswith("/api/") else {}
        headers |= {"Content-Type": "application/json"} if body else {}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(self.url + path, body, headers), timeout=PATIENCE_S
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
