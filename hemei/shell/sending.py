"""How a page takes a form: what was sent, the one call that writes, and what was refused, beside its field."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hemei.base.errors import Refused, TooMany

writes = require_http_methods(["GET", "HEAD", "POST"])


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was filled in with; None when the page is only read. An empty form was sent too."""
    return request.POST if request.method == "POST" else None


def sure(request: HttpRequest) -> Form:
    """A form without fields: the page itself asks whether one is sure."""
    return Form(sent(request))


def one_form(
    request: HttpRequest,
    form: Form,
    *,
    template: str,
    act: Callable[[dict[str, Any]], Any],
    then: Callable[[Any], HttpResponse],
    **words: Any,
) -> HttpResponse:
    """Sent whole, `act` writes and `then` says where to go; else the page says what is wrong and keeps the words.

    words: for the template, which is given `form` and `refusal` besides.
    """
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            return then(act(form.cleaned_data))
        except Refused as told:
            refusal = beside_its_field(form, told)
    return answer(request, template, {"form": form, "refusal": refusal, **words}, refusal)


def beside_its_field(form: Form, refusal: Refused) -> Refused:
    """Put the refusal beside its field, or above the form; what was typed stays."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return refusal


def answer(request: HttpRequest, template: str, words: dict[str, Any], refusal: Refused | None = None) -> HttpResponse:
    """The page: 422 when what was sent cannot stand, 429 and when to come again when it was too much."""
    form = words.get("form")
    wrong = refusal is not None or (form is not None and form.is_bound and form.errors)
    if isinstance(refusal, TooMany):
        response = render(request, template, words, status=429)
        response.headers["Retry-After"] = str(refusal.after_seconds)
        return response
    return render(request, template, words, status=422 if wrong else 200)
