from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from conftest import race
from hemei.base.errors import TooMany
from hemei.people import guests, sessions
from hemei.people.actor import Actor
from hemei.people.middleware import actor_of
from hemei.people.models import Person


def coming(*, session=None, address="203.0.113.7", **sent):
    """A POST as it reaches a view, with its session and its actor."""
    request = RequestFactory().post("/", sent, REMOTE_ADDR=address)
    request.session = SessionStore(session)
    request.actor = actor_of(request)
    return request


def test_a_visitor_who_writes_becomes_a_guest_with_a_session(db, now):
    request = coming()
    actor = guests.writer(request)
    assert actor.is_guest
    assert not actor.is_visitor
    assert actor_of(coming(session=request.session.session_key)).key == actor.key


def test_who_is_there_stays_who_they_are(resident, now):
    request = coming()
    sessions.sign_in_as(request, resident.person)
    assert guests.writer(request).key == resident.key
    assert not Person.objects.filter(is_guest=True).exists()


def test_a_first_form_sent_twice_is_one_guests(db, now):
    key = str(uuid4())
    first, second = guests.writer(coming(form_key=key)), guests.writer(coming(form_key=key))
    assert first.key == second.key


def test_the_same_form_from_elsewhere_is_another_guests(db, now):
    key = str(uuid4())
    assert guests.writer(coming(form_key=key)).key != guests.writer(coming(form_key=key, address="203.0.113.8")).key


@pytest.mark.django_db(transaction=True)
def test_a_first_form_sent_eight_times_at_once_is_one_guests(now):
    key = str(uuid4())
    outcome = race(8, lambda: guests.writer(coming(form_key=key)).key)
    assert len(set(outcome.results)) == 1
    assert Person.objects.count() == 1


def test_a_flood_from_one_address_ends_and_another_address_goes_on(db, now):
    for _ in range(guests.GUESTS_AN_HOUR):
        guests.writer(coming())
    with pytest.raises(TooMany):
        guests.writer(coming())
    assert guests.writer(coming(address="203.0.113.8")).is_guest


def test_an_ipv6_household_is_one_source(db):
    one, other = coming(address="2001:db8::1"), coming(address="2001:db8::ffff")
    assert sessions.source_of(one) == sessions.source_of(other) != sessions.source_of(coming(address="2001:db8:1::1"))


def test_signing_in_changes_the_key_and_leaves_nothing_under_the_old_one(resident, now):
    request = coming()
    request.session["planted"] = "by somebody else"
    request.session.create()
    old = request.session.session_key
    sessions.sign_in_as(request, resident.person)
    assert request.session.session_key != old
    assert "planted" not in request.session
    assert SessionStore(old).load() == {"left": True}
    assert actor_of(coming(session=old)) == Actor()


def test_signing_out_ends_the_session(resident, now):
    request = coming()
    sessions.sign_in_as(request, resident.person)
    key = request.session.session_key
    sessions.sign_out(request)
    assert request.actor.is_visitor
    assert not Session.objects.filter(session_key=key).exists()
