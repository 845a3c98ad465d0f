"""After the count: the result hangs, somebody objects, the desk answers, and the objection ends one way or another."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.decisions import policy, steps
from hemei.decisions.actions.challenging import answer_due
from hemei.decisions.models import Decision, Objection, Posted, Slot
from hemei.decisions.posting import day_of, period_of, postings_of
from hemei.decisions.telling import desk_of, tell
from hemei.ledger.steps import subject_name
from hemei.notices.models import PrintedNotice
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.promises import steps as promises
from hemei.promises.models import Promise
from hemei.shell.words import day as told_day

POSTED_MAX = 40  # places where one result hangs
OPEN_AT_ONCE = 1  # objections of one person to one result that wait: what they have to add goes to the desk
OBJECTIONS_MAX = 5  # of one person to one result, one after another
OBJECTIONS_AN_HOUR = 20  # typed at one counter
How = Objection.How


@transaction.atomic(durable=True)
def post_result(
    *,
    actor: Actor,
    decision: Decision,
    on: date,
    where: str,
    photo: Any,
    form_key: UUID,
    at: datetime,
    notice: PrintedNotice | None = None,
) -> Posted:
    """The result hangs at `where` since the day `on`, and the photo shows it; the earliest day begins the ten days.

    notice: the printed sheet that hangs, one of the same matter. The same form again returns the first row. Raises
    NotAllowed; Refused before it is certified, for a day that cannot be, and for one that would begin the days anew.
    """
    if not policy.runs(actor, decision):
        raise NotAllowed(who_runs_it())
    decision = steps.locked(decision)
    words = {"decision_id": decision.pk, "on": on, "where": where, "notice_id": notice.pk if notice else None}
    if earlier := sent_before(Posted, form_key=form_key, words=words):
        return earlier
    if decision.certified_at is None:
        raise Refused(_("There is no result yet: both counters sign first."))
    postings = postings_of(decision)
    if on > day_of(at):
        raise Refused(_("That day is still ahead. Say since when it hangs."), field="on")
    if on < day_of(decision.certified_at):
        told = _("The counters signed on %(day)s, so it cannot have hung before.")
        raise Refused(told % {"day": told_day(decision.certified_at)}, field="on")
    if postings and on < postings[0].on:
        told = _("It hangs since %(day)s: the days to object began then and do not begin earlier.")
        raise Refused(told % {"day": told_day(postings[0].on)}, field="on")
    if len(postings) >= POSTED_MAX:
        raise Refused(_("%(most)d places are written down already, and that is enough.") % {"most": POSTED_MAX})
    if notice is not None and (notice.matter_id != decision.matter_id or notice.voided_at is not None):
        raise Refused(_("This sheet was taken back, or belongs to something else."), field="notice")

    made = Posted.objects.create(
        decision=decision,
        what=Posted.What.RESULT,
        notice=notice,
        on=on,
        where=where,
        photo=uploads.store(file=photo, sort="picture", sent_by=actor.key, at=at),
        by=actor.principal,
        made_at=at,
        form_key=form_key,
    )
    public = {"on": on.isoformat(), "where": where}
    steps.record(decision, actor=actor, verb="decisions.result_posted", at=at, public=public, row=made)
    steps.changed(decision)
    return made


@transaction.atomic(durable=True)
def object_to_result(
    *,
    actor: Actor,
    decision: Decision,
    ground: str,
    words: str,
    form_key: UUID,
    at: datetime,
    evidence: Any = None,
) -> Objection:
    """An owner, or somebody of the estate, objects while the result hangs; while it is open the decision is blocked.

    At a counter it is said for who sits there. The same form again returns the first one. Raises NotAllowed; Refused
    before the result hangs, after the days are over, and while another objection of the same person waits.
    """
    if not policy.may_object(actor, decision):
        raise NotAllowed(who_may_object())
    decision = steps.locked(decision)
    said = {"decision_id": decision.pk, "by_id": actor.key, "ground": ground, "words": words}
    if earlier := sent_before(Objection, form_key=form_key, words=said):
        return earlier
    _refuse_outside(decision, at, at)
    theirs = Objection.objects.filter(decision=decision, by=actor.principal)
    if theirs.filter(closed_at=None).count() >= OPEN_AT_ONCE:
        raise Refused(_("Your objection waits for its answer already. Tell the desk what you want to add."))
    if theirs.count() >= OBJECTIONS_MAX:
        raise Refused(_("You have objected %(count)d times, and each was closed.") % {"count": OBJECTIONS_MAX})

    slots = policy.slots_of(actor, decision)
    return _put(
        decision,
        actor=actor,
        at=at,
        received_at=at,
        by=actor.principal,
        key=slots[0][0].key if slots else "",
        entered_by=actor.person if actor.assistance is not None else None,
        ground=ground,
        words=words,
        evidence=evidence,
        form_key=form_key,
    )


@transaction.atomic(durable=True)
def enter_objection(
    *,
    actor: Actor,
    decision: Decision,
    by_name: str,
    ground: str,
    words: str,
    received_at: datetime,
    form_key: UUID,
    at: datetime,
    home: str = "",
    evidence: Any = None,
) -> Objection:
    """A clerk types an objection that came on paper. received_at: when it reached the desk; that is what counts.

    home: key or name of the objector's home, where it is one that votes. The same form again returns the first one.
    Raises NotAllowed; Refused for a moment outside the days, and for a home that does not vote here.
    """
    if not policy.runs(actor, decision):
        raise NotAllowed(who_runs_it())
    decision = steps.locked(decision)
    said = {"decision_id": decision.pk, "by_name": by_name, "ground": ground, "words": words, "at": received_at}
    if earlier := sent_before(Objection, form_key=form_key, words=said):
        return earlier
    if received_at > at:
        raise Refused(_("That time is still ahead. Say when it came in."), field="received_at")
    _refuse_outside(decision, received_at, at, field="received_at")
    key = _home_called(decision, home)
    take(key=f"objection:{actor.key}", most=OBJECTIONS_AN_HOUR, seconds=3600, at=at)
    return _put(
        decision,
        actor=actor,
        at=at,
        received_at=received_at,
        by_name=by_name,
        key=key,
        entered_by=actor.person,
        ground=ground,
        words=words,
        evidence=evidence,
        form_key=form_key,
    )


@transaction.atomic(durable=True)
def answer_objection(*, actor: Actor, objection: Objection, answer: str, at: datetime) -> Objection:
    """The desk answers in words; the promise to do so is kept. It stays open until it is closed.

    The same answer again changes nothing. Raises NotAllowed; Refused when another answer stands or it is closed.
    """
    decision = _desk_locks(actor, objection)
    objection = _locked(objection)
    if objection.answered_at is not None:
        if objection.answer == answer:
            return objection
        raise Refused(_("This was answered already, and that answer stands."))
    _refuse_closed(objection)
    assert actor.seat is not None
    objection.answer, objection.answered_at, objection.answered_by = answer, at, actor.seat.body
    objection.save(update_fields=["answer", "answered_at", "answered_by"])
    _record(decision, objection, actor=actor, verb="decisions.objection_answered", at=at)
    if promise := _promise_of(objection):
        words = {"proof": _answered(settings.LANGUAGE_CODE), "proof_en": _answered("en")}
        promises.keep(promise=promise, actor=actor, at=at, **words)
    _tell_objector("objection_answered", decision, objection, at=at, answer=answer)
    steps.changed(decision)
    return objection


@transaction.atomic(durable=True)
def withdraw_objection(*, actor: Actor, objection: Objection, at: datetime) -> Objection:
    """Whoever objected takes it back. A second time changes nothing. Raises NotAllowed; Refused when it is closed."""
    if actor.is_guest or objection.by_id is None or objection.by_id != actor.key:
        raise NotAllowed(_("Only who objected takes it back."))
    decision = steps.locked(objection.decision)
    objection = _locked(objection)
    if objection.how == How.WITHDRAWN:
        return objection
    _refuse_closed(objection)
    _close(decision, objection, how=How.WITHDRAWN, actor=actor, at=at)
    return objection


@transaction.atomic(durable=True)
def close_objection(*, actor: Actor, objection: Objection, how: str, at: datetime, mediation: str = "") -> Objection:
    """The desk closes it: settled, with the record of the mediation; dismissed, for the reasons in its answer; or, of
    one that came on paper, withdrawn, with what the objector signed.

    The same again changes nothing. Raises NotAllowed; Refused when it is closed otherwise, has no answer yet, or the
    record is missing.
    """
    decision = _desk_locks(actor, objection)
    objection = _locked(objection)
    if objection.closed_at is not None and (objection.how, objection.mediation) == (how, mediation):
        return objection
    _refuse_closed(objection)
    if how == How.DISMISSED and objection.answered_at is None:
        raise Refused(_("Answer it first: your answer holds the reasons."), field="how")
    if how == How.WITHDRAWN and objection.by_id is not None:
        raise Refused(_("Who objected on screen takes it back on screen, or at the counter."), field="how")
    if how != How.DISMISSED and not mediation:
        raise Refused(_("Write down what was agreed, when, and who was there."), field="mediation")
    objection.mediation = mediation
    _close(decision, objection, how=how, actor=actor, at=at)
    return objection


# what these share


def _put(
    decision: Decision, *, actor: Actor, at: datetime, received_at: datetime, evidence: Any, **said: Any
) -> Objection:
    last = Objection.objects.filter(decision=decision).aggregate(last=Max("number"))["last"] or 0
    kept = uploads.store(file=evidence, sort="document", sent_by=actor.key, at=at) if evidence else None
    made = Objection.objects.create(decision=decision, number=last + 1, at=received_at, evidence=kept, **said)
    _record(decision, made, actor=actor, verb="decisions.objected", at=at)
    promises.make(
        actor=actor,
        matter=decision.matter,
        place=decision.place,
        what=_promised(made.number, settings.LANGUAGE_CODE),
        what_en=_promised(made.number, "en"),
        what_kind=Promise.Kind.ANSWER,
        due_at=answer_due(at),
        at=at,
        owner_body=decision.body,
        owed_to=made.by,
        about=made,
        is_demo=decision.is_demo,
    )
    to, url = desk_of(decision, at=at), reverse("decisions:objections", args=[decision.pk])
    tell("objected", decision, about=made.pk, to=to, at=at, besides=actor.person, url=url, number=made.number)
    steps.changed(decision)
    return made


def _close(decision: Decision, objection: Objection, *, how: str, actor: Actor, at: datetime) -> None:
    objection.how, objection.closed_at = how, at
    objection.save(update_fields=["how", "closed_at", "mediation"])
    _record(decision, objection, actor=actor, verb="decisions.objection_closed", at=at)
    if (promise := _promise_of(objection)) and objection.answered_at is None:
        promises.withdraw(promise=promise, actor=actor, at=at, why=_no_answer_needed(how))
    url = reverse("decisions:objections", args=[decision.pk])
    words = {"number": objection.number, "how": how, "url": url}
    _tell_objector("objection_closed", decision, objection, at=at, besides=actor.person, how=how)
    desk = [one for one in desk_of(decision, at=at) if one.pk != objection.by_id]
    tell("objection_ended", decision, about=objection.pk, to=desk, at=at, besides=actor.person, **words)
    steps.changed(decision)


def _record(decision: Decision, objection: Objection, *, actor: Actor, verb: str, at: datetime) -> None:
    """On the matter's timeline by its number alone; how it ended is told, never who objected or why."""
    public: dict[str, Any] = {"number": objection.number}
    public |= {"how": objection.how} if objection.how else {}
    steps.record(decision, actor=actor, verb=verb, at=at, public=public, row=objection)


def _tell_objector(
    verb: str, decision: Decision, objection: Objection, *, at: datetime, besides: Person | None = None, **words: Any
) -> None:
    if objection.by is not None:
        url = reverse("decisions:objections", args=[decision.pk])
        words |= {"number": objection.number, "url": url}
        tell(verb, decision, about=objection.pk, to=[objection.by], at=at, besides=besides, **words)


def _desk_locks(actor: Actor, objection: Objection) -> Decision:
    if not policy.runs(actor, objection.decision):
        raise NotAllowed(who_answers())
    if actor.key is not None and actor.key == objection.by_id:
        raise NotAllowed(who_answers())
    return steps.locked(objection.decision)


def _locked(objection: Objection) -> Objection:
    return Objection.objects.select_for_update(of=("self",)).select_related("by").get(pk=objection.pk)


def _refuse_outside(decision: Decision, received_at: datetime, at: datetime, field: str | None = None) -> None:
    """An objection is made from the day the result hangs to the end of the last day."""
    if decision.certified_at is None:
        raise Refused(_("There is no result yet to object to."), field=field)
    postings = postings_of(decision)
    first = period_of(decision, postings[0] if postings else None, received_at)
    if first is None:
        raise Refused(_("The result does not hang yet. You can object from the day it does."), field=field)
    if day_of(received_at) < first.on:
        told = _("The result hangs since %(day)s. Say when the objection came in.")
        raise Refused(told % {"day": told_day(first.on)}, field=field)
    if first.over:
        told = _(
            "The days to object ended on %(day)s. An owner whose rights are harmed can still ask the court to annul "
            "the decision."
        )
        raise Refused(told % {"day": told_day(first.last)}, field=field)


def _refuse_closed(objection: Objection) -> None:
    if objection.closed_at is not None:
        raise Refused(_("This objection is closed already."))


def _home_called(decision: Decision, home: str) -> str:
    """The key of the home of that name or key; "" for none."""
    if not home:
        return ""
    slots = Slot.objects.filter(decision=decision)
    found = list(slots.filter(key=home)[:2]) or list(slots.filter(place__name=home)[:2])
    if len(found) != 1:
        told = _("No home that votes here is called so, or several are. Type it as on the roll, or leave it empty.")
        raise Refused(told, field="home")
    return found[0].key


def _promise_of(objection: Objection) -> Promise | None:
    running = Promise.objects.filter(
        about=subject_name(objection), state__in=(Promise.State.OPEN, Promise.State.LAPSED)
    )
    return running.order_by("pk").first()


def _promised(number: int, language: str) -> str:
    with translation.override(language):
        return _("Answer objection %(number)d to the result of the vote") % {"number": number}


def _answered(language: str) -> str:
    with translation.override(language):
        return _("Answered in words to who objected")


def _no_answer_needed(how: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("The objection was taken back.") if how == How.WITHDRAWN else _("The objection was settled.")


# for a refusal: who may


def who_may_object() -> str:
    return _("Owners and those who live, rent or work in this estate object. Sign in, or write to the desk.")


def who_runs_it() -> str:
    return _("The desk that runs this vote says where its result hangs and writes down what came on paper.")


def who_answers() -> str:
    return _("The desk that runs this vote answers and closes objections, by somebody who did not object.")
