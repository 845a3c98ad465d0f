"""What the check names, whatever a forger does to the database behind the server's back."""

import time
from datetime import timedelta

import pytest
from django.db import connection

from hemei.ledger import chains, queries
from hemei.ledger.actions import seal_day
from hemei.ledger.models import Chain, Entry, PersonalPart, Seal, SealedHead
from hemei.ledger.steps import erase_personal_parts, record
from hemei.ledger.tests.forging import checked, faults, forger, run
from hemei.ledger.verification import verify_subject
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter, tell
from hemei.people.actor import machine


@pytest.fixture
def matter(resident, estate, now) -> Matter:
    """A matter with three entries."""
    matter = open_matter(actor=resident, place=estate, title="围墙", at=now, verb="matters.opened", step="raised")
    tell(matter=matter, actor=resident, at=now, text="走了一圈", source="现场")
    tell(matter=matter, actor=resident, at=now, text="量了尺寸", source="现场")
    return matter


@pytest.fixture
def other(resident, estate, now) -> Matter:
    return open_matter(actor=resident, place=estate, title="花园", at=now, verb="matters.opened")


def sealed(at, days: int = 0) -> Seal:
    return seal_day.__wrapped__(day=(at + timedelta(days)).date(), at=at + timedelta(days))


def test_what_nobody_touched_holds(matter, other, now):
    sealed(now)
    report = checked()
    assert faults() == []
    assert (report.chains, report.entries, report.seals) == (2, 4, 1)
    assert verify_subject(matter) == []


COLUMNS = {
    "position": 9, "verb": "matters.tolD", "at": "2026-09-12 02:30:00.000001", "step": "seen", "quiet": True,
    "public": '{"by":{"way":"paper"}}', "row": "matters.matter:99", "digest": "1" * 64, "previous": "2" * 64,
    "hash": "3" * 64,
}  # fmt: skip


def test_every_column_of_an_entry_has_a_forgery():
    kept = {field.name for field in Entry._meta.concrete_fields} - {"id", "chain"}
    assert kept == set(COLUMNS)


@pytest.mark.parametrize("position", [1, 2, 3])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_is_named_with_its_chain(matter, column, position):
    with forger():
        run(f'UPDATE ledger_entry SET "{column}" = %s WHERE position = %s', COLUMNS[column], position)
    assert any(fault.startswith(f"matters.matter:{matter.pk}") for fault in faults())
    assert verify_subject(matter)


@pytest.mark.parametrize("column", ["words", "salt"])
def test_a_changed_personal_part_is_named(matter, column):
    entry = queries.entries_of(matter).get(position=2)
    with forger():
        run(f"UPDATE ledger_personalpart SET {column} = 'x' WHERE entry_id = %s", entry.pk)
    assert faults() == [f"matters.matter:{matter.pk} entry 2 (matters.told): its personal part was changed"]


def test_a_personal_part_that_is_gone_is_named(matter):
    PersonalPart.objects.filter(entry__position=2).delete()
    assert "without a record of erasing" in faults()[0]


def test_erasing_with_an_entry_for_it_keeps_the_ledger_whole(matter, now):
    entries = list(queries.entries_of(matter))
    erase_personal_parts(entries)
    record(
        subject=matter,
        actor=machine("clock"),
        verb="ledger.erased",
        at=now,
        public={"entries": [entry.pk for entry in entries]},
    )
    assert faults() == []


def test_a_row_altered_behind_its_entry_is_named(matter):
    Matter.objects.filter(pk=matter.pk).update(title="花园")
    assert faults() == [f"matters.matter:{matter.pk}: was changed behind entry 1 of matters.matter:{matter.pk}"]


def test_a_row_deleted_behind_its_entry_is_named(matter):
    Matter.objects.filter(pk=matter.pk).delete()
    assert (
        f"matters.matter:{matter.pk}: its row is gone, entry 1 of matters.matter:{matter.pk} vouches for it" in faults()
    )


def test_a_row_put_in_without_an_entry_is_named(matter, street, estate, now):
    stray = Matter.objects.create(street=street, place=estate, title="偷偷放的", opened_at=now)
    assert faults() == [f"matters.matter:{stray.pk}: stands without an entry in the ledger"]


def cut_off_after(matter: Matter, length: int) -> None:
    entries = queries.entries_of(matter).filter(position__gt=length)
    run(f"DELETE FROM ledger_personalpart WHERE entry_id IN ({','.join(str(one.pk) for one in entries)})")
    run("DELETE FROM ledger_entry WHERE position > %s", length)


def test_a_chain_cut_off_is_named(matter):
    with forger():
        cut_off_after(matter, 2)
    assert "were cut off" in faults()[0]


def test_a_cut_after_the_last_seal_is_named_even_when_the_head_was_repaired(matter, resident, now):
    seal_day.__wrapped__(day=now.date(), at=now)
    tell(matter=matter, actor=resident, at=now, text="后来", source="现场")
    with forger():
        cut_off_after(matter, 3)
    last = queries.entries_of(matter).get(position=3)
    Chain.objects.filter(subject_key=matter.pk).update(length=3, head=last.hash)
    assert faults() == [
        f"matters.matter:{matter.pk}: the mark on the head (entry 3) does not fit: the end was rewritten"
    ]


def test_a_chain_rewritten_below_a_seal_is_named_by_the_seal(matter, now, settings):
    """Even a forger who knows the key is held by the seal that was printed."""
    sealed(now)
    with forger():
        cut_off_after(matter, 2)
    last = queries.entries_of(matter).get(position=2)
    mark = chains.head_mark(f"matters.matter:{matter.pk}", 2, last.hash)
    Chain.objects.filter(subject_key=matter.pk).update(length=2, head=last.hash, mark=mark)
    assert any("sealed on" in fault for fault in faults())


def test_an_entry_moved_to_another_chain_is_named(matter, other):
    with forger():
        run(
            "UPDATE ledger_entry SET chain_id = %s, position = 2 WHERE position = 3",
            queries.chain_of(other).pk,
        )
    named = " ".join(faults())
    assert f"matters.matter:{matter.pk}:" in named
    assert f"matters.matter:{other.pk} entry 2" in named


def test_an_entry_put_in_behind_the_server_is_named(matter):
    last = queries.entries_of(matter).get(position=3)
    last.pk, last.position, last.previous = None, 4, last.hash
    last.save(force_insert=True)
    assert "entry 4" in faults()[0]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("root", "0" * 64),
        ("previous", "1" * 64),
        ("chains", 77),
        ("entries", 77),
        ("day", "2026-09-10"),
        ("at", "2026-09-12 02:30:01"),
        ("mark", "2" * 64),
    ],
)
def test_a_seal_altered_is_named(matter, now, column, value):
    sealed(now)
    with forger():
        run(f"UPDATE ledger_seal SET {column} = %s", value)
    assert faults("seal of")


@pytest.mark.parametrize(("column", "value"), [("length", 2), ("head", "1" * 64)])
def test_a_sealed_head_altered_is_named(matter, now, column, value):
    sealed(now)
    with forger():
        run(f"UPDATE ledger_sealedhead SET {column} = %s", value)
    assert faults("sealed on")


def test_fifty_thousand_entries_are_checked_in_reasonable_time(matter, resident, now):
    """A tenth of it here, with many small chains and seals; the time allowed is for a slow machine."""
    for number in range(1_000):
        open_matter(actor=resident, place=matter.place, title=f"事 {number}", at=now, verb="matters.opened")
        if number % 100 == 0:
            sealed(now, days=number // 100)
    for _ in range(3_000):
        record(subject=matter, actor=resident, verb="matters.small", at=now, quiet=True)
    with CountedQueries() as counted:
        began = time.monotonic()
        report = checked()
        took = time.monotonic() - began
    assert report.entries == 4_003
    assert faults() == []
    assert took < 10
    assert counted.queries < 200  # the cast without entries is looked at row by row


class CountedQueries:
    def __enter__(self):
        self.queries = 0
        self._context = connection.execute_wrapper(self._count)
        self._context.__enter__()
        return self

    def _count(self, execute, *rest):
        self.queries += 1
        return execute(*rest)

    def __exit__(self, *fault):
        self._context.__exit__(*fault)


def test_only_chains_that_grew_get_a_new_sealed_head(matter, other, resident, now):
    sealed(now)
    tell(matter=matter, actor=resident, at=now, text="又走了一圈")
    later = sealed(now, days=1)
    assert [head.chain.subject_key for head in SealedHead.objects.filter(seal=later)] == [matter.pk]
    assert (later.chains, later.entries) == (2, 5)
    assert faults("seal") == []
