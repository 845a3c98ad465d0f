"""Pages after the count: where the result hangs, and the objections to it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.decisions import policy
from hemei.decisions.actions import objecting
from hemei.decisions.forms.counting import (
    AnswerObjection,
    CloseObjection,
    EnterObjection,
    ObjectToResult,
    PostResult,
)
from hemei.decisions.models import Decision, Objection
from hemei.decisions.queries import counting as queries
from hemei.decisions.views.counting import apart
from hemei.shell.sending import one_form, sent, sure, writes


@apart
@writes
def post_result(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _at_the_desk(request, pk)
    form = PostResult(sent(request), request.FILES or None, sheets=queries.sheets_of(decision))
    return one_form(
        request,
        form,
        template="decisions/counting/post_result.html",
        act=lambda said: objecting.post_result(actor=request.actor, decision=decision, at=clock.now(), **said),
        then=lambda _made: redirect("decisions:objections", pk=pk),
        decision=decision,
    )


@require_safe
def posted_photo(request: HttpRequest, pk: int, posted: int) -> HttpResponseBase:
    photo = queries.postings_photo(request.actor, pk, posted).photo
    assert photo is not None
    return uploads.answer(photo)


@apart
@require_safe
def objections(request: HttpRequest, pk: int) -> HttpResponse:
    """How many objected and how one does it; one's own in full, and for the desk all of them."""
    at, decision = clock.now(), queries.certified_for(request.actor, pk)
    result = queries.result_of(request.actor, decision, at)
    page = queries.objections_page(request.actor, result, request.GET.get("page", "")[:9])
    words = {
        "decision": decision,
        "result": result,
        "page": page,
        "told": queries.told_objections(request.actor, decision, page.object_list),
        "at": at,
    }
    return render(request, "decisions/counting/objections.html", words)


@apart
@writes
def object_to_result(request: HttpRequest, pk: int) -> HttpResponse:
    decision = queries.certified_for(request.actor, pk)
    result = queries.result_of(request.actor, decision, clock.now())
    if not policy.may_object(request.actor, decision, owns=result.in_electorate):
        raise NotAllowed(objecting.who_may_object())
    return one_form(
        request,
        ObjectToResult(sent(request), request.FILES or None),
        template="decisions/counting/object.html",
        act=lambda said: objecting.object_to_result(actor=request.actor, decision=decision, at=clock.now(), **said),
        then=lambda _made: redirect("decisions:objections", pk=pk),
        decision=decision,
        result=result,
    )


@apart
@writes
def enter_objection(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _at_the_desk(request, pk)
    return one_form(
        request,
        EnterObjection(sent(request), request.FILES or None),
        template="decisions/counting/enter_objection.html",
        act=lambda said: objecting.enter_objection(actor=request.actor, decision=decision, at=clock.now(), **said),
        then=lambda _made: redirect("decisions:objections", pk=pk),
        decision=decision,
    )


@apart
@writes
def answer_objection(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    objection = _to_answer(request, pk, number)
    return one_form(
        request,
        AnswerObjection(sent(request)),
        template="decisions/counting/answer_objection.html",
        act=lambda said: objecting.answer_objection(actor=request.actor, objection=objection, at=clock.now(), **said),
        then=lambda _done: redirect("decisions:objections", pk=pk),
        decision=objection.decision,
        objection=objection,
    )


@apart
@writes
def close_objection(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The objector takes it back; the desk closes it as settled or dismissed."""
    found = queries.objection_for(request.actor, pk, number)
    if found.by_id is not None and found.by_id == request.actor.key:
        return one_form(
            request,
            sure(request),
            template="decisions/counting/withdraw_objection.html",
            act=lambda _said: objecting.withdraw_objection(actor=request.actor, objection=found, at=clock.now()),
            then=lambda _done: redirect("decisions:objections", pk=pk),
            decision=found.decision,
            objection=found,
        )
    objection = _to_answer(request, pk, number)
    return one_form(
        request,
        CloseObjection(sent(request), on_paper=objection.by_id is None),
        template="decisions/counting/close_objection.html",
        act=lambda said: objecting.close_objection(actor=request.actor, objection=objection, at=clock.now(), **said),
        then=lambda _done: redirect("decisions:objections", pk=pk),
        decision=objection.decision,
        objection=objection,
    )


@apart
@require_safe
def objection_evidence(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    evidence = queries.objection_for(request.actor, pk, number).evidence
    if evidence is None:
        raise Http404
    return uploads.answer(evidence)


def _at_the_desk(request: HttpRequest, pk: int) -> Decision:
    """A certified decision for the desk that runs it; 403 for who sees it and does not run it."""
    decision = queries.certified_for(request.actor, pk)
    if not policy.runs(request.actor, decision):
        raise NotAllowed(objecting.who_runs_it())
    return decision


def _to_answer(request: HttpRequest, pk: int, number: int) -> Objection:
    found = queries.objection_for(request.actor, pk, number)
    if not policy.runs(request.actor, found.decision) or found.by_id == request.actor.key:
        raise NotAllowed(objecting.who_answers())
    return found
