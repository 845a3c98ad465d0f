"""Sessions: who begins one, who leaves it, and where a request comes from."""

import hmac
import ipaddress
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from hemei.base import clock
from hemei.people.actor import own
from hemei.people.models import Person, Seat

STRONG_FOR = timedelta(hours=12)  # then the seat needs a second factor again; the person stays signed in
LEFT_FOR = timedelta(minutes=10)  # how long a left session still answers a form sent twice


def sign_in_as(request: HttpRequest, person: Person, *, strong: bool = False) -> None:
    """From here on the session is this person's, under a new key; what it held before is gone.

    strong: signed in with a passkey, or with password and second factor.
    """
    from hemei.people.middleware import actor_of

    left = request.session.session_key
    request.session.clear()
    request.session["person"] = person.pk
    request.session["stamp"] = str(person.stamp)
    if strong:
        _strong(request, person)
    request.session.cycle_key()
    if left:
        _leave(left)
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]


def _strong(request: HttpRequest, person: Person) -> None:
    """Staff rights from here on. Who has one seat only speaks from it at once; who has several chooses."""
    request.session["strong"] = True
    request.session["strong_until"] = (clock.now() + STRONG_FOR).timestamp()
    seats = own(person).seats
    if len(seats) == 1:
        request.session["seat"] = seats[0].pk


def _leave(key: str) -> None:
    """The old key holds nothing but that it was left: the second of two clicks then finds the way, and no rights."""
    expires = timezone.now() + LEFT_FOR
    Session.objects.update_or_create(
        session_key=key, defaults={"session_data": SessionStore().encode({"left": True}), "expire_date": expires}
    )


def was_left(request: HttpRequest) -> bool:
    """Whether somebody signed in from this very session a moment ago, as with a form sent twice."""
    return bool(request.session.get("left"))


def speak_from(request: HttpRequest, seat: Seat | None) -> None:
    """From here on the session's acts are done from this seat; None: for oneself. A sitting is left."""
    from hemei.people.middleware import actor_of

    for name in ("seat", "assistance"):
        request.session.pop(name, None)
    if seat is not None:
        request.session["seat"] = seat.pk
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]


def go_on(request: HttpRequest, person: Person) -> None:
    """The person's other sessions ended with the old stamp; the one at hand goes on under a new key."""
    request.session["stamp"] = str(person.stamp)
    request.session.cycle_key()


def grow_strong(request: HttpRequest, person: Person) -> None:
    """A strong way to sign in was just set up or shown in this session."""
    from hemei.people.middleware import actor_of

    _strong(request, person)
    go_on(request, person)
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]


def sign_out(request: HttpRequest) -> None:
    from hemei.people.actor import Actor

    request.session.flush()
    request.actor = Actor()  # type: ignore[attr-defined]


def source_of(request: HttpRequest) -> str:
    """Where the request comes from, as a bucket's key: a keyed digest, so that no address is kept.

    Behind a proxy that speaks TLS for us it is the last address the proxy added. Of IPv6 the network counts,
    for a household owns 2^64 addresses.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.ENVIRONMENT.tls:
        said = request.META.get("HTTP_X_FORWARDED_FOR", said).rpartition(",")[2].strip() or said
    try:
        address = ipaddress.ip_address(said)
        if address.version == 6:
            said = str(ipaddress.ip_network((address, 64), strict=False))
    except ValueError:
        said = "unknown"
    return hmac.new(settings.SECRET_KEY.encode(), f"hemei.source\n{said}".encode(), "sha256").hexdigest()[:24]
