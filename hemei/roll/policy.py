"""Who keeps a roll and reads its names: head or clerk of the bodies that run votes there, nobody else."""

from hemei.people.actor import Actor
from hemei.people.models import Body, Seat
from hemei.places.models import Place

B, O = Body.Kind, Seat.Office  # noqa: E741 - offices are named often below
KEEPERS = (B.COMMITTEE, B.OWNERS, B.STREET_OFFICE)
AT_THE_DESK = (O.HEAD, O.CLERK)


def may_keep(actor: Actor, place: Place) -> bool:
    """Sends lists, proposes and confirms, prints letters, reads names; property firm, builder, team, members never."""
    return actor.serves(place, *AT_THE_DESK, kinds=KEEPERS)
