"""A question is prepared, announced, cancelled, and answered; nobody changes it once it was announced."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from conftest import NOW, verbs
from hemei.base.errors import NotAllowed, Refused
from hemei.consultations import actions, queries, rounds
from hemei.consultations.actions import Promised
from hemei.consultations.models import Consultation, Document, Reply
from hemei.consultations.tests.conftest import CLOSES, Make, asked, first, fresh, vote
from hemei.ledger.tests.forging import faults
from hemei.notices.models import Notice
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.promises.models import Promise

LATER = CLOSES + timedelta(hours=1)


def prepare(actor: Actor, place: Place, **more: Any) -> Consultation:
    return actions.prepare_consultation(actor=actor, place=place, **asked(**more))


def test_a_draft_is_seen_by_its_body_alone(steward, clerk, resident, visitor, estate):
    draft = prepare(steward, estate)
    assert queries.consultation_for(viewer=steward, pk=draft.pk) == draft
    for other in (clerk, resident, visitor):
        with pytest.raises(Http404):
            queries.consultation_for(viewer=other, pk=draft.pk)
    assert not faults()


def test_the_same_form_makes_one_draft(steward, estate):
    words = asked()
    again = actions.prepare_consultation(actor=steward, place=estate, **words)
    assert actions.prepare_consultation(actor=steward, place=estate, **words) == again
    with pytest.raises(Refused, match="already sent with other words"):
        actions.prepare_consultation(actor=steward, place=estate, **{**words, "question": "?"})
    assert Consultation.objects.count() == 1


def test_residents_firms_and_staff_of_other_places_cannot_ask(resident, clerk_elsewhere, visitor, estate):
    for actor in (resident, clerk_elsewhere, visitor):
        with pytest.raises(NotAllowed, match="second factor"):
            prepare(actor, estate)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"closes_at": NOW + timedelta(minutes=10)}, "closes_at"),
        ({"closes_at": NOW + timedelta(days=900)}, "closes_at"),
        ({"opens_at": NOW + timedelta(days=500), "closes_at": NOW + timedelta(days=501)}, "opens_at"),
        ({"results_at": NOW - timedelta(days=1)}, "results_at"),
        ({"results_at": CLOSES + timedelta(days=90)}, "results_at"),
        ({"audience": "area", "who_votes": "guest"}, "audience"),
    ],
)
def test_dates_and_grades_that_cannot_be_are_refused_beside_their_field(steward, estate, more, field):
    with pytest.raises(Refused) as refusal:
        prepare(steward, estate, **more)
    assert refusal.value.field == field
    assert not Consultation.objects.exists()


def test_a_draft_is_changed_until_it_is_announced(steward, resident, prepared: Make):
    draft = prepared()
    words = {"title": "别的名字", "question": "别的问题？"}
    changed = actions.change_consultation(
        actor=steward, consultation=draft, seen_version=draft.version, at=NOW, **words
    )
    assert (changed.question, changed.matter.title) == ("别的问题？", "别的名字")
    with pytest.raises(Refused, match="Somebody else changed"):
        actions.change_consultation(
            actor=steward, consultation=draft, seen_version=draft.version, at=NOW, question="旧的？"
        )
    with pytest.raises(NotAllowed):
        actions.change_consultation(actor=resident, consultation=draft, seen_version=0, at=NOW, question="?")
    ready = actions.make_ready(actor=steward, consultation=draft, at=NOW)
    with pytest.raises(Refused, match="It was announced"):
        actions.change_consultation(
            actor=steward, consultation=ready, seen_version=ready.version, at=NOW, closes_at=LATER
        )
    assert not faults()


def test_what_is_missing_is_named_before_it_is_announced(steward, resident, prepared: Make):
    draft = prepared(seeds=("后门要装门禁。",), intro="")
    with pytest.raises(Refused, match="background"):
        actions.make_ready(actor=steward, consultation=draft, at=NOW)
    actions.add_document(actor=steward, consultation=draft, title="哪几段", text="128 米。", form_key=uuid4(), at=NOW)
    with pytest.raises(Refused, match="at least 3 statements"):
        actions.make_ready(actor=steward, consultation=draft, at=NOW)
    with pytest.raises(NotAllowed):
        actions.make_ready(actor=resident, consultation=draft, at=NOW)
    assert fresh(draft).ready_at is None


def test_announcing_shows_it_and_promises_an_answer(steward, visitor, prepared: Make):
    draft = prepared()
    actions.make_ready(actor=steward, consultation=draft, at=NOW)
    actions.make_ready(actor=steward, consultation=draft, at=NOW)
    seen = queries.consultation_for(viewer=visitor, pk=draft.pk)
    assert seen.reached == 2
    promise = Promise.objects.get()
    assert promise.owner_body == seen.body
    assert promise.due_at.date() == (CLOSES + timedelta(days=7)).date()
    assert verbs(seen.matter).count("consultations.announced") == 1
    assert not faults()


def test_a_draft_whose_opening_has_passed_opens_at_once(steward, prepared: Make):
    draft = prepared()
    later = NOW + timedelta(hours=3)
    ready = actions.make_ready(actor=steward, consultation=draft, at=later)
    assert ready.opens_at == later
    assert ready.state_at(later) == "open"


def test_cancelling_tells_why_and_takes_the_promise_back(steward, resident, walls):
    vote(resident, first(walls))
    for _ in range(2):
        actions.cancel_consultation(actor=steward, consultation=walls, why="问题问错了。", at=NOW)
    assert fresh(walls).state_at(NOW) == "cancelled"
    assert Promise.objects.get().state == Promise.State.WITHDRAWN
    assert Notice.objects.filter(kind="consultations.cancelled").count() == 1
    with pytest.raises(Refused, match="that reason stands"):
        actions.cancel_consultation(actor=steward, consultation=walls, why="另一个。", at=NOW)
    with pytest.raises(Refused, match="cancelled"):
        vote(resident, first(walls), -1)
    assert not faults()


def test_who_may_not_cancel_and_when_it_is_too_late(steward, clerk_elsewhere, resident, walls):
    for actor in (resident, clerk_elsewhere):
        with pytest.raises(NotAllowed):
            actions.cancel_consultation(actor=actor, consultation=walls, why="x", at=NOW)
    with pytest.raises(Refused, match="has closed"):
        actions.cancel_consultation(actor=steward, consultation=walls, why="x", at=LATER)
    with pytest.raises(Refused) as refusal:
        actions.cancel_consultation(actor=steward, consultation=walls, why="", at=NOW)
    assert refusal.value.field == "why"


def answer(actor: Actor, consultation: Consultation, **more: Any) -> Reply:
    words = {"text": "分段拆，先拆 128 米的一段。", "form_key": uuid4(), "at": LATER, **more}
    return actions.answer_consultation(actor=actor, consultation=consultation, **words)


def test_the_answer_keeps_the_promise_makes_others_and_tells_everybody(steward, resident, walls):
    vote(resident, first(walls))
    key, promised = uuid4(), [Promised("装好后门门禁", date(2026, 12, 1))]
    reply = answer(steward, walls, form_key=key, promised=promised)
    assert answer(steward, walls, form_key=key, promised=promised) == reply
    kept, made = Promise.objects.order_by("pk")
    assert (kept.state, made.state) == (Promise.State.KEPT, Promise.State.OPEN)
    assert made.about == f"consultations.reply:{reply.pk}"
    assert Notice.objects.filter(kind="consultations.answered", recipient=resident.person).count() == 1
    assert not faults()


def test_it_is_not_answered_before_its_results_are_out(steward, resident, announced: Make):
    walls = announced(results_at=CLOSES + timedelta(days=2))
    for at in (NOW, LATER):
        with pytest.raises(Refused, match="not before"):
            answer(steward, walls, at=at)
    with pytest.raises(NotAllowed):
        answer(resident, walls, at=LATER + timedelta(days=3))
    with pytest.raises(Refused, match="looks ahead"):
        answer(steward, walls, at=LATER + timedelta(days=3), promised=[Promised("昨天就好", date(2026, 9, 1))])
    assert not Reply.objects.exists()
    assert Promise.objects.get().state == Promise.State.OPEN


def test_the_clock_tells_opening_close_and_results_once_each(steward, resident, announced: Make):
    walls = announced(opens_at=NOW + timedelta(hours=1))
    rounds.round(NOW)
    assert "consultations.opened" not in verbs(walls.matter)
    rounds.round(NOW + timedelta(hours=1))
    vote(resident, first(walls), at=NOW + timedelta(hours=2))
    for _ in range(3):
        rounds.round(LATER + timedelta(days=2))
    told = [verb for verb in verbs(walls.matter) if verb.split(".")[1] in ("opened", "closed", "results_out")]
    assert told == ["consultations.opened", "consultations.closed", "consultations.results_out"]
    assert Notice.objects.filter(kind="consultations.results_out", recipient=resident.person).count() == 1
    assert not faults()


def test_a_cancelled_one_and_a_draft_have_no_clock(steward, walls, prepared: Make):
    prepared()
    actions.cancel_consultation(actor=steward, consultation=walls, why="x", at=NOW)
    rounds.round(LATER)
    assert not {"consultations.closed", "consultations.results_out"} & set(verbs(walls.matter))


def test_papers_come_until_close_and_go_with_a_reason(steward, resident, walls):
    key = uuid4()
    words = {"actor": steward, "consultation": walls, "title": "哪几段", "form_key": key, "at": NOW}
    paper = actions.add_document(**words, text="128 米。")
    assert actions.add_document(**words, text="128 米。") == paper
    file = SimpleUploadedFile("a.txt", "长 128 米".encode())
    filed = actions.add_document(**{**words, "form_key": uuid4()}, file=file)
    assert filed.file.kind == "text/plain"
    assert fresh(walls).documents == 2
    with pytest.raises(Refused, match="Write a text"):
        actions.add_document(**{**words, "form_key": uuid4()})
    with pytest.raises(Refused, match="It is over"):
        actions.add_document(**{**words, "form_key": uuid4(), "at": LATER}, text="x")
    with pytest.raises(NotAllowed):
        actions.add_document(**{**words, "actor": resident, "form_key": uuid4()}, text="x")
    for _ in range(2):
        actions.take_down_document(actor=steward, document=paper, why="数字错了。", at=NOW)
    with pytest.raises(NotAllowed):
        actions.take_down_document(actor=resident, document=filed, why="x", at=NOW)
    with pytest.raises(Refused, match="Say why"):
        actions.take_down_document(actor=steward, document=filed, why="", at=NOW)
    assert fresh(walls).documents == 1
    assert [one.pk for one in queries.papers_of(consultation=walls)] == [filed.pk]
    assert Document.objects.count() == 2
    assert not faults()
