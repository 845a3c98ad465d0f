"""Reading the ledger. Whoever may see the subject may see its public part; the caller has checked that."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from hemei.ledger.models import Chain, Entry, Seal, SealedHead


@dataclass(frozen=True)
class Line:
    """One line of a timeline. public: what everybody who sees the subject may read of it."""

    position: int
    verb: str
    at: datetime
    step: str
    public: dict[str, Any]
    hash: str
    row: str

    @property
    def template(self) -> str:
        """The room's own words for this verb, found by name: `consultations/ledger/opened.html`."""
        room, _, name = self.verb.partition(".")
        return f"{room}/ledger/{name}.html"


def entries_of(subject: Model) -> QuerySet[Entry]:
    """All entries of the subject's chain, oldest first."""
    return Entry.objects.filter(chain__subject_kind=subject._meta.label_lower, chain__subject_key=subject.pk).order_by(
        "position"
    )


def timeline_of(subject: Model, *, before: int | None = None, most: int = 20) -> list[Line]:
    """The newest `most` lines before position `before`, newest first, without the quiet ones."""
    entries = entries_of(subject).filter(quiet=False)
    if before:
        entries = entries.filter(position__lt=before)
    return [_line(entry) for entry in entries.order_by("-position")[:most]]


def _line(entry: Entry) -> Line:
    return Line(entry.position, entry.verb, entry.at, entry.step, json.loads(entry.public), entry.hash, entry.row)


def steps_begun(subject: Model) -> set[str]:
    """Which of the seven steps the subject's chain has begun."""
    return set(entries_of(subject).filter(quiet=False, step__gt="").values_list("step", flat=True))


def chain_of(subject: Model) -> Chain | None:
    return Chain.objects.filter(subject_kind=subject._meta.label_lower, subject_key=subject.pk).first()


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-day").first()


@dataclass(frozen=True)
class ChainLine:
    """Where a subject's chain stands, and the last seal that holds it. sealed_length: how much of it is sealed."""

    length: int
    head: str
    sealed_length: int = 0
    seal: Seal | None = None

    @property
    def short(self) -> str:
        return in_groups(self.head[:12])


def chain_line(subject: Model) -> ChainLine:
    """The subject's chain in one line; an empty one before its first entry."""
    kind = {"chain__subject_kind": subject._meta.label_lower, "chain__subject_key": subject.pk}
    newest = SealedHead.objects.filter(**kind).select_related("seal", "chain").order_by("-seal__day").first()
    if newest is not None:
        return ChainLine(newest.chain.length, newest.chain.head, newest.length, newest.seal)
    chain = chain_of(subject)
    return ChainLine(chain.length, chain.head) if chain else ChainLine(0, "")


def seals() -> QuerySet[Seal]:
    """Every seal, newest first."""
    return Seal.objects.order_by("-day")


def in_groups(digest: str) -> str:
    """A digest as one reads it aloud: groups of four."""
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))
