"""Verdicts in words: what a counter, a page and a printed notice say."""

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest

from hemei.engines.decision import words
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.rule import Test
from hemei.engines.decision.rulebook import as_case_rule, rule, rulebook
from hemei.engines.decision.tally import tally
from hemei.engines.decision.tests.any_case import any_file
from hemei.engines.decision.tests.worked import Home, as_case, as_file, many
from hemei.engines.decision.verdict import Flag, Outcome, Status, TestResult
from hemei.engines.decision.words import Counted, Language, VerdictInWords

SAMPLES = Path(__file__).resolve().parents[4] / "tests" / "data" / "consent" / "cases.json"
FILE = read_cases(SAMPLES.read_text(encoding="utf-8"))
CASES = {case.id: case for case in FILE.cases}
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def said(case: Case | LinkedBallots | str, language: Language) -> VerdictInWords:
    found = CASES[case] if isinstance(case, str) else case
    return words.in_words(tally(found), found, language)


def of(file: dict[str, Any]) -> Case | LinkedBallots:
    return read_cases(json.dumps(file)).cases[0]


def result(num: str, den: str, passed: bool, **test: Any) -> TestResult:
    """A result of a test that asks for two thirds of all heads to take part, unless it says otherwise."""
    asked: dict[str, Any] = {
        "kind": "approval",
        "measure": "heads",
        "count": "participating",
        "base": "all",
        "cmp": ">=",
    }
    asked |= {"id": "t", "threshold": Fraction(2, 3)} | test
    asked["threshold"] = Fraction(asked["threshold"])
    return TestResult(Test(**asked), Fraction(num), Fraction(den), passed)


def both(one: TestResult, heads: Counted = "homes") -> tuple[str, str]:
    return words.test_sentence(one, "en", heads), words.test_sentence(one, "zh", heads)


# -- the sample cases, sentence by sentence


def test_exactly_two_thirds_is_enough() -> None:
    english, chinese = said("C01", "en"), said("C01", "zh")
    assert english.sentence == "Passed: all four tests are met."
    assert chinese.sentence == "通过：四项都够。"
    assert [test.sentence for test in english.tests] == [
        "8 of 12 homes took part: exactly two thirds, enough",
        "400.00 of 600.00 m² took part: exactly two thirds, enough",
        "6 of the 8 homes that took part agree: exactly three quarters, enough",
        "300.00 of the 400.00 m² that took part agree: exactly three quarters, enough",
    ]
    assert [test.sentence for test in chinese.tests] == [
        "12 户里有 8 户参加：正好三分之二，够了",
        "600.00 平方米里有 400.00 平方米参加：正好三分之二，够了",
        "参加的 8 户里有 6 户同意：正好四分之三，够了",
        "参加的 400.00 平方米里有 300.00 平方米同意：正好四分之三，够了",
    ]
    assert [test.name for test in chinese.tests] == [
        "多少户参加了",
        "参加的面积（平方米）",
        "参加的人里，多少户同意",
        "参加的面积里，同意的（平方米）",
    ]
    assert [test.name for test in english.tests] == [
        "Homes that took part",
        "Area that took part (m²)",
        "Of those who took part, homes in favour",
        "Of the area that took part, in favour (m²)",
    ]
    assert english.tests[0].arithmetic == "3 × 8 = 24 = 2 × 12: enough"


def test_exactly_half_is_not_more_than_half() -> None:
    english, chinese = said("C05", "en"), said("C05", "zh")
    assert english.outcome == "not passed"
    assert english.sentence == (
        "Not passed. 5 of the 10 homes that took part agree: exactly half is not enough, 6 needed."
    )
    assert chinese.sentence == "没有通过。参加的 10 户里有 5 户同意：正好一半不算过半，要 6 户。"
    assert english.tests[3].sentence == "250.00 of the 500.00 m² that took part agree: exactly half is not enough"
    assert chinese.tests[2].asked == "要过半数：10 户里要 6 户，不够"
    assert english.tests[2].arithmetic == "2 × 5 = 10 = 1 × 10; more is asked for: not enough"
    assert chinese.tests[2].arithmetic == "2 × 5 = 10 = 1 × 10；要更多才行：不够"


def test_what_a_display_would_round_up_stays_below_two_thirds() -> None:
    english, chinese = said("C06", "en"), said("C06", "zh")
    assert english.sentence == "Too few took part: less than 0.01 m² short."
    assert chinese.sentence == "参加的不够，表决不成立：还差不到 0.01 平方米。"
    area = english.tests[1]
    assert area.arithmetic == "3 × 600.03 = 1800.09 < 2 × 900.05 = 1800.10: not enough"
    assert chinese.tests[1].arithmetic == "3 × 600.03 = 1800.09 < 2 × 900.05 = 1800.10：不够"
    assert (area.figures, area.percentage, chinese.tests[1].percentage) == ("600.03 / 900.05", "66.66 %", "66.66%")
    assert area.sentence == (
        "600.03 of 900.05 m² took part: 600.04 needed (two thirds, rounded up), still less than 0.01 m² short"
    )
    assert chinese.tests[1].asked == "要至少三分之二：900.05 里要 600.04（尾数进一），还差不到 0.01"


def test_co_owners_who_differ_are_named_and_the_home_is_missing() -> None:
    english, chinese = said("C07", "en"), said("C07", "zh")
    assert english.sentence == "Too few took part: 1 home and 60.00 m² short."
    assert chinese.sentence == "参加的不够，表决不成立：还差 1 户、再 60.00 平方米。"
    assert dict(english.statuses)["09"] == "the co-owners differ: counted nowhere"
    assert dict(chinese.statuses)["09"] == "共有人未达成一致，哪边都不算"
    assert chinese.tests[0].asked == "要至少三分之二：9 户里要 6 户，还差 1 户"


def test_who_owns_several_homes_is_an_owner_not_homes() -> None:
    english, chinese = said("C14", "en"), said("C14", "zh")
    assert english.tests[0].sentence == "5 of 6 owners took part: 4 needed (two thirds), enough"
    assert chinese.tests[0].sentence == "6 名业主里有 5 名参加：要 4 名（三分之二），够了"
    assert (english.tests[0].name, chinese.tests[0].name) == ("Owners who took part", "多少名业主参加了")
    assert english.tests[2].sentence.startswith("4 of the 5 owners who took part agree")


def test_an_open_objection_and_a_second_vote_are_said() -> None:
    assert said("C18", "en").sentence == "Enough agree, but an objection from the notice is still open."
    assert said("C18", "zh").sentence == "票数够了，公示期里的异议还没有办结。"
    assert said("C20", "en").sentence.startswith("Passed in the second vote. 380 of the 550 shares cast agree")
    assert said("C20", "zh").sentence.startswith("第二轮表决通过。投同意或反对的 550 份里有 380 份同意")
    second = said("C20", "en").second_tests
    assert second is not None
    assert [test.id for test in second] == ["third", "majority2"]


def test_the_owner_whose_part_is_taken_is_spoken_of_as_such() -> None:
    assert said("C19", "zh").sentence == "没有通过。专有部分被占用的户，只有 1 户，没有同意：还差 1 户。"
    assert said("C19", "en").sentence == (
        "Not passed. Among the homes whose own part is taken, the only home does not agree: still 1 home short."
    )


# -- the stairwell's screen


STAIRWELL = [result("7", "12", False), result("490.2", "735.9", False, measure="area")]


def test_a_limit_on_whole_homes_is_said_by_the_last_number_that_holds() -> None:
    few = result("1", "5", True, cmp="<", threshold="1/2", kind="trigger")
    assert words.test_asked(few, "en", "homes") == "Less than half: at most 2 of 5 homes, it holds"
    assert words.test_asked(few, "zh", "homes") == "要少于一半：5 户里最多 2 户，没有超过"
    assert both(few)[0] == "1 of 5 homes took part: at most 2 asked for (less than half), it holds"


def test_the_stairwells_bars_say_what_is_missing() -> None:
    assert [words.test_asked(one, "zh", "homes") for one in STAIRWELL] == [
        "要至少三分之二：12 户里要 8 户，还差 1 户",
        "要至少三分之二：735.90 里要 490.60，还差 0.40",
    ]
    assert [words.test_asked(one, "en", "homes") for one in STAIRWELL] == [
        "At least two thirds: 8 of 12 homes needed, 1 short",
        "At least two thirds: 490.60 of 735.90 m² needed, 0.40 m² short",
    ]
    agreed = result("7", "7", True, count="for", base="participating", threshold="3/4")
    assert words.test_asked(agreed, "zh", "homes") == "要至少四分之三：7 户里要 6 户，已够"


def test_while_the_vote_is_open_nothing_is_final() -> None:
    homes = [*many(6, "for", area="60"), Home("for", area="130.2"), *many(5, area="49.14")]
    case = of(as_file("CN-278-SPECIAL", homes, evaluate_at="2030-03-10T12:00"))
    assert said(case, "zh").sentence == "参加的还不够：还差 1 户、再 0.40 平方米。"
    assert said(case, "en").sentence == "Too few have taken part so far: 1 home and 0.40 m² short."
    enough = of(as_file("CN-278-SPECIAL", many(8, "for") + many(4), evaluate_at="2030-03-10T12:00"))
    assert said(enough, "zh").sentence == "目前够了；表决到 2030 年 3 月 15 日 24:00。"
    assert said(enough, "en").sentence == "Enough so far; the vote is open until 15 Mar 2030, 24:00."
    against = of(as_file("CN-278-SPECIAL", many(8, "against") + many(4), evaluate_at="2030-03-10T12:00"))
    assert said(against, "zh").sentence.startswith("目前还通不过。参加的 8 户里一户都没有同意：要 6 户")


def test_a_notice_that_runs_and_a_paper_that_lacks_are_said() -> None:
    notice = {"posted": "2030-03-17", "days": 10, "non_working_days": []}
    file = as_file("CN-278-SPECIAL", many(12, "for"), notice=notice, evaluate_at="2030-03-20T08:00")
    assert said(of(file), "en").sentence == "Enough agree; the notice runs until 27 Mar 2030, 24:00."
    assert said(of(file), "zh").sentence == "票数够了；公示到 2030 年 3 月 27 日 24:00。"
    file = as_file("CN-278-SPECIAL", many(12, "for"), evidence=[{"id": "safety", "complete": False}])
    assert said(of(file), "en").sentence == "Enough agree; papers are still missing."
    assert said(of(file), "zh").sentence == "票数够了，材料还没有齐。"


def test_linked_ballots_say_which_one_holds_them_up() -> None:
    door = as_case("CN-278-SPECIAL", many(12, "for")) | {"id": "door", "title": {"en": "No. 18", "zh": "18 号"}}
    estate = as_case("CN-278-SPECIAL", many(12)) | {"id": "estate"}
    rules = {"CN-278-SPECIAL": as_case_rule("CN-278-SPECIAL")}
    linked = of({"rules": rules, "cases": [{"id": "lift", "ballots": [door, estate]}]})
    assert said(linked, "en").sentence == "Not passed, because of “estate”: too few took part."
    assert said(linked, "zh").sentence == "没有通过，卡在“estate”：参与比例不足。"
    assert [ballot.outcome for ballot in said(linked, "en").ballots] == ["passed", "too few took part"]
    assert said(linked, "en").legal_note == ""
    passed = of({"rules": rules, "cases": [{"id": "lift", "ballots": [door, door | {"id": "again"}]}]})
    assert said(passed, "zh").sentence == "通过：2 项联动表决都通过了。"
    waits = door | {"id": "wait", "evaluate_at": "2030-03-10T12:00"}
    pending = of({"rules": rules, "cases": [{"id": "lift", "ballots": [door, waits]}]})
    assert said(pending, "zh").sentence == "还没定，等“18 号”：还没定。"


# -- edges


def test_nobody_took_part() -> None:
    nobody = of(as_file("CN-278-SPECIAL", many(12)))
    english, chinese = said(nobody, "en"), said(nobody, "zh")
    assert english.sentence == "Too few took part: 8 homes and 400.00 m² short."
    assert [test.sentence for test in english.tests][::2] == [
        "None of 12 homes took part: 8 needed (two thirds), still 8 homes short",
        "Nobody took part, so it cannot be met",
    ]
    assert [test.sentence for test in chinese.tests][::2] == [
        "12 户里一户都没有参加：要 8 户（三分之二），还差 8 户",
        "没有人参加，这一项不算够",
    ]
    assert (chinese.tests[2].figures, chinese.tests[2].percentage) == ("0 / 0", "")
    assert chinese.tests[2].arithmetic == "0 = 0：没有可比的数"
    assert chinese.tests[2].asked == "要至少四分之三：没有人参加，这一项不算够"


def test_an_electorate_of_one() -> None:
    one = said(of(as_file("CN-278-SPECIAL", many(1, "for"))), "en")
    assert [test.sentence for test in one.tests][::2] == [
        "The only home took part: enough",
        "The only home that took part agrees: enough",
    ]
    assert both(result("0", "1", False)) == (
        "The only home did not take part: still 1 home short",
        "只有 1 户，没有参加：还差 1 户",
    )
    against = result("1", "1", False, count="against", cmp="<=", threshold="1/4")
    assert both(against) == ("The only home is against: nobody may be", "只有 1 户，反对了：一个都不能有")


def test_no_votes_cast_are_said_as_such() -> None:
    cast = result("0", "0", False, count="for", base="cast", measure="share", threshold="1/2", cmp=">")
    assert both(cast) == ("Nobody voted for or against, so it cannot be met", "没有人投同意或反对，这一项不算够")
    assert words.need(cast) is None
    empty = result("0", "0", False, count="for", who="group:terrace", measure="units", threshold="1")
    assert both(empty) == (
        "Among the group “terrace”, there is nothing to count here, so it cannot be met",
        "“terrace”组里没有可算的，这一项不算够",
    )


@pytest.mark.parametrize(
    ("one", "english", "chinese"),
    [
        (
            result("480", "1000", False, count="against", base="cast", measure="share", cmp="<=", threshold="1/4"),
            "480 of the 1000 shares cast are against: at most 250 allowed (a quarter), too many",
            "投同意或反对的 1000 份里有 480 份反对：最多 250 份（四分之一），超过了",
        ),
        (
            result("250", "1000", True, count="against", base="cast", measure="share", cmp="<=", threshold="1/4"),
            "250 of the 1000 shares cast are against: exactly a quarter, which is allowed",
            "投同意或反对的 1000 份里有 250 份反对：正好四分之一，没有超过",
        ),
        (
            result("500", "1000", False, count="against", base="cast", measure="share", cmp="<", threshold="1/2"),
            "500 of the 1000 shares cast are against: exactly half, and it must be less",
            "投同意或反对的 1000 份里有 500 份反对：正好一半，要更少才行",
        ),
        (
            result("4", "12", False, count="against", cmp="<=", threshold="1/4"),
            "4 of 12 homes are against: at most 3 allowed (a quarter), 1 home too many",
            "12 户里有 4 户反对：最多 3 户（四分之一），多了 1 户",
        ),
        (
            result("0", "12", True, count="against", cmp="<=", threshold="0"),
            "None of 12 homes are against: as it must be",
            "12 户里一户都没有反对：符合要求",
        ),
        (
            result("99", "2100", False, threshold="5/100", cap=Fraction(100), channel="in_person"),
            "99 of 2100 homes voted in person: 100 needed (5 %, but not more than 100), still 1 home short",
            "2100 户里有 99 户亲自投票：要 100 户（5%，最多只要 100），还差 1 户",
        ),
        (
            result("2", "10", False, threshold="1/5", at_least=Fraction(3)),
            "2 of 10 homes took part: 3 needed (a fifth, and 3 or more), still 1 home short",
            "10 户里有 2 户参加：要 3 户（五分之一，且不少于 3），还差 1 户",
        ),
        (
            result("37", "40", False, count="for", measure="units", threshold="95/100"),
            "37 of 40 homes agree: 38 needed (95 %), still 1 home short",
            "40 户里有 37 户同意：要 38 户（95%），还差 1 户",
        ),
        (
            result("499", "1000", False, count="for", measure="share", cmp=">", threshold="1/2"),
            "499 of 1000 shares agree: more than 500 needed (half), still more than 1 share short",
            "1000 份里有 499 份同意：要超过 500 份（一半），还差不止 1 份",
        ),
        (
            result("6", "9", False, count="for", base="cast", cmp=">", threshold="2/3"),
            "6 of the 9 homes that voted for or against agree: exactly two thirds is not enough, 7 needed",
            "投同意或反对的 9 户里有 6 户同意：正好三分之二不够，要超过才行，要 7 户",
        ),
        (
            result("11", "12", False, count="for", threshold="1"),
            "11 of 12 homes agree: all of them are needed, still 1 home short",
            "12 户里有 11 户同意：要全部同意，还差 1 户",
        ),
        (
            result("4", "10", True, threshold="0"),
            "4 of 10 homes took part: no number is asked for, so it holds",
            "10 户里有 4 户参加：不论多少都可以",
        ),
        (
            result("12000", "30000", False, count="for", threshold="17/30"),
            "12,000 of 30,000 homes agree: 17,000 needed (17/30), still 5000 homes short",
            "30,000 户里有 12,000 户同意：要 17,000 户（30 分之 17），还差 5000 户",
        ),
    ],
)
def test_every_kind_of_test_has_its_sentence(one: TestResult, english: str, chinese: str) -> None:
    assert both(one) == (english, chinese)


# -- the arithmetic


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (STAIRWELL[1], "3 × 490.20 = 1470.60 < 2 × 735.90 = 1471.80: not enough"),
        (result("4", "12", False, count="against", cmp="<=", threshold="1/4"), "4 × 4 = 16 > 1 × 12 = 12: too many"),
        (
            result("500/3", "2000/3", True, count="against", measure="share", cmp="<=", threshold="1/4"),
            "4 × (500/3) = 2000/3 = 1 × (2000/3): within the limit",
        ),
        (result("99", "2100", False, threshold="5/100", cap=Fraction(100)), "99 < 100: not enough"),
        (result("2", "10", False, threshold="1/5", at_least=Fraction(3)), "5 × 2 = 10 = 1 × 10; 2 < 3: not enough"),
    ],
)
def test_the_line_multiplies_across_and_loses_nothing(one: TestResult, line: str) -> None:
    assert words.arithmetic(one, "en") == line


@pytest.mark.parametrize("cmp", [">=", ">", "<=", "<"])
@pytest.mark.parametrize("bounds", [{}, {"cap": Fraction(4)}, {"at_least": Fraction(5)}])
def test_what_is_needed_just_passes_and_one_less_fails(cmp: str, bounds: dict[str, Fraction]) -> None:
    """For heads, every threshold up to eighths and every den up to 20: by trying every num."""
    if cmp in ("<=", "<") and bounds:
        return

    def passes(num: int, den: int, threshold: Fraction) -> bool:
        need = min(threshold * den, bounds.get("cap", threshold * den))
        compared = {">=": num >= need, ">": num > need, "<=": num <= need, "<": num < need}[cmp]
        return compared and num >= bounds.get("at_least", 0)

    for below in range(1, 9):
        for above in range(below + 1):
            threshold = Fraction(above, below)
            for den in range(1, 21):
                numbers = [num for num in range(den + 6) if passes(num, den, threshold)]
                needed = words.need(result("0", str(den), False, cmp=cmp, threshold=threshold, **bounds))
                if not numbers:
                    assert needed is None
                    continue
                assert needed is not None
                assert needed.value == (max(numbers) if needed.at_most else min(numbers))
                assert not needed.strict


def test_of_area_exactly_the_bound_is_needed_or_must_be_passed() -> None:
    area = result("600.03", "900.05", False, measure="area")
    assert words.need(area) == words.Need(Fraction("900.05") * 2 / 3)
    assert words.short(area) == Fraction(1, 300)
    more = result("250", "500", False, measure="area", cmp=">", threshold="1/2")
    assert words.need(more) == words.Need(Fraction(250), strict=True)
    assert words.short(more) == 0


def test_a_percentage_is_cut_and_never_reaches_what_was_missed() -> None:
    assert words.percentage(Fraction("600.03"), Fraction("900.05"), "en") == "66.66 %"
    assert words.percentage(Fraction(2), Fraction(3), "zh") == "66.66%"
    assert words.percentage(Fraction(999_999), Fraction(1_000_000), "en") == "99.99 %"
    assert words.percentage(Fraction(1), Fraction(2), "en") == "50 %"
    assert words.percentage(Fraction(0), Fraction(0), "en") == ""


# -- single words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_status_and_flag_has_its_words(language: Language) -> None:
    told = [words.outcome_words(one, language) for one in get_args(Outcome)]
    told += [words.status_words(one, language) for one in get_args(Status)]
    told += [words.flag_words(one, language) for one in get_args(Flag)]
    assert all(told)
    assert all(any("一" <= sign <= "鿿" for sign in one) is (language == "zh") for one in told)


def test_the_words_for_parts_are_those_people_use() -> None:
    parts = [Fraction(text) for text in ("1/2", "2/3", "3/4", "1/3", "1/4", "4/5", "9/10", "95/100", "17/30", "1")]
    assert [words.fraction_words(part, "zh") for part in parts] == [
        *("一半", "三分之二", "四分之三", "三分之一", "四分之一", "五分之四", "90%", "95%", "30 分之 17", "全部")
    ]
    assert [words.fraction_words(part, "en") for part in parts] == [
        *("half", "two thirds", "three quarters", "a third", "a quarter", "four fifths", "90 %", "95 %", "17/30", "all")
    ]


def test_more_than_half_is_not_at_least_half() -> None:
    more, least = result("0", "1", False, cmp=">", threshold="1/2"), result("0", "1", False, threshold="1/2")
    assert (words.threshold_words(more.test, "zh"), words.threshold_words(more.test, "en")) == (
        "过半数",
        "more than half",
    )
    assert (words.threshold_words(least.test, "zh"), words.threshold_words(least.test, "en")) == (
        "至少一半",
        "at least half",
    )


def test_a_committee_has_members() -> None:
    one = said(of(as_file("CN-SH-COMMITTEE", many(2, "for") + many(3))), "zh")
    assert one.tests[0].sentence == "5 名委员里有 2 名参加：要 3 名（过半数），还差 1 名"
    assert one.tests[1].name == "全体里，多少名委员同意"


def test_an_act_that_changed_nothing_is_told_beside_its_home() -> None:
    late = {"at": "2030-03-20T10:00", "type": "cast", "unit": "9", "by": "O9", "choice": "for"}
    file = as_file("CN-278-SPECIAL", many(8, "for") + many(4), events=(late,))
    assert said(of(file), "en").flags == (("9", "a vote came after closing: it does not count"),)
    assert said(of(file), "zh").flags == (("9", "截止后投的，不算"),)


def test_a_silent_home_that_joins_the_majority_is_told() -> None:
    file = as_file("CN-278-SPECIAL-SILENT", [*many(8, "for"), Home(served=True)])
    assert said(of(file), "zh").deemed == (("9", "同意"),)
    assert dict(said(of(file), "zh").statuses)["9"] == "没有表态"


# -- rule and source


def test_a_rule_names_its_source_its_day_and_what_it_is_not() -> None:
    assert words.legal_note(rule("CN-278-SPECIAL"), "en") == (
        "Rule: China, owners decide, special matter. Source: PRC Civil Code art. 278(1)(6)-(8),(2). "
        "In force from 1 Jan 2021. This is not legal advice."
    )
    assert words.legal_note(rule("CN-278-SPECIAL"), "zh") == (
        "规则：民法典第278条 特别事项（六至八项）。出处：《民法典》第278条第1款第6至8项、第2款"
        "（2021 年 1 月 1 日起）。这不是法律意见。"
    )
    assert words.legal_note(rule("CN-SH-2019-BUILDING"), "zh").endswith(
        "（2019 年 12 月 25 日起，2020 年 12 月 31 日止）。这不是法律意见。"
    )


@pytest.mark.parametrize("id", rulebook().entries)
def test_a_rule_that_is_not_checked_says_so(id: str) -> None:
    english, chinese = words.legal_note(rule(id), "en"), words.legal_note(rule(id), "zh")
    assert ("Not checked against the text of the law." in english) is not rule(id).checked
    assert ("未与法律原文核对。" in chinese) is not rule(id).checked
    assert english.endswith("This is not legal advice.")
    assert chinese.endswith("这不是法律意见。")


def test_a_rule_from_elsewhere_is_named_as_far_as_it_names_itself() -> None:
    own = as_case_rule("CN-278-SPECIAL")
    for key in ("name", "source", "valid_from"):
        del own[key]
    brought = read_cases(json.dumps({"rules": {"OURS": own}, "cases": []})).rules["OURS"]
    assert words.legal_note(brought, "en") == "Rule: OURS. This is not legal advice."
    assert words.legal_note(brought, "zh") == "规则：OURS。这不是法律意见。"


def test_a_sample_of_german_law_is_not_checked_though_its_file_says_nothing() -> None:
    assert "Not checked against the text of the law." in said("C17", "en").legal_note


# -- whatever comes


@pytest.mark.parametrize("id", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sample_is_told_completely(id: str, language: Language) -> None:
    told = said(id, language)
    lines = [told.outcome, told.sentence, told.legal_note]
    for test in told.tests:
        lines += [test.name, test.sentence, test.asked, test.arithmetic]
    assert all(lines)
    if language == "zh":
        assert not any(word in line for line in lines[1:] for word in ("None", "enough", "homes", "进行", "予以"))


GOOD = (": enough", ": within the limit", "：够了", "：没有超过")


def test_whatever_case_comes_it_is_told_in_both_languages() -> None:
    """Small files in which everything the schema knows meets everything else."""
    for seed in range(300):
        file = read_cases(json.dumps(any_file(Random(seed))))
        for case in file.cases:
            for language in LANGUAGES:
                for told in (one := said(case, language), *one.ballots):
                    assert told.outcome
                    assert told.sentence[-1] in ".。"
                    for test in (*told.tests, *(told.second_tests or ())):
                        assert all((test.name, test.figures, test.sentence, test.asked))
                        assert test.arithmetic.endswith(GOOD) is test.passed
