"""A page with one form, as most pages of this half of the room are."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hemei.base.errors import Refused, TooMany

writes = require_http_methods(["GET", "HEAD", "POST"])


def one_form(
    request: HttpRequest,
    form: Form,
    *,
    template: str,
    act: Callable[[dict[str, Any]], Any],
    then: Callable[[Any], HttpResponse],
    **words: Any,
) -> HttpResponse:
    """Sent whole, `act` writes and `then` says where to go; else the page says what is wrong and keeps the words."""
    status, after = 422, 0
    if form.is_bound and form.is_valid():
        try:
            return then(act(form.cleaned_data))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            if isinstance(refusal, TooMany):
                status, after = 429, refusal.after_seconds
    response = render(request, template, {"form": form, **words}, status=status if form.errors else 200)
    if after:
        response.headers["Retry-After"] = str(after)
    return response


def sure(request: HttpRequest) -> Form:
    """A form without fields: the page itself asks whether one is sure."""
    return Form(request.POST if request.method == "POST" else None)
