"""Plans for tests, written as they stand in a file: six floors, two equal homes each, 700,000 yuan, 280,000 subsidy."""

import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

from hemei.engines.costs.answer import Answer, as_plain
from hemei.engines.costs.plan import Case
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import share

REPOSITORY = Path(__file__).parents[4]
KEPT = REPOSITORY / "tests" / "data" / "costs" / "cases.json"
SHARED = Path(os.environ.get("HEMEI_SHARED", REPOSITORY.parent / "shared")) / "data" / "costs" / "cases.json"

NEED = ["0.00", "300000.00", "330000.00", "360000.00", "390000.00", "420000.00"]
LIMITS = ["-10000", "10000", "40000", "65000", "85000", "100000"]
SCALES = ["5000", "5000", "8000", "10000", "12000", "15000"]


def plan(**changes: Any) -> dict[str, Any]:
    """A case that can be read; `changes` replace keys, None takes one out."""
    whole: dict[str, Any] = {
        "id": "P",
        "title": {"en": "A plan", "zh": "方案"},
        "floors": 6,
        "homes": homes(),
        "cost": cost(),
        "method": {"name": "key", "key": "storeys", "within": "equal"},
        "rounding": {"to": "cent"},
    }
    whole |= changes
    return {key: value for key, value in whole.items() if value is not None}


def homes(**by_floor: list[str]) -> list[dict[str, Any]]:
    """Two homes a floor, with further keys given floor by floor."""
    return [
        {"id": f"{floor}0{door}", "floor": floor, "area": "60.00"}
        | {key: values[floor - 1] for key, values in by_floor.items()}
        for floor in range(1, 7)
        for door in (1, 2)
    ]


def cost(
    works: str = "700000.00", other: str = "0.00", rate: str = "0.40", cap: str | None = "280000.00"
) -> dict[str, Any]:
    return {"works": works, "other": other, "subsidy": {"rate": rate, "cap": cap}}


def small(*floors: int, net: str = "100.00", **changes: Any) -> dict[str, Any]:
    """Homes a, b, c ... on these floors, a net cost and no subsidy."""
    listed = [{"id": chr(97 + number), "floor": floor, "area": "50"} for number, floor in enumerate(floors)]
    return plan(homes=listed, floors=max(floors), cost=cost(net, rate="0", cap=None)) | changes


def written(*cases: dict[str, Any]) -> str:
    return json.dumps({"about": {"schema": "cost-cases/1"}, "cases": cases}, ensure_ascii=False)


def read(case: dict[str, Any]) -> Case:
    return read_cases(written(case)).cases[0]


def answer(case: dict[str, Any]) -> Answer:
    return share(read(case))


def plain(case: dict[str, Any]) -> dict[str, Any]:
    return as_plain(answer(case))


def per_floor(case: dict[str, Any]) -> list[str]:
    """The share of the first home of each floor."""
    return [amount for home, amount in plain(case)["shares"].items() if home.endswith("01")]


def yuan(*amounts: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(amount) for amount in amounts)
