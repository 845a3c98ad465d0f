"""The end of a day: one root over all chains, once."""

from datetime import date, datetime, timedelta, timezone

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from conftest import race
from hemei.ledger import chains, clockwork, queries
from hemei.ledger.actions import seal_day
from hemei.ledger.models import Seal
from hemei.ledger.steps import record

DAY = date(2026, 9, 11)


@pytest.mark.django_db(transaction=True)
def test_the_same_day_twice_is_one_seal(resident, estate, now):
    with transaction.atomic():
        record(subject=estate, actor=resident, verb="places.noted", at=now)
    first = seal_day(day=DAY, at=now)
    with transaction.atomic():
        record(subject=estate, actor=resident, verb="places.noted", at=now)
    assert seal_day(day=DAY, at=now) == first
    assert Seal.objects.get().entries == 1


@pytest.mark.django_db(transaction=True)
def test_rounds_at_once_seal_a_day_once(resident, estate, now):
    with transaction.atomic():
        record(subject=estate, actor=resident, verb="places.noted", at=now)
    assert race(4, lambda: clockwork.round(now)).done == 4
    assert Seal.objects.get().day == DAY


@pytest.mark.django_db(transaction=True)
def test_the_round_seals_yesterday_in_the_zone_of_the_place(db):
    late_in_utc = datetime(2026, 9, 12, 16, 30, tzinfo=timezone.utc)  # noqa: UP017 - 00:30 on the 13th in Shanghai
    clockwork.round(late_in_utc)
    clockwork.round(late_in_utc + timedelta(hours=1))
    assert [seal.day for seal in queries.seals()] == [date(2026, 9, 12)]


def test_one_leaf_is_its_own_root_and_none_is_the_digest_of_nothing():
    assert chains.merkle_root(["ab"]) == "ab"
    assert chains.merkle_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_leaves_and_nodes_are_hashed_apart():
    assert chains.merkle_root(["a", "b", "c"]) == chains.merkle_root([chains.merkle_root(["a", "b"]), "c"])
    assert chains.merkle_root(["a", "b"]) != chains.leaf("a", 1, "b")


@given(st.lists(st.dictionaries(st.integers(1, 40), st.sampled_from("abcdef"), max_size=12), max_size=8))
def test_the_growing_tree_has_the_root_of_all_its_leaves(days):
    tree, standing = chains.Tree(), {}
    for leaves in days:
        tree.put(leaves)
        standing.update(leaves)
        assert tree.root() == chains.merkle_root([standing[key] for key in sorted(standing)])
