"""Pages for moving in and out: a zip of a Polis export is sent, or asked for and fetched."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.base.models import Job
from hemei.consultations import folders, forms, policy, queries
from hemei.consultations.actions import moving
from hemei.consultations.views.reading import status_of
from hemei.consultations.views.sending import refused_by, writes
from hemei.places.models import Place


@require_http_methods(["GET", "HEAD", "POST"])
def import_polis(request: HttpRequest) -> HttpResponse:
    """An administrator sends a zip; the worker reads it, and its page says how far it is."""
    if not policy.may_move_in(request.actor):
        raise NotAllowed(_("An administrator takes in what comes from elsewhere."))
    places = queries.places_to_ask(viewer=request.actor)
    form = forms.ImportPolis(request.POST or None, request.FILES or None, places=places)
    refusal = None
    if writes(request, form):
        words = dict(form.cleaned_data)
        place = Place.objects.get(pk=words.pop("place"))
        try:
            job = moving.start_import(actor=request.actor, place=place, at=clock.now(), **words)
        except Refused as told:
            refusal = refused_by(form, told)
        else:
            return redirect("web:job", pk=job.pk)
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "consultations/import.html", {"form": form, "places": places}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def export_polis(request: HttpRequest, pk: int) -> HttpResponse:
    """What an export holds, and the button that has it written."""
    found = queries.consultation_for(viewer=request.actor, pk=pk)
    if not policy.may_move_out(request.actor, found):
        raise NotAllowed(_("Those who look after a consultation take it elsewhere."))
    form = forms.Keyed(request.POST or None)
    at, refusal = clock.now(), None
    if writes(request, form):
        try:
            job = moving.start_export(actor=request.actor, consultation=found, at=at, **form.cleaned_data)
        except Refused as told:
            refusal = refused_by(form, told)
        else:
            return redirect("web:job", pk=job.pk)
    words = {"form": form, "consultation": found, "waits": not found.is_imported and not found.tells_results(at)}
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "consultations/export.html", words, status=status)


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
