"""Pages for moving in and out: a zip of a Polis export is sent, or asked for and fetched."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed
from hemei.base.models import Job
from hemei.consultations import folders, forms, policy, queries
from hemei.consultations.actions import moving
from hemei.places.models import Place
from hemei.shell.sending import one_form, sent, writes


@writes
def import_polis(request: HttpRequest) -> HttpResponse:
    """An administrator sends a zip; the worker reads it, and its page says how far it is."""
    if not policy.may_move_in(request.actor):
        raise NotAllowed(_("An administrator takes in what comes from elsewhere."))
    places = queries.places_to_ask(viewer=request.actor)

    def act(said: dict[str, Any]) -> Job:
        place = Place.objects.get(pk=said["place"])
        return moving.start_import(actor=request.actor, at=clock.now(), **{**said, "place": place})

    return one_form(
        request,
        forms.ImportPolis(sent(request), request.FILES or None, places=places),
        template="consultations/import.html",
        act=act,
        then=lambda job: redirect("web:job", pk=job.pk),
        places=places,
    )


@writes
def export_polis(request: HttpRequest, pk: int) -> HttpResponse:
    """What an export holds, and the button that has it written."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    if not policy.may_move_out(request.actor, found):
        raise NotAllowed(_("Those who look after a consultation take it elsewhere."))
    at = clock.now()
    return one_form(
        request,
        forms.Keyed(sent(request)),
        template="consultations/export.html",
        act=lambda said: moving.start_export(actor=request.actor, consultation=found, at=at, **said),
        then=lambda job: redirect("web:job", pk=job.pk),
        consultation=found,
        waits=not found.is_imported and not found.tells_results(at),
    )


@require_safe
def exported(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """The finished zip, for who asked for it and still may have it."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    person = request.actor.person
    mine = person is not None and Job.objects.filter(
        kind="consultations.export_polis", asked_by=person.pk, form_key=key, outcome__consultation=found.pk
    )
    path = folders.finished_at(key)
    if not mine or not mine.exists() or not policy.may_move_out(request.actor, found) or not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=f"polis-{found.pk}.zip")
    response.headers["Content-Type"] = "application/zip"
    response.headers["Cache-Control"] = "private, no-store"
    return response
