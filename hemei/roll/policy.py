"""Who keeps a roll and reads its names: head or clerk of the bodies that run votes there, nobody else."""

from datetime import date

from django.db.models import Q

from hemei.people.actor import Actor
from hemei.people.models import Body, Person, Seat
from hemei.places.models import Place
from hemei.roll.models import Match, Owner

B, O = Body.Kind, Seat.Office  # noqa: E741 - offices are named often below
KEEPERS = (B.COMMITTEE, B.OWNERS, B.STREET_OFFICE)
AT_THE_DESK = (O.HEAD, O.CLERK)


def may_keep(actor: Actor, place: Place | None) -> bool:
    """Sends lists, proposes and confirms, prints letters, reads names; property firm, builder, team, members never,
    and the administrator of the installation neither."""
    return not actor.is_administrator and actor.serves(place, *AT_THE_DESK, kinds=KEEPERS)


def kept(actor: Actor, prefix: str = "") -> Q:
    """The places where `may_keep` says yes."""
    place = actor.seat.body.place if actor.seat is not None else None
    if place is None or not may_keep(actor, place):
        return Q(**{f"{prefix}pk__in": []})
    return Q(**{f"{prefix}path__startswith": place.path})


def holding(day: date, prefix: str = "") -> Q:
    """Holdings that hold on `day`, as the street counts days."""
    since, until = Q(**{f"{prefix}since": None}), Q(**{f"{prefix}until": None})
    return (since | Q(**{f"{prefix}since__lte": day})) & (until | Q(**{f"{prefix}until__gte": day}))


def standing(day: date, prefix: str = "") -> Q:
    """Units that are on the roll on `day`."""
    return Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": day})


# matches


def may_match(actor: Actor, owner: Owner, person: Person) -> bool:
    """Who keeps the roll says who an owner is, never of their own account."""
    return actor.person is not None and actor.person.pk != person.pk and may_keep(actor, owner.roll.place)


def may_end_match(actor: Actor, match: Match) -> bool:
    """The person, who keeps the roll, and an administrator."""
    is_own = actor.key is not None and actor.key == match.person_id
    return is_own or may_keep(actor, match.owner.roll.place) or (actor.is_administrator and actor.assistance is None)
