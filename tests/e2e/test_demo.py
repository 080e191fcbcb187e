"""The demo as a newcomer runs it: every step seen at both communities, and a failing step is named."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from node.demo.asking import Answered, Api
from node.demo.story import STEPS, Place, StepFailed, Walk, walk_through

ROOT = Path(__file__).parents[2]
NAMES = ["linked", "asked", "shared", "offered", "agreed", "released", "under way", "met", "receipt"]
PATIENCE_S = 150


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "node", "demo", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
    )


def test_once_walks_every_step_and_ends_well() -> None:
    out, err = start("--once").communicate(timeout=PATIENCE_S)

    steps = [line for line in out.splitlines() if re.match(r"[a-z ]{10} ", line)]
    assert [line[:10].strip() for line in steps] == NAMES, out + err
    for line in steps:
        assert re.search(r"North Side Neighbours: http://localhost:\d+/\S+", line)
        assert re.search(r"River Street Circle: http://127\.0\.0\.1:\d+/\S+", line)
    assert len(re.findall(r"http://\S+/sign-in/\S+", out)) == 2
    assert "Traceback" not in err


def test_once_has_status_0_only_after_the_last_step() -> None:
    demo = start("--once")
    try:
        out, _ = demo.communicate(timeout=PATIENCE_S)
    finally:
        demo.kill()
    assert (demo.returncode, "receipt" in out) == (0, True)


def test_without_once_it_stays_up_until_interrupted() -> None:
    demo = start()
    assert demo.stdout is not None
    try:
        seen = []
        for line in demo.stdout:
            seen.append(line)
            if line.startswith("Both communities stay up"):
                break
        address = re.search(r"is at (http://localhost:\d+)", "".join(seen))
        assert address is not None, seen
        with urllib.request.urlopen(address[1], timeout=10) as page:
            assert b"North Side Neighbours" in page.read()
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=PATIENCE_S) == 0
    finally:
        demo.kill()
        demo.communicate()


def test_stopped_half_way_it_does_not_claim_success() -> None:
    demo = start("--once")
    assert demo.stdout is not None
    try:
        for line in demo.stdout:
            if line.startswith("linked"):
                break
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(timeout=PATIENCE_S) != 0
    finally:
        demo.kill()
        demo.communicate()


async def test_a_step_that_fails_is_named() -> None:
    nowhere = Place("River Street Circle", Api("http://127.0.0.1:9", "no token"))
    said: list[str] = []

    with pytest.raises(StepFailed, match=r"The step “linked” failed: http://127\.0\.0\.1:9 does not answer\."):
        await walk_through(Walk(nowhere, nowhere), said.append)
    assert said == []


async def test_what_the_api_says_is_passed_on() -> None:
    with pytest.raises(Answered, match="does not answer"):
        await Api("http://127.0.0.1:9", "no token").get("/needs")


def test_the_story_has_every_step() -> None:
    assert [step.__name__.replace("_", " ") for step in STEPS] == NAMES
