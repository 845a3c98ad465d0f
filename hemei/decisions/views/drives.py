"""Pages of drives: the estates, the board, the curve, one drive, and a form for each act of the desk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.decisions import board as boards
from hemei.decisions import curves, policy
from hemei.decisions.actions import driving
from hemei.decisions.forms import drives as forms
from hemei.decisions.models import Drive, StageMark
from hemei.decisions.models.drive import Stage
from hemei.decisions.queries import doors as at_doors
from hemei.decisions.queries import drives as queries
from hemei.matters.queries import steps_of
from hemei.places.models import Place
from hemei.places.queries import place_for
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import one_form, sent, writes

PER_PAGE = 20


@require_safe
def drives(request: HttpRequest) -> HttpResponse:
    page = page_in(request, queries.estates_with_drives(viewer=request.actor), PER_PAGE)
    return render(request, "decisions/drives/drives.html", {"page": page})


def _estate(request: HttpRequest, pk: int) -> Place:
    return queries.estate_for(request.actor, place_for(request.actor, pk))


def _estate_of_desk(request: HttpRequest, pk: int) -> Place:
    """404 for a place that is no estate, 403 for who does not run drives there."""
    estate = _estate(request, pk)
    if not policy.runs_at(request.actor, estate):
        raise NotAllowed(driving.who_may_run())
    return estate


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    estate = _estate(request, pk)
    made = boards.board_of(viewer=request.actor, estate=estate, at=clock.now())
    return render(
        request,
        "decisions/drives/board.html",
        {"estate": estate, "board": made, "runs": policy.runs_at(request.actor, estate)},
    )


@require_safe
def curve(request: HttpRequest, pk: int) -> HttpResponse:
    """The curve with its table open, and where each count is from."""
    estate = _estate(request, pk)
    rows = boards.drives_of(viewer=request.actor, estate=estate)
    signed = [row.contracted_on for row in rows if row.is_signed and row.contracted_on]
    made = curves.curves_from(
        key="curve",
        signed=signed,
        began=min((row.began_on for row in rows), default=None),
        told=boards.milestones_of(estate),
        whole=queries.stairwells_in(estate),
    )
    return render(
        request,
        "decisions/drives/curve.html",
        {"estate": estate, "curves": made, "at": clock.now(), "runs": policy.runs_at(request.actor, estate)},
    )


@require_safe
def reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """What matters to the homes of an estate, in cells of five and more."""
    estate = _estate(request, pk)
    return render(request, "decisions/drives/reasons.html", {"estate": estate, "reasons": at_doors.reasons_at(estate)})


@require_safe
def drive(request: HttpRequest, pk: int) -> HttpResponse:
    at = clock.now()
    found = queries.drive_for(viewer=request.actor, pk=pk)
    marks = list(found.marks.order_by("number"))
    runs = policy.runs_at(request.actor, found.place)
    return render(
        request,
        "decisions/drives/drive.html",
        {
            "drive": found,
            "at": at,
            "steps": steps_of(found.matter),
            "stages": queries.stage_lines(found, marks, timezone.localdate(at)),
            **queries.stands(found.stage),
            "waits": queries.waits(found, at),
            "decisions": queries.decisions_of(viewer=request.actor, drive=found, at=at),
            "parts": queries.parts_of(found, request=request, at=at),
            "percent": boards.cut(found.contracted, found.homes),
            "runs": runs,
            "prepares": policy.prepares_at(request.actor, found.place),
            "over": found.stage in (Stage.STOPPED, Stage.WORKS),
            "in_team": policy.in_team(request.actor, found),
        },
    )


@require_safe
def drawing(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = queries.drive_for(viewer=request.actor, pk=pk)
    if found.drawing is None:
        raise Http404
    return uploads.answer(found.drawing)


@require_safe
def stage_paper(request: HttpRequest, pk: int, mark: int) -> HttpResponseBase:
    """The paper that shows that a stage was reached, for who sees the drive."""
    found = queries.drive_for(viewer=request.actor, pk=pk)
    paper = StageMark.objects.select_related("paper").filter(drive=found, pk=mark, paper__isnull=False).first()
    if paper is None or paper.paper is None:
        raise Http404
    return uploads.answer(paper.paper)


# forms of the desk


@writes
def begin_drive(request: HttpRequest, pk: int) -> HttpResponse:
    """For one stairwell (?stairwell=) or for all of the estate's at once."""
    estate, at = _estate_of_desk(request, pk), clock.now()
    stairwells = queries.stairwells_to_begin(estate)
    chosen = number_in(request, "stairwell")
    form = forms.BeginDrive(
        sent(request),
        stairwells=stairwells,
        teams=list(queries.teams_in(estate, timezone.localdate(at))),
        initial={"began_on": timezone.localdate(at), "stairwells": [str(chosen)] if chosen else []},
    )

    def then(made: list[Drive]) -> HttpResponse:
        if len(made) == 1:
            return redirect("decisions:drive", pk=made[0].pk)
        return redirect("decisions:board", pk=estate.pk)

    return one_form(
        request,
        form,
        template="decisions/drives/begin.html",
        act=lambda said: driving.begin_drive(actor=request.actor, estate=estate, at=at, **said),
        then=then,
        estate=estate,
        stairwells=stairwells,
    )


def _act(
    request: HttpRequest,
    pk: int,
    make: Callable[[Drive, datetime], Form],
    *,
    template: str,
    act: Callable[..., object],
    to: str = "decisions:drive",
    **more: Any,
) -> HttpResponse:
    """The form of one act on a drive: 404 for who may not see it, 403 for who does not run it."""
    found, at = queries.drive_for(viewer=request.actor, pk=pk), clock.now()
    if not policy.runs_at(request.actor, found.place):
        raise NotAllowed(driving.who_may_run())
    return one_form(
        request,
        make(found, at),
        template=f"decisions/drives/{template}.html",
        act=lambda said: act(actor=request.actor, drive=found, at=at, **said),
        then=lambda _done: redirect(to, pk=found.pk),
        drive=found,
        **queries.stands(found.stage),
        **more,
    )


@writes
def choose_team(request: HttpRequest, pk: int) -> HttpResponse:
    def make(found: Drive, at: datetime) -> Form:
        teams = [
            one
            for one in queries.teams_in(found.estate, timezone.localdate(at))
            if one.place_id in found.place.ancestor_keys
        ]
        initial = {"team": str(found.team_id or "")}
        return forms.ChooseTeam(sent(request), teams=teams, initial=initial)

    return _act(request, pk, make, template="choose_team", act=driving.choose_team, to="decisions:team")


@writes
def grade_drive(request: HttpRequest, pk: int) -> HttpResponse:
    def make(found: Drive, at: datetime) -> Form:
        initial = {"grade": found.grade, "why": found.grade_why, "assessor": found.graded_by}
        initial |= {"graded_on": found.graded_on or timezone.localdate(at)}
        return forms.GradeDrive(sent(request), request.FILES or None, initial=initial)

    return _act(request, pk, make, template="grade", act=driving.grade_drive)


@writes
def move_drive(request: HttpRequest, pk: int) -> HttpResponse:
    def make(found: Drive, at: datetime) -> Form:
        initial = {"on": timezone.localdate(at)}
        return forms.MoveDrive(sent(request), request.FILES or None, now=found.stage, initial=initial)

    return _act(request, pk, make, template="move", act=driving.move_drive)


@writes
def stop_drive(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, lambda _found, _at: forms.StopDrive(sent(request)), template="stop", act=driving.stop_drive
    )


@writes
def drive_waits(request: HttpRequest, pk: int) -> HttpResponse:
    def make(found: Drive, _at: datetime) -> Form:
        return forms.DriveWaits(sent(request), bodies=list(queries.bodies_to_wait_for(found.estate)))

    return _act(request, pk, make, template="waits", act=driving.drive_waits)


@writes
def drive_goes_on(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, lambda _found, _at: forms.DriveGoesOn(sent(request)), template="goes_on", act=driving.drive_goes_on
    )


@writes
def tell_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    estate = _estate_of_desk(request, pk)
    return one_form(
        request,
        forms.TellMilestone(sent(request), initial={"whole": queries.stairwells_in(estate)}),
        template="decisions/drives/milestone.html",
        act=lambda said: driving.tell_milestone(actor=request.actor, estate=estate, at=clock.now(), **said),
        then=lambda _made: redirect("decisions:curve", pk=estate.pk),
        estate=estate,
    )
