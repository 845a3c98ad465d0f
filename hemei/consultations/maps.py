"""The opinion map: computed by the worker from the votes that stand, kept, and thinned out when it grows old."""

import time
from datetime import datetime, timedelta

import numpy as np
from django.db.models import F, OuterRef, Q, Subquery
from scipy.spatial import cKDTree

from hemei.consultations.actions.mapping import keep_computed_map
from hemei.consultations.exports import SMALLEST, standing_votes
from hemei.consultations.models import Consultation, OpinionMap
from hemei.engines.opinion.classic import FEW, opinion_of, rounded
from hemei.engines.opinion.command import as_plain
from hemei.engines.opinion.representing import counts_by_group
from hemei.engines.opinion.result import OpinionResult, Previous
from hemei.engines.opinion.votes import AGREE, DISAGREE, PASS, Votes, Whole
from hemei.places.models import Kind

ENGINE = "classic-1"
EVERY = timedelta(seconds=20)  # between two maps of one consultation, however many vote meanwhile
AT_MOST_SECONDS = 10.0  # of one round; what is left comes with the next, seconds later
PLACES = 4  # decimals that are kept: a map is looked at, not reckoned with
MARKS_MAX = 240  # marks in the drawing; one stands for several people where there are more
BLEND = 5  # people in whose middle a mark stands
TOO_SMALL = (Kind.STAIRWELL, Kind.HOME)  # a map of one stairwell would show households


def due(at: datetime) -> list[Consultation]:
    """Consultations whose votes may have changed since their newest map, the small ones first.

    A map makes the version grow by one when it is kept, so a consultation at its map's version + 1 has not changed.
    """
    newest = OpinionMap.objects.filter(consultation=OuterRef("pk"), engine=ENGINE).order_by("-pk")
    waiting = Consultation.objects.annotate(
        mapped=Subquery(newest.values("version")[:1]), mapped_at=Subquery(newest.values("made_at")[:1])
    ).filter(Q(mapped=None) | Q(version__gt=F("mapped") + 1, mapped_at__lte=at - EVERY), votes__gt=0)
    return list(waiting.select_related("matter__place").order_by("votes", "pk")[:200])


def round(at: datetime) -> None:
    """Compute what is due, for a few seconds at most. One at fault holds up no other; the first fault is raised."""
    begun, first_fault = time.monotonic(), None
    for consultation in due(at):
        try:
            compute(consultation=consultation, at=at)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the others get their maps
            first_fault = first_fault or fault
        if time.monotonic() - begun > AT_MOST_SECONDS:
            break
    if first_fault is not None:
        raise first_fault


def compute(*, consultation: Consultation, at: datetime) -> OpinionMap:
    """Compute the map from the votes that stand now, and keep it.

    The version is read before the votes, so a vote that comes between is in the map or makes the next one due.
    """
    consultation = Consultation.objects.select_related("matter__place").get(pk=consultation.pk)
    before = OpinionMap.objects.filter(consultation=consultation, engine=ENGINE).order_by("-pk").first()
    votes = standing_votes(consultation)
    result = opinion_of(
        votes,
        seed=consultation.seed,
        previous=_previous(before),
        smallest=SMALLEST,
    )
    hushed = result.active < FEW or consultation.matter.place.kind in TOO_SMALL
    return keep_computed_map(
        consultation=consultation,
        result=_kept(result, votes, hushed=hushed),
        version=consultation.version,
        engine=ENGINE,
        at=at,
    )


def _kept(result: OpinionResult, votes: Votes, *, hushed: bool) -> dict[str, object]:
    """The map as it is stored. hushed: nobody is placed and nothing is said of groups.

    counts: for each statement the [agrees, passes, disagrees] of each group, so that no page sums votes.
    """
    plain = as_plain(rounded(result, PLACES))
    plain |= {"active": result.active, "candidate": result.candidate, "held": result.held, "hushed": hushed}
    if hushed:
        return {**plain, "participants": [], "groups": [], "counts": [], "marks": [], "candidate": 0, "held": 0}
    groups = np.array([-1 if one.group is None else one.group for one in result.participants], dtype=np.int64)
    counts = counts_by_group(votes, groups, len(result.groups))
    cells = np.stack([counts[AGREE], counts[PASS], counts[DISAGREE]], axis=-1).astype(int).swapaxes(0, 1)
    plain["counts"] = [[number, of_groups] for number, of_groups in zip(votes.statements, cells.tolist(), strict=True)]
    return {**plain, **marks_of(result, groups)}


def marks_of(result: OpinionResult, groups: Whole) -> dict[str, object]:
    """What is drawn: for each group the marks, and each, how many people one mark stands for.

    A mark stands in the middle of the BLEND people of its group that are nearest to each other, never at one person's
    own place; of more than MARKS_MAX, every second, third … is kept, in the order of the first axis.
    """
    points = np.array([(one.x, one.y) for one in result.participants]).reshape(-1, 2)
    each = max(1, -(-int((groups >= 0).sum()) // MARKS_MAX))
    marks = []
    for group in range(len(result.groups)):
        own = points[groups == group]
        near = cKDTree(own).query(own, k=min(BLEND, len(own)))[1].reshape(len(own), -1)
        blended = own[near].mean(axis=1)
        ordered = blended[np.lexsort((blended[:, 1], blended[:, 0]))][::each]
        marks.append(ordered.round(PLACES).tolist())
    return {"marks": marks, "each": each}


def _previous(before: OpinionMap | None) -> Previous | None:
    if before is None or before.result["hushed"]:
        return None
    told = before.result
    return Previous(
        points={one["id"]: (one["x"], one["y"]) for one in told["participants"] if one["votes"]},
        groups={one["id"]: one["group"] for one in told["participants"] if one["group"] is not None},
        shown=len(told["groups"]),
        candidate=told["candidate"],
        held=told["held"],
    )
