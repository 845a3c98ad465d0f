"""What the desk reads of challenges and of acts declared void: by which way and when, never what was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.http import Http404

from hemei.decisions import policy
from hemei.decisions.models import Act, Challenge, Decision, Slot, Voiding
from hemei.decisions.voices import had_no_hand, may_challenge, may_confirm
from hemei.people.actor import Actor

_ACT = ("act__decision__place", "act__decision__roll", "act__decision__matter", "act__slot__place")


@dataclass(frozen=True)
class Asked:
    """A challenge on the desk's list. may_answer: this viewer had no hand in the act."""

    challenge: Challenge
    may_answer: bool


@dataclass(frozen=True)
class Waiting:
    """A voiding that waits for its second key."""

    voiding: Voiding
    may_confirm: bool


def challenges_of(decision: Decision) -> QuerySet[Challenge]:
    """Those that wait for their answer first, the oldest before the newest."""
    rows = Challenge.objects.filter(act__decision=decision).select_related(*_ACT, "act__paper")
    return rows.order_by(F("answered_at").asc(nulls_first=True), "at", "pk")


def asked(viewer: Actor, rows: Sequence[Challenge]) -> list[Asked]:
    return [Asked(one, one.answered_at is None and had_no_hand(viewer, one)) for one in rows]


def waiting(viewer: Actor, decision: Decision) -> list[Waiting]:
    """The first fifty that wait for a second key."""
    rows = Voiding.objects.filter(act__decision=decision, confirmed_at=None, declined_at=None)
    found = rows.select_related(*_ACT, "act__paper").order_by("proposed_at", "pk")[:50]
    return [Waiting(one, may_confirm(viewer, one)) for one in found]


def act_for(viewer: Actor, pk: int) -> Act:
    """An act for its owner or for who runs the vote; Http404 for everybody else."""
    rows = Act.objects.select_related("decision__place", "decision__roll", "decision__matter", "slot__place", "paper")
    found = rows.filter(pk=pk).first()
    if found is None or not (policy.prepares_at(viewer, found.decision.place) or may_challenge(viewer, found)):
        raise Http404
    return found


def challenge_for(viewer: Actor, pk: int) -> Challenge:
    """For who runs the vote; Http404 for everybody else."""
    found = Challenge.objects.select_related(*_ACT, "act__paper", "by").filter(pk=pk).first()
    if found is None or not policy.prepares_at(viewer, found.act.decision.place):
        raise Http404
    return found


def voiding_for(viewer: Actor, pk: int) -> Voiding:
    """For who runs the vote; Http404 for everybody else."""
    found = Voiding.objects.select_related(*_ACT, "act__paper", "challenge").filter(pk=pk).first()
    if found is None or not policy.prepares_at(viewer, found.act.decision.place):
        raise Http404
    return found


@dataclass(frozen=True)
class Recorded:
    """One act at a home as the desk reads it. state: counts, waits, declined or void."""

    act: Act
    state: str
    may_act: bool


def recorded_for(slot: Slot) -> list[Recorded]:
    """What was recorded for a home, newest first: when and by which way. What was said is not the desk's to know."""
    rows = list(Act.objects.filter(slot=slot).select_related("paper").order_by("-at", "-pk"))
    void = set(Voiding.objects.filter(act__in=rows, confirmed_at__isnull=False).values_list("act", flat=True))
    return [_recorded(act, act.pk in void) for act in rows]


def _recorded(act: Act, void: bool) -> Recorded:
    if act.refused_at is not None:
        return Recorded(act, "declined", may_act=False)
    if void:
        return Recorded(act, "void", may_act=False)
    return Recorded(act, "counts" if act.counts else "waits", may_act=act.kind == Act.Kind.CAST)
