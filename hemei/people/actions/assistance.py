"""Acting for somebody at the counter, by phone, from paper or at the door; and what that person contests of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.people import policy, queries
from hemei.people.actions.ties import refuse_place
from hemei.people.actor import Actor
from hemei.people.models import Assistance, Person, Tie
from hemei.places.models import Place

TAKEN_IN_A_DAY, SITTINGS_A_DAY = 200, 200  # by one helper: more than a day at the busiest counter
RECORDS_AN_HOUR = 60  # opened by one helper: our choice, so that nobody reads through the street


@transaction.atomic(durable=True)
def take_in(*, actor: Actor, name: str, place: Place, role: str, form_key: UUID, at: datetime) -> Person:
    """Write down somebody without an account who says to live, rent, own or work at `place`: a declared tie.

    The same form again returns the first person. Raises NotAllowed; Refused when this name is written down there.
    """
    if not policy.may_take_in(actor, place):
        raise NotAllowed(_("People are written down at the desk of their own area."))
    assert actor.person is not None

    Place.objects.select_for_update().get(pk=place.pk)
    if earlier := sent_before(Tie, form_key=form_key, words={"place_id": place.pk, "role": role}):
        if earlier.person.name != name:
            raise Refused(_("This form was already sent with another name. Open it again for the next person."))
        return earlier.person
    refuse_place(place, role, at)
    today = timezone.localdate(at)
    if Tie.objects.filter(policy.holding(today), place=place, person__name=name, person__merged_into=None).exists():
        raise Refused(_("Somebody of this name is written down there already. Find the person by name."), field="name")

    take(key=f"take_in:{actor.person.pk}", most=TAKEN_IN_A_DAY, seconds=86400, at=at)

    person = Person.objects.create(name=name, is_demo=actor.person.is_demo, created_at=at)
    tie = Tie.objects.create(person=person, place=place, role=role, since=today, form_key=form_key)
    ledger.record(subject=person, actor=actor, verb="people.taken_in", at=at, row=tie)
    return person


@transaction.atomic(durable=True)
def open_record(*, actor: Actor, person: Person, at: datetime) -> None:
    """Look into a person's record at the counter. The person can read that it was opened, when, and by which body.

    While it stands open (RECORD_OPEN), opening it again writes nothing.
    """
    if not policy.may_help(actor, person, timezone.localdate(at)):
        raise NotAllowed(_("Records are opened at the desk of the person's own area."))

    chain = ledger.lock_chain(person)
    if queries.stands_open(actor, person, at):
        return
    assert actor.person is not None
    take(key=f"record:{actor.person.pk}", most=RECORDS_AN_HOUR, seconds=3600, at=at)

    ledger.record(subject=person, actor=actor, verb="people.record_opened", at=at, quiet=True, chain=chain)


@transaction.atomic(durable=True)
def begin_sitting(
    *, actor: Actor, person: Person, way: str, evidence: str, form_key: UUID, at: datetime, photo: Any = None
) -> Assistance:
    """From here on `actor` acts for `person`, until the sitting is ended, or for SITTING at most.

    evidence: on what ground ("signed slip no. 12", "called back at 15:10"). photo: of the paper. A helper has one
    sitting at a time: an earlier one ends. The same form again returns the first sitting. Raises NotAllowed, Refused.
    """
    if actor.assistance is not None:
        raise NotAllowed(_("You are helping somebody already. End that sitting first."))
    if not policy.may_help(actor, person, timezone.localdate(at)):
        raise NotAllowed(_("People are helped at the desk of their own area, and nobody helps themselves."))
    assert actor.person is not None

    Person.objects.select_for_update().get(pk=actor.person.pk)
    words = {"principal_id": person.pk, "way": way, "evidence": evidence}
    if earlier := sent_before(Assistance, form_key=form_key, words={**words, "helper_id": actor.person.pk}):
        return earlier
    if not evidence:
        raise Refused(_("Say on what ground you act: a signed slip, a call back, who was there."), field="evidence")
    if way == Assistance.Way.PAPER and photo is None:
        raise Refused(_("Take a photo of the paper, so that it can be looked up later."), field="photo")

    take(key=f"sitting:{actor.person.pk}", most=SITTINGS_A_DAY, seconds=86400, at=at)

    for open_one in Assistance.objects.select_for_update().filter(helper=actor.person, ended_at=None).order_by("pk"):
        _end(open_one, actor=actor, at=at)
    kept = uploads.store(file=photo, sort="picture", sent_by=actor.person.pk, at=at) if photo else None
    sitting = Assistance.objects.create(
        **words, helper=actor.person, seat=actor.seat, photo=kept, began_at=at, form_key=form_key
    )
    ledger.record(subject=person, actor=actor, verb="people.sitting_began", at=at, public={"helped": way}, row=sitting)
    return sitting


@transaction.atomic(durable=True)
def end_sitting(*, actor: Actor, sitting: Assistance, at: datetime) -> Assistance:
    """The helper, or the person helped, ends it. A second time changes nothing."""
    helps = actor.person is not None and actor.person.pk == sitting.helper_id
    if not helps and actor.key != sitting.principal_id:
        raise NotAllowed(_("A sitting is ended by the one who helps or the one who is helped."))

    sitting = Assistance.objects.select_for_update().get(pk=sitting.pk)
    if sitting.ended_at is not None:
        return sitting
    _end(sitting, actor=actor, at=at)
    return sitting


@transaction.atomic(durable=True)
def end_forgotten_sittings(*, actor: Actor, at: datetime) -> int:
    """Sittings that have run out are ended at the moment they ran out; called by the clock's round. How many."""
    forgotten = Assistance.objects.select_for_update().filter(ended_at=None, began_at__lte=at - policy.SITTING)
    ended = list(forgotten.order_by("pk")[:200])
    for sitting in ended:
        _end(sitting, actor=actor, at=at, ended_at=sitting.began_at + policy.SITTING)
    return len(ended)


def _end(sitting: Assistance, *, actor: Actor, at: datetime, ended_at: datetime | None = None) -> None:
    sitting.ended_at = ended_at or at
    sitting.save(update_fields=["ended_at"])
    person = Person(pk=sitting.principal_id)
    ledger.record(subject=person, actor=actor, verb="people.sitting_ended", at=at, row=sitting, quiet=True)


@transaction.atomic(durable=True)
def contest_sitting(*, actor: Actor, sitting: Assistance, contest: str, at: datetime) -> Assistance:
    """Something was not entered as the person wanted it, in their own words; somebody else than the helper answers.

    The same words again change nothing. Raises NotAllowed; Refused when it was contested with other words.
    """
    if not policy.may_contest(actor, sitting):
        raise NotAllowed(_("Only the person who was helped can contest it, and not through the one who helped."))

    sitting = Assistance.objects.select_for_update().get(pk=sitting.pk)
    if sitting.contested_at is not None:
        if sitting.contest == contest:
            return sitting
        raise Refused(_("You contested this sitting already; your first words stand and are being answered."))
    if not contest:
        raise Refused(_("Say what was not as you wanted it."), field="contest")

    sitting.contested_at, sitting.contest = at, contest
    sitting.save(update_fields=["contested_at", "contest"])
    ledger.record(
        subject=Person(pk=sitting.principal_id),
        actor=actor,
        verb="people.sitting_contested",
        at=at,
        private={"contest": contest},
        row=sitting,
    )
    return sitting


@transaction.atomic(durable=True)
def answer_contest(*, actor: Actor, sitting: Assistance, answer: str, at: datetime) -> Assistance:
    """What came of it, told to the person. The same answer again changes nothing. Raises NotAllowed, Refused."""
    if not policy.may_answer_contest(actor, sitting, timezone.localdate(at)):
        raise NotAllowed(
            _("It is answered at the desk of the person's area, by somebody else than the one who helped.")
        )

    sitting = Assistance.objects.select_for_update().get(pk=sitting.pk)
    if sitting.answered_at is not None:
        if sitting.answer == answer:
            return sitting
        raise Refused(_("Somebody answered this meanwhile. Read the answer that stands."))
    if sitting.contested_at is None:
        raise Refused(_("Nothing is contested here."))
    if not answer:
        raise Refused(_("Say what you found and what you put right."), field="answer")

    sitting.answered_at, sitting.answer = at, answer
    sitting.save(update_fields=["answered_at", "answer"])
    ledger.record(
        subject=Person(pk=sitting.principal_id),
        actor=actor,
        verb="people.contest_answered",
        at=at,
        private={"answer": answer},
        row=sitting,
    )
    return sitting
