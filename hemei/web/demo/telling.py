"""What all parts of the story share: its words, its days, and how an action runs inside it."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from hemei.people.actor import STAFF, Actor, own
from hemei.people.models import Body, Person, Seat
from hemei.places.models import Place

HERE = Path(__file__).parent
STORY = UUID("9b0b5f5e-6e1c-5d0e-9d55-310104310104")  # the root of the story's form keys


@cache
def words(name: str) -> dict[str, Any]:
    """The words of one part, from `story/<name>.toml`."""
    return tomllib.loads((HERE / "story" / f"{name}.toml").read_text(encoding="utf-8"))


def form_key(*parts: object) -> UUID:
    """The same key for the same thing at every loading."""
    return uuid5(STORY, "/".join(map(str, parts)))


def act(action: Callable[..., Any], **said: Any) -> Any:
    """An action as it stands, without a transaction of its own: the story is written as one, whole or not at all."""
    assert connection.in_atomic_block, "the story is loaded in one transaction"
    return action.__wrapped__(**said)  # type: ignore[attr-defined]


def take_stock() -> None:
    """A database that plans by statistics has none yet of what this one transaction has written."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@dataclass
class Town:
    """What the story has built so far, by the keys of its words. now: the moment of loading."""

    now: datetime
    places: dict[str, Place] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    neighbours: list[Person] = field(default_factory=list)
    taken: set[Place] = field(default_factory=set)  # homes that somebody of the cast lives in

    def speaking(self, key: str) -> Actor:
        """The person of the cast in their seat, as after a strong sign-in."""
        person = self.people[key]
        return Actor(person=person, principal=person, seat=self.seats[key], strong=True)

    def speaking_for(self, body: str) -> Actor:
        """Somebody who speaks for this body."""
        key = next(key for key, seat in self.seats.items() if seat.body == self.bodies[body] and seat.office in STAFF)
        return self.speaking(key)

    def oneself(self, key: str) -> Actor:
        return own(self.people[key])

    def place(self, at: str | list[Any]) -> Place:
        """A place of the words: its key, or lane and building."""
        return self.places[at if isinstance(at, str) else f"building {at[0]}/{at[1]}"]

    def home(self, lane: str, building: int, stairwell: int, flat: str) -> Place:
        home = self.places[f"home {lane}/{building}/{stairwell}/{flat}"]
        self.taken.add(home)
        return home

    def day(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """`days` from the day of loading, at that time of the street; never after the moment of loading if past."""
        zone = ZoneInfo(settings.TIME_ZONE)
        at = datetime.combine(self.now.astimezone(zone).date() + timedelta(days), time(hour, minute), zone)
        return min(at, self.now) if days <= 0 else at


@dataclass
class Diary:
    """What happens when: written down in the order of the story, done in the order of time."""

    entries: list[tuple[datetime, int, Callable[..., Any], tuple[Any, ...]]] = field(default_factory=list)

    def at(self, when: datetime, happens: Callable[..., Any], *who: Any) -> None:
        """`happens(*who, when)` at its turn."""
        self.entries.append((when, len(self.entries), happens, who))

    def live(self, until: datetime) -> None:
        """Everything up to `until`, in the order of time."""
        for when, _order, happens, who in sorted(self.entries, key=lambda one: one[:2]):
            if when <= until:
                happens(*who, when)


def on(day: date, hour: int = 10) -> datetime:
    """A day of history, at an hour of the street."""
    return datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE))
