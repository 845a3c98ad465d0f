"""Opens a session for each of the demo's cast: `python -m tests.sessions`, on HEMEI_DATA; prints {key: session}."""

import json
import sys

from hemei.start import set_up


def main() -> int:
    set_up()
    from django.contrib.sessions.backends.db import SessionStore

    from hemei.people.models import Person
    from hemei.web.demo.telling import words

    opened = {}
    for one in words("people")["cast"]:
        person = Person.objects.filter(name=one["name"], is_demo=True).first()
        if person is None or "phone" not in one:
            continue
        session = SessionStore()
        session.update({"person": person.pk, "stamp": str(person.stamp)})
        seat = person.seats.order_by("pk").first()
        if seat is not None:
            session.update({"seat": seat.pk, "strong": True})
        session.create()
        opened[one["key"]] = session.session_key
    json.dump(opened, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
