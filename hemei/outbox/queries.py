"""Reading the outbox without what it says: only its own administrator, and how far each message is."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed
from hemei.outbox.models import Message


class Viewing(Protocol):
    """Who looks; `people.actor.Actor` is one."""

    @property
    def is_administrator(self) -> bool: ...


@dataclass(frozen=True)
class Row:
    """A message without its words. address: the last digits of a phone number, or nothing."""

    pk: int
    kind: str
    channel: str
    state: str
    address: str
    tries: int
    made_at: Any
    due_at: Any
    sent_at: Any
    fault: str


FIELDS = ("pk", "kind", "channel", "state", "address", "tries", "made_at", "due_at", "sent_at", "fault")


def messages_in(*, viewer: Viewing, state: str = "") -> QuerySet[Any]:
    """Messages in `state` (all of them for an empty one), newest first, as tuples of FIELDS. Raises NotAllowed."""
    refuse_unless_administrator(viewer)
    rows = Message.objects.filter(state=state) if state in Message.State.values else Message.objects.all()
    return rows.order_by("-made_at", "-pk").values_list(*FIELDS)


def counts_by_state(*, viewer: Viewing) -> dict[str, int]:
    """How many messages stand in each state."""
    refuse_unless_administrator(viewer)
    found = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in Message.State.values}


def row_of(values: tuple[Any, ...]) -> Row:
    row = dict(zip(FIELDS, values, strict=True))
    channel, state = Message.Channel(row["channel"]).label, Message.State(row["state"])
    return Row(**{**row, "channel": channel, "state": state, "address": masked(row["address"])})


def masked(address: str) -> str:
    """A phone number with its middle left out."""
    return f"{address[:3]}…{address[-4:]}" if len(address) > 8 else ""


def refuse_unless_administrator(viewer: Viewing) -> None:
    if not viewer.is_administrator:
        raise NotAllowed(_("The outbox is for the administrator of this installation."))
