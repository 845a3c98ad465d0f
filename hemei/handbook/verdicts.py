"""What the page shows of a vote that was counted: the verdict in one sentence, then every test with its arithmetic."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.missing import Missing, what_is_missing
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.rulebook import known
from hemei.engines.decision.tally import tally
from hemei.engines.decision.verdict import TestResult, Verdict, as_plain
from hemei.engines.decision.words import Language, TestInWords, VerdictInWords, in_words
from hemei.engines.decision.words_of_missing import missing_words, missing_words_for_counters
from hemei.handbook.bounds import SECONDS, Allowance, TooLong, reckoned, refuse_too_much
from hemei.handbook.numbers import area, shown
from hemei.shell.words import in_english

SECONDS_OF_SEARCH = 3  # for what would change it: the search is exact, and a made-up rule could keep it busy for hours
STATES = {"passed": "passed", "blocked": "open", "pending": "open"}


@dataclass(frozen=True)
class Bar:
    """One test. part, whole, least: how far the bar reaches and where its mark stands, in the unit of the test."""

    name: str
    figures: str
    told: str
    arithmetic: str
    holds: bool
    part: Fraction
    whole: Fraction
    least: Fraction


@dataclass(frozen=True)
class Row:
    """One home: its weight, what it said, and what else there is to say about it."""

    home: str
    weight: str
    status: str
    notes: list[str]


@dataclass(frozen=True)
class Count:
    """One vote. second: the tests of a second vote, None where there was none. missing: what is missing, as counts.

    rule: key of its page, "" where the rule is not of the book. ballots: the linked ones; then the rest is empty.
    """

    title: str
    state: str
    told: str
    bars: list[Bar]
    second: list[Bar] | None
    missing: list[str]
    weighed: str
    rows: list[Row]
    note: str
    rule: str
    ballots: list["Count"]
    answer: str


def language() -> Language:
    return "en" if get_language() == "en" else "zh"


def counts_in(text: str) -> list[Count]:
    """The votes of a file, counted. Raises Mistake for what cannot be read, TooMuch for more than a page takes."""
    allowance = Allowance(SECONDS)
    cases = reckoned(allowance, partial(read_cases, text)).cases
    votes = [vote for case in cases for vote in (case.ballots if isinstance(case, LinkedBallots) else (case,))]
    refuse_too_much(homes=[len(vote.units) for vote in votes], acts=sum(len(vote.acts) for vote in votes))
    verdicts = [reckoned(allowance, partial(tally, case)) for case in cases]
    search = Allowance(SECONDS_OF_SEARCH)
    return [count_of(case, verdict, search) for case, verdict in zip(cases, verdicts, strict=True)]


def count_of(case: Case | LinkedBallots, verdict: Verdict, search: Allowance) -> Count:
    """search: the time in which to look for what would change it; where it is not enough, that is said."""
    try:
        missing = search.of(partial(what_is_missing, case))
    except TooLong:
        missing = None
    return _count(case, verdict, in_words(verdict, case, language()), missing)


def _count(case: Case | LinkedBallots, verdict: Verdict, words: VerdictInWords, missing: Missing | None) -> Count:
    linked = isinstance(case, LinkedBallots)
    each = missing.ballots if missing else [None] * len(verdict.ballots)
    ballots = zip(case.ballots, verdict.ballots, words.ballots, each, strict=True) if linked else ()
    book = None if linked else known(case.rule)
    return Count(
        title=in_english(case.title.zh, case.title.en) or case.id,
        state=STATES.get(verdict.outcome, "failed" if verdict.gates.vote_over else "open"),
        told=words.sentence,
        bars=_bars(verdict.tests, words.tests),
        second=None if verdict.second_tests is None else _bars(verdict.second_tests, words.second_tests or ()),
        missing=[] if linked else _missing(missing),
        weighed="" if linked else _weighed(case),
        rows=[] if linked else list(_rows(case, verdict, words)),
        note=words.legal_note,
        rule=book.rule.id if book else "",
        ballots=[_count(*of_one) for of_one in ballots],
        answer=json.dumps([as_plain(verdict)], ensure_ascii=False, indent=1),
    )


def _bars(results: tuple[TestResult, ...], words: tuple[TestInWords, ...]) -> list[Bar]:
    return [
        Bar(
            name=said.name,
            figures=said.figures,
            told=said.asked,
            arithmetic=said.arithmetic,
            holds=result.passed,
            part=result.num,
            whole=result.den,
            least=max(result.need, result.test.at_least or Fraction(0)),
        )
        for result, said in zip(results, words, strict=True)
    ]


def _missing(missing: Missing | None) -> list[str]:
    """How few homes would change it. Who typed the case knows every vote, so nothing is kept from the counters."""
    if missing is None:
        return [_("This was not looked for: with these homes and this rule it takes longer than a page may.")]
    told = () if missing.reached else missing_words(missing, language())
    return [*told, *missing_words_for_counters(missing, language())]


def _weighed(case: Case) -> str:
    """Name of the column of weights: areas or shares, where this rule counts them."""
    measures = {test.measure for test in case.rule.all_tests}
    return _("Area (m²)") if "area" in measures else _("Share") if "share" in measures else ""


def _rows(case: Case, verdict: Verdict, words: VerdictInWords) -> Iterator[Row]:
    by_area = any(test.measure == "area" for test in case.rule.all_tests)
    statuses, notes = dict(words.statuses), _notes(words)
    for unit in case.units:
        weight = unit.area if by_area else unit.share
        written = "" if weight is None else area(weight) if by_area else shown(weight)
        yield Row(unit.id, written, statuses.get(unit.id, ""), notes.get(unit.id, []))


def _notes(words: VerdictInWords) -> Mapping[str, list[str]]:
    notes: dict[str, list[str]] = {}
    for unit, side in words.deemed:
        notes.setdefault(unit, []).append(_("silent, and by the rule: %(side)s") % {"side": side})
    for unit, told in words.flags:
        notes.setdefault(unit, []).append(told)
    return notes
