"""Every mistake that a file of cost cases can hold, one at a time, in an otherwise good file; and the places that a
message about it may name.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]


def good_file() -> Json:
    """A case of each method: key (guangzhou, storeys, table), the games, benefit, slack, chance."""
    homes = [
        {"id": "101", "floor": 1, "area": "60.00", "owner": "Qian"},
        {"id": "201", "floor": 2, "area": "48.7"},
        {"id": "301", "floor": 3, "area": "62"},
    ]
    case = {
        "title": {"en": "A case", "zh": "案例"},
        "floors": 3,
        "homes": homes,
        "cost": {"works": "900.00", "other": "0.50", "subsidy": {"rate": "0.40", "cap": "280.00"}},
        "rounding": {"to": "cent"},
    }
    need = ["0.00", "310", "620.50"]
    step = {"to": "step", "step": "100.00"}
    full = {
        "why": "It holds nearly everything.",
        "method": {"name": "key", "key": "guangzhou", "within": "area"},
        "need": need,
        "late": {"home": "201", "years": "4.5", "life": "15"},
        "sales": [{"home": "101", "date": "2026-03-01", "buyer": "Li"}],
        "paid": {"301": "30.00"},
        "chance": {"heads": 2},
        "homes": with_keys(homes, mu="100", s="50.5"),
        "expected": {
            "shares": {"101": "0.00", "201": "0.00", "301": "620.50"},
            "total": "620.50",
            "flags": ["subsidy_capped"],
            "core_violations": [],
            "late": {"home": "201", "share": "1.00", "pays": "1.00", "refunds": {"301": "1.00"}},
            "due": {"301": {"owner": None, "amount": "1.00"}},
            "chance": {"all": "0.500000", "heads": "0.500000"},
            "tolerance": "0.01",
        },
    }
    return {
        "about": {"schema": "cost-cases/1"},
        "cases": [
            {"id": "A", **case, **full},
            {"id": "B", **case, "method": {"name": "key", "key": "storeys", "within": "equal", "half_landing": [2, 3]}},
            {"id": "C", **case, "method": {"name": "key", "key": "table", "within": "equal", "k": ["0", "1", "-0.5"]}},
            {"id": "D", **case, "method": {"name": "shapley"}, "need": need, "rounding": step},
            {"id": "E", **case, "method": {"name": "nucleolus"}, "need": need},
            {"id": "F", **case, "method": {"name": "equal_gain"}, "homes": with_keys(homes, benefit="300.5")},
            {"id": "G", **case, "method": {"name": "proportional_benefit"}, "homes": with_keys(homes, benefit="-3")},
            {
                "id": "H",
                **case,
                "method": {"name": "least_slack", "scale": "given"},
                "homes": with_keys(homes, limit="300", scale="2.5"),
            },
            {
                "id": "I",
                **case,
                "method": {"name": "least_slack", "scale": "limit"},
                "homes": with_keys(homes, limit="300"),
            },
            {"id": "J", **case, "method": {"name": "max_chance"}, "homes": with_keys(homes, mu="100", s="50")},
        ],
    }


def with_keys(homes: list[Json], **more: str) -> list[Json]:
    return [{**home, **more} for home in homes]


# --- changing one place ---------------------------------------------------------------------------------------------


def holder(file: Json, path: str) -> tuple[Any, Any]:
    """What holds the place that a path names, and its key there."""
    *above, last = [
        int(part[1:-1]) if part.startswith("[") else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", path)
    ]
    held: Any = file
    for step in above:
        held = held[step]
    return held, last


def put(path: str, value: Any) -> Callable[[Json], None]:
    def change(file: Json) -> None:
        held, key = holder(file, path)
        held[key] = value

    return change


def drop(path: str) -> Callable[[Json], None]:
    def change(file: Json) -> None:
        held, key = holder(file, path)
        del held[key]

    return change


# --- the mistakes ---------------------------------------------------------------------------------------------------

HOME, COST, LATE, SALE = "cases[0].homes[1]", "cases[0].cost", "cases[0].late", "cases[0].sales[0]"
METHODS = {
    name: f"cases[{place}].method" for place, name in enumerate(("key", "storeys", "table", "shapley", "nucleolus"))
}
BENEFIT, SLACK, BY_LIMIT, CHANCE = "cases[5]", "cases[7]", "cases[8]", "cases[9]"

NUMBERS = (
    "x",
    "",
    "NaN",
    "Infinity",
    "+1",
    "1e5",
    "1/2",
    " 6",
    "6 ",
    "6_0",
    "0x1",
    "1.",
    ".5",
    "６０",
    "1,5",
    "--1",
    "-",
)
NO_NUMBERS: tuple[Any, ...] = (60, 60.5, True, None, [], {}, *NUMBERS)
MONEY = (
    *(f"{COST}.works", f"{COST}.other", f"{COST}.subsidy.cap", "cases[0].need[1]", "cases[0].paid.301"),
    *("cases[3].rounding.step", f"{BENEFIT}.homes[0].benefit", f"{SLACK}.homes[0].limit"),
)
RATIONALS = (
    *(*MONEY, f"{HOME}.area", f"{COST}.subsidy.rate", f"{LATE}.years", f"{LATE}.life", "cases[2].method.k[1]"),
    *(f"{SLACK}.homes[0].scale", f"{CHANCE}.homes[0].mu", f"{CHANCE}.homes[0].s"),
)
NOT_NEGATIVE = (
    *(f"{HOME}.area", f"{COST}.works", f"{COST}.other", f"{COST}.subsidy.cap", f"{COST}.subsidy.rate"),
    *("cases[3].rounding.step", f"{LATE}.years", f"{LATE}.life", f"{SLACK}.homes[0].scale", f"{CHANCE}.homes[0].s"),
)
MORE_THAN_0 = (
    f"{HOME}.area",
    "cases[3].rounding.step",
    f"{LATE}.life",
    f"{SLACK}.homes[0].scale",
    f"{CHANCE}.homes[0].s",
)
WHOLE = {"cases[0].floors": 0, f"{HOME}.floor": 0, "cases[0].chance.heads": -1, "cases[1].method.half_landing[0]": 0}
NO_DAYS = ("2026-02-30", "2026-3-1", "20260301", "2026-03-01T10:00", "", "soon", 20260301, None, "2026-W10-3")

MISSING = (
    *("cases", "cases[0].id", "cases[0].floors", "cases[0].homes", "cases[0].cost", "cases[0].method"),
    *("cases[0].rounding", f"{HOME}.id", f"{HOME}.floor", f"{HOME}.area", f"{HOME}.mu", f"{HOME}.s"),
    *(f"{COST}.works", f"{COST}.other", f"{COST}.subsidy", f"{COST}.subsidy.rate", f"{COST}.subsidy.cap"),
    *("cases[0].method.name", "cases[0].method.key", "cases[0].method.within", "cases[2].method.k"),
    *("cases[3].need", "cases[4].need", "cases[3].rounding.step", "cases[0].rounding.to", f"{SLACK}.method.scale"),
    *(f"{BENEFIT}.homes[1].benefit", "cases[6].homes[0].benefit", f"{SLACK}.homes[1].limit", f"{SLACK}.homes[2].scale"),
    *(f"{CHANCE}.homes[1].mu", f"{CHANCE}.homes[2].s", f"{LATE}.home", f"{LATE}.years", f"{LATE}.life"),
    *(f"{SALE}.home", f"{SALE}.date", f"{SALE}.buyer", "cases[0].chance.heads"),
)
UNKNOWN = (
    *(
        "colour",
        "cases[0].colour",
        f"{HOME}.colour",
        f"{COST}.colour",
        f"{COST}.subsidy.colour",
        "cases[0].method.colour",
    ),
    *("cases[0].rounding.colour", f"{LATE}.colour", f"{SALE}.colour", "cases[0].chance.colour"),
    *("cases[0].expected.colour", f"{CHANCE}.method.colour"),
)
FOREIGN = {
    "cases[0].method.k": ["0", "1", "2"],
    "cases[0].method.half_landing": [2],
    "cases[2].method.half_landing": [2],
    "cases[1].method.k": ["0", "1", "2"],
    "cases[3].method.key": "guangzhou",
    "cases[4].method.within": "area",
    f"{BENEFIT}.method.scale": "one",
    f"{CHANCE}.method.scale": "one",
    f"{SLACK}.method.within": "area",
    "cases[0].method.scale": "one",
    "cases[0].rounding.step": "100.00",
}
LISTED = {
    "cases[0].method.name": "lot",
    "cases[0].method.key": "paris",
    "cases[0].method.within": "height",
    f"{SLACK}.method.scale": "two",
    "cases[0].rounding.to": "yuan",
}
KINDS: tuple[tuple[str, Any], ...] = (
    ("cases", {}),
    ("cases[0]", []),
    ("cases[0].id", 7),
    ("cases[0].floors", "3"),
    ("cases[0].floors", 3.0),
    ("cases[0].floors", True),
    ("cases[0].floors", None),
    ("cases[0].homes", {}),
    (HOME, "201"),
    (f"{HOME}.id", 201),
    (f"{HOME}.floor", "2"),
    (f"{HOME}.floor", 2.0),
    (f"{HOME}.floor", True),
    ("cases[0].homes[0].owner", 5),
    (COST, []),
    (f"{COST}.subsidy", None),
    ("cases[0].method", "key"),
    ("cases[0].method.name", None),
    ("cases[0].rounding", "cent"),
    ("cases[0].need", {}),
    ("cases[2].method.k", {}),
    ("cases[1].method.half_landing", 2),
    ("cases[1].method.half_landing[0]", "2"),
    ("cases[1].method.half_landing[0]", 4),
    (LATE, []),
    (f"{LATE}.home", 201),
    ("cases[0].sales", {}),
    (SALE, []),
    (f"{SALE}.buyer", 5),
    ("cases[0].paid", []),
    ("cases[0].chance", 2),
    ("cases[0].chance.heads", "2"),
    ("cases[0].chance.heads", 1.5),
    ("cases[0].chance.heads", True),
    ("cases[0].expected", []),
    ("cases[0].expected.shares", []),
    ("cases[0].expected.tolerance", 0.01),
)


def mistakes() -> Iterator[tuple[str, Callable[[Json], None], tuple[str, ...]]]:
    """A sentence, the change, and the places that the message may begin with."""
    for path in MISSING:
        yield f"{path} is missing", drop(path), (path,)
    for path in UNKNOWN:
        yield f"{path} is unknown", put(path, "red"), (path,)
    for path, value in (FOREIGN | LISTED | WHOLE).items():
        yield f"{path} is {value!r}", put(path, value), (path,)
    for path, value in KINDS:
        yield f"{path} is {value!r}", put(path, value), (path,)
    for path in RATIONALS:
        for value in NO_NUMBERS:
            if not (path.endswith("cap") and value is None):
                yield f"{path} is the number {value!r}", put(path, value), (path,)
    for path in MONEY:
        yield f"{path} has three decimals", put(path, "310.001"), (path,)
    for path in NOT_NEGATIVE:
        yield f"{path} is negative", put(path, "-1"), (path,)
    for path in MORE_THAN_0:
        yield f"{path} is nothing", put(path, "0.00"), (path,)
    for value in NO_DAYS:
        yield f"{SALE}.date is the day {value!r}", put(f"{SALE}.date", value), (f"{SALE}.date",)
    yield from between_places()


def between_places() -> Iterator[tuple[str, Callable[[Json], None], tuple[str, ...]]]:
    """Mistakes that no single value shows: something stands twice, or is not there."""
    yield "a case's id stands twice", put("cases[1].id", "A"), ("cases[1].id",)
    yield "a home's id stands twice", put(f"{HOME}.id", "101"), (f"{HOME}.id",)
    yield "a home above the house", put(f"{HOME}.floor", 4), (f"{HOME}.floor",)
    yield "no homes", put("cases[1].homes", []), ("cases[1].homes",)
    for length in (["0", "1"], ["0", "1", "2", "3"], []):
        yield f"{len(length)} coefficients", put("cases[2].method.k", length), ("cases[2].method.k",)
    for need in (["0.00", "620.50"], ["0.00", "0.00", "310.00", "620.50"], []):
        yield f"{len(need)} needs", put("cases[0].need", need), ("cases[0].need",)
    yield "a need that falls", put("cases[0].need", ["310.00", "300.00", "620.50"]), ("cases[0].need",)
    yield "a need above the cost", put("cases[0].need", ["310.00", "630.00", "620.50"]), ("cases[0].need",)
    for last in ("620.51", "620.49", "900.50"):
        yield f"needs that end at {last}", put("cases[3].need[2]", last), ("cases[3].need",)
    for place in (3, 4):
        path = f"cases[{place}].homes"
        yield f"{path}: nobody at the top of a game", put(f"{path}[2].floor", 2), (f"cases[{place}]",)
    yield "no such home joins late", put(f"{LATE}.home", "999"), (f"{LATE}.home",)
    yield "no such home is sold", put(f"{SALE}.home", "999"), (f"{SALE}.home",)
    yield "no such home paid", put("cases[0].paid.999", "1.00"), ("cases[0].paid",)
    nothing = [{"id": "101", "floor": 1, "area": "60.00", "limit": "0.00"}]
    yield "all limits are 0", put(f"{BY_LIMIT}.homes", nothing), (BY_LIMIT,)


def spoiled_texts() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is wrong with the text itself."""
    good = json.dumps(good_file(), ensure_ascii=False)
    yield "nothing", "", ("",)
    yield "no JSON", "cases: []", ("",)
    yield "cut off", good[:-9], ("",)
    yield "something after it", good + "{}", ("",)
    yield "a list", "[]", ("",)
    yield "a word", '"cases"', ("",)
    yield "deep nesting", "[" * 100_000, ("",)
    yield "deep nesting in a place", good.replace('"48.7"', "[" * 5000 + "]" * 5000), ("",)
    yield "a bare NaN", good.replace('"48.7"', "NaN"), ("",)
    yield "a bare infinity", good.replace('"48.7"', "-Infinity"), ("",)
    yield "a number of 5000 digits", good.replace('"floors": 3', '"floors": ' + "9" * 5000), ("",)
    yield "a huge exponent", good.replace('"floors": 3', '"floors": 1e999'), ("",)
    yield "a string of 5000 digits", good.replace('"48.7"', '"' + "9" * 5000 + '"', 1), (f"{HOME}.area",)
    twice = {
        '"area": "48.7"': '"area": "48.7", "area": "48.7"',
        '"rate":': '"rate": "0.40", "rate":',
        '"cases":': '"cases": [], "cases":',
        '"301": "30.00"': '"301": "30.00", "301": "30.00"',
    }
    for key, doubled in twice.items():
        yield f"{key} stands twice", good.replace(key, doubled, 1), ("",)


def bad_files() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every mistake: its sentence, the text of a file with it, the places that the message may name."""
    bad = {sentence: (text, places) for sentence, text, places in spoiled_texts()}
    for sentence, change, places in mistakes():
        file = json.loads(json.dumps(good_file()))  # nothing in it is shared
        change(file)
        assert sentence not in bad, sentence
        bad[sentence] = (json.dumps(file, ensure_ascii=False), places)
    return bad
