"""What the tests of signing in share: clients that are somebody, and the code that was sent."""

import re

from django.test import Client

from hemei.outbox.models import Message


def client_of(actor, language="zh-hans", **more) -> Client:
    """A browser in which `actor` is signed in, as `sessions.sign_in_as` leaves it."""
    client = Client(**more)
    client.cookies["language"] = language
    if actor.person is None:
        return client
    session = client.session
    session["person"], session["stamp"], session["strong"] = actor.person.pk, str(actor.person.stamp), actor.strong
    if actor.seat:
        session["seat"] = actor.seat.pk
    session.save()
    return client


def code_sent_to(phone: str) -> str:
    """The code in the newest message to `phone`."""
    text = Message.objects.filter(address=phone, kind="people.code").order_by("-pk").values_list("text", flat=True)[0]
    return re.search(r"\d{3} ?\d{3}", text).group()
