"""What the views that write share: a form that came and is whole, and a refusal beside its field."""

from typing import TypeVar

from django.forms import Form
from django.http import HttpRequest, QueryDict

from hemei.base.errors import Refused, TooMany

R = TypeVar("R", bound=Refused)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was filled in with; None when the page is only read. An empty form was sent too."""
    return request.POST if request.method == "POST" else None


def writes(request: HttpRequest, form: Form) -> bool:
    """Whether the form was sent and is whole."""
    return request.method == "POST" and form.is_valid()


def refused_by(form: Form, refusal: R) -> R:
    """Put the refusal beside its field, or above the form; what was typed stays."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return refusal


def status_of(refusal: Refused | None, form: Form | None = None) -> int:
    """200; 429 for too much; 422 for what cannot stand, or for a form that is not whole."""
    if refusal is None:
        return 422 if form is not None and form.errors else 200
    return 429 if isinstance(refusal, TooMany) else 422
