"""Who pays what for a drive's lift: from the roll and what the organiser chose to a case of the cost engine.

Homes, floors and areas come from the roll of the stairwell, never from a form. What is kept of a proposal is a case of
the schema cost-cases/1 that `hemei share` reads, without a name, a wish or a chance.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import get_language, gettext_lazy, ngettext, override, pgettext
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.decisions.models import Contract, CostPlan, Drive, Wish
from hemei.engines import costs
from hemei.engines.costs import keys
from hemei.engines.costs.plan import CENT, ZERO
from hemei.engines.costs.wording import Language, yuan
from hemei.engines.decision import written
from hemei.roll import policy as roll
from hemei.roll.models import Unit
from hemei.shell.words import in_english

HOMES_MAX, FLOORS_MAX = 100, 60  # of one lift: more than any stairwell has, and a page that is reckoned at once
SUM_MAX = 100_000_000  # yuan
COEFFICIENT_MAX = 1_000_000
SHARING = (Unit.Kind.HOME, Unit.Kind.SHOP, Unit.Kind.OFFICE)  # what stands on a floor; a garage climbs no stairs

RATE, CAP = Fraction(2, 5), Fraction(280_000)
"""Shanghai's subsidy of a lift: 40 % of the works, at most 280,000 yuan; who works it out may write another sum."""

STEEPNESS = Fraction(1, 4)  # of the range a home named, as the spread of what it would go along with: our choice
SURE = Fraction(1_000)  # yuan: nobody knows their own limit better than that: our choice

DECIMALS = 12  # of a yuan, to which a proposal from wishes is kept by floor

NEEDED_AT_FIRST = Fraction(7, 10)  # of the whole cost, for a lift to the second floor: pit, shaft and machine

TABLES = {table.id: table for table in keys.TABLES if table not in (keys.GUANGZHOU, keys.STOREYS)}
BY_FLOOR = ("guangzhou", "storeys", "half_landing", "area", "own", *TABLES)  # these can pay a compensation besides
BY_WISHES = ("slack", "chance")
NUMBERED = ("own", "gain", "worth")  # need a number for each floor

KEYS: Final[dict[str, Any]] = {
    "guangzhou": gettext_lazy("Guangzhou reference key"),
    "storeys": gettext_lazy("Storeys climbed"),
    "half_landing": gettext_lazy("Storeys climbed, stops on the half-landing"),
    "area": gettext_lazy("By area alone"),
    "own": gettext_lazy("Our own coefficients"),
    "gain": gettext_lazy("The same gain for every home"),
    "worth": gettext_lazy("In proportion to what the lift is worth"),
    "shapley": gettext_lazy("Shapley value of the floors' needs"),
    "nucleolus": gettext_lazy("Nucleolus of the floors' needs"),
    "slack": gettext_lazy("The same room for everybody, from the wishes"),
    "chance": gettext_lazy("The best chance that all sign, from the wishes"),
}


def language() -> Language:
    return "en" if get_language() == "en" else "zh"


def money(amount: Fraction | Decimal | str) -> str:
    """53,529.41 元 or ¥53,529.41, as the reader writes it; a compensation with its sign in front."""
    return yuan(Fraction(amount), language())


def digits(amount: Fraction) -> str:
    """53,529.41, for a table that says yuan above; a compensation with a minus sign."""
    return yuan(amount, "en").replace("¥", "")


def key_name(key: str) -> str:
    if key in TABLES:
        return in_english(TABLES[key].title.zh, TABLES[key].title.en)
    return str(KEYS[key])


# -- the homes


@dataclass(frozen=True)
class Flat:
    """A home that shares the lift, as the roll and its place have it. area: m², in lowest terms, as "61.2"."""

    unit: int
    key: str
    place: int
    floor: int
    area: str
    name: str
    name_en: str

    @property
    def told(self) -> str:
        return in_english(self.name, self.name_en)


def flats_of(drive: Drive, day: date) -> tuple[Flat, ...]:
    """The homes of the stairwell on the roll, from the ground up. Raises Refused where they cannot share anything."""
    rows = Unit.objects.filter(
        roll.standing(day), roll__place=drive.estate_id, place__path__startswith=drive.place.path, kind__in=SHARING
    )
    fields = ("pk", "key", "place", "place__floor", "area_m2", "place__name", "place__name_en")
    found = list(rows.order_by("number", "key").values_list(*fields)[: HOMES_MAX + 1])
    if not found:
        raise Refused(_("The roll has no home here yet. Send a list of the owners first, and have it confirmed."))
    if len(found) > HOMES_MAX:
        raise Refused(_("More than %(most)d homes do not share one lift.") % {"most": HOMES_MAX})
    missing = [key for _pk, key, _place, floor, *_rest in found if floor is None or not 1 <= floor <= FLOORS_MAX]
    if missing:
        told = _("The floor is missing of: %(homes)s. Add it to these homes in the list of places first.")
        raise Refused(told % {"homes": pgettext("list", ", ").join(missing[:10])})
    flats = (
        Flat(pk, key, place, floor, written(Fraction(area)), *names) for pk, key, place, floor, area, *names in found
    )
    return tuple(sorted(flats, key=lambda flat: flat.floor))


# -- what homes would go along with


@dataclass(frozen=True)
class Wishes:
    """Up to what share homes said they would go along: how many named one, and by floor the lowest of its homes.

    limits, mu, s: yuan, only where every home named one. For the desk that prepares; nothing of it is kept.
    """

    named: int = 0
    homes: int = 0
    limits: Mapping[int, Fraction] = field(default_factory=dict)
    mu: Mapping[int, Fraction] = field(default_factory=dict)
    s: Mapping[int, Fraction] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return bool(self.limits)


def wishes_of(drive: Drive, flats: Sequence[Flat]) -> Wishes:
    """Homes of one floor are treated alike, so the lowest that one of them named counts for the floor."""
    rows = Wish.objects.filter(drive=drive, current=True, home__in=[flat.place for flat in flats])
    said = {
        home: (Fraction(low if low is not None else high), Fraction(high if high is not None else low))
        for home, low, high in rows.values_list("home", "share_low", "share_high")
        if low is not None or high is not None
    }
    if len(said) < len(flats):
        return Wishes(len(said), len(flats))
    limits, mu, s = dict[int, Fraction](), dict[int, Fraction](), dict[int, Fraction]()
    for flat in flats:
        low, high = said[flat.place]
        limits[flat.floor] = min(high, limits.get(flat.floor, high))
        middle = (low + high) / 2
        if flat.floor not in mu or middle < mu[flat.floor]:
            mu[flat.floor], s[flat.floor] = middle, max((high - low) * STEEPNESS, SURE)
    return Wishes(len(said), len(flats), limits, mu, s)


# -- what the organiser chose


@dataclass(frozen=True)
class Asked:
    """What the organiser chose. Sums in yuan as plain digits.

    subsidy: "" for what the rule gives. numbers: one for each floor from the ground up, what they mean is the key's to
    say. compensation: yuan a home of the lowest floors, from the ground up. rounding: "cent", or a step in yuan.
    """

    works: str
    other: str = "0"
    subsidy: str = ""
    key: str = "guangzhou"
    numbers: tuple[str, ...] = ()
    compensation: tuple[str, ...] = ()
    within: str = "equal"
    rounding: str = "cent"

    @property
    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "numbers": list(self.numbers), "compensation": list(self.compensation)}

    def called(self) -> str:
        """The way of sharing in words. That sums came from wishes is not told: who knows it and what they wished
        themselves could work out what the others did."""
        told = key_name(self.key) if self.key not in BY_WISHES else _("Sums by floor")
        if self.within == "area" and self.key in BY_FLOOR and self.key != "area":
            told = _("%(key)s, within a floor by area") % {"key": told}
        if self.compensation:
            told = _("%(key)s, the low floors compensated") % {"key": told}
        return told


# -- worked out


@dataclass(frozen=True)
class Worked:
    """A case and its answer. plain: the case as it would be kept, schema cost-cases/1."""

    plain: dict[str, Any]
    case: costs.Case
    answer: costs.Answer

    @property
    def kept_answer(self) -> dict[str, Any]:
        return costs.as_plain(self.answer)

    @property
    def total(self) -> Fraction:
        return self.case.cost.gross


def worked(asked: Asked, flats: Sequence[Flat], wishes: Wishes) -> Worked:
    """Who pays what, as asked. Raises Refused, beside the field, for what cannot be worked out.

    A proposal from wishes is given as the sums by floor that it comes to: its case holds no wish.
    """
    plain = case_of(asked, flats, wishes)
    case = read(plain)
    answer = costs.share(case)
    if asked.key not in BY_WISHES or not answer.feasible:
        return Worked(plain, case, answer)
    plain = {**plain, "homes": [_home(flat) for flat in flats], "method": _as_sums(case, answer)}
    case = read(plain)
    return Worked(plain, case, costs.share(case))


def case_of(asked: Asked, flats: Sequence[Flat], wishes: Wishes) -> dict[str, Any]:
    """The case as the engine is asked, with wishes where the key goes by them."""
    floors = max(flat.floor for flat in flats)
    cost = _cost(asked)
    case: dict[str, Any] = {
        "id": "lift",
        "title": _titles(asked),
        "floors": floors,
        "homes": [_home(flat) for flat in flats],
        "cost": cost,
        "method": {},
        "rounding": {"to": "cent"} if asked.rounding == "cent" else {"to": "step", "step": _sum(asked.rounding)},
    }
    if asked.key in NUMBERED or asked.numbers:
        _refuse_numbers(asked, floors)
    if asked.compensation and asked.key not in BY_FLOOR:
        told = _("A compensation goes together with a key by floors. Choose one, or leave the compensation out.")
        raise Refused(told, field="compensation")
    if asked.key in ("gain", "worth"):
        case["homes"] = [_home(flat) | {"benefit": _sum(asked.numbers[flat.floor - 1])} for flat in flats]
        case["method"] = {"name": "equal_gain" if asked.key == "gain" else "proportional_benefit"}
    elif asked.key in ("shapley", "nucleolus"):
        case["method"] = {"name": asked.key}
        case["need"] = _needs(asked, floors, _net(cost))
    elif asked.key in BY_WISHES:
        case |= _from_wishes(asked, flats, wishes)
    else:
        case["method"] = _by_floor(asked, flats, floors, _net(cost))
    return case


def offers_case(asked: Asked, flats: Sequence[Flat], wishes: Wishes) -> costs.Case:
    """The same with what homes would go along with, for laying several ways side by side; never kept."""
    plain = case_of(asked, flats, wishes)
    if wishes.complete:
        said = {home["id"]: home for home in _wishing(flats, wishes)}
        plain["homes"] = [said[home["id"]] | home for home in plain["homes"]]
    return read(plain)


def read(plain: Mapping[str, Any]) -> costs.Case:
    try:
        return costs.read_cases(json.dumps({"cases": [plain]})).cases[0]
    except costs.Mistake as mistake:
        told = _("This cannot be worked out: %(reason)s. Change the numbers.")
        raise Refused(told % {"reason": in_english(mistake.zh, mistake.en)}) from mistake


def _home(flat: Flat) -> dict[str, Any]:
    return {"id": flat.key, "floor": flat.floor, "area": flat.area}


def _titles(asked: Asked) -> dict[str, str]:
    titles = {}
    for code, name in (("en", "en"), ("zh-hans", "zh")):
        with override(code):
            titles[name] = asked.called()
    return titles


def _cost(asked: Asked) -> dict[str, Any]:
    works, other = Fraction(asked.works), Fraction(asked.other or "0")
    if works + other <= 0:
        raise Refused(_("Write what the lift costs, more than nothing."), field="works")
    said = {"rate": written(RATE), "cap": _sum(CAP)}
    if asked.subsidy:
        if Fraction(asked.subsidy) > works:
            told = _("The subsidy cannot be more than the works cost, %(sum)s.")
            raise Refused(told % {"sum": money(works)}, field="subsidy")
        said = {"rate": "1", "cap": _sum(asked.subsidy)}
    return {"works": _sum(works), "other": _sum(other), "subsidy": said}


def _net(cost: Mapping[str, Any]) -> Fraction:
    subsidy = costs.Subsidy(Fraction(cost["subsidy"]["rate"]), Fraction(cost["subsidy"]["cap"]))
    return costs.Cost(Fraction(cost["works"]), Fraction(cost["other"]), subsidy).net


def _refuse_numbers(asked: Asked, floors: int) -> None:
    if len(asked.numbers) != floors:
        told = ngettext(
            "Write one number for each of %(floors)d floors, from the ground up; you wrote %(count)d.",
            "Write one number for each of %(floors)d floors, from the ground up; you wrote %(count)d.",
            len(asked.numbers),
        )
        raise Refused(told % {"floors": floors, "count": len(asked.numbers)}, field="numbers")
    if asked.key in ("gain", "worth") and any(len(one.partition(".")[2]) > 2 for one in asked.numbers):
        raise Refused(_("Sums of money have two decimals at most."), field="numbers")
    if any(abs(Fraction(one)) > SUM_MAX for one in asked.numbers):
        raise Refused(_("It can be %(most)s at most.") % {"most": f"{SUM_MAX:,}"}, field="numbers")


def _needs(asked: Asked, floors: int, net: Fraction) -> list[str]:
    """What a lift up to each floor would cost: as the numbers stand to the last of them, cut to the cent."""
    if not asked.numbers:
        rise = max(floors - 2, 1)
        given = [ZERO, *(NEEDED_AT_FIRST + (1 - NEEDED_AT_FIRST) * step / rise for step in range(floors - 1))]
        given = given[:floors] if floors > 1 else [Fraction(1)]
        given[-1] = Fraction(1)
    else:
        given = [Fraction(one) for one in asked.numbers]
        if given[0] < 0 or given[-1] <= 0 or any(below > above for below, above in pairwise(given)):
            told = _("A lift that goes further up never costs less. Let the numbers rise from floor to floor.")
            raise Refused(told, field="numbers")
    return [_sum(net * one / given[-1] // CENT * CENT) for one in given[:-1]] + [_sum(net)]


def _from_wishes(asked: Asked, flats: Sequence[Flat], wishes: Wishes) -> dict[str, Any]:
    if not wishes.complete:
        told = _(
            "Only %(named)d of %(homes)d homes have said up to what share they would go along. Ask the others first."
        )
        raise Refused(told % {"named": wishes.named, "homes": wishes.homes}, field="key")
    method = {"name": "least_slack", "scale": "one"} if asked.key == "slack" else {"name": "max_chance"}
    return {"homes": _wishing(flats, wishes), "method": method}


def _wishing(flats: Sequence[Flat], wishes: Wishes) -> list[dict[str, Any]]:
    return [
        _home(flat)
        | {
            "limit": _sum(wishes.limits[flat.floor]),
            "mu": written(wishes.mu[flat.floor]),
            "s": written(wishes.s[flat.floor]),
        }
        for flat in flats
    ]


def _by_floor(asked: Asked, flats: Sequence[Flat], floors: int, net: Fraction) -> dict[str, Any]:
    within = "area" if asked.key == "area" else asked.within
    native = {"guangzhou": {"key": "guangzhou"}, "storeys": {"key": "storeys"}}
    native["half_landing"] = {"key": "storeys", "half_landing": list(range(2, floors + 1))}  # type: ignore[dict-item]
    if asked.key in native and not asked.compensation:
        return {"name": "key", "within": within, **native[asked.key]}
    coefficients = _coefficients(asked, flats, floors)
    if asked.compensation:
        coefficients = _compensating(asked, flats, coefficients, net)
    return {"name": "key", "key": "table", "within": within, "k": [written(one) for one in coefficients]}


def _coefficients(asked: Asked, flats: Sequence[Flat], floors: int) -> list[Fraction]:
    """One for each floor, as the key has it."""
    if asked.key == "own":
        if any(abs(Fraction(one)) > COEFFICIENT_MAX for one in asked.numbers):
            raise Refused(_("It can be %(most)s at most.") % {"most": f"{COEFFICIENT_MAX:,}"}, field="numbers")
        return [Fraction(one) for one in asked.numbers]
    if asked.key == "area":
        return [sum((Fraction(flat.area) for flat in flats if flat.floor == one + 1), ZERO) for one in range(floors)]
    if asked.key in TABLES:
        table = TABLES[asked.key]
        if len(table.k) != floors:
            told = _("This table is for %(count)d floors, and the stairwell has %(floors)d. Choose another key.")
            raise Refused(told % {"count": len(table.k), "floors": floors}, field="key")
        return list(table.k)
    half = frozenset(range(2, floors + 1)) if asked.key == "half_landing" else frozenset[int]()
    name = "guangzhou" if asked.key == "guangzhou" else "storeys"
    return list(costs.coefficients(costs.Key(name, "equal", half_landing=half), floors))  # type: ignore[arg-type]


def _compensating(asked: Asked, flats: Sequence[Flat], k: list[Fraction], net: Fraction) -> list[Fraction]:
    """Coefficients by which the lowest floors receive what was named and the others pay it by the same key.

    All are multiplied by the sum of what pays, so that each is a number that ends.
    """
    given = [Fraction(one) for one in asked.compensation]
    homes = [sum(1 for flat in flats if flat.floor == floor) for floor in range(1, len(k) + 1)]
    if len(given) >= len(k) or any(one < 0 or one > SUM_MAX for one in given):
        told = _("Write the compensation of a home on the lowest floors, from the ground up, like this: 6000, 3000.")
        raise Refused(told, field="compensation")
    paid_out = {floor: one * homes[floor] for floor, one in enumerate(given) if one and homes[floor]}
    paying = sum((k[floor] for floor in range(len(k)) if floor not in paid_out and homes[floor]), ZERO)
    if paying <= 0:
        raise Refused(_("Nobody is left to pay this compensation. Name fewer floors."), field="compensation")
    together = net + sum(paid_out.values(), ZERO)
    return [-paid_out[floor] * paying if floor in paid_out else together * k[floor] for floor in range(len(k))]


def _as_sums(case: costs.Case, answer: costs.Answer) -> dict[str, Any]:
    """The same shares as a table of sums by floor, equally within a floor."""
    by_floor = [ZERO] * case.floors
    for home in case.homes:
        by_floor[home.floor - 1] += answer.exact[home.id]
    told = [Fraction(costs.decimals(one, DECIMALS)) for one in by_floor]
    told[-1] = answer.net - sum(told[:-1], ZERO)
    return {"name": "key", "key": "table", "within": "equal", "k": [written(one) for one in told]}


def _sum(amount: Fraction | str) -> str:
    return costs.money(Fraction(amount))


# -- late joiners and sales, after a plan that is kept


def late_of(case: costs.Case, *, home: str, years: str, life: int) -> costs.LateAnswer | None:
    """What a home that stayed out pays when it joins after `years` of `life`, and who gets it back; None where nobody
    would have carried its share."""
    answer = costs.share(replace(case, late=costs.Late(home, Fraction(years), Fraction(life))))
    return answer.late


def owed_after_sale(case: costs.Case, *, home: str, paid: str, on: date) -> costs.Due:
    """What the buyer of `home` still owes, or gets, where so much was paid for it: duties follow the home."""
    asked = replace(case, sales=(costs.Sale(home, on, "buyer"),), paid={home: Fraction(paid)})
    due = costs.share(asked).due
    assert due is not None, "the case asks who owes what"
    return due[home]


# -- what is kept, against the roll of today


def frozen_plan(drive: Drive) -> CostPlan | None:
    """The plan that goes into the contract; of several, the one frozen last."""
    return CostPlan.objects.filter(drive=drive, frozen_at__isnull=False).order_by("-frozen_at", "-pk").first()


def changed_since(plan: CostPlan, flats: Sequence[Flat]) -> list[str]:
    """Keys of the homes that came, went, or have another floor or area than when the plan was worked out."""
    then = {home["id"]: (home["floor"], home["area"]) for home in plan.case["homes"]}
    now = {flat.key: (flat.floor, flat.area) for flat in flats}
    return sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))[:10]


def may_be_replaced(plan: CostPlan, flats: Sequence[Flat]) -> bool:
    """Whether another plan may be frozen after this one: its contract has ended, or it fits the roll no longer and no
    contract on it stands."""
    opened = Contract.objects.filter(plan=plan, opened_at__isnull=False)
    if opened.filter(ended_at=None).exists():
        return False
    return opened.exists() or bool(changed_since(plan, flats))
