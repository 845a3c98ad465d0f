"""Addresses of a matter and a statement of the running demo: `python -m tests.some_pages`, on HEMEI_DATA."""

import json
import sys

from hemei.start import set_up


def main() -> int:
    set_up()
    from tests.voters import running

    found = running()
    first = found.said.filter(state="accepted").order_by("pk")[0]
    json.dump(
        {
            "statement": f"/consultations/{found.pk}/statements/{first.number}",
            "matter": f"/matters/{found.matter_id}",
        },
        sys.stdout,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
