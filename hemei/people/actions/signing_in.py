"""Signing in: with a number and a delivered code, with a printed code, with a strong factor, for the first time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hemei.base.errors import Refused, TooMany
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.outbox import steps as outbox
from hemei.outbox.models import Message
from hemei.people import codes, merging, passkeys
from hemei.people.actions.second_factor import counts_once
from hemei.people.actor import Actor, own
from hemei.people.models import Code, OneTimeSecret, Passkey, Person
from hemei.people.phones import bucket_of

CODES_AN_HOUR = 5  # to one number: what a bad line needs, and an end to ringing somebody out of bed
CODES_AN_HOUR_FROM_ONE_PLACE = 60
PASSWORDS_IN_A_QUARTER = 10  # for one number, right or wrong
PASSWORDS_AN_HOUR_FROM_ONE_PLACE = 60


@dataclass(frozen=True)
class SignedIn:
    """Who signed in, and whether the account was made by it."""

    person: Person
    is_new: bool = False


@transaction.atomic(durable=True)
def ask_code(*, phone: str, source: str, form_key: UUID, at: datetime) -> str:
    """Send a code to `phone`; known numbers and unknown ones are treated alike.

    source: see `sessions.source_of`. The same form again sends nothing new. Returns the code where it may stand on
    the page, for the demo's invented persons; else "". Raises TooMany.
    """
    person = Person.objects.filter(phone=phone).first()
    mine = Message.objects.filter(kind="people.code", key=f"code:{form_key}", address=phone)
    if not (sent := mine.exists()):
        take_for_code(phone, source, at)
        sent = mine.exists()  # the number's bucket was the lock: of two clicks the second sees the first's message
    try:
        code = codes.make(kind=Code.Kind.PHONE, address=phone, person=person, at=at, form=str(form_key))
    except Refused as gone:
        raise Refused(_("This form was sent before, and its code counts no more. Open the page again.")) from gone
    if not sent:
        put_code(phone=phone, code=code, key=f"code:{form_key}", person=person, at=at)
    return code if person is not None and person.is_demo and settings.DEMO != "no" else ""


def take_for_code(phone: str, source: str, at: datetime) -> None:
    try:
        take(key=f"ask:{bucket_of(phone)}", most=CODES_AN_HOUR, seconds=3600, at=at)
        take(key=f"ask-from:{source}", most=CODES_AN_HOUR_FROM_ONE_PLACE, seconds=3600, at=at)
    except TooMany as many:
        told = _(
            "Several codes were sent already. The newest one counts for ten minutes; a new one can be sent in "
            "%(minutes)d minutes."
        )
        minutes = max(1, -(-many.after_seconds // 60))
        raise TooMany(told % {"minutes": minutes}, after_seconds=many.after_seconds) from many


def put_code(*, phone: str, code: str, key: str, person: Person | None, at: datetime) -> None:
    """The message with the code, in the person's language or the page's; it goes out by itself, whatever the hour."""
    language = (person.language if person else "") or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        told = _("Your code for Hemei is %(code)s. It counts for ten minutes. Nobody of ours will ever ask you for it.")
        text = told % {"code": codes.grouped(code)}
    outbox.put(
        kind="people.code",
        key=key,
        recipient=person.pk if person else None,
        channel=Message.Channel.CONSOLE,
        address=phone,
        text=text,
        secret=True,
        language=language,
        at=at,
    )


@codes.counting_tries
def sign_in_with_code(*, actor: Actor, phone: str, code: str, source: str, at: datetime) -> SignedIn:
    """The code that was sent to `phone` shows whose it is; a new number makes an account, a guest goes into it.

    Raises WrongCode, and the wrong try counts; TooMany.
    """
    codes.take(kind=Code.Kind.PHONE, address=phone, code=code, source=source, at=at)

    account, is_new = merging.account_of(phone=phone, actor=actor, at=at)
    was_seen(account, at)
    return SignedIn(account, is_new)


@codes.counting_tries
def sign_in_with_slip(*, actor: Actor, code: str, source: str, at: datetime) -> SignedIn:
    """A code from a printed slip, which is used up by it. Raises WrongCode; TooMany; Refused for a closed account."""
    found = codes.take(kind=Code.Kind.SLIP, code=code, source=source, at=at)
    person = _standing(found)

    _take_in(actor, person, at)
    was_seen(person, at)
    ledger.record(subject=person, actor=own(person), verb="people.slip_used", at=at, public={"code": found.pk})
    return SignedIn(person)


@codes.counting_tries
def sign_in_first(*, actor: Actor, code: str, source: str, at: datetime) -> SignedIn:
    """The code that `hemei admin` or an administrator gave out: earlier ways to sign in end, new ones can be set up.

    Raises WrongCode; TooMany; Refused for a closed account.
    """
    found = codes.take(kind=Code.Kind.FIRST, code=code, source=source, at=at)
    person = _standing(found)

    Passkey.objects.filter(person=person).delete()
    OneTimeSecret.objects.filter(person=person).delete()
    person.password, person.stamp = "", uuid4()
    person.save(update_fields=["password", "stamp"])
    _take_in(actor, person, at)
    was_seen(person, at)
    ledger.record(subject=person, actor=own(person), verb="people.began_anew", at=at)
    return SignedIn(person)


def _standing(found: Code) -> Person:
    assert found.person_id is not None, "this kind of code belongs to a person"
    person = Person.objects.select_for_update().get(pk=found.person_id)
    if person.closed_at is not None or person.merged_into_id is not None:
        raise Refused(
            _("This account was closed. Sign in with a telephone number, or ask at the counter."), field="code"
        )
    return person


@codes.counting_tries
def sign_in_with_password(*, actor: Actor, phone: str, password: str, code: str, source: str, at: datetime) -> SignedIn:
    """Number, password and the code of the authenticator app: a strong session.

    Which of the three is wrong is not said. Raises WrongTry, and it counts; TooMany.
    """
    take(key=f"password-from:{source}", most=PASSWORDS_AN_HOUR_FROM_ONE_PLACE, seconds=3600, at=at)
    take(key=f"password:{bucket_of(phone)}", most=PASSWORDS_IN_A_QUARTER, seconds=900, at=at)
    person = Person.objects.select_for_update().filter(phone=phone).first()
    fits = check_password(password, person.password if person and person.password else _nobodys_password())
    if not (fits and person and person.password and counts_once(person, code, at)):
        raise codes.WrongTry(
            _(
                "Number, password and code do not fit together. A code of the app counts once: wait for the next one. "
                "Without them, ask an administrator for a first sign-in."
            )
        )

    _take_in(actor, person, at)
    was_seen(person, at)
    return SignedIn(person)


_kept: list[str] = []


def _nobodys_password() -> str:
    """A password nobody has, so that an unknown number takes as long as a known one."""
    if not _kept:
        _kept.append(make_password(uuid4().hex))
    return _kept[0]


@codes.counting_tries
def sign_in_with_passkey(*, actor: Actor, answer: str, asked: str, host: str, source: str, at: datetime) -> SignedIn:
    """A passkey's signed answer to the question `asked`: a strong session.

    host: the name this site was called by. Raises WrongTry, and it counts; TooMany; Refused when it was too slow.
    """
    take(key=f"password-from:{source}", most=PASSWORDS_AN_HOUR_FROM_ONE_PLACE, seconds=3600, at=at)
    credential = passkeys.credential_in(answer)
    passkey = Passkey.objects.select_for_update().filter(credential=credential).first()
    person = passkey.person if passkey else None
    if passkey is None or person is None or person.closed_at is not None:
        raise codes.WrongTry(_("This passkey is not known here. Sign in another way, then add it on your page."))
    passkey.uses = passkeys.uses_after(passkey, answer=answer, asked=asked, host=host, at=at)
    passkey.save(update_fields=["uses"])

    _take_in(actor, person, at)
    was_seen(person, at)
    return SignedIn(person)


def _take_in(actor: Actor, person: Person, at: datetime) -> None:
    """The guest who is there, if one is, goes into the account."""
    if actor.person is not None and actor.person.is_guest:
        merging.merge_guest(guest=actor.person, account=person, actor=own(person), at=at)


def was_seen(person: Person, at: datetime) -> None:
    """A step: the day of the last visit, and the language messages are written in if none was chosen."""
    person.last_seen_on = timezone.localdate(at)
    person.language = person.language or translation.get_language() or settings.LANGUAGE_CODE
    Person.objects.filter(pk=person.pk).update(last_seen_on=person.last_seen_on, language=person.language)
