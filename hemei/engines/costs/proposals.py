"""Several ways to share the same plan, side by side. People decide: nothing here is ranked, and none is picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from hemei.engines.costs.answer import Answer
from hemei.engines.costs.chances import chances, signs
from hemei.engines.costs.fairness import OFFICIAL, Fairness, fairness
from hemei.engines.costs.passing import Passing, passing
from hemei.engines.costs.plan import (
    UNCONSTRAINED,
    ZERO,
    Case,
    Constraints,
    Home,
    Key,
    LeastSlack,
    MaxChance,
    Method,
    Title,
)
from hemei.engines.costs.share import share
from hemei.engines.costs.wording import Language

Band = Literal["low", "even", "good"]

GOOD_FROM: Final = Fraction(2, 3)
LOW_BELOW: Final = Fraction(1, 3)
"""Two to one for it is good, two to one against it is low, in between it may go either way: our choice. Three words are
as much as neighbours can be told without telling how single homes are reckoned with."""
ENOUGH: Final = Fraction(3, 4)
"""Of all heads, and of all area: Civil Code art. 278, three quarters of those who take part, if everybody does and who
does not sign is against it. Fewer may be enough where some stay away."""

OWN: Final = Title("The group's own way", "加梯小组自定")
OFFICIAL_NAME: Final = Title("Guangzhou reference key", "广州参考系数")
STOREYS_NAME: Final = Title("Storeys climbed", "按爬楼层数")
LEAST_SLACK_NAME: Final = Title("The same room for everybody", "各户余地一样")
BEST_CHANCE_NAME: Final = Title("The best chance that all sign", "全体签字把握最大")


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to share. Sums in yuan, rounded by the case's rule. Without a proposal: no shares, `short_by`/`over_by`.

    `band` is for everybody; `chance`, `enough` and `legal` are for the organiser only, and None where the homes have
    not said how sure they are of what they would pay (mu and s).
    """

    names: tuple[Title, ...]
    """More than one where several ways give the same shares."""
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    total: Fraction = ZERO
    reserve: Fraction = ZERO
    short_by: Fraction = ZERO
    over_by: Fraction = ZERO
    fairness: Fairness | None = None
    band: Band | None = None
    """Of all signing. Where there are limits only, they are taken at their word: good if all are kept, else low."""
    chance: Fraction | None = None
    """That all sign, 0 to 1."""
    enough: Fraction | None = None
    """That at least so many heads sign as the case asks for, or three quarters of the homes."""
    legal: Passing | None = None
    """That the heads and the area needed are both reached."""

    @property
    def feasible(self) -> bool:
        return bool(self.shares)


def proposals(case: Case, *, need_heads: int | None = None, need_area: Fraction | None = None) -> tuple[Offer, ...]:
    """Up to five ways for the plan of `case`: its own first, the Guangzhou key, storeys climbed, and by stated wishes.

    The least slack stands here where every home has a limit, the best chance where every home has mu and s; both keep
    to the constraints of the case's own method. need_heads, need_area (m2): what `legal` asks for; three quarters of
    all homes and of their area where not given. A home that joins late does not sign.
    """
    asked = _Asked(
        enough=case.chance.heads if case.chance else _most_of(case.homes),
        need_heads=_most_of(case.homes) if need_heads is None else need_heads,
        need_area=ENOUGH * sum((home.area for home in case.homes), ZERO) if need_area is None else need_area,
    )
    plain = replace(case, sales=None, paid=None, chance=None, running=None)
    ways: dict[Method, tuple[Title, ...]] = {}
    for name, method in _ways(case):
        ways[method] = (*ways.get(method, ()), name)

    offers: list[Offer] = []
    for method, names in ways.items():
        answer = share(replace(plain, method=method))
        twin = next(
            (place for place, offer in enumerate(offers) if offer.feasible and offer.shares == answer.shares), None
        )
        if twin is None:
            offers.append(_offer(case, names, answer, asked))
        else:
            offers[twin] = replace(offers[twin], names=(*offers[twin].names, *names))
    return tuple(offers)


def band_of(chance: Fraction) -> Band:
    """In which of three words everybody is told how likely it is that all sign."""
    if chance >= GOOD_FROM:
        return "good"
    return "low" if chance < LOW_BELOW else "even"


@dataclass(frozen=True, slots=True)
class _Asked:
    enough: int
    need_heads: int
    need_area: Fraction


def _most_of(homes: Sequence[Home]) -> int:
    """Three quarters of the heads, up to a whole one; each home is one."""
    return -(-ENOUGH * len(homes) // 1)


def _ways(case: Case) -> list[tuple[Title, Method]]:
    own, homes = case.method, case.homes
    ways: list[tuple[Title, Method]] = [(OWN, own), (OFFICIAL_NAME, OFFICIAL), (STOREYS_NAME, _storeys(own))]
    if all(home.limit is not None for home in homes):
        ways.append((LEAST_SLACK_NAME, _least_slack(own, homes)))
    if all(home.mu is not None and home.s is not None for home in homes):
        ways.append((BEST_CHANCE_NAME, MaxChance(_constraints(own))))
    return ways


def _storeys(own: Method) -> Key:
    """By storeys climbed: as the case's own key has it within a floor and for half-landings, else equally."""
    return (
        Key("storeys", own.within, half_landing=own.half_landing) if isinstance(own, Key) else Key("storeys", "equal")
    )


def _least_slack(own: Method, homes: Sequence[Home]) -> LeastSlack:
    if isinstance(own, LeastSlack):
        return own
    return LeastSlack("one" if any(home.scale is None for home in homes) else "given", _constraints(own))


def _constraints(own: Method) -> Constraints:
    return own.constraints if isinstance(own, LeastSlack | MaxChance) else UNCONSTRAINED


def _offer(case: Case, names: tuple[Title, ...], answer: Answer, asked: _Asked) -> Offer:
    if not answer.feasible:
        return Offer(names, short_by=answer.short_by, over_by=answer.over_by)
    offer = Offer(
        names,
        answer.shares,
        answer.total,
        answer.reserve,
        fairness=fairness(case, answer.shares, exact=answer.exact),
    )
    signing = [home for home in case.homes if case.late is None or home.id != case.late.home]
    each = _each_signs(signing, answer.shares)
    if each is None:
        return replace(offer, band=_at_their_word(signing, answer.shares))
    told = chances(each, asked.enough)
    return replace(
        offer,
        band=band_of(told.all),
        chance=told.all,
        enough=told.heads,
        legal=passing(each, [home.area for home in signing], asked.need_heads, asked.need_area),
    )


def _each_signs(homes: Sequence[Home], shares: Mapping[str, Fraction]) -> list[Decimal] | None:
    each: list[Decimal] = []
    for home in homes:
        if home.mu is None or home.s is None:
            return None
        each.append(signs(shares[home.id], home.mu, home.s))
    return each


def _at_their_word(homes: Sequence[Home], shares: Mapping[str, Fraction]) -> Band | None:
    kept: list[bool] = []
    for home in homes:
        if home.limit is None:
            return None
        kept.append(shares[home.id] <= home.limit)
    return "good" if all(kept) else "low"


def band_words(band: Band, language: Language) -> str:
    """The chance that all sign in one word, for everybody."""
    english, chinese = {"low": ("low", "把握小"), "even": ("even", "一半一半"), "good": ("good", "把握大")}[band]
    return english if language == "en" else chinese
