"""For which homes somebody may speak on screen: their own, by the roll, and those of owners who authorised them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils.translation import gettext as _

from hemei.decisions import policy
from hemei.decisions.models import Act, Authority, Challenge, Decision, Slot, Voiding
from hemei.people.actor import Actor


@dataclass(frozen=True)
class Voice:
    """One owner's voice for one home. value: as a form names it. authority: by which somebody else uses it."""

    value: str
    slot: Slot
    owner: str  # code on the roll
    authority: Authority | None = None

    @property
    def by(self) -> str:
        """Who acts, as the engine knows them."""
        return self.authority.agent if self.authority else self.owner

    @property
    def for_owner(self) -> str:
        return self.owner if self.authority else ""

    def key(self, form_key: UUID) -> UUID:
        """One form may speak for several homes; each act has a key of its own that follows from the form's."""
        return uuid5(form_key, f"{self.slot.key}\x1f{self.by}\x1f{self.for_owner}")


def own_voices(viewer: Actor, decision: Decision) -> list[Voice]:
    """The homes the person acted for owns, one voice for each code they are matched with, in order of the roll."""
    found: list[Voice] = []
    for slot, code in policy.slots_of(viewer, decision):
        number = sum(1 for voice in found if voice.slot.pk == slot.pk)
        found.append(Voice(f"{slot.pk}-{number}", slot, code))
    return found


def given_voices(viewer: Actor, decision: Decision) -> list[Voice]:
    """The homes for which somebody authorised the person at the keys, in force or not, in order of receipt."""
    if viewer.person is None or not policy.own_hand(viewer):
        return []
    rows = Authority.objects.filter(decision=decision, agent_person=viewer.person).select_related("slot__place")
    return [Voice(f"a{one.pk}", one.slot, one.owner, one) for one in rows.order_by("at", "pk")]


def in_force(at: datetime) -> Q:
    """Authorities that a second clerk has not refused, that were not withdrawn and have not ended by `at`."""
    checked = Q(entered_by=None) | Q(confirmed_at__isnull=False)
    return checked & Q(refused_at=None, withdrawn_at=None, at__lte=at) & (Q(expires_at=None) | Q(expires_at__gt=at))


def holds(authority: Authority, at: datetime) -> bool:
    """The same question for one authority."""
    checked = authority.entered_by_id is None or authority.confirmed_at is not None
    ended = authority.refused_at or authority.withdrawn_at
    return checked and not ended and authority.at <= at and (authority.expires_at is None or authority.expires_at > at)


def chosen(voices: Iterable[Voice], values: Iterable[str]) -> list[Voice] | None:
    """Those that a form names, in order of the roll; None where it names one that is none of them."""
    by_value = {voice.value: voice for voice in voices}
    wanted = set(values)
    if not wanted <= set(by_value):
        return None
    return sorted((by_value[value] for value in wanted), key=lambda voice: (voice.slot.number, voice.value))


def is_theirs(actor: Actor, authority: Authority) -> bool:
    """Given by an owner that the actor is matched with."""
    voices = own_voices(actor, authority.decision)
    return any((voice.slot.pk, voice.owner) == (authority.slot_id, authority.owner) for voice in voices)


# who may


def may_challenge(actor: Actor, act: Act) -> bool:
    """Matched with the owner in whose name it was recorded; also helped at the counter."""
    owner = act.for_owner or act.by
    voices = own_voices(actor, act.decision)
    return any((voice.slot.pk, voice.owner) == (act.slot_id, owner) for voice in voices)


def may_answer(actor: Actor, challenge: Challenge) -> bool:
    """At the desk, with no hand in the act, and no owner of the home in whose name it was recorded."""
    desk = policy.prepares_at(actor, challenge.act.decision.place)
    return desk and had_no_hand(actor, challenge) and not may_challenge(actor, challenge.act)


def had_no_hand(actor: Actor, challenge: Challenge) -> bool:
    """Neither entered, confirmed nor made the act, nor speaks against it; what a list asks of each line."""
    act = challenge.act
    involved = (act.entered_by_id, act.confirmed_by_id, act.person_id, challenge.by_id)
    return actor.person is not None and actor.person.pk not in involved


def may_confirm(actor: Actor, voiding: Voiding) -> bool:
    """The other of two persons at the desk."""
    desk = policy.prepares_at(actor, voiding.act.decision.place)
    return desk and actor.person is not None and actor.person.pk != voiding.proposed_by_id


# for a refusal


def by_own_hand() -> str:
    return _(
        "Nobody votes on screen for somebody else. Help them to fill in their paper ballot and hand it in: "
        "it counts just the same."
    )


def who_may_vote() -> str:
    return _(
        "Who owns a home that takes part votes for it, once the account is matched with the owners’ roll. "
        "Type the code of the letter to the owner, or ask at the residents’ committee’s counter."
    )


def paper_only() -> str:
    return _("This decision is voted on paper only. Fill in your paper ballot and hand it in.")
