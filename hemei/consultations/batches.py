"""Rows that came together: one digest over all of them, so that one entry of the ledger can vouch for the batch."""

import hashlib
from collections.abc import Iterator
from typing import Any

from hemei.consultations.models import Batch, Participant, Statement, Vote
from hemei.ledger import chains

# every column that an imported row is made of; nobody answers in an imported consultation, so none ever changes
_ROWS = (
    (
        Statement,
        "pk", "consultation_id", "number", "text", "text_en", "author_number", "author_kind", "state",
        "agrees", "passes", "disagrees", "made_at",
    ),
    (Participant, "pk", "consultation_id", "number", "person_id", "merged_into_id", "made_at"),
    (Vote, "pk", "consultation_id", "statement_id", "participant_id", "answer", "at", "current"),
)  # fmt: skip


def digest_of(batch: Batch) -> tuple[int, str]:
    """How many rows the batch holds, and the sha256 of all of them in the order they were written."""
    count, digest = 0, hashlib.sha256()
    for row in _rows(batch):
        count += 1
        digest.update(chains.canonical(row).encode() + b"\n")
    return count, digest.hexdigest()


def _rows(batch: Batch) -> Iterator[tuple[Any, ...]]:
    for model, *columns in _ROWS:
        of_batch = model._default_manager.filter(batch=batch).order_by("pk")
        for row in of_batch.values_list(*columns).iterator(5000):
            yield model._meta.label_lower, *row
