"""`hemei recount`: every certified decision worked out anew from the rows of the database."""

import sys
from collections.abc import Iterator

from hemei.decisions import files
from hemei.decisions.models import Decision


def recount(*, key: int | None = None) -> int:
    """Compare file, verdict, hash and signatures with what the rows give. Returns 0, or 1 at the first that differs."""
    rows = Decision.objects.filter(certified_at__isnull=False).select_related("roll", "paper").order_by("pk")
    if key is not None:
        rows = rows.filter(pk=key)
        if not rows.exists():
            return _end([f"No certified decision has the number {key}."], 1)
    count = 0
    for decision in rows.iterator(50):
        if faults := files.faults_of(decision):
            return _end((f"FAULT  decision {decision.pk}: {fault}" for fault in faults), 1)
        count += 1
        _end([f"decision {decision.pk}: {decision.outcome}, {decision.file_hash}"], 0)
    return _end([f"{count} certified: the rows give the same files and the same verdicts."], 0)


def _end(lines: Iterator[str] | list[str], code: int) -> int:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    return code
