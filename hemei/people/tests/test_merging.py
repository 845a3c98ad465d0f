"""Guests who later become accounts lose and double nothing."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from conftest import NOW, put_person, race, signed_in, verbs
from hemei.consultations import actions as consulting
from hemei.consultations.models import Participant, Statement, Vote
from hemei.consultations.tests.conftest import SEEDS, asked, first, fresh, vote
from hemei.ledger.tests.forging import faults
from hemei.matters.models import Matter
from hemei.notices.models import Notice
from hemei.people import actions, codes, guests, merging
from hemei.people.actor import Actor, own
from hemei.people.models import Code, Person
from hemei.people.tests.coming_in import code_sent_to

PHONE = "+8613812345678"


def come_in(actor, phone=PHONE):
    actions.ask_code(phone=phone, source="here", form_key=uuid4(), at=NOW)
    code = code_sent_to(phone)
    return actions.sign_in_with_code(actor=actor, phone=phone, code=code, source="here", at=NOW).person


def test_a_guest_with_a_new_number_is_that_account(guest, now):
    before = guest.person.stamp
    account = come_in(guest)
    assert (account.pk, account.phone, account.is_guest) == (guest.key, PHONE, False)
    assert account.stamp != before
    assert verbs(account) == ["people.joined"]


def test_a_guest_with_a_known_number_goes_into_that_account(guest, resident, now):
    assert come_in(guest, resident.person.phone) == resident.person
    assert Person.objects.get(pk=guest.key).merged_into == resident.person
    assert verbs(resident.person) == ["people.merged"]


def test_the_guests_old_session_is_a_visitors(guest, resident, now):
    elsewhere = signed_in(guest)
    come_in(guest, resident.person.phone)
    assert elsewhere.get("/people/sign-in").wsgi_request.actor.is_visitor


def test_by_slip_by_password_or_passkey_the_guest_goes_along(guest, resident, now):
    with transaction.atomic():
        slip = codes.make(kind=Code.Kind.SLIP, person=resident.person, at=NOW)
    actions.sign_in_with_slip(actor=guest, code=slip, source="here", at=NOW)
    assert Person.objects.get(pk=guest.key).merged_into == resident.person


def test_a_wrong_code_merges_nobody(guest, resident, now):
    actions.ask_code(phone=resident.person.phone, source="here", form_key=uuid4(), at=NOW)
    with pytest.raises(codes.WrongCode):
        actions.sign_in_with_code(actor=guest, phone=resident.person.phone, code="000000", source="here", at=NOW)
    assert Person.objects.get(pk=guest.key).merged_into is None


def test_one_account_never_goes_into_another(stranger, resident, now):
    with transaction.atomic():
        merging.merge_guest(guest=stranger.person, account=resident.person, actor=resident, at=NOW)
    assert Person.objects.get(pk=stranger.key).merged_into is None


def test_one_guest_in_two_tabs_with_two_new_numbers_makes_two_accounts(guest, now):
    first_account, second_account = come_in(guest), come_in(guest, "+8613812345679")
    assert (first_account.pk, first_account.phone) == (guest.key, PHONE)
    assert second_account.pk != first_account.pk
    assert Person.objects.get(pk=guest.key).phone == PHONE


def test_merging_twice_is_merging_once(guest, resident, stranger, now):
    come_in(guest, resident.person.phone)
    come_in(guest, stranger.person.phone)
    assert Person.objects.get(pk=guest.key).merged_into == resident.person
    assert verbs(stranger.person) == []


def test_rooms_move_their_rows_in_their_order(db):
    names = [take.__qualname__.split(".")[0] for take in merging.told_by_rooms("taken_over")]
    assert names.index("Matter") < names.index("Notice") < names.index("Participant")


def test_notices_and_matters_of_a_guest_are_the_accounts(guest, resident, estate, street, now):
    matter = Matter.objects.create(place=estate, street=street, title="灯不亮", author=guest.person, opened_at=NOW)
    Notice.objects.create(recipient=guest.person, kind="x.y", key="a", made_at=NOW)
    come_in(guest, resident.person.phone)
    matter.refresh_from_db()
    assert matter.author == resident.person
    assert Notice.objects.get().recipient == resident.person


@pytest.fixture
def walls(steward, estate, now):
    """An open consultation on which guests may answer."""
    made = consulting.prepare_consultation(actor=steward, place=estate, **asked(who_votes="guest", who_speaks="guest"))
    for text in SEEDS:
        consulting.add_statement(actor=steward, consultation=made, text=text, form_key=uuid4(), at=NOW)
    consulting.make_ready(actor=steward, consultation=made, at=NOW)
    return fresh(made)


def test_votes_of_a_guest_are_there_once_after_signing_in(resident, walls, now):
    one, two, _three = Statement.objects.filter(consultation=walls).order_by("number")
    guest = own(guests.make_guest(source="here", begun_with=None, at=NOW))
    vote(guest, one, 1)
    vote(guest, two, -1)
    vote(resident, two, 1)
    come_in(guest, resident.person.phone)
    standing = Vote.objects.filter(current=True).order_by("statement__number")
    assert [(one.statement.number, one.answer) for one in standing] == [(1, 1), (2, 1)]
    assert {one.participant.person for one in standing} == {resident.person}
    assert (fresh(walls).participants, fresh(walls).votes) == (1, 2)
    assert not faults()


def test_in_a_browser_the_votes_of_before_are_ones_own_after(walls, now):
    client = Client()
    sent = {"statement": first(walls).number, "answer": 1, "form_key": str(uuid4())}
    assert client.post(f"/consultations/{walls.pk}/votes", sent).status_code == 302
    client.post("/people/sign-in", {"phone": PHONE, "form_key": str(uuid4())})
    client.post("/people/sign-in/code", {"code": code_sent_to(PHONE)})
    account = Person.objects.get(phone=PHONE)
    assert Participant.objects.get().person == account
    assert Vote.objects.filter(current=True, participant__person=account).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_guest_signing_in_ten_times_at_once_is_merged_once(now):
    guest = own(Person.objects.create(is_guest=True, created_at=NOW))
    account = put_person("甲", PHONE)
    with transaction.atomic():
        slips = [codes.make(kind=Code.Kind.SLIP, person=account, at=NOW) for _ in range(10)]
    turns = iter(slips)
    outcome = race(10, lambda: actions.sign_in_with_slip(actor=guest, code=next(turns), source="here", at=NOW))
    assert outcome.done == 10
    assert verbs(account).count("people.merged") == 1


def test_a_visitor_brings_nothing(db, now):
    account = come_in(Actor())
    assert verbs(account) == ["people.joined"]
