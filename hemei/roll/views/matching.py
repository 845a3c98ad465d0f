"""Letters to owners, who is which owner, and one's own homes by the roll."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.base.text import searched
from hemei.people import codes, sessions
from hemei.people import queries as people
from hemei.people.models import Person
from hemei.people.policy import sits_at_a_desk
from hemei.people.queries import with_trails
from hemei.people.views.ties import to_sign_in
from hemei.roll import policy
from hemei.roll.actions import letters as letters_actions
from hemei.roll.actions import matching as actions
from hemei.roll.forms import matching as forms
from hemei.roll.models import Match, Roll, Unit
from hemei.roll.queries import keeping, matching
from hemei.roll.views.lists import private
from hemei.shell.asking import number_in, page_in
from hemei.shell.sending import answer, beside_its_field, one_form, sent, sure, writes

PER_PAGE = 20


# one's own


@never_cache
@writes
def match(request: HttpRequest) -> HttpResponse:
    """Type the code from the letter."""
    if request.actor.is_guest:
        return to_sign_in(request)
    source = sessions.source_of(request)
    return one_form(
        request,
        forms.TypeOwnerCode(sent(request)),
        template="roll/match.html",
        act=lambda said: actions.match_by_letter(actor=request.actor, source=source, at=clock.now(), **said),
        then=lambda _made: redirect("roll:matches"),
    )


@never_cache
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """Which homes the person acted for owns by the roll."""
    if request.actor.is_guest:
        return to_sign_in(request)
    mine, ended = matching.my_matches(viewer=request.actor)
    bodies = matching.whom_to_ask([one.match.owner.roll for one in mine])
    return render(request, "roll/matches.html", {"mine": mine, "ended": ended, "bodies": bodies})


@never_cache
@writes
def end_match(request: HttpRequest, pk: int) -> HttpResponse:
    found = matching.match_to_end(request.actor, pk)
    is_own = request.actor.key == found.person_id
    estate = found.owner.roll.place
    keeps = policy.may_keep(request.actor, estate)

    def then(_ended: Match) -> HttpResponse:
        if is_own:
            return redirect("roll:matches")
        return redirect("roll:letters", pk=estate.pk) if keeps else redirect("people:me")

    return one_form(
        request,
        sure(request) if is_own else forms.EndMatch(sent(request)),
        template="roll/end_match.html",
        act=lambda said: actions.end_match(actor=request.actor, match=found, at=clock.now(), **said),
        then=then,
        match=found,
        is_own=is_own,
        keeps=keeps,
    )


# letters


@private
@require_safe
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has a letter, who is matched."""
    roll = keeping.roll_for(request.actor, pk)
    return _letters(request, roll, forms.PrintLetters(units=[]))


def _letters(
    request: HttpRequest, roll: Roll, form: forms.PrintLetters, refusal: Refused | None = None
) -> HttpResponse:
    words = searched(request.GET.get("words", ""), most=keeping.FOUND_WORDS_MAX)
    found = keeping.units_found(roll, words)
    only = "open" if request.GET.get("only") == "open" else ""
    page = page_in(request, matching.not_matched(found) if only else found, PER_PAGE)
    far = matching.reached(holding.owner for unit in page.object_list for holding in unit.now)
    rows = [
        {
            "unit": unit,
            "doors": keeping.doors_of(unit.place, roll.place_id),
            "owners": [(holding.owner, far[holding.owner_id]) for holding in unit.now],
        }
        for unit in page.object_list
    ]
    base = "&".join(part for part in (f"words={words}" if words else "", f"only={only}" if only else "") if part)
    told = {
        "roll": roll,
        "form": form,
        "refusal": refusal,
        "page": page,
        "rows": rows,
        "words": words,
        "only": only,
        "base": base,
        "figures": matching.figures_of_letters(roll),
        "at_once": letters_actions.LETTERS_AT_ONCE,
    }
    return answer(request, "roll/letters.html", told, refusal)


@private
@require_POST
def print_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets are the answer itself; printed with the same form again, they are the same."""
    roll = keeping.roll_for(request.actor, pk)
    ticked = [int(key) for key in request.POST.getlist("units")[:200] if key.isascii() and key.isdigit()]
    units = list(Unit.objects.filter(roll=roll, pk__in=ticked))
    form = forms.PrintLetters(request.POST, units=[unit.pk for unit in units])
    refusal = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            printed = letters_actions.print_letters(
                actor=request.actor,
                roll=roll,
                units=units,
                rest=said["rest"],
                form_key=said["form_key"],
                at=clock.now(),
            )
        except Refused as told:
            refusal = beside_its_field(form, told)
        else:
            return _sheets_of(request, roll, printed)
    return _letters(request, roll, form, refusal)


def _sheets_of(request: HttpRequest, roll: Roll, printed: list[letters_actions.Printed]) -> HttpResponse:
    with_trails([one.letter.unit.place for one in printed])
    address = request.build_absolute_uri(reverse("roll:match"))
    words = {
        "roll": roll,
        "sheets": [
            {
                "letter": one.letter,
                "code": codes.grouped(one.code),
                "until": one.letter.made_at + letters_actions.VALID_FOR,
            }
            for one in sorted(printed, key=lambda one: (one.letter.unit.number, one.letter.pk))
        ],
        "address": address,
        "elder_address": request.build_absolute_uri(reverse("shell:elder")),
        "qr": _qr(address, _("Address of the page where the code is typed")),
        "body": request.actor.seat.body,
    }
    return render(request, "roll/letter.html", words)


def _qr(address: str, told: str) -> str:
    return segno.make(address, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None, title=told
    )


@private
@writes
def deliver_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Which letters went into their boxes, and on which day."""
    roll = keeping.roll_for(request.actor, pk)
    page = page_in(request, matching.letters_not_delivered(roll), letters_actions.LETTERS_AT_ONCE)
    shown = {letter.pk: letter for letter in page.object_list}
    form = forms.DeliverLetters(sent(request), letters=shown)
    return one_form(
        request,
        form,
        template="roll/deliver_letters.html",
        act=lambda said: letters_actions.deliver_letters(
            actor=request.actor,
            roll=roll,
            letters=[shown[key] for key in said["letters"]],
            on=said["on"],
            at=clock.now(),
        ),
        then=lambda _changed: redirect("roll:letters", pk=pk),
        roll=roll,
        page=page,
        rows=[(letter, keeping.doors_of(letter.unit.place, roll.place_id)) for letter in page.object_list],
    )


@private
@writes
def call_off_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter that was lost, or is in the wrong hands."""
    owner = matching.owner_for(request.actor, pk)
    return one_form(
        request,
        sure(request),
        template="roll/call_off_letters.html",
        act=lambda _said: letters_actions.call_off_letters(actor=request.actor, owner=owner, at=clock.now()),
        then=lambda _ended: redirect("roll:letters", pk=owner.roll.place_id),
        owner=owner,
    )


@private
@writes
def match_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Sheets to homes of whose match nobody else could be told. What is ticked is the answer itself."""
    roll = keeping.roll_for(request.actor, pk)
    bound = request.method == "POST"
    due = list(matching.sheets_to_print(roll, printed=bound)[: letters_actions.LETTERS_AT_ONCE])
    form = forms.PrintSheets(sent(request), matches=[one.pk for one in due])
    refusal = None
    if bound and form.is_valid():
        chosen = [one for one in due if one.pk in form.cleaned_data["sheets"]]
        try:
            printed = actions.print_match_sheets(actor=request.actor, roll=roll, matches=chosen, at=clock.now())
        except Refused as told:
            refusal = beside_its_field(form, told)
        else:
            return _match_sheets(request, roll, printed)
    homes = matching.homes_of_owners([one.owner_id for one in due])
    words = {"roll": roll, "form": form, "refusal": refusal, "rows": [(one, homes[one.owner_id]) for one in due]}
    return answer(request, "roll/match_sheets.html", words, refusal)


def _match_sheets(request: HttpRequest, roll: Roll, printed: list[Match]) -> HttpResponse:
    homes = matching.homes_of_owners([one.owner_id for one in printed])
    words = {
        "roll": roll,
        "sheets": [
            {"match": one, "home": unit.place, "until": matching.answer_until(one)}
            for one in printed
            for unit in homes[one.owner_id]
        ],
        "body": request.actor.seat.body,
    }
    return render(request, "roll/match_sheet.html", words)


# by a clerk


@private
@writes
def match_by_clerk(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose account: found by name at the desk (?words=, ?person=), or by its whole number; then once more in words."""
    at, actor = clock.now(), request.actor
    owner = matching.owner_for(actor, pk)
    key = number_in(request, "person")
    chosen = people.person_to_help(viewer=actor, pk=key, at=at) if key else None
    form = forms.MatchByClerk(sent(request))
    if chosen is not None:
        del form.fields["phone"]
    asked = searched(request.GET.get("words", ""), most=80)
    words: dict[str, Any] = {
        "owner": owner,
        "homes": matching.homes_of_owners([owner.pk])[owner.pk],
        "person": chosen,
        "may_look": sits_at_a_desk(actor),
        "words": asked,
        "found": people.people_found(viewer=actor, words=asked, at=at)[:20] if asked else [],
        "form": form,
        "refusal": None,
    }
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            person = chosen or actions.look_up_account(actor=actor, owner=owner, phone=said["phone"], at=at)
            if not said["sure"]:
                return render(request, "roll/match_sure.html", words | {"person": person})
            _write_match(request, owner=owner, person=person, said=said)
        except Refused as told:
            words["refusal"] = beside_its_field(form, told)
        else:
            return redirect("roll:letters", pk=owner.roll.place_id)
    return answer(request, "roll/match_by_clerk.html", words, words["refusal"])


def _write_match(request: HttpRequest, *, owner: Any, person: Person, said: dict[str, Any]) -> None:
    actions.match_by_clerk(
        actor=request.actor,
        owner=owner,
        person=person,
        ground=said["ground"],
        form_key=said["form_key"],
        at=clock.now(),
    )
