"""What a case expects against what comes out: one line for each mismatch."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from hemei.engines.costs.answer import Answer, as_plain
from hemei.engines.costs.plan import ZERO, Case
from hemei.engines.strict import shown

Path = tuple[str, ...]

BY_HOME: Final[tuple[Path, ...]] = (("shares",), ("due",), ("late", "refunds"), ("running", "shares"))
"""Objects whose keys are homes: a home that stands on one side only is a mismatch."""
NEARLY: Final = ("t", "lambda", "chance")
"""May differ by one unit of the last decimal that is expected."""


def mismatches(case: Case, answer: Answer) -> list[str]:
    """Lines such as "K05 shares.302: expected '36131.42', got '36131.43'"; none where nothing is expected."""
    expected = dict(case.expected or {})
    tolerance = expected.pop("tolerance", ZERO)
    assert isinstance(tolerance, Fraction), "it was read as a number"
    wanted, got = dict(_leaves(expected)), dict(_leaves(as_plain(answer)))
    places = dict.fromkeys(wanted)
    for key in expected:
        places |= dict.fromkeys(path for path in got if path[0] == key and _home_of(path))
    return [
        f"{_name(case.id)} {'.'.join(map(_name, path))}: expected {wanted.get(path)!r}, got {got.get(path)!r}"
        for path in places
        if not _agree(path, wanted.get(path), got.get(path), tolerance)
    ]


def _leaves(plain: Mapping[str, object], above: Path = ()) -> Iterator[tuple[Path, object]]:
    """Everything that holds nothing further, with its path. An empty object of homes holds nothing."""
    for key, value in plain.items():
        path = (*above, key)
        if isinstance(value, Mapping):
            yield from _leaves(value, path)
        else:
            yield path, sorted(set(value)) if path == ("flags",) and isinstance(value, list) else value


def _home_of(path: Path) -> bool:
    return any(path[: len(homes)] == homes for homes in BY_HOME)


def _agree(path: Path, wanted: object, got: object, tolerance: Fraction) -> bool:
    if wanted == got:
        return True
    if not (isinstance(wanted, str) and isinstance(got, str)):
        return False
    if path[0] == "shares":
        return abs(Fraction(wanted) - Fraction(got)) <= tolerance if tolerance else False
    if path[0] in NEARLY:
        unit = Fraction(1, 10 ** len(wanted.partition(".")[2]))
        return abs(Fraction(wanted) - Fraction(got)) <= unit
    return False


def _name(given: str) -> str:
    return given if given.isprintable() else shown(given)
