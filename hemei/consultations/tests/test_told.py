"""What happened is told in words: on the timeline, and to those it concerns; and nobody sees what is not theirs."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import translation

from conftest import NOW
from hemei.consultations import actions, queries, rounds
from hemei.consultations.actions import Promised
from hemei.consultations.models import Consultation, ModerationAct
from hemei.consultations.tests.conftest import CLOSES, Make, first, fresh, say, vote
from hemei.consultations.tests.test_look_after import accept, reject
from hemei.consultations.tests.test_organise import answer
from hemei.consultations.tests.test_speak import argue
from hemei.ledger.queries import timeline_of
from hemei.notices import gate
from hemei.notices.models import Notice

LATER = CLOSES + timedelta(hours=1)
TOLD = {
    "prepared", "announced", "opened", "closed", "results_out", "cancelled", "document_added", "document_taken_down",
    "rejected", "restored", "upheld", "answered",
}  # fmt: skip


@pytest.fixture
def whole_story(walls, announced: Make, resident, owner_upstairs, steward, clerk) -> list[Consultation]:
    """Everything that can happen, once: in one that runs to its answer, and in one that is cancelled."""
    vote(resident, first(walls))
    accept(steward, say(resident, walls, "先修路灯。"))
    accept(steward, argue(resident, walls, "路灯暗"))
    for author, shown in ((resident, True), (owner_upstairs, False)):
        for words in (say(author, walls, f"{author.person}的话"), argue(author, walls, f"{author.person}的理由")):
            reject(steward, words)
            asked = actions.appeal(actor=author, words=words, reason="再看看。", form_key=uuid4(), at=NOW)
            actions.decide_appeal(actor=clerk, appeal=asked, shown=shown, reason="看过了。", form_key=uuid4(), at=NOW)
    paper = actions.add_document(
        actor=steward, consultation=walls, title="哪几段", text="128 米。", form_key=uuid4(), at=NOW
    )
    actions.take_down_document(actor=steward, document=paper, why="数字错了。", at=NOW)
    rounds.round(LATER)
    answer(steward, walls, promised=[Promised("装好门禁", date(2026, 12, 1))])
    other = announced(who_votes="guest")
    vote(resident, first(other))
    actions.cancel_consultation(actor=steward, consultation=other, why="问错了。", at=NOW)
    return [walls, other]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_line_of_the_timeline_has_its_words(whole_story, language):
    lines = [line for one in whole_story for line in timeline_of(one.matter, most=100)]
    ours = [line for line in lines if line.verb.startswith("consultations.")]
    assert {line.verb.removeprefix("consultations.") for line in ours} == TOLD
    for line in ours:
        with translation.override(language):
            told = render_to_string(line.template, {"line": line}).strip()
        assert told
        assert "None" not in told
        assert language == "en" or not any(word in told for word in ("The ", "Statement", "Reason"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_notice_has_its_words(whole_story, language):
    sent = list(Notice.objects.filter(kind__startswith="consultations."))
    kinds = {notice.kind.removeprefix("consultations.") for notice in sent}
    assert kinds == {"accepted", "rejected", "restored", "upheld", "results_out", "answered", "cancelled"}
    for notice in sent:
        told = gate.told(notice.kind, matter=notice.matter, words=notice.words, language=language)
        assert ("围墙" if language == "zh-hans" else "The walls") in told


def test_one_page_and_the_list_agree_on_who_sees_what(
    steward,
    clerk,
    clerk_elsewhere,
    administrator,
    resident,
    newcomer,
    stranger,
    guest,
    visitor,
    walls,
    announced,
    prepared,
):
    every = [walls, announced(audience="area"), prepared()]
    cancelled = announced(audience="area")
    actions.cancel_consultation(actor=steward, consultation=cancelled, why="问错了。", at=NOW)
    for viewer in (
        steward, clerk, clerk_elsewhere, administrator, resident, newcomer, stranger, guest, visitor
    ):  # fmt: skip
        seen = set(queries.consultations_seen(viewer=viewer).values_list("pk", flat=True))
        for one in (*every, cancelled):
            assert _finds(viewer, one.pk) == (one.pk in seen)
            assert _finds_statement(viewer, one.pk) == (one.pk in seen)


def _finds(viewer, pk) -> bool:
    try:
        return bool(queries.consultation_for(viewer=viewer, pk=pk))
    except Http404:
        return False


def _finds_statement(viewer, pk) -> bool:
    try:
        return bool(queries.statement_for(viewer=viewer, pk=pk, number=1))
    except Http404:
        return False


def test_the_log_holds_decisions_and_no_words(whole_story):
    walls = fresh(whole_story[0])
    acts = list(queries.log_of(consultation=walls))
    assert len(acts) == ModerationAct.objects.exclude(deed="accepted").count() == 8
    assert not any("的话" in act.reason for act in acts)
