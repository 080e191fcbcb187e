"""Nobody is counted: no score, rank, rating or tally of a person, in storage, in the API, on any page, in any query."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Float, Integer, Numeric, Table
from sqlalchemy.types import TypeEngine

from node.storage.columns import Amount
from node.storage.tables import metadata
from tests.privacy.people import filled
from tests.privacy.table import rows
from tests.privacy.told import Told

ROOT = Path(__file__).parents[2]

#: Words for what is never done, in names and in sentences.
SCORING = re.compile(
    r"(?<![a-z])(scor(e|es|ed|ing)|rank(s|ed|ing|ings)?|rat(ing|ings|ed)|stars?|badges?|streaks?|balances?|kudos|karma|"
    r"points|leaderboards?|no[-_ ]?shows?|reputations?|reliab\w*|trustworth\w*|tall(y|ies)|credits?|hours owed|"
    r"eligib\w*|deserv\w*|verified needy|most helpful|top helpers?|times helped|"
    r"(help|helped|need|offer|task|open|opened|opening|visit)[-_ ]?(count|counter|total)s?)(?![a-z])",
    re.IGNORECASE,
)
#: Words for people that no page says (product.md speaks of solidarity).
NEVER_SAID = re.compile(r"\b(client|beneficiary|beneficiaries|recipient|case|donor)s?\b", re.IGNORECASE)

#: Every number that stands in a row about one person, with its reason. Another one has to argue its way in here.
NUMBERS_ABOUT_A_PERSON = {
    ("replays", "status"): "the HTTP status of an answer that is kept for a repeated request",
    ("audit", "id"): "the place of a line in the log",
    ("tellings", "tries"): "how often our mail server was spoken to about one message; gone after a week",
    ("consents", "id"): "the place of an answer among the answers",
}

#: Every place where rows are counted, with what is counted.
COUNTED = {
    ("strangers.py", "enquiries"): "messages of one stranger's server or account within a day, to stop floods",
    ("strangers.py", "reports"): "reports of one server within a day, to stop floods",
    ("strangers.py", "reactions"): "likes and shares of one notice, by strangers",
    ("feed.py", "feed_items"): "needs and offers that a community showed us within a month; below five it is a few",
    ("introductions.py", "introductions"): "communities that one neighbour introduced within a month; no page shows it",
    ("outbox.py", "outbox"): "the number of the last row, so that the next one stands behind it in line",
    ("suggestions.py", "suggestions"): "servers on lists of others that wait for a steward",
    ("openings.py", "openings"): "what weighs on the brake on sealed notes; no page shows it",
}
_PERSONS = re.compile(r"(?<![a-z])(members?|person|owner|helper|guest)(?![a-z])")
_COUNTING = re.compile(r"func\.(count|sum|avg|max|min|rank|dense_rank|row_number)\b")


def words_about_scores(text: str) -> list[str]:
    """Every word of this text that scores somebody; the parts of a name count as words."""
    return [match[0] for match in SCORING.finditer(re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", text))]


def is_number(kind: TypeEngine[object]) -> bool:
    return isinstance(kind, (Integer, Numeric, Float)) or type(kind) is Amount


def persons_tables() -> Iterator[Table]:
    """Tables with rows about one person each: members, and whatever points to a member."""
    for table in metadata.tables.values():
        if table.name == "members" or any(_PERSONS.search(column.name) for column in table.columns):
            yield table


def test_no_table_or_column_is_named_for_a_score() -> None:
    names = [name for table in metadata.tables.values() for name in (table.name, *table.columns.keys())]
    assert len(names) > 200
    assert [name for name in names if words_about_scores(name)] == []


def test_no_number_stands_beside_a_person() -> None:
    found = {
        (table.name, column.name) for table in persons_tables() for column in table.columns if is_number(column.type)
    }
    assert found <= NUMBERS_ABOUT_A_PERSON.keys(), found - NUMBERS_ABOUT_A_PERSON.keys()
    names = {table.name for table in persons_tables()}
    assert {"members", "sessions", "audit", "openings"} <= names


def test_members_hold_who_they_are_and_nothing_of_what_they_did() -> None:
    assert set(metadata.tables["members"].columns.keys()) == {
        "id", "name", "name_key", "roles", "password_hash", "created_at", "language",
    }  # fmt: skip


def sources() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "node").rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")


def test_no_query_groups_by_a_person_and_every_count_is_known() -> None:
    grouped, counted = [], set()
    for path, text in sources():
        for call in (one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Call)):
            said = ast.unparse(call)
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"group_by", "distinct", "partition_by"}:
                arguments = " ".join(ast.unparse(one) for one in call.args)
                grouped += [f"{path.name}: {arguments}"] if _PERSONS.search(arguments) else []
            if _COUNTING.match(said):
                counted |= {(path.name, table) for table in metadata.tables if _counts(text, call, table)}
        assert not re.search(r"GROUP BY|COUNT\(", text), f"{path.name} writes its own SQL for counting"
    assert grouped == []
    assert counted <= COUNTED.keys(), counted - COUNTED.keys()
    assert len(counted) == len(COUNTED)


def _counts(text: str, call: ast.Call, table: str) -> bool:
    """Whether this counting stands in a statement about this table."""
    around = "\n".join(text.splitlines()[max(call.lineno - 2, 0) : call.lineno + 2])
    return bool(re.search(rf"\b{table}\b", around))


def test_what_weighs_on_the_brake_stays_inside_the_brake() -> None:
    """The one number about a member is looked up in one place, and leaves it as free, near or on."""
    users = [path.name for path, text in sources() if ".weight(" in text]
    assert users == ["brakes.py"]
    alert = (
        (ROOT / "node/services/brakes.py")
        .read_text(encoding="utf-8")
        .partition("class Alert")[2]
        .partition("\n\n\n")[0]
    )
    assert "int" not in re.findall(r": (\w+)", alert)


def test_no_sorting_of_members_but_by_name() -> None:
    for path, text in sources():
        for match in re.finditer(r"select\(members[^\n]*order_by\(([^)]*)\)", text):
            assert match[1] == "members.c.name_key", path.name


pytestmark_of_pages = pytest.mark.asyncio(loop_scope="session")


@pytestmark_of_pages
async def test_the_api_knows_no_score(everybody: Told) -> None:
    answer = await everybody.people["stranger"].ask("GET", "/api/v1/openapi.json")
    assert answer.status == 200
    assert words_about_scores(answer.body.decode()) == []


@pytestmark_of_pages
@pytest.mark.parametrize("role", ["guest", "member", "dispatcher", "steward"])
async def test_no_page_scores_anybody(role: str, everybody: Told) -> None:
    found = {}
    for row in rows():
        if row.method != "GET" or row.seen[role] is None:
            continue
        ids = await everybody.ids_for(role, row.path)
        answer = await everybody.people[role].ask("GET", filled(row.path, ids))
        if "text/html" in answer.headers.get("Content-Type", ""):
            text = re.sub(r"<[^>]*>", " ", answer.body.decode())
            words = words_about_scores(text) + [match[0] for match in NEVER_SAID.finditer(text)]
            found |= {row.path: words} if words else {}
    assert found == {}


def test_the_words_are_found_where_they_stand() -> None:
    for wrong in ("score", "member_rank", "5 stars", "no-shows", "Your rating", "balance", "help_count", "TopHelpers"):
        assert words_about_scores(wrong), wrong
    for right in ("started_at", "shared", "iterated", "restart", "Crank", "the community's report", "quantity"):
        assert words_about_scores(right) == [], right
