"""Any small valid file of cost cases, from a seeded source of chance: few homes, round and awkward sums, every edge.

`any_file(chance)` takes a `random.Random`; `any_files` is the same for Hypothesis, which makes what fails smaller.
"""

from decimal import Decimal
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

from hypothesis import strategies

Json = dict[str, Any]

METHODS = (
    *("key guangzhou", "key storeys", "key table", "key table", "shapley", "nucleolus"),
    *("proportional_benefit", "equal_gain", "least_slack", "least_slack", "max_chance"),
)
AREAS = ("60.00", "48.7", "62.30", "37", "0.01", "111.11", "60")
WORKS = ("0", "0.01", "0.07", "18.00", "100", "999.99", "123456.78", "700000.00", "650000")
OTHER = ("0", "0.00", "0.01", "12345.67", "1")
SUMS = ("0", "0.00", "0.01", "-0.01", "10", "-10.00", "33.33", "500", "-500.5", "40000", "100000.00", "700000")
IDS = ("10", "2", "a", "b", "101", "102", "B", "一")
DATES = ("2026-03-01", "2027-05-06", "2026-03-01", "2025-12-31")


def any_file(chance: Random, most_cases: int = 3) -> Json:
    """A file of one to `most_cases` cases."""
    file: Json = {"about": {"schema": "cost-cases/1"}, "cases": []}
    for place in range(chance.randint(1, most_cases)):
        file["cases"].append(any_case(chance, f"R{place + 1}"))
    return file


def any_case(chance: Random, case_id: str) -> Json:
    """One case of any method, with or without each of the further questions."""
    method, _, key = chance.choice(METHODS).partition(" ")
    floors = chance.randint(1, 5)
    case: Json = {"id": case_id, "title": {"en": "A case", "zh": "案例"}, "floors": floors}
    case["homes"] = any_homes(chance, floors, top_inhabited=method in ("shapley", "nucleolus"))
    case["cost"] = any_cost(chance)
    cost = net(case["cost"])
    case["method"] = any_method(chance, method, key, floors)
    case["rounding"] = {"to": "cent"}
    if chance.random() < 0.4:
        case["rounding"] = {"to": "step", "step": chance.choice(("100.00", "100", "0.01", "7", "1000", "0.3"))}
    if method in ("shapley", "nucleolus") or chance.random() < 0.4:
        case["need"] = any_need(chance, cost, floors)
    if chance.random() < 0.3:
        case["late"] = {
            "home": chance.choice(case["homes"])["id"],
            "years": chance.choice(("0", "4.5", "15", "20", "0.01", "7")),
            "life": chance.choice(("15", "20", "7", "0.5")),
        }
    if chance.random() < 0.3:
        case["sales"] = [
            {"home": chance.choice(case["homes"])["id"], "date": chance.choice(DATES), "buyer": buyer}
            for buyer in chance.sample(("Li", "Sun", "Zhao", "Wu"), chance.randint(0, 4))
        ]
    if chance.random() < 0.3:
        payers = chance.sample(case["homes"], chance.randint(0, len(case["homes"])))
        case["paid"] = {home["id"]: chance.choice(("0.00", "0.01", "30000", "1000000.5")) for home in payers}
    if chance.random() < 0.3:
        case["chance"] = {"heads": chance.randint(0, len(case["homes"]))}
    say_what_is_asked(chance, case, cost)
    if chance.random() < 0.2:
        case["why"] = "Because it happens."
    return case


def any_homes(chance: Random, floors: int, *, top_inhabited: bool) -> list[Json]:
    """One to six homes, in no order; floors may stay empty."""
    homes: list[Json] = []
    for home_id in chance.sample(IDS, chance.choice((1, 2, 2, 3, 3, 4, 5, 6))):
        home: Json = {"id": home_id, "floor": chance.randint(1, floors), "area": chance.choice(AREAS)}
        if chance.random() < 0.3:
            home["owner"] = chance.choice(("Qian", "Zhao"))
        homes.append(home)
    if top_inhabited:
        homes[0]["floor"] = floors
    chance.shuffle(homes)
    return homes


def any_cost(chance: Random) -> Json:
    """Costs from nothing to much, the subsidy at, above and below its cap, or without one, or none."""
    works = chance.choice(WORKS)
    rate = chance.choice(("0", "0.40", "0.4", "1", "0.333", "0.05"))
    cap = chance.choice((None, "280000.00", "280000", "0", "7.20", "49382.71", "0.01"))
    return {"works": works, "other": chance.choice(OTHER), "subsidy": {"rate": rate, "cap": cap}}


def net(cost: Json) -> Fraction:
    """What is left to share, in yuan."""
    works, terms = Fraction(cost["works"]), cost["subsidy"]
    subsidy = Fraction(terms["rate"]) * works
    if terms["cap"] is not None:
        subsidy = min(subsidy, Fraction(terms["cap"]))
    return works + Fraction(cost["other"]) - Fraction(floor(subsidy * 100), 100)


def as_money(value: Fraction) -> str:
    return f"{Decimal(int(value * 100)) / 100:.2f}"


def any_method(chance: Random, name: str, key: str, floors: int) -> Json:
    """The method and just what it asks for."""
    method: Json = {"name": name}
    if name == "key":
        method |= {"key": key, "within": chance.choice(("area", "equal"))}
    if key == "storeys" and chance.random() < 0.6:
        method["half_landing"] = chance.sample(range(1, floors + 1), chance.randint(0, floors))
    if key == "table":
        few = ("0", "0", "1", "0.5", "-1", "2.8", "-0.25", "10")
        method["k"] = [chance.choice(few) if chance.random() < 0.9 else "0" for _ in range(floors)]
        if chance.random() < 0.15:
            method["k"] = ["0"] * floors
    if name == "least_slack":
        method["scale"] = chance.choice(("one", "limit", "given"))
    return method


def any_need(chance: Random, cost: Fraction, floors: int) -> list[str]:
    """Never falling, with steps of nothing, the last the net cost."""
    cents = int(cost * 100)
    points = sorted(chance.choice((0, cents, chance.randint(0, cents), cents // 2)) for _ in range(floors - 1))
    return [as_money(Fraction(point, 100)) for point in [*points, cents]]


def say_what_is_asked(chance: Random, case: Json, cost: Fraction) -> None:
    """Benefit, limit, scale, mu and s where method or chance ask; sums that just reach, or just miss, the cost."""
    name = case["method"]["name"]
    asked = {"proportional_benefit": "benefit", "equal_gain": "benefit", "least_slack": "limit"}.get(name)
    if asked:
        for home in case["homes"]:
            home[asked] = chance.choice(SUMS)
        if chance.random() < 0.75:  # the first home settles how much there is in all
            others = sum(Fraction(home[asked]) for home in case["homes"][1:])
            over = Fraction(chance.choice((0, 0, 1, -1, 7, 100000, 12345678)), 100)
            case["homes"][0][asked] = as_money(cost + over - others)
        if chance.random() < 0.08:
            for home in case["homes"]:
                home[asked] = "0.00"
    if (
        name == "least_slack"
        and case["method"]["scale"] == "limit"
        and not any(Fraction(h[asked]) for h in case["homes"])
    ):
        case["homes"][0][asked] = "0.01"
    if name == "least_slack" and case["method"]["scale"] == "given":
        for home in case["homes"]:
            home["scale"] = chance.choice(("1", "5000", "0.5", "333.3"))
    if name == "max_chance" or "chance" in case:
        for home in case["homes"]:
            home["mu"] = chance.choice(("0", "-10000", "10000", "40000.5", "85000", "3", "-0.125"))
            home["s"] = chance.choice(("5000", "8000", "12000.5", "1000", "300000"))


any_files = strategies.builds(any_file, strategies.randoms(use_true_random=False))
