"""The parts of a consultation's page that are the same for everybody: made once for each version and kept.

The version is read from the database with the request that asks, so what was voted a second ago is in it.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from math import hypot
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hemei.consultations import queries
from hemei.consultations.actions.organising import answer_due
from hemei.consultations.figures import Told, told
from hemei.consultations.models import AuthorKind, Consultation, OpinionMap, Statement, WordsState
from hemei.consultations.results import results_of
from hemei.consultations.routing import Said, newness, priority
from hemei.ledger.models import STEPS
from hemei.matters.queries import Step, steps_from
from hemei.shell.words import left

KEPT_MAX = 128  # pages' worth of parts in one process; the one asked for longest ago goes
SHOWN_MAX = 8  # statements with their counts on the page; the others are one link away


@dataclass(frozen=True)
class Shared:
    """said: every accepted statement. numbers: their numbers by key. The rest are pieces of the page, rendered.

    crumbs: the way here. top: title, how it stands, the seven steps. background: what to read first, papers.
    reasons; results; side: dates, who may do what.
    """

    said: tuple[Said, ...]
    numbers: dict[int, int]
    authors: dict[str, str]
    crumbs: SafeString
    top: SafeString
    background: SafeString
    reasons: SafeString
    results: SafeString
    side: SafeString


_kept: OrderedDict[tuple[Any, ...], Shared] = OrderedDict()
_turn = threading.Lock()


def shared_of(consultation: Consultation, *, at: datetime) -> Shared:
    """The shared parts of this consultation's page in the reader's language, as of its version."""
    state, tells = consultation.state_at(at), consultation.tells_results(at)
    reached, closed = getattr(consultation, "reached", None), consultation.matter.closed_at is not None
    language, ends = get_language(), _ends(consultation, state, at)
    matter, body = consultation.matter, consultation.body
    named = (matter.title, matter.title_en, matter.place.name, body.name if body else "", body.phone if body else "")
    version = (consultation.version, consultation.documents)
    key = (consultation.pk, *version, *named, state, tells, reached, closed, ends, at.astimezone().year, language)
    with _turn:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _make(consultation, state, tells, ends)
    with _turn:
        _kept[key] = made
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Keep nothing; for tests whose databases begin anew with the same keys."""
    _kept.clear()


def _ends(consultation: Consultation, state: str, at: datetime) -> str:
    """How long until it opens or closes, as the page says it."""
    S = Consultation.State
    if state == S.AHEAD:
        return left(consultation.opens_at, at)
    return left(consultation.closes_at, at) if state == S.OPEN else ""


@dataclass(frozen=True)
class Counted:
    """A statement with what may be told of its counts."""

    said: Said
    told: Told


def _make(consultation: Consultation, state: str, tells: bool, ends: str) -> Shared:
    newest = queries.latest_map(consultation) if consultation.votes else None
    said = _said(consultation, newest)
    closed = state == Consultation.State.CLOSED
    words = {
        "consultation": consultation,
        "place": consultation.matter.place,
        "state": state,
        "tells": tells,
        "ends": ends,
        "steps": _steps(consultation),
        "replies": queries.replies_of(consultation=consultation) if closed else [],
        "answer_due": answer_due(consultation),
        "reasons": queries.reasons_in(consultation=consultation, most=10) if consultation.arguments else None,
        "papers": queries.papers_of(consultation=consultation) if consultation.documents else [],
        "map": newest if tells else None,
        "results": results_of(consultation, newest, said) if tells else None,
        "counted": _most_answered(said) if tells else [],
        "more": max(0, len(said) - SHOWN_MAX),
    }
    parts = {
        name: render_to_string(f"consultations/parts/{name}.html", words)
        for name in ("crumbs", "top", "background", "reasons", "results", "side")
    }
    numbers = {one.pk: one.number for one in said}
    authors = {kind.value: str(kind.label) for kind in AuthorKind}
    return Shared(said, numbers, authors, **parts)


def _steps(consultation: Consultation) -> list[Step]:
    reached: int | None = getattr(consultation, "reached", None)
    begun = set() if reached is None else {STEPS[reached][0]}
    return steps_from(begun, closed=consultation.matter.closed_at is not None)


def _said(consultation: Consultation, newest: OpinionMap | None) -> tuple[Said, ...]:
    far = _extremities(newest)
    rows = Statement.objects.filter(consultation=consultation, state=WordsState.ACCEPTED).order_by("number")
    fields = ("pk", "number", "text", "text_en", "author_kind", "agrees", "passes", "disagrees")
    return tuple(
        Said(
            *row,
            priority=priority(
                agrees=row[5], passes=row[6], answered=row[5] + row[6] + row[7], extremity=far.get(row[1], 0.0)
            ),
            newness=newness(answered=row[5] + row[6] + row[7]),
        )
        for row in rows.values_list(*fields)
    )


def _extremities(newest: OpinionMap | None) -> dict[int, float]:
    """How far out each statement lies on the map, by its number."""
    if newest is None:
        return {}
    placed = newest.result.get("statements", [])
    return {one["id"]: hypot(*one["loading"]) for one in placed if one.get("loading")}


def _most_answered(said: tuple[Said, ...]) -> list[Counted]:
    ranked = sorted(said, key=lambda one: (-(one.agrees + one.passes + one.disagrees), one.number))
    return [
        Counted(one, told(agrees=one.agrees, passes=one.passes, disagrees=one.disagrees)) for one in ranked[:SHOWN_MAX]
    ]
