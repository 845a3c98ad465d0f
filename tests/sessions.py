"""Opens a session for each of the demo's cast: `python -m tests.sessions`, on HEMEI_DATA; prints {key: session}."""

import json
import sys
from typing import Any

from hemei.start import set_up


def main() -> int:
    set_up()
    json.dump({key: session_of(person) for key, person in cast().items() if person.phone}, sys.stdout)
    return 0


def cast() -> dict[str, Any]:
    """Who can be signed in as, by their key in story/people.toml."""
    from hemei.people.models import Person
    from hemei.web.demo.telling import words

    people = {person.name: person for person in Person.objects.filter(is_demo=True, is_guest=False)}
    return {one["key"]: people[one["name"]] for one in words("people")["cast"] if one["name"] in people}


def session_of(person: Any, **more: object) -> str:
    """An open session, as after a strong sign-in where there is a seat; more: what else the session remembers."""
    from hemei.base import clock
    from hemei.base.sessions import SessionStore
    from hemei.people.sessions import STRONG_FOR

    session = SessionStore()
    if person is not None:
        session.update({"person": person.pk, "stamp": str(person.stamp)})
        seat = person.seats.filter(ended_at=None).order_by("pk").first()
        if seat is not None:
            until = (clock.now() + STRONG_FOR).timestamp()
            session.update({"seat": seat.pk, "strong": True, "strong_until": until})
    session.update(more)
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    sys.exit(main())
