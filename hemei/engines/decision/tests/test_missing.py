"""What is missing agrees with trying every set of homes, and says nothing but numbers."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from hemei.engines.decision import changes, fewest
from hemei.engines.decision import missing as missing_module
from hemei.engines.decision.acts import Act, Cast, Choice, Deliver
from hemei.engines.decision.case import Case, LinkedBallots, Window
from hemei.engines.decision.missing import Fewest, ForCounters, ForEverybody, Kinds, Missing, Saying, what_is_missing
from hemei.engines.decision.roll import Owner, Unit
from hemei.engines.decision.rule import Base, Comparison, Count, Fallback, Kind, Measure, OriginalOwner, Rule, Test
from hemei.engines.decision.tally import Standing, judge, standing
from hemei.engines.decision.verdict import Status, TestResult
from hemei.engines.decision.words_of_missing import missing_words, missing_words_for_counters

LONG = bool(os.environ.get("HEMEI_TEST_LONG"))

OPEN = datetime(2025, 3, 1)
CLOSE = OPEN + timedelta(days=10)
CLOSE_2 = CLOSE + timedelta(days=10)
GROUPS = ("payer", "occupied")
SAYINGS: tuple[Saying, ...] = ("for", "abstain")
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
        decisive = self.stands.main if self.round == 1 else self.stands.second
        assert decisive is not None
        self.status = {unit.id: now for unit, now in zip(case.units, decisive.status, strict=True) if unit.votable}
        self.reached = self.holds({})

    def holds(self, changed: dict[str, Status]) -> bool:
        results: Iterable[TestResult]
        if self.round == 1:
            results = judge(self.stands, changed).tests
        else:
            results = (judge(self.stands, None, changed).second_tests or ())[self.triggers :]
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
            each.append([statuses.count(kind) for kind in ("against", "abstain")])
        against, abstaining = min(each)
        return Kinds(len(smallest[0]) - against - abstaining, abstaining, against)

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


LAWS: tuple[tuple[Kind, Count, Base], ...] = (
    ("participation", "participating", "all"),
    ("approval", "for", "all"),
    ("approval", "for", "participating"),
    ("approval", "for", "cast"),
    ("approval", "against", "cast"),
    ("approval", "against", "all"),
)
MEASURES: tuple[Measure, ...] = ("heads", "heads", "area", "area", "share", "units")
COUNTS: tuple[Count, ...] = ("participating", "for", "against")
BASES: tuple[Base, ...] = ("all", "participating", "cast")
UP: tuple[Comparison, ...] = (">=", ">")
DOWN: tuple[Comparison, ...] = ("<=", "<")


def any_tests(chance: Random, many: int) -> tuple[Test, ...]:
    """Mostly such as laws have, sometimes any that can be written."""
    tests = []
    for number in range(many):
        kind, count, base = chance.choice(LAWS)
        cmp = chance.choice(DOWN if count == "against" else UP)
        if chance.random() < 0.1:
            count, base, cmp = chance.choice(COUNTS), chance.choice(BASES), chance.choice(UP + DOWN)
        measure = chance.choice(MEASURES)
        amounts = ("1", "2", "3") if measure in ("heads", "units") else ("60", "401/3")
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
                cap=Fraction(chance.choice(amounts)) if chance.random() < 0.12 else None,
                at_least=Fraction(chance.choice(amounts)) if chance.random() < 0.12 else None,
                exclude_kinds=frozenset(("garage",)) if chance.random() < 0.2 else frozenset(),
                channel="in_person" if chance.random() < 0.12 else None,
            )
        )
    return tuple(tests)


def any_case(chance: Random) -> Case:
    """Up to nine homes, some of the same owner, some of a couple that must agree; acts in one or two rounds."""
    owners = [f"O{number}" for number in range(chance.choice((2, 4, 9, 9)))]
    second = Window(CLOSE, CLOSE_2) if chance.random() < 0.8 else None
    units: list[Unit] = []
    acts: list[Act] = []
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


SAID: tuple[Choice | None, ...] = ("for", "for", "for", "against", "abstain", "spoiled", None, None, None, None)


def any_acts(chance: Random, unit: Unit, rounds: Iterable[tuple[int, int]]) -> Iterator[Act]:
    if chance.random() < 0.5:
        yield Deliver(OPEN, unit.id, proof=True)
    for number, day in rounds:
        said = chance.choice(SAID)
        if said is None:
            continue
        for owner in unit.owners:
            if chance.random() < 0.9:  # where one of two is missing the home is unresolved
                channel = chance.choice((None, "in_person", "post"))
                yield Cast(OPEN + timedelta(days=day), unit.id, owner.id, said, round=number, channel=channel)


def silent(missing: Missing) -> Fewest | None:
    """The fewest of those that have not spoken."""
    assert missing.for_everybody is not None
    return missing.for_everybody.homes


def for_counters(missing: Missing) -> ForCounters:
    assert missing.for_counters is not None
    return missing.for_counters


def agrees_with_trial(case: Case) -> Missing:
    found, trial = what_is_missing(case), ByTrial(case)
    assert (found.reached, found.round) == (trial.reached, trial.round)
    counters = for_counters(found)
    if trial.reached:
        assert silent(found) == counters.changing == Fewest(0, 0)
        assert (counters.leaving, counters.turning) == (trial.firmness("none"), trial.firmness("against"))
    else:
        changing, sets = trial.fewest(NOT_FOR)
        assert silent(found) == trial.fewest(NOT_SPOKEN)[0]
        assert (counters.changing, counters.kinds) == (changing, trial.kinds(sets))
    return found


def test_what_is_missing_agrees_with_trying_every_set_in_a_thousand_small_cases() -> None:
    chance = Random(5)
    found = [agrees_with_trial(any_case(chance)) for _ in range(10_000 if LONG else 1_000)]
    share = 1 / len(found)
    assert 0.15 < share * sum(one.reached for one in found) < 0.85
    assert share * sum(one.round == 2 for one in found) > 0.02
    missing = [silent(one) for one in found if not one.reached]
    assert share * sum(fewest is None for fewest in missing) > 0.1
    assert share * sum(fewest is not None and fewest.least > 1 for fewest in missing) > 0.04


def test_a_search_that_is_cut_off_says_so_and_the_truth_lies_within_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, open_ended = Random(6), 0
    for _ in range(300):
        case = any_case(chance)
        with monkeypatch.context() as patch:
            patch.setattr(changes, "MOST_OPTIONS", chance.choice((1, 3)))
            patch.setattr(fewest, "WORK", chance.choice((0, 3)))
            patch.setattr(fewest, "PLAIN", 0)
            patch.setattr(missing_module, "MOST_WAYS", 2)
            patch.setattr(missing_module, "EFFORT", chance.choice((0, 20, 60, 1_000)))
            cut = what_is_missing(case)
        whole = what_is_missing(case)
        bounded = [(silent(cut), silent(whole)), (for_counters(cut).changing, for_counters(whole).changing)]
        bounded += [
            (getattr(for_counters(cut), key), getattr(for_counters(whole), key)) for key in ("leaving", "turning")
        ]
        for bounds, truth in bounded:
            if truth is None:
                assert bounds is None or bounds.most is None
            else:
                assert bounds is not None
                assert bounds.least <= truth.least
                assert bounds.most is None or truth.least <= bounds.most
            open_ended += bounds is not None and not bounds.exact
        assert for_counters(cut).kinds in (None, for_counters(whole).kinds)
    assert open_ended > 100


# --- worked ---------------------------------------------------------------------------------------------------------

SPECIAL = (
    Test("part_heads", "participation", "heads", "participating", "all", ">=", Fraction(2, 3)),
    Test("part_area", "participation", "area", "participating", "all", ">=", Fraction(2, 3)),
    Test("appr_heads", "approval", "heads", "for", "participating", ">=", Fraction(3, 4)),
    Test("appr_area", "approval", "area", "for", "participating", ">=", Fraction(3, 4)),
)
"""Civil Code 278, a special matter."""


def stairwell(said: str, areas: Iterable[str] = (), *, tests: tuple[Test, ...] = SPECIAL, owners: str = "") -> Case:
    """One home a letter: f for, a against, o abstaining, x spoiled, u not agreed, - silent. owners: a letter each."""
    choices: dict[str, Choice] = {"f": "for", "a": "against", "o": "abstain", "x": "spoiled"}
    size = dict(enumerate(areas))
    units, acts = [], list[Act]()
    for number, one in enumerate(said):
        name, owner = f"{number:02}", Owner(owners[number] if owners else f"O{number}")
        units.append(
            Unit(name, (owner, Owner(f"P{number}")) if one == "u" else (owner,), Fraction(size.get(number, "50")))
        )
        at = OPEN + timedelta(days=1)
        if one in choices:
            acts.append(Cast(at, name, owner.id, choices[one]))
        elif one == "u":
            acts += [Cast(at, name, owner.id, "for"), Cast(at, name, f"P{number}", "against")]
    return Case("S", Rule("R", tests), Window(OPEN, CLOSE), tuple(units), tuple(acts))


def test_one_home_of_twelve_is_missing_where_seven_are_for() -> None:
    assert silent(what_is_missing(stairwell("fffffff-----"))) == Fewest(1, 1)


def test_a_couple_that_does_not_agree_is_a_home_that_may_still_say_for() -> None:
    assert silent(what_is_missing(stairwell("fffffu---"))) == Fewest(1, 1)


def test_the_large_homes_come_first_and_nobody_is_told_which() -> None:
    """Seven small ones are more than two thirds of ten heads, and 420 of 1,020 m²: 680 take one of the two large."""
    missing = what_is_missing(stairwell("fffffff---", ["60"] * 7 + ["60", "270", "270"]))
    assert silent(missing) == Fewest(1, 1)
    assert for_counters(missing).tests[1].short == 260


def test_where_the_silent_are_too_few_the_counters_learn_who_else_would_do() -> None:
    """With both silent for it is 5 of 8, below three quarters; with two of the others for, 5 of 6."""
    missing = what_is_missing(stairwell("fffoaa--"))
    assert silent(missing) is None
    assert for_counters(missing).changing == Fewest(2, 2)
    assert for_counters(missing).kinds == Kinds(undecided=0, abstaining=1, against=1)


def test_one_home_of_an_owner_of_three_splits_his_head_and_all_three_make_it_agree() -> None:
    heads = (Test("heads", "approval", "heads", "for", "all", ">=", Fraction(1)),)
    missing = what_is_missing(stairwell("faaa", tests=heads, owners="ABBB"))
    assert (silent(missing), for_counters(missing).changing) == (None, Fewest(3, 3))
    assert silent(what_is_missing(stairwell("f---", tests=heads, owners="ABBB"))) == Fewest(1, 1)


def test_what_passes_is_as_firm_as_its_weakest_test() -> None:
    """9 of 12 take part and 8 are for: one home less and 8 of 12 take part, two thirds; with two less they do not."""
    counters = for_counters(what_is_missing(stairwell("ffffffffa---")))
    assert (counters.leaving, counters.turning) == (Fewest(2, 2), Fewest(2, 2))


def test_a_test_of_those_against_is_passed_by_one_who_takes_part() -> None:
    """Nobody has voted: 0 of 0 fails. One vote for is enough, an ignored abstention would not be."""
    against = (Test("cap", "approval", "units", "against", "cast", "<=", Fraction(1, 4)),)
    assert silent(what_is_missing(stairwell("---", tests=against))) == Fewest(1, 1)


def test_a_second_vote_is_asked_about_where_it_is_held() -> None:
    absolute = Test("absolute", "approval", "units", "for", "all", ">", Fraction(1, 2))
    third = Test("third", "trigger", "units", "for", "all", ">=", Fraction(1, 3))
    majority = Test("majority2", "approval", "units", "for", "cast", ">", Fraction(1, 2))
    case = stairwell("ff----", tests=(absolute,))
    rule = replace(case.rule, fallback=Fallback((third,), (majority,)))
    held = what_is_missing(replace(case, rule=rule, window2=Window(CLOSE, CLOSE_2)))
    assert (held.round, silent(held)) == (2, Fewest(1, 1))
    too_few = what_is_missing(replace(stairwell("f-----"), rule=rule, window2=Window(CLOSE, CLOSE_2)))
    assert (too_few.round, silent(too_few)) == (1, Fewest(3, 3))


def test_linked_ballots_are_answered_one_by_one() -> None:
    missing = what_is_missing(LinkedBallots("L", (stairwell("fff"), stairwell("f--"))))
    assert (missing.outcome, missing.reached, missing.for_everybody) == ("no_quorum", False, None)
    assert [silent(ballot) for ballot in missing.ballots] == [Fewest(0, 0), Fewest(1, 1)]


def test_an_estate_of_two_thousand_homes_of_all_sizes_is_answered_exactly() -> None:
    """Alone in its head and silent, the largest first: as many as bring heads and area to two thirds."""
    chance = Random(2)
    areas = [Fraction(chance.randint(4_000, 15_000), 100) for _ in range(2_000)]
    case = stairwell("f" * 600 + "-" * 1_400, map(str, areas))
    need, have, homes = sum(areas) * Fraction(2, 3), sum(areas[:600]), 0
    for area in sorted(areas[600:], reverse=True):
        if have >= need and 600 + homes >= Fraction(4_000, 3):
            break
        have, homes = have + area, homes + 1
    assert silent(what_is_missing(case)) == Fewest(homes, homes)


# --- counts only ----------------------------------------------------------------------------------------------------


def test_everybody_is_told_numbers_of_homes_and_nothing_else() -> None:
    chance = Random(7)
    for _ in range(100):
        missing = what_is_missing(any_case(chance))
        assert missing.for_everybody is not None
        assert set(asdict(missing.for_everybody)) == {"homes"}
        homes = silent(missing)
        assert homes is None or {type(one) for one in asdict(homes).values()} <= {int, str}


def test_names_of_homes_and_owners_change_nothing() -> None:
    chance = Random(8)
    for _ in range(100):
        case = any_case(chance)
        units = tuple(replace(unit, id=f"other {unit.id}") for unit in case.units)
        acts = tuple(replace(act, unit=f"other {act.unit}") for act in case.acts if isinstance(act, (Cast, Deliver)))
        assert what_is_missing(replace(case, units=units, acts=acts)) == what_is_missing(case)


# --- in words -------------------------------------------------------------------------------------------------------


def open_still(case: Case) -> Case:
    return replace(case, evaluate_at=OPEN + timedelta(days=2))


@pytest.mark.parametrize(
    ("case", "english", "chinese"),
    [
        (stairwell("fffffff-----"), "1 more home would have had to take part and say yes.", "当时还差 1 户同意。"),
        (open_still(stairwell("fffffff-----")), "1 more home must take part and say yes.", "还差 1 户同意。"),
        (open_still(stairwell("ffffff------")), "2 more homes must take part and say yes.", "还差 2 户同意。"),
        (open_still(stairwell("ffffffff----")), "What the rule asks for is met.", "已经达到要求。"),
        (
            stairwell("fffoaa--"),
            "The homes that are undecided are too few to make it pass.",
            "只靠还没定的户，已经不够。",
        ),
    ],
)
def test_what_is_missing_in_words(case: Case, english: str, chinese: str) -> None:
    missing = what_is_missing(case)
    assert (missing_words(missing, "en"), missing_words(missing, "zh")) == ((english,), (chinese,))


def test_counters_are_told_who_could_change_it_and_how_firm_it_is() -> None:
    short = what_is_missing(stairwell("fffoaa--"))
    assert missing_words_for_counters(short, "en") == (
        "If those that have voted may change their minds, 2 homes must say yes (now: 1 abstaining, 1 against).",
    )
    assert missing_words_for_counters(short, "zh") == (
        "如果已投票的户也愿意改，要 2 户同意（现在：弃权 1 户、反对 1 户）。",
    )
    firm = what_is_missing(stairwell("ffffffffffff"))
    assert missing_words_for_counters(firm, "en") == (
        "It fails if 5 homes take the vote back.",
        "It fails if 4 homes come out against.",
    )
    assert missing_words_for_counters(firm, "zh") == ("如有 5 户撤回，就不够了。", "如有 4 户反对，就不够了。")


def test_words_say_where_a_search_was_cut_off() -> None:
    missing = what_is_missing(open_still(stairwell("ffffff------")))
    assert missing_words(replace(missing, for_everybody=ForEverybody(Fewest(5, 9))), "en") == (
        "5 to 9 more homes must take part and say yes.",
    )
    assert missing_words(replace(missing, for_everybody=ForEverybody(Fewest(5, None, "abstain"))), "zh") == (
        "还差 5 户或更多参加表决（弃权）。",
    )
