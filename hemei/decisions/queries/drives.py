"""Reading drives, always for a viewer: the list of estates, one drive, and what pages of other rooms show of them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from hemei.decisions import board, gates, policy, standing
from hemei.decisions.models import Decision, Drive, Milestone, StageMark
from hemei.decisions.models.drive import Stage
from hemei.matters.models import Matter
from hemei.matters.queries import reached_of
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.people.policy import holding
from hemei.places.models import Kind, Place
from hemei.places.queries import ABOVE, with_trail
from hemei.promises.models import Promise

PARTS = (("costs", "words"), ("contracts", "words"), ("documents", "drive_words"))  # of the drive's page, by name
DECISIONS_MOST = 10  # of a drive, the newest
State = Decision.State


# lists


def drives_seen(*, viewer: Actor) -> QuerySet[Drive]:
    return Drive.objects.filter(policy.drives_seen(viewer))


def estates_with_drives(*, viewer: Actor) -> QuerySet[Place]:
    """Estates where a drive began or a source tells of lifts, with how many run and how many have signed."""
    running = drives_seen(viewer=viewer).exclude(stage=Stage.STOPPED).filter(estate=OuterRef("pk")).order_by()
    signed = running.filter(contracted_on__isnull=False)
    told = Milestone.objects.values("estate")
    return (
        Place.objects.filter(Q(pk__in=drives_seen(viewer=viewer).values("estate")) | Q(pk__in=told))
        .annotate(running=_counted(running), signed=_counted(signed))
        .select_related("parent")
        .order_by("path", "pk")
    )


def _counted(drives: QuerySet[Drive]) -> Subquery:
    return Subquery(drives.values("estate").annotate(count=Count("pk")).values("count")[:1])


def estate_for(viewer: Actor, place: Place) -> Place:
    """The estate, or Http404 for a place that is none."""
    if place.kind != Kind.ESTATE:
        raise Http404
    return place


def stairwells_in(estate: Place) -> int:
    return Place.objects.filter(path__startswith=estate.path, kind=Kind.STAIRWELL, until=None).count()


def stairwells_to_begin(estate: Place) -> list[Place]:
    """Stairwells of the estate that have homes and no running drive, as counted on site, with their parents."""
    running = Drive.objects.exclude(stage=Stage.STOPPED).filter(estate=estate).values("place")
    homes = Place.objects.filter(kind=Kind.HOME, until=None, path__startswith=estate.path).values("parent")
    return list(
        Place.objects.filter(path__startswith=estate.path, kind=Kind.STAIRWELL, until=None, pk__in=homes)
        .exclude(pk__in=running)
        .select_related("parent")
        .order_by("parent__order", "parent_id", "order", "pk")
    )


def teams_in(estate: Place, today: date) -> QuerySet[Body]:
    """Stairwell teams that stand at the estate or inside it."""
    standing_now = Q(until=None) | Q(until__gte=today)
    return Body.objects.filter(standing_now, kind=Body.Kind.TEAM, place__path__startswith=estate.path).order_by(
        "name", "pk"
    )


def bodies_to_wait_for(estate: Place) -> QuerySet[Body]:
    """Bodies that something may be expected from: those at the estate, above it, and inside it."""
    there = Q(place__in=estate.ancestor_keys) | Q(place__path__startswith=estate.path)
    return (
        Body.objects.filter(there, until=None)
        .exclude(kind__in=(Body.Kind.OPERATOR, Body.Kind.TEAM))
        .order_by("name", "pk")
    )


# one drive


def drive_for(*, viewer: Actor, pk: int) -> Drive:
    """The drive with matter, places, team, drawing and the promise it waits for; or Http404, hidden or absent."""
    found = (
        drives_seen(viewer=viewer)
        .select_related(
            "matter__body", "estate", "team", "drawing", f"place__{ABOVE}", "waits_promise__owner_body",
        )
        .annotate(reached=reached_of("matter"))
        .filter(pk=pk)
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    with_trail(found.place)
    found.matter.reached = found.reached  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class StageLine:
    """A stage as the page shows it. state: done, now, ahead, passed. days: it has lasted, or took."""

    stage: str
    name: str
    shape: str
    state: str
    on: date | None = None
    days: int | None = None
    note: str = ""
    note_en: str = ""
    paper: int | None = None


def stage_lines(drive: Drive, marks: list[StageMark], today: date) -> list[StageLine]:
    """Every stage in its order: the last mark of each tells when it was reached, and how long it took."""
    last = {mark.stage: mark for mark in marks}
    now = gates.ORDER.index(Stage(drive.stage)) if drive.stage != Stage.STOPPED else None
    reached = (
        now
        if now is not None
        else max((gates.ORDER.index(Stage(mark.stage)) for mark in marks if mark.stage != Stage.STOPPED), default=0)
    )
    lines = []
    for place, stage in enumerate(gates.ORDER):
        mark = last.get(stage)
        line = StageLine(stage, str(stage.label), board.SHAPES[stage], "ahead")
        if place > reached or mark is None:
            lines.append(line)
            continue
        ended = next((one.on for one in marks if one.number > mark.number and not one.passed), None)
        state = "passed" if mark.passed else "now" if place == now else "done"
        until = ended if ended is not None and state != "now" else today
        lines.append(
            replace(
                line,
                state=state,
                on=mark.on,
                days=None if mark.passed else (until - mark.on).days,
                note=mark.note,
                note_en=mark.note_en,
                paper=mark.pk if mark.paper_id is not None else None,
            )
        )
    return lines


@dataclass(frozen=True)
class DecisionLine:
    """A decision of the drive as everybody reads it: where it stands, and once counted passed or not."""

    decision: Decision
    state: str
    word: str
    outcome: str

    @property
    def url(self) -> str:
        return reverse("decisions:decision", args=[self.decision.pk])


def decisions_of(*, viewer: Actor, drive: Drive, at: datetime) -> list[DecisionLine]:
    """The newest decisions of the drive that `viewer` may see. No number and no choice, whoever reads it."""
    rows = Decision.objects.filter(policy.visible(viewer), drive=drive).select_related("linked")
    lines = []
    for decision in rows.order_by("-made_at", "-pk")[:DECISIONS_MOST]:
        state = decision.state_at(at)
        told = standing.told_outcome(decision, decision.outcome, at) if state == State.CERTIFIED else ""
        outcome = "not_passed" if told in ("rejected", "no_quorum") else told
        lines.append(DecisionLine(decision, state, str(State(state).label), outcome))
    return lines


def parts_of(drive: Drive, *, request: HttpRequest, at: datetime) -> dict[str, SafeString]:
    """What other files of this room show of a drive, found by name, as far as they have something to show."""
    shown = {}
    for name, function in PARTS:
        if find_spec(f"hemei.decisions.queries.{name}") is None:
            continue
        words_of = getattr(import_module(f"hemei.decisions.queries.{name}"), function, None)
        words = words_of(request.actor, drive, at) if words_of else None  # type: ignore[attr-defined]
        if words is not None:
            shown[name] = SafeString(
                render_to_string(f"decisions/parts/{name}.html", {"part": words, **words}, request)
            )
    return shown


# what other pages show


def drives_at(viewer: Actor, place: Place) -> Subquery:
    """What a page of a place needs to know of its drives, as a column: on an estate how many run and how many have
    signed, elsewhere the newest drive of the stairwell itself."""
    seen = drives_seen(viewer=viewer).order_by()
    if place.kind != Kind.ESTATE:
        return _as_column(seen.filter(place=place).order_by("-pk"))
    signed = Q(stage__in=board.SIGNING, contracted=F("homes"))
    figures = (
        seen.filter(estate=place)
        .exclude(stage=Stage.STOPPED)
        .values("estate")
        .annotate(run=Count("pk"), signed=Count("pk", filter=signed))
    )
    return Subquery(figures.values(told=JSONObject(running="run", signed="signed"))[:1])


def drive_of(viewer: Actor, matter: Matter) -> Subquery:
    """The drive that a matter carries, as a column."""
    return _as_column(drives_seen(viewer=viewer).filter(matter=matter))


def _as_column(drives: QuerySet[Drive]) -> Subquery:
    told = JSONObject(pk="pk", stage="stage", contracted="contracted", homes="homes")
    return Subquery(drives.values(told=told)[:1])


def drives_panel(viewer: Actor, place: Place, found: dict[str, Any] | None, told: bool) -> dict[str, Any] | None:
    """On an estate: its board with the first figures. On a stairwell: its drive. Else nothing.

    found: of `drives_at`. told: whether a source tells of lifts there.
    """
    if place.kind == Kind.ESTATE:
        if found is None and not told and not policy.runs_at(viewer, place):
            return None
        return {"estate": place, "running": 0, "signed": 0} | (found or {})
    return drive_panel(found)


def drive_panel(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """A drive in two lines. found: of `drives_at` or `drive_of`."""
    return None if found is None else {"drive": found} | stands(found["stage"])


def stands(key: str) -> dict[str, Any]:
    """Stage in words and shape, and whether it tells how many homes have signed."""
    stage = Stage(key)
    return {"stage": stage.label, "shape": board.SHAPES[stage], "signing": stage in board.SIGNING}


def waits(drive: Drive, at: datetime) -> dict[str, Any] | None:
    """What the drive stands still for, in whose hands, until when; nothing once the promise behind it has ended."""
    promise = drive.waits_promise
    if not drive.waits_for or (promise is not None and promise.state != Promise.State.OPEN):
        return None
    due_at = promise.due_at if promise is not None else drive.waits_until
    body = promise.owner_body if promise is not None else None
    return {
        "what": drive.waits_for,
        "what_en": drive.waits_for_en,
        "body": body.name if body is not None else drive.waits_for_body,
        "body_en": body.name_en if body is not None else "",
        "due_at": due_at,
        "promise": promise,
        "late": due_at is not None and due_at < at,
    }


def volunteers_of(drive: Drive, today: date) -> list[Any]:
    """Seats of the drive's team that hold today, with their persons: for the desk alone."""
    if drive.team is None:
        return []
    return list(drive.team.seats.filter(holding(today)).select_related("person").order_by("person__name", "pk"))
