"""Whatever is sent to the API by its own description, no answer is a fault of ours (Schemathesis)."""

import contextlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis.generation import GenerationMode

from tests.ports import free_port

PATIENCE = 30


@dataclass(frozen=True)
class Served:
    """A running server and a steward's token."""

    url: str
    token: str


def manyhands(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "node", *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in a process of its own, ended by its id."""
    home = str(tmp_path_factory.mktemp("sturdy") / "data")
    port = free_port()
    manyhands("init", "--name", "North Side Neighbours", "--base-url", f"http://localhost:{port}", "--data-dir", home)
    manyhands("member", "add", "Robin", "--role", "steward", "--role", "dispatcher", "--data-dir", home)
    token = manyhands("token", "create", "--member", "Robin", "--data-dir", home)
    command = [sys.executable, "-m", "node", "serve", "--bind", f"127.0.0.1:{port}", "--data-dir", home]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/livez")
            yield Served(f"http://localhost:{port}", token)
        finally:
            process.terminate()


def wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.1)


def test_no_answer_is_a_server_error(served: Served) -> None:
    """Right shapes and wrong ones, on every call; 502 is another community's fault and says so."""
    api = schemathesis.openapi.from_url(f"{served.url}/api/v1/openapi.json")
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try_it(operation.as_strategy(generation_mode=mode), served)


def try_it(cases: SearchStrategy[schemathesis.Case], served: Served) -> None:
    @given(case=cases)
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def run(case: schemathesis.Case) -> None:
        response = case.call(headers={"Authorization": f"Bearer {served.token}"})
        assert response.status_code < 500 or response.status_code == 502, (case.method, case.path, case.body)

    with contextlib.suppress(Unsatisfiable):  # a call without parameters and body has no wrong shape
        run()
