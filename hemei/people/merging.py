"""A guest becomes an account, or is taken into one that exists: nothing is lost, nothing counts twice."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.db.models import Model

from hemei.ledger import steps as ledger
from hemei.people.actor import Actor, own
from hemei.people.models import Person
from hemei.rooms import ROOMS


def merge_guest(*, guest: Person, account: Person, actor: Actor, at: datetime) -> None:
    """What the guest wrote becomes the account's. A step; a guest who was merged already is left alone.

    Every model with a static `taken_over(guest=, account=, actor=, at=)` moves its own rows, in the order of the
    rooms; where both said something on the same thing, the model knows which of them stands.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    both = {
        one.pk: one for one in Person.objects.select_for_update().filter(pk__in=[guest.pk, account.pk]).order_by("pk")
    }
    guest, account = both[guest.pk], both[account.pk]
    if guest.merged_into_id is not None or not guest.is_guest or guest == account:
        return
    _take_over(guest, account, actor=actor, at=at)
    ledger.record(subject=account, actor=actor, verb="people.merged", at=at, private={"guest": guest.pk})


def merge_record(*, record: Person, account: Person, actor: Actor, at: datetime) -> None:
    """What was written down for somebody without a phone becomes their account's. A step; both are locked by it.

    The same models move the same rows as for a guest. The caller has checked whose record it is.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    both = {
        one.pk: one for one in Person.objects.select_for_update().filter(pk__in=[record.pk, account.pk]).order_by("pk")
    }
    _take_over(both[record.pk], both[account.pk], actor=actor, at=at)
    ledger.record(subject=account, actor=actor, verb="people.record_claimed", at=at, private={"record": record.pk})


def _take_over(gone: Person, account: Person, *, actor: Actor, at: datetime) -> None:
    for take_over in told_by_rooms("taken_over"):
        take_over(guest=gone, account=account, actor=actor, at=at)
    gone.merged_into, gone.stamp = account, uuid4()
    gone.save(update_fields=["merged_into", "stamp"])


def account_of(*, phone: str, actor: Actor, at: datetime) -> tuple[Person, bool]:
    """The account with this number, and whether it was made just now; a guest who is there becomes it or goes into it.

    A step: the caller holds the lock on the number and has checked that it is the person's.
    """
    account = Person.objects.select_for_update().filter(phone=phone).first()
    guest = None
    if actor.person is not None and actor.person.is_guest:  # as it stands now: another tab may have signed in
        guest = Person.objects.select_for_update().filter(pk=actor.person.pk, is_guest=True, merged_into=None).first()
    if account is not None:
        if guest is not None:
            merge_guest(guest=guest, account=account, actor=own(account), at=at)
        return account, False
    if guest is not None:
        account = guest
        account.is_guest, account.phone, account.stamp = False, phone, uuid4()
        account.save(update_fields=["is_guest", "phone", "stamp"])
    else:
        account, is_new = Person.objects.get_or_create(phone=phone, defaults={"created_at": at})
        if not is_new:
            return account, False
    ledger.record(subject=account, actor=own(account), verb="people.joined", at=at)
    return account, True


def told_by_rooms(name: str) -> Iterator[Any]:
    """The static methods of that name that the rooms' models declare themselves, in the order of the rooms."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if name in vars(model):
                yield getattr(model, name)


def rooms_models() -> Iterator[type[Model]]:
    """Every model of the rooms, in their order."""
    for room in ROOMS:
        yield from apps.get_app_config(room).get_models()
