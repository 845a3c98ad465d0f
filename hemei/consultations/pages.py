"""What the consultation's page shows one reader: the shared parts, and what is theirs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from hemei.consultations import policy, queries
from hemei.consultations.models import Answer, Consultation, Grade
from hemei.consultations.routing import Said, next_statement
from hemei.consultations.shared import Shared, shared_of
from hemei.people.actor import Actor


@dataclass(frozen=True)
class Page:
    """card: the statement to answer next. number: its place among all, from 1. kept: the answer just given.

    joins: what somebody who may not answer has to do first: sign_in, declare, confirm, or nothing.
    waiting: how many words wait for those who look after it; None for everybody else.
    """

    consultation: Consultation
    state: str
    tells: bool
    shared: Shared
    card: Said | None
    author: str
    number: int
    total: int
    answered: int
    kept: Said | None
    kept_answer: str
    previous: int | None
    may_vote: bool
    may_speak: bool
    joins: str
    waiting: int | None
    form_key: UUID


def page_of(consultation: Consultation, *, viewer: Actor, at: datetime, kept: int | None = None) -> Page:
    """The page for `viewer` at `at`. kept: number of the statement the reader answered just now."""
    S = Consultation.State
    state = consultation.state_at(at)
    shared = shared_of(consultation, at=at)
    may_vote, looks_after = may_answer(viewer, consultation), policy.may_look_after(viewer, consultation)
    takes = state == S.OPEN and not consultation.is_imported
    answers = queries.answers_of(viewer=viewer, consultation=consultation) if takes and may_vote else {}
    form_key = uuid4()
    card, tells = None, consultation.tells_results(at)
    if takes:
        draw = f"{consultation.seed}:{viewer.key or form_key}:{len(answers)}"
        card = next_statement(shared.said, answered=answers, draw=draw, blind=viewer.is_guest and not tells)
    answered = [key for key in answers if key in shared.numbers]
    just = next((one for one in shared.said if one.number == kept and one.pk in answers), None) if kept else None
    return Page(
        consultation=consultation,
        state=state,
        tells=tells,
        shared=shared,
        card=card,
        author=shared.authors[card.author_kind] if card else "",
        number=len(answered) + 1,
        total=len(shared.said),
        answered=len(answered),
        kept=just,
        kept_answer=str(Answer(answers[just.pk]).label) if just else "",
        previous=shared.numbers[answered[-1]] if answered else None,
        may_vote=may_vote,
        may_speak=may_say(viewer, consultation),
        joins="" if may_vote or consultation.is_imported else how_to_join(viewer, consultation.who_votes),
        waiting=consultation.waiting if looks_after else None,
        form_key=form_key,
    )


def how_to_join(viewer: Actor, grade: str) -> str:
    """What has to be done before one may take part: sign in, declare a tie, or have it confirmed."""
    if viewer.is_guest:
        return "sign_in"
    return "confirm" if grade == Grade.CONFIRMED and viewer.ties else "declare"


def may_answer(viewer: Actor, consultation: Consultation) -> bool:
    """Whether the buttons work for this reader; a visitor becomes a guest with the first answer."""
    if viewer.is_visitor:
        return consultation.who_votes == Grade.GUEST and not consultation.is_imported
    return policy.may_vote(viewer, consultation)


def may_say(viewer: Actor, consultation: Consultation) -> bool:
    if viewer.is_visitor:
        return consultation.who_speaks == Grade.GUEST and not consultation.is_imported
    return policy.may_speak(viewer, consultation)
