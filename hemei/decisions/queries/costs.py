"""Who would pay what, as far as a reader may know it.

The desk that prepares reads everything but who wishes what here; owners of the stairwell read what was kept; everybody
else reads of the frozen plan what it costs, what is granted and how it is shared. Chances are told to the desk alone,
in three words, and are kept nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.decisions import costing, policy
from hemei.decisions.costing import Asked, Flat, Wishes, Worked, digits, language, money
from hemei.decisions.models import CostPlan, Drive
from hemei.decisions.models.drive import Stage
from hemei.engines import costs
from hemei.engines.costs.proposals import BEST_CHANCE_NAME, LEAST_SLACK_NAME, OFFICIAL_NAME, OWN, STOREYS_NAME
from hemei.people.actor import Actor
from hemei.promises.days import day_of
from hemei.roll.models import Unit
from hemei.shell.words import in_english

Level = Literal["desk", "owner", "others"]


def level_of(viewer: Actor, drive: Drive) -> Level:
    if policy.runs_at(viewer, drive.place):
        return "desk"
    return "owner" if policy.homes_in(viewer, drive) else "others"


# -- one plan


@dataclass(frozen=True)
class Row:
    """Homes of a floor that pay the same. homes: their names. receives: it is a compensation."""

    floor: int
    homes: str
    count: int
    share: str
    receives: bool


@dataclass(frozen=True)
class Shares:
    """What a page shows of a plan: the sentence first, then floor by floor from the top, then what it adds up to."""

    told: str
    why: str
    feasible: bool
    rows: list[Row]
    total: str
    sums: list[tuple[str, str]]
    evenness: tuple[tuple[str, str], ...]
    relief: tuple[tuple[str, str], ...] = ()


def shares_of(result: Worked, names: Mapping[str, str]) -> Shares:
    """names: of the homes, by their key on the roll."""
    case, answer = result.case, result.answer
    return Shares(
        told=_told(answer),
        why=_why(answer),
        feasible=answer.feasible,
        rows=_rows(case, answer.shares, names) if answer.feasible else [],
        total=money(answer.total),
        sums=_sums(case, answer),
        evenness=_evenness(case, answer),
        relief=_relief(case),
    )


def plan_shares(plan: CostPlan) -> Shares:
    """Of a plan that is kept: the shares as they stand in it."""
    return shares_of(kept(plan), names_of(plan.drive, [home["id"] for home in plan.case["homes"]]))


def kept(plan: CostPlan) -> Worked:
    """Case and answer of a plan that is kept; the engine gives the same answer for good."""
    case = costing.read(plan.case)
    return Worked(plan.case, case, costs.share(case))


def names_of(drive: Drive, keys: Sequence[str]) -> dict[str, str]:
    """The homes as people call them, by their key on the roll."""
    rows = Unit.objects.filter(roll__place=drive.estate_id, key__in=keys)
    return {key: in_english(name, en) for key, name, en in rows.values_list("key", "place__name", "place__name_en")}


def _rows(case: costs.Case, shares: Mapping[str, Fraction], names: Mapping[str, str]) -> list[Row]:
    alike: dict[tuple[int, Fraction], list[str]] = {}
    for home in sorted(case.homes, key=lambda home: -home.floor):
        alike.setdefault((home.floor, shares[home.id]), []).append(home.id)
    return [
        Row(
            floor,
            pgettext("list", ", ").join(names.get(home, home) for home in homes),
            len(homes),
            money(share),
            share < 0,
        )
        for (floor, share), homes in alike.items()
    ]


def _told(answer: costs.Answer) -> str:
    if answer.over_by:
        return _("%(sum)s more is asked for than there is to pay") % {"sum": money(answer.over_by)}
    if not answer.feasible:
        return _("%(sum)s is missing") % {"sum": money(answer.short_by)}
    return _("The homes share %(sum)s") % {"sum": money(answer.net)}


def _why(answer: costs.Answer) -> str:
    if not answer.feasible:
        return _("With these numbers no way of sharing covers the cost.")
    amounts = answer.shares.values()
    told = _("From %(least)s to %(most)s a home. It adds up to the last cent.")
    if answer.reserve:
        told = _("From %(least)s to %(most)s a home. %(reserve)s of it goes into the lift's reserve.")
    return told % {"least": money(min(amounts)), "most": money(max(amounts)), "reserve": money(answer.reserve)}


def _sums(case: costs.Case, answer: costs.Answer) -> list[tuple[str, str]]:
    """From what it costs to what is shared."""
    found = [
        (_("It costs"), money(case.cost.gross)),
        (_("Subsidy"), money(answer.subsidy)),
        (_("To be shared"), money(answer.net)),
    ]
    if answer.feasible and answer.reserve:
        found.append((_("Into the lift's reserve"), money(answer.reserve)))
    return found


def _evenness(case: costs.Case, answer: costs.Answer) -> tuple[tuple[str, str], ...]:
    """How evenly it shares; how near a home is to what it would pay is not among it."""
    if not answer.feasible:
        return ()
    return costs.fairness_words(costs.fairness(case, answer.shares, exact=answer.exact), language())


def _relief(case: costs.Case) -> tuple[tuple[str, str], ...]:
    found = costs.relief(case)
    return costs.relief_words(found, language()) if found is not None else ()


# -- several side by side


@dataclass(frozen=True)
class Way:
    """One way among several. plan: the kept one; asked: what would have to be chosen to keep it."""

    name: str
    plan: CostPlan | None = None
    asked: Asked | None = None


@dataclass(frozen=True)
class Comparison:
    """ways side by side; rows, figures: of what, and for each way its name and the cell. None is ranked or picked."""

    ways: list[Way]
    rows: list[tuple[str, list[tuple[str, str]]]]
    figures: list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class _Column:
    way: Way
    case: costs.Case
    shares: Mapping[str, Fraction]
    total: str
    evenness: Mapping[str, str]
    more: Mapping[str, str]


def _beside(columns: Sequence[_Column], names: Mapping[str, str]) -> Comparison:
    alike: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    floors = {home.id: home.floor for column in columns for home in column.case.homes}
    for home in sorted(floors, key=lambda home: -floors[home]):
        paid = tuple(digits(column.shares[home]) if home in column.shares else "–" for column in columns)
        alike.setdefault((floors[home], paid), []).append(home)
    rows = [
        (pgettext("list", ", ").join(names.get(home, home) for home in homes), list(paid))
        for (_floor, paid), homes in alike.items()
    ]
    rows.append((_("Together"), [column.total for column in columns]))
    rows += _lines([column.more for column in columns])
    ways = [column.way for column in columns]

    def named(lines: list[tuple[str, list[str]]]) -> list[tuple[str, list[tuple[str, str]]]]:
        return [(of, [(way.name, cell) for way, cell in zip(ways, cells, strict=True)]) for of, cells in lines]

    return Comparison(ways, named(rows), named(_lines([column.evenness for column in columns])))


def _lines(said: Sequence[Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """A line for each name that one of them has, in their order."""
    names = dict.fromkeys(name for one in said for name in one)
    return [(name, [one.get(name, "–") for one in said]) for name in names]


def kept_beside(plans: Sequence[CostPlan], names: Mapping[str, str]) -> Comparison | None:
    """The proposals that stand, side by side; None where there are fewer than two."""
    if len(plans) < 2:
        return None
    columns = []
    for plan in plans:
        result = kept(plan)
        called = _("No. %(number)d, %(name)s") % {"number": plan.number, "name": plan.name}
        sums = {_("To be shared"): digits(result.answer.net)}
        evenness = dict(_evenness(result.case, result.answer))
        columns.append(
            _Column(Way(called, plan), result.case, result.answer.shares, digits(result.answer.total), evenness, sums)
        )
    return _beside(columns, names)


@dataclass(frozen=True)
class Offers:
    """Ways to share the same plan for the desk that prepares. relief: what would help where nothing makes all sign."""

    beside: Comparison
    relief: tuple[tuple[str, str], ...]
    wishes: Wishes


def offers(asked: Asked, flats: Sequence[Flat], wishes: Wishes) -> Offers:
    """What was asked, beside the published keys and, where every home named a sum, beside what comes from wishes."""
    case = costing.offers_case(asked, flats, wishes)
    names = {flat.key: flat.told for flat in flats}
    columns = []
    for offer in costs.proposals(case):
        key = _KEYS.get(offer.names[0], "")
        way = Way(_name(offer, asked), asked=_asked_for(asked, key) if offer.feasible else None)
        evenness = dict(costs.fairness_words(offer.fairness, language())) if offer.fairness else {}
        columns.append(_Column(way, case, offer.shares, _total(offer), evenness, _likely(offer)))
    found = costs.relief(case)
    relief = costs.relief_words(found, language()) if found is not None else ()
    return Offers(_beside(columns, names), relief, wishes)


_KEYS = {
    OFFICIAL_NAME: "guangzhou",
    STOREYS_NAME: "storeys",
    LEAST_SLACK_NAME: "slack",
    BEST_CHANCE_NAME: "chance",
}  # by which key a way of the engine is asked for here; the organiser's own has none


def _name(offer: costs.Offer, asked: Asked) -> str:
    names = (asked.called() if one == OWN else in_english(one.zh, one.en) for one in offer.names)
    return _(" = ").join(names)


def _asked_for(asked: Asked, key: str) -> Asked:
    if not key:
        return asked
    within = {"guangzhou": "area", "storeys": asked.within if asked.key in costing.BY_FLOOR else "equal"}
    return Asked(asked.works, asked.other, asked.subsidy, key, within=within.get(key, "equal"), rounding=asked.rounding)


def _total(offer: costs.Offer) -> str:
    if offer.feasible:
        return digits(offer.total)
    if offer.over_by:
        return _("%(sum)s too much is asked") % {"sum": money(offer.over_by)}
    return _("short by %(sum)s") % {"sum": money(offer.short_by)}


def _likely(offer: costs.Offer) -> dict[str, str]:
    """For the desk alone: that all sign, and that the vote would pass, in one word each."""
    found = {}
    if offer.band is not None:
        found[_("Likely that all sign")] = costs.band_words(offer.band, language())
    if offer.legal is not None:
        found[_("Likely that enough agree for the vote")] = costs.band_words(
            costs.band_of(offer.legal.chance), language()
        )
    return found


# -- pages


@dataclass(frozen=True)
class PlansPage:
    """The proposals of a drive. frozen: with its key and sums, for everybody. shown: the one that was chosen, else the
    frozen or the last one, where the reader may see shares."""

    level: Level
    plans: list[CostPlan]
    frozen: CostPlan | None
    key: str
    sums: list[tuple[str, str]]
    shown: CostPlan | None
    shown_key: str
    shares: Shares | None
    beside: Comparison | None
    may_plan: bool


def plans_page(*, viewer: Actor, drive: Drive, chosen: int | None = None) -> PlansPage:
    """chosen: number of the proposal whose shares are shown; Http404 for one the reader cannot see."""
    level = level_of(viewer, drive)
    rows = list(CostPlan.objects.filter(drive=drive, dropped_at=None).order_by("number"))
    for plan in rows:
        plan.drive = drive
    frozen = max((plan for plan in rows if plan.frozen_at), key=lambda plan: (plan.frozen_at, plan.pk), default=None)
    key, sums = (key_told(frozen), told_sums(frozen)) if frozen is not None else ("", [])
    if level == "others":
        if chosen is not None:
            raise Http404
        return PlansPage(level, [], frozen, key, sums, None, "", None, None, may_plan=False)
    shown = next((plan for plan in rows if plan.number == chosen), None)
    if chosen is not None and shown is None:
        raise Http404
    shown = shown or frozen or (rows[-1] if rows else None)
    names = names_of(drive, sorted({home["id"] for plan in rows for home in plan.case["homes"]})) if rows else {}
    return PlansPage(
        level=level,
        plans=rows,
        frozen=frozen,
        key=key,
        sums=sums,
        shown=shown,
        shown_key=key_told(shown) if shown is not None else "",
        shares=shares_of(kept(shown), names) if shown is not None else None,
        beside=kept_beside(rows, names),
        may_plan=level == "desk" and drive.stage not in (Stage.STOPPED, Stage.WORKS),
    )


def key_told(plan: CostPlan) -> str:
    """How it is shared, as its case says it."""
    return in_english(plan.case["title"]["zh"], plan.case["title"]["en"])


def plan_for(*, viewer: Actor, pk: int) -> CostPlan:
    """A proposal with its drive, for who sees the drive; Http404 else."""
    seen = CostPlan.objects.filter(policy.drives_seen(viewer, "drive__"), pk=pk)
    plan = seen.select_related("drive__matter", "drive__place__parent", "drive__estate").first()
    if plan is None:
        raise Http404
    return plan


def drive_for(*, viewer: Actor, pk: int) -> Drive:
    """The drive with its places, for who sees its matter; Http404 else."""
    seen = Drive.objects.filter(policy.drives_seen(viewer), pk=pk)
    drive = seen.select_related("matter", "place__parent", "estate").first()
    if drive is None:
        raise Http404
    return drive


def flats_and_wishes(drive: Drive, at: datetime) -> tuple[tuple[Flat, ...], Wishes]:
    """For the desk that prepares. Raises Refused where the roll has nothing to share by."""
    flats = costing.flats_of(drive, day_of(at))
    return flats, costing.wishes_of(drive, flats)


def words(viewer: Actor, drive: Drive, at: datetime) -> dict[str, Any] | None:
    """For the page of the drive, or of its decision: what it costs once a plan is frozen, and the way to the rest."""
    rows = CostPlan.objects.filter(drive=drive, dropped_at=None).order_by("number")
    plans = list(rows.only("number", "name", "total", "subsidy", "frozen_at", "case"))
    desk = policy.runs_at(viewer, drive.place)
    frozen = max((plan for plan in plans if plan.frozen_at), key=lambda plan: (plan.frozen_at, plan.pk), default=None)
    if frozen is None and not desk and not (plans and policy.homes_in(viewer, drive)):
        return None
    return {
        "drive": drive,
        "frozen": frozen,
        "key": key_told(frozen) if frozen is not None else "",
        "sums": told_sums(frozen) if frozen is not None else [],
        "count": len(plans),
        "desk": desk,
    }


def told_sums(plan: CostPlan) -> list[tuple[str, str]]:
    net = Fraction(plan.total) - Fraction(plan.subsidy)
    return [
        (_("It costs"), money(plan.total)),
        (_("Subsidy"), money(plan.subsidy)),
        (_("To be shared"), money(net)),
    ]
