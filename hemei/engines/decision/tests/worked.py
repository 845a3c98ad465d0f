"""A case worked by hand: homes with what they said, decided under a rule of the rulebook.

    decide("CN-278-SPECIAL", many(6, "for") + many(2, "against") + many(4)).tests == {"part_heads": "8/12 yes", ...}

The case goes the whole way, as a file of schema consent-cases/1 that is read and tallied.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.rulebook import as_case_rule
from hemei.engines.decision.tally import tally
from hemei.engines.decision.verdict import TestResult, Verdict, written

OPEN, CLOSE = "2030-03-01T00:00", "2030-03-16T00:00"
SECOND = {"open": CLOSE, "close": "2030-03-17T00:00"}


@dataclass(frozen=True)
class Home:
    """A unit and what it says, in the second vote with `then`. owner: None is one of its own."""

    says: str | None = None
    then: str | None = None
    area: str = "50"
    share: str = "10"
    owner: str | None = None
    groups: tuple[str, ...] = ()
    kind: str = ""
    channel: str | None = None
    served: bool = False
    original_owner: bool = False
    votable: bool = True


@dataclass(frozen=True)
class Worked:
    """outcome; every test as "num/den yes" or "num/den no"."""

    verdict: Verdict
    outcome: str
    tests: dict[str, str]
    second_tests: dict[str, str] = field(default_factory=dict)


def many(number: int, says: str | None = None, **home: Any) -> list[Home]:
    return [Home(says, **home)] * number


def decide(rule: str, homes: list[Home], **case: Any) -> Worked:
    """The verdict under the rule with that id. case: more keys of the case; events: more acts."""
    return decided(as_file(rule, homes, **case))


def decided(file: dict[str, Any]) -> Worked:
    verdict = tally(read_cases(json.dumps(file)).cases[0])
    second = _told(verdict.second_tests or ())
    return Worked(verdict, verdict.outcome, _told(verdict.tests), second)


def as_file(rule: str, homes: list[Home], **case: Any) -> dict[str, Any]:
    return {"rules": {rule: as_case_rule(rule)}, "cases": [as_case(rule, homes, **case)]}


def as_case(rule: str, homes: list[Home], *, events: tuple[dict[str, Any], ...] = (), **case: Any) -> dict[str, Any]:
    """Homes are units 1, 2, 3 …; the owner of unit 1 is "O1" unless the home names him."""
    acts: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []
    for number, home in enumerate(homes, start=1):
        unit, owner = str(number), home.owner or f"O{number}"
        units.append(
            {
                "id": unit,
                "owners": [{"id": owner, "rep": True}],
                "area": home.area,
                "share": home.share,
                "groups": list(home.groups),
                "kind": home.kind,
                "original_owner": home.original_owner,
                "votable": home.votable,
            }
        )
        way = {"channel": home.channel} if home.channel else {}
        if home.served:
            acts.append({"at": "2030-03-02T09:00", "type": "deliver", "unit": unit, "proof": True})
        for choice, at, vote in ((home.says, "2030-03-05T10:00", 1), (home.then, "2030-03-16T10:00", 2)):
            if choice is not None:
                acts.append(
                    {"at": at, "type": "cast", "unit": unit, "by": owner, "choice": choice, "round": vote} | way
                )
    second = {"window2": SECOND} if any(home.then for home in homes) else {}
    window = {"open": OPEN, "close": CLOSE}
    return {"id": "W", "rule": rule, "window": window, "units": units, "events": [*acts, *events]} | second | case


def _told(results: tuple[TestResult, ...]) -> dict[str, str]:
    return {
        result.test.id: f"{written(result.num)}/{written(result.den)} {'yes' if result.passed else 'no'}"
        for result in results
    }
