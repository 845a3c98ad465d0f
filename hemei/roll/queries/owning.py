"""Who owns what, as matched with accounts."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from hemei.base import clock
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.roll import content, policy
from hemei.roll.models import FrozenRoll, Holding, Roll


def owned_by(person: Person, roll: int) -> list[tuple[int, str]]:
    """Units of the roll with that key which the matched `person` owns today, each with the owner's code."""
    today = timezone.localdate(clock.now())
    held = Holding.objects.filter(
        policy.holding(today),
        policy.standing(today, "unit__"),
        owner__roll=roll,
        owner__matches__person=person,
        owner__matches__ended_at=None,
    )
    return list(held.order_by("unit__number", "owner__code").values_list("unit", "owner__code"))


# frozen copies


def frozen_seen(viewer: Actor, pk: int) -> FrozenRoll:
    """A frozen copy with its names, for who keeps the roll; Http404 for everybody else, as if it were not there."""
    found = FrozenRoll.objects.select_related("place", "roll__place").filter(pk=pk).first()
    if found is None or not policy.may_keep(viewer, found.roll.place):
        raise Http404
    return found


def owners_named(frozen: FrozenRoll, viewer: Actor) -> dict[str, Sequence[content.FrozenOwner]]:
    """The owners of each unit, by its key, names and all, for who keeps the roll; nobody is named to anybody else."""
    if not policy.may_keep(viewer, frozen.roll.place):
        return {}
    return {unit.key: unit.owners for unit in content.read(frozen.content).units}


def frozen_of(viewer: Actor, roll: Roll) -> QuerySet[FrozenRoll]:
    """The frozen copies of a roll, newest first, for who keeps it; none for anybody else."""
    rows = FrozenRoll.objects.filter(roll=roll) if policy.may_keep(viewer, roll.place) else FrozenRoll.objects.none()
    return rows.select_related("place").defer("content").order_by("-made_at", "-pk")
