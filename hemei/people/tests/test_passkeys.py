"""Passkeys with a soft authenticator: a real ES256 key, real registrations and assertions, checked by fido2."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from conftest import signed_in, speaking_from, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.people import actions, codes, passkeys
from hemei.people.actor import Actor, own
from hemei.people.models import Passkey

HOST, ORIGIN = "localhost", "http://localhost:8000"
F = AuthenticatorData.FLAG


class Device:
    """What a phone's secure chip does: makes a key for a site, counts its uses, signs what it is asked."""

    def __init__(self, *, verifies=True, counts=True, origin=ORIGIN):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = hashlib.sha256(str(id(self)).encode()).digest()
        self.uses, self.counts, self.origin = 0, counts, origin
        self.flags = F.UP | F.UV if verifies else F.UP

    def client_data(self, kind, challenge):
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return CollectedClientData(json.dumps(said).encode())

    def answer(self, response):
        name = websafe_encode(self.credential)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )

    def make(self, options):
        asked = json.loads(options)["publicKey"]
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        public = ES256.from_cryptography_key(self.key.public_key())
        data = AuthenticatorData.create(
            hashlib.sha256(asked["rp"]["id"].encode()).digest(),
            self.flags | F.AT,
            self.uses,
            AttestedCredentialData.create(Aaguid.NONE, self.credential, public),
        )
        made = AttestationObject.create("none", data, {})
        said = self.client_data("webauthn.create", asked["challenge"])
        return self.answer({"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(made)})

    def sign(self, options):
        asked = json.loads(options)["publicKey"]
        self.uses += self.counts
        data = AuthenticatorData.create(hashlib.sha256(asked["rpId"].encode()).digest(), self.flags, self.uses)
        said = self.client_data("webauthn.get", asked["challenge"])
        signed = self.key.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))
        parts = {"authenticatorData": data, "clientDataJSON": said, "signature": signed}
        return self.answer({name: websafe_encode(part) for name, part in parts.items()})


def add(actor, device, at, **other):
    options, asked = passkeys.ask_to_make(actor.person, host=HOST)
    words = {"called": "手机", "answer": device.make(options), "asked": asked, "host": HOST, **other}
    return actions.add_passkey(actor=actor, at=at, **words)


def sign_in(device, at, **other):
    options, asked = passkeys.ask_for_one(host=HOST)
    words = {"answer": device.sign(options), "asked": asked, "host": HOST, **other}
    return actions.sign_in_with_passkey(actor=Actor(), source="here", at=at, **words).person


def test_a_passkey_is_added_and_signs_in(clerk, now):
    device = Device()
    add(clerk, device, now)
    assert sign_in(device, now) == clerk.person
    assert Passkey.objects.get().uses == 1
    assert verbs(clerk.person) == ["people.passkey_added"]


def test_on_the_pages_it_makes_a_strong_session(clerk, now):
    device, client = Device(), signed_in(own(clerk.person), HTTP_HOST="localhost:8000")
    page = client.get("/people/me/ways/passkeys/add")
    options, asked = page.context["options"], page.context["form"].initial["asked"]
    added = client.post(
        "/people/me/ways/passkeys/add", {"called": "手机", "answer": device.make(options), "asked": asked}
    )
    assert added.url == "/people/me/ways"
    assert client.session["strong"] is True

    other = Client(HTTP_HOST="localhost:8000")
    page = other.get("/people/sign-in/staff")
    sent = {"answer": device.sign(page.context["options"]), "asked": page.context["passkey"].initial["asked"]}
    assert other.post("/people/sign-in/passkey", {**sent, "next": "/people/me/ways"}).url == "/people/me/ways"
    actor = other.get("/people/me/ways").wsgi_request.actor
    assert (actor.key, actor.strong) == (clerk.key, True)
    replayed = Client(HTTP_HOST="localhost:8000").post("/people/sign-in/passkey", sent)
    assert replayed.status_code == 422


def test_the_options_stand_in_the_page_without_breaking_out_of_it(clerk, now):
    client = signed_in(own(clerk.person), HTTP_HOST="localhost:8000")
    page = client.get("/people/me/ways/passkeys/add").content.decode()
    assert re.search(r'data-options="\{&quot;publicKey', page)
    assert "<script>" not in page


def test_an_answer_counts_once(clerk, now):
    device = Device(counts=False)
    add(clerk, device, now)
    options, asked = passkeys.ask_for_one(host=HOST)
    answer = device.sign(options)
    assert sign_in(device, now, answer=answer, asked=asked) == clerk.person
    with pytest.raises(Refused):
        sign_in(device, now, answer=answer, asked=asked)


def test_a_device_that_does_not_count_signs_in_again_and_again(clerk, now):
    device = Device(counts=False)
    add(clerk, device, now)
    for _ in range(3):
        assert sign_in(device, now) == clerk.person


def test_a_copied_device_counts_no_more(clerk, now):
    device = Device()
    add(clerk, device, now)
    sign_in(device, now)
    sign_in(device, now)
    device.uses = 0
    with pytest.raises(codes.WrongTry, match="copied"):
        sign_in(device, now)


def test_a_device_that_asked_nobody_is_no_second_factor(clerk, now):
    with pytest.raises(Refused):
        add(clerk, Device(verifies=False), now)
    device = Device()
    add(clerk, device, now)
    device.flags = F.UP
    with pytest.raises(codes.WrongTry):
        sign_in(device, now)


def test_another_sites_answer_is_no_answer(clerk, now):
    with pytest.raises(Refused):
        add(clerk, Device(origin="https://evil.example"), now)
    device = Device()
    add(clerk, device, now)
    device.origin = "https://evil.example"
    with pytest.raises(codes.WrongTry):
        sign_in(device, now)


def test_another_key_signs_in_nobody(clerk, now):
    device = Device()
    add(clerk, device, now)
    device.key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(codes.WrongTry):
        sign_in(device, now)


def test_an_unknown_passkey_is_told_what_to_do(db, now):
    with pytest.raises(codes.WrongTry, match="not known here"):
        sign_in(Device(), now)


def test_a_question_for_another_person_or_of_another_time_is_refused(clerk, steward, now, settings):
    device = Device()
    options, asked = passkeys.ask_to_make(clerk.person, host=HOST)
    with pytest.raises(Refused, match="too long"):
        actions.add_passkey(actor=steward, called="x", answer=device.make(options), asked=asked, host=HOST, at=now)
    with pytest.raises(Refused, match="too long"):
        sign_in(device_of(clerk, now), now, asked=asked)
    with pytest.raises(Refused, match="too long"):
        add(clerk, device, now, asked="made:up:words")


def device_of(actor, now):
    device = Device()
    add(actor, device, now)
    return device


def test_the_same_passkey_added_twice_is_one(clerk, steward, now):
    device = Device()
    assert add(clerk, device, now) == add(clerk, device, now)
    with pytest.raises(Refused, match="another account"):
        add(steward, device, now)
    assert Passkey.objects.count() == 1


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "null", '"x"', "{}", '{"id": 1}', '{"rawId": "!!", "response": {}}', "x" * 30_000]
)
def test_broken_answers_are_refused_and_break_nothing(clerk, now, answer):
    with pytest.raises(Refused):
        add(clerk, Device(), now, answer=answer)
    with pytest.raises(Refused):
        sign_in(Device(), now, answer=answer)
    client = Client(HTTP_HOST="localhost")
    assert client.post("/people/sign-in/passkey", {"answer": answer, "asked": "x"}).status_code == 422


def test_a_closed_account_is_not_entered(resident, now):
    device = device_of(resident, now)
    resident.person.closed_at = now
    resident.person.save()
    with pytest.raises(codes.WrongTry):
        sign_in(device, now)


def test_a_passkey_is_removed_after_asking_once_more(resident, now):
    device = device_of(resident, now)
    client = signed_in(Actor(person=resident.person, principal=resident.person, strong=True))
    address = f"/people/me/ways/passkeys/{Passkey.objects.get().pk}/remove"
    assert client.get(address).status_code == 200
    assert client.post(address).url == "/people/me/ways"
    assert client.post(address).url == "/people/me/ways"
    with pytest.raises(codes.WrongTry):
        sign_in(device, now)


def test_another_persons_passkey_stays(resident, clerk, now):
    device_of(resident, now)
    key = Passkey.objects.get().pk
    actions.remove_passkey(actor=clerk, key=key, at=now)
    signed_in(clerk).post(f"/people/me/ways/passkeys/{key}/remove")
    assert Passkey.objects.count() == 1


def test_wrong_answers_from_one_place_end(db, now):
    from hemei.people.actions.signing_in import PASSWORDS_AN_HOUR_FROM_ONE_PLACE

    for _ in range(PASSWORDS_AN_HOUR_FROM_ONE_PLACE):
        with pytest.raises(codes.WrongTry):
            sign_in(Device(), now)
    with pytest.raises(Refused, match="quick"):
        sign_in(Device(), now)
    with pytest.raises(codes.WrongTry):
        sign_in(Device(), now + timedelta(hours=1))


def test_a_code_by_phone_alone_adds_no_second_passkey(clerk, now):
    device_of(speaking_from(clerk.seat), now)
    with pytest.raises(NotAllowed):
        add(own(clerk.person), Device(), now)


def test_the_challenge_is_new_each_time(db):
    options = {passkeys.ask_for_one(host=HOST)[0] for _ in range(5)}
    challenges = {json.loads(one)["publicKey"]["challenge"] for one in options}
    assert len(challenges) == 5
    assert all(len(websafe_decode(one)) >= 16 for one in challenges)
