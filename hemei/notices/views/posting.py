"""Posted notices: the list, the page behind the QR code, the paper itself, and the acts of those who put it up."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.ledger.queries import in_groups
from hemei.matters.models import Matter
from hemei.matters.queries import matter_for
from hemei.notices import actions, forms, paper, policy, queries
from hemei.notices.actions import posting as posting_actions
from hemei.places.models import Place
from hemei.places.queries import place_for

PER_PAGE, POSTINGS_A_PAGE = 20, 50
STATES = ("", "hanging", "down", "void")
writes = require_http_methods(["GET", "HEAD", "POST"])


def _place(request: HttpRequest) -> Place | None:
    """The place named in the address; None where none is; Http404 for what is hidden or not there."""
    given = request.GET.get("place", "")[:18]
    if not given:
        return None
    return place_for(request.actor, int(given) if given.isascii() and given.isdigit() else 0)


def _matter(request: HttpRequest) -> Matter | None:
    """The matter named in the address, if any; Http404 for what the reader may not see."""
    given = request.GET.get("matter", "")[:18]
    return matter_for(viewer=request.actor, pk=int(given)) if given.isascii() and given.isdigit() else None


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """Posted notices of a place or about a matter, the newest first."""
    place, about = _place(request), _matter(request)
    state = request.GET.get("state", "") if request.GET.get("state", "") in STATES else ""
    rows = queries.sheets_in(viewer=request.actor, place=place, matter=about, state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page", "")[:9])
    kept = f"place={place.pk}" if place else f"matter={about.pk}" if about else ""
    seat = request.actor.seat
    where = place or (seat.body.place if seat else None)
    return render(
        request,
        "notices/sheets.html",
        {
            "page": page,
            "place": place,
            "matter": about,
            "state": state,
            "kept": kept,
            "base": "&".join(part for part in (kept, f"state={state}" if state else "") if part),
            "may_print_at": where if where is not None and policy.may_print(request.actor, where) else None,
        },
    )


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the sheet says and where it hangs, for whoever scans it."""
    found = queries.sheet_for(viewer=request.actor, pk=pk)
    page = Paginator(queries.postings_of(found), POSTINGS_A_PAGE).get_page(request.GET.get("page", "")[:9])
    return render(
        request,
        "notices/sheet.html",
        {
            "sheet": found,
            "page": page,
            "hangs": found.postings.filter(removed_at=None).count(),
            "mark": paper.mark(found.serial, found.title, found.text),
            "sees_photos": policy.may_see_photo(request.actor, found),
            "may_post": policy.may_post(request.actor, found) and found.voided_at is None,
            "may_take_down": policy.may_post(request.actor, found),
            "may_void": policy.may_void(request.actor, found) and found.voided_at is None,
        },
    )


@require_safe
def sheet_on_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of A4, in the sheet's own language."""
    found = queries.sheet_for(viewer=request.actor, pk=pk)
    if found.voided_at is not None:
        return redirect("notices:sheet", pk=pk)
    with translation.override(found.language):
        address = request.build_absolute_uri(reverse("notices:sheet", args=[pk]))
        words = {
            "sheet": found,
            "language": found.language,
            "svg": paper.qr(address, _("Way to this notice on the website")),
            "address": address,
            "mark": paper.mark(found.serial, found.title, found.text),
            "seal": in_groups(found.seal[:16]),
        }
        return render(request, "notices/paper.html", words)


@require_safe
def photo(request: HttpRequest, pk: int, posting: int) -> HttpResponseBase:
    return uploads.answer(queries.photo_for(viewer=request.actor, pk=pk, posting=posting))


@writes
def make_sheet(request: HttpRequest) -> HttpResponse:
    """?place= where it will hang; ?matter= the matter it is about."""
    about, seat = _matter(request), request.actor.seat
    place = _place(request) or (about.place if about else seat.body.place if seat else None)
    if place is None or not policy.may_print(request.actor, place):
        raise NotAllowed(posting_actions.who_may_print())
    matters = queries.matters_to_choose(viewer=request.actor, place=place)
    if about is not None and about not in matters and about.visibility == Matter.Visibility.PUBLIC:
        matters.insert(0, about)
    initial = {"matter": about.pk} if about else {}
    form = forms.MakeSheet(request.POST or None, matters=matters, initial=initial)
    status = 422 if form.errors else 200
    if form.is_valid():
        sent = dict(form.cleaned_data)
        sent["matter"] = next((one for one in matters if one.pk == sent["matter"]), None)
        try:
            made = actions.make_sheet(actor=request.actor, place=place, at=clock.now(), **sent)
        except Refused as refusal:
            status = _told(form, refusal)
        else:
            return redirect("notices:sheet", pk=made.pk)
    return render(request, "notices/make_sheet.html", {"form": form, "place": place}, status=status)


@writes
def void_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.sheet_for(viewer=request.actor, pk=pk)
    if not policy.may_void(request.actor, found):
        raise NotAllowed(posting_actions.who_may_void())
    form = forms.VoidSheet(request.POST or None)
    return _act(request, pk, form, template="void_sheet", about={"sheet": found}, act=actions.void_sheet)


@writes
def post_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.sheet_for(viewer=request.actor, pk=pk)
    if not policy.may_post(request.actor, found):
        raise NotAllowed(posting_actions.who_may_post())
    form = forms.PostSheet(request.POST or None, request.FILES or None, places=queries.places_to_hang(found))

    def act(place: int, **sent: Any) -> object:
        return actions.post_sheet(place=Place.objects.get(pk=place), **sent)

    return _act(request, pk, form, template="post_sheet", about={"sheet": found}, act=act)


@writes
def take_down(request: HttpRequest, pk: int, posting: int) -> HttpResponse:
    found = queries.posting_for(viewer=request.actor, pk=pk, posting=posting)
    if not policy.may_post(request.actor, found.notice):
        raise NotAllowed(posting_actions.who_may_post())
    form = forms.TakeDown(request.POST or None)
    return _act(
        request, pk, form, template="take_down", about={"posting": found}, act=actions.take_down, sheet=found.notice
    )


def _act(
    request: HttpRequest, pk: int, form: Any, *, template: str, about: dict[str, Any], act: Any, **shown: Any
) -> HttpResponse:
    """One form about one sheet: done and back to its page, or the page again with why not."""
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            act(actor=request.actor, at=clock.now(), **about, **form.cleaned_data)
        except Refused as refusal:
            status = _told(form, refusal)
        else:
            return redirect("notices:sheet", pk=pk)
    return render(request, f"notices/{template}.html", {"form": form, **about, **shown}, status=status)


def _told(form: Any, refusal: Refused) -> int:
    """Puts the refusal on the form; the status it is answered with."""
    form.add_error(refusal.field, str(refusal))
    return 429 if isinstance(refusal, TooMany) else 422
