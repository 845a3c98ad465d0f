"""Which answers stand: `python -m tests.votes_kept`, on HEMEI_DATA; prints {"person:statement number": answer}."""

import json
import sys

from hemei.start import set_up


def main() -> int:
    set_up()
    from hemei.consultations.models import Vote

    standing = Vote.objects.filter(current=True)
    rows = standing.values_list("participant__person_id", "statement__number", "answer")
    json.dump({f"{person}:{number}": answer for person, number, answer in rows.iterator(5000)}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
