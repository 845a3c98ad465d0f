"""Who is there: `request.actor`, from the session, worked out when first asked for."""

from collections.abc import Callable
from datetime import date
from math import inf

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from hemei.base import clock
from hemei.base.prepared import Prepared
from hemei.people.actor import Actor
from hemei.people.models import Assistance, Person, Seat
from hemei.people.policy import holding, sittings_open


def who_is_there(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return answer(request)

    return middleware


_PERSON = Prepared(lambda key: Person.objects.filter(pk=key, closed_at=None, merged_into=None), key=int)
_SEAT = Prepared(
    lambda key, person, today: (
        Seat.objects.filter(holding(today), pk=key, person_id=person)
        .filter(person__closed_at=None, person__merged_into=None)
        .select_related("person", "body__place")
    ),
    key=int,
    person=int,
    today=date,
)


def actor_of(request: HttpRequest) -> Actor:
    """The actor this session stands for; a session whose person left or changed their stamp is a visitor's."""
    session = request.session
    if "person" not in session:
        return Actor()
    key, seat = session["person"], None
    strong = bool(session.get("strong")) and clock.now().timestamp() < session.get("strong_until", inf)
    if "seat" in session and strong:  # whoever speaks from a seat is read with it
        seat = _SEAT.first(key=session["seat"], person=key, today=timezone.localdate(clock.now()))
    person = seat.person if seat is not None else _PERSON.first(key=key)
    if person is None or str(person.stamp) != session.get("stamp"):
        return Actor()
    actor = Actor(person=person, principal=person, seat=seat, strong=strong)
    if "assistance" in session and actor.seat is not None:
        sitting = (
            Assistance.objects.select_related("principal")
            .filter(sittings_open(clock.now()), pk=session["assistance"], helper=person, seat=actor.seat)
            .first()
        )
        if sitting is not None:
            actor = Actor(person, sitting.principal, sitting, actor.seat, strong)
    return actor
