"""Who may do what with a promise, and which words of it a viewer may read."""

from datetime import datetime

from django.db.models import Q

from hemei.matters import policy as matters
from hemei.matters.models import Matter
from hemei.people.actor import STAFF, Actor
from hemei.people.models import Body
from hemei.places.models import Place
from hemei.promises.models import Promise

B, State = Body.Kind, Promise.State
OVERSEERS = (B.STREET_OFFICE, B.COMMITTEE, B.STATION)  # who answers when somebody says that it was not kept


def visible(viewer: Actor, prefix: str = "") -> Q:
    """Promises whose words `viewer` may read: those of a matter they see, their own, and those owed to them."""
    seen = Q(**{f"{prefix}matter": None}) | matters.visible(viewer, f"{prefix}matter__")
    if viewer.principal is not None:
        seen |= Q(**{f"{prefix}owner_person": viewer.principal}) | Q(**{f"{prefix}owed_to_person": viewer.principal})
    if speaks(viewer) and viewer.seat is not None:
        body = viewer.seat.body_id
        seen |= Q(**{f"{prefix}owner_body": body}) | Q(**{f"{prefix}owed_to_body": body})
    return seen


def may_see(viewer: Actor, promise: Promise) -> bool:
    """The same question for one; tested against `visible`."""
    return Promise.objects.filter(visible(viewer), pk=promise.pk).exists()


def overdue(at: datetime) -> Q:
    """What everybody may know of: late, or lapsed without being kept. Its words stay with those who may read them."""
    return Q(state=State.OPEN, late_at__lt=at) | Q(state=State.LAPSED)


def speaks(actor: Actor) -> bool:
    """Whether the seat spoken from is a staff office, strongly signed in: a body acts for itself only so."""
    seat = actor.seat
    return seat is not None and actor.strong and actor.assistance is None and seat.office in STAFF


def may_make(actor: Actor, place: Place, matter: Matter | None = None) -> bool:
    """A body promises for itself, where it has its place, on a matter it sees."""
    if not speaks(actor) or not actor.serves(place):
        return False
    return matter is None or matters.may_see(actor, matter)


def owns(actor: Actor, promise: Promise) -> bool:
    """Who owes it may say that it is kept, ask for a later day, or take it back."""
    if promise.owner_person_id is not None:
        return actor.key == promise.owner_person_id
    return speaks(actor) and actor.seat is not None and actor.seat.body_id == promise.owner_body_id


may_keep = may_extend = may_withdraw = owns


def is_owed_to(actor: Actor, promise: Promise) -> bool:
    """The person or body it is owed to; without one, whoever at least declared to live, own or work there."""
    if promise.owed_to_person_id is not None:
        return actor.key == promise.owed_to_person_id
    if promise.owed_to_body_id is not None:
        return speaks(actor) and actor.seat is not None and actor.seat.body_id == promise.owed_to_body_id
    return actor.principal is not None and actor.reaches("declared", promise.place)


def may_dispute(actor: Actor, promise: Promise) -> bool:
    """Those it is owed to, who are not those who owe it."""
    return actor.principal is not None and is_owed_to(actor, promise) and not owns(actor, promise)


def may_answer(actor: Actor, promise: Promise) -> bool:
    """A committee, street office or station over the place; never the body that owes it, nor one who sits in it."""
    seat = actor.seat
    if seat is None or not speaks(actor) or seat.body.kind not in OVERSEERS or not actor.serves(promise.place):
        return False
    if promise.owner_body_id is not None:
        return promise.owner_body_id not in {one.body_id for one in actor.seats} | {seat.body_id}
    return actor.key != promise.owner_person_id
