"""Authorities as the desk reads them: who gave one for which home, never what the agent is to say."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from hemei.base.models import Upload
from hemei.decisions import policy
from hemei.decisions.agents import over_limit, principals
from hemei.decisions.models import Authority, Decision, Slot
from hemei.decisions.queries.own import authority_state, decision_for
from hemei.decisions.voices import is_theirs
from hemei.people.actor import Actor
from hemei.roll import policy as roll
from hemei.roll.models import Holding


def for_desk(viewer: Actor, pk: int) -> Decision:
    """The decision for who runs it; Http404 for everybody else."""
    found = decision_for(viewer, pk)
    if not policy.prepares_at(viewer, found.place):
        raise Http404
    return found


def authorities_of(decision: Decision) -> QuerySet[Authority]:
    """What waits for a second clerk first, then the newest."""
    rows = Authority.objects.filter(decision=decision).select_related("slot__place")
    waits = Q(entered_by__isnull=False, confirmed_at=None, refused_at=None, withdrawn_at=None)
    return rows.annotate(waits=waits).order_by("-waits", "-at", "-pk")


def told(rows: Iterable[Authority], decision: Decision, at: datetime) -> list[tuple[Authority, str, str]]:
    """Each with its state, and what to say where the agent acts for too many already."""
    known = principals(decision)
    return [
        (one, authority_state(one, at), over_limit(decision, one.agent, owner=one.owner, known=known)) for one in rows
    ]


def authority_for(viewer: Actor, pk: int) -> Authority:
    """One that the viewer runs or gave; Http404 for everybody else, the agent too."""
    found = (
        Authority.objects.select_related("decision__place", "decision__roll", "decision__matter", "slot__place", "scan")
        .filter(pk=pk)
        .first()
    )
    if found is None or not (policy.prepares_at(viewer, found.decision.place) or is_theirs(viewer, found)):
        raise Http404
    return found


def scan_for(viewer: Actor, pk: int) -> Upload:
    """The paper: for the desk while a second clerk has to read it, for the owner, and for the two counters."""
    found = Authority.objects.select_related("decision__place", "decision__roll", "scan").filter(pk=pk).first()
    if found is None or found.scan is None:
        raise Http404
    waits = found.confirmed_at is None and found.refused_at is None
    desk = waits and policy.prepares_at(viewer, found.decision.place)
    owner = viewer.assistance is None and is_theirs(viewer, found)
    if not (desk or owner or policy.is_counter(viewer, found.decision)):
        raise Http404
    return found.scan


def slot_for_desk(decision: Decision, pk: int) -> Slot:
    found = Slot.objects.filter(decision=decision, pk=pk).select_related("place").first()
    if found is None:
        raise Http404
    return found


def homes_of(decision: Decision) -> list[Slot]:
    """Every home that takes part, in order of the roll."""
    return list(Slot.objects.filter(decision=decision).select_related("place").order_by("number"))


def owners_at(decision: Decision, slot: Slot, at: datetime) -> list[tuple[str, str]]:
    """Code and name of who owned the home when the roll was frozen, or owns it now; for the desk alone."""
    assert decision.roll is not None
    units = json.loads(decision.roll.content)["units"]
    frozen = next((unit["owners"] for unit in units if unit["key"] == slot.key), [])
    names = {owner["code"]: owner["name"] for owner in frozen}
    today = timezone.localdate(at)
    held = Holding.objects.filter(roll.holding(today), unit=slot.unit_id)
    names |= dict(held.order_by("owner__code").values_list("owner__code", "owner__name"))
    return list(names.items())
