"""Pages of corrections: proposed by one, confirmed or declined by another, before and after side by side."""

from collections.abc import Iterable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.roll.actions import correcting as actions
from hemei.roll.actions.lists import who_keeps
from hemei.roll.forms.correcting import FORMS, ROWS_MAX, ROWS_MORE, CorrectGone, CorrectOwners
from hemei.roll.forms.lists import Decline
from hemei.roll.models import Correction, Owner, Unit
from hemei.roll.queries import keeping
from hemei.roll.views.lists import private
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import answer, beside_its_field, one_form, sent, writes
from hemei.shell.words import area, day

PER_PAGE = 20
What = Correction.What


@writes
@private
def propose_correction(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    unit = keeping.unit_for(request.actor, pk)
    if what not in What.values or (unit.until is not None and what != What.GONE):
        raise Http404
    form = _form(request, unit, What(what))
    return one_form(
        request,
        form,
        template="roll/correct.html",
        act=lambda _said: actions.propose_correction(
            actor=request.actor, unit=unit, what=what, at=clock.now(), **form.arguments()
        ),
        then=lambda _made: redirect("roll:unit", pk=pk),
        unit=unit,
        place=unit.roll.place,
        doors=keeping.doors_of(unit.place, unit.roll.place_id),
        what=what,
        label=What(what).label,
        now=shown(what, actions.state_of(unit, what)),
        more=len(form.rows) + ROWS_MORE if isinstance(form, CorrectOwners) and len(form.rows) < ROWS_MAX else None,
    )


def _form(request: HttpRequest, unit: Unit, what: What) -> Any:
    if what == What.GONE:
        return CorrectGone(sent(request), gone=unit.until is not None)
    now = actions.state_of(unit, what)
    if what == What.OWNERS:
        owners = now["owners"]
        rows = max(len(owners) + ROWS_MORE, number_in(request, "rows") or 0)
        return CorrectOwners(owners, min(rows, max(ROWS_MAX, len(owners) + ROWS_MORE)), sent(request))
    initial = {"votable": "yes" if now["votable"] else "no"} if what == What.VOTABLE else now
    return FORMS[what](sent(request), initial=initial)


@require_safe
@private
def corrections(request: HttpRequest) -> HttpResponse:
    """Those of the desk's rolls that wait for a second key, or, with ?decided=1, those that were decided."""
    return _show(request, Decline())


def _show(request: HttpRequest, form: Form, wrong: int | None = None, refusal: Refused | None = None) -> HttpResponse:
    """wrong: the correction to which `form` and `refusal` belong."""
    if not keeping.is_keeper(request.actor):
        raise NotAllowed(who_keeps())
    roll = keeping.roll_for(request.actor, number_in(request, "place") or 0) if "place" in request.GET else None
    decided = "decided" in request.GET
    page = page_in(request, keeping.corrections_of(request.actor, waiting=not decided, roll=roll), PER_PAGE)
    filters = f"place={roll.place_id}" if roll is not None else ""
    words = {
        "page": page,
        "rows": [row_of(one, request.actor.key, form if one.pk == wrong else None) for one in page.object_list],
        "decided": decided,
        "roll": roll,
        "filters": filters,
        "base": "&".join(filter(None, [filters, "decided=1" if decided else ""])),
        "refusal": refusal,
        "form": form if wrong else None,
    }
    return answer(request, "roll/corrections.html", words, refusal)


def row_of(one: Correction, key: int | None, form: Form | None = None) -> dict[str, Any]:
    """A correction for the page: before and after in words, and whether this reader may turn the second key."""
    waits = one.confirmed_at is None and one.declined_at is None
    return {
        "correction": one,
        "doors": keeping.doors_of(one.unit.place, one.roll.place_id),
        "before": shown(one.what, one.before),
        "after": shown(one.what, one.after),
        "waits": waits,
        "mine": one.proposed_by_id == key,
        "form": form or Decline(auto_id=f"id_%s_{one.pk}"),
    }


def shown(what: str, state: dict[str, Any]) -> list[str]:
    """A state of a correction in lines for a reader."""
    if what == What.OWNERS:
        return list(_owners(state["owners"]))
    if what == What.AREA:
        return [_("%(area)s m²") % {"area": area(state["area_m2"])}]
    if what == What.VOTABLE:
        return [_("It counts") if state["votable"] else _("It does not count")]
    if what == What.KIND:
        return [str(Unit.Kind(state["kind"]).label)]
    if state["until"]:
        return [_("On the roll until %(day)s") % {"day": day(parse_date(state["until"]))}]
    return [_("On the roll")]


def _owners(owners: Iterable[dict[str, Any]]) -> Iterable[str]:
    for one in owners:
        parts = [one["name"], _("No. %(code)s") % {"code": one["code"]}]
        if one["kind"] != Owner.Kind.PERSON:
            parts.append(str(Owner.Kind(one["kind"]).label))
        parts.append(_("jointly") if one["joint"] else one["share"])
        if one["rep"]:
            parts.append(_("speaks for the home"))
        yield " · ".join(parts)


@require_POST
def confirm_correction(request: HttpRequest, pk: int) -> HttpResponse:
    found = keeping.correction_for(request.actor, pk)
    try:
        actions.confirm_correction(actor=request.actor, correction=found, at=clock.now())
    except Refused as refusal:
        return _show(request, Decline(), None, refusal)
    return redirect("roll:unit", pk=found.unit_id)


@require_POST
def decline_correction(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = keeping.correction_for(request.actor, pk), Decline(request.POST, auto_id=f"id_%s_{pk}")
    refusal = None
    if form.is_valid():
        try:
            why = form.cleaned_data["why"]
            actions.decline_correction(actor=request.actor, correction=found, why=why, at=clock.now())
        except Refused as told:
            refusal = beside_its_field(form, told)
        else:
            return redirect("roll:unit", pk=found.unit_id)
    return _show(request, form, pk, refusal)
