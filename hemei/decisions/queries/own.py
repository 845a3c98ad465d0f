"""What an owner reads of their own homes in decisions: what was recorded, whether it counts, what they can do.

A choice is shown to nobody but the owner who made it, never to who helps them. Of co-owners one reads that they acted
and, where it is so, that they differ; the home then counts nowhere, and only they can end that.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.decisions import policy, rules, standing
from hemei.decisions.effects import Effect, effects_of
from hemei.decisions.models import Act, Authority, Challenge, Decision, Slot, Voiding
from hemei.decisions.voices import Voice, by_own_hand, given_voices, holds, in_force, own_voices, paper_only
from hemei.engines import decision as engine
from hemei.ledger.models import Entry
from hemei.ledger.queries import in_groups
from hemei.people.actor import Actor
from hemei.people.models import Body
from hemei.places.queries import ABOVE
from hemei.roll import policy as roll
from hemei.roll.models import Holding
from hemei.shell.words import named

State = Decision.State
RUNNING = (State.AHEAD, State.OPEN, State.COUNTING, State.CERTIFIED)


def decision_for(viewer: Actor, pk: int) -> Decision:
    """A decision that the viewer sees, or an announced one in which they own a home or may vote for one; Http404."""
    rows = Decision.objects.select_related(
        "matter", f"place__{ABOVE}", "roll", "body", "drive", "linked__roll", "linked__place"
    )
    rows = rows.defer("file", "verdict")  # megabytes in a large estate, and only one page hands them out
    found = rows.filter(policy.visible(viewer), pk=pk).first()
    if found is not None:
        return found
    found = rows.filter(pk=pk, announced_at__isnull=False).first()
    if found is None or not (own_voices(viewer, found) or given_voices(viewer, found)):
        raise Http404
    return found


def voices_of(viewer: Actor, decision: Decision, at: datetime) -> list[Voice]:
    """Their own, then those they may use by an authority that holds now."""
    given = [one for one in given_voices(viewer, decision) if one.authority is not None and holds(one.authority, at)]
    return [*own_voices(viewer, decision), *given]


def named_voices(voices: Iterable[Voice]) -> list[tuple[str, str]]:
    """Each with the name of its home, for a form; others’ homes say so, two of one name their place on the roll."""
    every = list(voices)
    names = [voice.slot.place.name for voice in every]
    return [(voice.value, _named(voice, twice=names.count(voice.slot.place.name) > 1)) for voice in every]


def _named(voice: Voice, *, twice: bool) -> str:
    home = f"{named(voice.slot.place)} ({voice.slot.key})" if twice else named(voice.slot.place)
    return _("%(home)s, for its owner, by authority") % {"home": home} if voice.authority else home


def agents_of(slot: Slot, at: datetime) -> list[Authority]:
    """Who may vote for an owner of the home at `at`, in order of receipt; with what still waits for a second clerk."""
    waiting = Q(entered_by__isnull=False, confirmed_at=None, refused_at=None, withdrawn_at=None, at__lte=at)
    waiting &= Q(expires_at=None) | Q(expires_at__gt=at)
    return list(Authority.objects.filter(in_force(at) | waiting, slot=slot).order_by("at", "pk"))


def why_not(viewer: Actor, decision: Decision, at: datetime, voices: Sequence[Voice]) -> tuple[str, str]:
    """Why the page offers no vote: a key for its template, and the words; ("", "") where it does."""
    state = decision.state_at(at)
    if viewer.assistance is not None:
        return "other", by_own_hand()
    if viewer.seat is not None:
        return "seat", _("You speak for a body now. Speak for yourself again to vote for your home.")
    if viewer.is_guest:
        return "sign_in", _("Sign in first: a vote is given from the owner’s own account.")
    if not voices:
        return "match", _missing(viewer, decision)
    if not decision.online:
        return "time", paper_only()
    told = {
        State.AHEAD: _("The vote has not opened yet. Nothing can be handed in before."),
        State.COUNTING: _("The vote has closed. What comes now counts no more."),
        State.CERTIFIED: _("The votes are counted and signed."),
        State.CANCELLED: _("This decision was cancelled."),
        State.DRAFT: _("This decision is still being prepared."),
    }.get(State(state))
    return ("time", told) if told else ("", "")


def _missing(viewer: Actor, decision: Decision) -> str:
    """What somebody without a vote lacks: a tenant or relative is no owner, an owner is not matched yet."""
    roles = {tie.role for tie in viewer.ties if decision.place.pk in tie.place.ancestor_keys}
    if "own" in roles:
        return _(
            "You say that you own a home here, and the owners’ roll has not confirmed it yet. Type the code of the "
            "letter to the owner, or show your papers at the residents’ committee’s counter."
        )
    if roles:
        return _(
            "Owners vote here, and you live or work here. If you own the home too, type the code of the letter to the "
            "owner. Else its owner may authorise you."
        )
    return _(
        "Who owns a home that takes part votes here. If that is you, type the code of the letter to the owner, or show "
        "your papers at the residents’ committee’s counter."
    )


# the part of a decision's page


@dataclass(frozen=True)
class OwnHome:
    """A home of the viewer in a decision. state: none, cast, revoked, waiting or late; never what was chosen."""

    slot: Slot
    state: str
    last: Act | None = None
    co_owner: bool = False  # somebody else who owns it handed in a vote
    differs: bool = False


@dataclass(frozen=True)
class OwnPart:
    """What the page of a decision tells the viewer of themselves, and offers them."""

    decision: Decision
    homes: tuple[OwnHome, ...] = ()
    given: tuple[Voice, ...] = ()  # by authority, in force
    may_vote: bool = False
    may_take_back: bool = False
    may_authorise: bool = False
    why: str = ""
    told: str = ""


def words(viewer: Actor, decision: Decision, at: datetime) -> dict[str, Any] | None:
    """For `decisions/parts/own.html`; None where there is nothing to say."""
    state = decision.state_at(at)
    if state not in RUNNING:
        return None
    voices = voices_of(viewer, decision, at)
    own = [voice for voice in voices if voice.authority is None]
    why, told = why_not(viewer, decision, at, voices)
    if not voices and state in (State.COUNTING, State.CERTIFIED):
        return None
    homes = _homes(own, decision, differing_keys(decision, at) if own else frozenset())
    by_hand = policy.own_hand(viewer) and bool(own)
    part = OwnPart(
        decision,
        homes,
        tuple(voice for voice in voices if voice.authority is not None),
        may_vote=not why,
        may_take_back=by_hand and state == State.OPEN and any(home.state in ("cast", "waiting") for home in homes),
        may_authorise=by_hand and state == State.OPEN,
        why=why,
        told=told,
    )
    return {"own": part}


def _homes(own: Sequence[Voice], decision: Decision, differing: frozenset[str]) -> tuple[OwnHome, ...]:
    """One line a home, whatever number of codes of its owners the viewer is matched with."""
    codes: dict[int, set[str]] = {}
    for voice in own:
        codes.setdefault(voice.slot.pk, set()).add(voice.owner)
    acts: dict[int, list[Act]] = {pk: [] for pk in codes}
    for act in Act.objects.filter(slot__in=codes, refused_at=None).order_by("at", "pk") if codes else ():
        acts[act.slot_id].append(act)
    found: dict[int, OwnHome] = {}
    for voice in own:
        slot = voice.slot
        mine = [act for act in acts[slot.pk] if (act.for_owner or act.by) in codes[slot.pk]]
        found[slot.pk] = OwnHome(
            slot,
            _state_of(mine[-1] if mine else None, decision),
            mine[-1] if mine else None,
            co_owner=any(
                (act.for_owner or act.by) not in codes[slot.pk] and not act.by.startswith("?") for act in acts[slot.pk]
            ),
            differs=slot.key in differing,
        )
    return tuple(found.values())


def _state_of(last: Act | None, decision: Decision) -> str:
    if last is None:
        return "none"
    if not decision.opens_at <= last.at < decision.closes_at:
        return "late"
    if not last.counts:
        return "waiting"
    return "revoked" if last.kind == Act.Kind.REVOKE else "cast"


def differing_keys(decision: Decision, at: datetime) -> frozenset[str]:
    """Homes whose co-owners differ, which count nowhere: for the two counters, and each for its own co-owners."""
    if decision.roll is None or decision.state_at(at) not in RUNNING:
        return frozenset()
    status = engine.tally(standing.one_case(decision, at)).status
    return frozenset(key for key, said in status.items() if said == "unresolved")


@dataclass(frozen=True)
class Differing:
    """Homes that count nowhere, as the viewer may know of them: their own, or all for a counter."""

    slots: tuple[Slot, ...]
    counts: bool  # the viewer counts this decision


def differing(viewer: Actor, decision: Decision, at: datetime) -> Differing:
    """Http404 for who neither counts nor owns a home in it."""
    keys = differing_keys(decision, at)
    if policy.is_counter(viewer, decision):
        slots = Slot.objects.filter(decision=decision, key__in=keys).select_related("place").order_by("number")
        return Differing(tuple(slots), counts=True)
    own = {voice.slot.pk: voice.slot for voice in own_voices(viewer, decision)}
    if not own:
        raise Http404
    return Differing(tuple(slot for slot in own.values() if slot.key in keys), counts=False)


# everything that was recorded


@dataclass(frozen=True)
class Line:
    """One act as an owner of its home reads it. choice: only of one's own. told: whether it counts, and why not."""

    act: Act
    who: str  # me, agent, co_owner, unknown
    agent: str = ""
    choice: str = ""
    told: tuple[str, ...] = ()
    stands: bool = False
    typed_at: str = ""  # the body of the desk
    checked_at: str = ""
    hash: str = ""
    may_challenge: bool = False
    challenges: tuple[Challenge, ...] = ()


@dataclass(frozen=True)
class History:
    """Every act recorded for a home of the viewer, newest first, and the authorities they gave."""

    decision: Decision
    slot: Slot
    lines: tuple[Line, ...]
    authorities: tuple[tuple[Authority, str], ...]  # with its state in words
    differs: bool
    co_owned: bool
    helped: bool  # somebody helps the owner and reads no choice


def history(viewer: Actor, decision: Decision, slot: int, at: datetime) -> History:
    """Http404 for who does not own the home."""
    voices = [voice for voice in own_voices(viewer, decision) if voice.slot.pk == slot]
    if not voices:
        raise Http404
    home, codes = voices[0].slot, {voice.owner for voice in voices}
    helped = viewer.assistance is not None
    acts = _acts_of([home])
    mine = [act for act in acts if (act.for_owner or act.by) in codes]
    void = {act.pk for act in acts if act.is_void}
    challenges: dict[int, list[Challenge]] = {}
    if any(act.is_challenged for act in mine):
        for one in Challenge.objects.filter(act__in=mine).order_by("at", "pk"):
            challenges.setdefault(one.act_id, []).append(one)
    entries = _entries(decision, acts)
    effects: dict[int, Effect] = {}
    case = standing.one_case(decision, at)
    for code in sorted(codes):
        heard = [act for act in mine if (act.for_owner or act.by) == code and act.counts and not act.refused_at]
        effects |= effects_of(case, home.key, [act for act in heard if act.pk not in void])
    counted = decision.certified_at is not None or decision.cancelled_at is not None

    def line(act: Act) -> Line:
        own = (act.for_owner or act.by) in codes
        effect = effects.get(act.pk) if own else None
        waits = [one for one in challenges.get(act.pk, ()) if one.answered_at is None]
        open_to = own and not counted and not act.refused_at and act.pk not in void and not waits
        typed, checked, digest = entries.get(act.pk, ("", "", ""))
        return Line(
            act,
            _who(act, own),
            act.authority.agent_name if own and act.authority is not None else "",
            act.get_choice_display() if own and not helped and act.kind == Act.Kind.CAST else "",
            tuple(_told(act, effect, decision, act.pk in void)),
            bool(effect and effect.stands),
            typed,
            checked if act.confirmed_at else "",
            digest,
            open_to and act.kind == Act.Kind.CAST,
            tuple(challenges.get(act.pk, ())),
        )

    given = Authority.objects.filter(slot=home, owner__in=codes).order_by("-at", "-pk")
    return History(
        decision,
        home,
        tuple(line(act) for act in reversed(acts)),
        tuple((one, authority_state(one, at)) for one in given),
        home.key in differing_keys(decision, at),
        _co_owned(case, home.key),
        helped,
    )


def _acts_of(slots: Sequence[Slot | int]) -> list[Any]:
    """Every act recorded for these homes, in order of receipt; with is_void and is_challenged."""
    voided = Voiding.objects.filter(act=OuterRef("pk"), confirmed_at__isnull=False)
    rows = Act.objects.filter(slot__in=slots).annotate(
        is_void=Exists(voided), is_challenged=Exists(Challenge.objects.filter(act=OuterRef("pk")))
    )
    return list(rows.select_related("authority", "slot__place").order_by("at", "pk"))


def _co_owned(case: engine.Case, key: str) -> bool:
    return any(unit.id == key and len(unit.owners) > 1 for unit in case.units)


def _who(act: Act, own: bool) -> str:
    if act.by.startswith("?"):
        return "unknown"
    if own:
        return "agent" if act.for_owner else "me"
    return "co_owner"


def _told(act: Act, effect: Effect | None, decision: Decision, void: bool) -> list[str]:
    """Whether it counts, in words; of co-owners' acts only what does not depend on what they said."""
    if act.refused_at is not None:
        return [_("Two clerks did not read the same on it, so this entry counts nowhere.")]
    if void:
        return [_("It was declared void and counts nowhere.")]
    if not act.counts:
        return [_("It counts once a second clerk has confirmed the entry.")]
    if effect is None:
        return [_("It came after the close and changes nothing.")] if act.at >= decision.closes_at else []
    told = [engine.words.flag_words(flag, rules.language()) for flag in effect.flags if flag != "revoked"]
    if effect.stands:
        return [_("This is what counts for you."), *told]
    replaced = act.kind == Act.Kind.CAST and not effect.changes_nothing
    return [_("It was replaced or taken back, and counts no more."), *told] if replaced else told


def _entries(decision: Decision, acts: Sequence[Act]) -> dict[int, tuple[str, str, str]]:
    """For each act the bodies that typed and checked it, and the hash of the entry that recorded it."""
    rows = {f"decisions.act:{act.pk}": act.pk for act in acts}
    entries = Entry.objects.filter(
        chain__subject_kind="decisions.decision", chain__subject_key=decision.pk, row__in=rows
    ).order_by("position")
    found: dict[int, list[tuple[int | None, str]]] = {}
    for row, public, digest in entries.values_list("row", "public", "hash"):
        found.setdefault(rows[row], []).append((json.loads(public)["by"].get("body"), digest))
    keys = {body for lines in found.values() for body, _hash in lines if body}
    bodies = {body.pk: named(body) for body in Body.objects.filter(pk__in=keys)} if keys else {}
    return {
        act: (bodies.get(lines[0][0] or 0, ""), bodies.get(lines[-1][0] or 0, ""), in_groups(lines[0][1][:24]))
        for act, lines in found.items()
    }


def authority_state(authority: Authority, at: datetime) -> str:
    """In words, whether somebody may vote by it."""
    if authority.refused_at is not None:
        return _("Declined: %(why)s") % {"why": authority.refused_why}
    if authority.withdrawn_at is not None:
        return _("Withdrawn")
    if authority.entered_by_id is not None and authority.confirmed_at is None:
        return _("Waits for a second clerk")
    if authority.expires_at is not None and authority.expires_at <= at:
        return _("Ended")
    return _("In force") if authority.written else _("In force, but not in writing")


# receipts


@dataclass(frozen=True)
class Receipt:
    """What was recorded by one form. late: it came after the close and changes nothing."""

    decision: Decision
    acts: tuple[tuple[Act, str, tuple[str, ...]], ...]  # with the entry's hash, and what the engine says to it
    late: bool
    next: Decision | None = field(default=None)  # the ballot behind it, where the viewer has not voted yet

    @property
    def first(self) -> Act:
        return self.acts[0][0]


def receipt(viewer: Actor, decision: Decision, act: int, at: datetime) -> Receipt:
    """For who acted, and nobody else: Http404."""
    if viewer.person is None or viewer.assistance is not None:
        raise Http404
    mine = Act.objects.filter(decision=decision, person=viewer.person, channel=Act.Channel.SCREEN)
    one = mine.filter(pk=act).first()
    if one is None:
        raise Http404
    there = _acts_of([one.slot_id for one in mine.filter(at=one.at, kind=one.kind)])
    acts = [row for row in there if (row.at, row.kind, row.person_id) == (one.at, one.kind, viewer.person.pk)]
    acts.sort(key=lambda row: (row.slot.number, row.pk))
    entries = _entries(decision, acts)
    case = standing.one_case(decision, at)
    told = tuple((row, entries.get(row.pk, ("", "", ""))[2], _now(row, there, case, decision)) for row in acts)
    return Receipt(decision, told, not decision.opens_at <= one.at < decision.closes_at, _behind(viewer, decision, at))


def _now(act: Any, there: Sequence[Any], case: engine.Case, decision: Decision) -> tuple[str, ...]:
    """What has become of it by now, in words; nothing where it stands. there: all acts on these homes."""
    owner = act.for_owner or act.by
    same = [row for row in there if row.slot_id == act.slot_id and (row.for_owner or row.by) == owner]
    heard = [row for row in same if row.counts and not row.refused_at and not row.is_void]
    effect = effects_of(case, act.slot.key, heard).get(act.pk)
    told = _told(act, effect, decision, act.is_void)
    return () if effect is not None and effect.stands and len(told) == 1 else tuple(told)


def _behind(viewer: Actor, decision: Decision, at: datetime) -> Decision | None:
    """The estate's ballot that must pass too, if it is open and nothing was handed in there."""
    behind = decision.linked
    if behind is None or behind.state_at(at) != State.OPEN or not behind.online:
        return None
    voices = own_voices(viewer, behind)
    if not voices or Act.objects.filter(decision=behind, person=viewer.person).exists():
        return None
    return behind


# all my homes


@dataclass(frozen=True)
class MyVote:
    """A home of the viewer in a decision, on the page of all their votes."""

    home: OwnHome
    decision: Decision
    state: str
    state_name: str


def my_slots(viewer: Actor, at: datetime) -> QuerySet[Slot]:
    """The homes the person acted for owns, in every decision that was announced; the one that closes last first."""
    slots = Slot.objects.filter(
        unit__in=[unit for unit, _code in _held(viewer, at)],
        decision__announced_at__isnull=False,
        decision__cancelled_at=None,
    ).select_related("place", "decision__place")
    return slots.order_by("-decision__closes_at", "-decision", "number")


def my_votes(viewer: Actor, slots: Sequence[Slot], at: datetime) -> list[MyVote]:
    """The slots of one page, each with what was handed in; never what was chosen."""
    codes: dict[int, set[str]] = {}
    for unit, code in _held(viewer, at):
        codes.setdefault(unit, set()).add(code)
    acts: dict[int, list[Act]] = {}
    for act in Act.objects.filter(slot__in=slots, refused_at=None).order_by("at", "pk"):
        acts.setdefault(act.slot_id, []).append(act)
    found = []
    for slot in slots:
        mine = [act for act in acts.get(slot.pk, ()) if (act.for_owner or act.by) in codes.get(slot.unit_id, ())]
        last = mine[-1] if mine else None
        state = slot.decision.state_at(at)
        home = OwnHome(slot, _state_of(last, slot.decision), last)
        found.append(MyVote(home, slot.decision, state, State(state).label))
    return found


def given_to(viewer: Actor, at: datetime) -> list[Authority]:
    """By which the person may vote for others now: the decision is open, and the authority holds."""
    if viewer.person is None or not policy.own_hand(viewer):
        return []
    rows = Authority.objects.filter(
        in_force(at),
        agent_person=viewer.person,
        decision__opens_at__lte=at,
        decision__closes_at__gt=at,
        decision__cancelled_at=None,
    )
    return list(rows.select_related("slot__place", "decision").order_by("decision__closes_at", "pk")[:50])


def to_do(viewer: Actor, at: datetime) -> list[Slot]:
    """Homes of theirs in open decisions for which nothing was handed in yet, soonest close first; the first ten."""
    slots = my_slots(viewer, at).filter(decision__opens_at__lte=at, decision__closes_at__gt=at)
    acted = Act.objects.filter(refused_at=None, kind=Act.Kind.CAST).values("slot")
    return list(slots.exclude(pk__in=acted).order_by("decision__closes_at", "pk")[:10])


def _held(viewer: Actor, at: datetime) -> list[tuple[int, str]]:
    """Units of every roll that the person acted for owns today, each with the owner's code."""
    if viewer.principal is None or viewer.is_guest:
        return []
    today = timezone.localdate(at)
    held = Holding.objects.filter(
        roll.holding(today),
        roll.standing(today, "unit__"),
        owner__matches__person=viewer.principal,
        owner__matches__ended_at=None,
    )
    return list(held.order_by("unit", "owner__code").values_list("unit", "owner__code"))
