"""Pages of a stairwell's team: who has which door, one's own doors, visits, wishes, policy sheets."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.decisions import policy
from hemei.decisions.actions import driving, visiting
from hemei.decisions.forms import doors as forms
from hemei.decisions.models import Door, Drive
from hemei.decisions.queries import doors as queries
from hemei.decisions.queries import drives as of_drives
from hemei.places.queries import place_for
from hemei.shell.sending import one_form, sent, sure, writes


def _drive_of_desk(request: HttpRequest, pk: int) -> Drive:
    """404 for who may not see the drive, 403 for who does not run it."""
    found = of_drives.drive_for(viewer=request.actor, pk=pk)
    if not policy.runs_at(request.actor, found.place):
        raise NotAllowed(driving.who_may_run())
    return found


def _private(response: HttpResponse) -> HttpResponse:
    """Who visits which door and what a home wishes is kept by no cache."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """For the desk: who of the team looks after which door, and what is still due there."""
    drive = _drive_of_desk(request, pk)
    return _private(render(request, "decisions/doors/team.html", {"drive": drive, **queries.team_page(drive)}))


@writes
def give_door(request: HttpRequest, pk: int) -> HttpResponse:
    drive, at = _drive_of_desk(request, pk), clock.now()
    seats = of_drives.volunteers_of(drive, timezone.localdate(at))
    form = forms.GiveDoors(sent(request), seats=seats, homes=queries.homes_of(drive))
    return _private(
        one_form(
            request,
            form,
            template="decisions/doors/give.html",
            act=lambda said: visiting.give_door(actor=request.actor, drive=drive, at=at, **said),
            then=lambda _given: redirect("decisions:team", pk=drive.pk),
            drive=drive,
            seats=seats,
        )
    )


@writes
def take_door(request: HttpRequest, pk: int, door: int) -> HttpResponse:
    drive = _drive_of_desk(request, pk)
    found = get_object_or_404(Door.objects.select_related("drive__place", "home", "volunteer"), drive=drive, pk=door)
    return _private(
        one_form(
            request,
            sure(request),
            template="decisions/doors/take.html",
            act=lambda _said: visiting.take_door(actor=request.actor, door=found, at=clock.now()),
            then=lambda _taken: redirect("decisions:team", pk=drive.pk),
            drive=drive,
            door=found,
        )
    )


@require_safe
def my_doors(request: HttpRequest) -> HttpResponse:
    """Whoever has no doors reads how one comes by them; the page is nobody else's either."""
    words = {"doors": queries.my_doors(viewer=request.actor), "noted": "noted" in request.GET}
    return _private(render(request, "decisions/doors/my_doors.html", words))


def _at_door(request: HttpRequest, pk: int, home: int) -> tuple[Drive, queries.DoorState]:
    """The door, for its volunteer or the desk; 404 for everybody else."""
    drive = of_drives.drive_for(viewer=request.actor, pk=pk)
    return drive, queries.door_for(viewer=request.actor, drive=drive, home=home)


def _back(request: HttpRequest, drive: Drive, noted: str = "") -> HttpResponse:
    """The volunteer to their own doors, the desk to the team's page."""
    if policy.runs_at(request.actor, drive.place):
        return redirect("decisions:team", pk=drive.pk)
    response = redirect("decisions:my_doors")
    response.headers["Location"] += noted
    return response


@writes
def visit(request: HttpRequest, pk: int, home: int) -> HttpResponse:
    drive, door = _at_door(request, pk, home)
    return _private(
        one_form(
            request,
            forms.VisitDoor(sent(request)),
            template="decisions/doors/visit.html",
            act=lambda said: visiting.visit(actor=request.actor, drive=drive, home=door.home, at=clock.now(), **said),
            then=lambda _made: _back(request, drive),
            drive=drive,
            door=door,
        )
    )


@writes
def note_wish(request: HttpRequest, pk: int, home: int) -> HttpResponse:
    """The form is always empty: what was noted before is not shown at the door again."""
    drive, door = _at_door(request, pk, home)
    return _private(
        one_form(
            request,
            forms.NoteWish(sent(request)),
            template="decisions/doors/note_wish.html",
            act=lambda said: visiting.note_wish(
                actor=request.actor, drive=drive, home=door.home, at=clock.now(), **said
            ),
            then=lambda _made: _back(request, drive, "?noted=1"),
            drive=drive,
            door=door,
        )
    )


@require_safe
def wishes(request: HttpRequest, pk: int) -> HttpResponse:
    """For who prepares the costs: every door with its wish."""
    drive = of_drives.drive_for(viewer=request.actor, pk=pk)
    if not policy.sees_wishes(request.actor, drive):
        raise NotAllowed(driving.who_may_run())
    table = queries.wishes_of(drive)
    return _private(render(request, "decisions/doors/wishes.html", {"drive": drive, "table": table}))


# policy sheets


@require_safe
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    estate = of_drives.estate_for(request.actor, place_for(request.actor, pk))
    words: dict[str, Any] = {"estate": estate, "sheets": list(queries.sheets_of(estate))}
    words["runs"] = policy.runs_at(request.actor, estate)
    return render(request, "decisions/doors/sheets.html", words)


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """To read and to print."""
    found = queries.sheet_for(pk)
    pdf = reverse("decisions:policy_sheet_pdf", args=[found.pk])
    return render(request, "decisions/doors/sheet.html", {"sheet": found, "pdf": pdf})


@require_safe
def sheet_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = queries.sheet_for(pk)
    if found.file is None:
        raise Http404
    return uploads.answer(found.file)


@writes
def add_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    estate = of_drives.estate_for(request.actor, place_for(request.actor, pk))
    if not policy.runs_at(request.actor, estate):
        raise NotAllowed(driving.who_may_run())
    return one_form(
        request,
        forms.AddSheet(sent(request), request.FILES or None),
        template="decisions/doors/add_sheet.html",
        act=lambda said: visiting.add_sheet(actor=request.actor, estate=estate, at=clock.now(), **said),
        then=lambda made: redirect("decisions:sheet", pk=made.pk),
        estate=estate,
    )


@writes
def hand_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Receipts of a policy sheet, many homes at once: all doors for the desk, their own for a volunteer."""
    drive = of_drives.drive_for(viewer=request.actor, pk=pk)
    homes = queries.homes_to_serve(viewer=request.actor, drive=drive)
    if not homes:
        raise NotAllowed(visiting.who_looks_after())
    sheets_now = queries.newest_sheets(drive.estate)
    return _private(
        one_form(
            request,
            forms.HandSheet(sent(request), sheets=sheets_now, homes=homes),
            template="decisions/doors/hand_sheet.html",
            act=lambda said: visiting.hand_sheet(actor=request.actor, drive=drive, at=clock.now(), **said),
            then=lambda _made: _back(request, drive),
            drive=drive,
            sheets=sheets_now,
        )
    )
