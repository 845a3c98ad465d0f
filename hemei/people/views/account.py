"""One's own page and what one does there: for oneself, never through somebody who helps."""

from typing import Any

import segno
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import NotAllowed, Refused
from hemei.ledger.queries import timeline_of
from hemei.people import actions, codes, phones, policy, queries, sessions
from hemei.people.actions import second_factor
from hemei.people.actor import own
from hemei.people.forms import account as forms
from hemei.people.models import Passkey, Person, Seat
from hemei.people.views.signing_in import is_signed_in, next_of
from hemei.shell.sending import one_form, sent, writes

SECRET_SECONDS = 3600
HELPED_SHOWN = 3  # of the sittings in which somebody acted for one; all of them are a page of their own


def to_sign_in(request: HttpRequest) -> HttpResponse | None:
    """The way to the sign-in page and back, for whoever has no account in this session."""
    if is_signed_in(request):
        return None
    return redirect(f"{reverse('people:sign_in')}?next={request.path}")


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here: how I am called, my ties, my seats, my ways to sign in."""
    if away := to_sign_in(request):
        return away
    person = request.actor.person
    queries.with_trails([tie.place for tie in request.actor.ties])
    words = {
        "person": person,
        "phone": phones.shown(person.phone),
        "language_name": _language_of(person),
        "at_desk": policy.handles_ties(request.actor),
        "helped": queries.helped(list(queries.sittings_of(viewer=own(person))[:HELPED_SHOWN])),
    }
    return render(request, "people/me.html", words)


def _language_of(person: Person) -> str:
    return dict(forms.ChangeProfile.base_fields["language"].choices).get(person.language, "")


@never_cache
@writes
def profile(request: HttpRequest) -> HttpResponse:
    return _change_profile(request, forms.ChangeProfile, "people/profile.html", then=reverse("people:me"))


@never_cache
@writes
def welcome(request: HttpRequest) -> HttpResponse:
    """Right after the first sign-in: a nickname, if one likes."""
    then = next_of(request) or reverse("people:me")
    return _change_profile(request, forms.SayNickname, "people/welcome.html", then=then)


def _change_profile(request: HttpRequest, form_of: Any, template: str, *, then: str) -> HttpResponse:
    if away := to_sign_in(request):
        return away
    person = request.actor.person
    now = {"name": person.name, "nickname": person.nickname, "language": person.language or request.LANGUAGE_CODE}
    return one_form(
        request,
        form_of(sent(request), initial=now),
        template=template,
        act=lambda said: actions.change_profile(actor=request.actor, at=clock.now(), **{**now, **said}),
        then=lambda _changed: redirect(then),
        next=next_of(request),
        after=then,
    )


@never_cache
@writes
def act_as(request: HttpRequest) -> HttpResponse:
    """For which body one speaks, or for oneself; kept in the session, it changes nothing else."""
    if away := to_sign_in(request):
        return away
    if request.method == "POST":
        if request.actor.assistance is not None:
            raise Refused(_("End the sitting at the counter first: somebody is being acted for."))
        chosen = request.POST.get("seat", "")
        seat = next((seat for seat in request.actor.seats if str(seat.pk) == chosen), None)
        if chosen and seat is None:
            raise Http404
        if seat is not None and not request.actor.strong:
            raise NotAllowed(_("To speak for a body, sign in with your password and the app, or with a passkey."))
        sessions.speak_from(request, seat)
        return redirect(next_of(request) or "people:me")
    return render(request, "people/act_as.html", {"next": next_of(request)})


# ways to sign in


@never_cache
@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    """The ways one signs in by, and what happened to them."""
    if away := to_sign_in(request):
        return away
    person = request.actor.person
    words = {
        "may": second_factor.may_change_ways(request.actor) and not person.is_demo,
        "with_app": second_factor.has_password_with_app(person),
        "has_password": bool(person.password),
        "passkeys": Passkey.objects.filter(person=person).order_by("pk"),
        "lines": timeline_of(person, most=20),
        "phone": phones.shown(person.phone),
    }
    return render(request, "people/ways.html", words)


@never_cache
@sensitive_post_parameters("password")
@writes
def choose_password(request: HttpRequest) -> HttpResponse:
    """The first half of the strong way; the app is the second."""
    if away := may_not_change(request):
        return away

    def then(person: Person) -> HttpResponse:
        sessions.go_on(request, person)
        return redirect("people:ways" if second_factor.has_password_with_app(person) else "people:set_up_app")

    return one_form(
        request,
        forms.ChoosePassword(sent(request)),
        template="people/password.html",
        act=lambda said: actions.choose_password(actor=request.actor, at=clock.now(), **said),
        then=then,
    )


@never_cache
@sensitive_post_parameters("code", "asked")
@writes
def set_up_app(request: HttpRequest) -> HttpResponse:
    """A secret for the app, as a square and as letters; it counts once the app's code came back."""
    if away := may_not_change(request):
        return away
    person = request.actor.person
    if not person.password:
        return redirect("people:choose_password")
    secret = _secret_in(request.POST.get("asked", ""), person) or second_factor.new_secret()
    asked = signing.dumps({"secret": secret, "person": person.pk}, salt="hemei.app")
    form = forms.SetUpApp(
        {**request.POST.dict(), "asked": asked} if request.method == "POST" else None, initial={"asked": asked}
    )
    square = segno.make(second_factor.address_of_app(person, secret), error="m").svg_data_uri(scale=5, border=2)

    def then(_set_up: object) -> HttpResponse:
        sessions.grow_strong(request, person)
        return redirect("people:me")

    return one_form(
        request,
        form,
        template="people/app.html",
        act=lambda said: actions.set_up_app(actor=request.actor, secret=secret, code=said["code"], at=clock.now()),
        then=then,
        square=square,
        secret=codes.grouped(secret),
    )


def _secret_in(asked: str, person: Person) -> str:
    """The secret this page showed before; "" for none, for another person's and for one of yesterday."""
    try:
        said = signing.loads(asked, salt="hemei.app", max_age=SECRET_SECONDS)
    except signing.BadSignature:
        return ""
    return said["secret"] if said["person"] == person.pk else ""


@never_cache
@writes
def remove_app(request: HttpRequest) -> HttpResponse:
    if away := may_not_change(request):
        return away
    told, status = "", 200
    if request.method == "POST":
        try:
            sessions.go_on(request, actions.remove_app(actor=request.actor, at=clock.now()))
        except Refused as refusal:
            told, status = str(refusal), 422
        else:
            return redirect("people:ways")
    return render(request, "people/remove_app.html", {"told": told}, status=status)


def may_not_change(request: HttpRequest) -> HttpResponse | None:
    """Where to go instead, when the ways to sign in are not this session's to change."""
    if away := to_sign_in(request):
        return away
    if not second_factor.may_change_ways(request.actor):
        return redirect(f"{reverse('people:staff')}?next={request.path}")
    return None


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    if away := to_sign_in(request):
        return away
    sessions.go_on(request, actions.end_other_sessions(actor=request.actor, at=clock.now()))
    return redirect("people:ways")


# the number


@never_cache
@writes
def change_phone(request: HttpRequest) -> HttpResponse:
    """First the new number, then the codes that came to both."""
    if away := to_sign_in(request):
        return away
    if not second_factor.may_change_ways(request.actor):
        return redirect(f"{reverse('people:staff')}?next={request.path}")
    form, source = forms.AskPhoneChange(sent(request)), sessions.source_of(request)

    def then(_asked: object) -> HttpResponse:
        request.session["new_phone"] = form.cleaned_data["phone"]
        return redirect("people:confirm_phone")

    return one_form(
        request,
        form,
        template="people/phone.html",
        act=lambda said: actions.ask_phone_change(actor=request.actor, source=source, at=clock.now(), **said),
        then=then,
        phone=phones.shown(request.actor.person.phone),
    )


@never_cache
@writes
def confirm_phone(request: HttpRequest) -> HttpResponse:
    if away := to_sign_in(request):
        return away
    new, person = request.session.get("new_phone"), request.actor.person
    if not new:
        return redirect("people:me" if request.method == "POST" else "people:change_phone")
    form = forms.ChangePhone(sent(request))
    if not person.phone:
        del form.fields["old_code"]

    def act(said: dict[str, Any]) -> Person:
        codes_typed = {"code": said["code"], "old_code": said.get("old_code", "")}
        source = sessions.source_of(request)
        return actions.change_phone(actor=request.actor, phone=new, source=source, at=clock.now(), **codes_typed)

    def then(changed: Person) -> HttpResponse:
        del request.session["new_phone"]
        sessions.go_on(request, changed)
        return redirect("people:me")

    return one_form(
        request,
        form,
        template="people/confirm_phone.html",
        act=act,
        then=then,
        new=phones.shown(new),
        phone=phones.shown(person.phone),
    )


# what is kept, and the end


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    if away := to_sign_in(request):
        return away
    kept = actions.export_own_data(actor=request.actor, at=clock.now())
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="hemei.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@never_cache
@writes
def close(request: HttpRequest) -> HttpResponse:
    """What is kept and why, first; then the end of the account."""
    if away := to_sign_in(request):
        return away

    def then(_closed: object) -> HttpResponse:
        sessions.sign_out(request)
        return render(request, "people/closed.html")

    return one_form(
        request,
        forms.CloseAccount(sent(request)),
        template="people/close.html",
        act=lambda _said: actions.close_account(actor=request.actor, at=clock.now()),
        then=then,
    )


# for somebody who lost their ways in


@never_cache
@writes
def begin_anew(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator hands somebody with a seat a code for a new first sign-in; it is shown once, on this answer."""
    seat = Seat.objects.filter(pk=pk, ended_at=None).select_related("person", "body").first()
    if seat is None or not request.actor.is_administrator:
        raise Http404
    words: dict[str, Any] = {"seat": seat, "told": "", "code": ""}
    if request.method == "POST":
        try:
            code = actions.give_first_code(actor=request.actor, person=seat.person, at=clock.now())
        except Refused as refusal:
            words["told"] = str(refusal)
        else:
            words |= {"code": codes.grouped(code), "where": request.build_absolute_uri(reverse("people:first"))}
    return render(request, "people/begin_anew.html", words, status=422 if words["told"] else 200)
