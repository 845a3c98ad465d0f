"""Writing in the ledger, inside the action whose change it tells."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from django.db import connection
from django.db.models import Model

from hemei.ledger import chains
from hemei.ledger.models import Chain, Entry, PersonalPart
from hemei.reactions import REACTIONS


class Acting(Protocol):
    """Who acts, as the ledger needs it; `people.actor.Actor` is one."""

    def public_line(self) -> dict[str, Any]:
        """What everybody may know of the actor: the way, and the body they spoke for."""

    def personal_line(self) -> dict[str, Any]:
        """Who it was, for whom, with what evidence."""


def subject_name(subject: Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"


def lock_chain(subject: Model) -> Chain:
    """The subject's chain, locked until the transaction ends: acts on one subject take turns from here on."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    kind = subject._meta.label_lower
    chain = _locked(kind, subject.pk)
    if chain is None:
        Chain.objects.bulk_create([Chain(subject_kind=kind, subject_key=subject.pk)], ignore_conflicts=True)
        chain = _locked(kind, subject.pk)
        assert chain is not None
    return chain


def _locked(kind: str, key: int) -> Chain | None:
    with connection.cursor() as cursor:
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        cursor.execute(_FIND_CHAIN + lock, [kind, key])
        found = cursor.fetchone()
    return found and Chain(
        pk=found[0], subject_kind=kind, subject_key=key, length=found[1], head=found[2], mark=found[3]
    )


def sealed_state(row: Model) -> dict[str, Any]:
    """The fields of `row` that the ledger vouches for, as its model names them in `sealed`."""
    return {field: getattr(row, field) for field in row.sealed}  # type: ignore[attr-defined]


def record(
    *,
    subject: Model,
    actor: Acting,
    verb: str,
    at: datetime,
    public: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
    row: Model | None = None,
    step: str = "",
    quiet: bool = False,
    chain: Chain | None = None,
) -> Entry:
    """Append one entry to the subject's chain.

    public: shown to everybody who sees the subject; no names, no choices. private: about persons; stands outside
    the chain with a salted digest inside. row: the row this entry vouches for; its model has `sealed`, the names
    of the fields that may not change without another entry. step: the step of the seven that begins here.
    quiet: left out of timelines. chain: the subject's chain if the caller locked it already.
    """
    chain = chain or lock_chain(subject)
    said = chains.canonical({**(public or {}), "by": actor.public_line()})
    words: dict[str, Any] = {**(private or {}), "by": actor.personal_line()}
    if row is not None:
        words["state"] = sealed_state(row)
    personal, salt = chains.canonical(words), secrets.token_hex(16)
    entry = Entry(
        chain=chain,
        position=chain.length + 1,
        verb=verb,
        at=at,
        step=step,
        quiet=quiet,
        public=said,
        row=subject_name(row) if row is not None else "",
        digest=chains.digest_of(salt, personal),
        previous=chain.head,
    )
    entry.hash = chains.entry_hash(
        previous=entry.previous,
        subject=f"{chain.subject_kind}:{chain.subject_key}",
        position=entry.position,
        verb=verb,
        at=at,
        step=step,
        quiet=quiet,
        public=said,
        row=entry.row,
        digest=entry.digest,
    )
    chain.length, chain.head = entry.position, entry.hash
    chain.mark = chains.head_mark(f"{chain.subject_kind}:{chain.subject_key}", chain.length, chain.head)
    _append(entry, chain, salt, personal)
    if verb in REACTIONS:
        room, name = REACTIONS[verb].rsplit(".", 1)
        getattr(import_module(f"hemei.{room}.steps"), name)(subject=subject, actor=actor, at=at, row=row)
    return entry


_FIND_CHAIN = "SELECT id, length, head, mark FROM ledger_chain WHERE subject_kind = %s AND subject_key = %s"
_APPEND = (
    'INSERT INTO ledger_entry (chain_id, position, verb, at, step, quiet, public, "row", digest, previous, hash) '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"
)
_APART = "INSERT INTO ledger_personalpart (entry_id, salt, words) VALUES (%s, %s, %s)"
_MOVE_HEAD = "UPDATE ledger_chain SET length = %s, head = %s, mark = %s WHERE id = %s"


def _append(entry: Entry, chain: Chain, salt: str, personal: str) -> None:
    """Plain statements: every vote of a neighbourhood passes here, and models cost four times as much."""
    at = connection.ops.adapt_datetimefield_value(entry.at)
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [
                chain.pk,
                entry.position,
                entry.verb,
                at,
                entry.step,
                entry.quiet,
                entry.public,
                entry.row,
                entry.digest,
                entry.previous,
                entry.hash,
            ],
        )
        entry.pk = cursor.fetchone()[0]
        cursor.execute(_APART, [entry.pk, salt, personal])
        cursor.execute(_MOVE_HEAD, [chain.length, chain.head, chain.mark, chain.pk])


def erase_personal_parts(entries: Iterable[Entry]) -> int:
    """Erase what these entries say about persons. The chains stay whole; the caller records the erasing itself."""
    return PersonalPart.objects.filter(entry__in=list(entries)).delete()[0]
