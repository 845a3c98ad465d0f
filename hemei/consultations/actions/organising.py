"""The organiser's side: a question is prepared, changed, announced, cancelled, and answered when it has closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.consultations import policy, steps
from hemei.consultations.checklist import missing
from hemei.consultations.models import Consultation, Grade, Reply
from hemei.ledger import steps as ledger
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter
from hemei.notices import steps as notices
from hemei.people.actor import Actor
from hemei.places.models import Place
from hemei.promises import days
from hemei.promises import steps as promises
from hemei.promises.models import WHAT_MAX, WORDS_MAX, Promise

ANSWER_DAYS = 7  # the organiser's promise: what becomes of it is said so many days after everything is known
OPEN_AT_LEAST = timedelta(hours=1)  # our choice: shorter is a show of hands, not a consultation
OPEN_AT_MOST = timedelta(days=366)
AHEAD_AT_MOST = timedelta(days=366)
RESULTS_WITHIN = timedelta(days=31)  # results may wait so long after close, not longer
DRAFTS_A_DAY = 30  # of one person
PROMISED_MAX = 5  # promises in one answer; more are made on the matter's page
REPLIES_MAX = 10

A = Consultation.Audience
VISIBILITY = {A.PUBLIC: Matter.Visibility.PUBLIC, A.AREA: Matter.Visibility.AREA}


@transaction.atomic(durable=True)
def prepare_consultation(
    *,
    actor: Actor,
    place: Place,
    title: str,
    question: str,
    opens_at: datetime,
    closes_at: datetime,
    form_key: UUID,
    at: datetime,
    title_en: str = "",
    question_en: str = "",
    intro: str = "",
    intro_en: str = "",
    results_at: datetime | None = None,
    who_votes: str = Grade.DECLARED,
    who_speaks: str = Grade.DECLARED,
    moderation: str = Consultation.Moderation.BEFORE,
    audience: str = A.PUBLIC,
    statement_max_length: int = 140,
    source: str = "",
    is_demo: bool = False,
) -> Consultation:
    """A draft that only its organiser sees, with its matter. title: what the matter is called in lists.

    The same form again returns the first draft and changes nothing. Raises NotAllowed; Refused for dates or grades
    that cannot be; TooMany.
    """
    if not policy.may_organise(actor, place):
        raise NotAllowed(who_may_organise())
    assert actor.seat is not None
    asked = {
        "question": question,
        "question_en": question_en,
        "intro": intro,
        "intro_en": intro_en,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "results_at": results_at,
        "who_votes": who_votes,
        "who_speaks": who_speaks,
        "moderation": moderation,
        "audience": audience,
        "statement_max_length": statement_max_length,
    }
    Place.objects.select_for_update().get(pk=place.pk)  # lock: the same form in two tabs takes turns
    if earlier := sent_before(Consultation, form_key=form_key, words=asked):
        return earlier
    _refuse_odd(asked, at)
    take(key=f"consultation:{actor.key}", most=DRAFTS_A_DAY, seconds=86400, at=at)

    matter = open_matter(
        actor=actor,
        place=place,
        title=title,
        title_en=title_en,
        visibility=Matter.Visibility.CONFIDENTIAL,  # until it is announced
        at=at,
        verb="consultations.prepared",
        source=source,
        is_demo=is_demo,
    )
    consultation = Consultation.objects.create(
        matter=matter,
        body=actor.seat.body,
        made_at=at,
        made_by=actor.principal,
        seed=form_key.int % 2**31,
        form_key=form_key,
        **asked,
    )
    ledger.record(subject=matter, actor=actor, verb="consultations.drafted", at=at, row=consultation, quiet=True)
    return consultation


@transaction.atomic(durable=True)
def change_consultation(
    *, actor: Actor, consultation: Consultation, seen_version: int, at: datetime, **words: Any
) -> Consultation:
    """Other words, dates or grades for a draft. words: arguments of `prepare_consultation` from title on.

    seen_version: the draft's version on the page that was filled in. Words that stand already change nothing.
    Raises NotAllowed; Refused when it was announced, or when somebody else changed the draft meanwhile.
    """
    _refuse_stranger(actor, consultation)
    consultation = steps.locked(consultation)
    matter = consultation.matter
    named = {name: words.pop(name) for name in ("title", "title_en") if name in words}
    changed = {name: value for name, value in words.items() if getattr(consultation, name) != value}
    renamed = {name: value for name, value in named.items() if getattr(matter, name) != value}
    if not changed and not renamed:
        return consultation
    if consultation.state_at(at) != Consultation.State.DRAFT:
        raise Refused(
            _(
                "It was announced, so question, dates and rules stand. "
                "To change them, cancel it with a reason and prepare another."
            )
        )
    if seen_version != consultation.version:
        raise Refused(
            _("Somebody else changed this draft meanwhile. Open it again in another tab, and put your words in there.")
        )
    _refuse_odd({name: changed.get(name, getattr(consultation, name)) for name in _ASKED}, at)

    for name, value in changed.items():
        setattr(consultation, name, value)
    consultation.version += 1
    consultation.save(update_fields=[*changed, "version"])
    ledger.record(
        subject=matter,
        actor=actor,
        verb="consultations.changed",
        at=at,
        public={"fields": sorted(changed)},
        row=consultation,
        quiet=True,
    )
    if renamed:
        for name, value in renamed.items():
            setattr(matter, name, value)
        matter.save(update_fields=list(renamed))
        ledger.record(subject=matter, actor=actor, verb="consultations.renamed", at=at, row=matter, quiet=True)
    return consultation


_ASKED = ("opens_at", "closes_at", "results_at", "who_votes", "who_speaks", "audience")


@transaction.atomic(durable=True)
def make_ready(*, actor: Actor, consultation: Consultation, at: datetime) -> Consultation:
    """Announce the draft: everybody it is for sees it, and from now on question, dates and rules stand.

    A draft whose opening has passed opens at once. The organiser's body promises an answer ANSWER_DAYS after
    everything is known. A second time changes nothing. Raises NotAllowed; Refused with what the checklist misses.
    """
    _refuse_stranger(actor, consultation)
    consultation = steps.locked(consultation)
    if consultation.ready_at is not None and consultation.cancelled_at is None:
        return consultation
    if consultation.cancelled_at is not None:
        raise Refused(_("This consultation was cancelled. Prepare another one."))
    if lacking := missing(consultation, at):
        raise Refused(lacking[0])

    consultation.opens_at = max(consultation.opens_at, at)
    consultation.ready_at = at
    consultation.version += 1
    consultation.save(update_fields=["opens_at", "ready_at", "version"])
    matter = consultation.matter
    matter.visibility = VISIBILITY[A(consultation.audience)]
    matter.save(update_fields=["visibility"])
    ledger.record(
        subject=matter,
        actor=actor,
        verb="consultations.announced",
        at=at,
        step="talked",
        public={"opens_at": consultation.opens_at, "closes_at": consultation.closes_at},
        row=consultation,
    )
    ledger.record(subject=matter, actor=actor, verb="consultations.shown", at=at, row=matter, quiet=True)
    if consultation.body is not None:
        promises.make(
            actor=actor,
            matter=matter,
            place=matter.place,
            what=_promised(matter.title, settings.LANGUAGE_CODE),
            what_en=_promised(matter.title_en or matter.title, "en"),
            what_kind=Promise.Kind.ANSWER,
            due_at=answer_due(consultation),
            at=at,
            owner_body=consultation.body,
            about=consultation,
            is_demo=matter.is_demo,
        )
    return consultation


def answer_due(consultation: Consultation) -> datetime:
    """The end of the day by which the organiser says what becomes of it."""
    known = max(consultation.closes_at, consultation.tells_at) + timedelta(days=ANSWER_DAYS)
    return days.end_of(days.day_of(known))


def _promised(title: str, language: str) -> str:
    with translation.override(language):
        return (_("Answer what becomes of it: %(title)s") % {"title": title})[:WHAT_MAX]


@transaction.atomic(durable=True)
def cancel_consultation(*, actor: Actor, consultation: Consultation, why: str, at: datetime) -> Consultation:
    """It ends without a result, and everybody may read why; a new one may be prepared.

    A second time changes nothing. Raises NotAllowed; Refused when it has closed, or was cancelled for another reason.
    """
    _refuse_stranger(actor, consultation)
    consultation = steps.locked(consultation)
    if consultation.cancelled_at is not None:
        if consultation.cancelled_why != why:
            raise Refused(_("It was cancelled already, and that reason stands."))
        return consultation
    if consultation.state_at(at) == Consultation.State.CLOSED:
        raise Refused(_("It has closed, and what was said stands. Answer it instead."))
    if not why:
        raise Refused(_("Say why. Everybody who took part reads it."), field="why")

    consultation.cancelled_at, consultation.cancelled_why = at, why
    consultation.version += 1
    consultation.save(update_fields=["cancelled_at", "cancelled_why", "version"])
    matter = consultation.matter
    ledger.record(
        subject=matter, actor=actor, verb="consultations.cancelled", at=at, public={"why": why}, row=consultation
    )
    for promise in steps.promised_answers(consultation):
        promises.withdraw(promise=promise, actor=actor, at=at, why=why)
    notices.put(
        kind="consultations.cancelled",
        key=f"consultations.cancelled:{consultation.pk}",
        to=steps.those_who_took_part(consultation, besides=actor.key),
        at=at,
        matter=matter,
        words={"why": why, "consultation": consultation.pk},
    )
    return consultation


@dataclass(frozen=True)
class Promised:
    """One thing that the answer promises, to be done by the end of `due_on`."""

    what: str
    due_on: date
    what_en: str = ""


@transaction.atomic(durable=True)
def answer_consultation(
    *,
    actor: Actor,
    consultation: Consultation,
    text: str,
    form_key: UUID,
    at: datetime,
    text_en: str = "",
    promised: Sequence[Promised] = (),
) -> Reply:
    """What becomes of it: the organiser's words after close, with promises; the promise to answer is kept by it.

    The same form again returns the first answer and changes nothing. Raises NotAllowed; Refused when it has not
    closed or its results are not out, or when a promise is due before today ends.
    """
    _refuse_stranger(actor, consultation)
    assert actor.principal is not None
    assert actor.seat is not None
    consultation = steps.locked(consultation)
    words = {"consultation_id": consultation.pk, "text": text, "text_en": text_en}
    if earlier := sent_before(Reply, form_key=form_key, words=words):
        return earlier
    if consultation.state_at(at) != Consultation.State.CLOSED or not consultation.tells_results(at):
        raise Refused(_("It is answered when it has closed and its results are out, not before."))
    if not text:
        raise Refused(_("Say what becomes of it."), field="text")
    if len(promised) > PROMISED_MAX:
        raise Refused(_("At most %(count)d promises go with one answer.") % {"count": PROMISED_MAX})
    if Reply.objects.filter(consultation=consultation).count() >= REPLIES_MAX:
        raise Refused(_("There are %(count)d answers already; promises tell the rest.") % {"count": REPLIES_MAX})

    matter = consultation.matter
    reply = Reply.objects.create(
        consultation=consultation,
        body=actor.seat.body,
        text=text,
        text_en=text_en,
        at=at,
        by=actor.principal,
        form_key=form_key,
    )
    ledger.record(
        subject=matter,
        actor=actor,
        verb="consultations.answered",
        at=at,
        public={"text": _cut(text), "text_en": _cut(text_en)},
        row=reply,
    )
    for promise in steps.promised_answers(consultation):
        promises.keep(promise=promise, actor=actor, at=at, proof=_cut(text), proof_en=_cut(text_en))
    for one in promised:
        promises.make(
            actor=actor,
            matter=matter,
            place=matter.place,
            what=one.what,
            what_en=one.what_en,
            what_kind=Promise.Kind.WORK,
            due_at=days.end_of(one.due_on),
            at=at,
            owner_body=actor.seat.body,
            about=reply,
            is_demo=matter.is_demo,
        )
    steps.touch(consultation)
    notices.put(
        kind="consultations.answered",
        key=f"consultations.answered:{reply.pk}",
        to=steps.those_who_took_part(consultation, besides=actor.key),
        at=at,
        matter=matter,
        words={"consultation": consultation.pk},
    )
    return reply


def _cut(text: str) -> str:
    return text if len(text) <= WORDS_MAX else text[: WORDS_MAX - 1] + "…"


def _refuse_stranger(actor: Actor, consultation: Consultation) -> None:
    if not policy.may_look_after(actor, consultation):
        raise NotAllowed(who_may_organise())


def who_may_organise() -> str:
    return _(
        "A residents' committee, an owners' committee, the member workstation or the street office asks questions "
        "of its own place, and its staff must be signed in with a second factor."
    )


def _refuse_odd(asked: dict[str, Any], at: datetime) -> None:
    """Raises Refused for dates and grades that cannot be, beside the field they belong to."""
    opens, closes, results = asked["opens_at"], asked["closes_at"], asked["results_at"]
    if closes - max(opens, at) < OPEN_AT_LEAST:
        raise Refused(_("It must stay open for an hour at least. Choose a later close."), field="closes_at")
    if opens - at > AHEAD_AT_MOST:
        raise Refused(_("That is more than a year ahead. Choose an earlier opening."), field="opens_at")
    if closes - opens > OPEN_AT_MOST:
        raise Refused(_("It cannot stay open for more than a year. Choose an earlier close."), field="closes_at")
    if results is not None and results < opens:
        raise Refused(_("Results cannot be out before it opens."), field="results_at")
    if results is not None and results > closes + RESULTS_WITHIN:
        told = _("Results are out %(days)d days after close at the latest.")
        raise Refused(told % {"days": RESULTS_WITHIN.days}, field="results_at")
    if asked["audience"] == A.AREA and Grade.GUEST in (asked["who_votes"], asked["who_speaks"]):
        raise Refused(
            _("Only those who belong there see it, so somebody without an account cannot take part. Choose one."),
            field="audience",
        )
