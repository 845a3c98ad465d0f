"""Pages of the lift contract: the contract itself, and a form for each act on it."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.decisions import contracting, policy
from hemei.decisions.actions import contracting as actions
from hemei.decisions.forms import contracts as forms
from hemei.decisions.models import Contract, Drive
from hemei.decisions.queries import contracts as queries
from hemei.decisions.queries import costs
from hemei.people.actor import Actor
from hemei.promises.days import day_of
from hemei.shell.sending import one_form, sent, sure, writes

private = cache_control(private=True, no_store=True)


@private
@require_safe
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract of a drive; ?late_home= and ?sold_home= reckon for who is bound by it."""
    drive = costs.drive_for(viewer=request.actor, pk=pk)
    page = queries.contract_page(viewer=request.actor, drive=drive, at=clock.now())
    words: dict[str, Any] = {"drive": drive, "page": page}
    if page.plan_homes and page.contract is not None and page.contract.opened_at is not None:
        words |= _reckoned(request, page.contract, page.plan_homes)
    wrong = any(words[name].is_bound and words[name].errors for name in ("late", "sale") if name in words)
    return render(request, "decisions/contracts/contract.html", words, status=422 if wrong else 200)


def _reckoned(request: HttpRequest, found: Contract, homes: list[tuple[str, str]]) -> dict[str, Any]:
    """Late joiners and sales, each a form of its own that is sent by GET."""
    late = forms.JoinLate(request.GET if "late_home" in request.GET else None, homes=homes)
    sale = forms.SellHome(request.GET if "sold_home" in request.GET else None, homes=homes)
    words: dict[str, Any] = {"late": late, "sale": sale}
    if late.is_bound and late.is_valid():
        said = late.cleaned_data
        words["late_told"] = queries.late_told(
            found, home=said["late_home"], years=said["late_years"], names=dict(homes)
        )
    if sale.is_bound and sale.is_valid():
        said = sale.cleaned_data
        words["sale_told"] = queries.sale_told(
            found, home=said["sold_home"], paid=said["sold_paid"], on=day_of(clock.now())
        )
    return words


def _refuse_all_but_the_desk(actor: Actor, drive: Drive) -> None:
    if not policy.runs_at(actor, drive.place):
        raise NotAllowed(actions.who_may_write())


def _act(
    request: HttpRequest,
    drive: Drive,
    form: Any,
    *,
    template: str,
    act: Callable[[dict[str, Any]], object],
    **words: Any,
) -> HttpResponse:
    return one_form(
        request,
        form,
        template=f"decisions/contracts/{template}.html",
        act=act,
        then=lambda _done: redirect("decisions:contract", pk=drive.pk),
        drive=drive,
        **words,
    )


@private
@writes
def write_contract(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft that stands, else the last contract's words, else an empty one."""
    drive = costs.drive_for(viewer=request.actor, pk=pk)
    _refuse_all_but_the_desk(request.actor, drive)
    last = Contract.objects.filter(drive=drive).order_by("-number").first()
    title = (_("%(title)s: contract") % {"title": drive.matter.title})[:120]
    begin = {name: getattr(last, name) for name in ("title", *contracting.TERMS)} if last else {"title": title}
    return _act(
        request,
        drive,
        forms.WriteContract(sent(request), initial={name: value for name, value in begin.items() if value is not None}),
        template="write",
        act=lambda said: actions.write_contract(actor=request.actor, drive=drive, at=clock.now(), **said),
        example=queries.example_of(drive, last.life_years if last else None),
    )


@private
@writes
def open_contract(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.contract_for(viewer=request.actor, pk=pk)
    _refuse_all_but_the_desk(request.actor, found.drive)
    return _act(
        request,
        found.drive,
        sure(request),
        template="open",
        act=lambda _said: actions.open_contract(actor=request.actor, contract=found, at=clock.now()),
        page=queries.contract_page(viewer=request.actor, drive=found.drive, at=clock.now()),
    )


@private
@writes
def sign_contract(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.contract_for(viewer=request.actor, pk=pk)
    page = queries.contract_page(viewer=request.actor, drive=found.drive, at=clock.now())
    if not policy.own_hand(request.actor) or page.level != "owner":
        raise NotAllowed(actions.who_may_sign())
    homes = [(one.key, one.name) for one in page.own]
    form = forms.SignContract(sent(request), homes=homes)
    return _act(
        request,
        found.drive,
        form,
        template="sign",
        act=lambda said: actions.sign_contract(
            actor=request.actor, contract=found, key=said["key"], form_key=said["form_key"], at=clock.now()
        ),
        page=page,
        contract=found,
    )


@private
@writes
def enter_signature(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.contract_for(viewer=request.actor, pk=pk)
    _refuse_all_but_the_desk(request.actor, found.drive)
    if found.opened_at is None:
        raise Http404
    form = forms.EnterSignature(sent(request), request.FILES or None, signers=queries.signers_of(found))
    return _act(
        request,
        found.drive,
        form,
        template="enter",
        act=lambda said: actions.enter_signature(
            actor=request.actor,
            contract=found,
            at=clock.now(),
            **{name: said[name] for name in ("key", "owner", "signed_on", "photo", "form_key")},
        ),
        contract=found,
    )


@private
@writes
def confirm_signature(request: HttpRequest, pk: int) -> HttpResponse:
    signature = queries.signature_for(viewer=request.actor, pk=pk)
    return _act(
        request,
        signature.contract.drive,
        forms.ConfirmSignature(sent(request)),
        template="confirm",
        act=lambda said: actions.confirm_signature(
            actor=request.actor,
            signature=signature,
            agrees=said["agrees"] == "yes",
            why=said["why"] if said["agrees"] == "no" else "",
            at=clock.now(),
        ),
        signature=signature,
        owner=queries.owner_named(signature),
        own=request.actor.person is not None and signature.entered_by_id == request.actor.person.pk,
    )


@private
@require_safe
def signature_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo of a signed page, for the desk that compares it."""
    signature = queries.signature_for(viewer=request.actor, pk=pk)
    if signature.photo is None:
        raise Http404
    return uploads.answer(signature.photo)


@private
@writes
def end_contract(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.contract_for(viewer=request.actor, pk=pk)
    _refuse_all_but_the_desk(request.actor, found.drive)
    return _act(
        request,
        found.drive,
        forms.EndContract(sent(request)),
        template="end",
        act=lambda said: actions.end_contract(actor=request.actor, contract=found, at=clock.now(), **said),
        contract=found,
    )
