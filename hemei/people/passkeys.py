"""Passkeys (WebAuthn): what the browser is asked, and whether its answer holds. The answers are checked by fido2."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hemei.base.errors import Refused, TooMany
from hemei.base.limits import take
from hemei.people.codes import WrongTry
from hemei.people.models import Passkey, Person

ANSWER_SECONDS = 300  # how long a question may wait for its answer
ANSWER_MAX = 20_000  # characters; a real answer has some two thousand
CREDENTIAL_MAX = 1023  # octets, WebAuthn Level 2, 4. "credential ID"


def ask_to_make(person: Person, *, host: str) -> tuple[str, str]:
    """For a new passkey of `person`: what the browser's script is asked, as JSON, and the signed memory of it."""
    known = [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(one))
        for one in Passkey.objects.filter(person=person).order_by("pk").values_list("credential", flat=True)
    ]
    user = PublicKeyCredentialUserEntity(
        id=hashlib.sha256(f"hemei.person\n{person.pk}\n{person.created_at.isoformat()}".encode()).digest(),
        name=person.phone or str(person),
        display_name=str(person),
    )
    options, state = _server(host).register_begin(
        user,
        known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.dumps(dict(options)), _remembered({**state, "person": person.pk})


def ask_for_one(*, host: str) -> tuple[str, str]:
    """For signing in with any passkey of this site: what the browser's script is asked, and the memory of it."""
    options, state = _server(host).authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return json.dumps(dict(options)), _remembered({**state, "person": None})


def made(person: Person, *, answer: str, asked: str, host: str, at: datetime) -> AttestedCredentialData:
    """The new credential in the browser's answer. Raises Refused when it does not hold or came too late."""
    state = _recalled(asked, person=person.pk, at=at)
    try:
        credential = _server(host).register_complete(state, _read(answer)).credential_data
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as fault:
        raise Refused(_not_held()) from fault
    if credential is None or len(credential.credential_id) > CREDENTIAL_MAX:
        raise Refused(_not_held())
    return credential


def credential_in(answer: str) -> bytes:
    """Which credential the answer speaks of; nothing is checked yet. Raises Refused."""
    try:
        return AuthenticationResponse.from_dict(_read(answer)).raw_id
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Refused(_not_held()) from fault


def uses_after(passkey: Passkey, *, answer: str, asked: str, host: str, at: datetime) -> int:
    """The counter of `passkey` after this answer, which holds. Raises WrongTry; Refused when it came too late."""
    state = _recalled(asked, person=None, at=at)
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        _server(host).authenticate_complete(state, [AttestedCredentialData(bytes(passkey.key))], response)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise WrongTry(_not_held()) from fault
    counter = response.response.authenticator_data.counter
    if (counter or passkey.uses) and counter <= passkey.uses:  # somebody holds a copy of it
        raise WrongTry(_("This passkey seems to have been copied and counts no more. Sign in another way, remove it."))
    return counter


def _server(host: str) -> Fido2Server:
    """host: the name this site was called by, without port: passkeys are bound to it by the browser."""
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=_("Hemei")))


def _remembered(state: dict[str, Any]) -> str:
    return signing.dumps(state, salt="hemei.passkey")


def _recalled(asked: str, *, person: int | None, at: datetime) -> dict[str, Any]:
    """The question this answers; each is answered once. Raises Refused."""
    told = _("That took too long. Open the page again and try once more.")
    try:
        state: dict[str, Any] = signing.loads(asked, salt="hemei.passkey", max_age=ANSWER_SECONDS)
    except signing.BadSignature as fault:
        raise Refused(told) from fault
    if state.pop("person") != person:
        raise Refused(told)
    spent = hashlib.sha256(websafe_decode(state["challenge"])).hexdigest()[:40]
    try:
        take(key=f"passkey:{spent}", most=1, seconds=10 * ANSWER_SECONDS, at=at)
    except TooMany as again:
        raise Refused(_("This answer was sent already. Open the page again and try once more.")) from again
    return state


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > ANSWER_MAX:
        raise ValueError("longer than any answer")
    said = json.loads(answer)
    if not isinstance(said, dict):
        raise ValueError("no answer of a browser")
    return said


def _not_held() -> str:
    return _("The answer of the passkey could not be checked. Try once more, or sign in another way.")
