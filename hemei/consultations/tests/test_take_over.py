"""A guest becomes an account: nothing is lost and nothing doubles."""

from uuid import uuid4

from conftest import NOW
from hemei.consultations.models import Argument, Participant, Statement, Vote
from hemei.consultations.tests.conftest import first, fresh, say, vote
from hemei.consultations.tests.test_speak import argue
from hemei.ledger.tests.forging import faults


def merge(guest, account):
    from django.db import transaction

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
