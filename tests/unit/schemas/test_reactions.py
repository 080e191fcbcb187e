"""Like, Announce, Flag, Block and Move, as servers of many kinds write them."""

from typing import Any

import pytest

from schemas.activities import Announce, Block, Flag, Like, Move, Undo, parse_activity
from schemas.errors import InvalidDocument

AS = "https://www.w3.org/ns/activitystreams"
ROBIN = "https://market.example/users/robin"
NORTH = "https://north.example/actors/public"
NOTICE = "https://north.example/o/1"


def written(kind: str, about: Any, **more: Any) -> dict[str, Any]:
    return {"@context": AS, "id": "https://market.example/1", "type": kind, "actor": ROBIN, "object": about, **more}


@pytest.mark.parametrize("about", [NOTICE, {"id": NOTICE, "type": "Note"}, [NOTICE]])
def test_what_is_liked_is_only_an_id(about: object) -> None:
    like = parse_activity(written("Like", about))
    assert isinstance(like, Like)
    assert like.object == NOTICE


@pytest.mark.parametrize(
    "about",
    [
        NOTICE,
        {"id": NOTICE, "type": "Note", "content": "<p>A copy</p>"},
        {"id": "https://market.example/2", "type": "Create", "object": NOTICE},
        {"id": "https://market.example/2", "type": ["Update"], "object": {"id": NOTICE, "type": "Note"}},
    ],
)
# C-100
def test_an_announce_of_an_activity_is_about_what_the_activity_is_about(about: object) -> None:
    announce = parse_activity(written("Announce", about))
    assert isinstance(announce, Announce)
    assert announce.object == NOTICE


@pytest.mark.parametrize("about", [NOTICE, [NORTH, NOTICE], [{"id": NORTH}, NOTICE]])
# C-115
def test_a_flag_names_one_thing_or_several(about: object) -> None:
    flag = parse_activity(written("Flag", about, content="Not what it says"))
    assert isinstance(flag, Flag)
    assert flag.object[-1] == NOTICE
    assert flag.content == "Not what it says"


def test_a_block_and_a_move() -> None:
    block, move = parse_activity(written("Block", NORTH)), parse_activity(written("Move", ROBIN, target={"id": NORTH}))
    assert isinstance(block, Block)
    assert block.object == NORTH
    assert isinstance(move, Move)
    assert (move.object, move.target) == (ROBIN, NORTH)


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        (written("Like", None), "object"),
        (written("Like", [NOTICE, NORTH]), "object"),
        (written("Announce", {"type": "Note"}), "object"),
        (written("Flag", []), "object"),
        (written("Flag", [NOTICE] * 101), "object"),
        (written("Flag", [7]), "object.0"),
        (written("Block", 7), "object"),
        (written("Move", ROBIN), "target"),
    ],
)
# C-59
def test_what_is_missing_is_named(broken: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse_activity(broken)
    assert refused.value.path == path


@pytest.mark.parametrize("kind", ["Like", "Announce", "Block"])
def test_each_may_be_undone_whole_or_by_its_id(kind: str) -> None:
    whole = parse_activity(written("Undo", {"id": "https://market.example/0", "type": [kind], "actor": ROBIN}))
    by_id = parse_activity(written("Undo", "https://market.example/0"))
    assert isinstance(whole, Undo)
    assert isinstance(by_id, Undo)
    assert whole.object == by_id.object
    assert (whole.undone_type, whole.undone_actor) == (kind, ROBIN)
