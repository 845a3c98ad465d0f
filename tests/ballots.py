"""Puts ballots that wait to be entered into a database: `python -m tests.ballots MANY`, on HEMEI_DATA with the demo.

Prints JSON: an open decision, the session of a clerk of its desk, and for each ballot its serial and the owner who may
have signed it.
"""

import argparse
import json
import sys
from datetime import date
from typing import Any
from uuid import uuid4

from hemei.start import bring_up_to_date, set_up


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("many", type=int)
    asked = reader.parse_args()
    set_up()
    bring_up_to_date(lambda _text: None)
    from django.db import transaction

    from hemei.decisions.models import Drive

    with transaction.atomic():
        vote = running()
        board = f"/decisions/board/{Drive.objects.order_by('pk')[0].estate_id}"
        said = {"decision": vote.pk, "board": board, "session": clerk_of(vote), "ballots": printed(vote, asked.many)}
    json.dump(said, sys.stdout)
    return 0


def running() -> Any:
    from hemei.base import clock
    from hemei.decisions.models import Decision

    at = clock.now()
    going = Decision.objects.filter(cancelled_at=None, announced_at__isnull=False, opens_at__lte=at, closes_at__gt=at)
    return going.select_related("roll", "place", "body").order_by("-closes_at", "pk")[0]


def clerk_of(vote: Any) -> str:
    """A clerk of the body that called the vote, strongly signed in and speaking from the seat: key of the session."""
    from django.contrib.sessions.backends.db import SessionStore

    from hemei.base import clock
    from hemei.people.models import Person, Seat
    from tests.voters import vouch

    person = Person.objects.create(name="试验干事", phone="+8613799999999", created_at=clock.now())
    seat = Seat.objects.create(body=vote.body, person=person, office="clerk", since=date(2020, 1, 1))
    vouch(seat, vote.body)
    session = SessionStore()
    session.update({"person": person.pk, "stamp": str(person.stamp), "strong": True, "seat": seat.pk})
    session.create()
    return str(session.session_key)


def printed(vote: Any, many: int) -> list[tuple[str, str]]:
    """So many ballots, homes in turn, vouched for by one run: serial, and the first owner as the form names them."""
    from hemei.base import clock
    from hemei.decisions import serials
    from hemei.decisions.models import Paper, PrintRun
    from hemei.decisions.signers import owners_on
    from tests.voters import vouch

    slots = list(vote.slots.order_by("number"))
    last = vote.papers.order_by("-number").values_list("number", flat=True).first() or 0
    run = PrintRun.objects.create(
        decision=vote, papers=many, made_at=clock.now(), made_by=vote.made_by, form_key=uuid4()
    )
    papers = []
    for number in range(last + 1, last + 1 + many):
        slot = slots[number % len(slots)]
        mark = serials.mark_of(vote.pk, slot.key, number)
        papers.append(Paper(run=run, decision=vote, slot=slot, number=number, mark=mark))
    Paper.objects.bulk_create(papers, batch_size=500)
    vouch(run, vote)
    return [(paper.serial, f"owner:{owners_on(vote.roll, paper.slot.key)[0]['code']}") for paper in papers]


if __name__ == "__main__":
    sys.exit(main())
