"""Reading the roll, always for a viewer."""

from hemei.people.models import Person
from hemei.roll.models import Holding


def owned_by(person: Person, roll: int) -> list[tuple[int, str]]:
    """Units of the roll with that key which the matched `person` owns today, each with the owner's code."""
    held = Holding.objects.filter(
        owner__roll=roll, owner__matches__person=person, owner__matches__ended_at=None, until=None
    )
    return list(held.order_by("unit__number", "owner__code").values_list("unit", "owner__code"))
