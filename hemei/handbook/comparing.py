"""A plan beside other ways to share it, side by side. Nothing is ranked, and none is picked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.engines.costs.plan import Case, Title
from hemei.engines.costs.proposals import OWN, Offer, band_words
from hemei.handbook.numbers import money, sum_of
from hemei.handbook.verdicts import language
from hemei.shell.words import in_english


@dataclass(frozen=True)
class Comparison:
    """ways: their names. rows: of what, and for each way its name and the cell. First homes that pay alike in every
    way, top floor first; then all together, what is paid out where somebody is compensated, and how likely it is that
    all sign where the homes said something."""

    ways: list[str]
    rows: list[tuple[str, list[tuple[str, str]]]]


def comparison(case: Case, offers: Sequence[Offer]) -> Comparison | None:
    """None where there is nothing beside it."""
    if len(offers) < 2 or not any(offer.feasible for offer in offers):
        return None
    speaks = language()
    alike: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for home in sorted(case.homes, key=lambda home: -home.floor):
        paid = tuple(sum_of(offer.shares[home.id]) if offer.feasible else "–" for offer in offers)
        alike.setdefault((home.floor, paid), []).append(home.id)
    ways = [_(" = ").join(_name(name) for name in offer.names) for offer in offers]
    rows = [(pgettext("list", ", ").join(homes), paid) for (_floor, paid), homes in alike.items()]
    rows.append((_("Together"), tuple(_total(offer) for offer in offers)))
    compensations = [offer.fairness.compensation if offer.fairness else None for offer in offers]
    if any(compensations):
        rows.append(
            (_("Compensation, together"), tuple("–" if paid is None else sum_of(paid) for paid in compensations))
        )
    if any(offer.band for offer in offers):
        bands = tuple(band_words(offer.band, speaks) if offer.band else "–" for offer in offers)
        rows.append((_("Likely that all sign"), bands))
    return Comparison(ways, [(of, list(zip(ways, cells, strict=True))) for of, cells in rows])


def _name(way: Title) -> str:
    return _("This plan") if way == OWN else in_english(way.zh, way.en)


def _total(offer: Offer) -> str:
    if offer.feasible:
        return sum_of(offer.total)
    if offer.over_by:
        return _("%(sum)s too much is asked") % {"sum": money(offer.over_by)}
    return _("%(sum)s is missing") % {"sum": money(offer.short_by)}
