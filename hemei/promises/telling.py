"""Who hears of a promise: one inbox item each, with the same few words for every kind."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from hemei.notices import steps as notices
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.promises.models import Promise


def tell(
    verb: str,
    promise: Promise,
    *,
    at: datetime,
    to: Iterable[Person],
    by: Actor | None = None,
    key: object = "",
    urgent: bool = False,
    **more: Any,
) -> None:
    """Tell `to`, without the one who did it. key: what tells this time from the next of the same verb."""
    doer = by.person.pk if by is not None and by.person is not None else None
    notices.put(
        kind=f"promises.{verb}",
        key=f"promises.{verb}:{promise.pk}:{key}",
        to=[person for person in to if person.pk != doer],
        at=at,
        matter=promise.matter,
        words={
            "promise": promise.pk,
            "what": promise.what,
            "what_en": promise.what_en,
            "owner": promise.owner_body.name if promise.owner_body else "",
            "owner_en": promise.owner_body.name_en if promise.owner_body else "",
            "due_at": promise.due_at,
            "url": reverse("promises:promise", args=[promise.pk]),
            **more,
        },
        urgent=urgent,
    )
