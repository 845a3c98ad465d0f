"""Promises of the cast: a property firm owes something to an estate."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from conftest import NOW, put_person, put_seat, speaking_from
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.places.models import Place
from hemei.promises.actions import keep_promise, make_promise
from hemei.promises.models import Promise

IN_A_WEEK = date(2026, 9, 19)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are compared in the words of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def manager(estate: Place) -> Actor:
    """Head of the estate's property firm: owes things."""
    return speaking_from(put_seat(put_person("壬经理", "+8613800000011"), "property", "演示物业", estate, "head"))


@pytest.fixture
def matter(estate: Place, manager: Actor) -> Matter:
    return put_matter(estate)


def put_matter(place: Place, visibility: str = "public", author: Person | None = None) -> Matter:
    return Matter.objects.create(
        street_id=place.street_key,
        place=place,
        title="路灯不亮",
        visibility=visibility,
        author=author,
        opened_at=NOW - timedelta(days=5),
    )


def made(actor: Actor, place: Place, **more: Any) -> Promise:
    words = {"what": "修好 3 号楼前的路灯", "due_on": IN_A_WEEK, "form_key": uuid4(), "at": NOW}
    return make_promise(actor=actor, place=place, **(words | more))


@pytest.fixture
def promise(manager: Actor, matter: Matter) -> Promise:
    return made(manager, matter.place, matter=matter)


@pytest.fixture
def kept(manager: Actor, promise: Promise) -> Promise:
    return keep_promise(actor=manager, promise=promise, proof="两盏灯都换了", form_key=uuid4(), at=NOW)


@pytest.fixture
def late_by() -> Callable[[Promise, int], datetime]:
    """A moment so many days after the promise was due."""
    return lambda promise, days: promise.due_at + timedelta(days=days)
