"""What a resident sends: an answer, a statement, an argument, a correction, an appeal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.consultations import actions, forms, queries
from hemei.consultations.models import Consultation, Grade
from hemei.consultations.views import reading
from hemei.people.actor import Actor


def acting(request: HttpRequest, consultation: Consultation, grade: str) -> Actor:
    """Who acts: a visitor becomes a guest where guests may, and stays a visitor elsewhere."""
    if not request.actor.is_visitor or grade != Grade.GUEST or consultation.is_imported:
        return request.actor
    from hemei.people.guests import writer

    return writer(request)


@require_POST
def cast_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer from the card, from a statement's own page or from the list of one's answers."""
    form = forms.CastVote(request.POST)
    if not form.is_valid():
        found = queries.consultation_for(viewer=request.actor, pk=pk)
        return reading.show(request, found, refusal=Refused(form.told()))
    sent = dict(form.cleaned_data)
    back, number = sent.pop("back"), sent.pop("statement")
    statement = queries.statement_for(viewer=request.actor, pk=pk, number=number)
    actor = acting(request, statement.consultation, statement.consultation.who_votes)
    try:
        actions.cast_vote(actor=actor, statement=statement, at=clock.now(), **sent)
    except Refused as refusal:
        return _refused(request, statement, back, refusal)
    return redirect(_after(pk, number, back))


def _after(pk: int, number: int, back: str) -> str:
    if back == "mine":
        return reverse("consultations:mine", args=[pk])
    if back == "statement":
        return reverse("consultations:statement", args=[pk, number])
    return f"{reverse('consultations:consultation', args=[pk])}?kept={number}#card"


def _refused(request: HttpRequest, statement: Any, back: str, refusal: Refused) -> HttpResponse:
    if back == "statement":
        return reading.show_statement(request, statement, refusal)
    found = queries.consultation_for(viewer=request.actor, pk=statement.consultation_id)
    return reading.show(request, found, refusal=refusal)
