"""Cases for tests, written as they stand in a file: nine homes of 60 m2, fifteen days to vote, China's special matter.

Acts are given in order, an hour apart from 2 March 2025 on unless they say when.
"""

import json
import os
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.tally import tally
from hemei.engines.decision.verdict import Verdict, as_plain

REPOSITORY = Path(__file__).parents[4]
KEPT = REPOSITORY / "tests" / "data" / "consent" / "cases.json"
SHARED = Path(os.environ.get("HEMEI_SHARED", REPOSITORY.parent / "shared")) / "data" / "consent" / "cases.json"

Json = dict[str, Any]
FIRST_ACT = datetime(2025, 3, 2, 9)
WINDOW = {"open": "2025-03-01T00:00", "close": "2025-03-16T00:00"}
WINDOW2 = {"open": "2025-03-16T10:00", "close": "2025-03-16T12:00"}


def a_test(name: str, count: str, base: str, cmp: str, threshold: str, **more: Any) -> Json:
    kind = "participation" if count == "participating" else "approval"
    whole = {"id": name, "kind": kind, "measure": "heads", "who": "all", "count": count, "base": base}
    return {**whole, "cmp": cmp, "threshold": threshold, **more}


def rule(**changes: Any) -> Json:
    """Two thirds of the heads take part, three quarters of those agree; `changes` replace keys."""
    whole: Json = {
        "head_key": "owner",
        "joint": "presumed_unless_contradicted",
        "abstain": "participates",
        "spoiled": "not_participating",
        "nonresponse": "absent",
        "transfer": "stands_unless_replaced",
        "proxy": {"written_required": True, "max_principals": None, "own_act_overrides": True},
        "tests": [
            a_test("part", "participating", "all", ">=", "2/3"),
            a_test("appr", "for", "participating", ">=", "3/4"),
        ],
    }
    return {**whole, **changes}


def unit(name: str, *owners: str | Json, **more: Any) -> Json:
    """A home of 60 m2 with one 100th of the whole; owners by name or as they stand in a file."""
    each = [owner if isinstance(owner, dict) else {"id": owner} for owner in owners or (f"O-{name}",)]
    return {"id": name, "area": "60", "share": "1/100", "owners": each, **more}


def homes(many: int = 9) -> list[Json]:
    return [unit(f"{number:02}") for number in range(1, many + 1)]


def cast(name: str, choice: str = "for", by: str = "", **more: Any) -> Json:
    return {"type": "cast", "unit": name, "by": by or f"O-{name}", "choice": choice, **more}


def proxy(name: str, choice: str = "for", agent: str = "AGENT", owner: str = "", **more: Any) -> Json:
    return cast(name, choice, agent, for_owner=owner or f"O-{name}", **more)


def grant(name: str, agent: str = "AGENT", owner: str = "", **more: Any) -> Json:
    return {"type": "grant", "unit": name, "by": owner or f"O-{name}", "to": agent, "written": True, **more}


def withdraw(name: str, agent: str = "AGENT", **more: Any) -> Json:
    return {"type": "withdraw", "unit": name, "by": f"O-{name}", "to": agent, **more}


def revoke(name: str, by: str = "", **more: Any) -> Json:
    return {"type": "revoke", "unit": name, "by": by or f"O-{name}", **more}


def sale(name: str, *buyers: str | Json, **more: Any) -> Json:
    to = [buyer if isinstance(buyer, dict) else {"id": buyer} for buyer in buyers or ("BUYER",)]
    return {"type": "transfer", "unit": name, "to": to, **more}


def deliver(name: str, **more: Any) -> Json:
    return {"type": "deliver", "unit": name, "proof": True, **more}


def void(name: str, ref: str, **more: Any) -> Json:
    return {"type": "void", "unit": name, "ref": ref, "reason": "forged", **more}


def file_of(*cases: Json, rules: Json | None = None) -> str:
    return json.dumps({"rules": rules or {"R": rule()}, "cases": cases}, ensure_ascii=False)


def raw(*acts: Json, under: Json | None = None, units: list[Json] | None = None, **more: Any) -> Json:
    """A case as it stands in a file. under: changes of the rule."""
    events = []
    at = FIRST_ACT
    for act in acts:
        events.append({"at": at.isoformat(timespec="minutes"), **act})
        at += timedelta(hours=1)
    whole: Json = {"id": "B", "rule": "R", "window": WINDOW, "units": units or homes(), "events": events}
    if under:
        whole["overrides"] = deepcopy(under)
    return {**whole, **more}


def read(*acts: Json, **more: Any) -> Case:
    (case,) = read_cases(file_of(raw(*acts, **more))).cases
    assert isinstance(case, Case)
    return case


def verdict(*acts: Json, **more: Any) -> Verdict:
    """The verdict of a case with these acts."""
    return tally(read(*acts, **more))


def linked(*ballots: Json) -> Verdict:
    (case,) = read_cases(file_of({"id": "L", "ballots": ballots})).cases
    assert isinstance(case, LinkedBallots)
    return tally(case)


def flags(given: Verdict) -> list[list[str]]:
    return [list(flag) for flag in given.flags]


def numbers(given: Verdict, name: str) -> list[Any]:
    """One test as the command prints it: [num, den, passed]."""
    plain = as_plain(given)
    return list({**plain["tests"], **plain.get("second_tests", {})}[name])
