"""Pages for signing in and out. A code is used by sending the form, never by opening an address."""

import ipaddress
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import Refused, TooMany
from hemei.people import actions, passkeys, phones, sessions
from hemei.people.actions.signing_in import SignedIn
from hemei.people.actor import own
from hemei.people.demo import demo_people
from hemei.people.forms import account as forms
from hemei.people.models import Person

ADDRESS_MAX = 500


def refused(form: django_forms.Form, refusal: Refused) -> int:
    """Put the refusal beside its field, and say with which status the page is answered."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return 429 if isinstance(refusal, TooMany) else 422


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: an empty one that was sent is looked at too."""
    return request.POST if request.method == "POST" else None


def answer(
    request: HttpRequest, template: str, form: django_forms.Form, status: int = 200, **words: Any
) -> HttpResponse:
    """The page with its form; 422 when something in it cannot stand."""
    status = status if status != 200 else 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **words}, status=status)


def next_of(request: HttpRequest, given: str | None = None) -> str:
    """Where to go afterwards: an address of this site, or "" for any other."""
    said = given if given is not None else request.POST.get("next", request.GET.get("next", ""))
    own = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return said if own and len(said) <= ADDRESS_MAX and said.startswith("/") else ""


def begin(request: HttpRequest, signed_in: SignedIn, *, strong: bool = False, then: str = "") -> HttpResponse:
    """The session begins, and the person goes where they wanted to go."""
    sessions.sign_in_as(request, signed_in.person, strong=strong)
    if signed_in.is_new:
        welcome = reverse("people:welcome")
        return redirect(f"{welcome}?{urlencode({'next': then})}" if then else welcome)
    return redirect(then or "people:me")


def is_signed_in(request: HttpRequest) -> bool:
    return not request.actor.is_visitor and not request.actor.person.is_guest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A telephone number; the code follows on the next page."""
    if is_signed_in(request) and request.method != "POST":
        return redirect(next_of(request) or "people:me")
    form = forms.AskCode(sent(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            shown = actions.ask_code(source=sessions.source_of(request), at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            status = refused(form, refusal)
        else:
            request.session["asked"] = {"phone": form.cleaned_data["phone"], "next": next_of(request), "shown": shown}
            return redirect("people:code")
    return answer(
        request, "people/sign_in.html", form, status, next=next_of(request), demo_to_choose=demo_is_open(request)
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that came to the number."""
    asked = request.session.get("asked")
    if asked is None:
        return redirect("people:me" if is_signed_in(request) or sessions.was_left(request) else "people:sign_in")
    form = forms.TypeCode(sent(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            signed_in = actions.sign_in_with_code(
                actor=request.actor,
                phone=asked["phone"],
                code=form.cleaned_data["code"],
                source=sessions.source_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            status = refused(form, refusal)
        else:
            return begin(request, signed_in, then=asked["next"])
    again = forms.AskCode(initial={"phone": phones.shown(asked["phone"])})
    words = {"phone": phones.shown(asked["phone"]), "shown": asked["shown"], "again": again, "next": asked["next"]}
    return answer(request, "people/code.html", form, status, **words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest) -> HttpResponse:
    """A code from a printed slip, typed or prefilled by the square on it; only the button uses it."""
    return _printed(request, forms.TypeSlip, "people/slip.html", actions.sign_in_with_slip, then=next_of(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """The first sign-in of somebody with a seat; a strong way to sign in is set up on the page that follows."""
    return _printed(request, forms.TypeFirst, "people/first.html", actions.sign_in_first, then=reverse("people:ways"))


def _printed(request: HttpRequest, form_of: Any, template: str, act: Any, *, then: str) -> HttpResponse:
    if sessions.was_left(request) and request.method == "POST":
        return redirect(then or "people:me")
    prefilled = request.GET.get("code", "")[: forms.CODE_MAX]
    form = form_of(sent(request), initial={"code": prefilled})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            signed_in = act(
                actor=request.actor, source=sessions.source_of(request), at=clock.now(), **form.cleaned_data
            )
        except Refused as refusal:
            status = refused(form, refusal)
        else:
            return begin(request, signed_in, then=then)
    return answer(request, template, form, status, prefilled=prefilled, next=next_of(request))


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """Number, password and the code of the app: the strong way in, beside the passkey."""
    form = forms.StaffSignIn(sent(request))
    status = 200
    if request.method == "POST" and sessions.was_left(request):
        return redirect(next_of(request) or "people:me")
    if request.method == "POST" and form.is_valid():
        try:
            signed_in = actions.sign_in_with_password(
                actor=request.actor, source=sessions.source_of(request), at=clock.now(), **form.cleaned_data
            )
        except Refused as refusal:
            status = refused(form, refusal)
        else:
            return begin(request, signed_in, strong=True, then=next_of(request))
    return show_staff(request, form, status)


def show_staff(request: HttpRequest, form: django_forms.Form, status: int = 200, told: str = "") -> HttpResponse:
    options, asked = passkeys.ask_for_one(host=host_of(request))
    words = {"options": options, "passkey": forms.AnswerOfPasskey(initial={"asked": asked}), "told": told}
    return answer(request, "people/staff.html", form, status, next=next_of(request), **words)


def host_of(request: HttpRequest) -> str:
    """The name this site was called by, without port."""
    return request.get_host().rpartition(":")[0] or request.get_host()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """GET asks, POST does it."""
    if request.method == "POST":
        sessions.sign_out(request)
        return redirect("/")
    return render(request, "people/sign_out.html")


# the demo


def demo_is_open(request: HttpRequest) -> bool:
    """Demo persons may be entered: from this machine alone, unless the demo was made public."""
    if settings.DEMO != "yes" or "HTTP_X_FORWARDED_FOR" in request.META:
        return bool(settings.DEMO == "public")
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Choose whom to be: residents, staff, members."""
    if not demo_is_open(request):
        raise Http404
    return render(request, "people/demo.html", {"groups": demo_people(), "next": next_of(request)})


@require_POST
def enter_demo(request: HttpRequest, pk: int) -> HttpResponse:
    """Be this invented person; staff speak from their seat at once."""
    person = Person.objects.filter(pk=pk, is_demo=True, is_guest=False, closed_at=None, merged_into=None).first()
    if not demo_is_open(request) or person is None:
        raise Http404
    seats = own(person).seats
    sessions.sign_in_as(request, person, strong=bool(seats))
    if seats:
        sessions.speak_from(request, seats[0])
    return redirect(next_of(request) or "/")
