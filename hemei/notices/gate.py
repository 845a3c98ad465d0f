"""The one gate for all senders: by which way a person is told, when, and in which words."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, engines
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from hemei.matters.models import Matter
from hemei.notices.models import Preference
from hemei.outbox.models import Message
from hemei.people.models import Person

QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # no telephone rings in between; in the place's zone
PHONE = Message.Channel.CONSOLE  # until a gateway for text messages is set up
TOPICS = {
    "matters": _("Matters I follow"),
    "promises": _("Promises"),
    "consultations": _("Everyone Come"),
    "decisions": _("Votes of the owners"),
    "people": _("My account and my ties"),
    "roll": _("My homes on the owners’ roll"),
}
Way = Preference.Way


def default_way(person: Person) -> str:
    """Somebody without a phone is told on paper, the others by text message when it is urgent."""
    return Way.URGENT if person.phone else Way.PAPER


def channel_for(person: Person, way: str | None, *, urgent: bool) -> str:
    """The channel besides the inbox, or "". A guest has nothing but the inbox."""
    if person.is_guest or person.closed_at is not None:
        return ""
    way = way or default_way(person)
    if way == Way.PAPER:
        return Message.Channel.PRINT
    wanted = way == Way.PHONE or (way == Way.URGENT and urgent)
    return PHONE if wanted and person.phone else ""


def due(at: datetime) -> datetime:
    """`at`, or the end of the quiet hours that it falls into."""
    there = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return at
    day = there.date() + timedelta(days=1 if there.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, there.tzinfo).astimezone(at.tzinfo)


def told(kind: str, *, matter: Matter | None, words: dict[str, Any], language: str | None = None) -> str:
    """The words of a notice, in `language` or the reader's: plain text, one paragraph.

    words: `under_title` among them is true where the matter's title stands above the notice already.
    """
    room, _dot, verb = kind.partition(".")
    template = engines["django"].engine.get_template(f"{room}/notices/{verb}.txt")
    said = {"matter": matter, **{name: _revived(name, value) for name, value in words.items()}}
    with translation.override(language or translation.get_language()):
        return " ".join(template.render(Context(said, autoescape=False)).split())


def _revived(name: str, value: Any) -> Any:
    return parse_datetime(value) if name.endswith("_at") and isinstance(value, str) else value


def storable(words: dict[str, Any]) -> dict[str, Any]:
    """`words` as JSON keeps them: times as ISO 8601."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in words.items()}
