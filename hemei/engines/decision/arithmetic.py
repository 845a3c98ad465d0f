"""The arithmetic of one test, for people who reckon it again: what is needed, by how much it fails, the exact line.

A test passes when num cmp threshold × den. Nothing here divides to compare: both sides are multiplied across. What is
shown and does not end (600.033…) is rounded to the side that promises less, percentages are cut.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from hemei.engines.decision.rule import Test
from hemei.engines.decision.verdict import TestResult, ending

WHOLE_MEASURES = ("heads", "units")
AREA_PLACES = 2  # registers give areas to the hundredth of a square metre
PERCENT_PLACES = 2
GROUPED_FROM = 10_000  # from here on a figure is written 12,000


@dataclass(frozen=True, slots=True)
class Need:
    """What num must come to while den stays what it is, in the unit of the test's measure (heads, m², shares).

    at_most: num must not be more than `value` (tests that count those against); else it must not be less.
    strict: `value` itself is not enough. Heads and units are whole, so theirs is never strict.
    """

    value: Fraction
    at_most: bool = False
    strict: bool = False


def need(result: TestResult) -> Need | None:
    """The smallest num that passes for the den the test has (the largest, for tests that count those against).

    None: no num passes, because den is 0 or because fewer than none would be needed.
    """
    test, whole = result.test, result.test.measure in WHOLE_MEASURES
    if not result.den:
        return None
    bound = result.need
    if test.cmp in ("<=", "<"):
        most = bound if not whole else Fraction(floor(bound) if test.cmp == "<=" else ceil(bound) - 1)
        strict = test.cmp == "<" and not whole
        return None if most < 0 or (strict and not most) else Need(most, at_most=True, strict=strict)
    least = bound if not whole else Fraction(ceil(bound) if test.cmp == ">=" else floor(bound) + 1)
    strict = test.cmp == ">" and not whole
    if test.at_least is not None and test.at_least > least:
        return Need(Fraction(ceil(test.at_least)) if whole else test.at_least)
    return Need(least, strict=strict)


def short(result: TestResult) -> Fraction:
    """How far num is from `need` while den stays what it is: what is missing, or what is too much. 0: not at all, or
    exactly there where more is asked for."""
    needed = need(result)
    if needed is None:
        return Fraction(0)
    return max(Fraction(0), result.num - needed.value if needed.at_most else needed.value - result.num)


def is_exact(result: TestResult) -> bool:
    """num stands exactly on threshold × den, with nothing else to reach."""
    test = result.test
    return test.cap is None and test.at_least is None and bool(result.den) and result.num == test.threshold * result.den


def den_is_fixed(test: Test) -> bool:
    """One more who votes does not change what the test is measured by."""
    return test.base == "all"


def figure(value: Fraction, measure: str) -> str:
    """The exact number as people write it: "735.90" (area), "12", "62.5", "520/3" where a decimal does not end."""
    places = ending(value)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    return _decimal(value, max(places, AREA_PLACES if measure == "area" else 0))


def figure_or_rounded(value: Fraction, measure: str, *, up: bool) -> tuple[str, bool]:
    """`figure`, and False; where a decimal does not end, rounded to the hundredth, and True."""
    if ending(value) is not None:
        return figure(value, measure), False
    scale = 10**AREA_PLACES
    rounded = ceil(value * scale) if up else floor(value * scale)
    return _decimal(Fraction(rounded, scale), AREA_PLACES), True


def percentage(num: Fraction, den: Fraction, language: str = "en") -> str:
    """num of den as "66.66 %", cut and never rounded up; "" where den is 0. To stand beside the two numbers only."""
    if not den:
        return ""
    cut = floor(num * 100 * 10**PERCENT_PLACES / den)
    exact = num * 100 / den
    text = str(exact) if exact.denominator == 1 else _decimal(Fraction(cut, 10**PERCENT_PLACES), PERCENT_PLACES)
    return f"{text}%" if language == "zh" else f"{text} %"


def arithmetic(result: TestResult, language: str = "en") -> str:
    """The exact line: "3 × 600.03 = 1800.09 < 2 × 900.05 = 1800.10: not enough".

    Both sides of num cmp p/q × den are multiplied by q. A cap and an absolute least number have a line part of their
    own; a test without anything to measure by says so.
    """
    test, num, den, english = result.test, result.num, result.den, language == "en"
    colon, comma = (": ", "; ") if english else ("：", "；")
    if not den:
        return "0 = 0" + colon + ("nothing to measure by" if english else "没有可比的数")
    above, below = test.threshold.numerator, test.threshold.denominator
    if test.cap is not None and test.threshold * den > test.cap:
        line = f"{figure(num, test.measure)} {sign(num, test.cap)} {figure(test.cap, test.measure)}"
        exact = num == test.cap
    else:
        exact = below * num == above * den
        right = _times(above, den, test)
        line = f"{_times(below, num, test)} {sign(below * num, above * den)} "
        line += right.partition(" = ")[0] if exact else right
    if exact and test.cmp in (">", "<"):
        asked = {">": ("more is asked for", "要更多才行"), "<": ("less is asked for", "要更少才行")}[test.cmp]
        line += comma + asked[0 if english else 1]
    if test.at_least is not None:
        line += f"{comma}{figure(num, test.measure)} {sign(num, test.at_least)} {figure(test.at_least, test.measure)}"
    return line + colon + settled(result, language)


def settled(result: TestResult, language: str) -> str:
    """enough / not enough; of those against: within the limit / too many."""
    if result.test.cmp in ("<=", "<"):
        words = ("within the limit", "没有超过") if result.passed else ("too many", "超过了")
    else:
        words = ("enough", "够了") if result.passed else ("not enough", "不够")
    return words[0 if language == "en" else 1]


def sign(left: Fraction, right: Fraction) -> str:
    return "=" if left == right else "<" if left < right else ">"


def _times(factor: int, value: Fraction, test: Test) -> str:
    shown, product = figure(value, test.measure), figure(factor * value, test.measure)
    return f"{factor} × {f'({shown})' if '/' in shown else shown} = {product}"


def _decimal(value: Fraction, places: int) -> str:
    scaled = value * 10**places
    whole, decimals = divmod(scaled.numerator, 10**places)
    text = f"{whole:,}" if whole >= GROUPED_FROM else str(whole)
    return f"{text}.{decimals:0{places}}" if places else text
