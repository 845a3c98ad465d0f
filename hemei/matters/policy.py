"""Who sees a matter. Every room that hangs on a matter asks here, with a prefix."""

from django.db.models import Q

from hemei.matters.models import Matter, Party
from hemei.people.actor import STAFF, Actor

V = Matter.Visibility


def visible(viewer: Actor, prefix: str = "") -> Q:
    """Which matters `viewer` may see, as a condition; prefix: the way to the matter, as "matter__"."""
    seen = Q(**{f"{prefix}visibility": V.PUBLIC})
    if viewer.place_keys:
        seen |= Q(**{f"{prefix}visibility": V.AREA, f"{prefix}place_id__in": viewer.place_keys})
    if viewer.principal is not None:
        seen |= Q(**{f"{prefix}author": viewer.principal})
        seen |= _party(prefix, person=viewer.principal)
    if viewer.seat is not None and viewer.strong and viewer.assistance is None:
        body = viewer.seat.body
        seen |= Q(**{f"{prefix}body": body})
        seen |= _party(prefix, body=body)
        open_to_staff = ~Q(**{f"{prefix}visibility": V.CONFIDENTIAL})
        if body.place is None:
            seen |= open_to_staff if viewer.is_administrator else Q()
        elif viewer.serves(body.place):
            seen |= open_to_staff & Q(**{f"{prefix}place__path__startswith": body.place.path})
    return seen


def _party(prefix: str, **who: object) -> Q:
    """Matters to which somebody is a party; a confidential one is not shown to its parties."""
    theirs = Party.objects.filter(**who).values("matter")
    return Q(**{f"{prefix}id__in": theirs}) & ~Q(**{f"{prefix}visibility": V.CONFIDENTIAL})


def may_see(viewer: Actor, matter: Matter) -> bool:
    """The same question for one matter; tested against `visible`."""
    if matter.visibility == V.PUBLIC:
        return True
    return Matter.objects.filter(visible(viewer), pk=matter.pk).exists()


def may_look_after(actor: Actor, matter: Matter) -> bool:
    """Tell, close, reopen it and say who sees it: the staff of its own body, and of a body whose place contains it.

    Asked about a matter the actor sees; nobody looks after what is hidden from them.
    """
    seat = actor.seat
    if seat is None or not actor.strong or actor.assistance is not None or seat.office not in STAFF:
        return False
    return (seat.body_id == matter.body_id or actor.serves(matter.place)) and may_see(actor, matter)
