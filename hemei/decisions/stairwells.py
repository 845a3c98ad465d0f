"""How a stairwell is called, and who hears what happens to its drive."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from hemei.decisions.models import Drive
from hemei.matters.models import Matter
from hemei.notices import steps as notices
from hemei.people import policy as people
from hemei.people.models import Person, Tie
from hemei.places.models import Kind, Place
from hemei.promises.days import day_of


def called(place: Place) -> str:
    """18号; 3号楼1单元 where it stands in a building. place: with its parent."""
    return f"{_building(place, 'name')}{place.name}"


def called_en(place: Place) -> str:
    """Building 3, Stairwell 1; nothing without an English name."""
    if not place.name_en:
        return ""
    building = _building(place, "name_en")
    return f"{building}, {place.name_en}" if building else place.name_en


def _building(place: Place, field: str) -> str:
    return getattr(place.parent, field) if place.parent is not None and place.parent.kind == Kind.BUILDING else ""


def title_of(place: Place) -> str:
    """18号门洞加装电梯. Never longer than a matter's title may be."""
    name = called(place)
    return f"{name[:100]}{'门洞' if name.endswith('号') else ''}加装电梯"


def title_en_of(place: Place) -> str:
    name = called_en(place)
    return f"A lift for {name}"[:120] if name else ""


def neighbours_of(place: Place, at: datetime) -> list[Person]:
    """Who lives, rents, owns or works there today, confirmed."""
    ties = Tie.objects.filter(
        people.holding(day_of(at)), grade=Tie.Grade.CONFIRMED, place__path__startswith=place.path
    ).values("person")
    return list(Person.objects.filter(Q(pk__in=ties), closed_at=None, merged_into=None).order_by("pk"))


def tell_neighbours(verb: str, drive: Drive, *, at: datetime, key: str = "", **words: Any) -> None:
    """Everybody of the stairwell, and who follows the matter, hears of it: one item each, as far as they see it."""
    heard = {person.pk: person for person in notices.audience(drive.matter)}
    if drive.matter.visibility in (Matter.Visibility.PUBLIC, Matter.Visibility.AREA):
        heard |= {person.pk: person for person in neighbours_of(drive.place, at)}
    notices.put(
        kind=f"decisions.{verb}",
        key=f"decisions.{verb}:{drive.pk}:{key or at.isoformat()}",
        to=heard.values(),
        at=at,
        matter=drive.matter,
        words={"drive": drive.pk, "url": reverse("decisions:drive", args=[drive.pk]), **words},
    )
