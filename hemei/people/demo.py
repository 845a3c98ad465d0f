"""The invented persons of the demo, for the page on which one chooses whom to be."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from hemei.people.models import Person, Seat, Tie

SHOWN_MAX = 40  # of each group


@dataclass
class Groups:
    """Residents by their ties, staff and members by their seats."""

    residents: list[Person] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)
    members: list[Person] = field(default_factory=list)


def demo_people() -> Groups:
    """Those with a telephone number: the others of the demo are voices, or have none to be entered by."""
    people = (
        Person.objects.filter(is_demo=True, is_guest=False, closed_at=None, merged_into=None)
        .exclude(phone=None)
        .order_by("pk")
        .prefetch_related(
            Prefetch("seats", Seat.objects.filter(ended_at=None).select_related("body").order_by("pk"), "seats_held"),
            Prefetch("ties", Tie.objects.filter(ended_at=None).select_related("place").order_by("pk"), "ties_held"),
        )
    )
    groups = Groups()
    for person in people[: 3 * SHOWN_MAX]:
        offices = {seat.office for seat in person.seats_held}
        of = groups.residents if not offices else groups.members if offices == {"member"} else groups.staff
        if len(of) < SHOWN_MAX:
            of.append(person)
    return groups
