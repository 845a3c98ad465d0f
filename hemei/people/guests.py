"""Somebody who takes part without an account: a person and a session with the first thing they write."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import translation

from hemei.base import clock
from hemei.base.limits import take
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.people.sessions import sign_in_as, source_of

GUESTS_AN_HOUR = 200  # from one address: an estate behind one line, and an end to a flood
SAME_FORM_FOR = timedelta(minutes=10)


def writer(request: HttpRequest) -> Actor:
    """Who writes: whoever is there, or a new guest whose session begins with this answer. Raises TooMany.

    A visitor's form sent twice, before the first answer came, is one guest's.
    """
    if request.actor.is_visitor:  # type: ignore[attr-defined]
        source = source_of(request)
        guest = make_guest(source=source, begun_with=_form_of(request, source), at=clock.now())
        sign_in_as(request, guest)
    return request.actor  # type: ignore[attr-defined,no-any-return]


@transaction.atomic(durable=True)
def make_guest(*, source: str, begun_with: str | None, at: datetime) -> Person:
    """A new guest; or the one who was made with the same form a moment ago. Raises TooMany."""
    if begun_with and (same := Person.objects.filter(begun_with=begun_with).first()):
        if at - same.created_at < SAME_FORM_FOR and same.is_guest and same.merged_into_id is None:
            return same
        begun_with = None
    take(key=f"guest:{source}", most=GUESTS_AN_HOUR, seconds=3600, at=at)
    guest = Person(is_guest=True, begun_with=begun_with, language=translation.get_language() or "", created_at=at)
    Person.objects.bulk_create([guest], ignore_conflicts=bool(begun_with))
    return Person.objects.get(begun_with=begun_with) if begun_with else guest


def _form_of(request: HttpRequest, source: str) -> str | None:
    """Digest of the form's key, which only who was given the page knows, and of where it comes from."""
    key = request.POST.get("form_key", "")
    if not key:
        return None
    said = f"{key[:64]}\n{source}\n{request.META.get('HTTP_USER_AGENT', '')}"
    return hashlib.sha256(said.encode()).hexdigest()
