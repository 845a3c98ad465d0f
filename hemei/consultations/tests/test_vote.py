"""Answers: one stands for each person and statement, it can be changed until close, and a form counts once."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from conftest import NOW, own, put_person, race, verbs
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.consultations import actions
from hemei.consultations.actions import voting
from hemei.consultations.models import Participant, Statement, Vote
from hemei.consultations.tests.conftest import CLOSES, OPENS, Make, first, fresh, vote
from hemei.consultations.tests.test_pages import sitting
from hemei.ledger.queries import entries_of, timeline_of
from hemei.ledger.tests.forging import faults


def counts(statement: Statement) -> tuple[int, int, int]:
    statement.refresh_from_db()
    return statement.agrees, statement.passes, statement.disagrees


def test_an_answer_is_counted_at_once(resident, owner_upstairs, walls):
    one = first(walls)
    before = walls.version
    vote(resident, one, 1, drawn=True)
    vote(owner_upstairs, one, -1)
    assert counts(one) == (1, 0, 1)
    assert one.shown == 1
    stands = fresh(walls)
    assert (stands.participants, stands.votes) == (2, 2)
    assert stands.version == before + 2
    assert not faults()


def test_a_form_sent_twice_counts_once_and_with_another_answer_is_refused(resident, walls):
    one, key = first(walls), uuid4()
    assert vote(resident, one, form_key=key) == vote(resident, one, form_key=key)
    with pytest.raises(Refused, match="already answered"):
        vote(resident, one, -1, form_key=key)
    assert counts(one) == (1, 0, 0)


def test_a_changed_mind_replaces_the_answer_and_stays_in_the_ledger(resident, walls):
    one = first(walls)
    vote(resident, one, 1)
    vote(resident, one, 0)
    assert vote(resident, one, 0).answer == 0
    assert counts(one) == (0, 1, 0)
    assert list(Vote.objects.values_list("answer", "current")) == [(1, False), (0, True)]
    assert verbs(walls.matter).count("consultations.voted") == 2
    assert fresh(walls).votes == 1
    assert not faults()


def test_the_timeline_tells_nothing_of_answers(resident, walls):
    vote(resident, first(walls), -1)
    assert not any("voted" in line.verb for line in timeline_of(walls.matter))
    entry = entries_of(walls.matter).get(verb="consultations.voted")
    assert json.loads(entry.public) == {"statement": 1, "by": {"way": "own"}}


def test_who_may_not_answer_is_told_who_may(visitor, stranger, newcomer, guest, announced: Make):
    walls = announced(who_votes="confirmed")
    for actor in (visitor, stranger, newcomer, guest):
        with pytest.raises(NotAllowed, match="confirmed"):
            vote(actor, first(walls))
    assert not Vote.objects.exists()
    assert not Participant.objects.exists()


def test_a_declared_tie_is_enough_where_the_organiser_says_so(newcomer, stranger, announced: Make):
    walls = announced()
    vote(newcomer, first(walls))
    with pytest.raises(NotAllowed):
        vote(stranger, first(walls))


def test_it_opens_and_closes_at_a_stated_second(resident, walls):
    one = first(walls)
    with pytest.raises(Refused, match="opens on"):
        vote(resident, one, at=OPENS - timedelta(seconds=1))
    vote(resident, one, at=CLOSES - timedelta(seconds=1))
    with pytest.raises(Refused, match="closed on"):
        vote(resident, one, -1, at=CLOSES)
    assert counts(one) == (1, 0, 0)


def test_a_hidden_statement_takes_no_answer(resident, walls):
    one = first(walls)
    Statement.objects.filter(pk=one.pk).update(state="rejected")
    with pytest.raises(Refused, match="not shown any more"):
        vote(resident, one)
    assert not Vote.objects.exists()


def test_faster_than_anybody_reads(resident, walls):
    one = first(walls)
    for number in range(voting.VOTES_A_MINUTE):
        vote(resident, one, number % 2)
    with pytest.raises(TooMany):
        vote(resident, one, -1)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_same_answers_at_once_one_stands(resident, walls):
    one, key = first(walls), uuid4()
    assert race(50, lambda: vote(resident, one, form_key=key)).done == 50
    assert Vote.objects.count() == 1
    assert counts(one) == (1, 0, 0)
    assert (fresh(walls).participants, fresh(walls).votes) == (1, 1)
    assert not faults()


@pytest.mark.django_db(transaction=True)
def test_of_fifty_forms_of_one_person_at_once_one_answer_stands(resident, walls):
    one = first(walls)
    answers = iter([1, -1, 0, 1, -1] * 10)
    race(50, lambda: vote(resident, one, next(answers)))
    assert Vote.objects.filter(current=True).count() == 1
    assert sum(counts(one)) == 1
    assert fresh(walls).votes == 1
    assert not faults()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_persons_at_once_all_are_counted(walls):
    one = first(walls)
    people = iter([own(put_person(f"邻居{number}", f"+86139000000{number:02d}")) for number in range(20)])
    assert race(20, lambda: vote(next(people), one)).done == 20
    assert counts(one) == (20, 0, 0)
    assert sorted(Participant.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert not faults()


# a sheet of paper


def test_a_sheet_is_kept_whole_once(clerk, resident, walls):
    helped, key = sitting(clerk, resident), uuid4()
    sheet = {"actor": helped, "consultation": walls, "form_key": key, "at": NOW}
    for _ in range(2):
        assert actions.enter_sheet(answers={1: 1, 3: -1}, **sheet) == 2
    with pytest.raises(Refused, match="other answers"):
        actions.enter_sheet(answers={1: -1, 3: -1}, **sheet)
    with pytest.raises(Refused, match=r"no\. 9"):
        actions.enter_sheet(**{**sheet, "form_key": uuid4()}, answers={2: 1, 9: 1})
    with pytest.raises(Refused, match="No box"):
        actions.enter_sheet(**{**sheet, "form_key": uuid4()}, answers={})
    with pytest.raises(Refused, match="closed on"):
        actions.enter_sheet(**{**sheet, "form_key": uuid4(), "at": CLOSES}, answers={2: 1})
    assert {v.participant.person for v in Vote.objects.all()} == {resident.person}
    assert fresh(walls).votes == 2
    assert not faults()


def test_only_in_a_sitting_with_somebody_who_may_answer(clerk, stranger, announced: Make):
    walls = announced()
    for actor in (clerk, sitting(clerk, stranger)):
        with pytest.raises(NotAllowed):
            actions.enter_sheet(actor=actor, consultation=walls, answers={1: 1}, form_key=uuid4(), at=NOW)
    assert not Vote.objects.exists()


def test_the_person_may_change_later_what_was_typed_in(clerk, resident, walls):
    actions.enter_sheet(actor=sitting(clerk, resident), consultation=walls, answers={1: 1}, form_key=uuid4(), at=NOW)
    vote(resident, first(walls), -1)
    assert counts(first(walls)) == (0, 0, 1)
    assert fresh(walls).participants == 1
