"""Rows of the roll that change after they came with a list: saved, and vouched for alone from then on."""

from collections.abc import Iterable
from datetime import datetime

from hemei.ledger import steps as ledger
from hemei.ledger.models import Chain
from hemei.roll.models import Holding, Owner, Roll, RollList, Unit

Row = Owner | Unit | Holding


def save_changed(
    rows: Iterable[tuple[Row, tuple[str, ...]]], *, roll: Roll, chain: Chain, actor: ledger.Acting, at: datetime
) -> None:
    """Save these fields of each row, or the whole row if it is new; lists that rows leave are vouched for anew."""
    left: set[int] = set()
    for row, fields in rows:
        if row.came_with_id is not None:
            left.add(row.came_with_id)
            row.came_with = None
        if row.pk is None:
            row.save(force_insert=True)
        else:
            row.save(update_fields=[*fields, "came_with"])
        ledger.record(subject=roll, actor=actor, verb="roll.row_changed", at=at, row=row, quiet=True, chain=chain)
    for sent in RollList.objects.filter(pk__in=left).order_by("pk"):
        public = {"list": sent.pk}
        ledger.record(
            subject=roll, actor=actor, verb="roll.list_left", at=at, public=public, row=sent, quiet=True, chain=chain
        )
