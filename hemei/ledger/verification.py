"""Recompute everything: every entry, every head, every seal, and every row an entry vouches for.

The server may be writing meanwhile, so what is read first may be older than what is read next. Whatever does not
hold at first sight is therefore looked at again alone, in a transaction that lets nobody write in between; only
what does not hold then is a fault.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, QuerySet, Subquery

from hemei.base.jobs import Progress
from hemei.ledger import chains
from hemei.ledger.models import Chain, Entry, Seal, SealedHead
from hemei.ledger.steps import sealed_state

ERASED = "ledger.erased"  # the verb whose public part lists the entries whose personal parts were erased
AT_ONCE = 500  # rows compared with their entries in one go


@dataclass
class Report:
    """What was recomputed and what does not hold. A fault names the place, first broken entry first."""

    chains: int = 0
    entries: int = 0
    rows: int = 0
    seals: int = 0
    faults: list[str] = field(default_factory=list)


class Kept(NamedTuple):
    """An entry as the database holds it, with its personal part; plain values, for there are many."""

    pk: int
    chain: int
    position: int
    verb: str
    at: datetime
    step: str
    quiet: bool
    public: str
    row: str
    digest: str
    previous: str
    hash: str
    salt: str | None
    words: str | None


_KEPT = (
    "pk", "chain_id", "position", "verb", "at", "step", "quiet", "public", "row", "digest", "previous", "hash",
    "personal_part__salt", "personal_part__words",
)  # fmt: skip


def verify(progress: Progress) -> Report:
    """Recompute the whole ledger. Reads only; a fault is a line of the report, never an exception."""
    report = Report()
    _verify_chains(report, progress)
    _verify_seals(report, progress)
    for model in apps.get_models():
        if hasattr(model, "sealed"):
            _verify_rows(model, report, progress)
    return report


def verify_subject(subject: Model) -> list[str]:
    """The faults of one subject's chain; empty when it holds."""
    chain = Chain.objects.filter(subject_kind=subject._meta.label_lower, subject_key=subject.pk).first()
    fault = _confirmed_fault(chain.pk, _erased()) if chain else ""
    return [fault] if fault else []


def _erased() -> set[int]:
    return {
        key
        for public in Entry.objects.filter(verb=ERASED).values_list("public", flat=True)
        for key in json.loads(public).get("entries", [])
    }


# chains


def _verify_chains(report: Report, progress: Progress) -> None:
    """All entries in one reading, chain by chain."""
    total, erased, doubtful = Chain.objects.count(), _erased(), list[int]()
    entries = _kept(Entry.objects.order_by("chain_id", "position"))
    entry = next(entries, None)
    for chain in Chain.objects.order_by("pk").iterator(2000):
        report.chains += 1
        progress.at(report.chains, total, "chains")
        of_this = []
        while entry is not None and entry.chain <= chain.pk:
            report.entries += 1
            if entry.chain == chain.pk:
                of_this.append(entry)
            entry = next(entries, None)
        if _fault_of_chain(chain, iter(of_this), erased):
            doubtful.append(chain.pk)
    report.faults += [fault for pk in doubtful if (fault := _confirmed_fault(pk, erased))]
    homeless = Entry.objects.filter(~Exists(Chain.objects.filter(pk=OuterRef("chain"))))
    for stray in homeless.order_by("chain_id").values_list("chain_id", flat=True).distinct():
        report.faults.append(f"chain {stray}: is gone, its entries stand alone")


def _kept(entries: QuerySet[Entry]) -> Iterator[Kept]:
    return (Kept(*values) for values in entries.values_list(*_KEPT).iterator(2000))


def _confirmed_fault(pk: int, erased: set[int]) -> str:
    """The chain's fault, read while nobody appends to it."""
    with transaction.atomic():
        chain = Chain.objects.select_for_update().get(pk=pk)
        erased = erased | _erased()
        return _fault_of_chain(chain, _kept(chain.entries.order_by("position")), erased)


def _fault_of_chain(chain: Chain, entries: Iterator[Kept], erased: set[int]) -> str:
    """The first thing in the chain that does not hold; all after it hangs on it."""
    subject = f"{chain.subject_kind}:{chain.subject_key}"
    position, head = 0, chains.GENESIS
    for entry in entries:
        if fault := _fault_of_entry(entry, subject, position, head, erased):
            return f"{subject} entry {entry.position} ({entry.verb}): {fault}"
        position, head = entry.position, entry.hash
    if (position, head) != (chain.length, chain.head):
        return (
            f"{subject}: the chain ends at entry {position}, its head says {chain.length}: "
            "entries were cut off or added"
        )
    if chain.length and chain.mark != chains.head_mark(subject, chain.length, chain.head):
        return f"{subject}: the mark on the head (entry {chain.length}) does not fit: the end was rewritten"
    return ""


def _fault_of_entry(entry: Kept, subject: str, position: int, head: str, erased: set[int]) -> str:
    if entry.position != position + 1:
        return f"follows entry {position}: entries are missing between them, or one was put in"
    if entry.previous != head:
        return "does not continue the entry before it"
    computed = chains.entry_hash(
        previous=entry.previous,
        subject=subject,
        position=entry.position,
        verb=entry.verb,
        at=entry.at,
        step=entry.step,
        quiet=entry.quiet,
        public=entry.public,
        row=entry.row,
        digest=entry.digest,
    )
    if computed != entry.hash:
        return "its words do not give its hash: something in it was changed"
    if entry.salt is None or entry.words is None:
        return "" if entry.pk in erased else "its personal part is gone without a record of erasing"
    if chains.digest_of(entry.salt, entry.words) != entry.digest:
        return "its personal part was changed"
    return ""


# seals


def _verify_seals(report: Report, progress: Progress) -> None:
    """Each seal's root from the heads it sealed, each sealed head from its entry, each seal from the one before."""
    found = Entry.objects.filter(chain=OuterRef("chain"), position=OuterRef("length")).values("hash")[:1]
    heads = (
        SealedHead.objects.annotate(
            day=F("seal__day"),
            kind=F("chain__subject_kind"),
            key=F("chain__subject_key"),
            found=Subquery(found),
        )
        .order_by("day", "chain_id")
        .values_list("day", "chain_id", "kind", "key", "length", "head", "found")
        .iterator(2000)
    )
    standing, lengths, previous = chains.Tree(), dict[int, int](), chains.GENESIS
    head: Any = next(heads, None)
    total = Seal.objects.count()
    for seal in Seal.objects.order_by("day"):
        report.seals += 1
        progress.at(report.seals, total, "seals")
        leaves = {}
        while head is not None and head[0] == seal.day:
            _day, chain, kind, key, length, sealed, there = head
            subject = f"{kind}:{key}"
            if there != sealed:
                report.faults.append(f"{subject}: entry {length}, sealed on {seal.day}, is gone or is another one")
            leaves[chain], lengths[chain] = chains.leaf(subject, length, sealed), length
            head = next(heads, None)
        standing.put(leaves)
        report.faults += [
            f"seal of {seal.day}: {fault}" for fault in _faults_of_seal(seal, standing, lengths, previous)
        ]
        previous = seal.root


def _faults_of_seal(seal: Seal, standing: chains.Tree, lengths: dict[int, int], previous: str) -> Iterator[str]:
    if standing.root() != seal.root:
        yield "its root does not follow from the heads it sealed"
    elif (seal.chains, seal.entries) != (len(lengths), sum(lengths.values())):
        yield "its counts are not those of the heads it sealed"
    elif seal.mark != chains.seal_mark(seal):
        yield "its mark does not fit: something in it was changed"
    if seal.previous != previous:
        yield "does not continue the seal before it"


# rows


def _verify_rows(model: type[Model], report: Report, progress: Progress) -> None:
    """Every row of a model with `sealed` is as its last entry left it, and none stands without an entry."""
    label = model._meta.label_lower
    vouched = {
        int(row.rpartition(":")[2])
        for row in Entry.objects.filter(row__gte=f"{label}:", row__lt=f"{label};")
        .values_list("row", flat=True)
        .iterator(2000)
    }
    doubtful, rows = list[int](), _rows(model).order_by("pk").iterator(2000)
    while part := list(islice(rows, AT_ONCE)):
        report.rows += len(part)
        progress.at(report.rows, report.rows, label)
        last = _last_entries(label, [row.pk for row in part])
        doubtful += [row.pk for row in part if _fault_of_row(label, row.pk, row, last.get(row.pk))]
        vouched.difference_update(row.pk for row in part)
    for key in sorted({*doubtful, *vouched}):
        with transaction.atomic():
            row = _rows(model).select_for_update(of=("self",)).filter(pk=key).first()
            fault = _fault_of_row(label, key, row, _last_entries(label, [key]).get(key))
        if fault:
            report.faults.append(f"{label}:{key}: {fault}")


def _rows(model: type[Model]) -> QuerySet[Model]:
    return model.sealed_rows() if hasattr(model, "sealed_rows") else model._default_manager.all()  # type: ignore[no-any-return]


class Vouching(NamedTuple):
    """The last entry that vouches for a row: what it said of it, and where it stands."""

    pk: int
    row: str
    position: int
    kind: str
    key: int
    words: str | None


def _last_entries(label: str, keys: list[int]) -> dict[int, Vouching]:
    entries = (
        Entry.objects.filter(row__in=[f"{label}:{key}" for key in keys])
        .order_by("pk")
        .values_list("pk", "row", "position", "chain__subject_kind", "chain__subject_key", "personal_part__words")
    )
    return {int(one.row.rpartition(":")[2]): one for one in (Vouching(*values) for values in entries)}


def _fault_of_row(label: str, key: int, row: Model | None, entry: Vouching | None) -> str:
    if row is None:
        return f"its row is gone, entry {entry.position} of {entry.kind}:{entry.key} vouches for it" if entry else ""
    if entry is None:
        return "stands without an entry in the ledger"
    if entry.words is None:
        return ""  # erased: nothing is known of the row any more
    if json.loads(entry.words).get("state") != json.loads(chains.canonical(sealed_state(row))):
        return f"was changed behind entry {entry.position} of {entry.kind}:{entry.key}"
    return _fault_of_sum(row, entry)


def _fault_of_sum(row: Model, entry: Vouching) -> str:
    """A row may sum up others that have no entries of their own: `recomputed` then tells anew what its fields say."""
    if not hasattr(row, "recomputed"):
        return ""
    other = [name for name, value in row.recomputed().items() if getattr(row, name) != value]
    if not other:
        return ""
    return (
        f"its rows were changed behind entry {entry.position} of {entry.kind}:{entry.key} "
        f"({', '.join(other)} recomputed is another)"
    )
