"""Pages of bodies: who can be found and called, one body, and a form for each act."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed
from hemei.base.text import searched
from hemei.ledger.queries import chain_line
from hemei.people import policy, queries
from hemei.people.actions import bodies as actions
from hemei.people.forms import bodies as forms
from hemei.people.models import Body
from hemei.people.picking import picked
from hemei.places.models import Kind
from hemei.places.queries import place_for
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import one_form, sent, sure, writes

PER_PAGE = 30


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Find somebody: every body of the street, or those responsible for one place."""
    place = place_for(request.actor, number_in(request, "place") or 0) if "place" in request.GET else None
    kind = request.GET.get("kind", "")
    kind = kind if kind in Body.Kind.values else ""
    words = searched(request.GET.get("words", ""), most=80)
    found = queries.bodies_seen(kind=kind, place=place, words=words)
    return render(
        request,
        "people/bodies/bodies.html",
        {
            "page": page_in(request, found, PER_PAGE),
            "kinds": queries.kinds_of_bodies(place=place),
            "kind": kind,
            "place": place,
            "words": words,
            "base": "&".join(
                f"{name}={value}" for name, value in (("kind", kind), ("place", place.pk if place else "")) if value
            ),
            "may_set_up": policy.may_set_up_bodies(request.actor),
        },
    )


@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.body_for(viewer=request.actor, pk=pk)
    today = timezone.localdate(clock.now())
    fields = queries.fields_of(body=found, today=today) if policy.offices_public(found) else []
    level, field = request.GET.get("level", ""), request.GET.get("field", "")
    level, field = (level if level in ("municipal", "district") else ""), (field if field in fields else "")
    offices = policy.offices_to_give(request.actor, found)
    members = queries.members_of(viewer=request.actor, body=found, today=today, level=level, field=field)
    page = page_in(request, members, PER_PAGE)
    for seat in page.object_list:
        seat.may_end = seat.office in offices
    return render(
        request,
        "people/bodies/body.html",
        {
            "body": found,
            "ended": found.until is not None and found.until <= today,
            "offices": queries.offices_held(body=found, today=today),
            "page": page,
            "fields": fields,
            "level": level,
            "field": field,
            "base": "&".join(f"{name}={value}" for name, value in (("level", level), ("field", field)) if value),
            "may_give": offices and found.until is None,
            "may_correct": policy.may_set_up_bodies(request.actor) and found.until is None,
            "lines": queries.history_of(body=found),
            "line": chain_line(found),
        },
    )


@writes
def set_up_body(request: HttpRequest) -> HttpResponse:
    """Choose the place (?place=), then say what the body is called."""
    if not policy.may_set_up_bodies(request.actor):
        raise NotAllowed(actions.who_sets_up())
    picking = picked(request, first=Kind.STREET)
    form = forms.SetUpBody(sent(request))
    return one_form(
        request,
        form,
        template="people/bodies/set_up.html",
        act=lambda said: actions.set_up_body(actor=request.actor, place=picking.place, at=clock.now(), **said),
        then=lambda made: redirect("people:body", pk=made.pk),
        picking=picking,
    )


@writes
def correct_body(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.body_for(viewer=request.actor, pk=pk)
    if not policy.may_set_up_bodies(request.actor):
        raise NotAllowed(actions.who_sets_up())
    fields = ("name", "name_en", "phone", "office_hours", "since")
    form = forms.CorrectBody(sent(request), initial={name: getattr(found, name) for name in fields})
    return one_form(
        request,
        form,
        template="people/bodies/correct.html",
        act=lambda said: actions.correct_body(actor=request.actor, body=found, at=clock.now(), **said),
        then=lambda _made: redirect("people:body", pk=pk),
        body=found,
    )


@writes
def end_body(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.body_for(viewer=request.actor, pk=pk)
    if not policy.may_set_up_bodies(request.actor):
        raise NotAllowed(actions.who_sets_up())
    held = sum(count for _office, count in queries.offices_held(body=found, today=timezone.localdate(clock.now())))
    return one_form(
        request,
        sure(request),
        template="people/bodies/end.html",
        act=lambda _said: actions.end_body(actor=request.actor, body=found, at=clock.now()),
        then=lambda _made: redirect("people:body", pk=pk),
        body=found,
        held=held,
    )


@writes
def give_seat(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.body_for(viewer=request.actor, pk=pk)
    offices = policy.offices_to_give(request.actor, found)
    if not offices:
        raise NotAllowed(actions.who_gives(request.actor, found))
    form = forms.GiveSeat(
        sent(request),
        offices=offices,
        is_station=found.kind == Body.Kind.STATION,
        initial={"since": timezone.localdate(clock.now())},
    )
    return one_form(
        request,
        form,
        template="people/bodies/give.html",
        act=lambda said: actions.give_seat(actor=request.actor, body=found, at=clock.now(), **said),
        then=lambda _made: redirect("people:body", pk=pk),
        body=found,
    )


@writes
def end_seat(request: HttpRequest, pk: int) -> HttpResponse:
    seat = queries.seat_for(viewer=request.actor, pk=pk)
    return one_form(
        request,
        sure(request),
        template="people/bodies/end_seat.html",
        act=lambda _said: actions.end_seat(actor=request.actor, seat=seat, at=clock.now()),
        then=lambda _made: redirect("people:body", pk=seat.body_id),
        seat=seat,
    )


@writes
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    seat = queries.seat_for(viewer=request.actor, pk=pk)
    return one_form(
        request,
        forms.HandOver(sent(request)),
        template="people/bodies/hand_over.html",
        act=lambda said: actions.hand_over(actor=request.actor, seat=seat, at=clock.now(), **said),
        then=lambda _made: redirect("people:body", pk=seat.body_id),
        seat=seat,
    )
