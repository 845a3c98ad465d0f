"""Who may set up bodies, give seats, confirm ties and act for somebody at the counter, and whose record they see."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from hemei.people.actor import Actor
from hemei.people.models import Assistance, Body, Person, Seat, Tie
from hemei.places.models import Place

B, O = Body.Kind, Seat.Office  # noqa: E741 - offices are named often below
DESKS = (B.COMMITTEE, B.STREET_OFFICE, B.STATION)  # bodies with a counter where people come and ask for help
AT_THE_DESK = (O.CLERK, O.HEAD)
GIVEN_BY_HEADS = (O.CLERK, O.MODERATOR, O.MEMBER)  # what the head of a body may give in it
SITTING = timedelta(minutes=60)  # a sitting nobody ended ends then: our choice, longer than any visit we know of
RECORD_OPEN = timedelta(minutes=30)  # how long an opened record stays open at the counter: our choice


def holding(today: date) -> Q:
    """Seats and ties whose dates contain `today` and that no act has ended."""
    return Q(since__lte=today, ended_at=None) & (Q(until=None) | Q(until__gte=today))


# bodies and seats


def may_set_up_bodies(actor: Actor) -> bool:
    """Bodies are set up, corrected and ended by an administrator, or by the machine when it loads a street."""
    return actor.is_administrator or bool(actor.system)


def offices_to_give(actor: Actor, body: Body) -> tuple[str, ...]:
    """Which offices `actor` may give, end and hand over in `body`; a head gives nothing that equals their own."""
    if may_set_up_bodies(actor):
        every = tuple(O.values)
        return every if body.kind == B.OPERATOR else tuple(office for office in every if office != O.ADMINISTRATOR)
    seat = actor.seat
    if seat is None or not actor.strong or actor.assistance is not None:
        return ()
    if seat.office == O.HEAD and seat.body_id == body.pk:
        return tuple(str(office) for office in GIVEN_BY_HEADS)
    return ()


def may_give(actor: Actor, body: Body, office: str) -> bool:
    return office in offices_to_give(actor, body)


def may_speak_for(person: Person, seat: Seat, today: date) -> bool:
    """Whether `person` may speak from `seat` on that day: their own seat, held that day, in a body that stands."""
    held = seat.since <= today and (seat.until is None or seat.until >= today) and seat.ended_at is None
    body = seat.body
    stands = (body.since is None or body.since <= today) and (body.until is None or body.until > today)
    return (
        seat.person_id == person.pk and held and stands and person.closed_at is None and person.merged_into_id is None
    )


def offices_public(body: Body) -> tuple[str, ...]:
    """Whose names everybody reads: members of the consultative conference and who heads their station.

    They hold a public office; who works for other bodies, or for the station, is not published.
    """
    return (O.HEAD, O.MEMBER) if body.kind == B.STATION else ()


# ties


def may_declare(actor: Actor) -> bool:
    """Whoever has an account, or is helped at the counter; a guest signs in first."""
    return actor.principal is not None and not actor.is_guest


def is_own(actor: Actor, tie: Tie) -> bool:
    return actor.key is not None and tie.person_id == actor.key


def may_handle_ties(actor: Actor, place: Place) -> bool:
    """Confirm, refuse and end ties at `place`, print letters to it: clerk or head of its desk, or an administrator."""
    return actor.serves(place, *AT_THE_DESK, kinds=DESKS)


def handles_ties(actor: Actor) -> bool:
    """Handles ties somewhere: sits at a desk, or administers."""
    return actor.assistance is None and (sits_at_a_desk(actor) or actor.is_administrator)


def may_judge(actor: Actor, tie: Tie) -> bool:
    """Decide on this tie: who may handle ties there, never on one's own."""
    return may_handle_ties(actor, tie.place) and actor.person is not None and tie.person_id != actor.person.pk


def ties_handled(viewer: Actor) -> Q:
    """The ties that `viewer` may handle, as a condition; twin of `may_handle_ties`."""
    seat = viewer.seat
    if seat is None or not viewer.strong or viewer.assistance is not None:
        return Q(pk__in=[])
    if seat.body.kind == B.OPERATOR:
        return Q() if seat.office == O.ADMINISTRATOR else Q(pk__in=[])
    if seat.office not in AT_THE_DESK or seat.body.kind not in DESKS or seat.body.place is None:
        return Q(pk__in=[])
    return Q(place__path__startswith=seat.body.place.path)


# the counter


def sits_at_a_desk(actor: Actor) -> bool:
    """Speaks as clerk or head of a committee, street office or station, strongly signed in."""
    seat = actor.seat
    return bool(seat and actor.strong and seat.office in AT_THE_DESK and seat.body.kind in DESKS and seat.body.place_id)


def may_take_in(actor: Actor, place: Place) -> bool:
    """Write down somebody who has no account and says to belong to `place`."""
    return sits_at_a_desk(actor) and actor.serves(place)


def people_of_desk(viewer: Actor, today: date) -> Q:
    """Persons whom `viewer` may help: a tie that holds lies in the desk's area, and they are not `viewer`."""
    if not sits_at_a_desk(viewer) or viewer.assistance is not None:
        return Q(pk__in=[])
    assert viewer.seat is not None
    assert viewer.seat.body.place is not None
    assert viewer.person is not None
    there = Tie.objects.filter(
        holding(today), person=OuterRef("pk"), place__path__startswith=viewer.seat.body.place.path
    )
    known = Q(is_guest=False, closed_at=None, merged_into=None)
    return Q(Exists(there)) & known & ~Q(pk=viewer.person.pk)


def may_help(actor: Actor, person: Person, today: date) -> bool:
    """Open the record of `person`, sit with them, print slips for them; twin of `people_of_desk`."""
    if not sits_at_a_desk(actor) or actor.person is None or actor.person.pk == person.pk:
        return False
    if person.is_guest or person.closed_at is not None or person.merged_into_id is not None:
        return False
    ties = Tie.objects.filter(holding(today), person=person).select_related("place")
    return any(actor.serves(tie.place, *AT_THE_DESK, kinds=DESKS) for tie in ties)


def may_contest(actor: Actor, sitting: Assistance) -> bool:
    """Say that something was not entered as one wanted it: the person helped, not through the one who helped."""
    return actor.key == sitting.principal_id and (actor.person is None or actor.person.pk != sitting.helper_id)


def may_answer_contest(actor: Actor, sitting: Assistance, today: date) -> bool:
    """Answer what a person contests: a desk that serves them or an administrator, never the one who helped."""
    if actor.person is None or sitting.helper_id == actor.person.pk:
        return False
    return actor.is_administrator or may_help(actor, sitting.principal, today)


def sittings_open(at: datetime) -> Q:
    """Sittings that still run at `at`, for somebody who can still be acted for."""
    person = Q(principal__closed_at=None, principal__merged_into=None)
    return Q(ended_at=None, began_at__gt=at - SITTING) & person
