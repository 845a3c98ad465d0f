"""A guest becomes an account: nothing is lost and nothing doubles."""

from uuid import uuid4

import pytest
from django.db import transaction

from conftest import NOW, race
from hemei.base.errors import Refused
from hemei.consultations.models import Argument, Consultation, Participant, Statement, Vote
from hemei.consultations.tests.conftest import first, fresh, say, vote
from hemei.consultations.tests.test_speak import argue
from hemei.ledger.tests.forging import faults
from hemei.people.actions import close_account
from hemei.people.merging import merge_guest


def merge(guest, account):
    with transaction.atomic():
        for model in (Participant, Statement, Argument):
            model.taken_over(guest=guest.person, account=account.person, actor=account, at=NOW)


def test_answers_and_words_of_a_guest_become_the_accounts(guest, resident, walls):
    cast, said = vote(guest, first(walls)), say(guest, walls)
    argue(guest, walls)
    merge(guest, resident)
    assert Vote.objects.get(pk=cast.pk).participant.person == resident.person
    assert Statement.objects.get(pk=said.pk).author == resident.person
    assert Argument.objects.get().author == resident.person
    assert (fresh(walls).participants, fresh(walls).votes) == (1, 1)
    assert not faults()


def test_answered_by_both_the_accounts_answer_stands_and_counts_are_right(guest, resident, walls):
    one, two, three = Statement.objects.order_by("number")
    vote(guest, one, 1)
    vote(guest, two, -1)
    vote(resident, one, -1)
    vote(resident, three, 0)
    merge(guest, resident)
    standing = Vote.objects.filter(current=True)
    assert {(v.statement.number, v.answer) for v in standing} == {(1, -1), (2, -1), (3, 0)}
    assert {v.participant.person for v in standing} == {resident.person}
    one.refresh_from_db()
    assert (one.agrees, one.disagrees) == (0, 1)
    assert (fresh(walls).participants, fresh(walls).votes) == (1, 3)
    assert not faults()


def test_the_same_form_key_of_both_is_no_obstacle(guest, resident, walls):
    key = uuid4()
    vote(guest, Statement.objects.get(number=1), form_key=key)
    vote(resident, Statement.objects.get(number=2), form_key=key)
    merge(guest, resident)
    assert Vote.objects.filter(current=True, participant__person=resident.person).count() == 2
    assert not faults()


def test_what_a_guest_sends_after_becoming_an_account_counts_no_second_time(guest, resident, walls):
    """A form that waited while the guest signed in still speaks for the guest: it is refused, not counted."""
    one = Statement.objects.get(number=1)
    vote(guest, one, 1)
    with transaction.atomic():
        merge_guest(guest=guest.person, account=resident.person, actor=resident, at=NOW)
    two = Statement.objects.get(number=2)
    for late in (lambda: vote(guest, one, -1), lambda: vote(guest, two), lambda: say(guest, walls)):
        with pytest.raises(Refused, match="signed in or out"):
            late()
    assert (fresh(walls).participants, fresh(walls).votes) == (1, 1)
    assert Vote.objects.get(current=True).participant.person == resident.person
    assert not faults()


@pytest.mark.django_db(transaction=True)
def test_who_answers_and_becomes_an_account_at_once_is_counted_once(guest, resident, walls):
    one = Statement.objects.get(number=1)
    vote(resident, one, -1)
    turns = iter([lambda: vote(guest, one, 1), lambda: signs_in(guest, resident)] * 4)
    race(8, lambda: next(turns)())  # noqa: PLW0108 - each takes its own
    standing = Vote.objects.filter(statement=one, current=True)
    assert [vote.participant.person for vote in standing] == [resident.person]
    assert (fresh(walls).participants, fresh(walls).votes) == (1, 1)
    assert faults("consultations.v") == []


@transaction.atomic(durable=True)
def signs_in(guest, account):
    merge_guest(guest=guest.person, account=account.person, actor=account, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_who_answers_while_closing_the_account_leaves_whole_rows(stranger, walls):
    Consultation.objects.filter(pk=walls.pk).update(who_votes="guest")
    one = first(Consultation.objects.get(pk=walls.pk))
    turns = iter([lambda: vote(stranger, one), lambda: close_account(actor=stranger, at=NOW)] * 4)
    outcome = race(8, lambda: next(turns)())  # noqa: PLW0108 - each takes its own
    assert outcome.done >= 4
    assert Vote.objects.count() in (0, 1)
    assert fresh(walls).votes == Vote.objects.count() == fresh(walls).participants
