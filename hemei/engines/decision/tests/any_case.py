"""Any small valid file of cases, from a seeded source of chance: few units, few people and few moments, so that
everything the schema knows meets everything else often.

`any_file(chance)` takes a `random.Random`; `any_files` is the same for Hypothesis, which makes what fails smaller.
"""

from random import Random
from typing import Any

from hypothesis import strategies

Json = dict[str, Any]

PEOPLE = ("Ai", "Bo", "Chen", "Du")
OPEN, CLOSE = "2025-03-03T08:00", "2025-03-07T18:00"
OPEN_2, CLOSE_2 = ("2025-03-07T18:00", "2025-03-09T09:30"), "2025-03-10T12:00"
POSTED = ("2025-03-06", "2025-03-08", "2025-03-11")
BEFORE = ("2025-03-01T10:00", "2025-03-03T07:59:59")
DURING = (
    OPEN,
    "2025-03-03T08:00:01",
    "2025-03-04T10:00",
    "2025-03-05T10:00",
    "2025-03-05T10:00:00",
    "2025-03-06T10:00",
)
CLOSING = ("2025-03-07T17:59:59", CLOSE, "2025-03-08T23:59")
IN_SECOND = (
    "2025-03-07T18:30",
    "2025-03-09T09:30",
    "2025-03-10T09:00",
    "2025-03-10T11:59:59",
    CLOSE_2,
    "2025-03-11T00:00",
)
LATER = ("2025-03-11T23:59:59", "2025-03-12T00:00", "2025-03-13T09:00", "2025-03-14T00:00", "2025-03-20T09:00")
MOMENTS = DURING * 2 + CLOSING + IN_SECOND * 2 + LATER  # for what is evaluated, certified, voided, closed
ACTING = DURING * 8 + CLOSING + BEFORE + IN_SECOND[:2]
FILING = (
    "2025-03-05T23:59:59",
    "2025-03-06T00:00",
    *(f"2025-03-{day}T00:00" for day in range(10, 16)),
    "2025-03-12T23:59:59",
)
NON_WORKING = ("2025-03-08", "2025-03-09", "2025-03-12", "2025-03-13", "2025-03-14")
CHOICES = ("for", "against", "abstain", "spoiled")
SIDES = ("for", "for", "for", "against", "against", "abstain", "spoiled")
AREAS = ("50.00", "60", "100/3", "0.01", "0", "120.5", "60.0")
SHARES = ("100", "1/3", "250.5", "0", "40", "2/3", "100.00")
PARTS = ("1/2", "1/3", "2/3", "0.5", "0.25", "1")
THRESHOLDS = ("2/3", "1/2", "0.5", "3/4", "1", "0", "1/3", "0.25", "95/100", "0.66")
GROUPS = ("payer", "occupied")


def any_file(chance: Random, most_cases: int = 3) -> Json:
    """A file of one to `most_cases` cases, each with a rule of its own."""
    file: Json = {"about": {"schema": "consent-cases/1"}, "rules": {}, "cases": []}
    for place in range(chance.randint(1, most_cases)):
        case_id = f"R{place + 1}"
        if chance.random() < 0.06:
            ballots = [
                any_case(chance, f"{case_id}-{letter}", file["rules"]) for letter in "abc"[: chance.randint(1, 3)]
            ]
            file["cases"].append({"id": case_id, "ballots": ballots})
        else:
            file["cases"].append(any_case(chance, case_id, file["rules"]))
    return file


def any_case(chance: Random, case_id: str, rules: Json) -> Json:
    """One case that a single decision is about; its rule is put into `rules`, parts of it perhaps overridden."""
    rule = any_rule(chance)
    case: Json = {"id": case_id, "rule": f"RULE-{case_id}", "window": {"open": OPEN, "close": CLOSE}}
    rules[case["rule"]] = rule
    if chance.random() < 0.25:
        other = any_rule(chance)
        keys = [key for key in other if key not in ("name", "source", "valid_from")]
        case["overrides"] = {key: other[key] for key in chance.sample(keys, chance.randint(0, 3))}
        rule = {**rule, **case["overrides"]}
    if chance.random() < 0.4:
        case["window2"] = {"open": chance.choice(OPEN_2), "close": CLOSE_2}
    case["units"] = any_units(chance, rule)
    if rule["transfer"] == "record_date" or chance.random() < 0.1:
        case["record_date"] = chance.choice(("2025-03-02", "2025-03-04", "2025-03-05", "2025-03-20"))
    if chance.random() < 0.5:
        case["notice"] = {"posted": chance.choice(POSTED), "days": chance.choice((0, 1, 1, 2, 3))}
        if chance.random() < 0.6:
            case["notice"]["non_working_days"] = sorted(chance.sample(NON_WORKING, chance.randint(0, 5)))
    if chance.random() < 0.4:
        case["evaluate_at"] = chance.choice(MOMENTS + LATER * 4 + BEFORE)
    if chance.random() < 0.5:
        case["certify_at"] = chance.choice(MOMENTS)
    case["events"] = any_events(chance, case, rule)
    if chance.random() < 0.3:
        add_new_keys(chance, case, rules[case["rule"]])
    if chance.random() < 0.2:
        case["title"] = {"en": "A case", "zh": "案例"}
        case["why"] = "Because it happens."
    return case


# --- rules ----------------------------------------------------------------------------------------------------------


def any_rule(chance: Random) -> Json:
    """Every value of every key of a rule."""
    rule: Json = {
        "head_key": chance.choice(("owner", "owner", "unit")),
        "joint": chance.choice(("presumed_unless_contradicted", "unanimous", "representative", "shares_two_thirds")),
        "abstain": chance.choice(("participates", "ignored")),
        "spoiled": chance.choice(("participates", "not_participating")),
        "nonresponse": chance.choice(("absent", "abstain_if_delivered", *["follows_majority_if_delivered"] * 2)),
        "transfer": chance.choice(("stands_unless_replaced", "lapses", "record_date")),
        "proxy": {"written_required": chance.random() < 0.6, "own_act_overrides": chance.random() < 0.6},
        "tests": any_tests(chance, "t", ("participation", "approval", "approval"), low=chance.random() < 0.4),
    }
    if chance.random() < 0.7:
        rule["proxy"]["max_principals"] = chance.choice((None, 0, 1, 1, 2))
    if chance.random() < 0.4:
        rule["fallback"] = {
            "trigger": any_tests(chance, "g", ("trigger",), low=chance.random() < 0.8),
            "tests": any_tests(chance, "s", ("participation", "approval", "approval"), low=chance.random() < 0.4),
        }
    if chance.random() < 0.25:
        rule["original_owner"] = {
            "at_least": chance.choice(("1/2", "1/2", "0.25", "1", "0")),
            "factor": chance.choice(("1/3", "0.5", "1")),
            "min_lots": chance.randint(1, 4),
        }
    if chance.random() < 0.2:
        rule["name"] = {"en": "A rule", "zh": "规则"}
        rule["source"] = "a source"
        rule["valid_from"] = "2021-01-01"
    if chance.random() < 0.1:
        rule["valid_to"] = "2030-12-31"
    return rule


def any_tests(chance: Random, prefix: str, kinds: tuple[str, ...], *, low: bool = False) -> list[Json]:
    """One to four tests; `low` for such as often pass."""
    return [
        {
            "id": f"{prefix}{place}",
            "kind": chance.choice(kinds),
            "measure": chance.choice(("heads", "heads", "area", "share", "units")),
            "who": chance.choice(("all", "all", "all", *(f"group:{name}" for name in GROUPS))),
            "count": chance.choice(("participating", "for", "for", "against")),
            "base": "all" if low else chance.choice(("all", "participating", "cast")),
            "cmp": ">=" if low else chance.choice((">=", ">", "<=", "<")),
            "threshold": chance.choice(("0", "0", "1/3", "1/4") if low else THRESHOLDS),
        }
        for place in range(chance.randint(1, 2 if low else 4))
    ]


def add_new_keys(chance: Random, case: Json, rule: Json) -> None:
    """The keys that stand beside `about`: caps, excluded kinds, channels, votable, working days, evidence."""
    tests = rule["tests"] + rule.get("fallback", {}).get("tests", [])
    for test in tests:
        if chance.random() < 0.2:
            test["cap"] = chance.choice(("1", "50", "0.5", "1000"))
        if chance.random() < 0.2:
            test["at_least"] = chance.choice(("1", "2", "60", "1/3"))
        if chance.random() < 0.2:
            test["exclude_kinds"] = chance.choice((["garage"], ["home", "garage"], []))
        if chance.random() < 0.3:
            test["channel"] = chance.choice(("paper", "online"))
    if chance.random() < 0.3:
        rule["majority_owner_cut"] = chance.random() < 0.8
    for unit in case["units"]:
        if chance.random() < 0.15 and len(unit.get("groups", [])) < len(GROUPS):  # not the unit that all tests have
            unit["votable"] = chance.random() < 0.2
    if "notice" in case and chance.random() < 0.6:
        case["notice"]["counting"] = chance.choice(("working", "working", "calendar"))
    if chance.random() < 0.3:
        case["evidence"] = [{"id": f"E{place}", "complete": chance.random() < 0.8} for place in range(2)]


# --- the roll -------------------------------------------------------------------------------------------------------


def any_units(chance: Random, rule: Json) -> list[Json]:
    """One to five units, owned by few people, so that many heads hold several; every test has something to measure."""
    ids = chance.sample(("01", "02", "10", "2", "K1"), chance.randint(1, 5))
    units: list[Json] = []
    for unit_id in ids:
        unit: Json = {"id": unit_id, "owners": any_owners(chance, rule)}
        unit["area"] = chance.choice(AREAS)
        unit["share"] = "75" if chance.random() < 0.4 else chance.choice(SHARES)
        if chance.random() < 0.25:
            unit["head"] = chance.choice(("H", "Ai"))
        if chance.random() < 0.5:
            unit["groups"] = chance.sample(GROUPS, chance.randint(0, 2))
        if chance.random() < 0.15:
            unit["kind"] = chance.choice(("home", "garage"))
        if chance.random() < 0.4:
            unit["original_owner"] = chance.random() < 0.85
        units.append(unit)
    first = units[0]
    first["area"], first["share"], first["groups"] = "62.3", "75", list(GROUPS)  # no test is on nothing
    first.pop("kind", None)
    chance.shuffle(units)
    return units


def any_owners(chance: Random, rule: Json, among: tuple[str, ...] = PEOPLE) -> list[Json]:
    """A sole owner, or two or three with what the joint rule asks of them."""
    owners: list[Json] = [{"id": person} for person in chance.sample(among, chance.choice((1, 1, 1, 2, 2, 3)))]
    if len(owners) == 1:
        if chance.random() < 0.2:
            owners[0]["rep"] = chance.random() < 0.7
        return owners
    if rule["joint"] == "representative":
        chance.choice(owners)["rep"] = True
    elif chance.random() < 0.2:
        for owner in owners:
            owner["rep"] = chance.random() < 0.5
    if rule["joint"] == "shares_two_thirds" or chance.random() < 0.2:
        for owner in owners:
            owner["share"] = chance.choice(PARTS)
    return owners


# --- acts -----------------------------------------------------------------------------------------------------------


def any_events(chance: Random, case: Json, rule: Json) -> list[Json]:
    """A handful of acts of every type, in no order; references are to what the file has."""
    events: list[Json] = []
    owners = {unit["id"]: [owner["id"] for owner in unit["owners"]] for unit in case["units"]}  # of any time
    grants: list[Json] = []
    for _ in range(chance.choice((0, 4, 8, 12, 18, 24, 36))):
        at, unit = chance.choice(ACTING), chance.choice(list(owners))
        kind = chance.choice(("cast",) * 9 + ("agent",) * 6 + ("grant",) * 4 + ONCE + ("transfer", "revoke") * 2)
        person = chance.choice(owners[unit]) if chance.random() < 0.9 else chance.choice(PEOPLE)
        event: Json = {"at": at, "type": kind, "unit": unit}
        if kind == "cast":
            event |= {"by": person, "choice": chance.choice(SIDES)}
        elif kind == "agent":
            event |= {"type": "cast", "choice": chance.choice(SIDES), **any_agent(chance, grants, person, at)}
        elif kind == "revoke":
            event["by"] = person
        elif kind == "transfer":
            event["to"] = any_owners(chance, rule, PEOPLE if chance.random() < 0.8 else ("Ai", "Bo", "Fang"))
            owners[unit] += [owner["id"] for owner in event["to"]]
        elif kind == "deliver":
            event["proof"] = chance.random() < 0.8
        elif kind == "grant":
            event |= any_grant(chance, person, at)
            grants.append(event)
        elif kind == "withdraw":
            event |= {"by": person, "to": chance.choice(PEOPLE)}
            if grants and chance.random() < 0.8:
                event |= {key: value for key, value in chance.choice(grants).items() if key in ("unit", "by", "to")}
        elif kind == "objection":
            event |= {"id": f"OB{len(events)}", "ground": "daylight"}
        else:
            event |= {"area": "70.5"} if chance.random() < 0.5 else {"share": "1/7"}
            event["source"] = "the land register"
        if event["type"] in ("cast", "revoke"):
            settle_round(chance, case, event)
        if event["type"] == "cast" and chance.random() < 0.6:
            event["id"] = f"c{len(events)}"
        if event["type"] == "cast" and chance.random() < 0.3:
            event |= {"channel": chance.choice(("paper", "online")), "signed_at": "2025-03-04T09:00"}
        events.append(event)
    return with_voids_and_closings(chance, events)


ONCE = ("deliver", "deliver", "deliver", "withdraw", "objection", "objection", "roll_correction")


def settle_round(chance: Random, case: Json, event: Json) -> None:
    """Round 2 only where there is a second window, then mostly inside it."""
    if "window2" in case and chance.random() < 0.4:
        event["round"] = 2
        if chance.random() < 0.8:
            event["at"] = chance.choice(IN_SECOND)  # an agent's act may so come before its grant
    elif chance.random() < 0.1:
        event["round"] = 1


def any_agent(chance: Random, grants: list[Json], person: str, at: str) -> Json:
    """Who acts for whom: mostly as some grant says and after it, at times for another unit or with no grant at all."""
    if grants and chance.random() < 0.9:
        grant = chance.choice(grants)
        whose = {
            "by": grant["to"],
            "for_owner": grant["by"],
            "at": at if chance.random() < 0.2 else max(at, grant["at"]),
        }
        if "instruction" in grant and chance.random() < 0.6:
            whose["choice"] = grant["instruction"]
        return whose if chance.random() < 0.1 else {"unit": grant["unit"], **whose}
    return {"by": chance.choice(PEOPLE), "for_owner": person}


def any_grant(chance: Random, person: str, at: str) -> Json:
    """To anybody (to himself too), written or not, ending before, at or after the moments in use, instructed or not."""
    grant: Json = {"by": person, "to": chance.choice(PEOPLE[:2] + PEOPLE), "written": chance.random() < 0.75}
    if chance.random() < 0.3:
        grant["expires"] = chance.choice((*DURING[2:], *IN_SECOND, at, at, at))
    if chance.random() < 0.3:
        grant["instruction"] = chance.choice(("for", "for", "against", "abstain"))
    return grant


def with_voids_and_closings(chance: Random, events: list[Json]) -> list[Json]:
    """Voids of acts that exist (good, refused, replaced; before or after them), closings of objections; shuffled."""
    more: list[Json] = []
    for event in events:
        if event["type"] == "cast" and "id" in event and chance.random() < 0.25:
            at = chance.choice(MOMENTS)
            more.append({"at": at, "type": "void", "unit": event["unit"], "ref": event["id"], "reason": "forged"})
        if event["type"] == "objection" and chance.random() < 0.7:
            event["at"] = chance.choice(FILING)
        if event["type"] == "objection" and chance.random() < 0.3:
            at = max(chance.choice(MOMENTS), event["at"])
            more.append({"at": at, "type": "objection_closed", "ref": event["id"], "how": "settled"})
    everything = events + more
    chance.shuffle(everything)
    return everything


any_files = strategies.builds(any_file, strategies.randoms(use_true_random=False))
