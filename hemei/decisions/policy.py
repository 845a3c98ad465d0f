"""Who may do what with owners' decisions and drives, and above all who may see how somebody chose: deny by default."""

from datetime import datetime

from django.db.models import Q

from hemei.decisions.models import Counter, Decision, Door, Drive, Slot
from hemei.matters import policy as matters
from hemei.people.actor import Actor
from hemei.people.models import Body, Seat
from hemei.places.models import Place
from hemei.roll import queries as roll

B, O = Body.Kind, Seat.Office  # noqa: E741 - offices are named often below
DESKS = (B.COMMITTEE, B.OWNERS, B.STREET_OFFICE)  # bodies that run a vote; property firm, builder and team never do
AT_THE_DESK = (O.HEAD, O.CLERK)


def runs_at(actor: Actor, place: Place) -> bool:
    """Prepares decisions and drives at `place`, prints, delivers, types and confirms: head or clerk of a desk there."""
    return actor.serves(place, *AT_THE_DESK, kinds=DESKS)


def runs(actor: Actor, decision: Decision) -> bool:
    return runs_at(actor, decision.place)


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
    return Counter.objects.filter(decision=decision, person=viewer.person).exists()


def in_electorate(viewer: Actor, decision: Decision) -> bool:
    """Owns a unit that votes, as matched with the roll; before the roll is frozen nobody is."""
    return bool(slots_of(viewer, decision))


def slots_of(viewer: Actor, decision: Decision) -> list[tuple[Slot, str]]:
    """The slots of the units that the person acted for owns, each with the owner's code on the roll."""
    if viewer.principal is None or viewer.is_guest or decision.roll_id is None:
        return []
    owned = roll.owned_by(viewer.principal, decision.roll.roll_id)  # type: ignore[union-attr]
    slots = {
        slot.unit_id: slot for slot in Slot.objects.filter(decision=decision, unit__in=[unit for unit, _code in owned])
    }
    return [(slots[unit], code) for unit, code in owned if unit in slots]


def may_consent(actor: Actor, decision: Decision, at: datetime) -> bool:
    """Votes on screen: an owner matched with the roll, by their own hand; nobody for them, from no seat."""
    return actor.assistance is None and decision.online and in_electorate(actor, decision)


def may_export_complete(actor: Actor, decision: Decision) -> bool:
    """The decision file with names and choices, for a court: its counters and an administrator, each time on record."""
    return decision.certified_at is not None and (is_counter(actor, decision) or actor.is_administrator)


# drives


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
