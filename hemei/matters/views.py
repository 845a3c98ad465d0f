"""Pages of matters: the list, one matter, and a form for each act of those who look after it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed
from hemei.matters import actions, forms, policy, queries
from hemei.matters.models import Matter
from hemei.places.queries import place_for
from hemei.shell.asking import page_in
from hemei.shell.panels import panels
from hemei.shell.sending import one_form, sent, writes

PER_PAGE = 20


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """Every matter the reader may see, narrowed by place, state and words."""
    chosen = forms.Filters(request.GET).told()
    place = None
    if chosen["place"] is not None:
        place = place_for(request.actor, chosen["place"])
    state, words = chosen["state"] or "", chosen["words"] or ""
    rows = queries.matters_in(viewer=request.actor, place=place, state=state, words=words)
    page = page_in(request, rows, PER_PAGE)
    page.object_list = [queries.with_step(row) for row in page.object_list]
    kept = {"place": place.pk if place else "", "words": words}
    return render(
        request,
        "matters/matters.html",
        {
            "page": page,
            "place": place,
            "state": state,
            "words": words,
            "kept": urlencode({name: value for name, value in kept.items() if value}),
            "base": urlencode({name: value for name, value in {**kept, "state": state}.items() if value}),
        },
    )


@require_safe
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a matter stands, what is owed on it, and everything that happened."""
    found = queries.matter_for(viewer=request.actor, pk=pk)
    given = request.GET.get("before", "")[:9]
    before = int(given) if given.isascii() and given.isdigit() else None
    rooms = panels("matter_panel", after="matters", about=found, request=request)
    return render(
        request,
        "matters/matter.html",
        {
            "matter": found,
            "steps": queries.steps_of(found),
            "step": queries.step_reached(found),
            "timeline": queries.timeline(matter=found, before=before),
            "before": before,
            "line": queries.chain_line(found),
            "address": _address(request, found),
            "aside": rooms.pop("notices", ""),
            "panels": list(rooms.values()),
            "may_look_after": policy.may_look_after(request.actor, found),
        },
    )


def _address(request: HttpRequest, found: Matter) -> str:
    """What can be passed on in a chat: only of what everybody may see."""
    shown = found.visibility == Matter.Visibility.PUBLIC
    return request.build_absolute_uri(reverse("matters:matter", args=[found.pk])) if shown else ""


def _act(
    request: HttpRequest,
    pk: int,
    *,
    kind: type[Form],
    template: str,
    act: Callable[..., object],
    initial: Callable[[Matter], dict[str, Any]] = lambda _matter: {},
) -> HttpResponse:
    """One form about one matter; the reader who may not see it gets 404, who may not do it 403."""
    found = queries.matter_for(viewer=request.actor, pk=pk)
    if not policy.may_look_after(request.actor, found):
        raise NotAllowed(actions.who_may_look_after())

    def then(_done: object) -> HttpResponse:
        gone = not policy.may_see(request.actor, Matter.objects.get(pk=pk))
        return redirect("matters:matters") if gone else redirect("matters:matter", pk=pk)

    return one_form(
        request,
        kind(sent(request), initial=initial(found)),
        template=f"matters/{template}.html",
        act=lambda said: act(actor=request.actor, matter=found, at=clock.now(), **said),
        then=then,
        matter=found,
    )


@writes
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, kind=forms.TellWhatHappened, template="tell", act=actions.tell_what_happened)


@writes
def change_visibility(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        kind=forms.ChangeVisibility,
        template="visibility",
        act=actions.change_visibility,
        initial=lambda found: {"visibility": found.visibility},
    )


@writes
def close_matter(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, kind=forms.CloseMatter, template="close", act=actions.close_matter)


@writes
def reopen_matter(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, kind=forms.ReopenMatter, template="reopen", act=actions.reopen_matter)
