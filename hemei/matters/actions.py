"""What those who look after a matter do with it: tell what happened, say who sees it, close it, open it again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.matters import policy, steps
from hemei.matters.models import Handling, Matter
from hemei.people.actor import Actor

HANDLINGS_AN_HOUR = 120  # our choice, for one person: more than a day's minutes typed in at once
Act = Handling.Act


@transaction.atomic(durable=True)
def tell_what_happened(
    *, actor: Actor, matter: Matter, text: str, source: str, form_key: UUID, at: datetime, text_en: str = ""
) -> Handling:
    """Put into the timeline what happened, with where it is known from. The same form again changes nothing.

    Raises NotAllowed; Refused when the form comes back with other words; TooMany.
    """
    matter, earlier = _begin(actor, matter, Act.TELL, form_key, at, text=text, text_en=text_en, source=source)
    if earlier is not None:
        return earlier
    done = _keep(matter, Act.TELL, form_key, at, text=text, text_en=text_en, source=source)
    steps.tell(matter=matter, actor=actor, at=at, text=text, text_en=text_en, source=source)
    return done


@transaction.atomic(durable=True)
def change_visibility(
    *, actor: Actor, matter: Matter, visibility: str, reason: str, form_key: UUID, at: datetime
) -> Handling:
    """Who sees the matter from now on, with a reason for those who still do. The same form again changes nothing.

    Raises NotAllowed; Refused when it is so already; TooMany.
    """
    matter, earlier = _begin(actor, matter, Act.SHOW, form_key, at, visibility=str(visibility), reason=reason)
    if earlier is not None:
        return earlier
    before = matter.visibility
    if before == visibility:
        raise Refused(_("It is so already. Choose another, or leave it as it is."), field="visibility")
    done = _keep(matter, Act.SHOW, form_key, at, visibility=str(visibility), reason=reason)
    matter.visibility = visibility
    matter.save(update_fields=["visibility"])
    ledger.record(
        subject=matter,
        actor=actor,
        verb="matters.visibility_changed",
        at=at,
        public={"before": before, "after": str(visibility), "reason": reason},
        row=matter,
    )
    return done


@transaction.atomic(durable=True)
def close_matter(*, actor: Actor, matter: Matter, reason: str, form_key: UUID, at: datetime) -> Handling:
    """The matter ends here, and everybody who sees it reads why. The same form again changes nothing.

    Raises NotAllowed; Refused when it is closed already; TooMany.
    """
    matter, earlier = _begin(actor, matter, Act.CLOSE, form_key, at, reason=reason)
    if earlier is not None:
        return earlier
    if matter.closed_at is not None:
        raise Refused(_("This matter is closed already. Its page says when and why."))
    done = _keep(matter, Act.CLOSE, form_key, at, reason=reason)
    steps.close(matter=matter, actor=actor, at=at, reason=reason)
    return done


@transaction.atomic(durable=True)
def reopen_matter(*, actor: Actor, matter: Matter, reason: str, form_key: UUID, at: datetime) -> Handling:
    """The matter goes on, and everybody who sees it reads why. The same form again changes nothing.

    Raises NotAllowed; Refused when it is open; TooMany.
    """
    matter, earlier = _begin(actor, matter, Act.REOPEN, form_key, at, reason=reason)
    if earlier is not None:
        return earlier
    if matter.closed_at is None:
        raise Refused(_("This matter is open. There is nothing to open again."))
    done = _keep(matter, Act.REOPEN, form_key, at, reason=reason)
    steps.reopen(matter=matter, actor=actor, at=at, reason=reason)
    return done


def _begin(
    actor: Actor, matter: Matter, act: str, form_key: UUID, at: datetime, **words: Any
) -> tuple[Matter, Handling | None]:
    """Who may, the lock, and what the same form did before: how each of these acts begins."""
    if not policy.may_look_after(actor, matter):
        raise NotAllowed(who_may_look_after())
    matter = Matter.objects.select_for_update(of=("self",)).select_related("place").get(pk=matter.pk)
    said = {"act": str(act), "words": words}
    if earlier := sent_before(Handling, matter=matter, form_key=form_key, words=said):
        return matter, earlier
    if not policy.may_look_after(actor, matter):  # hidden from this actor a moment ago
        raise NotAllowed(who_may_look_after())
    take(key=f"handling:{actor.key}", most=HANDLINGS_AN_HOUR, seconds=3600, at=at)
    return matter, None


def _keep(matter: Matter, act: str, form_key: UUID, at: datetime, **words: Any) -> Handling:
    return Handling.objects.create(matter=matter, act=act, words=words, at=at, form_key=form_key)


def who_may_look_after() -> str:
    """For a refusal."""
    return _("The body that looks after this matter does this. Speak from your seat in it first.")
