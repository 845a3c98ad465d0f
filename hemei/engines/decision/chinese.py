"""One test in Chinese, as a residents' committee clerk writes: `words` has the same in both languages."""

from fractions import Fraction
from typing import Final

from hemei.engines.decision.arithmetic import (
    den_is_fixed,
    figure,
    figure_or_rounded,
    is_exact,
    need,
    percentage,
    short,
)
from hemei.engines.decision.naming import (
    CHANNELS,
    GROUPS,
    HALF,
    Counted,
    asks_all,
    asks_nothing,
    is_only_one,
    is_whole,
    noun_of,
)
from hemei.engines.decision.rule import Test
from hemei.engines.decision.verdict import TestResult

NUMBERS: Final = "零一二三四五六七八九"
SPECIAL: Final = {Fraction(0): "零", HALF: "一半", Fraction(1): "全部"}
NEVER: Final = "多少都不算够"
COMPARED: Final = {">=": "至少", ">": "超过", "<=": "最多", "<": "少于"}
COUNTERS: Final = {"homes": ("户", "户"), "owners": ("名业主", "名"), "members": ("名委员", "名")}
"""The counter with its noun, and alone."""


def fraction(value: Fraction) -> str:
    if value in SPECIAL:
        return SPECIAL[value]
    above, below = value.numerator, value.denominator
    if below < len(NUMBERS):
        return f"{NUMBERS[below]}分之{NUMBERS[above]}"
    return percentage(value, Fraction(1), "zh") if 100 % below == 0 else f"{below} 分之 {above}"


def threshold(test: Test) -> str:
    return _compared(test) + _bounds(test)


def _compared(test: Test) -> str:
    if asks_nothing(test):
        return "不论多少"
    if (test.cmp, test.threshold) == (">", HALF):
        return "过半数"
    if test.threshold == {">=": 1, "<=": 0}.get(test.cmp):
        return "全部" if test.threshold else "一个都不能有"
    return _joined(COMPARED[test.cmp], fraction(test.threshold))


def _bounds(test: Test) -> str:
    """The cap and the absolute least number, where the test has them."""
    cap = "" if test.cap is None else f"，最多只要 {figure(test.cap, test.measure)}"
    return cap + ("" if test.at_least is None else f"，且不少于 {figure(test.at_least, test.measure)}")


def name(test: Test, heads: Counted) -> str:
    many = f"多少{COUNTERS[noun_of(test, heads)][0]}"
    what = {"area": "面积", "share": "份额"}.get(test.measure, "")
    unit = "（平方米）" if test.measure == "area" else ""
    among = f"{group(test)}里，" if test.group else ""
    if test.count == "participating":
        act = f"{channel(test)}投票" if test.channel else "参加"
        return f"{among}{many}{act}了" if is_whole(test) else f"{among}{act}的{what}{unit}"
    side = channel(test) + _side(test)
    if test.base == "all" and test.group:
        return f"{among}{many}{side}" if is_whole(test) else f"{group(test)}的{what}里，{side}的{unit}"
    if is_whole(test):
        people = {"participating": "参加的人", "cast": "投同意或反对的人", "all": "全体"}[test.base]
        return f"{among}{people}里，{many}{side}"
    pool = {"participating": "参加的", "cast": "投同意或反对的", "all": "全部"}[test.base]
    return f"{among}{pool}{what}里，{side}的{unit}"


def sentence(result: TestResult, heads: Counted) -> str:
    test = result.test
    if not result.den:
        return (f"{group(test)}里" if test.group else "") + _nothing(test)
    among = f"{group(test)}，" if test.group else ""
    return f"{among}{_count(result, heads)}：{_tail(result, heads)}"


def asked(result: TestResult, heads: Counted) -> str:
    test, needed = result.test, need(result)
    against = test.count == "against" and test.cmp in ("<=", "<")
    lead = f"{'反对的' if against else '要'}{threshold(test)}"
    if asks_nothing(test) and result.den:
        return "不论多少都可以"
    if needed is None:
        return f"{lead}：{NEVER if result.den else _nothing(test)}"
    value, rounded = figure_or_rounded(needed.value, test.measure, up=not needed.at_most)
    limit = ("要少于" if needed.at_most else "要超过") if needed.strict else ("最多" if needed.at_most else "要")
    note = f"（{_rounding(needed.at_most)}）" if rounded else ""
    full, brief = counters(test, heads)
    of_all = f"{figure(result.den, test.measure)} {full}里"
    return f"{lead}：{of_all}{limit} {_with(value, brief)}{note}，{_gap(result, heads, beside_bar=True)}"


def counters(test: Test, heads: Counted) -> tuple[str, str]:
    """The counter with its noun, and alone; areas have none."""
    if is_whole(test):
        return COUNTERS[noun_of(test, heads)]
    return ("份", "份") if test.measure == "share" else ("", "")


def unit_of(test: Test, heads: Counted) -> str:
    """户, 名业主, 平方米, 份."""
    return "平方米" if test.measure == "area" else counters(test, heads)[0]


def _count(result: TestResult, heads: Counted) -> str:
    """ "12 户里有 8 户参加", "参加的 10 户里有 5 户同意"."""
    test, num, den = result.test, result.num, result.den
    unit, brief = unit_of(test, heads), counters(test, heads)[1]
    pool = {"all": "", "participating": "参加的", "cast": "投同意或反对的"}[test.base]
    verb = channel(test) + _side(test)
    if is_whole(test) and den == 1:
        return f"{pool}只有 1 {unit}，{f'{verb}了' if num else f'没有{verb}'}"
    of_all = f"{pool} {figure(den, test.measure)} {unit}".strip()
    if is_whole(test) and not num:
        return f"{of_all}里一{brief}都没有{verb}"
    if num == den:
        return f"{of_all}全都{verb}"
    return f"{of_all}里有 {figure(num, test.measure)} {brief or unit}{verb}"


def _side(test: Test) -> str:
    if test.count == "participating":
        return "投票" if test.channel else "参加"
    return "同意" if test.count == "for" else "反对"


def _tail(result: TestResult, heads: Counted) -> str:
    """What is needed, and whether it is there."""
    test, needed, gap = result.test, need(result), _gap(result, heads)
    if needed is None or asks_nothing(test):
        return "不论多少都可以" if result.passed else NEVER
    if needed.at_most and not needed.value:
        return "符合要求" if result.passed else "一个都不能有"
    if asks_all(test) or is_only_one(result):
        return gap if is_only_one(result) else f"要全部{_side(test)}，{gap}"
    if is_exact(result):
        return _exactly(result, heads)
    value, rounded = figure_or_rounded(needed.value, test.measure, up=not needed.at_most)
    part = fraction(test.threshold) if needed.strict or test.cmp in (">=", "<=") else _compared(test)
    note = part + _bounds(test) + (f"，{_rounding(needed.at_most)}" if rounded else "")
    verb = ("要少于" if needed.at_most else "要超过") if needed.strict else ("最多" if needed.at_most else "要")
    return f"{verb} {_with(value, counters(test, heads)[1])}（{note}），{gap}"


def _exactly(result: TestResult, heads: Counted) -> str:
    """num stands on the mark to the last digit."""
    test, needed = result.test, need(result)
    part = _joined("正好", fraction(test.threshold))
    more = ""
    if needed is not None and not needed.strict:
        more = f"，要 {_with(figure(needed.value, test.measure), counters(test, heads)[1])}"
    return {
        ">=": f"{part}，够了",
        ">": f"{part}{'不算过半' if test.threshold == HALF else '不够，要超过才行'}{more}",
        "<=": f"{part}，没有超过",
        "<": f"{part}，要更少才行",
    }[test.cmp]


def _gap(result: TestResult, heads: Counted, *, beside_bar: bool = False) -> str:
    """By how much it fails, where that can be said: a den that moves with every voter leaves it open."""
    test, gap, needed = result.test, short(result), need(result)
    down = test.cmp in ("<=", "<")
    if result.passed:
        return "没有超过" if down else "已够" if beside_bar else "够了"
    if not den_is_fixed(test) or not gap or needed is None:
        return "超过了" if down else "不够"
    value, rounded = figure_or_rounded(gap, test.measure, up=True)
    about = "不到" if rounded else "不止" if needed.strict and not down else ""
    return f"{'多了' if down else '还差'}{about} {_with(value, counters(test, heads)[1])}"


def _nothing(test: Test) -> str:
    """den is 0: there is nothing to measure by, and the test fails."""
    return {
        "participating": "没有人参加，这一项不算够",
        "cast": "没有人投同意或反对，这一项不算够",
        "all": "没有可算的，这一项不算够",
    }[test.base]


def _rounding(at_most: bool) -> str:
    return "尾数舍去" if at_most else "尾数进一"


def _joined(word: str, part: str) -> str:
    """Figures stand apart from characters."""
    return f"{word} {part}" if part[0].isdigit() else word + part


def _with(value: str, counter: str) -> str:
    return f"{value} {counter}" if counter else value


def group(test: Test) -> str:
    name = test.group or ""
    return GROUPS[name][1] if name in GROUPS else f"“{name}”组"


def channel(test: Test) -> str:
    """亲自; nothing where every way counts."""
    if test.channel is None:
        return ""
    return CHANNELS[test.channel][1] if test.channel in CHANNELS else f"通过“{test.channel}”"
