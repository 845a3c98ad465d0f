"""One place at a time: added, corrected, closed, opened again."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.places import context, policy, steps
from hemei.places.models import UNDER, Change, Kind, Place
from hemei.places.names import code_from, order_from
from hemei.places.policy import Viewer

STREETS_AN_HOUR = 100  # our choice: more than any district has


@transaction.atomic(durable=True)
def add_place(
    *,
    actor: Viewer,
    parent: Place | None,
    kind: str,
    name: str,
    name_en: str = "",
    code: str = "",
    address: str = "",
    order: int | None = None,
    floor: int | None = None,
    since: date | None = None,
    form_key: UUID,
    at: datetime,
) -> Place:
    """A new place under `parent`; a street stands alone.

    code: empty for the number in the name, or the name. order: None for the number in the name. The same form again
    returns the first place. Raises NotAllowed; Refused when it may not stand there or its code is taken.
    """
    if parent is None and not policy.may_add_street(actor):
        raise NotAllowed(_("Only an administrator adds a street."))
    if parent is not None and not policy.may_keep(actor, parent):
        raise NotAllowed(who_keeps())

    street = chain = None  # lock
    if parent is not None:
        street, chain = steps.lock_street(parent.street_key)
        parent = Place.objects.get(pk=parent.pk)
    else:
        take(key="places.street", most=STREETS_AN_HOUR, seconds=3600, at=at)  # two administrators take turns here
    if earlier := sent_before(Place, form_key=form_key, parent=parent, words={"kind": kind, "name": name}):
        return earlier
    if (parent.kind if parent else None) not in UNDER[Kind(kind)]:  # validate
        raise Refused(_("A place of this kind cannot stand there. Choose another kind."), field="kind")
    if parent is not None and parent.until is not None:
        told = _("%(name)s does not stand any more, so nothing can be added to it.")
        raise Refused(told % {"name": parent.name})
    code = code or code_from(kind, name)
    steps.refuse_taken(parent=parent, kind=kind, code=code)

    place = steps.put_place(  # write
        parent=parent,
        kind=kind,
        name=name,
        name_en=name_en,
        code=code,
        address=address,
        order=order_from(name) if order is None else order,
        floor=floor if kind == Kind.HOME else None,
        since=since,
        form_key=form_key,
    )
    ledger.record(
        subject=street or place,
        actor=actor,
        verb="places.added",
        at=at,
        public={"place": place.pk, **steps.public_name(place)},
        row=place,
        chain=chain,
    )
    transaction.on_commit(context.forget)
    return place


@transaction.atomic(durable=True)
def correct_place(
    *,
    actor: Viewer,
    place: Place,
    name: str,
    name_en: str,
    code: str,
    address: str,
    order: int,
    floor: int | None,
    since: date | None,
    seen: str,
    at: datetime,
) -> Place:
    """What is said of a place, put right. The same words again change nothing.

    seen: `steps.state_of` the place when the page was opened; a page older than somebody else's correction is
    refused, so that neither correction is lost. Raises NotAllowed; Refused.
    """
    if not policy.may_keep(actor, place):
        raise NotAllowed(who_keeps())

    street, chain = steps.lock_street(place.street_key)  # lock
    place = Place.objects.select_related("parent").get(pk=place.pk)
    was = {field: getattr(place, field) for field in ("name", "name_en", "code", "address", "order", "floor", "since")}
    wanted = {
        "name": name,
        "name_en": name_en,
        "code": code,
        "address": address,
        "order": order,
        "floor": floor if place.kind == Kind.HOME else None,
        "since": since,
    }
    if was == wanted:
        return place
    if seen != steps.state_of(place):  # validate
        raise Refused(
            _(
                "Somebody else has changed this place meanwhile. Open the page again to see how it stands now; "
                "what you typed is still here."
            )
        )
    steps.refuse_taken(parent=place.parent, kind=place.kind, code=code, but=place.pk)
    steps.refuse_wrong_dates(since, place.until, field="since")

    for field, value in wanted.items():  # write
        setattr(place, field, value)
    changed = tuple(field for field in wanted if was[field] != wanted[field])
    public = {**steps.public_name(place), "fields": sorted(changed)}
    if "name" in changed and place.kind != Kind.HOME:
        public |= {"was": was["name"], "was_en": was["name_en"]}
    steps.save_changed(
        [place],
        fields=changed,
        street=street,
        chain=chain,
        actor=actor,
        at=at,
        verb="places.corrected",
        public=public,
    )
    transaction.on_commit(context.forget)
    return place


@transaction.atomic(durable=True)
def close_place(*, actor: Viewer, place: Place, until: date, at: datetime) -> Place:
    """`place` and everything in it stood until that day: pulled down. Again with the same day changes nothing."""
    if not policy.may_keep(actor, place):
        raise NotAllowed(who_keeps())

    street, chain = steps.lock_street(place.street_key)  # lock
    place = Place.objects.get(pk=place.pk)
    if place.until == until:
        return place
    if place.until is not None:  # validate
        told = _("%(name)s was closed already. Open it again first, then close it with the right day.")
        raise Refused(told % {"name": place.name}, field="until")
    if place.kind == Kind.STREET:
        raise Refused(_("A street is not closed here."))
    steps.refuse_wrong_dates(place.since, until)
    inside = list(Place.objects.filter(path__startswith=place.path, until=None).exclude(pk=place.pk).order_by("path"))
    if any(one.since and one.since > until for one in inside):
        raise Refused(_("Something in it stands only since a later day. Check the day."), field="until")

    _end(place, inside, until, "places.closed", street=street, chain=chain, actor=actor, at=at)  # write
    return Place.objects.get(pk=place.pk)


@transaction.atomic(durable=True)
def reopen_place(*, actor: Viewer, place: Place, at: datetime) -> Place:
    """Closed by mistake: `place`, and everything in it that was closed with it, stands again."""
    if not policy.may_keep(actor, place):
        raise NotAllowed(who_keeps())

    street, chain = steps.lock_street(place.street_key)  # lock
    place = Place.objects.select_related("parent").get(pk=place.pk)
    if place.until is None:
        return place
    if Change.objects.filter(before=place).exists():  # validate
        raise Refused(_("It was merged or split, and lives on in what it became."))
    if place.parent is not None and place.parent.until is not None:
        told = _("%(name)s, in which it stands, is closed. Open that again first.")
        raise Refused(told % {"name": place.parent.name})
    inside = Place.objects.filter(path__startswith=place.path, until=place.until).exclude(pk=place.pk)

    _end(place, list(inside), None, "places.reopened", street=street, chain=chain, actor=actor, at=at)  # write
    return Place.objects.get(pk=place.pk)


def _end(place: Place, inside: list[Place], until: date | None, verb: str, **recording: object) -> None:
    for one in (place, *inside):
        one.until = until
    public = {**steps.public_name(place), "inside": len(inside), "until": until.isoformat() if until else ""}
    steps.save_changed([place], fields=("until",), verb=verb, public=public, **recording)  # type: ignore[arg-type]
    steps.save_changed(inside, fields=("until",), verb=verb, quiet=True, **recording)  # type: ignore[arg-type]


def who_keeps() -> str:
    return _(
        "Places are kept by the street office, the residents' committee and the bodies of that place. "
        "Sign in as one of their staff, or tell them what is wrong."
    )
