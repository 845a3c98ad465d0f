"""Who keeps a roll and reads its names: head or clerk of the bodies that run votes there, nobody else."""

from datetime import date

from django.db.models import Q

from hemei.people.actor import Actor
from hemei.people.models import Body, Seat
from hemei.places.models import Place

B, O = Body.Kind, Seat.Office  # noqa: E741 - offices are named often below
KEEPERS = (B.COMMITTEE, B.OWNERS, B.STREET_OFFICE)
AT_THE_DESK = (O.HEAD, O.CLERK)


def may_keep(actor: Actor, place: Place) -> bool:
    """Sends lists, proposes and confirms, prints letters, reads names; property firm, builder, team, members never."""
    return actor.serves(place, *AT_THE_DESK, kinds=KEEPERS)


def holding(day: date, prefix: str = "") -> Q:
    """Holdings that hold on `day`, as the street counts days."""
    since, until = Q(**{f"{prefix}since": None}), Q(**{f"{prefix}until": None})
    return (since | Q(**{f"{prefix}since__lte": day})) & (until | Q(**{f"{prefix}until__gte": day}))


def standing(day: date, prefix: str = "") -> Q:
    """Units that are on the roll on `day`."""
    return Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": day})
