"""The people of the story: bodies, who speaks for them, the thirty members, neighbours and guests."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hemei.ledger import steps as ledger
from hemei.people import phones
from hemei.people.actions import bodies as seats
from hemei.people.actions import ties
from hemei.people.actions.assistance import take_in
from hemei.people.actor import machine, own
from hemei.people.models import Body, Person, Tie
from hemei.web.demo.telling import Town, act, form_key, on, words
from hemei.web.demo.town import BEGAN

LOADER, ADMINISTRATOR = machine("demo"), "administrator"
SINCE_DAYS = -400  # since when the cast holds its seats
GROUND = "演示：干事上门看过"


def begin(town: Town) -> None:
    """The operator and its administrator, who sets up all the rest."""
    at = on(BEGAN, 8)
    town.bodies["operator"] = act(
        seats.set_up_body,
        actor=LOADER,
        kind=Body.Kind.OPERATOR,
        name="运行管理（演示）",
        name_en="Operation (demo)",
        place=None,
        form_key=form_key("body", "operator"),
        at=at,
    )
    one = next(one for one in words("people")["cast"] if one["key"] == ADMINISTRATOR)
    _seat(town, one, at)


def set_up_bodies(town: Town) -> None:
    at = on(BEGAN, 12)
    for body in words("town")["body"]:
        said = {key: value for key, value in body.items() if key not in ("key", "at")}
        town.bodies[body["key"]] = act(
            seats.set_up_body,
            actor=town.speaking(ADMINISTRATOR),
            place=town.places[body["at"]],
            form_key=form_key("body", body["key"]),
            at=at,
            **said,
        )


def bring_in(town: Town) -> None:
    """Everybody who can be signed in as, and the members of the workstation."""
    at = town.day(SINCE_DAYS, 10)
    for one in words("people")["cast"]:
        if "seat" in one and one["key"] != ADMINISTRATOR:
            _seat(town, one, at)
    for one in words("people")["cast"]:
        if "home" in one:
            _neighbour(town, one, at=town.day(-60, 15))
    members = words("people")["members"]
    fields = [("municipal", field) for field in members["municipal"]]
    fields += [("district", field) for field in members["district"]]
    for number, (level, field) in enumerate(fields, start=1):
        member = {"key": f"member {number}", "name": f"演示·委员 {number} 号", "seat": ["station", "member"]}
        _seat(town, {**member, "phone": f"{members['phone']}{number:02}"}, at, level=level, field=field)


def _seat(town: Town, one: dict[str, Any], at: datetime, **more: str) -> None:
    """One of the cast in their seat; neighbours read the name as it is, for nobody could take it for a real one."""
    body, office = one["seat"]
    seat = act(
        seats.give_seat,
        actor=LOADER,
        body=town.bodies[body],
        phone=phones.read(one["phone"]),
        name=one["name"],
        office=office,
        since=at.date(),
        form_key=form_key("seat", one["key"]),
        at=at,
        **more,
    )
    person = seat.person
    person.nickname = one["name"]
    person.save(update_fields=["nickname"])
    town.people[one["key"]], town.seats[one["key"]] = person, seat


def _neighbour(town: Town, one: dict[str, Any], *, at: datetime) -> None:
    """Somebody of the cast who lives, rents or owns in the block; without a phone the clerk writes them down."""
    home, clerk = town.home(*one["home"]), town.speaking("clerk")
    key = one["key"]
    if "phone" not in one:
        town.people[key] = act(
            take_in,
            actor=clerk,
            name=one["name"],
            place=home,
            role=one["role"],
            form_key=form_key("tie", key),
            at=at,
        )
        tie = Tie.objects.get(person=town.people[key])
    else:
        [town.people[key]] = joined([one["name"]], at=at, phones_=[one["phone"]])
        tie = act(
            ties.declare_tie,
            actor=own(town.people[key]),
            place=home,
            role=one["role"],
            form_key=form_key("tie", key),
            at=at,
        )
    if one.get("grade") != "declared":
        act(ties.confirm_by_clerk, actor=clerk, tie=tie, ground=GROUND, at=at)


def bring_in_neighbours(town: Town) -> None:
    """Those who answer in the demo: confirmed and declared neighbours in homes of the block, and guests."""
    at, said = town.day(-50, 16), words("people")["neighbours"]
    names = [*said["confirmed"], *said["declared"]]
    town.neighbours = joined(names, at=at, phones_=[f"13800000{300 + number}" for number in range(len(names))])
    elsewhere = ("home garden", "home sister")
    homes = [place for key, place in town.places.items() if key.startswith("home ") and not key.startswith(elsewhere)]
    free = [home for home in homes if home not in town.taken]
    step = max(1, len(free) // len(names))
    for number, person in enumerate(town.neighbours):
        tie = act(
            ties.declare_tie,
            actor=own(person),
            place=free[number * step],
            role=("live", "own", "rent")[number % 3],
            form_key=form_key("tie", person.name),
            at=at,
        )
        if number < len(said["confirmed"]):
            act(ties.confirm_by_clerk, actor=town.speaking("clerk"), tie=tie, ground=GROUND, at=at)


def guests(count: int, at: datetime) -> list[Person]:
    """People without an account, as they come with their first answer."""
    return Person.objects.bulk_create([Person(is_guest=True, is_demo=True, created_at=at) for _ in range(count)])


def joined(names: Iterable[str], *, at: datetime, phones_: list[str]) -> list[Person]:
    """Accounts with a number, as after a first sign-in."""
    people = [
        Person.objects.create(name=name, nickname=name, phone=phones.read(phone), is_demo=True, created_at=at)
        for name, phone in zip(names, phones_, strict=True)
    ]
    for person in people:
        ledger.record(subject=person, actor=own(person), verb="people.joined", at=at)
    return people
