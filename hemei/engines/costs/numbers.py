"""The numbers of a case, read from a file: plain decimal strings, exact, within bounds that no building reaches."""

from fractions import Fraction
from typing import Final

from hemei.engines.strict import Node

LARGEST: Final = Fraction(10**15)  # of any number; in yuan more than a thousand times the largest building
DECIMALS_MAX: Final = 30


def any_number(node: Node) -> Fraction:
    return _bounded(node, node.decimal(DECIMALS_MAX))


def more_than_nothing(node: Node) -> Fraction:
    number = any_number(node)
    if number <= 0:
        raise node.mistake("must be more than 0", "应大于 0")
    return number


def not_negative(node: Node) -> Fraction:
    return _not_negative(node, any_number(node))


def sum_of_money(node: Node) -> Fraction:
    """At most two decimals; a compensation is below 0."""
    return _bounded(node, node.decimal(2))


def sum_to_pay(node: Node) -> Fraction:
    return _not_negative(node, sum_of_money(node))


def _bounded(node: Node, number: Fraction) -> Fraction:
    if abs(number) > LARGEST:
        raise node.mistake(f"is larger than {LARGEST}", f"大于 {LARGEST}")
    return number


def _not_negative(node: Node, number: Fraction) -> Fraction:
    if number < 0:
        raise node.mistake("must not be below 0", "不能小于 0")
    return number


def share_of_one(node: Node) -> Fraction:
    rate = not_negative(node)
    if rate > 1:
        raise node.mistake("must not be above 1", "不能大于 1")
    return rate


def step_of_money(node: Node) -> Fraction:
    step = sum_of_money(node)
    if step <= 0:
        raise node.mistake("must be more than 0", "应大于 0")
    return step
