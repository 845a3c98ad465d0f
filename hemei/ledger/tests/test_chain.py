"""The chain of any subject: it grows, it is verified, it is never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from hemei.base.jobs import PrintedProgress
from hemei.ledger import triggers
from hemei.ledger.models import Entry
from hemei.ledger.verification import verify
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter, tell


def faults() -> list[str]:
    return [fault for fault in verify(PrintedProgress(lambda _: None)).faults if "matters.matter" in fault]


@pytest.fixture
def matter(resident, estate, now) -> Matter:
    matter = open_matter(actor=resident, place=estate, title="围墙", at=now, verb="matters.opened", step="raised")
    tell(matter=matter, actor=resident, at=now, text="走了一圈", source="现场")
    return matter


def test_an_untouched_chain_verifies(matter):
    assert faults() == []


@pytest.mark.parametrize("change", ["UPDATE ledger_entry SET verb = 'x'", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_the_ledger(matter, change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute(change)


def test_a_changed_word_is_named_with_its_entry(matter):
    triggers.remove(connection)
    Entry.objects.filter(position=2).update(public="{}")
    triggers.install(connection)
    assert any("entry 2" in fault for fault in faults())


def test_a_row_altered_behind_its_entry_is_named(matter):
    Matter.objects.filter(pk=matter.pk).update(title="花园")
    assert any("changed behind entry" in fault for fault in faults())

