"""Writing in the address tree, inside an action. Whoever changes a street's tree has locked the street first."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, Substr
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.ledger import steps as ledger
from hemei.ledger.models import Chain
from hemei.places.models import Kind, Place, PlaceList

_STATE = ("name", "name_en", "code", "address", "order", "floor", "since", "until", "parent_id")


def lock_street(key: int) -> tuple[Place, Chain]:
    """The street, locked with its chain: changes of one street's tree take turns."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    street = Place.objects.select_for_update().get(pk=key)
    return street, ledger.lock_chain(street)


def state_of(place: Place) -> str:
    """Short digest of everything a correction can change: an old page is told from a new one by it."""
    state = {field: str(getattr(place, field)) for field in _STATE}
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def put_place(*, parent: Place | None, **fields: Any) -> Place:
    """A new row with its path. The caller has checked what may stand where and records it."""
    place = Place.objects.create(parent=parent, **fields)
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    Place.objects.filter(pk=place.pk).update(path=place.path)
    return place


def put_paths(rows: QuerySet[Place]) -> None:
    """Paths of new `rows`, whose parents have theirs."""
    above = Place.objects.filter(pk=OuterRef("parent_id")).values("path")[:1]
    rows.update(path=Concat(Subquery(above), Cast("pk", CharField()), Value("/")))


def save_changed(
    places: Iterable[Place],
    *,
    fields: tuple[str, ...],
    street: Place,
    chain: Chain,
    actor: ledger.Acting,
    at: datetime,
    verb: str,
    public: dict[str, Any] | None = None,
    quiet: bool = False,
) -> None:
    """Save `fields` of each place and vouch for it alone from now on; lists that it leaves are vouched for anew."""
    left: set[int] = set()
    for place in places:
        if place.came_with_id is not None:
            left.add(place.came_with_id)
            place.came_with = None
        place.save(update_fields=[*fields, "came_with"])
        ledger.record(
            subject=street,
            actor=actor,
            verb=verb,
            at=at,
            public={"place": place.pk, **(public or {})},
            row=place,
            quiet=quiet,
            chain=chain,
        )
    for sent in PlaceList.objects.filter(pk__in=left).order_by("pk"):
        ledger.record(
            subject=street,
            actor=actor,
            verb="places.list_left",
            at=at,
            public={"list": sent.pk},
            row=sent,
            quiet=True,
            chain=chain,
        )


def move_under(place: Place, parent: Place) -> None:
    """Everything in `place` follows it to its new parent; the row itself is saved by the caller."""
    old, new = place.path, f"{parent.path}{place.pk}/"
    inside = Place.objects.filter(path__startswith=old).exclude(pk=place.pk)
    inside.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    place.parent, place.path = parent, new


def refuse_taken(*, parent: Place | None, kind: str, code: str, but: int | None = None) -> None:
    """The code is free among the siblings of its kind."""
    taken = Place.objects.filter(parent=parent, kind=kind, code=code).exclude(pk=but).first()
    if taken is not None:
        told = _("%(name)s already has the code %(code)s here. Give this one another code.")
        raise Refused(told % {"name": taken.name, "code": code}, field="code")


def refuse_wrong_dates(since: date | None, until: date | None, field: str = "until") -> None:
    if since and until and until < since:
        raise Refused(_("The last day is before the first. Check both dates."), field=field)


def public_name(place: Place) -> dict[str, Any]:
    """How the ledger's public part names a place; a home is not named there."""
    if place.kind == Kind.HOME:
        return {"kind": place.kind}
    return {"kind": place.kind, "name": place.name, "name_en": place.name_en}
