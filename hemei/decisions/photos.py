"""Photos of ballots and receipts: kept without the name the telephone gave them, fetched by few, stored by no cache."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase

from hemei.base import uploads
from hemei.base.models import Upload
from hemei.people.actor import Actor


def ahead(photo: Any) -> Any:
    """The photo, on the disk before the action's transaction begins; None stays None."""
    return uploads.write_ahead(replace(uploads.check(photo, "picture"), called="")) if photo is not None else None


def keep(photo: Any, *, actor: Actor, at: datetime) -> Upload:
    """A step of the caller's transaction. Raises Refused for a picture that is none."""
    nameless = replace(uploads.check(photo, "picture"), called="")
    return uploads.store(file=nameless, sort="picture", sent_by=actor.key, at=at)


def answer(upload: Upload) -> HttpResponseBase:
    """For somebody who may see it."""
    response = uploads.answer(upload)
    response.headers["Cache-Control"] = "private, no-store"
    return response
