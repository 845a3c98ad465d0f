"""Writing that needs an open transaction, for other rooms' actions too: the roll locked, and frozen for a decision."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from fractions import Fraction

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor
from hemei.places.models import Kind, Place
from hemei.roll import content, policy
from hemei.roll.models import FrozenRoll, Holding, Roll, Unit

FROZEN_FOR = (Kind.ESTATE, Kind.BUILDING, Kind.STAIRWELL)
TOLD_MAX = 10  # homes named in one refusal


def locked(roll: Roll) -> Roll:
    """The roll as it stands now, locked, with its place: acts on one roll take turns from here on."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    return Roll.objects.select_for_update(of=("self",)).select_related("place").get(pk=roll.pk)


def freeze(*, actor: Actor, roll: Roll, place: Place, at: datetime, only: Collection[str] = ()) -> FrozenRoll:
    """The roll as it stands on the street's day of `at`, for the units in `place`: what a decision counts by.

    place: an estate, a building or a stairwell. only: keys of the units that are to be in it, where not all are.
    Raises Refused where nobody could count by it: no unit, a unit without owners, shares that are not one whole.
    """
    assert place.kind in FROZEN_FOR, "a roll is frozen for an estate, a building or a stairwell"
    roll = locked(roll)
    if roll.place_id not in place.ancestor_keys:
        raise Refused(_("This place does not belong to the estate of the roll."))
    day = timezone.localdate(at)
    units = _units(roll, place, day, set(only))
    unit_count = len(units)

    said = content.content_of(place=_codes(place), units=units)
    frozen = FrozenRoll.objects.create(
        roll=roll, place=place, as_of=day, made_at=at, units=unit_count, content=said, hash=content.hash_of(said)
    )
    public = {"place": place.pk, "units": unit_count, "as_of": day.isoformat(), "hash": frozen.hash}
    ledger.record(subject=roll, actor=actor, verb="roll.frozen", at=at, public=public, row=frozen)
    return frozen


def _units(roll: Roll, place: Place, day: date, only: set[str]) -> list[content.FrozenUnit]:
    """In their order, each with who holds it on `day`; two readings, however many homes."""
    rows = Unit.objects.filter(policy.standing(day), roll=roll, place__path__startswith=place.path)
    if only:
        rows = rows.filter(key__in=only)
    fields = ("pk", "key", "area_m2", "kind", "votable", "place__floor")
    found = list(rows.order_by("number", "key").values_list(*fields))
    if missing := only - {key for _pk, key, *_rest in found}:
        raise Refused(_("These homes are not on the roll here: %(homes)s.") % {"homes": _told(sorted(missing))})
    if not found:
        raise Refused(_("The roll has no home here yet. Send a list of the owners first, and have it confirmed."))
    owners = _owners(roll, place, day)
    _refuse_unowned([key for pk, key, *_rest in found if not owners[pk]])
    _refuse_unshared([key for pk, key, *_rest in found if sum(Fraction(one.share) for one in owners[pk]) != 1])
    return [
        content.FrozenUnit(key, content.area_of(area), kind, votable, floor, tuple(owners[pk]))
        for pk, key, area, kind, votable, floor in found
    ]


def _owners(roll: Roll, place: Place, day: date) -> dict[int, list[content.FrozenOwner]]:
    fields = ("unit", "owner__code", "owner__name", "owner__kind", "share_num", "share_den", "joint", "rep")
    rows = Holding.objects.filter(policy.holding(day), unit__roll=roll, unit__place__path__startswith=place.path)
    owners: dict[int, list[content.FrozenOwner]] = defaultdict(list)
    for unit, code, name, kind, num, den, joint, rep in rows.values_list(*fields).iterator(2000):
        owners[unit].append(content.FrozenOwner(code, name, kind, content.share_of(num, den), joint, rep))
    return owners


def _refuse_unowned(keys: list[str]) -> None:
    if keys:
        told = _("Nobody is on the roll as the owner of: %(homes)s. Correct the roll first.")
        raise Refused(told % {"homes": _told(keys)})


def _refuse_unshared(keys: list[str]) -> None:
    if keys:
        told = _("The shares do not add up to the whole home: %(homes)s. Correct the roll first.")
        raise Refused(told % {"homes": _told(keys)})


def _told(keys: list[str]) -> str:
    """The first few by their keys, and how many more there are."""
    few = ", ".join(keys[:TOLD_MAX])
    more = len(keys) - TOLD_MAX
    return few if more <= 0 else _("%(homes)s and %(count)d more") % {"homes": few, "count": more}


def _codes(place: Place) -> list[str]:
    """Codes from the residential area down to `place` itself; the street is not part of the roll's text."""
    rows = Place.objects.in_bulk(place.ancestor_keys)
    return [rows[key].code for key in place.ancestor_keys if rows[key].kind != Kind.STREET]
