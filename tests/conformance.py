"""Lists every number of the protocol's checklist (C) and threat table (T) with the tests that carry it.

A test carries a number when a comment such as `# C-88, T-6` stands in it or right above it, or in a table of cases
that it names. Numbers that do not apply to this program stand in conformance.toml, each with its reason.
Exits 1 where a comment names a number that does not exist, or stands where no test is.
"""

import ast
import io
import re
import sys
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent
LAST: Final = {"C": 153, "T": 43}
NUMBER: Final = re.compile(r"\b([CT])-(\d+)\b")

Number = tuple[str, int]


@dataclass(frozen=True)
class Mention:
    """One number in one comment."""

    number: Number
    line: int


@dataclass(frozen=True)
class Place:
    """A stretch of lines, and the tests that carry the numbers mentioned there."""

    first: int
    last: int
    tests: tuple[str, ...]


def main() -> int:
    """Prints the list; 0 when every comment makes sense, 1 otherwise."""
    carried, mistakes = collect(TESTS, TESTS.parent)
    reasons = read_reasons(TESTS / "conformance.toml")
    mistakes += [f"conformance.toml: {name(number)} does not exist" for number in reasons if not exists(number)]
    mistakes += [f"conformance.toml: {name(number)} has tests, so it applies" for number in reasons.keys() & carried]
    lines = [*report(carried, reasons), "", *(f"Mistake: {mistake}" for mistake in mistakes), tally(carried, reasons)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if mistakes else 0


def collect(tests: Path, root: Path) -> tuple[dict[Number, list[str]], list[str]]:
    """The tests under `tests` that carry each number, and every comment that makes no sense."""
    carried: dict[Number, list[str]] = defaultdict(list)
    mistakes: list[str] = []
    for path in sorted(tests.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        where = path.relative_to(root).as_posix()
        places = list(find_places(ast.parse(source)))
        for mention in find_mentions(source):
            bearers = carriers(mention.line, places)
            if not exists(mention.number):
                mistakes.append(f"{where}:{mention.line}: {name(mention.number)} does not exist")
            elif not bearers:
                mistakes.append(f"{where}:{mention.line}: {name(mention.number)} stands beside no test")
            else:
                carried[mention.number] += [f"{where}::{test}" for test in bearers]
    return dict(carried), mistakes


def find_mentions(source: str) -> Iterator[Mention]:
    """Every number in a comment of this source."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield from (Mention((kind, int(n)), token.start[0]) for kind, n in NUMBER.findall(token.string))


def find_places(module: ast.Module) -> Iterator[Place]:
    """Each statement of a test file in order, a class taken apart into its methods."""
    tests = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    uses = {test.name: names_in(test) for test in tests if test.name.startswith("test_")}
    for statement in module.body:
        inner = statement.body if isinstance(statement, ast.ClassDef) else [statement]
        for node in inner:
            yield Place(first_line(node), node.end_lineno or node.lineno, bearers_of(node, uses))


def bearers_of(node: ast.stmt, uses: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The test that a statement is, or the tests that name what it defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in uses:
        return (node.name,)
    defined = names_in(node, ast.Store)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defined = frozenset({node.name})
    return tuple(test for test, used in uses.items() if not used.isdisjoint(defined))


def names_in(node: ast.AST, context: type[ast.expr_context] = ast.Load) -> frozenset[str]:
    """The names read (or, with ast.Store, set) anywhere in a statement, a test's fixtures among those read."""
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, context)}
    return frozenset(names | {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)})


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators counted in."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return node.lineno


def carriers(line: int, places: list[Place]) -> tuple[str, ...]:
    """The tests of the statement that holds this line, or of the next one below it."""
    return next((place.tests for place in places if line <= place.last), ())


def read_reasons(path: Path) -> dict[Number, str]:
    """The numbers that do not apply here, each with its reason."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {(kind, int(n)): reason for kind, entries in tables.items() for n, reason in entries.items()}


def report(carried: Mapping[Number, list[str]], reasons: Mapping[Number, str]) -> Iterator[str]:
    """One line per number, and one per test below it."""
    for number in ((kind, n) for kind, last in LAST.items() for n in range(1, last + 1)):
        if number in reasons:
            yield f"{name(number)}  does not apply: {reasons[number]}"
        elif number in carried:
            yield name(number)
            yield from (f"    {test}" for test in sorted(set(carried[number])))
        else:
            yield f"{name(number)}  no test yet"


def tally(carried: Mapping[Number, list[str]], reasons: Mapping[Number, str]) -> str:
    """How many numbers are accounted for: proved by a test, or shown not to apply."""
    settled = {number for number in (*carried, *reasons) if exists(number)}
    counts = {kind: sum(1 for own, _ in settled if own == kind) for kind in LAST}
    return f"C: {counts['C']} of {LAST['C']}, T: {counts['T']} of {LAST['T']}"


def exists(number: Number) -> bool:
    """Whether the protocol has this number."""
    kind, n = number
    return 1 <= n <= LAST.get(kind, 0)


def name(number: Number) -> str:
    """As it is written: C-88."""
    return f"{number[0]}-{number[1]}"


if __name__ == "__main__":
    sys.exit(main())
