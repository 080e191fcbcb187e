"""Needs and offers through the API."""

import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest

from node.domain.areas import Area
from node.domain.openings import UNSAID, Reason, Why
from node.services.community import Community, profile, save_profile
from node.services.openings import openings

SMALLEST = {"notice": {"title": "Soup", "category": "meals"}}


@pytest.mark.parametrize("kind", ["needs", "offers"])
async def test_everything_that_may_travel_comes_back_and_nothing_sealed(need: Any, member: Any, kind: str) -> None:
    answer = await member.send("POST", f"/{kind}", need)
    assert answer.status == 201
    stored = await answer.json()
    assert answer.headers["Location"] == f"/api/v1/{kind}/{stored['id']}"
    assert stored["status"] == "new"
    assert stored["notice"] == {**need["notice"], "quantity": 2, "repeat_until": None, "access": []}
    assert stored["remaining"] == 2
    assert stored["consent"] == {"board": True, "peers": "all", "public": True}
    assert stored["for_someone_else"] is True
    assert len(stored["code"].split("-")) == 5
    text = await answer.text()
    for sealed in ("Ruta", "555 0134", "blue door", "New baby", "Knock twice", "women only", "a cat"):
        assert sealed not in text


async def test_only_title_and_category_are_needed(member: Any) -> None:
    status, stored = await member("POST", "/needs", SMALLEST)
    assert status == 201
    assert stored["notice"]["urgency"] == "when someone can"
    assert stored["notice"]["quantity"] == 1
    assert stored["notice"]["repeat"] is None
    assert stored["consent"] == {"board": False, "peers": [], "public": False}


async def test_null_is_the_same_as_left_out(member: Any) -> None:
    fields = ["text", "area", "urgency", "needed_by", "repeat", "quantity", "unit", "languages"]
    body = {"notice": {**SMALLEST["notice"], **dict.fromkeys(fields)}, "sealed": None, "consent": None}
    status, stored = await member("POST", "/needs", body)
    assert status == 201
    assert stored["notice"] == (await member("POST", "/needs", SMALLEST))[1]["notice"]


@pytest.mark.parametrize(
    ("consent", "public"),
    [({"peers": "all"}, True), ({"peers": []}, False), ({"peers": "all", "public": False}, False), ({}, False)],
)
async def test_public_is_meant_only_with_all_peers_unless_said(member: Any, consent: Any, public: bool) -> None:
    _, stored = await member("POST", "/needs", {**SMALLEST, "consent": consent})
    assert stored["consent"]["public"] is public


async def test_a_no_is_written_down_and_who_does_not_know_is_protected(member: Any, dispatcher: Any) -> None:
    told = {**SMALLEST, "for_someone_else": True, "they_know": True, "may_be_contacted": False}
    consent = {"board": True, "refused": ["public", "message"], "channel": "on behalf", "wording": "May helpers …?"}
    status, stored = await member("POST", "/needs", {**told, "consent": consent})
    assert (status, stored["they_know"], stored["may_be_contacted"]) == (201, True, False)
    said = (await dispatcher("GET", f"/needs/{stored['id']}"))[1]["consents"]
    answers = {one["use"]: one["given"] for one in said}
    assert answers == {"dispatchers": True, "board": True, "public": False, "message": False}
    for wrong, field in (
        ({**told, "consent": {"board": True, "refused": ["board"]}}, "consent.refused"),
        ({**told, "consent": {"public": True, "refused": ["board"]}}, "consent.refused"),
        ({**told, "they_know": False, "consent": {"board": True}}, "they_know"),
    ):
        status, problem = await member("POST", "/needs", wrong)
        assert status == 422 and field in str(problem)


async def test_consent_for_one_community(member: Any, peer: Any) -> None:
    _, stored = await member("POST", "/needs", {**SMALLEST, "consent": {"peers": [peer.id]}})
    assert stored["consent"]["peers"] == [peer.id]
    status, problem = await member("POST", "/needs", {**SMALLEST, "consent": {"peers": ["unknown"]}})
    assert (status, problem["errors"][0]["field"]) == (422, "consent.peers")


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("needed_by", "2031-05-09T23:30:00+02:00", "2031-05-09"),
        ("needed_by", "2031-05-09T23:30:00Z", "2031-05-09"),
        ("quantity", 2.5, 2.5),
        ("quantity", "2.50", 2.5),
        ("quantity", 30, 30),
        ("repeat", "two-weekly", "two-weekly"),
        ("repeat", "once", None),
        ("title", "  Soup \n for two ", "Soup for two"),
    ],
)
async def test_ways_to_write_a_field(member: Any, field: str, value: object, shown: object) -> None:
    status, stored = await member("POST", "/needs", {"notice": {**SMALLEST["notice"], field: value}})
    assert status == 201
    assert stored["notice"][field] == shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 121),
        ("title", 7),
        ("title", None),
        ("title", "bell\u0007"),
        ("category", "cars"),
        ("urgency", "now"),
        ("needed_by", "Friday"),
        ("needed_by", 20310509),
        ("repeat", "daily"),
        ("quantity", 0),
        ("quantity", -1),
        ("quantity", "NaN"),
        ("quantity", "1e3"),
        ("quantity", True),
        ("quantity", 1_000_001),
        ("quantity", 0.00001),
        ("unit", "litre"),
        ("languages", "en"),
        ("text", "x" * 2001),
    ],
)
async def test_a_field_that_cannot_be_taken_is_named(member: Any, dispatcher: Any, field: str, value: object) -> None:
    status, problem = await member("POST", "/needs", {"notice": {**SMALLEST["notice"], field: value}})
    assert status == 422
    assert [error["field"] for error in problem["errors"]] == [f"notice.{field}"]
    assert all(error["detail"].endswith(".") for error in problem["errors"])
    assert (await dispatcher("GET", "/needs"))[1]["items"] == []


@pytest.mark.parametrize(
    ("sealed", "field"),
    [
        ({"contact": [{"method": "pigeon", "value": "coo"}]}, "sealed.contact.0.method"),
        ({"contact": [{"method": "phone"}]}, "sealed.contact.0.value"),
        ({"contact": [{"method": "phone", "value": "1", "voicemail_ok": "yes"}]}, "sealed.contact.0.voicemail_ok"),
        ({"name": "x" * 4001}, "sealed.name"),
        ({"surname": "x"}, "sealed.surname"),
        ({"contact": [{"method": "phone", "value": "1"}] * 9}, "sealed.contact"),
    ],
)
async def test_a_sealed_field_is_named_and_never_repeated(member: Any, sealed: Any, field: str) -> None:
    status, problem = await member("POST", "/needs", {**SMALLEST, "sealed": sealed})
    assert status == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert "pigeon" not in orjson.dumps(problem).decode()


async def test_needs_and_offers_do_not_mix(dispatcher: Any, need_id: str) -> None:
    assert (await dispatcher("GET", f"/offers/{need_id}"))[0] == 404
    assert (await dispatcher("GET", f"/offers/{need_id}/sealed"))[0] == 404
    assert (await dispatcher("POST", f"/offers/{need_id}/shares", {"level": "public"}))[0] == 404
    assert (await dispatcher("GET", "/offers"))[1] == {"items": [], "next": None}
    assert (await dispatcher("GET", f"/needs/{need_id}"))[1]["kind"] == "need"


async def test_listing_asks_by_status_category_area_and_words(need: Any, dispatcher: Any) -> None:
    await dispatcher("POST", "/needs", need)
    _, soup = await dispatcher("POST", "/needs", SMALLEST)
    await dispatcher("POST", f"/needs/{soup['id']}/status", {"status": "open"})
    for query in ("status=open", "category=meals", "q=soup", "status=open&category=meals&area=&q="):
        found = (await dispatcher("GET", f"/needs?{query}"))[1]["items"]
        assert [item["id"] for item in found] == [soup["id"]], query
    found = (await dispatcher("GET", "/needs?area=Harbour"))[1]["items"]
    assert [item["notice"]["title"] for item in found] == ["Diapers, size 4"]
    assert "code" not in found[0]


async def test_a_larger_area_is_asked_for_and_what_lies_within_it_is_answered(
    dispatcher: Any, community: Community, need: Any
) -> None:
    town = (Area("North Side"), Area("Harbour", within="North Side"), Area("Hill"))
    await save_profile(community, replace(await profile(community), areas=town))
    made = (await dispatcher("POST", "/needs", {**need, "notice": need["notice"] | {"area": "north side: HARBOUR"}}))[1]
    assert made["notice"]["area"] == "Harbour", "it is kept by its name"
    for area, found in (("North%20Side", [made["id"]]), ("Harbour", [made["id"]]), ("Hill", [])):
        items = (await dispatcher("GET", f"/needs?area={area}"))[1]["items"]
        assert [item["id"] for item in items] == found, area
    changed = await dispatcher("PATCH", f"/needs/{made['id']}", {"notice": {"area": "North side"}})
    assert changed[1]["notice"]["area"] == "North Side"
    assert (await dispatcher("GET", "/needs?area=Harbour"))[1]["items"] == []


async def test_pages_follow_each_other_and_hold_everything_once(dispatcher: Any) -> None:
    made = [(await dispatcher("POST", "/needs", SMALLEST))[1]["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    for size in (2, 2, 1):
        _, page = await dispatcher("GET", "/needs", params={"limit": "2", "after": cursor})
        assert len(page["items"]) == size
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "%00", "bm90IGEgdGltZXxpZA==", "MDAwMS0wMS0wMVQwMDowMHx4", "é"])
async def test_a_cursor_that_is_not_ours_is_refused(dispatcher: Any, cursor: str) -> None:
    status, problem = await dispatcher("GET", f"/needs?after={cursor}")
    assert (status, problem["errors"][0]["field"]) == (422, "after")


@pytest.mark.parametrize("limit", ["0", "101", "many", "-1"])
async def test_a_page_has_a_size_that_makes_sense(dispatcher: Any, limit: str) -> None:
    status, problem = await dispatcher("GET", f"/needs?limit={limit}")
    assert (status, problem["errors"][0]["field"]) == (422, "limit")


async def test_a_correction_changes_only_what_it_names(need: Any, dispatcher: Any, need_id: str) -> None:
    change = {"notice": {"title": "Diapers, size 5", "needed_by": None, "quantity": 3}}
    status, changed = await dispatcher("PATCH", f"/needs/{need_id}", change)
    assert status == 200
    expected = {**need["notice"], "title": "Diapers, size 5", "needed_by": None, "quantity": 3, "repeat_until": None}
    expected["access"] = []
    assert changed["notice"] == expected
    assert (await dispatcher("GET", f"/needs/{need_id}"))[1]["notice"] == expected


@pytest.mark.parametrize("change", [{"title": None}, {"title": " "}, {"category": "cars"}, {"unit": "litre"}])
async def test_a_wrong_correction_changes_nothing(dispatcher: Any, need_id: str, change: Any) -> None:
    before = await dispatcher("GET", f"/needs/{need_id}")
    status, problem = await dispatcher("PATCH", f"/needs/{need_id}", {"notice": {"text": "other", **change}})
    assert status == 422
    assert [error["field"] for error in problem["errors"]] == [f"notice.{next(iter(change))}"]
    assert await dispatcher("GET", f"/needs/{need_id}") == before


async def test_status_moves_on_but_never_back_to_new(dispatcher: Any, need_id: str) -> None:
    path = f"/needs/{need_id}/status"
    assert (await dispatcher("POST", path, {"status": "open", "note": "spoke"}))[1]["status"] == "open"
    status, problem = await dispatcher("POST", path, {"status": "new"})
    assert (status, problem["type"]) == (409, "about:blank")
    assert (await dispatcher("POST", path, {"status": "rejected"}))[0] == 422
    met = (await dispatcher("POST", path, {"status": "met"}))[1]
    assert (met["status"], met["remaining"]) == ("met", 0)


async def test_opening_the_sealed_note_is_logged(
    need: Any, dispatcher: Any, community: Community, need_id: str
) -> None:
    status, note = await dispatcher("GET", f"/needs/{need_id}/sealed?why=call%20back")
    assert status == 200
    assert note == need["sealed"] | {"answers": []}
    await dispatcher("GET", f"/needs/{need_id}/sealed?why=bring")
    await dispatcher("GET", f"/needs/{need_id}/sealed")
    written = await openings(community, need_id)
    assert [line.reader_name for line in written] == ["Bo"] * 3
    assert [line.why for line in written] == [Why(Reason.OTHER, "call back"), Why(Reason.BRING), UNSAID]


async def test_the_same_key_and_body_stores_once(need: Any, member: Any, dispatcher: Any) -> None:
    key = {"Idempotency-Key": "morning-1"}
    first = await member.send("POST", "/needs", need, headers=key)
    again = await member.send("POST", "/needs", need, headers=key)
    assert (first.status, again.status) == (201, 201)
    assert await first.read() == await again.read()
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len((await dispatcher("GET", "/needs"))[1]["items"]) == 1


async def test_the_same_key_at_the_same_moment_stores_once(member: Any, dispatcher: Any) -> None:
    key = {"Idempotency-Key": "morning-2"}
    answers = await asyncio.gather(*(member("POST", "/needs", SMALLEST, headers=key) for _ in range(8)))
    assert len({answer["id"] for _, answer in answers}) == 1
    assert len((await dispatcher("GET", "/needs"))[1]["items"]) == 1


async def test_a_key_cannot_be_used_for_another_request(need: Any, member: Any, dispatcher: Any) -> None:
    key = {"Idempotency-Key": "morning-3"}
    await member("POST", "/needs", SMALLEST, headers=key)
    assert (await member("POST", "/needs", need, headers=key))[0] == 409
    assert (await member("POST", "/offers", SMALLEST, headers=key))[0] == 409
    assert (await dispatcher("POST", "/needs", SMALLEST, headers=key))[0] == 201  # another member's key
    assert len((await dispatcher("GET", "/needs"))[1]["items"]) == 2


async def test_an_error_is_not_kept_under_a_key(dispatcher: Any, need_id: str) -> None:
    key = {"Idempotency-Key": "morning-4"}
    assert (await dispatcher("POST", "/needs", {"notice": {"title": "Soup"}}, headers=key))[0] == 422
    assert (await dispatcher("POST", "/needs", SMALLEST, headers=key))[0] == 201


async def test_what_a_crash_left_half_answered_is_not_stored_twice(
    need: Any, member: Any, dispatcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise ConnectionError

    key = {"Authorization": f"Bearer {member.token}", "Idempotency-Key": "morning-5"}
    with monkeypatch.context() as patched:
        patched.setattr("node.services.replays.keep", fails)
        answer = await member.client.post("/api/v1/needs", json=need, headers=key)
        assert answer.status == 500
    answer = await member.client.post("/api/v1/needs", json=need, headers=key)
    assert answer.status == 201
    assert len((await dispatcher("GET", "/needs"))[1]["items"]) == 1


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "é"])
async def test_a_key_that_cannot_be_one_is_refused(member: Any, key: str) -> None:
    assert (await member("POST", "/needs", SMALLEST, headers={"Idempotency-Key": key}))[0] == 400


async def test_a_kept_answer_rests_boxed(need: Any, member: Any, community: Community) -> None:
    _, stored = await member("POST", "/needs", need, headers={"Idempotency-Key": "morning-6"})
    await community.database.close()
    for file in community.settings.data_dir.iterdir():
        if file.is_file():
            assert stored["code"].encode() not in file.read_bytes()


async def test_an_offer_says_what_is_possible(dispatcher: Any) -> None:
    notice = {"title": "Soup", "category": "meals", "access": ["step-free", "no lifting", "step-free"]}
    status, stored = await dispatcher("POST", "/offers", {"notice": notice})
    assert (status, stored["notice"]["access"]) == (201, ["step-free", "no lifting"])
    _, changed = await dispatcher("PATCH", f"/offers/{stored['id']}", {"notice": {"access": None}})
    assert changed["notice"]["access"] == []


async def test_what_somebody_who_asks_needs_does_not_travel(dispatcher: Any, need_id: str) -> None:
    notice = {"title": "Soup", "category": "meals", "access": ["step-free"]}
    for method, path, body in (
        ("POST", "/needs", {"notice": notice}),
        ("PATCH", f"/needs/{need_id}", {"notice": {"access": ["step-free"]}}),
    ):
        status, problem = await dispatcher(method, path, body)
        assert (status, problem["errors"][0]["field"]) == (422, "notice.access")


@pytest.mark.parametrize(
    ("card", "field"),
    [
        ({"at_the_door": ["shout"]}, "at_the_door.0"),
        ({"access": ["elevator music"]}, "access.0"),
        ({"pets": "x" * 301}, "pets"),
        ({"language": "<b>"}, "language"),
        ({"phone": "555"}, "phone"),
    ],
)
async def test_an_arrival_card_names_what_cannot_be_taken(dispatcher: Any, card: Any, field: str) -> None:
    status, problem = await dispatcher("POST", "/needs", {**SMALLEST, "sealed": {"arrival_card": card}})
    assert (status, problem["errors"][0]["field"]) == (422, f"sealed.arrival_card.{field}")


async def test_an_empty_arrival_card_is_shown_empty(dispatcher: Any) -> None:
    _, stored = await dispatcher("POST", "/needs", SMALLEST)
    _, note = await dispatcher("GET", f"/needs/{stored['id']}/sealed")
    assert note["arrival_card"] == {
        "at_the_door": [],
        "access": [],
        "language": "",
        "interpreter": False,
        "pets": "",
        "who_may_come": "",
    }
