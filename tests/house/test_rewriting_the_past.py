"""An official with the database in hand rewrites what was done through the pages: the check names each row.

The demo story is told through the same actions as the pages; every sealed field of every kind of row in it is altered
in turn, rows are taken out and put in, and the counts that everybody reads are turned.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from conftest import NOW, speaking_from
from hemei.base import clock
from hemei.base.jobs import PrintedProgress
from hemei.consultations import actions
from hemei.consultations.models import Consultation, Statement, Vote
from hemei.decisions.actions import authorities, ballots, challenging, objecting
from hemei.decisions.models import Act, Decision, Paper, Slot
from hemei.ledger import triggers
from hemei.ledger.models import Entry
from hemei.ledger.verification import Report, _verify_rows, verify
from hemei.notices.actions.posting import make_sheet, post_sheet
from hemei.people.actor import own
from hemei.people.models import Seat
from hemei.places.models import Place
from hemei.roll.actions import correcting
from hemei.roll.actions.correcting import Named
from hemei.roll.models import Match, Roll, Unit
from hemei.web.demo.load import load
from tests.a_day import picture

pytestmark = pytest.mark.django_db
SEALED = {model._meta.label_lower: model for model in apps.get_models() if hasattr(model, "sealed")}
COLUMNS = {label: {one.attname for one in model._meta.concrete_fields} for label, model in SEALED.items()}
FIELDS = [(label, name) for label, model in SEALED.items() for name in model.sealed if name in COLUMNS[label]]


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The story, loaded and taken back after the last test."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True
        outer.__enter__()
        try:
            with clock.set_to(NOW):
                load(lambda _line: None)
                tell_more()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            connection.close()


def tell_more() -> None:
    """What the story has none of: a notice that hangs, and words that were refused and are looked at again."""
    talk = Consultation.objects.filter(is_imported=False, closes_at__gt=NOW, ready_at__lt=NOW).order_by("pk")[0]
    seats = Seat.objects.filter(body__kind="committee", office="clerk", body__place__path__in=above(talk.matter.place))
    clerk = speaking_from(seats.select_related("body__place", "person").order_by("pk")[0])
    said = (
        Statement.objects.filter(consultation=talk, state="accepted")
        .exclude(author=None)
        .exclude(author=clerk.person)
        .order_by("pk")[0]
    )
    author = own(said.author)
    actions.reject_words(actor=clerk, words=said, ground="insult", reason="骂了人", form_key=uuid4(), at=NOW)
    actions.appeal(actor=author, words=Statement.objects.get(pk=said.pk), reason="没有骂人", form_key=uuid4(), at=NOW)
    place = clerk.seat.body.place
    sheet = make_sheet(actor=clerk, place=place, title="停水", text="明天停水。", form_key=uuid4(), at=NOW)
    hangs = Place.objects.filter(path__startswith=place.path, kind="estate").order_by("pk")[0]
    post_sheet(actor=clerk, sheet=sheet, place=hangs, posted_at=NOW, form_key=uuid4(), at=NOW)
    decide_more()


def decide_more() -> None:
    """A slip of the roll put right, an authority, a vote that was not the owner's, and an objection to a result."""
    at = NOW
    first, second, third = (desk("committee", 0), desk("committee", 1), desk("owners", 0))
    unit = Unit.objects.filter(roll__place=first.place).order_by("-number")[0]
    said = {"reason": "登记簿写错", "source": "登记簿", "on": date(2026, 1, 1), "at": at}
    for words in (
        {"what": "area", "area_m2": Decimal("61.0000")},
        {"what": "owners", "owners": [Named("演示改名", "1")]},
    ):
        put = correcting.propose_correction(actor=first.actor, unit=unit, form_key=uuid4(), **said, **words)
        correcting.confirm_correction(actor=second.actor, correction=put, at=at)
    running = Decision.objects.filter(opens_at__lt=NOW, closes_at__gt=NOW, drive__isnull=False).order_by("pk")[0]
    silent = Slot.objects.filter(decision=running, acts=0).order_by("number")[0]
    code = silent.unit.holdings.select_related("owner").get().owner.code
    grant = {"owner": code, "agent_name": "演示亲戚", "written": True}
    given = authorities.enter_authority(
        actor=first.actor, decision=running, slot=silent, received_at=at, form_key=uuid4(), at=at,
        scan=picture(), **grant,
    )  # fmt: skip
    authorities.confirm_authority(actor=second.actor, authority=given, at=at, **grant)
    on_paper = Act.objects.filter(decision=running, channel="paper", confirmed_at__isnull=False).order_by("pk")[0]
    owner = own(Match.objects.get(owner__code=on_paper.by, owner__roll__place=first.place).person)
    words = {"words": "这张票不是我签的。", "form_key": uuid4(), "at": at}
    said_no = challenging.challenge(actor=owner, act=on_paper, **words)
    challenging.answer_challenge(
        actor=third.actor, challenge=said_no, upheld=True, answer="核对过，不是本人签的。", at=at
    )
    unused = Paper.objects.filter(decision=running, used_at=None).select_related("decision__place").order_by("pk")[0]
    ballots.void_paper(actor=first.actor, paper=unused, why="印坏了", at=at)
    hangs = Decision.objects.filter(posted__on__gt=NOW.date() - timedelta(days=9)).order_by("pk")[0]
    objecting.enter_objection(
        actor=first.actor, decision=hangs, by_name="演示业主", ground="light", words="挡了光线。", received_at=at,
        form_key=uuid4(), at=at,
    )  # fmt: skip


def desk(kind: str, place: int) -> Any:
    """Somebody at a desk of the sister estate, and the estate."""
    roll = Roll.objects.get()
    seats = Seat.objects.filter(body__kind=kind, office__in=("clerk", "head"), body__place__path__in=above(roll.place))
    seat = seats.select_related("body__place", "person").order_by("pk")[place]
    return SimpleNamespace(actor=speaking_from(seat), place=roll.place)


def above(place: Place) -> list[str]:
    return list(Place.objects.filter(pk__in=place.ancestor_keys).values_list("path", flat=True))


@pytest.fixture(autouse=True)
def _now(told: None) -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def faults_in(model: Any) -> list[str]:
    report = Report()
    _verify_rows(model, report, PrintedProgress(lambda _: None))
    return report.faults


def rows_of(model: Any) -> Any:
    return model.sealed_rows() if hasattr(model, "sealed_rows") else model._default_manager.all()


def altered(model: Any, field: Any, value: Any) -> Any:
    """Another value that the column can hold."""
    if field.is_relation:
        others = field.related_model._default_manager.exclude(pk=value).order_by("pk")
        return others.values_list("pk", flat=True).first()
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return (value or NOW) + timedelta(seconds=1)
    if isinstance(field, models.DateField):
        return (value or date(2026, 1, 1)) + timedelta(days=1)
    if field.choices:
        return next(key for key, _label in field.flatchoices if key != value)
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1_000
    if isinstance(field, models.DecimalField):
        return (value or 0) + 1
    if isinstance(field, models.JSONField):
        return [["x", "y"]]
    if isinstance(field, models.CharField) and field.max_length == len(value):
        return ("0" if value[0] != "0" else "1") + value[1:]
    return f"{value}。"


def test_what_was_told_through_the_actions_holds() -> None:
    assert verify(PrintedProgress(lambda _: None)).faults == []


def test_every_kind_of_sealed_row_is_in_the_story() -> None:
    assert [label for label, model in SEALED.items() if not rows_of(model).exists()] == []


@pytest.mark.parametrize(("label", "name"), FIELDS)
def test_a_field_altered_behind_the_ledger_is_named(label: str, name: str) -> None:
    model = SEALED[label]
    field = next(one for one in model._meta.concrete_fields if one.attname == name)
    row = rows_of(model).order_by("-pk").first()
    value = altered(model, field, getattr(row, name))
    save = transaction.savepoint()
    try:
        if value is None:
            pytest.skip("there is no other row to point to")
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(**{name: value})
        except IntegrityError:
            return  # the database refuses it by itself
        assert any(fault.startswith(f"{label}:{row.pk}: ") for fault in faults_in(model))
    finally:
        transaction.savepoint_rollback(save)


@pytest.mark.parametrize("label", SEALED)
def test_a_row_put_in_behind_the_ledger_is_named(label: str) -> None:
    """The newest row once more, under another key."""
    model: Any = SEALED[label]
    row = rows_of(model).order_by("-pk").first()
    unique = {field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key}
    save = transaction.savepoint()
    try:
        words = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        words["id"] = row.pk + 1_000_000
        for name in ("number", "position"):
            if name in words:
                words[name] += 1_000
        for name in ("likeness", "form_key", "digest", *unique):
            words.pop(name, None)
        if "current" in words:
            words["current"] = False
        try:
            with transaction.atomic():
                model(**words).save(force_insert=True)
        except IntegrityError:
            return  # the database refuses it by itself
        assert any(fault.startswith(f"{label}:{words['id']}: ") for fault in faults_in(model)), faults_in(model)
    finally:
        transaction.savepoint_rollback(save)


@pytest.mark.parametrize("count", ["agrees", "passes", "disagrees"])
def test_counts_that_everybody_reads_are_those_of_the_answers(count: str) -> None:
    said = Statement.objects.filter(batch=None, agrees__gt=0).order_by("pk").first()
    Statement.objects.filter(pk=said.pk).update(**{count: models.F(count) + 50})
    assert [f"consultations.statement:{said.pk}: "] == [
        fault[: len(f"consultations.statement:{said.pk}: ")] for fault in faults_in(Statement)
    ]


@pytest.mark.parametrize("count", ["participants", "votes", "statements", "arguments"])
def test_figures_of_a_consultation_are_those_of_its_rows(count: str) -> None:
    talk = Consultation.objects.filter(is_imported=False, votes__gt=0).order_by("pk").first()
    Consultation.objects.filter(pk=talk.pk).update(**{count: models.F(count) + 50})
    assert any(fault.startswith(f"consultations.consultation:{talk.pk}: ") for fault in faults_in(Consultation))


def test_an_earlier_answer_cannot_be_made_to_count_again() -> None:
    """The answer that was replaced is marked as the one that stands, and the counts with it."""
    first = (
        Vote.objects.filter(batch=None, current=True, answer=1, consultation__closes_at__gt=NOW)
        .filter(statement__state="accepted")
        .exclude(participant__person=None)
        .select_related("statement__consultation__matter__place", "participant__person")
        .order_by("pk")
        .first()
    )
    person = own(first.participant.person)
    later = actions.cast_vote(actor=person, statement=first.statement, answer=-1, form_key=uuid4(), at=NOW)
    assert faults_in(Vote) == faults_in(Statement) == faults_in(Consultation) == []
    Vote.objects.filter(pk=later.pk).update(current=False)
    Vote.objects.filter(pk=first.pk).update(current=True)
    Statement.objects.filter(pk=first.statement_id).update(
        agrees=models.F("agrees") + 1, disagrees=models.F("disagrees") - 1
    )
    named = faults_in(Vote)
    assert {fault.split(": ")[0] for fault in named} == {
        f"consultations.vote:{first.pk}",
        f"consultations.vote:{later.pk}",
    }


def test_two_entries_that_change_places_and_a_tail_cut_off_are_named() -> None:
    entry = Entry.objects.filter(verb="consultations.voted").order_by("-pk").first()
    chain = entry.chain
    save = transaction.savepoint()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        swap = "UPDATE ledger_entry SET position = %s WHERE chain_id = %s AND position = %s"
        for there, here in ((1_000_000, 5), (5, 6), (6, 1_000_000)):
            cursor.execute(swap, [there, chain.pk, here])
    named = verify(PrintedProgress(lambda _: None)).faults
    assert any(f"{chain.subject_kind}:{chain.subject_key} entry 5" in fault for fault in named)
    transaction.savepoint_rollback(save)
    save = transaction.savepoint()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        last = [chain.pk, chain.length]
        cursor.execute(
            "DELETE FROM ledger_personalpart WHERE entry_id IN "
            "(SELECT id FROM ledger_entry WHERE chain_id = %s AND position = %s)",
            last,
        )
        cursor.execute("DELETE FROM ledger_entry WHERE chain_id = %s AND position = %s", last)
    named = verify(PrintedProgress(lambda _: None)).faults
    assert any(f"{chain.subject_kind}:{chain.subject_key}: the chain ends" in fault for fault in named)
    transaction.savepoint_rollback(save)
