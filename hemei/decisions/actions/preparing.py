"""A vote of the owners is prepared, corrected, announced and from then on locked; or it is cancelled, with a reason."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base import uploads
from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.decisions import casefile, checklist, policy, rules, steps
from hemei.decisions.audience import owners_of_all
from hemei.decisions.models import Counter, Decision, Drive, Slot
from hemei.decisions.models.decision import Subject
from hemei.decisions.telling import tell
from hemei.engines import decision as engine
from hemei.ledger import steps as ledger
from hemei.matters import steps as matters
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Person
from hemei.places.models import Kind, Place
from hemei.roll import steps as roll_steps
from hemei.roll.models import FrozenRoll, Roll, Unit

VOTES = (Kind.ESTATE, Kind.BUILDING, Kind.STAIRWELL)  # where owners vote; smaller groups are named home by home
DRAFTS_A_DAY = 60  # of one person: the drives of a large estate in one afternoon
AHEAD_AT_MOST, OPEN_AT_MOST = timedelta(days=366), timedelta(days=366)
GROUP_MAX = 5000  # homes named one by one
SLOTS_AT_ONCE = 500
ASKED = (
    "subject", "question", "question_en", "text", "text_en", "rule_id", "opens_at", "closes_at", "notice_days",
    "posting_days", "online", "silence_text", "proxies_max", "only", "affected", "linked_id",
)  # fmt: skip
State = Decision.State


@transaction.atomic(durable=True)
def propose_decision(
    *,
    actor: Actor,
    place: Place,
    subject: str,
    question: str,
    rule_id: str,
    opens_at: datetime,
    closes_at: datetime,
    form_key: UUID,
    at: datetime,
    question_en: str = "",
    text: str = "",
    text_en: str = "",
    paper: Any = None,
    drive: Drive | None = None,
    matter: Matter | None = None,
    linked: Decision | None = None,
    only: Collection[str] = (),
    affected: Collection[str] = (),
    silence_text: str = "",
    proxies_max: int | None = None,
    online: bool = True,
    notice_days: int = 15,
    posting_days: int = 10,
    is_demo: bool = False,
) -> Decision:
    """A draft that only those who run votes there see. Without a drive or a matter it opens a matter of its own.

    only: keys of the units that vote, where not all of `place` do. affected: keys of units whose owners must all
    agree besides. linked: the ballot of the whole estate that must pass as well. paper: a document as it was sent.
    The same form again returns the first draft. Raises NotAllowed; Refused for a place, rule, dates or homes that
    cannot be; TooMany.
    """
    _refuse_stranger(actor, place)
    assert actor.seat is not None
    asked = {
        "subject": Subject.LIFT if drive is not None else subject,
        "question": question,
        "question_en": question_en,
        "text": text,
        "text_en": text_en,
        "rule_id": rule_id,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "notice_days": notice_days,
        "posting_days": posting_days,
        "online": online,
        "silence_text": silence_text,
        "proxies_max": proxies_max,
        "only": sorted(only),
        "affected": sorted(affected),
        "linked_id": linked.pk if linked is not None else None,
    }
    if drive is not None:
        drive = steps.locked_drive(drive)
    Place.objects.select_for_update().get(pk=place.pk)  # lock: the same form in two tabs takes turns
    if earlier := sent_before(Decision, form_key=form_key, words=asked):
        return earlier
    if place.kind not in VOTES:
        raise Refused(_("Owners vote for an estate, a building or a stairwell. Begin on the page of one."))
    if drive is not None and (drive.place_id != place.pk or drive.stage == "stopped"):
        raise Refused(_("This drive has stopped, or belongs to another stairwell."))
    _refuse_odd(asked, place, at)
    take(key=f"decision:{actor.key}", most=DRAFTS_A_DAY, seconds=86400, at=at)

    matter = drive.matter if drive is not None else matter
    if matter is None:
        matter = matters.open_matter(
            actor=actor,
            place=place,
            title=question[:120],
            title_en=question_en[:120],
            visibility=Matter.Visibility.PARTIES,  # until it is announced
            at=at,
            verb="decisions.prepared",
            is_demo=is_demo,
        )
    kept = uploads.store(file=paper, sort="document", sent_by=actor.key, at=at) if paper is not None else None
    decision = Decision.objects.create(
        matter=matter,
        place=place,
        drive=drive,
        body=actor.seat.body,
        paper=kept,
        made_at=at,
        made_by=actor.principal,
        is_demo=is_demo,
        form_key=form_key,
        **asked,
    )
    ledger.record(subject=matter, actor=actor, verb="decisions.drafted", at=at, row=decision, quiet=True)
    return decision


@transaction.atomic(durable=True)
def correct_decision(
    *, actor: Actor, decision: Decision, seen_version: int, at: datetime, paper: Any = None, **words: Any
) -> Decision:
    """Other words for a draft: arguments of `propose_decision` from subject on. paper: replaces the earlier one.

    seen_version: the draft's version on the page that was filled in. Words that stand already change nothing. Another
    rule loses what an administrator vouched for. Raises NotAllowed; Refused when it was announced, or when somebody
    else changed it meanwhile.
    """
    _refuse_stranger(actor, decision.place)
    decision = steps.locked(decision)
    asked = _named(words)
    if decision.drive_id is not None:
        asked["subject"] = Subject.LIFT
    changed = {name: value for name, value in asked.items() if getattr(decision, name) != value}
    if not changed and paper is None:
        return decision
    _refuse_locked(decision)
    if seen_version != decision.version:
        raise Refused(
            _("Somebody else changed this draft meanwhile. Open it again in another tab, and put your words in there.")
        )
    _refuse_odd({name: changed.get(name, getattr(decision, name)) for name in ASKED}, decision.place, at, decision)

    for name, value in changed.items():
        setattr(decision, name, value)
    if "rule_id" in changed and decision.attested:
        decision.attested, changed["attested"] = {}, {}
    if paper is not None:
        decision.paper = uploads.store(file=paper, sort="document", sent_by=actor.key, at=at)
        changed["paper"] = decision.paper
    decision.version += 1
    decision.save(update_fields=[*changed, "version"])
    ledger.record(
        subject=decision.matter,
        actor=actor,
        verb="decisions.corrected",
        at=at,
        public={"fields": sorted(changed)},
        row=decision,
        quiet=True,
    )
    return decision


def _named(words: dict[str, Any]) -> dict[str, Any]:
    """Arguments as the columns have them."""
    asked = dict(words)
    if "linked" in asked:
        linked = asked.pop("linked")
        asked["linked_id"] = linked.pk if linked is not None else None
    for name in ("only", "affected"):
        if name in asked:
            asked[name] = sorted(asked[name])
    assert set(asked) <= set(ASKED), "a draft has no other words"
    return asked


@transaction.atomic(durable=True)
def attest_rule(*, actor: Actor, decision: Decision, source: str, valid_from: date, at: datetime) -> Decision:
    """An administrator says where the text of an unchecked rule stands and from which day it applies.

    The same words again change nothing. Raises NotAllowed; Refused when it was announced, when the rule needs nobody
    to vouch for it, or when it cannot apply from that day.
    """
    if not policy.may_attest(actor):
        raise NotAllowed(who_may_attest())
    assert actor.person is not None
    decision = steps.locked(decision)
    said = {"source": source, "valid_from": valid_from.isoformat()}
    if decision.attested and all(decision.attested[name] == value for name, value in said.items()):
        return decision
    _refuse_locked(decision)
    if not rules.needs_attestation(decision):
        raise Refused(_("This rule is checked. Nothing has to be entered for it."))
    attestation = engine.Attestation(source, valid_from, actor.person.name or str(actor.person))
    try:
        engine.may_open(engine.rule(decision.rule_id), rules.opening_day(decision), attestation)
    except engine.CannotOpen as refusal:
        raise Refused(rules.told(refusal), field="valid_from") from refusal

    decision.attested = {**said, "by": attestation.by, "person": actor.person.pk, "at": at.isoformat()}
    decision.version += 1
    decision.save(update_fields=["attested", "version"])
    ledger.record(subject=decision.matter, actor=actor, verb="decisions.rule_attested", at=at, row=decision, quiet=True)
    return decision


@transaction.atomic(durable=True)
def name_counters(*, actor: Actor, decision: Decision, persons: Sequence[Person], at: datetime) -> list[Counter]:
    """The two who count, and who alone see for and against before it is certified; until announced they may change.

    The same two again change nothing. Raises NotAllowed; Refused for other than two persons, for somebody who is
    neither of a desk there nor an owner, and after the announcement.
    """
    _refuse_stranger(actor, decision.place)
    decision = steps.locked(decision)
    wanted = list(dict.fromkeys(person.pk for person in persons))
    named = {counter.person_id: counter for counter in Counter.objects.filter(decision=decision).order_by("number")}
    if set(named) == set(wanted) and len(named) == 2:
        return list(named.values())
    _refuse_locked(decision)
    if len(wanted) != 2:
        raise Refused(_("Two persons count, and neither is the other. Choose two."), field="second")
    if set(policy.countable(decision, at).filter(pk__in=wanted).values_list("pk", flat=True)) != set(wanted):
        raise Refused(_("Somebody of the committee or an owner counts. Choose another person."), field="first")

    coming = [pk for pk in wanted if pk not in named]
    leaving = [counter for pk, counter in named.items() if pk not in wanted]
    free = sorted({1, 2} - {counter.number for counter in named.values()})
    rows = [(leaving.pop(0) if leaving else Counter(decision=decision, number=free.pop(0)), pk) for pk in coming]
    for counter, pk in rows:
        counter.person_id, counter.named_at = pk, at
        counter.save()
        steps.record_quietly(decision, actor=actor, verb="decisions.counter_named", at=at, row=counter)
    steps.changed(decision)
    return list(Counter.objects.filter(decision=decision).order_by("number"))


@transaction.atomic(durable=True)
def announce_decision(*, actor: Actor, decision: Decision, at: datetime) -> Decision:
    """The owners are told; roll, rule, question, dates and counters stand from here on, and every unit has its slot.

    A second time changes nothing. Raises NotAllowed; Refused with the first thing that the checklist misses, or where
    nobody could count by the roll.
    """
    _refuse_stranger(actor, decision.place)
    if decision.drive_id is not None:
        assert decision.drive is not None
        steps.locked_drive(decision.drive)
    decision = steps.locked(decision)
    if decision.cancelled_at is not None:
        raise Refused(_("This vote was cancelled. Start it again as a new draft."))
    if decision.announced_at is not None:
        return decision
    roll = Roll.objects.filter(place__in=decision.place.ancestor_keys).first()
    if roll is not None:
        roll = roll_steps.locked(roll)
    if lacking := checklist.missing(decision, at):
        raise Refused(lacking[0])
    assert roll is not None

    frozen = roll_steps.freeze(actor=actor, roll=roll, place=decision.place, at=at, only=decision.only)
    decision.rule = casefile.frozen_rule(decision)
    decision.roll, decision.announced_at = frozen, at
    decision.version += 1
    decision.save(update_fields=["rule", "roll", "announced_at", "version"])
    _make_slots(decision, frozen)
    matter = decision.matter
    if matter.visibility == Matter.Visibility.PARTIES:
        matter.visibility = Matter.Visibility.PUBLIC
        matter.save(update_fields=["visibility"])
        ledger.record(subject=matter, actor=actor, verb="decisions.shown", at=at, row=matter, quiet=True)
    steps.record(
        decision,
        actor=actor,
        verb="decisions.announced",
        at=at,
        step="signed",
        public={"opens_at": decision.opens_at, "closes_at": decision.closes_at, "roll": frozen.hash},
        row=decision,
    )
    tell(
        "announced",
        decision,
        about=decision.pk,
        to=owners_of_all(decision, at=at),
        at=at,
        url=f"/decisions/{decision.pk}",
        opens_at=decision.opens_at,
        closes_at=decision.closes_at,
    )
    return decision


def _make_slots(decision: Decision, frozen: FrozenRoll) -> None:
    """One for each unit that the roll was frozen for, in the roll's order."""
    keys = [unit["id"] for unit in casefile.units_of(decision)]
    rows = Unit.objects.filter(roll=frozen.roll_id, place__path__startswith=decision.place.path)
    units = {key: (pk, place) for pk, key, place in rows.values_list("pk", "key", "place")}
    Slot.objects.bulk_create(
        [
            Slot(decision=decision, unit_id=units[key][0], place_id=units[key][1], key=key, number=number)
            for number, key in enumerate(keys, 1)
        ],
        batch_size=SLOTS_AT_ONCE,
    )


@transaction.atomic(durable=True)
def cancel_decision(*, actor: Actor, decision: Decision, why: str, at: datetime) -> Decision:
    """It ends without a result, and everybody may read why; every act stays in its history.

    A second time with the same reason changes nothing. Raises NotAllowed; Refused once it is certified.
    """
    _refuse_stranger(actor, decision.place)
    decision = steps.locked(decision)
    if decision.cancelled_at is not None:
        if decision.cancelled_why != why:
            raise Refused(_("It was cancelled already, and that reason stands."))
        return decision
    if decision.certified_at is not None:
        raise Refused(_("It was counted and signed, so it stands. A new decision can change what it says."))
    if not why:
        raise Refused(_("Say why. Everybody may read it."), field="why")

    decision.cancelled_at, decision.cancelled_why = at, why
    decision.version += 1
    decision.save(update_fields=["cancelled_at", "cancelled_why", "version"])
    if decision.announced_at is None:
        ledger.record(subject=decision.matter, actor=actor, verb="decisions.dropped", at=at, row=decision, quiet=True)
        return decision
    steps.record(decision, actor=actor, verb="decisions.cancelled", at=at, public={"why": why}, row=decision)
    tell(
        "cancelled",
        decision,
        about=decision.pk,
        to=owners_of_all(decision, at=at),
        at=at,
        url=f"/decisions/{decision.pk}",
        urgent=True,
        why=why,
    )
    return decision


@transaction.atomic(durable=True)
def start_again(*, actor: Actor, decision: Decision, form_key: UUID, at: datetime) -> Decision:
    """A new draft with the words of one that ended, on the same matter; its dates lie ahead, its counters are named
    anew. The same form again returns the first draft. Raises NotAllowed; Refused while the other one goes on."""
    _refuse_stranger(actor, decision.place)
    assert actor.seat is not None
    decision = steps.locked(decision)
    if earlier := sent_before(Decision, form_key=form_key, words={"matter_id": decision.matter_id}):
        return earlier
    if decision.cancelled_at is None and decision.certified_at is None:
        raise Refused(_("This vote goes on. Cancel it with a reason first."))
    take(key=f"decision:{actor.key}", most=DRAFTS_A_DAY, seconds=86400, at=at)

    local, first = timezone.localtime(decision.opens_at), checklist.first_day(decision, at) + timedelta(days=1)
    opens_at = timezone.make_aware(datetime.combine(first, local.time()))
    copied = {name: getattr(decision, name) for name in ASKED}
    copied |= {"opens_at": opens_at, "closes_at": opens_at + (decision.closes_at - decision.opens_at)}
    again = Decision.objects.create(
        matter=decision.matter,
        place=decision.place,
        drive=decision.drive,
        body=actor.seat.body,
        paper_id=decision.paper_id,
        made_at=at,
        made_by=actor.principal,
        is_demo=decision.is_demo,
        form_key=form_key,
        **copied,
    )
    ledger.record(subject=again.matter, actor=actor, verb="decisions.drafted", at=at, row=again, quiet=True)
    return again


# what is refused


def _refuse_stranger(actor: Actor, place: Place) -> None:
    if not policy.prepares_at(actor, place):
        raise NotAllowed(who_may_prepare())


def _refuse_locked(decision: Decision) -> None:
    if decision.cancelled_at is not None:
        raise Refused(_("This vote was cancelled. Start it again as a new draft."))
    if decision.announced_at is not None:
        raise Refused(
            _(
                "It was announced, so roll, question, rule and dates stand. "
                "To change them, cancel it with a public reason and start again."
            )
        )


def _refuse_odd(asked: dict[str, Any], place: Place, at: datetime, decision: Decision | None = None) -> None:
    """Dates, rule, homes or a linked ballot that cannot be."""
    opens_at, closes_at = asked["opens_at"], asked["closes_at"]
    if closes_at <= opens_at:
        raise Refused(_("It closes after it opens. Choose a later close."), field="closes_at")
    if opens_at > at + AHEAD_AT_MOST:
        raise Refused(_("It opens within a year. Choose a nearer day."), field="opens_at")
    if closes_at > opens_at + OPEN_AT_MOST:
        raise Refused(_("It is open for a year at most. Choose a nearer close."), field="closes_at")
    if not rules.is_offered(asked["rule_id"], timezone.localdate(opens_at)):
        raise Refused(_("This rule does not hold on the day the vote opens. Choose another."), field="rule_id")
    _refuse_unknown_homes(asked, place)
    if asked["linked_id"] is not None:
        _refuse_link(asked["linked_id"], place, decision)


def _refuse_unknown_homes(asked: dict[str, Any], place: Place) -> None:
    for name in ("only", "affected"):
        keys = asked[name]
        if len(keys) > GROUP_MAX:
            raise Refused(_("At most %(count)d homes can be named.") % {"count": GROUP_MAX}, field=name)
        if not keys:
            continue
        there = Unit.objects.filter(roll__place__in=place.ancestor_keys, until=None, place__path__startswith=place.path)
        known = set(there.filter(key__in=keys).values_list("key", flat=True))
        if unknown := sorted(set(keys) - known):
            told = _("These homes are not on the roll here: %(homes)s.")
            raise Refused(told % {"homes": "、".join(unknown[:10])}, field=name)
    if asked["only"] and set(asked["affected"]) - set(asked["only"]):
        raise Refused(
            _("A home whose own part is taken votes as well. Name it among those that vote."), field="affected"
        )


def _refuse_link(linked: int, place: Place, decision: Decision | None) -> None:
    behind = Decision.objects.filter(pk=linked).select_related("place").first()
    if (
        behind is None
        or behind.place_id not in place.ancestor_keys[:-1]
        or behind.cancelled_at is not None
        or behind.linked_id is not None
        or (decision is not None and (behind.pk == decision.pk or decision.stands_behind.exists()))
    ):
        raise Refused(_("The ballot behind this one is the estate's, and it goes on. Choose another."), field="linked")


def who_may_prepare() -> str:
    return _(
        "Head or clerk of the residents' committee, the owners' committee or the street office prepare and run votes "
        "where they are responsible. Speak from your seat first."
    )


def who_may_attest() -> str:
    return _("An administrator enters source and first day of a rule that nobody has checked.")
