"""Opening and closing a matter, inside the action of the room that has something to carry."""

from datetime import datetime
from typing import Any

from hemei.ledger import steps as ledger
from hemei.matters.models import Matter, Party
from hemei.people.actor import Actor
from hemei.people.models import Body, Person
from hemei.places.models import Place


def open_matter(
    *,
    actor: Actor,
    place: Place,
    title: str,
    at: datetime,
    verb: str,
    step: str = "",
    title_en: str = "",
    visibility: str = Matter.Visibility.PUBLIC,
    body: Body | None = None,
    author: Person | None = None,
    is_demo: bool = False,
    source: str = "",
    public: dict[str, Any] | None = None,
) -> Matter:
    """A new matter at `place`, with the first entry `verb` in its chain."""
    matter = Matter.objects.create(
        street_id=place.street_key,
        place=place,
        title=title,
        title_en=title_en,
        visibility=visibility,
        body=body or (actor.seat.body if actor.seat else None),
        author=author or actor.principal,
        opened_at=at,
        is_demo=is_demo,
        source=source,
    )
    ledger.record(subject=matter, actor=actor, verb=verb, at=at, step=step, public=public, row=matter)
    return matter


def add_party(*, matter: Matter, at: datetime, body: Body | None = None, person: Person | None = None) -> None:
    """`body` or `person` takes part in the matter. A second time changes nothing."""
    Party.objects.get_or_create(matter=matter, body=body, person=person, defaults={"since": at})


def close(*, matter: Matter, actor: Actor, at: datetime, reason: str) -> None:
    """The matter is closed, and everybody who sees it may read why. A closed one stays as it was."""
    if matter.closed_at is not None:
        return
    matter.closed_at = at
    matter.save(update_fields=["closed_at"])
    ledger.record(subject=matter, actor=actor, verb="matters.closed", at=at, public={"reason": reason}, row=matter)


def reopen(*, matter: Matter, actor: Actor, at: datetime, reason: str) -> None:
    """The matter goes on, and everybody who sees it may read why. An open one stays as it was."""
    if matter.closed_at is None:
        return
    matter.closed_at = None
    matter.save(update_fields=["closed_at"])
    ledger.record(subject=matter, actor=actor, verb="matters.reopened", at=at, public={"reason": reason}, row=matter)


def tell(
    *, matter: Matter, actor: Actor, at: datetime, text: str, text_en: str = "", source: str = "", step: str = ""
) -> None:
    """Put into the timeline what happened elsewhere and is told from a source, dated as it was."""
    ledger.record(
        subject=matter,
        actor=actor,
        verb="matters.told",
        at=at,
        step=step,
        public={"text": text, "text_en": text_en, "source": source},
    )
