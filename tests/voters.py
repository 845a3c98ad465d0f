"""Puts voters with open sessions into a database: `python -m tests.voters MANY [--small]`, on HEMEI_DATA.

Prints JSON: the consultation's key, its statements' numbers, each voter's person and session. --small: makes a street
with one open consultation of 30 statements first; without it the newest open consultation of the database is used.
"""

import argparse
import json
import sys
from datetime import date, timedelta
from typing import Any

from hemei.start import bring_up_to_date, set_up


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("many", type=int)
    reader.add_argument("--small", action="store_true")
    asked = reader.parse_args()
    set_up()
    bring_up_to_date(lambda _text: None)
    from django.db import transaction

    with transaction.atomic():
        found = small_street() if asked.small else running()
        voters = [voter(found, number) for number in range(asked.many)]
    numbers = list(found.said.filter(state="accepted").order_by("number").values_list("number", flat=True))
    json.dump({"consultation": found.pk, "statements": numbers, "voters": voters}, sys.stdout)
    return 0


def running() -> Any:
    from hemei.base import clock
    from hemei.consultations.models import Consultation

    at = clock.now()
    going = Consultation.objects.filter(cancelled_at=None, ready_at__isnull=False, opens_at__lte=at, closes_at__gt=at)
    return going.order_by("-votes", "pk")[0]


def vouch(row: Any, subject: Any) -> None:
    """An entry for a row that no action wrote, so that the ledger holds."""
    from hemei.base import clock
    from hemei.ledger.steps import record
    from hemei.people.actor import machine

    record(subject=subject, actor=machine("test"), verb="tests.made", at=clock.now(), row=row, quiet=True)


def small_street() -> Any:
    from hemei.base import clock
    from hemei.base.text import likeness
    from hemei.consultations.models import Consultation, Statement
    from hemei.matters.models import Matter
    from hemei.places.models import Place

    at, parent = clock.now(), None
    for kind, name in (("street", "试验街道"), ("area", "试验居民区"), ("estate", "试验小区")):
        place = Place.objects.create(kind=kind, name=name, code=kind, parent=parent)
        place.path = f"{parent.path if parent else '/'}{place.pk}/"
        place.save(update_fields=["path"])
        vouch(place, place)
        parent = place
    street = Place.objects.get(kind="street")
    matter = Matter.objects.create(street=street, place=parent, title="试验", opened_at=at)
    vouch(matter, matter)
    found = Consultation.objects.create(
        matter=matter,
        question="试验的问题",
        opens_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=9),
        results_at=at - timedelta(hours=1),
        ready_at=at - timedelta(days=1),
        statements=30,
        made_at=at,
    )
    vouch(found, matter)
    for number in range(1, 31):
        text = f"第 {number} 句话。"
        one = Statement.objects.create(
            consultation=found, number=number, text=text, likeness=likeness(text), state="accepted", made_at=at
        )
        vouch(one, matter)
    return found


def voter(found: Any, number: int) -> tuple[int, str]:
    """A confirmed resident of the place, signed in: key of the person and of the session."""
    from django.contrib.sessions.backends.db import SessionStore

    from hemei.base import clock
    from hemei.people.models import Person, Tie

    at = clock.now()
    person = Person.objects.create(nickname=f"试验{number}", phone=f"+86139{number:08d}", created_at=at)
    tie = Tie.objects.create(
        person=person,
        place=found.matter.place,
        role="live",
        grade="confirmed",
        since=date(2020, 1, 1),
        confirmed_at=at,
        confirmed_how="clerk",
    )
    vouch(tie, person)
    session = SessionStore()
    session.update({"person": person.pk, "stamp": str(person.stamp)})
    session.create()
    return person.pk, str(session.session_key)


if __name__ == "__main__":
    sys.exit(main())
