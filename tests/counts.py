"""Whether every count on the pages is that of its rows: `python -m tests.counts`, on HEMEI_DATA."""

import json
import sys

from hemei.start import set_up


def main() -> int:
    set_up()
    from hemei.consultations.models import Consultation, Participant, Statement, Vote

    wrong = []
    for one in Statement.objects.all():
        answers = list(Vote.objects.filter(statement=one, current=True).values_list("answer", flat=True))
        if (one.agrees, one.passes, one.disagrees) != tuple(answers.count(answer) for answer in (1, 0, -1)):
            wrong.append(f"statement {one.pk}")
    for one in Consultation.objects.all():
        standing = Vote.objects.filter(consultation=one, current=True).count()
        people = Participant.objects.filter(consultation=one, merged_into=None).count()
        if (one.votes, one.participants) != (standing, people):
            wrong.append(f"consultation {one.pk}")
    json.dump({"wrong": wrong}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
