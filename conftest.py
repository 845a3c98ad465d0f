"""The cast of all tests: one street, one estate, the people in it, known by name."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.ledger.queries import entries_of
from hemei.people.actor import Actor, own
from hemei.people.models import Body, Person, Seat, Tie
from hemei.places.models import Kind, Place

pytest_plugins = ["tests.plumbing"]

NOW = datetime(2026, 9, 12, 2, 30, tzinfo=UTC)  # 10:30 in Shanghai
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def now() -> Any:
    """The clock stands at NOW for the whole test."""
    with clock.set_to(NOW):
        yield NOW


def put_place(kind: str, name: str, code: str, parent: Place | None = None, **more: Any) -> Place:
    place = Place.objects.create(kind=kind, name=name, code=code, parent=parent, **more)
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    place.save(update_fields=["path"])
    return place


def put_person(name: str, phone: str | None = None, **more: Any) -> Person:
    return Person.objects.create(name=name, nickname=more.pop("nickname", name), phone=phone, created_at=NOW, **more)


def put_tie(person: Person, place: Place, role: str = "live", grade: str = "confirmed") -> Tie:
    confirmed = {"confirmed_at": NOW, "confirmed_how": "clerk"} if grade == "confirmed" else {}
    return Tie.objects.create(person=person, place=place, role=role, grade=grade, since=LONG_AGO, **confirmed)


def put_seat(person: Person, kind: str, name: str, place: Place | None, office: str) -> Seat:
    body, _ = Body.objects.get_or_create(kind=kind, name=name, place=place)
    return Seat.objects.create(body=body, person=person, office=office, since=LONG_AGO)


def speaking_from(seat: Seat) -> Actor:
    """The person of `seat`, strongly signed in and speaking from it."""
    return Actor(person=seat.person, principal=seat.person, seat=seat, strong=True)


@pytest.fixture
def street(db: None) -> Place:
    return put_place(Kind.STREET, "漕河泾街道", "310104", name_en="Caohejing Street")


@pytest.fixture
def area(street: Place) -> Place:
    return put_place(Kind.AREA, "华富居民区", "001", street, name_en="Huafu Residential Area")


@pytest.fixture
def estate(area: Place) -> Place:
    return put_place(Kind.ESTATE, "龙吴路9弄", "0009", area, name_en="Lane 9 Longwu Road")


@pytest.fixture
def stairwell(estate: Place) -> Place:
    building = put_place(Kind.BUILDING, "3号楼", "03", estate, name_en="Building 3")
    return put_place(Kind.STAIRWELL, "1单元", "1", building, name_en="Stairwell 1")


@pytest.fixture
def home(stairwell: Place) -> Place:
    return put_place(Kind.HOME, "101室", "0101", stairwell, name_en="Flat 101", floor=1)


@pytest.fixture
def home_upstairs(stairwell: Place) -> Place:
    return put_place(Kind.HOME, "601室", "0601", stairwell, name_en="Flat 601", floor=6)


@pytest.fixture
def other_estate(street: Place) -> Place:
    """An estate in another residential area of the same street."""
    other_area = put_place(Kind.AREA, "金牛苑居民区", "002", street, name_en="Jinniuyuan Residential Area")
    return put_place(Kind.ESTATE, "金牛花苑", "0001", other_area, name_en="Jinniu Garden")


@pytest.fixture
def visitor(db: None) -> Actor:
    """Nobody yet: no session, no person."""
    return Actor()


@pytest.fixture
def guest(db: None) -> Actor:
    """Somebody who wrote something without an account."""
    return own(put_person("", nickname="", is_guest=True))


@pytest.fixture
def resident(home: Place) -> Actor:
    """Lives in flat 101, confirmed."""
    person = put_person("甲居民", "+8613800000001")
    put_tie(person, home)
    return own(person)


@pytest.fixture
def owner_upstairs(home_upstairs: Place) -> Actor:
    """Owns flat 601, confirmed."""
    person = put_person("乙业主", "+8613800000002")
    put_tie(person, home_upstairs, "own")
    return own(person)


@pytest.fixture
def newcomer(home: Place) -> Actor:
    """Says to live in flat 101; nobody has confirmed it."""
    person = put_person("丙新来", "+8613800000003")
    put_tie(person, home, grade="declared")
    return own(person)


@pytest.fixture
def stranger(db: None) -> Actor:
    """Has an account and no tie anywhere."""
    return own(put_person("丁外人", "+8613800000004"))


@pytest.fixture
def clerk(area: Place) -> Actor:
    """Clerk of the residents' committee of the area."""
    return speaking_from(put_seat(put_person("戊干事", "+8613800000005"), "committee", "华富居委会", area, "clerk"))


@pytest.fixture
def steward(street: Place) -> Actor:
    """Head of the member workstation of the street: organises consultations."""
    return speaking_from(put_seat(put_person("己站长", "+8613800000006"), "station", "政协委员工作站", street, "head"))


@pytest.fixture
def clerk_elsewhere(other_estate: Place) -> Actor:
    """Clerk of the residents' committee of another area."""
    seat = put_seat(put_person("庚干事", "+8613800000007"), "committee", "金牛苑居委会", other_estate.parent, "clerk")
    return speaking_from(seat)


@pytest.fixture
def administrator(db: None) -> Actor:
    """Administrator of the installation."""
    return speaking_from(
        put_seat(put_person("辛管理", "+8613800000008"), "operator", "运行管理", None, "administrator")
    )


LANGUAGES = ("zh-hans", "en")


def signed_in(actor: Actor, language: str = "zh-hans", **more: Any) -> Client:
    """A browser in which `actor` is signed in, speaks from their seat and sits with whom they help."""
    client = Client(**more)
    client.cookies["language"] = language
    if actor.person is None:
        return client
    session = client.session
    session.update({"person": actor.person.pk, "stamp": str(actor.person.stamp), "strong": actor.strong})
    if actor.seat is not None:
        session["seat"] = actor.seat.pk
    if actor.assistance is not None:
        session["assistance"] = actor.assistance.pk
    session.save()
    return client


def verbs(subject: Any) -> list[str]:
    """The verbs in the subject's chain, oldest first."""
    return list(entries_of(subject).values_list("verb", flat=True))


@dataclass
class Race:
    """What came of many calls at once."""

    results: list[Any] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    @property
    def done(self) -> int:
        return len(self.results)


def race(runners: int, call: Callable[[], Any]) -> Race:
    """Run `call` in as many threads at once, each with a connection of its own. Needs a transactional database."""
    outcome, gate = Race(), threading.Barrier(runners)

    def run() -> None:
        try:
            gate.wait(20)
            outcome.results.append(call())
        except Refused as refusal:
            outcome.refused.append(refusal)
        except BaseException as fault:
            outcome.faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if outcome.faults:
        raise outcome.faults[0]
    return outcome
