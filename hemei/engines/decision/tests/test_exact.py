"""The laws of the engines: nothing of the product, no clock, no chance, no floating point in a verdict."""

import ast
import dataclasses
import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hemei.engines import decision
from hemei.engines.decision.tests.any_case import any_file

ENGINES = Path(decision.__file__).parents[1]
DECISION = sorted(ENGINES.joinpath("decision").glob("*.py"))
PURE = sorted([*ENGINES.glob("*.py"), *(path for path in ENGINES.rglob("*.py") if "tests" not in path.parts)])
READS_FILES = {"rulebook.py", "command.py"}
OUTSIDE = {"django", "hemei.base", "time", "random", "secrets", "uuid", "os", "socket", "subprocess", "threading"}
CLOCKS = {"now", "today", "utcnow", "localtime", "time_ns", "monotonic", "perf_counter"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def stands_on(*names: str) -> list[Path]:
    """The files of the engines that these import, directly or not."""
    found: list[Path] = []
    wanted = [ENGINES / name for name in names]
    while wanted:
        path = wanted.pop()
        if path not in found:
            found.append(path)
            modules = imported(ast.parse(path.read_text(encoding="utf-8")))
            parts = [module.split(".")[2:] for module in modules if module.startswith("hemei.engines.")]
            wanted += [ENGINES.joinpath(*part[:-1], f"{part[-1]}.py") for part in parts]
    return sorted(found)


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ENGINES)))
def test_an_engine_knows_neither_the_product_nor_the_clock(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set(imported(tree))
    rooms = {name for name in names if name.startswith("hemei.") and not name.startswith("hemei.engines")}
    assert not rooms
    assert not {name for name in names if name.split(".")[0] == "django"}
    assert not CLOCKS & set(called(tree))


@pytest.mark.parametrize("path", DECISION, ids=lambda path: path.name)
def test_nothing_of_a_decision_is_left_to_chance_or_read_from_elsewhere(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not OUTSIDE & set(imported(tree))
    if path.name not in READS_FILES:
        assert not {"open", "read_text", "read_bytes"} & set(called(tree))


VERDICT = stands_on("decision/tally.py", "decision/reading.py", "decision/checking.py", "decision/command.py")


@pytest.mark.parametrize("path", VERDICT, ids=lambda path: path.name)
def test_no_line_of_a_verdict_makes_a_floating_point_number(path: Path) -> None:
    """No such number stands in the code of what a verdict stands on, nothing is turned into one, nothing divided."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex)), node.lineno
        assert not (isinstance(node, ast.Name) and node.id == "float"), node.lineno
        assert not isinstance(node, ast.Div), "a test is settled by multiplying across"


def everything_in(value: Any) -> Iterator[Any]:
    yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from everything_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from everything_in(key)
            yield from everything_in(one)
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from everything_in(one)


def test_no_verdict_holds_a_floating_point_number() -> None:
    for seed in range(60):
        for case in decision.read_cases(json.dumps(any_file(Random(seed)))).cases:
            stands = [] if isinstance(case, decision.LinkedBallots) else [decision.standing(case)]
            for value in everything_in([case, decision.tally(case), *stands]):
                assert not isinstance(value, float)
                assert not isinstance(value, Fraction) or isinstance(value.numerator, int)


def test_the_same_case_gives_the_same_verdict_and_is_left_as_it_was() -> None:
    for seed in range(30):
        text = json.dumps(any_file(Random(seed)))
        cases = decision.read_cases(text).cases
        first = [decision.tally(case) for case in cases]
        assert [decision.tally(case) for case in cases] == first
        assert cases == decision.read_cases(text).cases
