"""The clerk's desk: people found and helped, ties confirmed, letters and slips printed."""

import itertools
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.base.text import searched
from hemei.people import codes, phones, policy, queries
from hemei.people.actions import assistance, slips
from hemei.people.actions import ties as actions
from hemei.people.forms import counter as forms
from hemei.people.picking import picked
from hemei.shell.asking import page_in
from hemei.shell.panels import panels
from hemei.shell.sending import one_form, sent, sure, writes

PER_PAGE = 20


def _desk_only(request: HttpRequest) -> None:
    if not policy.sits_at_a_desk(request.actor) or request.actor.assistance is not None:
        raise NotAllowed(_("This is the desk of clerks. Speak for your committee, street office or station first."))


def _ties_only(request: HttpRequest) -> None:
    if not policy.handles_ties(request.actor):
        raise NotAllowed(_("Ties are confirmed by clerks. Speak for your committee, street office or station first."))


@never_cache
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """One page to work from. In a sitting it says for whom, and ends it."""
    at = clock.now()
    if request.actor.assistance is not None:
        ends_at = request.actor.assistance.began_at + policy.SITTING
        return render(request, "people/counter/sitting.html", {"sitting": request.actor.assistance, "ends_at": ends_at})
    if not policy.sits_at_a_desk(request.actor) and request.actor.is_administrator:
        return redirect("people:ties_to_confirm")
    _desk_only(request)
    desk = queries.counter_of(viewer=request.actor, at=at)
    words = searched(request.GET.get("words", ""), most=80)
    found = queries.people_found(viewer=request.actor, words=words, at=at) if words else []
    # what waits in other rooms is told while nobody is looked for
    elsewhere = {} if words else panels("counter_panel", after="people", about=desk.body, request=request)
    return render(
        request,
        "people/counter/counter.html",
        {
            "desk": desk,
            "at": at,
            "words": words,
            "found": found[: queries.FOUND_MAX],
            "more": len(found) > queries.FOUND_MAX,
            "panels": elsewhere.values(),
        },
    )


# ties


@never_cache
@require_safe
def ties_to_confirm(request: HttpRequest) -> HttpResponse:
    _ties_only(request)
    waiting = queries.ties_to_confirm(viewer=request.actor)
    page = page_in(request, waiting, PER_PAGE)
    queries.with_trails([tie.place for tie in page.object_list])
    return render(request, "people/counter/ties.html", {"page": page, "at": clock.now()})


@never_cache
@writes
def confirm_tie(request: HttpRequest, pk: int) -> HttpResponse:
    """First how it was checked, then once more in words before it holds."""
    tie = queries.tie_to_judge(viewer=request.actor, pk=pk)
    form = forms.ConfirmTie(sent(request))
    words = {"tie": tie, "form": form}
    if form.is_bound and form.is_valid() and not form.cleaned_data["sure"]:
        return render(request, "people/counter/confirm_sure.html", words)
    return one_form(
        request,
        form,
        template="people/counter/confirm.html",
        act=lambda said: actions.confirm_by_clerk(actor=request.actor, tie=tie, ground=said["ground"], at=clock.now()),
        then=lambda _made: redirect("people:ties_to_confirm"),
        tie=tie,
    )


@never_cache
@writes
def refuse_tie(request: HttpRequest, pk: int) -> HttpResponse:
    tie = queries.tie_to_judge(viewer=request.actor, pk=pk)
    return one_form(
        request,
        forms.RefuseTie(sent(request)),
        template="people/counter/refuse.html",
        act=lambda said: actions.refuse_tie(actor=request.actor, tie=tie, at=clock.now(), **said),
        then=lambda _made: redirect("people:ties_to_confirm"),
        tie=tie,
    )


@never_cache
@writes
def letters_to_print(request: HttpRequest) -> HttpResponse:
    """The letters asked for, by stairwell; what is ticked is printed, one sheet for each home."""
    _ties_only(request)
    wanted = list(queries.letters_to_print(viewer=request.actor)[: actions.LETTERS_AT_ONCE])
    bound = request.method == "POST"
    # a sheet sent to the printer twice: what was printed a moment ago is not wanted any more, and is printed again
    ticked = [int(key) for key in request.POST.getlist("ties")[:200] if key.isascii() and key.isdigit()]
    known = list(queries.ties_to_confirm(viewer=request.actor).filter(pk__in=ticked)) if bound else wanted
    form = forms.PrintLetters(request.POST if bound else None, ties=known)
    status = 200
    if bound and form.is_valid():
        chosen = [tie for tie in known if tie.pk in form.cleaned_data["ties"]]
        try:
            letters = actions.print_letters(
                actor=request.actor, ties=chosen, form_key=form.cleaned_data["form_key"], at=clock.now()
            )
        except Refused as refusal:
            form.add_error("ties", str(refusal))
        else:
            return _letters(request, letters)
    status = 422 if form.errors else 200
    queries.with_trails([tie.place for tie in wanted])
    stairwells = [
        (trail, list(group)) for trail, group in itertools.groupby(wanted, key=lambda tie: tie.place.trail[:-1])
    ]
    words = {"form": form, "stairwells": stairwells, "total": queries.letters_to_print(viewer=request.actor).count()}
    return render(request, "people/counter/letters.html", words, status=status)


def _letters(request: HttpRequest, letters: list[actions.Letter]) -> HttpResponse:
    queries.with_trails([letter.tie.place for letter in letters])
    by_home = itertools.groupby(
        sorted(letters, key=lambda letter: (letter.tie.place.path, letter.tie.pk)), key=lambda letter: letter.tie.place
    )
    address = request.build_absolute_uri(reverse("people:ties"))
    sheets = [
        (home, [{"tie": letter.tie, "code": codes.grouped(letter.code)} for letter in group]) for home, group in by_home
    ]
    words = {
        "sheets": sheets,
        "address": address,
        "qr": _qr(address, _("Address of the page where the code is typed")),
        "until": clock.now() + actions.LETTER_VALID_FOR,
        "body": request.actor.seat.body,
    }
    return render(request, "people/counter/letter.html", words)


def _qr(address: str, told: str) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None, title=told
    )


# people


@never_cache
@writes
def take_in(request: HttpRequest) -> HttpResponse:
    """Somebody without an account: where they belong (?place=), then their name."""
    _desk_only(request)
    picking = picked(request, within=request.actor.seat.body.place)
    if request.method == "POST" and picking.place is None:
        raise Http404
    return one_form(
        request,
        forms.TakeIn(sent(request)),
        template="people/counter/take_in.html",
        act=lambda said: assistance.take_in(actor=request.actor, place=picking.place, at=clock.now(), **said),
        then=lambda person: redirect("people:record", pk=person.pk),
        picking=picking,
        may_be_chosen=picking.place is not None and picking.place.kind in actions.TIED_TO,
    )


@never_cache
@writes
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's record. Opening it is an act the person can see; it then stands open for a while."""
    _desk_only(request)
    at = clock.now()
    person = queries.person_to_help(viewer=request.actor, pk=pk, at=at)
    if request.method == "POST":
        assistance.open_record(actor=request.actor, person=person, at=at)
        return redirect("people:record", pk=pk)
    if not queries.stands_open(request.actor, person, at):
        return render(request, "people/counter/closed.html", {"person": person})
    words = {
        "person": person,
        "phone": phones.shown(person.phone),
        "ties": queries.ties_of(viewer=request.actor, person=person),
        "slips": queries.live_slips(person, at),
        "form": forms.Keyed(),
        "at": at,
    }
    return render(request, "people/counter/record.html", words)


@never_cache
@writes
def begin_sitting(request: HttpRequest, pk: int) -> HttpResponse:
    _desk_only(request)
    at = clock.now()
    person = queries.person_to_help(viewer=request.actor, pk=pk, at=at)

    def then(sitting: Any) -> HttpResponse:
        request.session["assistance"] = sitting.pk
        return redirect("people:counter")

    return one_form(
        request,
        forms.BeginSitting(sent(request), request.FILES or None),
        template="people/counter/begin.html",
        act=lambda said: assistance.begin_sitting(actor=request.actor, person=person, at=at, **said),
        then=then,
        person=person,
    )


@require_POST
def end_sitting(request: HttpRequest) -> HttpResponse:
    if request.actor.assistance is not None:
        assistance.end_sitting(actor=request.actor, sitting=request.actor.assistance, at=clock.now())
    request.session.pop("assistance", None)
    return redirect("people:counter")


@never_cache
@require_POST
def print_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet is the answer itself: its codes are shown once."""
    _desk_only(request)
    at = clock.now()
    person = queries.person_to_help(viewer=request.actor, pk=pk, at=at)
    form = forms.Keyed(request.POST)
    if not form.is_valid():
        return redirect("people:record", pk=pk)
    slip = slips.print_slip(actor=request.actor, person=person, form_key=form.cleaned_data["form_key"], at=at)
    address = request.build_absolute_uri(reverse("people:slip"))
    words = {
        "slip": slip,
        "codes": [codes.grouped(code) for code in slip.sign_in],
        "claim": codes.grouped(slip.claim),
        "address": address,
        "elder_address": request.build_absolute_uri(reverse("shell:elder")),
        "claim_address": request.build_absolute_uri(reverse("people:claim_record")),
        "qr": _qr(address, _("Address of the page where one signs in with a slip")),
        "body": request.actor.seat.body,
    }
    return render(request, "people/counter/slip.html", words)


@writes
def revoke_slips(request: HttpRequest, pk: int) -> HttpResponse:
    _desk_only(request)
    person = queries.person_to_help(viewer=request.actor, pk=pk, at=clock.now())
    return one_form(
        request,
        sure(request),
        template="people/counter/revoke.html",
        act=lambda _said: slips.revoke_slips(actor=request.actor, person=person, at=clock.now()),
        then=lambda _ended: redirect("people:record", pk=pk),
        person=person,
    )


# contests


@never_cache
@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    _ties_only(request)
    waiting = queries.contests(viewer=request.actor, at=clock.now())
    page = page_in(request, waiting, PER_PAGE)
    return render(request, "people/counter/contests.html", {"page": page, "at": clock.now()})


@never_cache
@writes
def answer_contest(request: HttpRequest, pk: int) -> HttpResponse:
    at = clock.now()
    sitting = queries.contest_for(viewer=request.actor, pk=pk, at=at)
    [done] = queries.helped([sitting])
    return one_form(
        request,
        forms.AnswerContest(sent(request)),
        template="people/counter/answer.html",
        act=lambda said: assistance.answer_contest(actor=request.actor, sitting=sitting, at=at, **said),
        then=lambda _made: redirect("people:contests"),
        sitting=sitting,
        one=done,
    )
