"""Who may do what with owners' decisions and drives, and above all who may see how somebody chose: deny by default."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from hemei.base import clock
from hemei.decisions.models import Act, Counter, Decision, Door, Drive, Slot
from hemei.matters import policy as matters
from hemei.people import policy as people
from hemei.people.actor import Actor
from hemei.people.models import Body, Person, Seat
from hemei.places.models import Place
from hemei.roll import policy as roll_policy
from hemei.roll.models import Holding, Match

B, O = Body.Kind, Seat.Office  # noqa: E741 - offices are named often below
DESKS = (B.COMMITTEE, B.OWNERS, B.STREET_OFFICE)  # bodies that run a vote; property firm, builder and team never do
AT_THE_DESK = (O.HEAD, O.CLERK)
ESTATE_DEPTH = 3  # street, residential area, estate


def runs_at(actor: Actor, place: Place) -> bool:
    """Prepares decisions and drives at `place`, prints, delivers, types and confirms: head or clerk of a desk there."""
    return actor.serves(place, *AT_THE_DESK, kinds=DESKS)


def runs(actor: Actor, decision: Decision) -> bool:
    return runs_at(actor, decision.place)


def prepares_at(actor: Actor, place: Place) -> bool:
    """The same, in the name of a body that may call a vote; the operator runs the machine and calls none."""
    return runs_at(actor, place) and actor.seat is not None and actor.seat.body.kind in DESKS


def countable(decision: Decision, at: datetime) -> QuerySet[Person]:
    """Who may be named a counter: whoever has a seat in a desk's body over the place, or owns a home of it today."""
    today = timezone.localdate(at)
    seats = Seat.objects.filter(
        people.holding(today), body__kind__in=DESKS, body__place__in=decision.place.ancestor_keys
    )
    owners = Match.objects.filter(
        roll_policy.holding(today, "owner__holdings__"),
        ended_at=None,
        owner__holdings__unit__place__path__startswith=decision.place.path,
    )
    found = Q(pk__in=seats.values("person")) | Q(pk__in=owners.values("person"))
    return Person.objects.filter(found, closed_at=None, merged_into=None, is_guest=False).order_by("name", "pk")


def may_see_photo(viewer: Actor, act: Act) -> bool:
    """The photo of a ballot: its decision's two counters; the desk while the act waits for its second clerk."""
    waits = act.confirmed_at is None and act.refused_at is None
    return is_counter(viewer, act.decision) or (waits and runs(viewer, act.decision))


def may_attest(actor: Actor) -> bool:
    """Enters source and first day of a rule that nobody has checked: an administrator."""
    return actor.is_administrator and actor.assistance is None


def visible(viewer: Actor, prefix: str = "") -> Q:
    """Decisions whose matter `viewer` sees; what is still being prepared only for those who run it there."""
    seen = matters.visible(viewer, f"{prefix}matter__")
    announced = Q(**{f"{prefix}announced_at__isnull": False}) | Q(**{f"{prefix}cancelled_at__isnull": False})
    if viewer.is_administrator:
        return seen
    place = viewer.seat.body.place if viewer.seat is not None else None
    if place is not None and runs_at(viewer, place):
        announced |= Q(**{f"{prefix}place__path__startswith": place.path})
    return seen & announced


def may_see(viewer: Actor, decision: Decision) -> bool:
    """The same question for one decision; tested against `visible`."""
    return Decision.objects.filter(visible(viewer), pk=decision.pk).exists()


def is_counter(viewer: Actor, decision: Decision) -> bool:
    """One of its two counters, acting for themselves. They alone see for and against before it is certified."""
    if viewer.person is None or viewer.assistance is not None or not viewer.strong:
        return False
    named = Counter.objects.filter(decision=decision, person=viewer.person)
    return bool(_once(decision, f"counter {viewer.person.pk}", named.exists))


def for_one_page(decision: Decision) -> Decision:
    """The same decision; what the viewer is in it is asked once from now on, however many parts of a page ask."""
    decision._asked = {}  # type: ignore[attr-defined]
    return decision


def known_counters(decision: Decision, persons: set[int], viewer: Actor) -> None:
    """Tells a decision for one page which of `persons` its counters are, where a page has read them already."""
    if viewer.person is not None:
        decision._asked[f"counter {viewer.person.pk}"] = viewer.person.pk in persons  # type: ignore[attr-defined]


def _once(decision: Decision, question: str, ask: Callable[[], Any]) -> Any:
    asked = getattr(decision, "_asked", None)
    if asked is None:
        return ask()
    if question not in asked:
        asked[question] = ask()
    return asked[question]


def in_electorate(viewer: Actor, decision: Decision) -> bool:
    """Owns a unit that votes, as matched with the roll; before the roll is frozen nobody is."""
    return bool(slots_of(viewer, decision))


def slots_of(viewer: Actor, decision: Decision) -> list[tuple[Slot, str]]:
    """The slots of the units that the person acted for owns, each with the owner's code on the roll."""
    if viewer.principal is None or viewer.is_guest or decision.roll_id is None:
        return []
    return list(_once(decision, f"slots {viewer.principal.pk}", lambda: _slots_of(viewer, decision)))


def _slots_of(viewer: Actor, decision: Decision) -> list[tuple[Slot, str]]:
    today = timezone.localdate(clock.now())
    slots = (
        Slot.objects.filter(  # as roll.owned_by says, in one question
            roll_policy.holding(today, "unit__holdings__"),
            roll_policy.standing(today, "unit__"),
            decision=decision,
            unit__holdings__owner__matches__person=viewer.principal,
            unit__holdings__owner__matches__ended_at=None,
        )
        .annotate(owner=F("unit__holdings__owner__code"))
        .select_related("place")
    )
    return [(slot, slot.owner) for slot in slots.order_by("number", "owner")]


def may_consent(actor: Actor, decision: Decision, at: datetime) -> bool:
    """Votes on screen: an owner matched with the roll, by their own hand; nobody for them, from no seat."""
    return own_hand(actor) and decision.online and in_electorate(actor, decision)


def own_hand(actor: Actor) -> bool:
    """At the keys for themselves: not helped by somebody, not speaking for a body, and with an account."""
    return actor.assistance is None and actor.seat is None and not actor.is_guest


def may_export_complete(actor: Actor, decision: Decision) -> bool:
    """The decision file with names and choices, for a court: its counters and an administrator, each time on record."""
    return decision.certified_at is not None and (is_counter(actor, decision) or actor.is_administrator)


# drives


def drives_seen(viewer: Actor, prefix: str = "") -> Q:
    """Drives whose matter `viewer` sees: a stage and the contracts signed are public, unless the matter is not."""
    return matters.visible(viewer, f"{prefix}matter__")


def homes_in(viewer: Actor, drive: Drive) -> list[tuple[str, str]]:
    """Keys of the homes of the stairwell that the person acted for owns today, as matched with the roll, each with the
    owner's code: who is bound by a contract, and reads who would pay what."""
    if viewer.principal is None or viewer.is_guest:
        return []
    today = timezone.localdate(clock.now())
    held = Holding.objects.filter(  # as roll.owned_by says, in one question
        roll_policy.holding(today),
        roll_policy.standing(today, "unit__"),
        unit__roll__place=drive.estate_id,
        unit__place__path__startswith=drive.place.path,
        owner__matches__person=viewer.principal,
        owner__matches__ended_at=None,
    )
    return list(held.order_by("unit__number", "owner__code").values_list("unit__key", "owner__code"))


def in_team(actor: Actor, drive: Drive) -> bool:
    """Speaks as somebody of the stairwell's team; sees its own doors, never a choice, a name or a phone number."""
    seat = actor.seat
    return bool(seat and drive.team_id and seat.body_id == drive.team_id and actor.assistance is None)


def doors_of(actor: Actor) -> Q:
    """The doors given to the person at the keys that have not been taken back."""
    if actor.person is None or actor.assistance is not None:
        return Q(pk__in=[])
    return Q(volunteer=actor.person, ended_at=None)


def looks_after(actor: Actor, drive: Drive, home: Place) -> bool:
    """A volunteer at their own door, while they are in the team."""
    return in_team(actor, drive) and Door.objects.filter(doors_of(actor), drive=drive, home=home).exists()


def sees_wishes(viewer: Actor, drive: Drive) -> bool:
    """Who prepares the costs: head or clerk of a desk. Counts of five and more are for everybody, later."""
    return runs_at(viewer, drive.place)


# after the count


def may_object(actor: Actor, decision: Decision, *, owns: bool | None = None) -> bool:
    """Objects while the result hangs: an owner of the electorate, or whoever says to live, own, rent or work in the
    estate, since a neighbour's light or way may suffer too. A guest does it on paper.

    owns: whether they are of the electorate, where that was asked already.
    """
    if actor.is_guest or actor.system:
        return False
    estate = decision.place.ancestor_keys[ESTATE_DEPTH - 1]
    return estate in actor.place_keys or (in_electorate(actor, decision) if owns is None else owns)


def objections_seen(viewer: Actor, decision: Decision) -> Q:
    """Whose words `viewer` reads: their own, and all of them at the desk that answers."""
    if runs(viewer, decision):
        return Q()
    return Q(by=viewer.principal) if viewer.principal is not None and not viewer.is_guest else Q(pk__in=[])
