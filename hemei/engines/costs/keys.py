"""Keys: a coefficient for each floor, within a floor by area or equally. Published ones stand here with their source.

x = C x k_floor / (sum of k over the floors that have a home) x (area / area of the floor's homes, or 1 / their number).
Without an agreement article 283 of the Civil Code shares by area, which no lift uses: a key has to be agreed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from hemei.engines.costs.plan import ZERO, Home, Key, Proposal, Title, Within


@dataclass(frozen=True, slots=True)
class Table:
    """Coefficients of a real key, floor 1 first, and where they were read.

    checked: the figures stand in the source named. What is not checked is an example to be edited, not to be relied on.
    """

    id: str
    title: Title
    k: tuple[Fraction, ...]
    source: str
    checked: bool = True


def _k(*written: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(number) for number in written)


GUANGZHOU: Final = Table(
    "guangzhou",
    Title("Guangzhou reference coefficients", "广州市分摊参考系数"),
    _k("0", "0.5", "1", "1.1", "1.2", "1.3"),
    "Guangzhou measures on adding lifts to existing homes, art. 8: 0, 0.5, 1, then 0.1 more a floor; within a floor by "
    "area; quoted at sys-monitoring.com 469006",
)
STOREYS: Final = Table(
    "storeys",
    Title("Storeys climbed", "按爬楼层数"),
    _k("0", "1", "2", "3", "4", "5"),
    "floor - 1, half a storey less where the stop lies on the half-landing; near the cooperative-game model of Li and "
    "Xu, 2014 (hdjjsx.cnjournals.net)",
)
YANJI: Final = Table(
    "yanji",
    Title("Yanji, seven floors", "延吉案例，七层"),
    _k("0", "0", "2.0", "2.8", "3.6", "4.4", "5.2"),
    "a lift of 360,000 yuan, two homes a floor, in 10,000 yuan a home (rpsynw.cn)",
)
XINMIN: Final = Table(
    "xinmin",
    Title("Xinmin village, six floors", "新民村案例，六层"),
    _k("0", "0", "10", "20", "30", "40"),
    "per cent of 255,000 yuan for one column of homes (isslerlaw.com, read in machine translation)",
)
SHANGHAI_HABIT: Final = Table(
    "shanghai-habit",
    Title("Shanghai, an example to edit, six floors", "上海常见分摊，可改示例，六层"),
    _k("0", "7", "13", "20", "27", "33"),
    "no municipal table was found for Shanghai; a habitual split of about 0, 5-8, 10-13, 20, 27, 33 per cent, not "
    "seen in writing",
    checked=False,
)
TABLES: Final[tuple[Table, ...]] = (GUANGZHOU, STOREYS, YANJI, XINMIN, SHANGHAI_HABIT)


def coefficients(key: Key, floors: int) -> tuple[Fraction, ...]:
    """k of the floors 1 to `floors`."""
    if key.key == "guangzhou":
        return tuple(_guangzhou(floor) for floor in range(1, floors + 1))
    if key.key == "storeys":
        half = Fraction(1, 2)
        return tuple(
            max(ZERO, floor - 1 - (half if floor in key.half_landing else ZERO)) for floor in range(1, floors + 1)
        )
    assert len(key.k) == floors, "a table has one coefficient for each floor"
    return key.k


def _guangzhou(floor: int) -> Fraction:
    return Fraction(floor - 1, 2) if floor <= 3 else 1 + Fraction(floor - 3, 10)


def by_key(homes: Sequence[Home], floors: int, net: Fraction, key: Key) -> Proposal:
    """Exact shares of `net` by `key`, in the order of the homes.

    A floor without homes drops out of the sum of k. A sum that is not more than 0 cannot carry a cost: short by `net`;
    where there is no cost either, nobody pays anything.
    """
    k = coefficients(key, floors)
    weights = floor_weights(homes, key.within)
    together = sum((k[floor - 1] for floor in weights), ZERO)
    if together <= 0:
        return Proposal(short_by=net) if net > 0 else Proposal(shares=(ZERO,) * len(homes))
    per_unit = {floor: net * k[floor - 1] / (together * weight) for floor, weight in weights.items()}
    if key.within == "equal":
        return Proposal(shares=tuple(per_unit[home.floor] for home in homes))
    return Proposal(shares=tuple(per_unit[home.floor] * home.area for home in homes))


def floor_weights(homes: Sequence[Home], within: Within) -> Mapping[int, Fraction]:
    """For each floor that has a home: the area of its homes, or their number."""
    weights: dict[int, Fraction] = {}
    for home in homes:
        weights[home.floor] = weights.get(home.floor, ZERO) + (home.area if within == "area" else 1)
    return weights
