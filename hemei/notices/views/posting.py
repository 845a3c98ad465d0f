"""Posted notices: the list, the page behind the QR code, the paper itself, and the acts of those who put it up."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hemei.base import clock, uploads
from hemei.base.errors import NotAllowed
from hemei.ledger.queries import in_groups
from hemei.matters.models import Matter
from hemei.matters.queries import matter_for
from hemei.notices import actions, forms, paper, policy, queries
from hemei.notices.actions import posting as posting_actions
from hemei.places.models import Place
from hemei.places.queries import place_for
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import one_form, sent, writes

PER_PAGE, POSTINGS_A_PAGE = 20, 50
STATES = ("", "hanging", "down", "void")


def _place(request: HttpRequest) -> Place | None:
    """The place named in the address; None where none is; Http404 for what is hidden or not there."""
    return place_for(request.actor, number_in(request, "place") or 0) if request.GET.get("place") else None


def _matter(request: HttpRequest) -> Matter | None:
    """The matter named in the address, if any; Http404 for what the reader may not see."""
    pk = number_in(request, "matter")
    return matter_for(viewer=request.actor, pk=pk) if pk is not None else None


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """Posted notices of a place or about a matter, the newest first."""
    place, about = _place(request), _matter(request)
    state = request.GET.get("state", "") if request.GET.get("state", "") in STATES else ""
    rows = queries.sheets_in(viewer=request.actor, place=place, matter=about, state=state)
    page = page_in(request, rows, PER_PAGE)
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
    page = page_in(request, queries.postings_of(found), POSTINGS_A_PAGE)
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

    def act(said: dict[str, Any]) -> Any:
        chosen = next((one for one in matters if one.pk == said["matter"]), None)
        return actions.make_sheet(actor=request.actor, place=place, at=clock.now(), **{**said, "matter": chosen})

    return one_form(
        request,
        forms.MakeSheet(sent(request), matters=matters, initial={"matter": about.pk} if about else {}),
        template="notices/make_sheet.html",
        act=act,
        then=lambda made: redirect("notices:sheet", pk=made.pk),
        place=place,
    )


@writes
def void_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.sheet_for(viewer=request.actor, pk=pk)
    if not policy.may_void(request.actor, found):
        raise NotAllowed(posting_actions.who_may_void())
    return one_form(
        request,
        forms.VoidSheet(sent(request)),
        template="notices/void_sheet.html",
        act=lambda said: actions.void_sheet(actor=request.actor, sheet=found, at=clock.now(), **said),
        then=lambda _made: redirect("notices:sheet", pk=pk),
        sheet=found,
    )


@writes
def post_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.sheet_for(viewer=request.actor, pk=pk)
    if not policy.may_post(request.actor, found):
        raise NotAllowed(posting_actions.who_may_post())

    def act(said: dict[str, Any]) -> object:
        place = Place.objects.get(pk=said["place"])
        return actions.post_sheet(actor=request.actor, sheet=found, at=clock.now(), **{**said, "place": place})

    return one_form(
        request,
        forms.PostSheet(sent(request), request.FILES or None, places=queries.places_to_hang(found)),
        template="notices/post_sheet.html",
        act=act,
        then=lambda _made: redirect("notices:sheet", pk=pk),
        sheet=found,
    )


@writes
def take_down(request: HttpRequest, pk: int, posting: int) -> HttpResponse:
    found = queries.posting_for(viewer=request.actor, pk=pk, posting=posting)
    if not policy.may_post(request.actor, found.notice):
        raise NotAllowed(posting_actions.who_may_post())
    return one_form(
        request,
        forms.TakeDown(sent(request)),
        template="notices/take_down.html",
        act=lambda said: actions.take_down(actor=request.actor, posting=found, at=clock.now(), **said),
        then=lambda _made: redirect("notices:sheet", pk=pk),
        posting=found,
        sheet=found.notice,
    )
