"""Who puts sheets up and takes them down, who sees them, and whose paper a clerk carries."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hemei.base import clock
from hemei.matters import policy as matters
from hemei.matters.models import Matter
from hemei.notices.models import Notice, PrintedNotice
from hemei.outbox.models import Message
from hemei.people.actor import Actor
from hemei.people.models import Body, Tie
from hemei.people.policy import holding
from hemei.places.models import Place

OFFICES = (Body.Kind.OPERATOR, Body.Kind.COMMITTEE, Body.Kind.OWNERS, Body.Kind.STREET_OFFICE)


def visible(viewer: Actor, prefix: str = "") -> Q:
    """Which sheets `viewer` may see: what hangs on a wall is public, as long as its matter is."""
    return Q(**{f"{prefix}matter": None}) | matters.visible(viewer, f"{prefix}matter__")


def may_see(viewer: Actor, sheet: PrintedNotice) -> bool:
    """The same question for one sheet; tested against `visible`."""
    return sheet.matter is None or matters.may_see(viewer, sheet.matter)


def may_print(actor: Actor, place: Place) -> bool:
    """Make a sheet: the staff of a body whose place contains this one, in the body's name."""
    return actor.serves(place)


def may_void(actor: Actor, sheet: PrintedNotice) -> bool:
    """Take a sheet back: the body in whose name it hangs, or an administrator."""
    seat = actor.seat
    return actor.serves(sheet.place) and seat is not None and (actor.is_administrator or seat.body_id == sheet.body_id)


def may_post(actor: Actor, sheet: PrintedNotice) -> bool:
    """Say where a sheet hangs and when it came down: any staff over its place; who made it seldom climbs the stairs."""
    return actor.serves(sheet.place)


def may_see_photo(viewer: Actor, sheet: PrintedNotice) -> bool:
    """The photo shows a stairwell: for those who belong to the sheet's place, and staff over it."""
    if not may_see(viewer, sheet):
        return False
    return sheet.place_id in viewer.place_keys or viewer.serves(sheet.place)


def may_carry(actor: Actor) -> bool:
    """Print and carry notices to people without a phone: staff of any body with a place, and administrators."""
    seat = actor.seat
    return seat is not None and actor.serves(seat.body.place)


def carried_by(actor: Actor) -> Q:
    """Which messages on the printed list `actor` carries: to people tied to their body's place, and nothing about a
    matter that they may not see. An administrator carries to everybody. What owners are told of their votes shows who
    took part, so the offices alone carry it, no firm and no team."""
    assert actor.seat is not None
    body = actor.seat.body
    theirs = Q()
    if body.place is not None:
        ties = Tie.objects.filter(holding(timezone.localdate(clock.now())), place__path__startswith=body.place.path)
        theirs = Q(recipient__in=ties.values("person"))
    hidden = Notice.objects.filter(recipient=OuterRef("recipient"), key=OuterRef("key"), matter__isnull=False).exclude(
        matter__in=Matter.objects.filter(matters.visible(actor))
    )
    if body.kind not in OFFICES:
        theirs &= ~Q(kind__startswith="decisions.")
    return Q(channel=Message.Channel.PRINT, secret=False) & theirs & ~Exists(hidden)


def may_see_delivery(viewer: Actor, matter: Matter) -> bool:
    """How many were told by which way: staff over the matter's place, who see the matter."""
    return viewer.serves(matter.place) and matters.may_see(viewer, matter)
