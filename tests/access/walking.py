"""What the tests of access share: every address of the house, browsers that are somebody, pages without their keys."""

from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conftest import NOW
from hemei.people.actor import Actor

CAST = (
    "visitor",
    "guest",
    "resident",
    "owner_upstairs",
    "newcomer",
    "stranger",
    "clerk",
    "steward",
    "administrator",
)
KEYED = ("IntConverter", "UUIDConverter")


def addresses(patterns: Any = None, namespace: str = "") -> dict[str, dict[str, str]]:
    """Every named address: {name: {part: converter}}."""
    found: dict[str, dict[str, str]] = {}
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            found |= addresses(one.url_patterns, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern) and one.name:
            found[namespace + one.name] = {name: type(kind).__name__ for name, kind in one.pattern.converters.items()}
    return found


def with_key(found: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Those of them that name a row."""
    return {name: parts for name, parts in found.items() if any(kind in KEYED for kind in parts.values())}


def signed_in(actor: Actor, **more: Any) -> Client:
    """A browser in which the session is the actor's, with their seat if they speak from one."""
    client = Client(HTTP_HOST="127.0.0.1", **more)
    if actor.person is None:
        return client
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update({"person": actor.person.pk, "stamp": str(actor.person.stamp)})
    if actor.seat is not None:
        until = (NOW + timedelta(hours=1)).timestamp()
        session.update({"seat": actor.seat.pk, "strong": True, "strong_until": until})
    elif actor.strong:
        session["strong"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def everything(*, besides: tuple[str, ...] = ()) -> dict[str, str]:
    """A digest of every table of the house, by its model's label."""
    digests = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label.startswith(("sessions.", "django_tasks")) or label in ("base.bucket", *besides):
            continue
        rows = [repr(row) for row in model._default_manager.order_by("pk").values_list()]
        digests[label] = sha256("\n".join(rows).encode()).hexdigest()
    return digests
