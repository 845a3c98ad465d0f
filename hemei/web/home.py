"""What the first page shows one reader: what is being talked over, what was promised, whom one can reach."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hemei.consultations import queries as consultations
from hemei.consultations.figures import SMALL
from hemei.consultations.models import Consultation
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Kind, Place
from hemei.promises import queries as promises

STREETS_MOST = 100  # on the page where one chooses
TALKS_AT_ONCE = 300  # open and ahead: more than a street asks at one time
TALKS_MOST, PROMISES_MOST, BODIES_MOST = 6, 6, 4
S, B = Consultation.State, Body.Kind
FIRST_ASKED = (B.COMMITTEE, B.STATION, B.STREET_OFFICE)  # whom a neighbour asks first


@dataclass(frozen=True)
class Home:
    """open, ahead: consultations, the soonest first. counts: promises by state.

    taking_part: people in open ones that five or more answered. few: there are answers, yet in no one from so many.
    """

    street: Place
    streets: int
    open: list[Consultation]
    ahead: list[Consultation]
    open_count: int
    taking_part: int
    few: bool
    cards: list[promises.Card]
    counts: dict[str, int]
    running: int
    bodies: list[Body]
    at: datetime
    setting_up: bool = False  # nothing was asked or promised yet, and the reader is who sets up

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Each with its whole: (number, words)."""
        late = self.counts[promises.LATE]
        told = ngettext(
            "take part in %(count)d open consultation", "take part in %(count)d open consultations", self.open_count
        )
        people = pgettext("a figure", "fewer than 5") if self.few else str(self.taking_part)
        return [
            (f"{self.counts['kept']} / {self.counts['all']}", _("promises kept, of all")),
            (f"{late} / {self.running}", _("late, of those still running")),
            (people, told % {"count": self.open_count}),
        ]


def streets() -> list[Place]:
    return list(Place.objects.filter(kind=Kind.STREET, until=None).order_by("name", "pk")[:STREETS_MOST])


def street_of(viewer: Actor, among: list[Place], *asked: str | None) -> Place | None:
    """The street to show: the one asked for, the one where the reader belongs, the only one; else they choose."""
    by_key = {str(one.pk): one for one in among}
    for key in asked:
        if key in by_key:
            return by_key[key]
    if len(among) == 1:
        return among[0]
    theirs = [one for one in among if one.pk in viewer.place_keys]
    return theirs[0] if len(theirs) == 1 else None


def home_of(*, viewer: Actor, street: Place, streets: int, at: datetime) -> Home:
    talks = consultations.consultations_seen(viewer=viewer).filter(matter__street=street, is_imported=False)
    talks = talks.filter(consultations.in_state(S.OPEN, at) | consultations.in_state(S.AHEAD, at))
    found = list(talks.order_by("opens_at", "pk")[:TALKS_AT_ONCE])
    going = sorted((one for one in found if one.opens_at <= at), key=lambda one: (one.closes_at, one.pk))
    ahead = [one for one in found if one.opens_at > at]
    for one in going:
        one.ends_soon = promises.is_soon(one.closes_at, at)  # type: ignore[attr-defined]
    cards, counts = promises.for_home(viewer=viewer, place=street, at=at, most=PROMISES_MOST)
    taking_part = sum(one.participants for one in going if one.participants >= SMALL)
    return Home(
        street=street,
        streets=streets,
        open=going[:TALKS_MOST],
        ahead=ahead[:TALKS_MOST],
        open_count=len(going),
        taking_part=taking_part,
        few=not taking_part and any(one.participants for one in going),
        cards=cards,
        counts=counts,
        running=counts[promises.LATE] + counts[promises.State.OPEN],
        bodies=_bodies(viewer, street, at),
        at=at,
        setting_up=viewer.is_administrator and not found and not cards,
    )


def _bodies(viewer: Actor, street: Place, at: datetime) -> list[Body]:
    """Whom one can reach: nearest to where the reader belongs first, then those one asks first."""
    today = timezone.localdate(at)
    standing = Q(until=None) | Q(until__gt=today)
    rows = Body.objects.filter(standing, place__path__startswith=street.path).exclude(phone="", office_hours="")
    near = Case(When(place__in=viewer.place_keys, then=Value(0)), default=Value(1))
    first = Case(*[When(kind=kind, then=Value(turn)) for turn, kind in enumerate(FIRST_ASKED)], default=Value(9))
    return list(rows.select_related("place").order_by(near, first, "pk")[:BODIES_MOST])
