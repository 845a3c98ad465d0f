"""Addresses of a matter, a statement and a consultation that is ahead: `python -m tests.some_pages`, on HEMEI_DATA."""

import json
import sys

from hemei.start import set_up


def main() -> int:
    set_up()
    from hemei.base import clock
    from hemei.consultations.models import Consultation
    from tests.voters import running

    found = running()
    ahead = Consultation.objects.filter(ready_at__isnull=False, opens_at__gt=clock.now()).order_by("pk")[0]
    first = found.said.filter(state="accepted").order_by("pk")[0]
    json.dump(
        {
            "statement": f"/consultations/{found.pk}/statements/{first.number}",
            "ahead": f"/consultations/{ahead.pk}",
            "matter": f"/matters/{found.matter_id}",
        },
        sys.stdout,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
