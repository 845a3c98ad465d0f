"""A prepared query gives what its queryset gives."""

from uuid import uuid4

import pytest
from django.db.models import F

from hemei.base.prepared import Prepared
from hemei.people.models import Person, Tie


def test_rows_with_their_related_rows_come_back_as_models(resident, newcomer, django_assert_num_queries):
    ties = Prepared(
        lambda person: Tie.objects.filter(person_id=person).select_related("place__parent").order_by("pk"), person=int
    )
    for actor in (resident, newcomer):
        with django_assert_num_queries(1):
            found = ties.all(person=actor.key)
            seen = [(one.pk, one.confirmed_at, one.place.path, one.place.parent.kind) for one in found]
        plain = Tie.objects.filter(person=actor.principal)
        assert seen == [(one.pk, one.confirmed_at, one.place.path, one.place.parent.kind) for one in plain]


def test_nothing_found_is_an_empty_list_and_no_first(db):
    people = Prepared(lambda key: Person.objects.filter(pk=key), key=int)
    assert people.all(key=5) == []
    assert people.first(key=5) is None


def test_values_and_annotations_come_back_as_a_queryset_gives_them(resident):
    pairs = Prepared(
        lambda phone: Person.objects.filter(phone=phone).annotate(twice=F("pk") * 2).values_list("twice", "stamp"),
        phone=str,
    )
    assert pairs.all(phone=resident.principal.phone) == [(2 * resident.key, resident.principal.stamp)]
    keys = Prepared(lambda stamp: Person.objects.filter(stamp=stamp).values_list("pk", flat=True), stamp=type(uuid4()))
    assert keys.all(stamp=resident.principal.stamp) == [resident.key]


def test_a_value_that_does_not_reach_the_sql_is_a_programmers_error(db):
    careless = Prepared(lambda key: Person.objects.all(), key=int)
    with pytest.raises(AssertionError, match="did not reach"):
        careless.all(key=1)
