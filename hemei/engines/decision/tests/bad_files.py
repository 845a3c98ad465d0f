"""Every mistake that a file of cases can hold, one at a time, in an otherwise good file; and the places that a message
about it may name.

`bad_files()` maps a sentence about the mistake to the text of the file and those places. Where the mistake lies between
two places (a test that measures what a unit lacks), either may be named.
"""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

Json = dict[str, Any]


def good_file() -> Json:
    """One case with nearly everything, one under another rule, one of linked ballots."""
    test = {
        "id": "heads",
        "kind": "participation",
        "measure": "heads",
        "who": "all",
        "count": "participating",
        "base": "all",
        "cmp": ">=",
        "threshold": "2/3",
    }
    rule = {
        "head_key": "owner",
        "joint": "representative",
        "abstain": "participates",
        "spoiled": "not_participating",
        "nonresponse": "follows_majority_if_delivered",
        "transfer": "record_date",
        "proxy": {"written_required": True, "max_principals": 2, "own_act_overrides": True},
        "tests": [
            test,
            {**test, "id": "area", "kind": "approval", "measure": "area", "count": "for"},
            {**test, "id": "occupied", "kind": "approval", "measure": "share", "who": "group:occupied"},
        ],
        "fallback": {
            "trigger": [{**test, "id": "third", "kind": "trigger", "threshold": "1/3"}],
            "tests": [{**test, "id": "second", "kind": "approval", "count": "for"}],
        },
        "original_owner": {"at_least": "1/2", "factor": "1/3", "min_lots": 3},
        "name": {"en": "A rule", "zh": "规则"},
        "source": "a source",
        "valid_from": "2021-01-01",
        "valid_to": "2030-12-31",
    }
    shares = {key: value for key, value in rule.items() if key not in ("fallback", "original_owner", "valid_to")}
    shares |= {"joint": "shares_two_thirds", "transfer": "lapses", "tests": [test]}
    authority = {"at": "2025-03-02T10:00", "unit": "2", "by": "Chen", "to": "Du"}
    pair = [{"id": "Ai", "rep": True, "share": "1/2"}, {"id": "Bo", "share": "0.5"}]
    case = {
        "id": "A",
        "title": {"en": "All", "zh": "全"},
        "why": "It holds nearly everything.",
        "rule": "REP",
        "overrides": {"abstain": "ignored"},
        "window": {"open": "2025-03-01T08:00", "close": "2025-03-10T18:00:00"},
        "window2": {"open": "2025-03-10T18:00", "close": "2025-03-11T18:00"},
        "record_date": "2025-03-05",
        "notice": {"posted": "2025-03-11", "days": 10, "non_working_days": ["2025-03-21", "2025-03-22"]},
        "evaluate_at": "2025-04-01T09:00",
        "certify_at": "2025-03-12T09:00",
        "units": [
            {
                "id": "1",
                "owners": deepcopy(pair),
                "area": "60.00",
                "share": "100",
                "groups": ["occupied"],
                "kind": "home",
            },
            {"id": "2", "owners": [{"id": "Chen"}], "area": "60.5", "share": "100/3", "head": "C"},
            {"id": "3", "owners": [{"id": "Du"}], "area": "0", "share": "10", "original_owner": True},
        ],
        "events": [
            cast("1", "Ai", id="c0", channel="paper", signed_at="2025-03-02T10:00"),
            {"at": "2025-03-02T10:00", "type": "revoke", "unit": "1", "by": "Ai", "round": 1},
            {**authority, "type": "grant", "written": True, "expires": "2025-03-09T10:00", "instruction": "for"},
            {**authority, "type": "withdraw"},
            {"at": "2025-03-02T10:00", "type": "transfer", "unit": "1", "to": deepcopy(pair)},
            {"at": "2025-03-02T10:00", "type": "deliver", "unit": "3", "proof": True},
            {"at": "2025-03-02T10:00", "type": "void", "unit": "1", "ref": "c0", "reason": "forged"},
            {"at": "2025-03-12T10:00", "type": "objection", "id": "o7", "unit": "3", "ground": "daylight"},
            {"at": "2025-03-13T10:00", "type": "objection_closed", "ref": "o7", "how": "settled"},
            {"at": "2025-03-02T10:00", "type": "roll_correction", "unit": "3", "area": "12.5", "source": "register"},
            cast("2", "Du", at="2025-03-10T19:00", id="c10", for_owner="Chen", round=2),
            {"at": "2025-03-12T10:00", "type": "objection", "id": "o11", "unit": "3", "ground": "daylight"},
        ],
        "expected": {
            "outcome": "no_quorum",
            "tests": {"heads": ["1", "3", False]},
            "second_tests": {"third": ["1", "3", True]},
            "status": {"1": "none"},
            "deemed": {"3": "for"},
            "flags": [["voided", "1"]],
        },
    }
    small = {
        "rule": "SHARES",
        "window": {"open": "2025-03-01T08:00", "close": "2025-03-10T18:00"},
        "units": [{"id": "1", "owners": pair}, {"id": "2", "owners": [{"id": "Chen"}]}],
        "events": [cast("1", "Ai"), {"at": "2025-03-02T10:00", "type": "transfer", "unit": "1", "to": pair}],
    }
    ballots = [{"id": "B1", **deepcopy(small)}, {"id": "B2", **deepcopy(small)}]
    return {
        "about": {"schema": "consent-cases/1"},
        "rules": {"REP": rule, "SHARES": shares},
        "cases": [
            case,
            {"id": "S", **small},
            {"id": "L", "title": {"en": "Linked", "zh": "联"}, "ballots": ballots, "expected": {"outcome": "rejected"}},
        ],
    }


def cast(unit: str, by: str, **more: Any) -> Json:
    return {"at": "2025-03-02T09:00", "type": "cast", "unit": unit, "by": by, "choice": "for", **more}


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


def also(path: str, value: Any) -> Callable[[Json], None]:
    """One more in a list."""

    def change(file: Json) -> None:
        held, key = holder(file, path)
        held[key].append(value)

    return change


def both(*changes: Callable[[Json], None]) -> Callable[[Json], None]:
    def change(file: Json) -> None:
        for one in changes:
            one(file)

    return change


# --- the mistakes ---------------------------------------------------------------------------------------------------

UNIT, EVENT, RULE, TEST = "cases[0].units[1]", "cases[0].events", "rules.REP", "rules.REP.tests[0]"

NUMBERS = (
    "60x",
    "",
    "NaN",
    "Infinity",
    "-1",
    "+1",
    "1e3",
    "1/0",
    " 60",
    "60 ",
    "6_0",
    "0x10",
    "1/2/3",
    "６０",
    "1,5",
    "--1",
)
NO_NUMBERS: tuple[Any, ...] = (60, 60.5, True, [], {}, *NUMBERS)
NO_TIMES = (
    *("2025-03-02", "2025-03-02 10:00", "2025-03-02T24:00", "2025-03-02T10:60", "2025-02-30T10:00", "2025-3-2T10:00"),
    *("2025-03-02T10:00Z", "2025-03-02T10:00+08:00", "2025-03-02T10", "20250302T1000", "", "soon", 5, True),
    *("2025-03-02T10:00:00.5", "2025-03-02T10:00:61", " 2025-03-02T10:00", "２０２５-03-02T10:00"),
)
NO_DAYS = (
    "2025-02-30",
    "2025-3-5",
    "20250305",
    "2025-03-05T10:00",
    "",
    "2025-W10-3",
    "2025-064",
    20250305,
    "0000-01-01",
)

MISSING = (
    *("rules", "cases", "cases[0].id", "cases[0].rule", "cases[0].window", "cases[0].units", "cases[0].events"),
    *("cases[0].window.open", "cases[0].window.close", "cases[0].window2.open", "cases[0].window2.close"),
    *("cases[0].notice.posted", "cases[0].notice.days"),
    *(f"{UNIT}.id", f"{UNIT}.owners", f"{UNIT}.owners[0].id"),
    *(f"{EVENT}[{place}].{key}" for place in range(12) for key in ("at", "type")),
    *(f"{EVENT}[{place}].unit" for place in range(12) if place != 8),
    *(f"{EVENT}[0].{key}" for key in ("by", "choice")),
    *(f"{EVENT}[1].by", f"{EVENT}[2].by", f"{EVENT}[2].to", f"{EVENT}[3].by", f"{EVENT}[3].to", f"{EVENT}[4].to"),
    *(f"{EVENT}[6].ref", f"{EVENT}[7].id", f"{EVENT}[8].ref"),
    *(
        f"{RULE}.{key}"
        for key in ("head_key", "joint", "abstain", "spoiled", "nonresponse", "transfer", "proxy", "tests")
    ),
    *(f"{RULE}.proxy.{key}" for key in ("written_required", "own_act_overrides")),
    *(f"{TEST}.{key}" for key in ("id", "kind", "measure", "who", "count", "base", "cmp", "threshold")),
    *(f"{RULE}.fallback.trigger", f"{RULE}.fallback.tests", f"{RULE}.fallback.tests[0].base"),
    *(f"{RULE}.original_owner.{key}" for key in ("at_least", "factor", "min_lots")),
    *("cases[2].ballots[1].id", "cases[2].ballots[1].rule", "cases[2].ballots[0].window.close"),
)
UNKNOWN = (
    *("colour", "cases[0].colour", "cases[0].window.colour", "cases[0].window2.colour", "cases[0].notice.colour"),
    *(f"{UNIT}.colour", f"{UNIT}.owners[0].colour", "cases[0].expected.colour", "cases[0].overrides.colour"),
    *(f"{EVENT}[{place}].colour" for place in range(12)),
    *(f"{RULE}.colour", f"{RULE}.proxy.colour", f"{TEST}.colour", f"{RULE}.fallback.colour"),
    *(f"{RULE}.original_owner.colour", f"{RULE}.fallback.trigger[0].colour", "cases[2].colour"),
    *(f"{EVENT}[4].to[0].colour", "cases[2].ballots[1].units[0].colour", f"{EVENT}[5].by", "cases[2].units"),
)
LISTED = {
    **{f"{RULE}.{key}": "x" for key in ("head_key", "joint", "abstain", "spoiled", "nonresponse", "transfer")},
    **{f"{TEST}.{key}": "x" for key in ("kind", "measure", "who", "count", "base", "cmp")},
    f"{EVENT}[0].choice": "yes",
    f"{EVENT}[0].type": "vote",
    f"{EVENT}[2].instruction": "yes",
    f"{EVENT}[0].round": 3,
    f"{EVENT}[1].round": 0,
    "cases[0].expected.outcome": "won",
    "cases[0].overrides.abstain": "x",
}
KINDS: tuple[tuple[str, Any], ...] = (
    ("cases", {}),
    ("rules", []),
    ("cases[0]", []),
    ("cases[0].units", {}),
    ("cases[0].events", {}),
    ("cases[0].window", []),
    ("cases[0].id", 7),
    ("cases[0].rule", 7),
    ("cases[0].window.open", None),
    (f"{TEST}.threshold", None),
    (UNIT, "2"),
    (f"{UNIT}.id", 2),
    (f"{UNIT}.owners", "Chen"),
    (f"{UNIT}.owners[0]", "Chen"),
    (f"{UNIT}.owners[0].id", None),
    (f"{UNIT}.head", 4),
    (f"{UNIT}.groups", "occupied"),
    (f"{UNIT}.kind", []),
    (f"{UNIT}.original_owner", "true"),
    (f"{EVENT}[0]", []),
    (f"{EVENT}[0].by", 1),
    (f"{EVENT}[0].unit", 1),
    (f"{EVENT}[0].choice", None),
    (f"{EVENT}[0].type", {}),
    (f"{EVENT}[0].round", "1"),
    (f"{EVENT}[0].round", True),
    (f"{EVENT}[2].written", "true"),
    (f"{EVENT}[5].proof", 1),
    (f"{EVENT}[4].to", "Fang"),
    ("cases[0].units[0].owners[0].rep", "true"),
    ("cases[0].notice.days", "10"),
    ("cases[0].notice.days", -1),
    ("cases[0].notice.days", 1.5),
    ("cases[0].notice.days", True),
    ("cases[0].notice.non_working_days", "2025-03-21"),
    (f"{RULE}.proxy", None),
    (f"{RULE}.proxy.max_principals", -1),
    (f"{RULE}.proxy.max_principals", "2"),
    (f"{RULE}.proxy.max_principals", 1.0),
    (f"{RULE}.proxy.max_principals", True),
    (f"{RULE}.proxy.written_required", "yes"),
    (f"{RULE}.tests", {}),
    (f"{RULE}.fallback", []),
    (f"{RULE}.original_owner.min_lots", "3"),
    (f"{RULE}.original_owner.min_lots", -3),
    ("cases[2].ballots", {}),
    ("cases[2].ballots[0]", 3),
    ("cases[0].expected", []),
    ("cases[0].expected.tests.heads", "1"),
    ("cases[0].expected.tests.heads[2]", "true"),
    ("cases[0].expected.flags", {}),
    ("cases[0].overrides", []),
    ("cases[0].overrides.proxy", {}),
)
TIMES = (
    *("cases[0].window.open", "cases[0].window.close", "cases[0].window2.open", "cases[0].evaluate_at"),
    *("cases[0].certify_at", f"{EVENT}[0].at", f"{EVENT}[8].at", f"{EVENT}[2].expires"),
)
DAYS = ("cases[0].record_date", "cases[0].notice.posted", "cases[0].notice.non_working_days[1]", f"{RULE}.valid_from")
RATIONALS = (
    *(f"{UNIT}.area", f"{UNIT}.share", "cases[0].units[0].owners[1].share", f"{TEST}.threshold"),
    *(f"{RULE}.original_owner.at_least", f"{RULE}.original_owner.factor", f"{EVENT}[9].area"),
    *(f"{EVENT}[4].to[0].share", "cases[0].expected.tests.heads[0]"),
)
OWNERS = "cases[0].units[0].owners"
PAIR = [{"id": "Ai"}, {"id": "Bo"}]


def mistakes() -> Iterator[tuple[str, Callable[[Json], None], tuple[str, ...]]]:
    """A sentence, the change, and the places that the message may begin with."""
    for path in MISSING:
        yield f"{path} is missing", drop(path), (path,)
    for path in UNKNOWN:
        yield f"{path} is unknown", put(path, "red"), (path,)
    for path, value in LISTED.items():
        yield f"{path} is {value!r}", put(path, value), (path,)
    for path, value in KINDS:
        yield f"{path} is {value!r}", put(path, value), (path,)
    for path in RATIONALS:
        for value in NO_NUMBERS:
            yield f"{path} is the number {value!r}", put(path, value), (path,)
    for path in TIMES:
        for value in NO_TIMES:
            yield f"{path} is the time {value!r}", put(path, value), (path,)
    for path in DAYS:
        for value in NO_DAYS:
            yield f"{path} is the day {value!r}", put(path, value), (path,)
    for value in ("1.01", "3/2", "2"):
        for path in (
            f"{TEST}.threshold",
            f"{RULE}.fallback.tests[0].threshold",
            f"{RULE}.fallback.trigger[0].threshold",
        ):
            yield f"{path} is {value}", put(path, value), (path,)
    yield from between_places()


def between_places() -> Iterator[tuple[str, Callable[[Json], None], tuple[str, ...]]]:
    """Mistakes that no single value shows: something stands twice, or is not there."""
    for window in ("window", "window2"):
        for close in ("2025-03-01T08:00", "2025-02-01T08:00"):
            path = f"cases[0].{window}"
            yield f"{path} closes at {close}", put(f"{path}.close", close), (path,)
    twice = "cases[1].id", "cases[2].ballots[1].id", f"{UNIT}.id", f"{OWNERS}[1].id", f"{EVENT}[4].to[1].id"
    for path, taken in zip(twice, ("A", "B1", "1", "Ai", "Ai"), strict=True):
        yield f"{path} stands twice", put(path, taken), (path,)
    yield "a test's id stands twice", put(f"{RULE}.tests[1].id", "heads"), (f"{RULE}.tests[1].id",)
    yield "a second test's id stands twice", put(f"{RULE}.fallback.tests[0].id", "third"), (f"{RULE}.fallback",)
    yield "a cast's id stands twice", put(f"{EVENT}[10].id", "c0"), (f"{EVENT}[10].id",)
    yield "an objection's id stands twice", put(f"{EVENT}[11].id", "o7"), (f"{EVENT}[11].id",)

    yield "no such rule", put("cases[0].rule", "NONE"), ("cases[0].rule",)
    yield "no such rule of a ballot", put("cases[2].ballots[0].rule", "NONE"), ("cases[2].ballots[0].rule",)
    for place in (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11):
        path = f"{EVENT}[{place}].unit"
        yield f"{path} is no unit", put(path, "99"), (path,)
    yield "a void of no cast", put(f"{EVENT}[6].ref", "c9"), (f"{EVENT}[6].ref",)
    yield "a void of an objection", put(f"{EVENT}[6].ref", "o7"), (f"{EVENT}[6].ref",)
    yield "a closing of no objection", put(f"{EVENT}[8].ref", "o9"), (f"{EVENT}[8].ref",)
    yield "a closing of a cast", put(f"{EVENT}[8].ref", "c0"), (f"{EVENT}[8].ref",)

    yield "a unit has no area", drop(f"{UNIT}.area"), (f"{UNIT}.area",)
    yield "a unit has no share", drop("cases[0].units[0].share"), ("cases[0].units[0].share",)
    lonely = put("cases[0].units[0].groups", [])
    yield "nobody is in a test's group", lonely, ("cases[0]", f"{RULE}.tests[2]")
    nothing = both(*(put(f"cases[0].units[{place}].area", "0") for place in range(3)))
    yield "all areas are 0", nothing, ("cases[0]", f"{RULE}.tests[1]")
    yield "nobody at all", put("cases[0].units", []), ("cases[0]",)
    yield "a unit of nobody", put(OWNERS, []), (OWNERS,)
    yield "a sale to nobody", put(f"{EVENT}[4].to", []), (f"{EVENT}[4].to",)

    yield "co-owners without a rep", put(OWNERS, PAIR), (OWNERS,)
    yield "co-owners with two reps", put(OWNERS, [{**owner, "rep": True} for owner in PAIR]), (OWNERS,)
    yield "buyers without a rep", put(f"{EVENT}[4].to", PAIR), (f"{EVENT}[4].to",)
    yield "co-owners without shares", put("cases[1].units[0].owners", PAIR), ("cases[1].units[0].owners",)
    yield "a co-owner without a share", drop("cases[1].units[0].owners[1].share"), ("cases[1].units[0].owners",)
    yield "buyers without shares", put("cases[1].events[1].to", PAIR), ("cases[1].events[1].to",)
    overridden = put("cases[0].overrides", {"joint": "shares_two_thirds"})
    yield "an override asks for shares", both(overridden, put(OWNERS, PAIR)), (OWNERS,)

    yield "round 2 without a window", drop("cases[0].window2"), (f"{EVENT}[10].round", "cases[0].window2")
    yield (
        "a test expected that is none",
        put("cases[0].expected.tests.x", ["1", "3", False]),
        ("cases[0].expected.tests",),
    )
    second = put("cases[0].expected.second_tests.heads", ["1", "3", False])
    yield "a second test expected that is none", second, ("cases[0].expected.second_tests",)
    for key, value in (("status", "for"), ("deemed", "for")):
        path = f"cases[0].expected.{key}.99"
        yield f"{path} is no unit", put(path, value), (f"cases[0].expected.{key}",)
    yield "a flag expected of no unit", also("cases[0].expected.flags", ["voided", "99"]), ("cases[0].expected.flags",)
    yield "both a rule and ballots", put("cases[2].rule", "REP"), ("cases[2]",)
    yield "no ballot in a set", put("cases[2].ballots", []), ("cases[2].ballots",)
    inner = {"id": "L2", "ballots": [deepcopy(good_file()["cases"][1])]}
    yield "ballots within ballots", also("cases[2].ballots", inner), ("cases[2].ballots[2]",)
    yield "a record date that the rule needs", drop("cases[0].record_date"), ("cases[0].record_date",)


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
    yield (
        "deep nesting in a place",
        good.replace('"65"', "[" * 5000 + "]" * 5000).replace('"60.5"', '{"a":' * 5000),
        ("",),
    )
    yield "a bare NaN", good.replace('"60.5"', "NaN"), ("",)
    yield "a bare infinity", good.replace('"60.5"', "-Infinity"), ("",)
    yield "a number of 5000 digits", good.replace('"days": 10', '"days": ' + "9" * 5000), ("",)
    yield "a huge exponent", good.replace('"days": 10', '"days": 1e999'), ("",)
    yield "a string of 5000 digits", good.replace('"60.5"', '"' + "9" * 5000 + '"'), (f"{UNIT}.area",)
    yield "half a character", good.replace('"60.5"', '"\\ud800"'), ("",)
    twice = {
        '"area": "60.5"': '"area": "60.5", "area": "60.5"',
        '"posted":': '"posted": "2025-03-11", "posted":',
        '"head_key":': '"head_key": "unit", "head_key":',
        '"cases":': '"cases": [], "cases":',
        '"REP":': '"REP": {}, "REP":',
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
