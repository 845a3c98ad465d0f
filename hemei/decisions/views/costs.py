"""Pages of what the lift costs whom: the proposals that stand, the organiser's what-if, several ways side by side."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import costing, policy
from hemei.decisions.actions import costing as actions
from hemei.decisions.forms import costs as forms
from hemei.decisions.models import CostPlan, Drive
from hemei.decisions.queries import costs as queries
from hemei.shell.asking import number_in
from hemei.shell.sending import beside_its_field, one_form, sure, writes

private = cache_control(private=True, no_store=True)


@private
@require_safe
def plans(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposals that stand; ?plan= is the one whose shares are shown."""
    drive = queries.drive_for(viewer=request.actor, pk=pk)
    page = queries.plans_page(viewer=request.actor, drive=drive, chosen=number_in(request, "plan"))
    return render(request, "decisions/costs/plans.html", {"drive": drive, "page": page})


def _for_the_desk(request: HttpRequest, pk: int) -> Drive:
    drive = queries.drive_for(viewer=request.actor, pk=pk)
    if not policy.runs_at(request.actor, drive.place):
        raise NotAllowed(actions.who_may_plan())
    return drive


@private
@require_safe
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """A plain form that is sent by GET; with script the figures change while one types."""
    return _work_out(request, _for_the_desk(request, pk))


@private
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The same form, its answer beside the published keys and what comes from wishes."""
    return _work_out(request, _for_the_desk(request, pk), side_by_side=True)


@private
@require_POST
def keep_plan(request: HttpRequest, pk: int) -> HttpResponse:
    drive = _for_the_desk(request, pk)
    form = forms.KeepPlan(request.POST, wishes=True)
    refusal = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            plan = actions.keep_plan(
                actor=request.actor,
                drive=drive,
                name=said["name"],
                asked=said["asked"],
                form_key=said["form_key"],
                at=clock.now(),
            )
        except Refused as told:
            refusal = beside_its_field(form, told)
        else:
            return redirect(f"{_plans(drive)}?plan={plan.number}")
    return _work_out(request, drive, keeping=form, refusal=refusal)


def _plans(drive: Drive) -> str:
    return reverse("decisions:plans", args=[drive.pk])


def _work_out(
    request: HttpRequest,
    drive: Drive,
    *,
    side_by_side: bool = False,
    keeping: forms.KeepPlan | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The form and what comes of it. Where nothing was chosen yet, it begins with the plan that was kept last."""
    words: dict[str, Any] = {"drive": drive, "side_by_side": side_by_side, "keeping": keeping, "wishes": None}
    try:
        flats, wishes = queries.flats_and_wishes(drive, clock.now())
    except Refused as told:
        return render(request, "decisions/costs/what_if.html", words | {"unready": str(told)})
    form = forms.WhatIf(_given(request, drive, keeping), wishes=wishes.complete)
    asked, result, beside = None, None, None
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data["asked"]
        try:
            if side_by_side:
                beside = queries.offers(asked, flats, wishes)
            else:
                worked = costing.worked(asked, flats, wishes)
                result = queries.shares_of(worked, {flat.key: flat.told for flat in flats})
        except Refused as told:
            refusal = beside_its_field(form, told)
    if asked is not None and keeping is None and (result is not None and result.feasible):
        keeping = forms.KeepPlan(initial={"name": asked.called()[:60]}, wishes=True)
    words |= {
        "form": form,
        "wishes": wishes,
        "floors": max(flat.floor for flat in flats),
        "homes": len(flats),
        "result": result,
        "beside": beside,
        "keeping": keeping,
        "chosen": _chosen(asked),
        "more": _more_chosen(form),
        "query": urlencode(_chosen(asked)),
        "ways": [(way, urlencode(_chosen(way.asked))) for way in beside.beside.ways if way.asked] if beside else [],
    }
    part = request.headers.get("HX-Request") == "true" and request.method == "GET"
    template = "decisions/costs/worked.html" if part else "decisions/costs/what_if.html"
    wrong = refusal is not None or any(one is not None and one.is_bound and one.errors for one in (form, keeping))
    return render(request, template, words, status=422 if wrong else 200)


def _more_chosen(form: forms.WhatIf) -> bool:
    """Whether something stands, or is wrong, among what is folded away at first."""
    if not form.is_bound:
        return False
    usual = {"within": "equal", "rounding": "cent"}
    return any(
        form[name].errors or (form[name].value() or usual.get(name, "")) not in ("", "0", usual.get(name))
        for name in ("numbers", "compensation", "within", "rounding", "other")
    )


def _given(request: HttpRequest, drive: Drive, keeping: forms.KeepPlan | None) -> Any:
    if keeping is not None:
        return request.POST
    if "key" in request.GET:
        return request.GET
    last = CostPlan.objects.filter(drive=drive, dropped_at=None).order_by("-number").values_list("asked", flat=True)
    kept = last.first()
    return forms.typed_again(kept) if kept else None


def _chosen(asked: costing.Asked | None) -> list[tuple[str, str]]:
    """What was chosen, as the fields of the form; empty ones are left out."""
    return [(name, value) for name, value in forms.typed_again(asked.plain).items() if value] if asked else []


@private
@writes
def drop_plan(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan_for_the_desk(request, pk)
    return _sure(
        request,
        plan,
        template="drop",
        act=lambda _said: actions.drop_plan(actor=request.actor, plan=plan, at=clock.now()),
    )


@private
@writes
def freeze_plan(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan_for_the_desk(request, pk)
    return _sure(
        request,
        plan,
        template="freeze",
        act=lambda _said: actions.freeze_plan(actor=request.actor, plan=plan, at=clock.now()),
    )


def _plan_for_the_desk(request: HttpRequest, pk: int) -> CostPlan:
    plan = queries.plan_for(viewer=request.actor, pk=pk)
    if not policy.runs_at(request.actor, plan.drive.place):
        raise NotAllowed(actions.who_may_plan())
    return plan


def _sure(request: HttpRequest, plan: CostPlan, *, template: str, act: Any) -> HttpResponse:
    """Asked again in words, on a page of its own, with the shares it is about."""
    back = _plans(plan.drive) + (f"?plan={plan.number}" if template == "freeze" else "")
    return one_form(
        request,
        sure(request),
        template=f"decisions/costs/{template}.html",
        act=act,
        then=lambda _done: redirect(back),
        plan=plan,
        drive=plan.drive,
        shares=queries.plan_shares(plan),
        key=queries.key_told(plan),
    )
