"""A verdict and its arithmetic in words, English and Chinese: for pages, print and the counter.

The words say what the numbers say and no more. `in_words` gives everything for one verdict, the other functions its
parts; `language` is "en" or "zh" everywhere. `heads` is what heads are called in the case: `counted(case)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from hemei.engines.decision import chinese, english
from hemei.engines.decision.arithmetic import (
    Need,
    arithmetic,
    den_is_fixed,
    figure,
    figure_or_rounded,
    need,
    percentage,
    short,
)
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.naming import Counted, Language
from hemei.engines.decision.rule import Rule, Test
from hemei.engines.decision.rulebook import is_checked, known
from hemei.engines.decision.verdict import Flag, Outcome, Status, TestResult, Verdict

__all__ = [
    "Counted",
    "Language",
    "Need",
    "TestInWords",
    "VerdictInWords",
    "arithmetic",
    "counted",
    "day_words",
    "decisive_tests",
    "flag_words",
    "fraction_words",
    "in_words",
    "legal_note",
    "moment_words",
    "need",
    "outcome_words",
    "percentage",
    "short",
    "status_words",
    "test_asked",
    "test_figures",
    "test_in_words",
    "test_name",
    "test_sentence",
    "threshold_words",
    "verdict_sentence",
]


@dataclass(frozen=True, slots=True)
class TestInWords:
    """One test for a page.

    name: the heading of its bar. figures: "7 / 12". percentage: to stand beside the figures, cut; "" where den is 0.
    sentence: the whole test in one sentence. asked: what is asked and what is missing, to stand beside the bar.
    arithmetic: the exact line.
    """

    __test__ = False  # not a test of pytest's

    id: str
    name: str
    figures: str
    percentage: str
    sentence: str
    asked: str
    arithmetic: str
    passed: bool


@dataclass(frozen=True, slots=True)
class VerdictInWords:
    """A verdict for a page. statuses, deemed, flags: (unit, words), in the verdict's order.

    second_tests: None where no second vote was looked at. legal_note: rule, source, date and what this is not; of
    linked ballots it stands with each ballot and is empty here.
    """

    id: str
    outcome: str
    sentence: str
    tests: tuple[TestInWords, ...]
    second_tests: tuple[TestInWords, ...] | None
    statuses: tuple[tuple[str, str], ...]
    deemed: tuple[tuple[str, str], ...]
    flags: tuple[tuple[str, str], ...]
    legal_note: str
    ballots: tuple["VerdictInWords", ...] = ()


# -- single words

OUTCOMES: Final[Mapping[Outcome, tuple[str, str]]] = {
    "passed": ("passed", "通过"),
    "rejected": ("not passed", "没有通过"),
    "no_quorum": ("too few took part", "参与比例不足"),
    "blocked": ("an objection is open", "待异议处理"),
    "pending": ("not settled yet", "还没定"),
}
STATUSES: Final[Mapping[Status, tuple[str, str]]] = {
    "for": ("agrees", "同意"),
    "against": ("is against", "反对"),
    "abstain": ("abstains", "弃权"),
    "spoiled": ("spoiled ballot", "废票"),
    "none": ("has not voted", "没有表态"),
    "unresolved": ("the co-owners differ: counted nowhere", "共有人未达成一致，哪边都不算"),
}
FLAGS: Final[Mapping[Flag, tuple[str, str]]] = {
    "early_cast": ("a vote came before the opening: it does not count", "开始前投的，不算"),
    "late_cast": ("a vote came after closing: it does not count", "截止后投的，不算"),
    "late_revoke": ("a vote was taken back after closing: it still counts", "截止后才撤回，原来投的仍算"),
    "not_an_owner": ("somebody acted who did not own it at that time: it does not count", "办的人当时不是业主，不算"),
    "duplicate": ("the same owner made the same choice again: it counts once", "同一人又投了同样的一票，只算一次"),
    "revoked": ("an owner took the vote back", "业主撤回了自己投的"),
    "transfer": ("it was sold during the vote", "表决期间换了业主"),
    "voided": ("a ballot was declared void", "有一张票作废了"),
    "roll_correction": (
        "the roll was corrected: this count keeps the numbers of the opening",
        "名册有更正，这次仍按开始时的名册算",
    ),
    "proxy_invalid": ("an agent voted without authority that holds: it does not count", "代投的没有有效委托，不算"),
    "proxy_not_written": ("the authority was not in writing", "委托不是书面的"),
    "proxy_over_limit": ("the agent acts for more owners than allowed", "受托人代的人数超过了上限"),
    "proxy_against_instruction": (
        "the agent voted otherwise than the owner had said: it does not count",
        "代投的和业主交代的不一样，不算",
    ),
}


def outcome_words(outcome: Outcome, language: Language) -> str:
    return _said(OUTCOMES[outcome], language)


def status_words(status: Status, language: Language) -> str:
    """A unit's status, to stand after its name."""
    return _said(STATUSES[status], language)


def flag_words(flag: Flag, language: Language) -> str:
    """What happened at a unit, to stand after its name."""
    return _said(FLAGS[flag], language)


def counted(case: Case) -> Counted:
    """What the heads of this case are called. A body's members are those of a rule of the book that says so."""
    entry = known(case.rule)
    if entry is not None and entry.counted == "members":
        return "members"
    units = [unit for unit in case.units if unit.votable]
    heads = {unit.head or frozenset([owner.id for owner in unit.owners]) for unit in units}
    return "homes" if case.rule.head_key == "unit" or len(heads) == len(units) else "owners"


# -- one test


def fraction_words(value: Fraction, language: Language) -> str:
    """ "two thirds" / "三分之二", "half" / "一半", "95 %" / "95%", "17/30" / "30 分之 17", "all" / "全部"."""
    return english.fraction(value) if language == "en" else chinese.fraction(value)


def threshold_words(test: Test, language: Language) -> str:
    """What the test asks: "at least two thirds" / "至少三分之二", "more than half" / "过半数", "all" / "全部",
    "at most a quarter" / "最多四分之一", "at least 5 %, but not more than 100" / "至少 5%，最多只要 100"."""
    return english.threshold(test) if language == "en" else chinese.threshold(test)


def test_name(test: Test, language: Language, heads: Counted) -> str:
    """What the test measures, as the heading of its bar: "Homes that took part" / "多少户参加了"."""
    return english.name(test, heads) if language == "en" else chinese.name(test, heads)


def test_figures(result: TestResult) -> str:
    """ "7 / 12", "490.20 / 735.90"."""
    return f"{figure(result.num, result.test.measure)} / {figure(result.den, result.test.measure)}"


def test_sentence(result: TestResult, language: Language, heads: Counted) -> str:
    """The test in one sentence, without its full stop.

    "8 of 12 homes took part: exactly two thirds, enough" / "12 户里有 8 户参加：正好三分之二，够了".
    """
    return english.sentence(result, heads) if language == "en" else chinese.sentence(result, heads)


def test_asked(result: TestResult, language: Language, heads: Counted) -> str:
    """What is asked and what is missing, to stand beside the bar, without a full stop.

    "At least two thirds: 8 of 12 homes needed, 1 short" / "要至少三分之二：12 户里要 8 户，还差 1 户".
    """
    return english.asked(result, heads) if language == "en" else chinese.asked(result, heads)


def test_in_words(result: TestResult, language: Language, heads: Counted) -> TestInWords:
    """Everything a page says about one test."""
    return TestInWords(
        id=result.test.id,
        name=test_name(result.test, language, heads),
        figures=test_figures(result),
        percentage=percentage(result.num, result.den, language),
        sentence=test_sentence(result, language, heads),
        asked=test_asked(result, language, heads),
        arithmetic=arithmetic(result, language),
        passed=result.passed,
    )


# -- the whole verdict

FAILED: Final[Mapping[tuple[Outcome, bool], tuple[str, str]]] = {  # by whether the vote is over
    ("no_quorum", True): ("Too few took part", "参加的不够，表决不成立"),
    ("no_quorum", False): ("Too few have taken part so far", "参加的还不够"),
    ("rejected", True): ("Not passed", "没有通过"),
    ("rejected", False): ("Not enough agree so far", "目前还通不过"),
}


def verdict_sentence(verdict: Verdict, case: Case | LinkedBallots, language: Language) -> str:
    """The outcome and what decides it, one or two sentences with their full stops.

    It tells areas and, where approval fails, who is for: while a vote is open that is for its counters alone.
    """
    if isinstance(case, LinkedBallots):
        return _linked(verdict, case, language)
    if verdict.outcome in ("no_quorum", "rejected"):
        return _failed(verdict, case, language)
    if verdict.outcome == "blocked":
        open_still = (
            "Enough agree, but an objection from the notice is still open.",
            "票数够了，公示期里的异议还没有办结。",
        )
        return _said(open_still, language)
    return _waiting(verdict, case, language) if verdict.outcome == "pending" else _passed(verdict, case, language)


def decisive_tests(verdict: Verdict, rule: Rule) -> tuple[tuple[TestResult, ...], bool]:
    """The tests the outcome rests on, and whether they are those of a second vote."""
    if verdict.second_tests is not None and rule.fallback is not None:
        second = verdict.second_tests[len(rule.fallback.trigger) :]
        if second:
            return second, True
    return verdict.tests, False


def _passed(verdict: Verdict, case: Case, language: Language) -> str:
    decisive, second = decisive_tests(verdict, case.rule)
    text = _said(("Passed in the second vote", "第二轮表决通过") if second else ("Passed", "通过"), language)
    many = len(decisive)
    if many == 1:
        return _two(text, test_sentence(decisive[0], language, counted(case)), language)
    in_words = many < len(english.NUMBERS)
    if language == "en":
        return f"{text}: {'both' if many == 2 else f'all {english.NUMBERS[many] if in_words else many}'} tests are met."
    return f"{text}：{'两' if many == 2 else chinese.NUMBERS[many] if in_words else f' {many} '}项都够。"


def _failed(verdict: Verdict, case: Case, language: Language) -> str:
    decisive, second = decisive_tests(verdict, case.rule)
    kind = "participation" if verdict.outcome == "no_quorum" else "approval"
    failed = [result for result in decisive if not result.passed and result.test.kind == kind]
    text = _said(FAILED[verdict.outcome, verdict.gates.vote_over], language)
    if second:
        text = f"{text} in the second vote" if language == "en" else f"第二轮表决：{text}"
    missing = _missing(failed, counted(case), language)
    if missing:
        return f"{text}: {missing}." if language == "en" else f"{text}：{missing}。"
    return _two(text, test_sentence(failed[0], language, counted(case)), language)


def _missing(failed: Sequence[TestResult], heads: Counted, language: Language) -> str:
    """ "1 home and 0.40 m² short" / "还差 1 户、再 0.40 平方米"; "" unless every failed test lacks a number that can be
    said of all homes."""
    parts: list[str] = []
    for result in failed:
        test, gap, needed = result.test, short(result), need(result)
        plain = needed is not None and not needed.at_most and not needed.strict
        if not (plain and gap and den_is_fixed(test) and test.group is None and test.channel is None):
            return ""
        value, rounded = figure_or_rounded(gap, test.measure, up=True)
        unit = english.unit_of(test, heads, gap) if language == "en" else chinese.unit_of(test, heads)
        less = _said(("less than ", "不到 "), language) if rounded else ""
        if (part := f"{less}{value} {unit}") not in parts:
            parts.append(part)
    if language == "en":
        return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) + " short"
    listed = "、再 ".join(parts)
    return f"还差{listed}" if listed.startswith("不到") else f"还差 {listed}"


def _waiting(verdict: Verdict, case: Case, language: Language) -> str:
    gates = verdict.gates
    if not gates.vote_over:
        _decisive, second = decisive_tests(verdict, case.rule)
        window = case.window2 if second and case.window2 is not None else case.window
        until = moment_words(window.close, language)
        return _said((f"Enough so far; the vote is open until {until}.", f"目前够了；表决到 {until}。"), language)
    if gates.missing_evidence:
        return _said(("Enough agree; papers are still missing.", "票数够了，材料还没有齐。"), language)
    assert gates.notice_ends is not None
    until = moment_words(gates.notice_ends, language)
    return _said((f"Enough agree; the notice runs until {until}.", f"票数够了；公示到 {until}。"), language)


def _linked(verdict: Verdict, case: LinkedBallots, language: Language) -> str:
    many = len(verdict.ballots)
    if verdict.outcome == "passed":
        return _said((f"Passed: all {many} linked ballots are.", f"通过：{many} 项联动表决都通过了。"), language)
    place = next(place for place, ballot in enumerate(verdict.ballots) if ballot.outcome == verdict.outcome)
    ballot = case.ballots[place]
    name = _said((ballot.title.en, ballot.title.zh), language) or ballot.id
    why = outcome_words(verdict.outcome, language)
    if verdict.outcome in ("rejected", "no_quorum"):
        return _said((f"Not passed, because of “{name}”: {why}.", f"没有通过，卡在“{name}”：{why}。"), language)
    return _said((f"Not settled yet, because of “{name}”: {why}.", f"还没定，等“{name}”：{why}。"), language)


def legal_note(rule: Rule, language: Language) -> str:
    """Name, source and date of the rule, and what the verdict is not: legal advice; and, where nobody has compared the
    rule with the law, checked. A rule of the rulebook that is not checked is said to be so also when a file that brings
    it along leaves that out."""
    listed = known(rule)
    name = _said((rule.name.en, rule.name.zh), language) or rule.name.en or rule.id
    source = _said((listed.source.en, listed.source.zh), language) if listed else rule.source
    since = _in_force(rule.valid_from, rule.valid_to, language)
    checked = is_checked(rule)
    if language == "en":
        parts = [
            f"Rule: {name}.",
            f"Source: {source}." if source else "",
            english.capital(f"{since}.") if since else "",
        ]
        parts += ["" if checked else "Not checked against the text of the law.", "This is not legal advice."]
        return " ".join(filter(None, parts))
    text = f"规则：{name}。出处：{source}" if source else f"规则：{name}"
    text += f"（{since}）。" if since else "。"
    return f"{text}{'' if checked else '未与法律原文核对。'}这不是法律意见。"


def _in_force(first: date | None, last: date | None, language: Language) -> str:
    if language == "en":
        since = f" from {day_words(first, language)}" if first else ""
        until = f" to {day_words(last, language)}" if last else ""
        return f"in force{since}{until}" if since or until else ""
    since = f"{day_words(first, language)}起" if first else ""
    until = f"{day_words(last, language)}止" if last else ""
    return "，".join(filter(None, [since, until]))


def in_words(verdict: Verdict, case: Case | LinkedBallots, language: Language) -> VerdictInWords:
    """Everything a page says about the verdict of this case; of linked ballots, of each of them too."""
    outcome, sentence = outcome_words(verdict.outcome, language), verdict_sentence(verdict, case, language)
    if isinstance(case, LinkedBallots):
        pairs = zip(verdict.ballots, case.ballots, strict=True)
        ballots = tuple(in_words(one, ballot, language) for one, ballot in pairs)
        return VerdictInWords(verdict.id, outcome, sentence, (), None, (), (), (), "", ballots)
    heads, second = counted(case), verdict.second_tests
    return VerdictInWords(
        id=verdict.id,
        outcome=outcome,
        sentence=sentence,
        tests=tuple(test_in_words(result, language, heads) for result in verdict.tests),
        second_tests=None if second is None else tuple(test_in_words(result, language, heads) for result in second),
        statuses=tuple((unit, status_words(status, language)) for unit, status in verdict.status.items()),
        deemed=tuple((unit, status_words(side, language)) for unit, side in verdict.deemed.items()),
        flags=tuple((unit, flag_words(flag, language)) for flag, unit in verdict.flags),
        legal_note=legal_note(case.rule, language),
    )


# -- days

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date, language: Language) -> str:
    """ "12 Sep 2025" / "2025 年 9 月 12 日"."""
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def moment_words(at: datetime, language: Language) -> str:
    """ "12 Sep 2025, 18:30" / "2025 年 9 月 12 日 18:30"; midnight is 24:00 of the day that ends then."""
    day, clock = at.date(), at.strftime("%H:%M:%S" if at.second else "%H:%M")
    if clock == "00:00" and day > date.min:
        day, clock = day - timedelta(days=1), "24:00"
    return f"{day_words(day, language)}{', ' if language == 'en' else ' '}{clock}"


def _said(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language == "en" else pair[1]


def _two(first: str, second: str, language: Language) -> str:
    """Two sentences with their full stops."""
    return f"{first}. {second}." if language == "en" else f"{first}。{second}。"
