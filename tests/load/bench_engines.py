"""How fast the two engines are, measured against a bare sort and look-up of the same acts, and where their time goes.

    .venv/bin/python tests/load/bench_engines.py

One process and one core, from parsed data that a seed makes: 10,000 owners with 30,000 acts tallied, 1,000 stairwells
tallied again, what is missing in a stairwell and in an estate, the nucleolus of 500 homes, the best-chance proposal
for 60. The best of several runs each, in processor time. Exit status 1 where a target is missed.
"""

import cProfile
import gc
import json
import pstats
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))

from hemei.engines import costs, decision  # noqa: E402

RULES = json.loads((HERE.parents[1] / "data" / "consent" / "cases.json").read_text(encoding="utf-8"))["rules"]
OPEN, CLOSE = datetime(2025, 3, 1), datetime(2025, 3, 31)
CHOICES = ("for",) * 6 + ("against",) * 2 + ("abstain",)
TIMES_BARE = 5  # the tally may take so many times the bare sort and look-up

Json = dict[str, Any]


# --- data -----------------------------------------------------------------------------------------------------------


def roll(chance: Random, homes: int, owners: int) -> list[Json]:
    """`homes` homes of `owners` owners: the first have several, some are couples."""
    units = []
    for number in range(homes):
        owner = f"O{number % owners}"
        own: list[Json] = [{"id": owner}]
        if chance.random() < 0.2:
            own.append({"id": f"{owner} and spouse"})
        units.append({"id": f"{number:05}", "owners": own, "area": f"{chance.randint(4_000, 15_000) / 100:.2f}"})
    return units


def acts(chance: Random, units: list[Json], many: int) -> list[Json]:
    """Votes, repeated and changed, some by agents, some taken back; services, sales. In no order."""
    seconds = int((CLOSE - OPEN).total_seconds())
    made: list[Json] = []
    while len(made) < many:
        unit = chance.choice(units)
        at = OPEN + timedelta(seconds=chance.randrange(seconds))
        act: Json = {"at": at.isoformat(), "unit": unit["id"]}
        owner = chance.choice(unit["owners"])["id"]
        kind = chance.random()
        if kind < 0.70:
            made.append({**act, "type": "cast", "by": owner, "choice": chance.choice(CHOICES)})
        elif kind < 0.82:
            made.append({**act, "type": "deliver", "proof": True})
        elif kind < 0.90:
            agent = f"A{chance.randrange(300)}"
            later = (at + timedelta(hours=1)).isoformat()
            made.append({**act, "type": "grant", "by": owner, "to": agent, "written": True})
            made.append({**act, "at": later, "type": "cast", "by": agent, "for_owner": owner, "choice": "for"})
        elif kind < 0.97:
            made.append({**act, "type": "revoke", "by": owner})
        else:
            made.append({**act, "type": "transfer", "to": [{"id": f"B{len(made)}"}]})
    return made[:many]


def votes(cases: list[Json]) -> tuple[decision.Case, ...]:
    file = {"about": {"schema": "consent-cases/1"}, "rules": RULES, "cases": cases}
    read = decision.read_cases(json.dumps(file)).cases
    return tuple(case for case in read if isinstance(case, decision.Case))


def vote(chance: Random, name: str, homes: int, owners: int, many: int) -> Json:
    units = roll(chance, homes, owners)
    return {
        "id": name,
        "rule": "CN-278-SPECIAL-SILENT" if homes < 1_000 else "CN-278-SPECIAL",
        "window": {"open": OPEN.isoformat(), "close": CLOSE.isoformat()},
        "units": units,
        "events": acts(chance, units, many),
    }


def lift(chance: Random, homes: int, method: Json) -> costs.Case:
    """Six floors, no two homes alike."""
    each = []
    for number in range(homes):
        floor = number * 6 // homes + 1
        place, spread = -10_000 + 22_000 * (floor - 1) + chance.randint(-3_000, 3_000), chance.randint(4_000, 16_000)
        each.append(
            {
                "id": f"{number:03}",
                "floor": floor,
                "area": f"{chance.randint(40, 99)}",
                "mu": str(place),
                "s": str(spread),
            }
        )
    case = {
        "id": "L",
        "title": {"en": "A lift", "zh": "加梯"},
        "floors": 6,
        "homes": each,
        "cost": {"works": str(70_000 * homes), "other": "0", "subsidy": {"rate": "0.4", "cap": None}},
        "method": method,
        "rounding": {"to": "cent"},
    }
    return costs.read_cases(json.dumps({"about": {"schema": "cost-cases/1"}, "cases": [case]})).cases[0]


# --- what is measured -----------------------------------------------------------------------------------------------


def bare(case: decision.Case) -> list[object]:
    """What no count can do without: acts in order of time, the unit of each looked up, the last vote wins."""
    numbers = {unit.id: number for number, unit in enumerate(case.units)}
    last: list[object] = [None] * len(numbers)
    for act in sorted(case.acts, key=attrgetter("at")):
        number = numbers[act.unit]  # type: ignore[union-attr]  # the one act without a unit is not among these
        if isinstance(act, decision.Cast):
            last[number] = act.choice
    return last


def tally_all(cases: tuple[decision.Case, ...]) -> None:
    for case in cases:
        decision.tally(case)


def best_of(*calls: Callable[[], object], runs: int) -> list[float]:
    """Seconds of the quickest run of each, in processor time of this process. They take turns, so that who else uses
    the machine slows all of them alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(runs):
        for call, times in zip(calls, taken, strict=True):
            gc.collect()
            began = time.process_time()
            call()
            times.append(time.process_time() - began)
    return [min(times) for times in taken]


@dataclass
class Line:
    """One line of the table. target: seconds, None where there is none."""

    name: str
    took: float
    target: float | None

    def __str__(self) -> str:
        held = "" if self.target is None else "yes" if self.took < self.target else "NO"
        target = "" if self.target is None else f"{1_000 * self.target:,.0f}"
        return f"{self.name:58} {1_000 * self.took:9,.1f} {target:>9} {held:>5}"


def profile(name: str, call: Callable[[], object], most: int = 8) -> None:
    """The functions in which a call spends its own time; to measure each call slows small functions most."""
    profiler = cProfile.Profile()
    profiler.runcall(call)
    figures: Any = pstats.Stats(profiler)
    whole = figures.total_tt
    print(f"\nWhere the time goes: {name}")
    for (file, line, function), (_, calls, own, _, _) in sorted(figures.stats.items(), key=lambda one: -one[1][2])[
        :most
    ]:
        place = f"{Path(file).name}:{line} " if line else ""
        print(f"  {own / whole:5.0%} {calls:9,}  {place}{function}")


def main() -> int:
    chance = Random(1)
    (estate,) = votes([vote(chance, "estate", 10_000, 10_000, 30_000)])
    stairwells = votes([vote(chance, f"S{number}", 12, 11, 20) for number in range(1_000)])
    (of_forty,) = votes([vote(chance, "forty", 40, 38, 30)])
    (of_two_thousand,) = votes([vote(chance, "two thousand", 2_000, 1_900, 1_800)])
    needs = tuple(sorted(Fraction(chance.randint(1, 10**9), 100) for _ in range(500)))
    free = lift(chance, 60, {"name": "max_chance"})
    bound = lift(chance, 60, {"name": "max_chance", "monotone": True, "caps": [{"floor": 1, "least": "-12000"}]})

    gc.collect()
    gc.freeze()  # what was read before is not swept again and again while the clock runs

    tally = partial(decision.tally, estate)
    stairwell, many = partial(decision.what_is_missing, of_forty), partial(decision.what_is_missing, of_two_thousand)
    nucleolus = partial(costs.nucleolus_of_needs, needs)
    least, took = best_of(partial(bare, estate), tally, runs=15)
    (again,) = best_of(partial(tally_all, stairwells), runs=5)
    missing = best_of(stairwell, many, runs=5)
    sharing = best_of(nucleolus, partial(costs.propose, free), partial(costs.propose, bound), runs=9)
    lines = [
        Line("bare sort and look-up of 30,000 acts", least, None),
        Line(f"10,000 owners and 30,000 acts tallied: {took / least:.1f} x bare", took, TIMES_BARE * least),
        Line("1,000 stairwells tallied again", again, 2),
        Line("what is missing, stairwell of 40", missing[0], 0.1),
        Line("what is missing, estate of 2,000", missing[1], 2),
        Line("nucleolus of 500 homes", sharing[0], 0.2),
        Line("best-chance proposal for 60 homes", sharing[1], 0.1),
        Line("  with floors in order and compensation capped", sharing[2], 0.1),
    ]
    print(f"{'':58} {'ms':>9} {'target':>9} {'held':>5}")
    print("\n".join(map(str, lines)))
    profile("10,000 owners and 30,000 acts tallied", tally)
    profile("1,000 stairwells", partial(tally_all, stairwells))
    profile("what is missing, estate of 2,000", many)
    profile("nucleolus of 500 homes", nucleolus, 4)
    profile("best-chance proposal for 60 homes", partial(costs.propose, free))
    return int(any(line.target is not None and line.took >= line.target for line in lines))


if __name__ == "__main__":
    raise SystemExit(main())
