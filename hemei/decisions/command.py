"""`hemei recount`: every certified decision worked out anew from the rows of the database."""

from hemei.decisions import files
from hemei.decisions.models import Decision


def recount(*, key: int | None = None) -> int:
    """Compare file, verdict, hash and signatures with what the rows give. Returns 0, or 1 at the first that differs."""
    rows = Decision.objects.filter(certified_at__isnull=False).select_related("roll", "paper").order_by("pk")
    if key is not None:
        rows = rows.filter(pk=key)
        if not rows.exists():
            print(f"No certified decision has the number {key}.")
            return 1
    count = 0
    for decision in rows.iterator(50):
        faults = files.faults_of(decision)
        for fault in faults:
            print(f"FAULT  decision {decision.pk}: {fault}")
        if faults:
            return 1
        count += 1
        print(f"decision {decision.pk}: {decision.outcome}, {decision.file_hash}")
    print(
        f"{count} certified decisions give the same file and the same verdict."
        if count
        else "Nothing is certified yet."
    )
    return 0
