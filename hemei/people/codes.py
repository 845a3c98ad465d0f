"""Short secrets delivered to somebody: made once, told once, kept only as a keyed digest, checked in one place."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from hemei.base.errors import Refused
from hemei.base.limits import take as take_token
from hemei.people.models import Code, Person, Tie

Kind = Code.Kind
Result = TypeVar("Result")

# A code that only counts for one number or one tie can be short; one that is found by itself alone must be long.
DIGITS = {Kind.PHONE: 6, Kind.LETTER: 8, Kind.SLIP: 12, Kind.CLAIM: 12, Kind.FIRST: 12, Kind.OWNER: 12}
VALID_FOR = {
    Kind.PHONE: timedelta(minutes=10),
    Kind.LETTER: timedelta(days=60),
    Kind.SLIP: timedelta(days=90),
    Kind.CLAIM: timedelta(days=30),
    Kind.FIRST: timedelta(hours=24),
    Kind.OWNER: timedelta(days=90),
}
WRONG_TRIES_MAX = 5  # on one number or tie; then a new code is needed
TRIES_AN_HOUR = 60  # from one address: a counter's or a household's worth, and nothing against twelve digits


class WrongTry(Refused):
    """A secret that does not fit. The try counts although the action is refused, see `counting_tries`."""


class WrongCode(WrongTry):
    """The code does not fit, has gone by or was used."""

    def __init__(self, told: object, *, field: str = "code") -> None:
        super().__init__(told, field=field)


def counting_tries(action: Callable[..., Result]) -> Callable[..., Result]:
    """In place of `transaction.atomic(durable=True)` on an action that checks a secret before it writes anything.

    What is refused is undone, the count of a wrong try too, and guessing would be free. So the transaction commits
    first and the refusal follows.
    """

    @wraps(action)
    def run(**words: Any) -> Result:
        with transaction.atomic(durable=True):
            try:
                return action(**words)
            except WrongTry as wrong:
                refusal = wrong
        raise refusal

    return run


def make(
    *,
    kind: str,
    at: datetime,
    made_by: Person | None = None,
    person: Person | None = None,
    tie: Tie | None = None,
    address: str = "",
    valid_for: timedelta | None = None,
    form: str = "",
) -> str:
    """A new code, in plain digits; nobody can read it again. PHONE needs `address`, LETTER its `tie`.

    form: which form asks for it and which of its codes this is; the same again gives the same code as long as it is
    good, so that a sheet sent to the printer twice is one sheet. Raises Refused when it is good no more.
    """
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    bound_to = _bound_to(kind, address, tie)
    code = _of_form(form, kind, bound_to) if form else _random(kind)
    digest = _digest(kind, bound_to, code)
    if form and (printed := Code.objects.filter(kind=kind, digest=digest).order_by("-pk").first()):
        if printed.used_at is not None or printed.expires_at <= at:
            raise Refused(_("This sheet was printed before, and its codes are used up. Open the page again."))
        return code
    Code.objects.create(
        kind=kind,
        digest=digest,
        address=address,
        person=person,
        tie=tie,
        made_at=at,
        made_by=made_by,
        expires_at=at + (valid_for or VALID_FOR[Kind(kind)]),
    )
    return code


def _random(kind: str) -> str:
    return "".join(secrets.choice("0123456789") for _digit in range(DIGITS[Kind(kind)]))


def _of_form(form: str, kind: str, bound_to: str) -> str:
    """Digits that only who has the key of this installation can work out; the sender chose the form, so the number
    or tie is part of it: the same form sent for somebody else gives another code."""
    said = f"hemei.sheet\n{kind}\n{bound_to}\n{form}"
    drawn = hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()
    most = DIGITS[Kind(kind)]
    return str(int(drawn, 16) % 10**most).zfill(most)


def take(
    *,
    kind: str,
    code: str,
    at: datetime,
    address: str = "",
    tie: Tie | None = None,
    source: str = "-",
    field: str = "code",
) -> Code:
    """The code that was typed, used up by this. For actions under `counting_tries`, before they write anything.

    source: where the try comes from, see `sessions.source_of`. Other codes for the same number or tie end with it.
    Raises WrongCode; TooMany.
    """
    found = find(kind=kind, code=code, at=at, address=address, tie=tie, source=source, field=field)
    use(found, at=at)
    return found


def find(
    *,
    kind: str,
    code: str,
    at: datetime,
    address: str = "",
    tie: Tie | None = None,
    source: str = "-",
    field: str = "code",
) -> Code:
    """As `take`, but it stays good until `use`: for actions that check two codes and use both or none."""
    assert connection.in_atomic_block, "a step stands in an action's transaction"
    take_token(key=f"code:{source}", most=TRIES_AN_HOUR, seconds=3600, at=at)
    typed = bare(code)
    if told := _length_told(kind, typed):
        raise WrongCode(told, field=field)  # a slip of the finger, no guess
    digest = _digest(kind, _bound_to(kind, address, tie), typed)
    if kind in (Kind.PHONE, Kind.LETTER):
        return _find_among_few(kind=kind, digest=digest, at=at, address=address, tie=tie, field=field)
    found = Code.objects.select_for_update().filter(kind=kind, digest=digest).order_by("-pk").first()
    if found is None:
        raise WrongCode(_("This code is not one of ours. Compare it with the paper."), field=field)
    if found.used_at is not None:
        raise WrongCode(_("This code was already used. Take the next one, or ask for a new one."), field=field)
    if found.expires_at <= at:
        raise WrongCode(_("This code has expired. Ask for a new one."), field=field)
    return found


def _find_among_few(*, kind: str, digest: str, at: datetime, address: str, tie: Tie | None, field: str) -> Code:
    """A wrong try counts against every code it might have meant."""
    around = list(
        _live(Code.objects.filter(kind=kind, address=address, tie=tie), at).select_for_update().order_by("pk")
    )
    if not around:
        raise WrongCode(_("This code has expired or was used. Ask for a new one."), field=field)
    found = next((one for one in around if hmac.compare_digest(one.digest, digest)), None)
    if found is None:
        Code.objects.filter(pk__in=[one.pk for one in around]).update(wrong_tries=F("wrong_tries") + 1)
        if min(one.wrong_tries for one in around) + 1 < WRONG_TRIES_MAX:
            raise WrongCode(_("This code does not fit. Compare it once more, or ask for a new one."), field=field)
    if found is None or found.wrong_tries >= WRONG_TRIES_MAX:
        raise WrongCode(_("This code was tried wrongly too often. Ask for a new one."), field=field)
    return found


def use(found: Code, *, at: datetime, by: Person | None = None) -> None:
    """Used up; and with it every other code for the same number or tie. by: whose it is now, if it was nobody's."""
    if by is not None:
        Code.objects.filter(pk=found.pk, person=None).update(person=by)
    same = Code.objects.filter(pk=found.pk)
    if found.kind in (Kind.PHONE, Kind.LETTER):
        same = _live(Code.objects.filter(kind=found.kind, address=found.address, tie=found.tie_id), at)
    same.update(used_at=at)
    found.used_at = at


def _length_told(kind: str, typed: str) -> str:
    most = DIGITS[Kind(kind)]
    if len(typed) == most and typed.isdigit():
        return ""
    return _("The code has %(most)d digits, and you wrote %(count)d.") % {"most": most, "count": len(typed)}


def was_used(*, kind: str, code: str, **of: Any) -> Code | None:
    """This code where it was used up for whom `of` says: a form sent twice. Only for codes that stand by themselves."""
    digest = _digest(kind, _bound_to(kind, "", None), bare(code))
    return Code.objects.filter(kind=kind, digest=digest, used_at__isnull=False, **of).order_by("-pk").first()


def void(*, kind: str, at: datetime, **of: Any) -> int:
    """End all codes of this kind that are still good for `person=`, `tie=` or `address=`; how many there were."""
    assert of, "whose codes?"
    return _live(Code.objects.filter(kind=kind, **of), at).update(used_at=at)


def _live(codes: QuerySet[Code], at: datetime) -> QuerySet[Code]:
    return codes.filter(used_at=None, expires_at__gt=at)


def bare(code: str) -> str:
    """The code as typed without spaces and hyphens, in plain digits also when typed full-width."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in code)
    return "".join(c for c in digits if not c.isspace() and c not in "-–—·")[:40]


def grouped(code: str) -> str:
    """As it is printed: groups of four, or of three for six digits."""
    step = 3 if len(code) == 6 else 4
    return " ".join(code[place : place + step] for place in range(0, len(code), step))


def _bound_to(kind: str, address: str, tie: Tie | None) -> str:
    if kind == Kind.PHONE:
        assert address, "a code by phone belongs to a number"
        return address
    if kind == Kind.LETTER:
        assert tie is not None, "a code in a letter belongs to a tie"
        return str(tie.pk)
    return ""


def _digest(kind: str, bound_to: str, code: str) -> str:
    said = f"hemei.code\n{kind}\n{bound_to}\n{code}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()
