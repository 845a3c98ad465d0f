"""No floating point in what anybody pays: shown by the code itself."""

import ast
from pathlib import Path

import pytest

from hemei.engines import costs

ENGINE = Path(costs.__file__).parent
SEARCHING = {"best_chance.py", "hazards.py"}
"""Search in floats, settle in Decimal; what they propose is tested in test_best_chance.py."""
SIMULATING = {"passing.py"}
"""Draws whole numbers from one fixed seed where there is too much to reckon through."""
FILES = sorted(path for path in ENGINE.glob("*.py") if path.name not in SEARCHING)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_reckons_knows_no_floats(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"line {node.lineno}"
        assert not (isinstance(node, ast.Name) and node.id == "float"), f"line {node.lineno}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            names = {alias.name for alias in node.names}
            assert module not in ("numpy", "scipy", "random", "time", "statistics") or path.name in SIMULATING
            assert module != "math" or names <= {"lcm", "gcd", "comb", "isqrt"}


@pytest.mark.parametrize("path", sorted(ENGINE.glob("*.py")), ids=lambda path: path.name)
def test_an_engine_knows_no_clock_and_no_product(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            first, *rest = node.module.split(".")
            assert first not in ("django", "time", "os")
            assert first != "random" or path.name in SIMULATING
            assert first != "hemei" or rest[0] == "engines"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "today", "utcnow")
