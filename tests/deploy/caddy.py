"""Runs the Caddy of deploy/Caddyfile on free ports of this machine, without touching anything else on it."""

import json
import os
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final

from tests.suites import needs

CADDYFILE: Final = Path(__file__).parents[2] / "deploy" / "Caddyfile"
PATIENCE_S: Final = 30


@dataclass(frozen=True)
class Proxy:
    """A running Caddy: the public name of its site, and the file with the certificate that vouches for it."""

    site: str
    authority: Path

    @property
    def url(self) -> str:
        """What BASE_URL is for a node behind it."""
        return f"https://{self.site}"

    def connect(self) -> HTTPSConnection:
        """A connection that trusts this Caddy and nobody else."""
        return HTTPSConnection(self.site, context=ssl.create_default_context(cafile=self.authority), timeout=20)

    def read(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[bytes, dict[str, str]]:
        """What is answered there, byte for byte, and the answer's headers by their names in small letters."""
        connection = self.connect()
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()


@contextmanager
def running_caddy(port: int, upstream: int, home: Path) -> Iterator[Proxy]:
    """Caddy for https://localhost:`port`, passing on to `upstream`; it keeps its own things in `home`."""
    program = needs("caddy")
    home.mkdir()
    settings = home / "caddy.json"
    settings.write_text(json.dumps(_contained(_adapted(program, port, upstream), home)), encoding="utf-8")
    proxy = Proxy(f"localhost:{port}", home / "pki" / "authorities" / "local" / "root.crt")
    command = [str(program), "run", "--config", str(settings)]
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(command, env=_environment(home), stdin=subprocess.DEVNULL, stderr=log) as process,
    ):
        try:
            _wait_until_ready(proxy, process, home / "log")
            yield proxy
        finally:
            process.terminate()


def _adapted(program: Path, port: int, upstream: int) -> dict[str, Any]:
    names = {"MANYHANDS_SITE": f"localhost:{port}", "MANYHANDS_NODE": f"127.0.0.1:{upstream}"}
    command = [str(program), "adapt", "--adapter", "caddyfile", "--config", str(CADDYFILE)]
    done = subprocess.run(command, env={**os.environ, **names}, capture_output=True, check=True, timeout=30)
    settings: dict[str, Any] = json.loads(done.stdout)
    return settings


def _contained(settings: dict[str, Any], home: Path) -> dict[str, Any]:
    """The same site, but no door for administration, no port 80, and no certificate put into this machine's store."""
    apps = settings["apps"]
    apps["http"]["servers"]["srv0"]["automatic_https"] = {"disable_redirects": True}
    apps["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    return settings | {"admin": {"disabled": True}, "storage": {"module": "file_system", "root": str(home)}}


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}


def _wait_until_ready(proxy: Proxy, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        if proxy.authority.exists() and _answers(proxy):
            return
        time.sleep(0.05)
    raise AssertionError(f"Caddy did not start: {log.read_text()}")


def _answers(proxy: Proxy) -> bool:
    connection = proxy.connect()
    try:
        connection.connect()
    except OSError:
        return False
    else:
        return True
    finally:
        connection.close()
