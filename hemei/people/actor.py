"""Who acts: the person at the keys, the person acted for, the way, the evidence, the body spoken for."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone

from hemei.base import clock
from hemei.base.prepared import Prepared
from hemei.people.models import Assistance, Body, Person, Seat, Tie
from hemei.places.models import Place

GRADES = ("guest", "declared", "confirmed")
STAFF = (Seat.Office.ADMINISTRATOR, Seat.Office.HEAD, Seat.Office.CLERK, Seat.Office.MODERATOR)


@dataclass(frozen=True)
class Actor:
    """The same line runs for a tap and for a paper slip.

    person: at the keys; None for a visitor who has not written anything yet. principal: the person acted for,
    usually the same. assistance: the sitting in which one acts for another. seat: the office spoken from, if any.
    strong: signed in with a passkey, or with password and second factor; staff rights need it.
    """

    person: Person | None = None
    principal: Person | None = None
    assistance: Assistance | None = None
    seat: Seat | None = None
    strong: bool = False
    system: str = ""  # the machine's own work, as "clock" or "import"

    @property
    def way(self) -> str:
        return self.system or (self.assistance.way if self.assistance else "own")

    @property
    def is_visitor(self) -> bool:
        return self.person is None

    @property
    def is_guest(self) -> bool:
        """No account yet: a visitor, or a guest who already wrote something."""
        return self.principal is None or self.principal.is_guest

    @property
    def key(self) -> int | None:
        """Key of the person acted for."""
        return self.principal.pk if self.principal else None

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """Ties of the person acted for that hold today, with their places."""
        if self.principal is None:
            return ()
        return tuple(_TIES.all(person=self.principal.pk, today=timezone.localdate(clock.now())))

    def read_ahead(self) -> "Actor":
        """This actor, ties read: before a transaction, so that nobody waits for its turn meanwhile."""
        _read = self.ties
        return self

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """Seats of the person at the keys that hold today, with body and place."""
        if self.person is None or self.person.is_guest:
            return ()
        return tuple(_SEATS.all(person=self.person.pk, today=timezone.localdate(clock.now())))

    @cached_property
    def place_keys(self) -> frozenset[int]:
        """Keys of every place that contains a tie's place, and that place itself: where this person belongs."""
        return frozenset(key for tie in self.ties for key in tie.place.ancestor_keys)

    def grade_at(self, place: Place) -> str:
        """The best grade among the ties at `place` or inside it: guest, declared or confirmed."""
        grades = {tie.grade for tie in self.ties if place.pk in tie.place.ancestor_keys}
        return "confirmed" if "confirmed" in grades else "declared" if grades else "guest"

    def reaches(self, grade: str, place: Place) -> bool:
        """Whether this person has at least `grade` at `place`."""
        return grade == "guest" or GRADES.index(self.grade_at(place)) >= GRADES.index(grade)

    def serves(self, place: Place | None, *offices: str, kinds: tuple[str, ...] = ()) -> bool:
        """Whether the seat spoken from is a staff office, strongly signed in, of a body whose place contains `place`.

        offices: which offices will do (default: every staff office). kinds: which kinds of bodies will do (default:
        all). An administrator of the operator serves everywhere.
        """
        seat = self.seat
        if seat is None or not self.strong or self.assistance is not None:
            return False
        if seat.body.kind == Body.Kind.OPERATOR:
            return seat.office == Seat.Office.ADMINISTRATOR
        if seat.office not in (offices or STAFF) or (kinds and seat.body.kind not in kinds):
            return False
        return place is not None and seat.body.place_id in place.ancestor_keys

    @property
    def is_administrator(self) -> bool:
        return bool(self.seat and self.strong and self.seat.office == Seat.Office.ADMINISTRATOR)

    def public_line(self) -> dict[str, Any]:
        """For the ledger: the way, and the body spoken for."""
        line: dict[str, Any] = {"way": self.way}
        if self.seat is not None:
            line["body"] = self.seat.body_id
        return line

    def personal_line(self) -> dict[str, Any]:
        """For the ledger's personal part: who, for whom, from which seat, with what evidence."""
        line: dict[str, Any] = {"person": self.person.pk if self.person else None}
        if self.principal is not None and self.principal != self.person:
            line["for"] = self.principal.pk
        if self.seat is not None:
            line["seat"] = self.seat.pk
        if self.assistance is not None:
            line["assistance"] = self.assistance.pk
            line["evidence"] = self.assistance.evidence
        return line


def _holding(rows: Any, today: date) -> Any:
    """Only rows whose since and until contain today, as the street counts days, and that no act has ended."""
    return rows.filter(Q(until=None) | Q(until__gte=today), since__lte=today, ended_at=None)


_TIES = Prepared(
    lambda person, today: _holding(Tie.objects.filter(person_id=person), today).select_related("place").order_by("pk"),
    person=int,
    today=date,
)
_SEATS = Prepared(
    lambda person, today: (
        _holding(Seat.objects.filter(person_id=person), today).select_related("body__place").order_by("pk")
    ),
    person=int,
    today=date,
)


def machine(what: str) -> Actor:
    """The machine's own work: the clock's round, an import from the command."""
    return Actor(system=what)


def own(person: Person) -> Actor:
    """A person acting for themselves."""
    return Actor(person=person, principal=person)
