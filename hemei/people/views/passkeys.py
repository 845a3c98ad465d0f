"""Passkeys: the page asks, a few lines of script fetch the browser's answer, an ordinary form sends it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hemei.base import clock
from hemei.base.errors import Refused
from hemei.people import actions, passkeys, sessions
from hemei.people.forms import account as forms
from hemei.people.views.account import may_not_change
from hemei.people.views.signing_in import begin, host_of, next_of, show_staff
from hemei.shell.sending import answer, beside_its_field, sent, writes


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """The answer of any passkey of this site."""
    if sessions.was_left(request):
        return redirect(next_of(request) or "people:me")
    form, blank = forms.AnswerOfPasskey(request.POST), forms.StaffSignIn()
    if not form.is_valid():
        refusal = Refused(" ".join(told for field in form.errors.values() for told in field))
        return show_staff(request, blank, refusal, str(refusal))
    try:
        signed_in = actions.sign_in_with_passkey(
            actor=request.actor,
            host=host_of(request),
            source=sessions.source_of(request),
            at=clock.now(),
            **form.cleaned_data,
        )
    except Refused as refusal:
        return show_staff(request, blank, refusal, str(refusal))
    return begin(request, signed_in, strong=True, then=next_of(request))


@never_cache
@writes
def add(request: HttpRequest) -> HttpResponse:
    if away := may_not_change(request):
        return away
    form, refusal = forms.AddPasskey(sent(request)), None
    if form.is_bound and form.is_valid():
        try:
            actions.add_passkey(actor=request.actor, host=host_of(request), at=clock.now(), **form.cleaned_data)
        except Refused as told:
            refusal = beside_its_field(form, told)
        else:
            sessions.grow_strong(request, request.actor.person)
            return redirect("people:ways")
    options, asked = passkeys.ask_to_make(request.actor.person, host=host_of(request))
    if form.is_bound:  # a question is answered once, so a page shown again asks anew
        form.data = {**form.data.dict(), "asked": asked, "answer": ""}
    else:
        form.initial["asked"] = asked
    return answer(request, "people/add_passkey.html", {"form": form, "options": options}, refusal)


@never_cache
@writes
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then removes it."""
    if away := may_not_change(request):
        return away
    passkey = request.actor.person.passkeys.filter(pk=pk).first()
    told, status = "", 200
    if passkey is None:
        return redirect("people:ways")
    if request.method == "POST":
        try:
            sessions.go_on(request, actions.remove_passkey(actor=request.actor, key=pk, at=clock.now()))
        except Refused as refusal:
            told, status = str(refusal), 422
        else:
            return redirect("people:ways")
    return render(request, "people/remove_passkey.html", {"passkey": passkey, "told": told}, status=status)
