"""A browser in which somebody of the cast is signed in."""

from typing import Any

from django.test import Client

LANGUAGES = ("zh-hans", "en")


def signed_in(actor: Any, language: str = "zh-hans", **more: Any) -> Client:
    client = Client(**more)
    client.cookies["language"] = language
    if actor.person is None:
        return client
    session = client.session
    session.update({"person": actor.person.pk, "stamp": str(actor.person.stamp)})
    if actor.strong:
        session.update({"strong": True, "strong_until": 2**40})
    if actor.seat is not None:
        session["seat"] = actor.seat.pk
    if actor.assistance is not None:
        session["assistance"] = actor.assistance.pk
    session.save()
    return client
