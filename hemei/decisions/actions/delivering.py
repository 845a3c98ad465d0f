"""That a ballot was delivered to a home (送达): how, when, to whom, and what proves it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.decisions import photos, policy, steps
from hemei.decisions.actions.ballots import who_may_run
from hemei.decisions.models import Decision, Service, Slot
from hemei.people.actor import Actor

AT_ONCE = 200  # homes in one form: a building's list
DELIVERED_MAX = 20  # of one home: our choice
BY_HAND = (Service.How.HAND, Service.How.BOX, Service.How.POST)
State = Decision.State


@transaction.atomic(durable=True)
def deliver(
    *,
    actor: Actor,
    decision: Decision,
    homes: Collection[str],
    how: str,
    form_key: UUID,
    at: datetime,
    delivered_at: datetime | None = None,
    to: str = "",
    proof: bool = False,
    photo: Any = None,
) -> list[Service]:
    """The ballots of `homes` (keys of units) were delivered, all the same way; a list signed at the doors is one photo.

    delivered_at: now if not said. proof: a signature, a receipt or a photo was seen. The same form again returns what
    it recorded. Raises NotAllowed; Refused for a home that does not vote here, a time ahead or before the announcement,
    and once it is counted.
    """
    if not policy.prepares_at(actor, decision.place):
        raise NotAllowed(who_may_run())
    decision = steps.locked(decision)
    keys = {key: uuid5(form_key, key) for key in homes}
    words = {"how": how, "to": to, "proof": proof}
    earlier = list(Service.objects.filter(form_key__in=keys.values()).order_by("pk"))
    if earlier:
        if len(earlier) != len(keys) or any(getattr(one, name) != words[name] for one in earlier for name in words):
            raise Refused(
                _(
                    "This form was already sent with other words, and those were kept. "
                    "To send these too, open the form again."
                )
            )
        return earlier
    delivered_at = delivered_at or at
    _refuse_odd(decision, keys, how, delivered_at, at)
    slots = list(
        Slot.objects.filter(decision=decision, key__in=keys).annotate(served=Count("services")).order_by("number")
    )
    if unknown := sorted(set(keys) - {slot.key for slot in slots}):
        told = _("These homes do not vote here: %(homes)s.")
        raise Refused(told % {"homes": "、".join(unknown[:10])}, field="homes")
    if any(slot.served >= DELIVERED_MAX for slot in slots):
        raise Refused(
            _("%(count)d deliveries stand for one of these homes. That is enough.") % {"count": DELIVERED_MAX}
        )

    kept = photos.keep(photo, actor=actor, at=at) if photo is not None else None
    rows = []
    for slot in slots:
        row = Service.objects.create(
            slot=slot,
            how=how,
            at=delivered_at,
            to=to,
            proof=proof or kept is not None,
            photo=kept,
            by=actor.person,
            made_at=at,
            form_key=keys[slot.key],
        )
        steps.record_quietly(decision, actor=actor, verb="decisions.delivered", at=at, row=row)
        rows.append(row)
    steps.changed(decision)
    return rows


def _refuse_odd(decision: Decision, keys: Collection[str], how: str, delivered_at: datetime, at: datetime) -> None:
    if not keys:
        raise Refused(_("Tick the homes it was delivered to."), field="homes")
    if len(keys) > AT_ONCE:
        raise Refused(_("At most %(count)d homes at once.") % {"count": AT_ONCE}, field="homes")
    if decision.state_at(at) not in (State.AHEAD, State.OPEN, State.COUNTING) or decision.announced_at is None:
        raise Refused(_("Deliveries are recorded from the announcement until it is counted."))
    if how not in BY_HAND:
        raise Refused(_("Choose how it was delivered."), field="how")
    if delivered_at > at:
        raise Refused(_("That time is still ahead. Say when it was delivered."), field="delivered_at")
    if delivered_at < decision.announced_at:
        raise Refused(_("That is before the vote was announced. Say when it was delivered."), field="delivered_at")
