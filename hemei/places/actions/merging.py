"""Estates that become one, and one that becomes several; the old boundary stays readable."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.ledger import steps as ledger
from hemei.places import policy, steps
from hemei.places.actions.keeping import who_keeps
from hemei.places.models import Change, Kind, Move, Place
from hemei.places.names import code_from, key_of
from hemei.places.policy import Viewer

MERGED_MAX, PARTS_MAX, CHILDREN_MAX = 20, 4, 500


@dataclass(frozen=True)
class Part:
    """One estate that a split brings. children: keys of what stands directly in the old one and goes here."""

    name: str
    children: frozenset[int]
    name_en: str = ""
    code: str = ""


@transaction.atomic(durable=True)
def merge_estates(
    *,
    actor: Viewer,
    estates: Sequence[Place],
    name: str,
    name_en: str = "",
    code: str = "",
    on: date,
    reason: str,
    source: str = "",
    form_key: UUID,
    at: datetime,
) -> Change:
    """Several estates of one residential area become one new estate on a day.

    What stood in them stands in the new one; where two have the same code or name, the old estate's is put before it.
    The old ones end on that day and stay readable under the new one (`change.after.get()`). The same form again
    returns the first change. Raises NotAllowed; Refused.
    """
    if not all(policy.may_keep(actor, estate) for estate in estates):
        raise NotAllowed(who_keeps())
    if not 2 <= len({estate.pk for estate in estates}) <= MERGED_MAX:
        told = _("Choose at least two estates, and at most %(most)d.")
        raise Refused(told % {"most": MERGED_MAX}, field="estates")

    street, chain = steps.lock_street(estates[0].street_key)  # lock
    if earlier := sent_before(Change, form_key=form_key, words={"on": on, "reason": reason, "source": source}):
        return earlier
    old = list(Place.objects.filter(pk__in=[one.pk for one in estates]).select_related("parent").order_by("pk"))
    area = old[0].parent  # validate
    assert area is not None
    if any(one.kind != Kind.ESTATE or one.parent_id != area.pk for one in old):
        raise Refused(_("Only estates of one residential area become one."), field="estates")
    if not policy.may_keep(actor, area):
        raise NotAllowed(who_keeps())
    _refuse_ended(old, on, field="estates")
    code = code or code_from(Kind.ESTATE, name)
    steps.refuse_taken(parent=area, kind=Kind.ESTATE, code=code)
    children = _children_of(old)
    _tell_apart(children, {one.pk: one for one in old})
    _put_in_order(children, sorted(old, key=lambda one: (one.order, one.pk)))

    change = _put_change(Change.Kind.MERGE, on, reason, source, form_key)  # write
    order = min(one.order for one in old)
    new = steps.put_place(parent=area, kind=Kind.ESTATE, name=name, name_en=name_en, code=code, order=order, since=on)
    recording: dict[str, Any] = {"street": street, "chain": chain, "actor": actor, "at": at}
    for one in old:
        one.until = on
    _move(change, [(child, new) for child in children], ("name", "name_en", "code", "order"), recording)
    _move(change, [(one, new) for one in old], ("until",), recording)
    _record(change, old, [new], recording)
    return change


@transaction.atomic(durable=True)
def split_estate(
    *,
    actor: Viewer,
    estate: Place,
    parts: Sequence[Part],
    on: date,
    reason: str,
    source: str = "",
    form_key: UUID,
    at: datetime,
) -> Change:
    """One estate becomes several on a day; everything that stands in it goes to one of the parts.

    The old estate ends on that day and stays readable. The same form again returns the first change.
    Raises NotAllowed; Refused.
    """
    if not policy.may_keep(actor, estate):
        raise NotAllowed(who_keeps())
    if not 2 <= len(parts) <= PARTS_MAX:
        told = _("An estate is split into at least two, and at most %(most)d.")
        raise Refused(told % {"most": PARTS_MAX})

    street, chain = steps.lock_street(estate.street_key)  # lock
    if earlier := sent_before(Change, form_key=form_key, words={"on": on, "reason": reason, "source": source}):
        return earlier
    estate = Place.objects.select_related("parent").get(pk=estate.pk)
    area = estate.parent  # validate
    if estate.kind != Kind.ESTATE or area is None:
        raise Refused(_("Only an estate is split."))
    if not policy.may_keep(actor, area):
        raise NotAllowed(who_keeps())
    _refuse_ended([estate], on, field="on")
    children = {child.pk: child for child in _children_of([estate])}
    goes_to = {key: part for part in parts for key in part.children}
    if set(goes_to) != set(children) or len(goes_to) != sum(len(part.children) for part in parts):
        raise Refused(_("Everything that stands in the estate goes to exactly one of the new ones. Choose for each."))
    if empty := next((part for part in parts if not part.children), None):
        raise Refused(_("Nothing goes to %(name)s. Choose what stands there, or leave it out.") % {"name": empty.name})
    codes = {part: part.code or code_from(Kind.ESTATE, part.name) for part in parts}
    for code in codes.values():
        steps.refuse_taken(parent=area, kind=Kind.ESTATE, code=code)
    if len(set(codes.values())) != len(parts):
        raise Refused(_("Two of the new estates have the same code. Give each its own."))

    change = _put_change(Change.Kind.SPLIT, on, reason, source, form_key)  # write
    new = {
        part: steps.put_place(
            parent=area,
            kind=Kind.ESTATE,
            name=part.name,
            name_en=part.name_en,
            code=code,
            order=estate.order,
            since=on,
        )
        for part, code in codes.items()
    }
    recording: dict[str, Any] = {"street": street, "chain": chain, "actor": actor, "at": at}
    estate.until = on
    _move(change, [(child, new[goes_to[key]]) for key, child in children.items()], (), recording)
    steps.save_changed([estate], fields=("until",), verb="places.moved", quiet=True, **recording)
    _record(change, [estate], list(new.values()), recording)
    return change


# what both share


def _refuse_ended(old: list[Place], on: date, field: str) -> None:
    for one in old:
        if one.until is not None:
            raise Refused(_("%(name)s does not stand any more.") % {"name": one.name}, field=field)
        if one.since and one.since > on:
            told = _("%(name)s stands only since %(day)s. Check the day.")
            raise Refused(told % {"name": one.name, "day": one.since.isoformat()}, field="on")


def _children_of(old: list[Place]) -> list[Place]:
    """What stands or stood directly in them, without estates that they themselves came from."""
    rows = Place.objects.filter(parent__in=old).exclude(kind=Kind.ESTATE).order_by("parent", "order", "pk")
    children = list(rows[: CHILDREN_MAX + 1])
    if len(children) > CHILDREN_MAX:
        told = _("More than %(most)d places stand directly in it. Put homes under stairwells first.")
        raise Refused(told % {"most": CHILDREN_MAX})
    return children


def _tell_apart(children: list[Place], old: dict[int, Place]) -> None:
    """Where two have the same code, or the same name, each says first which estate it comes from."""
    codes = Counter((child.kind, child.code) for child in children)
    names = Counter((child.kind, key_of(child.kind, child.name)) for child in children)
    for child in children:
        from_where = old[child.parent_id or 0]
        if codes[child.kind, child.code] > 1:
            child.code = f"{from_where.code}-{child.code}"
        if names[child.kind, key_of(child.kind, child.name)] > 1:
            child.name = f"{from_where.name}{child.name}"
            if child.name_en and from_where.name_en:
                child.name_en = f"{child.name_en}, {from_where.name_en}"
    if any(len(child.code) > 40 or max(len(child.name), len(child.name_en)) > 80 for child in children):
        raise Refused(
            _("Some names become too long when the old estate's name is put before them. Shorten them first.")
        )
    if len({(child.kind, child.code) for child in children}) != len(children):
        raise Refused(_("Some codes are still the same when the old estate's code is put before. Correct them first."))


def _put_in_order(children: list[Place], old: list[Place]) -> None:
    """What stood together stays together: first everything of the first estate, then of the second."""
    rank = {one.pk: place for place, one in enumerate(old)}
    children.sort(key=lambda child: (rank[child.parent_id or 0], child.order, child.pk))
    for order, child in enumerate(children, start=1):
        child.order = order


def _put_change(kind: str, on: date, reason: str, source: str, form_key: UUID) -> Change:
    return Change.objects.create(kind=kind, on=on, reason=reason, source=source, form_key=form_key)


def _move(change: Change, moving: list[tuple[Place, Place]], also: tuple[str, ...], recording: dict[str, Any]) -> None:
    Move.objects.bulk_create(
        Move(change=change, place=place, old_parent_id=place.parent_id, new_parent=to) for place, to in moving
    )
    for place, to in moving:
        steps.move_under(place, to)
    steps.save_changed(
        [place for place, _to in moving],
        fields=("parent", "path", *also),
        verb="places.moved",
        quiet=True,
        **recording,
    )


def _record(change: Change, before: list[Place], after: list[Place], recording: dict[str, Any]) -> None:
    change.before.set(before)
    change.after.set(after)
    said: dict[str, Any] = {"subject": recording["street"], "actor": recording["actor"], "at": recording["at"]}
    for place in after:
        ledger.record(
            **said,
            verb="places.added",
            public={"place": place.pk, **steps.public_name(place)},
            row=place,
            quiet=True,
            chain=recording["chain"],
        )
    ledger.record(
        **said,
        verb="places.merged" if change.kind == Change.Kind.MERGE else "places.split",
        public={
            "before": [[place.pk, place.name, place.name_en] for place in before],
            "after": [[place.pk, place.name, place.name_en] for place in after],
            "on": change.on.isoformat(),
            "reason": change.reason,
            "source": change.source,
        },
        row=change,
        chain=recording["chain"],
    )
