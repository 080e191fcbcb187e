"""What is in deploy/ is understood by the programs it is written for, and gives away nothing it need not."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from tests.suites import needs

pytestmark = pytest.mark.deploy

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
INSTALLED = "/opt/manyhands/.venv/bin/manyhands"


def run(
    program: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *map(str, arguments)],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def compose_environment() -> dict[str, str]:
    return {"MANYHANDS_SITE": "hands.example"}


def test_caddy_takes_its_file() -> None:
    outcome = run(needs("caddy"), "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    assert outcome.returncode == 0, outcome.stderr


# T-31, T-42
def test_caddy_neither_keeps_addresses_nor_touches_the_signed_parts() -> None:
    outcome = run(needs("caddy"), "adapt", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    assert outcome.returncode == 0, outcome.stderr
    adapted = json.loads(outcome.stdout)
    hidden = adapted["logging"]["logs"]["default"]["encoder"]["fields"]
    assert {"request>remote_ip", "request>client_ip", "request>headers", "request>uri"} <= set(hidden)
    assert "logs" not in adapted["apps"]["http"]["servers"]["srv0"]
    written = json.dumps(adapted["apps"])
    assert "rewrite" not in written
    assert "set" not in re.findall(r'"(?:request|headers)": \{"(\w+)"', written)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = needs("systemd-analyze")
    unit = (DEPLOY / "manyhands.service").read_text(encoding="utf-8")
    assert f"ExecStart={INSTALLED} serve\n" in unit
    installed = tmp_path / "manyhands.service"
    installed.write_text(unit.replace(INSTALLED, "/bin/true"), encoding="utf-8")
    outcome = run(program, "verify", "--man=no", installed)
    assert outcome.returncode == 0, outcome.stderr
    assert str(installed) not in outcome.stderr


def test_the_unit_leaves_the_service_little_of_the_machine() -> None:
    """An exposure below 2.5 of 10, as systemd itself counts it."""
    outcome = run(
        needs("systemd-analyze"), "security", "--offline=true", "--threshold=25", DEPLOY / "manyhands.service"
    )
    assert outcome.returncode == 0, outcome.stdout[-400:]


def test_compose_takes_its_file(compose_environment: dict[str, str]) -> None:
    program = needs("docker-compose")
    outcome = run(program, "--file", DEPLOY / "compose.yaml", "config", "--quiet", environment=compose_environment)
    assert outcome.returncode == 0, outcome.stderr


def test_compose_says_which_name_is_missing() -> None:
    outcome = run(
        needs("docker-compose"),
        *("--file", DEPLOY / "compose.yaml", "config", "--quiet"),
        environment={"MANYHANDS_SITE": ""},
    )
    assert outcome.returncode != 0
    assert "Write MANYHANDS_SITE=hands.example.org" in outcome.stderr


def test_only_caddy_is_reached_from_outside_and_nothing_runs_with_rights_it_need_not(
    compose_environment: dict[str, str],
) -> None:
    program = needs("docker-compose")
    outcome = run(program, "--file", DEPLOY / "compose.yaml", "config", environment=compose_environment)
    services = yaml.safe_load(outcome.stdout)["services"]
    assert "ports" in services["caddy"]
    assert "ports" not in services["node"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_dockerfile_is_clean() -> None:
    outcome = run(needs("hadolint"), "--no-color", DEPLOY / "Dockerfile")
    assert outcome.returncode == 0, outcome.stdout


def test_the_image_runs_without_root_and_checks_its_health() -> None:
    final = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")[-1]
    assert re.findall(r"^USER (.*)$", final, re.MULTILINE) == ["10001:10001"]
    assert 'CMD ["manyhands", "healthcheck"]' in final
    assert re.findall(r"^VOLUME (.*)$", final, re.MULTILINE) == ["/data"]


def test_everything_the_image_is_built_from_is_let_in() -> None:
    allowed = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copies = re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    copied = {name for line in copies for name in line.split()}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
