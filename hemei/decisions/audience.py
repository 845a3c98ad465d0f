"""Whom a decision concerns: all owners of its homes that have an account, or those of some homes."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from hemei.decisions.models import Decision, Slot
from hemei.people.models import Person
from hemei.roll import policy as roll
from hemei.roll.models import Holding


def owners_of_all(decision: Decision, *, at: datetime, besides: Collection[str] = ()) -> list[Person]:
    """The accounts matched with who owns a unit of the decision on the day of `at`; one query.

    besides: keys of units whose owners are left out, unless they own another one.
    """
    slots = Slot.objects.filter(decision=decision)
    if besides:
        slots = slots.exclude(key__in=besides)
    held = Holding.objects.filter(
        roll.holding(timezone.localdate(at)), unit__in=slots.values("unit"), owner__matches__ended_at=None
    )
    people = Person.objects.filter(pk__in=held.values("owner__matches__person"), closed_at=None, merged_into=None)
    return list(people.order_by("pk"))
