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
from node.demo.story import STEPS, walk_through
from node.demo.towns import name_of_this_machine
from node.demo.walking import Place, StepFailed, Walk

ROOT = Path(__file__).parents[2]
NAMES = ["linked", "asked", "shared", "offered", "agreed", "released", "under way", "met", "receipt"]
MEETING = ["joined", "wished", "introduced", "reached"]
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


def steps_in(lines: list[str]) -> list[str]:
    return [line for line in lines if re.match(r"[a-z ]{10} ", line)]


def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())


def test_once_walks_every_step_and_ends_with_status_0() -> None:
    demo = start("--once")
    out, err = demo.communicate(timeout=PATIENCE_S)

    assert demo.returncode == 0, out + err
    steps = steps_in(out.splitlines())
    assert [line[:10].strip() for line in steps] == NAMES + MEETING
    for line in steps[: len(NAMES)]:
        assert re.search(r"North Side Neighbours: http://localhost:\d+/\S+", line)
        assert re.search(r"River Street Circle: http://127\.0\.0\.1:\d+/\S+", line)
    for line in steps[len(NAMES) :]:
        assert (
            len(
                re.findall(
                    r"(?:North Side Neighbours|River Street Circle|Market Hall Kitchen): http://\S+:\d+/\S+", line
                )
            )
            == 2
        )
    assert "River Street Circle" in steps[-1] and "Market Hall Kitchen" in steps[-1]
    assert err == ""


def test_without_once_every_page_can_be_clicked_until_it_is_interrupted() -> None:
    demo = start()
    assert demo.stdout is not None
    try:
        seen = []
        for line in demo.stdout:
            seen.append(line)
            if line.startswith("All three stay up"):
                break
        links = re.findall(r"http://\S+/sign-in/[^\s)]+", "".join(seen))
        assert len(links) == 3, seen
        visitor = browser()
        for link in links:
            visitor.open(link, data=b"", timeout=30).close()
        for page in re.findall(r"http://\S+", "".join(steps_in(seen))):
            with visitor.open(page, timeout=30) as answer:
                assert (answer.status, answer.url) == (200, page)
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
        await walk_through(Walk(nowhere, nowhere, nowhere), said.append)
    assert said == []


async def test_what_the_api_says_is_passed_on() -> None:
    with pytest.raises(Answered, match="does not answer"):
        await Api("http://127.0.0.1:9", "no token").get("/needs")


def test_the_story_has_every_step() -> None:
    assert [step.__name__.replace("_", " ") for step in STEPS] == NAMES + MEETING


def test_a_machine_without_a_further_name_takes_the_one_it_has() -> None:
    assert name_of_this_machine("localhost") == "localhost"
    assert name_of_this_machine("192.0.2.1") == "127.0.0.1"
