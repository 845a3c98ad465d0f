"""The handbook's texts: every number of a worked example is what the engine gives."""

import json
import re
from fractions import Fraction

import pytest

from hemei.engines.costs.keys import coefficients
from hemei.engines.costs.reading import read_cases as read_plans
from hemei.engines.costs.rounding import to_cent
from hemei.engines.costs.share import share
from hemei.engines.decision.missing import what_is_missing
from hemei.engines.decision.reading import read_cases as read_votes
from hemei.engines.decision.rulebook import as_case_rule
from hemei.engines.decision.tally import tally
from hemei.handbook.numbers import SHOWN_PLACES, cut
from hemei.handbook.texts import TEXTS, text_of

LANGUAGES = ("zh", "en")
HEADING = {"zh": "## 从头到尾算一例", "en": "## One example from end to end"}
NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")


def example_in(name, language):
    words = (TEXTS / f"{name}.{language}.md").read_text(encoding="utf-8")
    return words.split(HEADING[language])[1].split("\n## ")[0]


def numbers_in(text):
    """The numbers of a text, without the numbers of a list."""
    text = re.sub(r"^[0-9]+\. ", "", text, flags=re.MULTILINE)
    return {Fraction(found.replace(",", "")) for found in NUMBER.findall(text)}


def votes():
    return read_votes((TEXTS / "decision.json").read_text(encoding="utf-8")).cases


def arithmetic_of(verdict):
    known = set()
    for result in verdict.tests:
        above, below = result.test.threshold.numerator, result.test.threshold.denominator
        known |= {result.num, result.den, above, below, below * result.num, above * result.den}
    return known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_example_of_a_vote_is_the_engines(language):
    case, one_fewer = votes()
    verdict, other = tally(case), tally(one_fewer)
    assert (verdict.outcome, other.outcome) == ("passed", "no_quorum")
    assert verdict.flags == (("duplicate", "202"), ("late_cast", "602"))
    missing = what_is_missing(one_fewer)
    assert missing.for_everybody.homes.most == 1
    known = arithmetic_of(verdict) | arithmetic_of(other)
    known |= {Fraction(unit.id) for unit in case.units} | {unit.area for unit in case.units}
    known |= {part.short for part in missing.for_counters.tests} | {1, 2, len(case.units)}
    days = {case.window.open, case.acts[-1].at, case.window.close}
    known |= {number for at in days for number in (at.day, at.month, at.hour)} | {
        15,
        24,
        0,
        5,
    }  # to the end of the 15th
    assert numbers_in(example_in("decision", language)) - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_a_vote_tells_both_numbers_of_every_test(language):
    case, _other = votes()
    told = numbers_in(example_in("decision", language))
    for result in tally(case).tests:
        below, above = result.test.threshold.denominator, result.test.threshold.numerator
        assert {result.num, result.den, below * result.num, above * result.den} <= told


def test_the_examples_rule_is_that_of_the_book():
    file = json.loads((TEXTS / "decision.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in file["rules"]["CN-278-SPECIAL"].items() if key not in ("name", "proxy")}
    book = as_case_rule("CN-278-SPECIAL")
    assert {key: book[key] for key in kept} == kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_example_of_a_cost_is_the_engines(language):
    (case,) = read_plans((TEXTS / "costs.json").read_text(encoding="utf-8")).cases
    answer, cost = share(case), case.cost
    k = coefficients(case.method, case.floors)
    exact = answer.exact["501"]
    cut_down = [amount // Fraction(1, 100) * Fraction(1, 100) for amount in answer.exact.values()]
    missing_cents = int((answer.net - sum(cut_down)) * 100)
    raised = {home for home, down in zip(answer.exact, cut_down, strict=True) if answer.shares[home] != down}
    assert (missing_cents, raised) == (3, {"501", "201", "202"})
    assert to_cent(list(answer.exact), list(answer.exact.values()), answer.net) == tuple(answer.shares.values())
    known = {cost.works, cost.other, cost.subsidy.rate, cost.subsidy.rate * 100, cost.subsidy.cap, answer.subsidy}
    known |= {answer.net, answer.total, *k, sum(k), *answer.shares.values(), missing_cents}
    known |= {Fraction(cut(exact, SHOWN_PLACES)), exact // Fraction(1, 100) * Fraction(1, 100)}
    known |= {home.area for home in case.homes} | {Fraction(home.id) for home in case.homes} | set(range(1, 7))
    known.add(sum(home.area for home in case.homes if home.floor == 5))
    told = numbers_in(example_in("costs", language))
    assert told - known == set()
    assert {*answer.shares.values(), sum(k), answer.net, answer.subsidy} <= told


@pytest.mark.parametrize("name", ["decision", "costs"])
def test_both_languages_tell_the_same_numbers(name):
    assert numbers_in(example_in(name, "zh")) ^ numbers_in(example_in(name, "en")) <= {Fraction(24), Fraction(0)}


@pytest.mark.parametrize("name", ["decision", "costs"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_text_is_made_into_html_with_its_title_apart(name, language):
    text = text_of(name, language)
    assert text.title
    assert "<h1>" not in text.html
    assert '<td data-label="' in text.html
    assert "<h2>" in text.html
