"""One test in English: `words` has the same in both languages."""

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

NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PARTS: Final = ("", "", "half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth")
SPECIAL: Final = {Fraction(0): "none", HALF: "half", Fraction(1): "all"}
NEVER: Final = "no number can be enough"
COMPARED: Final = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}


def fraction(value: Fraction) -> str:
    if value in SPECIAL:
        return SPECIAL[value]
    above, below = value.numerator, value.denominator
    if below < len(PARTS):
        return f"a {PARTS[below]}" if above == 1 else f"{NUMBERS[above]} {PARTS[below]}s"
    return percentage(value, Fraction(1)) if 100 % below == 0 else f"{above}/{below}"


def threshold(test: Test) -> str:
    return _compared(test) + _bounds(test)


def _compared(test: Test) -> str:
    if asks_nothing(test):
        return "any number"
    if test.threshold == {">=": 1, "<=": 0}.get(test.cmp):
        return fraction(test.threshold)
    return f"{COMPARED[test.cmp]} {fraction(test.threshold)}"


def _bounds(test: Test) -> str:
    """The cap and the absolute least number, where the test has them."""
    cap = "" if test.cap is None else f", but not more than {figure(test.cap, test.measure)}"
    return cap + ("" if test.at_least is None else f", and {figure(test.at_least, test.measure)} or more")


def name(test: Test, heads: Counted) -> str:
    noun = noun_of(test, heads)
    what = {"area": "area", "share": "shares"}.get(test.measure, noun)
    unit = " (m²)" if test.measure == "area" else ""
    way = f" {channel(test)}" if test.channel else ""
    among = f", among {group(test)}" if test.group else ""
    if test.count == "participating":
        acted = "voted" if way else "took part"
        return capital(f"{what} {_who(test, heads)} {acted}{way}{among}{unit}")
    side = "in favour" if test.count == "for" else "against"
    if test.base == "all" and test.group:
        pool, among = (group(test) if is_whole(test) else f"the {what} of {group(test)}"), ""
    elif test.base == "all":
        pool = f"all {what}"
    elif is_whole(test):
        pool = "those who took part" if test.base == "participating" else "those who voted for or against"
        side = f"{what} {side}"
    else:
        pool = f"the {what} {'that took part' if test.base == 'participating' else 'cast'}"
    return capital(f"of {pool}, {side}{way}{among}{unit}")


def sentence(result: TestResult, heads: Counted) -> str:
    among = f"among {group(result.test)}, " if result.test.group else ""
    return capital(
        among + (f"{_count(result, heads)}: {_tail(result, heads)}" if result.den else _nothing(result.test))
    )


def asked(result: TestResult, heads: Counted) -> str:
    test, needed = result.test, need(result)
    if needed is None or asks_nothing(test):
        return f"{capital(threshold(test))}: {'enough' if result.passed else NEVER if result.den else _nothing(test)}"
    value, rounded = figure_or_rounded(needed.value, test.measure, up=not needed.at_most)
    against = needed.at_most and test.count == "against"
    limit = ("less than " if needed.at_most else "more than ") if needed.strict else ""
    limit = "at most " if needed.at_most and not needed.strict and not against else limit
    verb = " may be against" if against else "" if needed.at_most else " needed"
    note = f" (rounded {'down' if needed.at_most else 'up'})" if rounded else ""
    of_all = f"{figure(result.den, test.measure)} {unit_of(test, heads, result.den)}"
    gap = _gap(result, heads, beside_bar=True)
    return f"{capital(threshold(test))}: {limit}{value} of {of_all}{verb}{note}, {gap}"


def unit_of(test: Test, heads: Counted, number: Fraction) -> str:
    """ "homes", "home", "m²", "shares"."""
    noun = {"area": "m²", "share": "shares"}.get(test.measure, noun_of(test, heads))
    return noun.removesuffix("s") if number == 1 else noun


def _who(test: Test, heads: Counted) -> str:
    return "who" if is_whole(test) and noun_of(test, heads) in ("owners", "members") else "that"


def _count(result: TestResult, heads: Counted) -> str:
    """ "8 of 12 homes took part", "5 of the 10 homes that took part agree"."""
    test, num, den = result.test, result.num, result.den
    way = f" {channel(test)}" if test.channel else ""
    unit, who = unit_of(test, heads, den), _who(test, heads)
    pool = {
        "all": "",
        "participating": f" {who} took part",
        "cast": f" {who} voted for or against" if is_whole(test) else " cast",
    }[test.base]
    if is_whole(test) and den == 1:
        return f"the only {unit}{pool} {_one(test, acts=bool(num))}{way if num else ''}"
    plural = {"participating": "voted" if way else "took part", "for": "agree", "against": "are against"}[test.count]
    verb = (_one(test) if is_whole(test) and num == 1 and not way else plural) + way
    of_all = f"{figure(den, test.measure)} {unit}{pool}"
    if is_whole(test) and num == den == 2:
        return f"both {unit}{pool} {verb}"
    if num == den:
        return f"all {of_all} {verb}"
    shown = "none" if is_whole(test) and not num else figure(num, test.measure)
    return f"{shown} of {'the ' if pool else ''}{of_all} {verb}"


def _one(test: Test, *, acts: bool = True) -> str:
    """What one home does."""
    did = {"participating": "took part", "for": "agrees", "against": "is against"}
    did_not = {"participating": "did not take part", "for": "does not agree", "against": "is not against"}
    return (did if acts else did_not)[test.count]


def _tail(result: TestResult, heads: Counted) -> str:
    """What is needed, and whether it is there."""
    test, needed, gap = result.test, need(result), _gap(result, heads)
    if needed is None or asks_nothing(test):
        return "no number is asked for, so it holds" if result.passed else NEVER
    if needed.at_most and not needed.value:
        return "as it must be" if result.passed else f"{'nobody' if test.count == 'against' else 'none'} may be"
    if asks_all(test) or is_only_one(result):
        return gap if is_only_one(result) else f"all of them are needed, {gap}"
    if is_exact(result):
        return _exactly(result)
    value, rounded = figure_or_rounded(needed.value, test.measure, up=not needed.at_most)
    part = fraction(test.threshold) if needed.strict or test.cmp in (">=", "<=") else _compared(test)
    note = part + _bounds(test) + (f", rounded {'down' if needed.at_most else 'up'}" if rounded else "")
    if not needed.at_most:
        return f"{'more than ' if needed.strict else ''}{value} needed ({note}), {gap}"
    verb = "allowed" if test.count == "against" else "asked for"
    return f"{'less than' if needed.strict else 'at most'} {value} {verb} ({note}), {gap}"


def _exactly(result: TestResult) -> str:
    """num stands on the mark to the last digit."""
    test, needed, part = result.test, need(result), fraction(result.test.threshold)
    more = f", {figure(needed.value, test.measure)} needed" if needed is not None and not needed.strict else ""
    return {
        ">=": f"exactly {part}, enough",
        ">": f"exactly {part} is not enough{more}",
        "<=": f"exactly {part}, which is allowed",
        "<": f"exactly {part}, and it must be less",
    }[test.cmp]


def _gap(result: TestResult, heads: Counted, *, beside_bar: bool = False) -> str:
    """By how much it fails, where that can be said: a den that moves with every voter leaves it open."""
    test, gap, needed = result.test, short(result), need(result)
    down = test.cmp in ("<=", "<")
    if result.passed:
        return "it holds" if down else "enough"
    if not den_is_fixed(test) or not gap or needed is None:
        return "too many" if down else "not enough"
    value, rounded = figure_or_rounded(gap, test.measure, up=True)
    unit = "" if beside_bar and is_whole(test) else f" {unit_of(test, heads, gap)}"
    about = "less than " if rounded else "more than " if needed.strict and not down else ""
    if down:
        return f"{about}{value}{unit} too many"
    return f"{'' if beside_bar else 'still '}{about}{value}{unit} short"


def _nothing(test: Test) -> str:
    """den is 0: there is nothing to measure by, and the test fails."""
    return {
        "participating": "nobody took part, so it cannot be met",
        "cast": "nobody voted for or against, so it cannot be met",
        "all": "there is nothing to count here, so it cannot be met",
    }[test.base]


def group(test: Test) -> str:
    name = test.group or ""
    return GROUPS[name][0] if name in GROUPS else f"the group “{name}”"


def channel(test: Test) -> str:
    name = test.channel or ""
    return CHANNELS[name][0] if name in CHANNELS else f"by “{name}”"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
