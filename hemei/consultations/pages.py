"""What the consultation's page shows one reader: the shared parts, and what is theirs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from hemei.consultations import policy, queries
from hemei.consultations.models import Answer, Consultation, Grade
from hemei.consultations.routing import Said, next_statement
from hemei.consultations.shared import Shared, shared_of
from hemei.ledger.models import STEPS
from hemei.matters.queries import Step, steps_from
from hemei.people.actor import Actor

ANSWERS = ((Answer.AGREE, "agree"), (Answer.DISAGREE, "disagree"), (Answer.PASS, "pass"))  # as on the buttons


@dataclass(frozen=True)
class Page:
    """card: the statement to answer next. place: its place among all, from 1. kept: the answer just given."""

    consultation: Consultation
    state: str
    tells: bool
    steps: list[Step]
    shared: Shared
    card: Said | None
    place: int
    total: int
    answered: int
    kept: Said | None
    kept_answer: str
    previous: int | None
    may_vote: bool
    may_speak: bool
    may_look_after: bool
    form_key: UUID


def page_of(consultation: Consultation, *, viewer: Actor, at: datetime, kept: int | None = None) -> Page:
    """The page for `viewer` at `at`. kept: number of the statement the reader answered just now."""
    S = Consultation.State
    state = consultation.state_at(at)
    shared = shared_of(consultation, at=at)
    answers = queries.answers_of(viewer=viewer, consultation=consultation)
    form_key = uuid4()
    card = None
    if state == S.OPEN and not consultation.is_imported:
        draw = f"{consultation.seed}:{viewer.key or form_key}:{len(answers)}"
        card = next_statement(shared.said, answered=answers, draw=draw)
    by_key = {one.pk: one for one in shared.said}
    answered = [key for key in answers if key in by_key]
    just = next((one for one in shared.said if one.number == kept and one.pk in answers), None)
    return Page(
        consultation=consultation,
        state=state,
        tells=consultation.tells_results(at),
        steps=_steps(consultation),
        shared=shared,
        card=card,
        place=len(answered) + 1,
        total=len(shared.said),
        answered=len(answered),
        kept=just,
        kept_answer=str(Answer(answers[just.pk]).label) if just else "",
        previous=by_key[answered[-1]].number if answered else None,
        may_vote=may_answer(viewer, consultation),
        may_speak=may_say(viewer, consultation),
        may_look_after=policy.may_look_after(viewer, consultation),
        form_key=form_key,
    )


def _steps(consultation: Consultation) -> list[Step]:
    reached: int | None = consultation.reached  # type: ignore[attr-defined]
    begun = set() if reached is None else {STEPS[reached][0]}
    return steps_from(begun, closed=consultation.matter.closed_at is not None)


def may_answer(viewer: Actor, consultation: Consultation) -> bool:
    """Whether the buttons work for this reader; a visitor becomes a guest with the first answer."""
    if viewer.is_visitor:
        return consultation.who_votes == Grade.GUEST and not consultation.is_imported
    return policy.may_vote(viewer, consultation)


def may_say(viewer: Actor, consultation: Consultation) -> bool:
    if viewer.is_visitor:
        return consultation.who_speaks == Grade.GUEST and not consultation.is_imported
    return policy.may_speak(viewer, consultation)
