"""A chain of any subject grows entry by entry, in turns, and keeps what is said of persons apart."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import race, verbs
from hemei.ledger import queries
from hemei.ledger.models import Chain, Entry, PersonalPart
from hemei.ledger.steps import lock_chain, record
from hemei.ledger.tests.forging import faults
from hemei.matters.steps import open_matter, tell


@pytest.fixture
def matter(resident, estate, now):
    return open_matter(actor=resident, place=estate, title="围墙", at=now, verb="matters.opened", step="raised")


def test_any_row_may_have_a_chain(matter, estate, resident, now):
    for subject in (estate, resident.person):
        record(subject=subject, actor=resident, verb="places.noted", at=now)
        record(subject=subject, actor=resident, verb="places.noted_again", at=now)
        assert verbs(subject) == ["places.noted", "places.noted_again"]
        assert queries.chain_of(subject).length == 2
    assert not faults("places.place:") or all("stands without" in fault for fault in faults("places.place:"))


def test_the_public_part_holds_the_way_and_no_person(matter, resident):
    entry = queries.entries_of(matter).get()
    assert json.loads(entry.public) == {"by": {"way": "own"}}
    assert json.loads(entry.personal_part.words)["by"] == {"person": resident.person.pk}


def test_the_same_words_give_another_digest_each_time(matter, resident, now):
    record(subject=matter, actor=resident, verb="matters.told", at=now)
    record(subject=matter, actor=resident, verb="matters.told", at=now)
    one, other = queries.entries_of(matter).filter(verb="matters.told")
    assert one.personal_part.words == other.personal_part.words
    assert one.digest != other.digest


def test_steps_begun_and_timeline_are_read_from_the_chain(matter, resident, now):
    tell(matter=matter, actor=resident, at=now, text="看了", step="seen")
    record(subject=matter, actor=resident, verb="matters.small", at=now, quiet=True)
    assert queries.steps_begun(matter) == {"raised", "seen"}
    assert [line.verb for line in queries.timeline_of(matter)] == ["matters.told", "matters.opened"]
    assert [line.verb for line in queries.timeline_of(matter, before=2)] == ["matters.opened"]


@pytest.mark.django_db(transaction=True)
def test_a_step_refuses_to_run_outside_a_transaction(estate):
    with pytest.raises(AssertionError):
        lock_chain(estate)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_seal", "ledger_sealedhead"])
@pytest.mark.parametrize("act", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_the_ledger(matter, now, table, act):
    from hemei.ledger.actions import seal_day

    seal_day.__wrapped__(day=now.date(), at=now)
    statement = f"UPDATE {table} SET id = id" if act == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_personal_part_may_be_erased_and_never_changed(matter):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        PersonalPart.objects.update(words="{}")
    assert PersonalPart.objects.all().delete()[0] == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_seal", "ledger_sealedhead"])
def test_postgresql_refuses_to_truncate_the_ledger(matter, table):
    cursor = connection.cursor()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for what the test itself wrote
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_one_whole_chain(resident, estate, now):
    def write():
        with transaction.atomic():
            record(subject=estate, actor=resident, verb="places.noted", at=now)

    assert race(8, write).done == 8
    assert list(queries.entries_of(estate).values_list("position", flat=True)) == list(range(1, 9))
    assert Chain.objects.get().length == 8
    assert [fault for fault in faults("places.place") if "entry" in fault and "without" not in fault] == []
    assert Entry.objects.count() == 8
