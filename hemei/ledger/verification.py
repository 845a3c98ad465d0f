"""Recompute everything: every entry, every head, every seal, and every row an entry vouches for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model, QuerySet

from hemei.base.jobs import Progress
from hemei.ledger import chains
from hemei.ledger.models import Chain, Entry, PersonalPart, Seal, SealedHead
from hemei.ledger.steps import sealed_state

ERASED = "ledger.erased"  # the verb whose public part lists the entries whose personal parts were erased


@dataclass
class Report:
    """What was recomputed and what does not hold. A fault names the place, first broken entry first."""

    chains: int = 0
    entries: int = 0
    rows: int = 0
    seals: int = 0
    faults: list[str] = field(default_factory=list)


def verify(progress: Progress) -> Report:
    """Recompute the whole ledger. Reads only; a fault is a line of the report, never an exception."""
    report, total = Report(), Chain.objects.count()
    erased = _erased()
    for chain in Chain.objects.order_by("pk").iterator():
        report.chains += 1
        progress.at(report.chains, total, "chains")
        _verify_chain(chain, erased, report)
    _verify_no_strays(report)
    _verify_seals(report)
    for model in apps.get_models():
        if hasattr(model, "sealed"):
            _verify_rows(model, report, progress)
    return report


def _erased() -> set[int]:
    return {
        key
        for public in Entry.objects.filter(verb=ERASED).values_list("public", flat=True)
        for key in json.loads(public).get("entries", [])
    }


def _verify_chain(chain: Chain, erased: set[int], report: Report) -> None:
    """The entries in their order; only the first broken one is named, for all after it hang on it."""
    subject = f"{chain.subject_kind}:{chain.subject_key}"
    position, head = 0, chains.GENESIS
    for entry in chain.entries.select_related("personal_part").order_by("position").iterator(2000):
        report.entries += 1
        if fault := _fault_of(entry, subject, position, head, erased):
            report.faults.append(f"{subject} entry {entry.position} ({entry.verb}): {fault}")
            return
        position, head = entry.position, entry.hash
    if (position, head) != (chain.length, chain.head):
        report.faults.append(
            f"{subject}: the chain ends at entry {position}, its head says {chain.length}: entries were cut off or added"
        )
    elif chain.length and chain.mark != chains.head_mark(subject, chain.length, chain.head):
        report.faults.append(f"{subject}: the mark on the head (entry {chain.length}) does not fit: the end was rewritten")


def _fault_of(entry: Entry, subject: str, position: int, head: str, erased: set[int]) -> str:
    if entry.position != position + 1:
        return f"follows entry {position}: entries are missing between them"
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
    part: PersonalPart | None = getattr(entry, "personal_part", None)
    if part is None:
        return "" if entry.pk in erased else "its personal part is gone without a record of erasing"
    if chains.digest_of(part.salt, part.words) != entry.digest:
        return "its personal part was changed"
    return ""


def _verify_no_strays(report: Report) -> None:
    for chain in Chain.objects.filter(length=0).exclude(head=chains.GENESIS).order_by("pk"):
        report.faults.append(f"{chain.subject_kind}:{chain.subject_key}: an empty chain with a head")


def _verify_seals(report: Report) -> None:
    """Each seal's root from the heads it sealed, each sealed head from its entry, each seal from the one before."""
    standing: dict[int, str] = {}  # chain -> leaf, as the seals so far left it
    previous = chains.GENESIS
    for seal in Seal.objects.order_by("day"):
        report.seals += 1
        heads = SealedHead.objects.filter(seal=seal).select_related("chain").order_by("chain_id")
        entries = dict(
            Entry.objects.filter(chain__sealed_heads__seal=seal)
            .filter(position__in=[h.length for h in heads])
            .values_list("hash", "position")
        )
        for sealed in heads:
            subject = f"{sealed.chain.subject_kind}:{sealed.chain.subject_key}"
            if entries.get(sealed.head) != sealed.length:
                report.faults.append(
                    f"{subject}: entry {sealed.length}, sealed on {seal.day}, is gone or is another one"
                )
            standing[sealed.chain_id] = chains.leaf(subject, sealed.length, sealed.head)
        if chains.merkle_root([standing[key] for key in sorted(standing)]) != seal.root:
            report.faults.append(f"seal of {seal.day}: its root does not follow from the heads it sealed")
        if seal.previous != previous:
            report.faults.append(f"seal of {seal.day}: does not continue the seal before it")
        previous = seal.root


def _verify_rows(model: type[Model], report: Report, progress: Progress) -> None:
    """Every row of a model with `sealed` is as its last entry left it, and none stands without an entry."""
    label = model._meta.label_lower
    last: dict[int, Entry] = {}
    vouching = Entry.objects.filter(row__startswith=f"{label}:").select_related("personal_part", "chain")
    for entry in vouching.order_by("pk").iterator(2000):
        last[int(entry.row.rpartition(":")[2])] = entry
    for row in _rows(model):
        report.rows += 1
        progress.at(report.rows, report.rows, label)
        entry = last.pop(row.pk, None)
        if entry is None:
            report.faults.append(f"{label}:{row.pk}: stands without an entry in the ledger")
        elif (part := getattr(entry, "personal_part", None)) is not None:
            told = json.loads(part.words).get("state")
            if told != json.loads(chains.canonical(sealed_state(row))):
                report.faults.append(
                    f"{label}:{row.pk}: was changed behind entry {entry.position} of "
                    f"{entry.chain.subject_kind}:{entry.chain.subject_key}"
                )
    for key in sorted(last):
        report.faults.append(f"{label}:{key}: its row is gone, entry {last[key].position} vouches for it")


def _rows(model: type[Model]) -> Iterator[Model]:
    rows: QuerySet[Model] = model._default_manager.all()
    if hasattr(model, "sealed_rows"):
        rows = model.sealed_rows()
    return rows.order_by("pk").iterator(2000)
