"""What staff sign in with: a password with an authenticator app (TOTP, RFC 6238), or passkeys."""

from datetime import datetime
from functools import cache
from uuid import uuid4

import pyotp
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.people import codes, passkeys
from hemei.people.actor import STAFF, Actor
from hemei.people.models import OneTimeSecret, Passkey, Person, Seat

PASSWORD_MIN, PASSWORD_MAX = 10, 200
PASSKEYS_MAX = 10
STEP_SECONDS, DIGITS = 30, 6
TRIES_IN_A_QUARTER = 10


def may_change_ways(actor: Actor) -> bool:
    """Whose account it is, strongly signed in; or not yet able to: then these are the first ways they set up."""
    if actor.person is None or actor.is_guest or actor.assistance is not None:
        return False
    return actor.strong or not has_strong_way(actor.person)


def has_strong_way(person: Person) -> bool:
    return has_password_with_app(person) or Passkey.objects.filter(person=person).exists()


def has_password_with_app(person: Person) -> bool:
    return bool(person.password) and OneTimeSecret.objects.filter(person=person, confirmed_at__isnull=False).exists()


@transaction.atomic(durable=True)
def choose_password(*, actor: Actor, password: str, at: datetime) -> Person:
    """A new password; every other session of the person ends. Raises NotAllowed, Refused."""
    person = _whose(actor)
    refuse_weak(password, person)

    person.password, person.stamp = make_password(password), uuid4()
    person.save(update_fields=["password", "stamp"])
    ledger.record(subject=person, actor=actor, verb="people.password_chosen", at=at)
    return person


def refuse_weak(password: str, person: Person) -> None:
    """Raises Refused with what is wrong and what would do."""
    told = ""
    if len(password) < PASSWORD_MIN:
        told = _(
            "A password has at least %(most)d characters, and this one has %(count)d. Four words in a row do well."
        )
        told %= {"most": PASSWORD_MIN, "count": len(password)}
    elif len(password) > PASSWORD_MAX:
        told = _("A password has at most %(most)d characters.") % {"most": PASSWORD_MAX}
    elif password.casefold() in _common() or len(set(password)) < 4:
        told = _("Many people use this password, so it is tried first. Four words in a row do well.")
    elif any(_holds(password, known) for known in (person.name, person.nickname, (person.phone or "")[-11:])):
        told = _("Your name or number is in it, so it is easily guessed. Four words in a row do well.")
    if told:
        raise Refused(told, field="password")


def _holds(password: str, known: str) -> bool:
    known = known.strip().casefold().removeprefix("+86")
    return len(known) >= 3 and known in password.casefold()


@cache
def _common() -> frozenset[str]:
    """The twenty thousand passwords that come with Django; read once, from disk."""
    return frozenset(CommonPasswordValidator().passwords)


@codes.counting_tries
def set_up_app(*, actor: Actor, secret: str, code: str, at: datetime) -> Person:
    """An authenticator app counts from now on: `code` shows that it holds `secret`. Replaces an earlier app.

    The same again changes nothing. Raises NotAllowed; WrongTry, and it counts; TooMany.
    """
    person = _whose(actor)
    earlier = OneTimeSecret.objects.select_for_update().filter(person=person).first()
    if earlier is not None and earlier.secret == secret and earlier.confirmed_at is not None:
        return person
    take(key=f"app:{person.pk}", most=TRIES_IN_A_QUARTER, seconds=900, at=at)
    counter = counter_of(secret, code, at)
    if counter is None:
        told = _("This is not the code the app shows now. Look whether the clock of your phone is right.")
        raise codes.WrongTry(told, field="code")

    new = {"secret": secret, "confirmed_at": at, "last_counter": counter}
    OneTimeSecret.objects.update_or_create(person=person, defaults=new)
    ledger.record(subject=person, actor=actor, verb="people.app_set_up", at=at)
    return person


@transaction.atomic(durable=True)
def remove_app(*, actor: Actor, at: datetime) -> Person:
    """The app and the password end together: neither is a way in without the other. Raises NotAllowed, Refused."""
    person = _whose(actor)
    if not person.password and not OneTimeSecret.objects.filter(person=person).exists():
        return person
    if is_staff(person) and not Passkey.objects.filter(person=person).exists():
        raise Refused(_("It is the only strong way you can sign in by, and your seat needs one. Add a passkey first."))

    OneTimeSecret.objects.filter(person=person).delete()
    person.password, person.stamp = "", uuid4()
    person.save(update_fields=["password", "stamp"])
    ledger.record(subject=person, actor=actor, verb="people.app_removed", at=at)
    return person


@transaction.atomic(durable=True)
def add_passkey(*, actor: Actor, called: str, answer: str, asked: str, host: str, at: datetime) -> Passkey:
    """A passkey of the person, called so. The same one again changes nothing. Raises NotAllowed, Refused."""
    person = _whose(actor)
    if Passkey.objects.filter(person=person).count() >= PASSKEYS_MAX:
        raise Refused(_("%(count)d passkeys are enough. Remove one first.") % {"count": PASSKEYS_MAX})
    credential = passkeys.made(person, answer=answer, asked=asked, host=host, at=at)
    if earlier := Passkey.objects.filter(credential=credential.credential_id).first():
        if earlier.person_id == person.pk:
            return earlier
        raise Refused(_("This passkey belongs to another account."))

    passkey = Passkey.objects.create(
        person=person, credential=credential.credential_id, key=bytes(credential), called=called, made_at=at
    )
    ledger.record(subject=person, actor=actor, verb="people.passkey_added", at=at, private={"called": called})
    return passkey


@transaction.atomic(durable=True)
def remove_passkey(*, actor: Actor, key: int, at: datetime) -> Person:
    """Removed already, it stays so. Raises NotAllowed; Refused for the last strong way of staff."""
    person = _whose(actor)
    passkey = Passkey.objects.select_for_update().filter(person=person, pk=key).first()
    if passkey is None:
        return person
    another = Passkey.objects.filter(person=person).exclude(pk=key).exists()
    if is_staff(person) and not another and not has_password_with_app(person):
        raise Refused(
            _("It is the only strong way you can sign in by, and your seat needs one. Set up another way first.")
        )

    passkey.delete()
    person.stamp = uuid4()
    person.save(update_fields=["stamp"])
    ledger.record(subject=person, actor=actor, verb="people.passkey_removed", at=at, private={"called": passkey.called})
    return person


def is_staff(person: Person) -> bool:
    return Seat.objects.filter(person=person, ended_at=None, office__in=STAFF).exists()


def new_secret() -> str:
    return pyotp.random_base32()


def address_of_app(person: Person, secret: str) -> str:
    """What the QR code for the app holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.phone or str(person), issuer_name=_("Hemei"))


def counts_once(person: Person, code: str, at: datetime) -> bool:
    """Whether `code` is what the person's app shows now, and was not used before; it is used by this. A step."""
    secret = OneTimeSecret.objects.select_for_update().filter(person=person, confirmed_at__isnull=False).first()
    counter = counter_of(secret.secret, code, at) if secret else None
    if secret is None or counter is None or counter <= secret.last_counter:
        return False
    secret.last_counter = counter
    secret.save(update_fields=["last_counter"])
    return True


def counter_of(secret: str, code: str, at: datetime) -> int | None:
    """Which time step `code` belongs to; the steps before and after count too, for clocks that go wrong a little."""
    typed, app = codes.bare(code), pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    fitting = [step for step in (now, now - 1, now + 1) if pyotp.utils.strings_equal(app.generate_otp(step), typed)]
    return fitting[0] if fitting else None


def _whose(actor: Actor) -> Person:
    """The person whose ways to sign in are changed, locked. Raises NotAllowed."""
    if not may_change_ways(actor):
        raise NotAllowed(
            _("Sign in with your strong way first; only then the ways to sign in can be changed. Guests have none.")
        )
    assert actor.person is not None
    refuse_demo(actor.person)
    return Person.objects.select_for_update().get(pk=actor.person.pk)


def refuse_demo(person: Person) -> None:
    """Raises NotAllowed: whoever tries the demo finds its persons as the one before did."""
    if person.is_demo:
        raise NotAllowed(_("The persons of the demo belong to everybody who tries it, so they stay as they are."))
