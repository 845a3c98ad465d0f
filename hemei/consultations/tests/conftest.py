"""A consultation of the cast: the steward asks the estate about its walls; a clerk may look after it too."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from conftest import NOW
from hemei.consultations import actions, shared
from hemei.consultations.models import Consultation, Statement
from hemei.people.actor import Actor
from hemei.places.models import Place

OPENS, CLOSES = NOW, NOW + timedelta(days=7)
SEEDS = ("救护车要能开到每个楼下。", "后门要装门禁。", "先拆一段，看一个月再说。")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are compared in the words of the source."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Keys begin anew with each test, so no page of another test may be kept."""
    shared.forget()


def asked(**more: Any) -> dict[str, Any]:
    """What `prepare_consultation` is called with."""
    words = {
        "title": "围墙，拆不拆？",
        "title_en": "The walls: take them down?",
        "question": "四条弄堂之间的围墙，拆不拆？",
        "question_en": "Should the walls between the four lanes go?",
        "intro": "2019 年起做一体化改造。",
        "intro_en": "The block has been rebuilt since 2019.",
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "form_key": uuid4(),
        "at": NOW,
    }
    return words | more


Make = Callable[..., Consultation]


@pytest.fixture
def prepared(steward: Actor, estate: Place) -> Make:
    """A draft with statements to begin with; the arguments are those of `prepare_consultation`."""

    def make(*, by: Actor = steward, at_place: Place = estate, seeds: tuple[str, ...] = SEEDS, **more: Any) -> Any:
        made = actions.prepare_consultation(actor=by, place=at_place, **asked(**more))
        for text in seeds:
            actions.add_statement(actor=by, consultation=made, text=text, form_key=uuid4(), at=NOW)
        return Consultation.objects.get(pk=made.pk)

    return make


@pytest.fixture
def announced(steward: Actor, prepared: Make) -> Make:
    """The same, announced."""

    def make(**more: Any) -> Consultation:
        made = prepared(**more)
        actions.make_ready(actor=more.get("by", steward), consultation=made, at=NOW)
        return fresh(made)

    return make


@pytest.fixture
def walls(announced: Make) -> Consultation:
    """Open to everybody; three statements of the organiser; what residents add is read first."""
    return announced(who_votes="guest", who_speaks="guest")


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.select_related("matter__place", "body").get(pk=consultation.pk)


def first(consultation: Consultation) -> Statement:
    return Statement.objects.select_related("consultation__matter__place").filter(consultation=consultation).first()


def vote(actor: Actor, statement: Statement, answer: int = 1, at: Any = NOW, **more: Any) -> Any:
    again = Statement.objects.select_related("consultation__matter__place").get(pk=statement.pk)
    words = {"form_key": uuid4(), **more}
    return actions.cast_vote(actor=actor, statement=again, answer=answer, at=at, **words)


def say(actor: Actor, consultation: Consultation, text: str = "晚上十点以后关门。", **more: Any) -> Statement:
    words = {"form_key": uuid4(), "at": NOW, **more}
    return actions.add_statement(actor=actor, consultation=consultation, text=text, **words)
