"""Telling owners by a second way what was done for their home. A notice names the home, never a choice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from hemei.decisions import policy
from hemei.decisions.models import Decision, Slot
from hemei.notices import steps as notices
from hemei.people import policy as people
from hemei.people.models import Person, Seat
from hemei.roll import policy as roll
from hemei.roll.models import Holding

DESK_MAX = 50


def owners_of(slot: Slot, *, at: datetime, codes: Iterable[str] | None = None) -> list[Person]:
    """The accounts matched with who owns the home on the day of `at`; codes: only with these owners."""
    today = timezone.localdate(at)
    held = Holding.objects.filter(
        roll.holding(today), unit=slot.unit_id, owner__matches__ended_at=None, owner__matches__person__isnull=False
    )
    if codes is not None:
        held = held.filter(owner__code__in=list(codes))
    keys = held.values_list("owner__matches__person", flat=True)
    return list(Person.objects.filter(pk__in=keys, closed_at=None, merged_into=None).order_by("pk"))


def desk_of(decision: Decision, *, at: datetime) -> list[Person]:
    """Heads and clerks of the body that calls the vote, the first fifty."""
    seats = Seat.objects.filter(
        people.holding(timezone.localdate(at)), body=decision.body_id, office__in=policy.AT_THE_DESK
    )
    return [seat.person for seat in seats.select_related("person").order_by("pk")[:DESK_MAX]]


def tell(
    verb: str,
    decision: Decision,
    *,
    about: object,
    to: Iterable[Person],
    at: datetime,
    besides: Person | None = None,
    slot: Slot | None = None,
    url: str = "",
    urgent: bool = False,
    **words: Any,
) -> None:
    """`decisions.<verb>`, once for what it is about. besides: who did it themselves."""
    said = {"question": decision.question, "question_en": decision.question_en, **words}
    if slot is not None:
        said |= {"home": slot.place.name, "home_en": slot.place.name_en}
    if url:
        said["url"] = url
    notices.put(
        kind=f"decisions.{verb}",
        key=f"decisions.{verb}:{about}",
        to=[person for person in to if besides is None or person.pk != besides.pk],
        at=at,
        words=said,
        urgent=urgent,
    )
