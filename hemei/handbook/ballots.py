"""The small form about a vote made into a file of the schema consent-cases/1: the page then counts like the command."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hemei.engines.decision.rule import Rule
from hemei.engines.decision.rulebook import Entry, as_case_rule, rulebook
from hemei.handbook.typed import Home

OURS = ("china", "shanghai")  # places whose rules come first in a list
TITLE = {"en": "A vote, from the small form", "zh": "小表里填的表决"}


def simple_rules() -> list[Entry]:
    """The rules for which homes, one number each and choices are enough."""
    return [entry for entry in rulebook().entries.values() if _is_simple(entry.rule)]


def _is_simple(rule: Rule) -> bool:
    return not any(test.group or test.channel for test in rule.all_tests) and len(_weights(rule)) <= 1


def measure_of(rule: Rule) -> str:
    """What each home's number is under this rule: "area", "share", or "" where homes are counted and nothing else."""
    return next(iter(_weights(rule)), "")


def _weights(rule: Rule) -> set[str]:
    return {test.measure for test in rule.all_tests} & {"area", "share"}


def vote_file(said: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """said: what `forms.CountVotes` has cleaned, with `listed` (homes). All votes are of today; the vote is over."""
    rule = said["rule"]
    measure = measure_of(rulebook().entries[rule].rule)
    homes: Sequence[Home] = said["listed"]
    window = {"open": f"{today}T00:00", "close": f"{today + timedelta(days=1)}T00:00"}
    case = {
        "id": "form",
        "title": TITLE,
        "rule": rule,
        "window": window,
        "units": [_unit(home, measure) for home in homes],
        "events": [event for home in homes if (event := _event(home, f"{today}T12:00"))],
    }
    return {"rules": {rule: as_case_rule(rule)}, "cases": [case]}


def _unit(home: Home, measure: str) -> dict[str, Any]:
    weight = {measure: home.measure} if measure else {}
    return {"id": home.id, **weight, "owners": [{"id": _owner(home)}]}


def _owner(home: Home) -> str:
    """Homes with the same owner written behind them are one head; all others have an owner each."""
    return home.owner or f"O-{home.id}"


def _event(home: Home, at: str) -> dict[str, Any] | None:
    if home.choice == "none":
        return None
    if home.choice == "served":
        return {"at": at, "type": "deliver", "unit": home.id, "proof": True}
    return {"at": at, "type": "cast", "unit": home.id, "by": _owner(home), "choice": home.choice}
