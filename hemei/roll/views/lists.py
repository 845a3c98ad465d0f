"""Pages of rolls, their homes and their lists, for those who keep them."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.base.fields import Keyed
from hemei.base.models import Job
from hemei.base.tables import write_csv, write_xlsx
from hemei.base.text import searched
from hemei.base.uploads import XLSX
from hemei.ledger.queries import chain_line, timeline_of
from hemei.roll import lists
from hemei.roll.actions import lists as actions
from hemei.roll.forms.lists import Decline, SendList
from hemei.roll.models import Unit
from hemei.roll.queries import keeping
from hemei.shell.asking import page_in
from hemei.shell.sending import answer, beside_its_field, one_form, sent, writes
from hemei.shell.words import area

PER_PAGE, LINES_PER_PAGE = 50, 30
private = cache_control(private=True, no_store=True)  # names stay in no cache


@require_safe
@private
def rolls(request: HttpRequest) -> HttpResponse:
    """The estates of the desk, and which of them have a roll."""
    if not keeping.is_keeper(request.actor):
        raise NotAllowed(actions.who_keeps())
    page = page_in(request, keeping.estates_of(request.actor), LINES_PER_PAGE)
    return render(request, "roll/rolls.html", {"page": page})


@require_safe
@private
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_roll(request, pk)


def _show_roll(request: HttpRequest, pk: int, refusal: str = "") -> HttpResponse:
    place, found = keeping.estate_for(request.actor, pk)
    words: dict[str, Any] = {"place": place, "roll": found, "refusal": refusal, "form_key": uuid4()}
    if found is not None:
        asked = searched(request.GET.get("words", ""), most=keeping.FOUND_WORDS_MAX)
        told = None if asked else keeping.figures_of(found)
        page = page_in(request, keeping.units_found(found, asked), PER_PAGE, count=told.rows if told else None)
        words |= {
            "words": asked,
            "page": page,
            "rows": [{"unit": unit, "doors": keeping.doors_of(unit.place, place.pk)} for unit in page.object_list],
            "base": urlencode({"words": asked}) if asked else "",
        }
        if told is not None:
            words |= {
                "told": told,
                "figures": _figures(told),
                "kinds": [(Unit.Kind(kind).label, count) for kind, count in told.kinds.items()],
                "lists": keeping.lists_of(found)[:5],
            }
    return render(request, "roll/roll.html", words, status=422 if refusal else 200)


def _figures(told: keeping.Figures) -> list[tuple[object, str]]:
    return [
        (told.homes, pgettext("figure", "Homes")),
        (_("%(area)s m²") % {"area": area(told.area)}, _("Area")),
        (told.owners, _("Owners")),
        (told.heads, _("Heads that count")),
    ]


@require_POST
def begin_roll(request: HttpRequest, pk: int) -> HttpResponse:
    place, _roll = keeping.estate_for(request.actor, pk)
    form = Keyed(request.POST)
    form_key = form.cleaned_data["form_key"] if form.is_valid() else uuid4()
    try:
        actions.begin_roll(actor=request.actor, place=place, form_key=form_key, at=clock.now())
    except Refused as refusal:
        return _show_roll(request, pk, str(refusal))
    return redirect("roll:roll", pk=pk)


@require_safe
@private
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to the roll, from its chain in the ledger."""
    found = keeping.roll_for(request.actor, pk)
    before = request.GET.get("before", "")[:9]
    lines = timeline_of(found, before=int(before) if before.isascii() and before.isdigit() else None, most=30)
    words = {
        "roll": found,
        "place": found.place,
        "lines": lines,
        "earlier": lines[-1].position if len(lines) == 30 else None,
        "line": chain_line(found),
    }
    return render(request, "roll/history.html", words)


@require_safe
@private
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A home on the roll: who owns it now and did before, and its corrections."""
    found = keeping.unit_for(request.actor, pk)
    now, before = keeping.held_by(found)
    elsewhere = keeping.homes_of([one.owner for one in now], but=found)
    words = {
        "unit": found,
        "place": found.roll.place,
        "doors": keeping.doors_of(found.place, found.roll.place_id),
        "now": [{"holding": one, "elsewhere": elsewhere.get(one.owner_id, [])[:5]} for one in now],
        "before": before,
        "page": page_in(request, keeping.corrections_at(found), 10),
        "choices": _choices(found),
    }
    return render(request, "roll/unit.html", words)


def _choices(found: Unit) -> list[tuple[str, str]]:
    """What can be corrected, as links."""
    if found.until is not None:
        return [("gone", _("It is there again"))]
    return [
        ("owners", _("Owners and shares")),
        ("area", _("Area")),
        ("votable", _("Whether it counts")),
        ("kind", _("What it is")),
        ("gone", _("It is no longer there")),
    ]


# lists


@writes
@private
def send_list(request: HttpRequest, pk: int) -> HttpResponse:
    found = keeping.roll_for(request.actor, pk)
    return one_form(
        request,
        SendList(sent(request), request.FILES or None),
        template="roll/send.html",
        act=lambda said: actions.send_list(actor=request.actor, roll=found, at=clock.now(), **said),
        then=lambda kept: redirect("web:job", pk=kept.job),
        roll=found,
        place=found.place,
    )


@require_safe
@private
def sent_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_list(request, pk, Decline())


def _show_list(request: HttpRequest, pk: int, form: Decline, refusal: Refused | None = None) -> HttpResponse:
    kept = keeping.list_for(request.actor, pk)
    job = Job.objects.filter(pk=kept.job).first() if kept.job and not kept.written_at else None
    waits = keeping.is_waiting(kept)
    report = kept.report
    words = {
        "sent": kept,
        "place": kept.roll.place,
        "report": report,
        "figures": _report_figures(report) if report.get("new") else [],
        "page": page_in(request, report.get("bad", []), LINES_PER_PAGE),
        "job": job,
        "under_way": job is not None and job.ended_at is None,
        "waits": waits,
        "mine": kept.sent_by_id is not None and kept.sent_by_id == request.actor.key,
        "form": form,
        "refusal": refusal,
        "watch": job is not None and job.asked_by == request.actor.key,
    }
    return answer(request, "roll/list.html", words, refusal)


def _report_figures(report: dict[str, Any]) -> list[tuple[object, str]]:
    return [
        (report["new"], _("New homes")),
        (_("%(area)s m²") % {"area": area(report["new_area"])}, _("Area")),
        (report["owners"], _("Owners")),
        (report["heads"], _("Heads that count")),
    ]


@require_POST
def confirm_list(request: HttpRequest, pk: int) -> HttpResponse:
    kept = keeping.list_for(request.actor, pk)
    try:
        kept = actions.confirm_list(actor=request.actor, sent=kept, at=clock.now())
    except Refused as refusal:
        return _show_list(request, pk, Decline(), refusal)
    return redirect("roll:list", pk=pk) if kept.written_at else redirect("web:job", pk=kept.job)


@require_POST
def decline_list(request: HttpRequest, pk: int) -> HttpResponse:
    kept, form = keeping.list_for(request.actor, pk), Decline(request.POST)
    refusal = None
    if form.is_valid():
        try:
            actions.decline_list(actor=request.actor, sent=kept, why=form.cleaned_data["why"], at=clock.now())
        except Refused as told:
            refusal = beside_its_field(form, told)
        else:
            return redirect("roll:list", pk=pk)
    return _show_list(request, pk, form, refusal)


@require_safe
def template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty list with all headings and three rows as an example."""
    content = write_csv(lists.TEMPLATE) if form == "csv" else write_xlsx(lists.TEMPLATE)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8" if form == "csv" else XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="hemei-roll.{form}"'
    return response
