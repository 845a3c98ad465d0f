"""Reading matters, always for a viewer."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.functional import Promise

from hemei.ledger import queries as ledger
from hemei.ledger.models import STEPS, Chain, Entry, Seal, SealedHead
from hemei.ledger.queries import ChainLine, Line
from hemei.matters import policy
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.models import Place

LINES_MOST = 20  # of a timeline at once
PANEL_MOST = 5  # matters on a place's page


@dataclass(frozen=True)
class Step:
    """One of the seven steps on a matter's page. state: done, now or ahead."""

    key: str
    name: str | Promise
    state: str


def matters_seen(*, viewer: Actor) -> QuerySet[Matter]:
    """Every matter that `viewer` may see, newest first."""
    return Matter.objects.filter(policy.visible(viewer)).order_by("-opened_at", "-pk")


def matters_at(*, viewer: Actor, place: Place) -> QuerySet[Matter]:
    """Matters at `place` or inside it that `viewer` may see, newest first."""
    return matters_seen(viewer=viewer).filter(place__path__startswith=place.path)


def matters_in(*, viewer: Actor, place: Place | None = None, state: str = "", words: str = "") -> QuerySet[Matter]:
    """For the list: with place, body and the step each has reached. state: open, closed, or empty for both."""
    seen = matters_seen(viewer=viewer) if place is None else matters_at(viewer=viewer, place=place)
    if state in ("open", "closed"):
        seen = seen.filter(closed_at__isnull=state == "open")
    if words:
        seen = seen.filter(Q(title__icontains=words) | Q(title_en__icontains=words))
    return seen.select_related("place", "body").annotate(reached=reached_of("pk"))


def found_in(*, viewer: Actor, words: str, street: Place | None = None) -> QuerySet[Matter]:
    """For the search: matters whose title holds `words`, newest first."""
    found = matters_in(viewer=viewer, words=words)
    return found.filter(street=street) if street is not None else found


def matter_for(*, viewer: Actor, pk: int) -> Matter:
    """The matter with where its chain stands, or Http404, whether it is hidden or absent."""
    matter = (
        matters_seen(viewer=viewer)
        .select_related("place", "street", "body")
        .annotate(reached=reached_of("pk"), **_chain())
        .filter(pk=pk)
        .first()
    )
    if matter is None:
        raise Http404
    return matter


def steps_from(begun: set[str], *, closed: bool = False) -> list[Step]:
    """The seven steps as the ledger has them: the last one begun is now, those before it are done."""
    reached = max((place for place, (key, _) in enumerate(STEPS) if key in begun), default=-1)
    states = [
        "done" if n < reached or (n == reached and closed) else "now" if n == reached else "ahead" for n in range(7)
    ]
    return [Step(key, name, state) for (key, name), state in zip(STEPS, states, strict=True)]


def steps_of(matter: Matter) -> list[Step]:
    """Where the matter stands in the seven steps."""
    if not hasattr(matter, "reached"):
        return steps_from(ledger.steps_begun(matter), closed=matter.closed_at is not None)
    begun = set() if matter.reached is None else {STEPS[matter.reached][0]}
    return steps_from(begun, closed=matter.closed_at is not None)


def step_reached(matter: Matter) -> str | Promise:
    """The step at which a matter of `matters_in` stands, or nothing."""
    return "" if matter.reached is None else STEPS[matter.reached][1]  # type: ignore[attr-defined]


def _chain_of(outer: str) -> dict[str, Any]:
    return {"subject_kind": Matter._meta.label_lower, "subject_key": OuterRef(outer)}


def reached_of(outer: str) -> Subquery:
    """Place of the furthest step in a matter's chain, as a column. outer: the way to its key, as "matter"."""
    places = [When(step=key, then=Value(place)) for place, (key, _) in enumerate(STEPS)]
    entries = Entry.objects.filter(
        chain__subject_kind=Matter._meta.label_lower, chain__subject_key=OuterRef(outer), quiet=False
    ).filter(step__gt="")
    return Subquery(entries.annotate(place=Case(*places)).order_by("-place").values("place")[:1])


def _chain() -> dict[str, Subquery]:
    """Length and head of the matter's chain, and the last seal that holds it, as columns."""
    chains = Chain.objects.filter(**_chain_of("pk"))
    heads = SealedHead.objects.filter(
        chain__subject_kind=Matter._meta.label_lower, chain__subject_key=OuterRef("pk")
    ).order_by("-seal__day")
    return {
        "chain_length": Subquery(chains.values("length")[:1]),
        "chain_head": Subquery(chains.values("head")[:1]),
        "sealed_length": Subquery(heads.values("length")[:1]),
        "sealed_on": Subquery(heads.values("seal__day")[:1], output_field=DateField()),
        "sealed_root": Subquery(heads.values("seal__root")[:1]),
    }


def chain_line(matter: Any) -> ChainLine:
    """Where the chain of a matter from `matter_for` stands, without another query."""
    if matter.chain_length is None:
        return ChainLine(0, "")
    if matter.sealed_on is None:
        return ChainLine(matter.chain_length, matter.chain_head)
    seal = Seal(day=matter.sealed_on, root=matter.sealed_root)
    return ChainLine(matter.chain_length, matter.chain_head, matter.sealed_length, seal)


# the timeline


class Said(dict[str, Any]):
    """The public part of an entry. What an old entry did not say yet is nothing, not a fault of the page."""

    def __missing__(self, _key: str) -> str:
        return ""


@dataclass(frozen=True)
class TimelineLine:
    """A line with who acted, as far as everybody may know: the way and the body. found: its words, by name."""

    line: Line
    body: str
    body_en: str

    @property
    def found(self) -> tuple[str, str]:
        return self.line.template, "matters/ledger/other.html"

    @property
    def way(self) -> str:
        return str(self.line.public.get("by", {}).get("way", "own"))


@dataclass(frozen=True)
class Timeline:
    """lines: newest first. before: position to go on from, or None at the beginning of the chain."""

    lines: tuple[TimelineLine, ...]
    before: int | None


def timeline(*, matter: Matter, before: int | None = None, most: int = LINES_MOST) -> Timeline:
    """The newest lines of a matter that the caller's viewer sees, before position `before`; one query."""
    entries = ledger.entries_of(matter).filter(quiet=False)
    if before is not None:
        entries = entries.filter(position__lt=before)
    body = Body.objects.filter(pk=OuterRef("body"))
    rows = list(
        entries.annotate(body=_body_in_public())
        .annotate(body_name=Subquery(body.values("name")[:1]), body_name_en=Subquery(body.values("name_en")[:1]))
        .order_by("-position")[: most + 1]
    )
    lines = tuple(
        TimelineLine(
            Line(row.position, row.verb, row.at, row.step, Said(json.loads(row.public)), row.hash, row.row),
            row.body_name or "",
            row.body_name_en or "",
        )
        for row in rows[:most]
    )
    return Timeline(lines, rows[most - 1].position if len(rows) > most else None)


def _body_in_public() -> Cast:
    """The key of the body that acted, read out of the entry's public part by the database."""
    by = KeyTransform("by", Cast("public", JSONField()))
    return Cast(KeyTextTransform("body", by), BigIntegerField())


# what other rooms' pages show


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """Open matters at a place and inside it, the newest first."""
    rows = list(matters_in(viewer=viewer, place=place, state="open")[: PANEL_MOST + 1])
    if not rows:
        return None
    return {"matters": [with_step(row) for row in rows[:PANEL_MOST]], "more": len(rows) > PANEL_MOST, "place": place}


def with_step(matter: Matter) -> Matter:
    """For a list: `step` is the name of the step the matter has reached."""
    matter.step = step_reached(matter)  # type: ignore[attr-defined]
    return matter
