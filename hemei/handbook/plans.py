"""The small form about a lift made into a case of the schema cost-cases/1: the page then reckons like the command."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hemei.handbook.typed import FlooredHome

TITLE = {"en": "A lift, from the small form", "zh": "小表里填的加装电梯"}


def cost_file(said: Mapping[str, Any]) -> dict[str, Any]:
    """said: what `forms.ShareCost` has cleaned, with `listed` (homes) and `k` (a table, or None)."""
    homes: Sequence[FlooredHome] = said["listed"]
    case = {
        "id": "form",
        "title": TITLE,
        "floors": said["floors"],
        "homes": [_home(one) for one in homes],
        "cost": {
            "works": _money(said["works"]),
            "other": _money(said["other"] or "0"),
            "subsidy": {
                "rate": f"{Decimal(said['rate'] or '0') / 100:f}",
                "cap": _money(said["cap"]) if said["cap"] else None,
            },
        },
        "method": _method(said),
        "rounding": {"to": "cent"} if said["rounding"] == "cent" else {"to": "step", "step": f"{said['rounding']}.00"},
    }
    return {"cases": [case]}


def alike(floors: int, each: int) -> list[FlooredHome]:
    """So many homes on every floor, all alike: 101, 102, 201 and so on."""
    return [FlooredHome(f"{floor}{n:02d}", floor, "", "") for floor in range(1, floors + 1) for n in range(1, each + 1)]


def _home(one: FlooredHome) -> dict[str, Any]:
    said: dict[str, Any] = {"id": one.id, "floor": one.floor, "area": one.area or "1"}
    return said | ({"limit": _money(one.limit)} if one.limit else {})


def _method(said: Mapping[str, Any]) -> dict[str, Any]:
    method: dict[str, Any] = {"name": "key", "key": said["key"], "within": said["within"]}
    if said["key"] == "half_landing":
        method |= {"key": "storeys", "half_landing": list(range(2, said["floors"] + 1))}
    elif said["k"] is not None:
        method |= {"key": "table", "k": list(said["k"])}
    return method


def _money(amount: str) -> str:
    return f"{Decimal(amount):.2f}"
