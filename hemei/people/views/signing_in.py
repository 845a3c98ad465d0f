"""Pages for signing in and out. A code is used by sending the form, never by opening an address."""

import ipaddress
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.people import actions, passkeys, phones, sessions
from hemei.people.actions.signing_in import SignedIn
from hemei.people.actor import own
from hemei.people.demo import demo_people
from hemei.people.forms import account as forms
from hemei.people.models import Person
from hemei.shell.sending import answer, beside_its_field, one_form, sent, writes

ADDRESS_MAX = 500


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
@writes
def sign_in(request: HttpRequest) -> HttpResponse:
    """A telephone number; the code follows on the next page."""
    if is_signed_in(request) and request.method != "POST":
        return redirect(next_of(request) or "people:me")
    form = forms.AskCode(sent(request))

    def then(shown: str) -> HttpResponse:
        request.session["asked"] = {"phone": form.cleaned_data["phone"], "next": next_of(request), "shown": shown}
        return redirect("people:code")

    return one_form(
        request,
        form,
        template="people/sign_in.html",
        act=lambda said: actions.ask_code(source=sessions.source_of(request), at=clock.now(), **said),
        then=then,
        next=next_of(request),
        demo_to_choose=demo_is_open(request),
    )


@never_cache
@writes
def code(request: HttpRequest) -> HttpResponse:
    """The code that came to the number."""
    asked = request.session.get("asked")
    if asked is None:
        return redirect("people:me" if is_signed_in(request) or sessions.was_left(request) else "people:sign_in")
    phone, source = asked["phone"], sessions.source_of(request)
    return one_form(
        request,
        forms.TypeCode(sent(request)),
        template="people/code.html",
        act=lambda said: actions.sign_in_with_code(
            actor=request.actor, phone=phone, source=source, at=clock.now(), **said
        ),
        then=lambda signed_in: begin(request, signed_in, then=asked["next"]),
        phone=phones.shown(phone),
        shown=asked["shown"],
        again=forms.AskCode(initial={"phone": phones.shown(phone)}),
        next=asked["next"],
    )


@never_cache
@writes
def slip(request: HttpRequest) -> HttpResponse:
    """A code from a printed slip, typed or prefilled by the square on it; only the button uses it."""
    return _printed(request, forms.TypeSlip, "people/slip.html", actions.sign_in_with_slip, then=next_of(request))


@never_cache
@writes
def first(request: HttpRequest) -> HttpResponse:
    """The first sign-in of somebody with a seat; a strong way to sign in is set up on the page that follows."""
    return _printed(request, forms.TypeFirst, "people/first.html", actions.sign_in_first, then=reverse("people:ways"))


def _printed(request: HttpRequest, form_of: Any, template: str, act: Any, *, then: str) -> HttpResponse:
    if sessions.was_left(request) and request.method == "POST":
        return redirect(then or "people:me")
    prefilled = request.GET.get("code", "")[: forms.CODE_MAX]
    source = sessions.source_of(request)
    return one_form(
        request,
        form_of(sent(request), initial={"code": prefilled}),
        template=template,
        act=lambda said: act(actor=request.actor, source=source, at=clock.now(), **said),
        then=lambda signed_in: begin(request, signed_in, then=then),
        prefilled=prefilled,
        next=next_of(request),
    )


@never_cache
@sensitive_post_parameters("password", "code")
@writes
def staff(request: HttpRequest) -> HttpResponse:
    """Number, password and the code of the app: the strong way in, beside the passkey."""
    if request.method == "POST" and sessions.was_left(request):
        return redirect(next_of(request) or "people:me")
    form, refusal = forms.StaffSignIn(sent(request)), None
    if form.is_bound and form.is_valid():
        try:
            signed_in = actions.sign_in_with_password(
                actor=request.actor, source=sessions.source_of(request), at=clock.now(), **form.cleaned_data
            )
        except Refused as told:
            refusal = beside_its_field(form, told)
        else:
            return begin(request, signed_in, strong=True, then=next_of(request))
    return show_staff(request, form, refusal)


def show_staff(
    request: HttpRequest, form: django_forms.Form, refusal: Refused | None = None, told: str = ""
) -> HttpResponse:
    """told: why the passkey did not let in; what is wrong with the form stands beside its fields."""
    options, asked = passkeys.ask_for_one(host=host_of(request))
    words = {
        "form": form,
        "next": next_of(request),
        "options": options,
        "passkey": forms.AnswerOfPasskey(initial={"asked": asked}),
        "told": told,
    }
    return answer(request, "people/staff.html", words, refusal)


def host_of(request: HttpRequest) -> str:
    """The name this site was called by, without port."""
    return request.get_host().rpartition(":")[0] or request.get_host()


@never_cache
@writes
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
