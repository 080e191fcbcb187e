"""Members, tokens and peers from the command line."""

import re
from pathlib import Path

import pytest

from tests.e2e.commands import (
    LINK,
    manyhands,
    refused,
)
from tests.ports import free_port


def test_members_are_added_listed_and_given_links(home: Path) -> None:
    added = manyhands("member", "add", "Alma", "--role", "helper", "--role", "dispatcher", data_dir=home)
    link = manyhands("member", "link", "alma", data_dir=home)

    assert LINK.fullmatch(added.out.strip())
    assert LINK.fullmatch(link.out.strip())
    assert added.out != link.out
    assert "Alma: dispatcher, helper" in manyhands("member", "list", data_dir=home).out.splitlines()


def test_members_are_given_roles_and_end(home: Path) -> None:
    manyhands("member", "add", "Alma", "--role", "helper", data_dir=home)
    changed = manyhands("member", "role", "alma", "--give", "steward", "--take", "helper", data_dir=home)
    assert changed.out == "Alma: steward\n"
    assert manyhands("member", "end", "Steward", data_dir=home).out == "Steward is not a member any more.\n"
    refused(manyhands("member", "end", "alma", data_dir=home), 1, "no steward")


def test_member_names_are_taken_once_and_must_be_known(home: Path) -> None:
    manyhands("member", "add", "Alma", "--role", "helper", data_dir=home)

    refused(manyhands("member", "add", "ALMA", "--role", "helper", data_dir=home), 1, "already")
    refused(manyhands("member", "add", "  ", "--role", "helper", data_dir=home), 1, "call you")
    refused(manyhands("member", "link", "Nobody", data_dir=home), 1, "Nobody")
    refused(manyhands("token", "create", "--member", "Nobody", data_dir=home), 1, "Nobody")


def test_a_token_is_printed_and_nothing_else(home: Path) -> None:
    manyhands("member", "add", "Alma", "--role", "helper", data_dir=home)

    ran = manyhands("token", "create", "--member", "Alma", "--label", "script", data_dir=home)

    assert re.fullmatch(r"mh_[\w-]{40,}\n", ran.out)
    assert ran.err == ""


@pytest.mark.parametrize("address", ["nonsense", "@", "@a@b@c", "ftp://x.example", "", "http://[::1"])
def test_an_address_of_no_community_is_refused(address: str, home: Path) -> None:
    refused(manyhands("peer", "add", address, data_dir=home), 1)
    assert manyhands("peer", "list", data_dir=home).out == ""


def test_an_address_where_nobody_answers_is_refused(home: Path) -> None:
    address = f"http://localhost:{free_port()}/actors/public"

    refused(manyhands("peer", "add", address, data_dir=home, MANYHANDS_DEV_LOOPBACK_PEERS="true"), 1)


@pytest.mark.parametrize("verb", ["accept", "pause", "block", "drop"])
def test_an_unknown_peer_is_named(verb: str, home: Path) -> None:
    refused(manyhands("peer", verb, "@public@nowhere.example", data_dir=home), 1, "@public@nowhere.example")
