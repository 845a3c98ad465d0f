"""What is counted, and what it is called: shared by the sentences in English and in Chinese."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal

from hemei.engines.decision.arithmetic import WHOLE_MEASURES
from hemei.engines.decision.rule import Test
from hemei.engines.decision.verdict import TestResult

Language = Literal["en", "zh"]
Counted = Literal["homes", "owners", "members"]
"""What heads are called: owners where one of them has several homes, homes where each is one, members of a body.
Units are called homes, or members."""

HALF: Final = Fraction(1, 2)
GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "occupied": ("the homes whose own part is taken", "专有部分被占用的户"),
    "affected": ("the homes that are specially affected", "受特别影响的户"),
    "payers": ("the homes that pay", "出资的户"),
}
CHANNELS: Final[Mapping[str, tuple[str, str]]] = {
    "in_person": ("in person", "亲自"),
    "paper": ("on paper", "书面"),
    "online": ("online", "线上"),
}


def noun_of(test: Test, heads: Counted) -> Counted:
    """What the test counts, where it counts heads or units."""
    return heads if test.measure == "heads" or heads == "members" else "homes"


def is_whole(test: Test) -> bool:
    """The test counts heads or units, not area or shares."""
    return test.measure in WHOLE_MEASURES


def asks_nothing(test: Test) -> bool:
    """At least none: met by whatever number there is."""
    return test.cmp == ">=" and test.threshold == 0 and test.at_least is None


def asks_all(test: Test) -> bool:
    return test.cmp == ">=" and test.threshold == 1 and test.cap is None and test.at_least is None


def is_only_one(result: TestResult) -> bool:
    """There is one home, and it is asked for: nothing to reckon."""
    test = result.test
    plain = test.cmp in (">=", ">") and test.cap is None and test.at_least is None
    return is_whole(test) and result.den == 1 and plain
