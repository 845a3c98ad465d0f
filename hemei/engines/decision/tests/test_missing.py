"""What is missing agrees with trying every set of homes, and says nothing but numbers."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from hemei.engines.decision.acts import Act, Cast, Deliver
from hemei.engines.decision.case import Case, LinkedBallots, Window
from hemei.engines.decision.missing import Fewest, Kinds, Missing, what_is_missing
from hemei.engines.decision.roll import Owner, Unit
from hemei.engines.decision.rule import Fallback, OriginalOwner, Rule, Test
from hemei.engines.decision.tally import Standing, judge, standing
from hemei.engines.decision.verdict import Status, TestResult

OPEN = datetime(2025, 3, 1)
CLOSE = OPEN + timedelta(days=10)
CLOSE_2 = CLOSE + timedelta(days=10)
GROUPS = ("payer", "occupied")
SAYINGS: tuple[Status, ...] = ("for", "abstain")
NOT_SPOKEN: tuple[Status, ...] = ("none", "unresolved")
NOT_FOR: tuple[Status, ...] = ("none", "unresolved", "spoiled", "abstain", "against")


# --- trying every set -----------------------------------------------------------------------------------------------


class ByTrial:
    """The answers of the docstring of `what_is_missing`, found by judging every set of homes, the small ones first."""

    def __init__(self, case: Case) -> None:
        self.stands: Standing = standing(case)
        verdict = judge(self.stands)
        fallback = case.rule.fallback
        self.triggers = len(fallback.trigger) if fallback else 0
        self.round = 2 if len(verdict.second_tests or ()) > self.triggers else 1
        status = self.stands.main.status if self.round == 1 else self.stands.second.status
        self.status = {unit.id: now for unit, now in zip(case.units, status, strict=True) if unit.votable}
        self.reached = self.holds({})

    def holds(self, changed: dict[str, Status]) -> bool:
        results: Iterable[TestResult]
        if self.round == 1:
            results = judge(self.stands, changed).tests
        else:
            results = judge(self.stands, None, changed).second_tests[self.triggers :]
        return all(result.passed for result in results)

    def smallest(self, of: Iterable[Status], to: Status, *, hold: bool = True) -> list[tuple[str, ...]]:
        """All smallest sets of homes of these statuses whose coming to `to` makes the tests hold, or not hold."""
        homes = [home for home, now in self.status.items() if now in of and now != to]
        for size in range(len(homes) + 1):
            found = [some for some in combinations(homes, size) if self.holds(dict.fromkeys(some, to)) is hold]
            if found:
                return found
        return []

    def fewest(self, of: Iterable[Status]) -> tuple[Fewest | None, list[tuple[str, ...]]]:
        by_saying = {saying: found for saying in SAYINGS if (found := self.smallest(of, saying))}
        if not by_saying:
            return None, []
        saying = min(by_saying, key=lambda saying: len(by_saying[saying][0]))
        size = len(by_saying[saying][0])
        return Fewest(size, size, saying), by_saying[saying]

    def kinds(self, smallest: list[tuple[str, ...]]) -> Kinds | None:
        if not smallest:
            return None
        each = []
        for some in smallest:
            statuses = [self.status[home] for home in some]
            each.append([statuses.count(kind) for kind in ("against", "abstain", "spoiled")])
        against, abstaining, spoiled = min(each)
        return Kinds(len(smallest[0]) - against - abstaining - spoiled, spoiled, abstaining, against)

    def firmness(self, to: Status) -> Fewest | None:
        found = self.smallest(("for", *NOT_FOR), to, hold=False)
        return Fewest(len(found[0]), len(found[0])) if found else None


# --- any small case -------------------------------------------------------------------------------------------------


def any_rule(chance: Random) -> Rule:
    return Rule(
        "R",
        any_tests(chance, chance.choice((1, 1, 2, 2, 3, 4))),
        head_key=chance.choice(("owner", "owner", "owner", "unit")),
        joint="unanimous",
        abstain=chance.choice(("participates", "ignored")),
        spoiled=chance.choice(("participates", "not_participating")),
        nonresponse=chance.choice(("absent", "abstain_if_delivered", "follows_majority_if_delivered")),
        fallback=Fallback(any_tests(chance, 1), any_tests(chance, 2)) if chance.random() < 0.25 else None,
        original_owner=OriginalOwner(Fraction(1, 3), Fraction(1, 3), 2) if chance.random() < 0.2 else None,
        majority_owner_cut=chance.random() < 0.2,
    )


def any_tests(chance: Random, many: int) -> tuple[Test, ...]:
    """Mostly such as laws have, sometimes any that can be written."""
    tests = []
    for number in range(many):
        kind, count, base = chance.choice(
            [
                ("participation", "participating", "all"),
                ("approval", "for", "all"),
                ("approval", "for", "participating"),
            ]
            + [("approval", "for", "cast"), ("approval", "against", "cast"), ("approval", "against", "all")]
        )
        cmp = chance.choice(("<=", "<") if count == "against" else (">=", ">"))
        if chance.random() < 0.1:
            count, base = (
                chance.choice(("participating", "for", "against")),
                chance.choice(("all", "participating", "cast")),
            )
            cmp = chance.choice((">=", ">", "<=", "<"))
        measure = chance.choice(("heads", "heads", "area", "area", "share", "units"))
        amounts = (
            [Fraction(1), Fraction(2), Fraction(3)]
            if measure in ("heads", "units")
            else [Fraction(60), Fraction(401, 3)]
        )
        tests.append(
            Test(
                f"t{number}",
                kind,
                measure,
                count,
                base,
                cmp,
                Fraction(chance.choice(("1/4", "1/3", "1/2", "2/3", "3/4", "95/100", "1"))),
                who="all" if chance.random() < 0.75 else f"group:{chance.choice(GROUPS)}",
                cap=chance.choice(amounts) if chance.random() < 0.12 else None,
                at_least=chance.choice(amounts) if chance.random() < 0.12 else None,
                exclude_kinds=frozenset(("garage",)) if chance.random() < 0.2 else frozenset(),
                channel="in_person" if chance.random() < 0.12 else None,
            )
        )
    return tuple(tests)


def any_case(chance: Random) -> Case:
    """Up to nine homes, some of the same owner, some of a couple that must agree; acts in one or two rounds."""
    owners = [f"O{number}" for number in range(chance.choice((2, 4, 9, 9)))]
    second = Window(CLOSE, CLOSE_2) if chance.random() < 0.8 else None
    units, acts = [], []
    for number in range(chance.choice((1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9))):
        owner = chance.choice(owners)
        couple = (Owner(owner), Owner(f"{owner}'s wife")) if chance.random() < 0.3 else (Owner(owner),)
        unit = Unit(
            f"{number:02}",
            couple,
            area=Fraction(chance.choice(("50", "50", "60", "75.5", "100/3", "120", "0"))),
            share=Fraction(chance.choice(("10", "10", "25", "40", "1/3"))),
            groups=frozenset(group for group in GROUPS if chance.random() < 0.4),
            kind=chance.choice(("home", "home", "home", "garage")),
            original_owner=chance.random() < 0.2,
            votable=chance.random() < 0.93,
        )
        units.append(unit)
        acts.extend(any_acts(chance, unit, ((1, 1), (2, 12)) if second else ((1, 1),)))
    return Case("any", any_rule(chance), Window(OPEN, CLOSE), tuple(units), tuple(acts), window2=second)


def any_acts(chance: Random, unit: Unit, rounds: Iterable[tuple[int, int]]) -> Iterator[Act]:
    if chance.random() < 0.5:
        yield Deliver(OPEN, unit.id, proof=True)
    for number, day in rounds:
        said = chance.choice(("for", "for", "for", "against", "abstain", "spoiled", None, None, None, None))
        if said is None:
            continue
        for owner in unit.owners:
            if chance.random() < 0.9:  # where one of two is missing the home is unresolved
                channel = chance.choice((None, "in_person", "post"))
                yield Cast(OPEN + timedelta(days=day), unit.id, owner.id, said, round=number, channel=channel)


def agrees_with_trial(case: Case) -> Missing:
    found, trial = what_is_missing(case), ByTrial(case)
    assert (found.reached, found.round) == (trial.reached, trial.round)
    counters = found.for_counters
    if trial.reached:
        assert found.for_everybody.homes == counters.changing == Fewest(0, 0)
        assert (counters.leaving, counters.turning) == (trial.firmness("none"), trial.firmness("against"))
    else:
        silent, _ = trial.fewest(NOT_SPOKEN)
        changing, sets = trial.fewest(NOT_FOR)
        assert found.for_everybody.homes == silent
        assert (counters.changing, counters.kinds) == (changing, trial.kinds(sets))
    return found


def test_what_is_missing_agrees_with_trying_every_set_in_a_thousand_small_cases():
    chance = Random(5)
    found = [agrees_with_trial(any_case(chance)) for _ in range(1_000)]
    reached = [one for one in found if one.reached]
    assert 150 < len(reached) < 850
    assert sum(one.round == 2 for one in found) > 20
    missing = [one.for_everybody.homes for one in found if not one.reached]
    assert sum(fewest is None for fewest in missing) > 100
    assert sum(fewest is not None and fewest.most > 1 for fewest in missing) > 40
