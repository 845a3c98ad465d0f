"""What a case expects: read strictly, kept as it is written, and held against what comes out."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from hemei.engines.costs.answer import Answer, as_plain
from hemei.engines.costs.numbers import any_number, not_negative, sum_of_money
from hemei.engines.costs.plan import ZERO, Case
from hemei.engines.strict import Node, named

Path = tuple[str, ...]

BY_HOME: Final[tuple[Path, ...]] = (("shares",), ("due",), ("late", "refunds"), ("running", "shares"))
"""Objects whose keys are homes: a home that stands on one side only is a mismatch."""
NEARLY: Final = ("t", "lambda", "chance")
"""May differ by one unit of the last decimal that is expected."""


def expectation(node: Node) -> Mapping[str, object]:
    """What a case expects, strings as they were written. Every key may be left out; none may be unknown."""
    return _written(node, EXPECTED)


def _written(node: Node, keys: "Mapping[str, Callable[[Node], object]]") -> dict[str, object]:
    written: dict[str, object] = {}
    for key, below in node.entries().items():
        if key not in keys:
            raise below.mistake("is not a key that can stand here", "此处没有这个键")
        written[key] = keys[key](below)
    return written


def _money_as_written(node: Node) -> object:
    sum_of_money(node)
    return node.value


def _number_as_written(node: Node) -> object:
    any_number(node)
    return node.value


def _sums_as_written(node: Node) -> object:
    return {home: _money_as_written(amount) for home, amount in node.entries().items()}


def _names(node: Node) -> object:
    return [member.name() for member in node.members()]


def _floors(node: Node) -> object:
    return [member.whole(1) for member in node.members()]


def _due(node: Node) -> object:
    return {
        home: _written(
            due, {"owner": lambda owner: None if owner.is_null else owner.name(), "amount": _money_as_written}
        )
        for home, due in node.entries().items()
    }


def _tolerance(node: Node) -> object:
    return not_negative(node)


EXPECTED: Final[Mapping[str, Callable[[Node], object]]] = {
    "shares": _sums_as_written,
    "total": _money_as_written,
    "reserve": _money_as_written,
    "short_by": _money_as_written,
    "over_by": _money_as_written,
    "flags": _names,
    "subsidy": _money_as_written,
    "net": _money_as_written,
    "core_violations": _floors,
    "t": _number_as_written,
    "lambda": _number_as_written,
    "late": lambda node: _written(
        node, {"home": Node.name, "share": _money_as_written, "pays": _money_as_written, "refunds": _sums_as_written}
    ),
    "due": _due,
    "chance": lambda node: _written(node, {"all": _number_as_written, "heads": _number_as_written}),
    "running": lambda node: _written(
        node,
        {
            "shares": _sums_as_written,
            "total": _money_as_written,
            "reserve": _money_as_written,
            "short_by": _money_as_written,
        },
    ),
    "tolerance": _tolerance,
}


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
        f"{named(case.id)} {'.'.join(map(named, path))}: expected {wanted.get(path)!r}, got {got.get(path)!r}"
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
