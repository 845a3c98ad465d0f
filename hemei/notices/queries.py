"""Reading inboxes, sheets and the printed list, always for a viewer."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.http import Http404
from django.template import TemplateDoesNotExist, VariableDoesNotExist
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hemei.base import clock
from hemei.base.prepared import Prepared
from hemei.ledger.models import Chain
from hemei.matters.models import Matter
from hemei.matters.queries import matter_for, matters_seen
from hemei.notices import gate, policy
from hemei.notices.models import Following, Heard, Notice, Posting, Preference, PrintedNotice
from hemei.outbox.models import Message
from hemei.people.actor import Actor
from hemei.people.models import Body, Person, Tie
from hemei.people.policy import holding
from hemei.places.models import Kind, Place

SHOWN_IN_GROUP = 4  # notices of one matter on the inbox page; the others are one link away
PANEL_MOST = 3  # sheets on a matter's or a place's page
PLACES_MOST = 600  # places to choose from, where a sheet may hang
NO_MATTER = 0


# the inbox


@dataclass(frozen=True)
class Way:
    """How one notice went besides the inbox: by which channel, and how far it is."""

    channel: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Item:
    """One notice as its recipient reads it."""

    pk: int
    text: str
    at: datetime
    read_at: datetime | None
    url: str
    ways: tuple[Way, ...] = ()


@dataclass
class Group:
    """What somebody was told about one matter, or about nothing that is a matter. hidden: no longer theirs to see."""

    key: int
    count: int
    unread: int
    matter: Matter | None = None
    hidden: bool = False
    items: list[Item] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def inbox(viewer: Actor) -> QuerySet[Notice]:
    """The viewer's own notices. While helping somebody nobody reads anybody's inbox."""
    if viewer.key is None or viewer.assistance is not None:
        return Notice.objects.none()
    return Notice.objects.filter(recipient=viewer.key)


_UNREAD = Prepared(
    lambda person: (
        Notice.objects.filter(recipient_id=person, read_at=None)
        .order_by()
        .values("recipient_id")
        .annotate(count=Count("pk"))
        .values_list("count", flat=True)
    ),
    person=int,
)


def unread_count(*, viewer: Actor) -> int:
    """How many notices wait; no query for a visitor."""
    if viewer.key is None or viewer.assistance is not None:
        return 0
    return _UNREAD.first(person=viewer.key) or 0


def groups_of(*, viewer: Actor) -> QuerySet[Any]:
    """The viewer's notices by matter, (matter, newest, count, unread), the one with the newest notice first."""
    return (
        inbox(viewer)
        .order_by()
        .annotate(about=Coalesce("matter_id", Value(NO_MATTER), output_field=BigIntegerField()))
        .values("about")
        .annotate(newest=Max("pk"), count=Count("pk"), unread=Count("pk", filter=Q(read_at=None)))
        .order_by("-newest")
    )


def with_items(rows: list[dict[str, Any]], *, viewer: Actor) -> list[Group]:
    """Groups for these rows of `groups_of`, each with its newest notices. Three queries for all of them."""
    groups = {row["about"]: Group(row["about"], row["count"], row["unread"]) for row in rows}
    keys = [key for key in groups if key != NO_MATTER]
    here = Q(matter__in=keys) | (Q(matter=None) if NO_MATTER in groups else Q(pk__in=[]))
    newest = (
        inbox(viewer)
        .filter(here)
        .annotate(turn=Window(RowNumber(), partition_by=F("matter"), order_by=F("pk").desc()))
        .filter(turn__lte=SHOWN_IN_GROUP)
        .order_by("-pk")
    )
    _put_matters(groups, viewer)
    for notice, item in _items(list(newest), groups, viewer):
        groups[notice.matter_id or NO_MATTER].items.append(item)
    return list(groups.values())


def group_for(*, viewer: Actor, key: int) -> Group:
    """One group without its items, or Http404 where the viewer was told nothing about it."""
    row = groups_of(viewer=viewer).filter(about=key).first()
    if row is None:
        raise Http404
    group = Group(key, row["count"], row["unread"])
    _put_matters({key: group}, viewer)
    return group


def notices_in(*, viewer: Actor, key: int) -> QuerySet[Notice]:
    """The viewer's notices of one group, newest first."""
    return inbox(viewer).filter(matter=None if key == NO_MATTER else key).order_by("-pk")


def items_of(notices: list[Notice], *, viewer: Actor, group: Group) -> list[Item]:
    return [item for _notice, item in _items(notices, {group.key: group}, viewer)]


def _put_matters(groups: dict[int, Group], viewer: Actor) -> None:
    keys = [key for key in groups if key != NO_MATTER]
    seen = matters_seen(viewer=viewer).filter(pk__in=keys).select_related("place").in_bulk() if keys else {}
    for key in keys:
        groups[key].matter, groups[key].hidden = seen.get(key), key not in seen


def _items(notices: list[Notice], groups: dict[int, Group], viewer: Actor) -> list[tuple[Notice, Item]]:
    ways = _ways_of(notices, viewer)
    made = []
    for notice in notices:
        group = groups[notice.matter_id or NO_MATTER]
        text = "" if group.hidden else words_of(notice, group.matter)
        url = "" if group.hidden else _address(notice.words.get("url"))
        made.append((notice, Item(notice.pk, text, notice.made_at, notice.read_at, url, ways.get(notice.key, ()))))
    return made


def words_of(notice: Notice, matter: Matter | None) -> str:
    """What a notice says, in the reader's language; a plain sentence where the words of its kind changed since."""
    try:
        return gate.told(notice.kind, matter=matter, words={**notice.words, "under_title": matter is not None})
    except (TemplateDoesNotExist, VariableDoesNotExist):
        return _("There is news.")


def _address(url: Any) -> str:
    """A page of this house, or nothing."""
    return url if isinstance(url, str) and url.startswith("/") and not url.startswith(("//", "/\\")) else ""


def _ways_of(notices: list[Notice], viewer: Actor) -> dict[str, tuple[Way, ...]]:
    sent = Message.objects.filter(recipient=viewer.key, key__in=[notice.key for notice in notices]).order_by("pk")
    ways: dict[str, tuple[Way, ...]] = defaultdict(tuple)
    for message in sent.only("key", "channel", "state", "sent_at", "delivered_at"):
        at = message.delivered_at or message.sent_at
        channel, state = message.get_channel_display(), message.get_state_display()
        ways[message.key] += (Way(channel, state, at),)
    return ways


def preferences_of(person: Person) -> dict[str, str]:
    """How somebody is told about each topic: their choice, or what stands without one."""
    chosen = dict(Preference.objects.filter(person=person).values_list("topic", "way"))
    return {topic: chosen.get(topic, gate.default_way(person)) for topic in gate.TOPICS}


# who hears of a matter


def matters_with_news(most: int = 50) -> list[Matter]:
    """Matters on which something was recorded since their followers were told last."""
    heard = Heard.objects.filter(matter=OuterRef("subject_key"), position__gte=OuterRef("length"))
    grown = Chain.objects.filter(~Exists(heard), subject_kind=Matter._meta.label_lower).order_by("pk")
    keys = list(grown.values_list("subject_key", flat=True)[:most])
    return list(Matter.objects.filter(pk__in=keys).select_related("place").order_by("pk"))


def delivery_of(*, viewer: Actor, pk: int) -> tuple[Matter, list[tuple[int, str]], list[tuple[str, str, int]]]:
    """For staff: a matter, how many notices about it were put and read, and how far the messages are by channel.

    Http404 for everybody else, as for a matter that is not there.
    """
    matter = matter_for(viewer=viewer, pk=pk)
    if not policy.may_see_delivery(viewer, matter):
        raise Http404
    told = Notice.objects.filter(matter=matter)
    counts = told.aggregate(
        told=Count("pk"), people=Count("recipient", distinct=True), read=Count("pk", filter=Q(read_at__isnull=False))
    )
    sent = Message.objects.filter(key__in=told.values("key")).order_by().values("channel", "state")
    rows = sent.annotate(count=Count("pk")).order_by("channel", "state")
    by_channel = [
        (str(Message.Channel(row["channel"]).label), str(Message.State(row["state"]).label), row["count"])
        for row in rows
    ]
    return (
        matter,
        [
            (counts["people"], _("people told")),
            (counts["told"], _("notices told")),
            (counts["read"], _("already read")),
        ],
        by_channel,
    )


# posted notices


def sheets_seen(*, viewer: Actor) -> QuerySet[PrintedNotice]:
    """Every sheet the viewer may see, newest first."""
    seen = PrintedNotice.objects.filter(policy.visible(viewer)).select_related("place", "body")
    return seen.order_by("-made_at", "-pk")


def sheets_in(
    *, viewer: Actor, place: Place | None = None, matter: Matter | None = None, state: str = ""
) -> QuerySet[PrintedNotice]:
    """Sheets for `place` or inside it, or about `matter`, with in how many places they hang.

    state: hanging, down, void, or empty for all.
    """
    hangs = Posting.objects.filter(notice=OuterRef("pk"), removed_at=None)
    seen = sheets_seen(viewer=viewer)
    if place is not None:
        seen = seen.filter(place__path__startswith=place.path)
    if matter is not None:
        seen = seen.filter(matter=matter)
    if state == "hanging":
        seen = seen.filter(Exists(hangs), voided_at=None)
    elif state == "down":
        seen = seen.filter(~Exists(hangs), voided_at=None)
    elif state == "void":
        seen = seen.filter(voided_at__isnull=False)
    return seen.annotate(hangs=Count("postings", filter=Q(postings__removed_at=None)))


def sheet_for(*, viewer: Actor, pk: int) -> PrintedNotice:
    """The sheet, or Http404, whether it is hidden or absent."""
    sheet = sheets_seen(viewer=viewer).select_related("place", "body", "street", "matter__place").filter(pk=pk).first()
    if sheet is None:
        raise Http404
    return sheet


def postings_of(sheet: PrintedNotice) -> QuerySet[Posting]:
    """Where the sheet hangs and hung, the newest first."""
    return sheet.postings.select_related("place").order_by("-posted_at", "-pk")


def posting_for(*, viewer: Actor, pk: int, posting: int) -> Posting:
    """One posting of a sheet, or Http404."""
    sheet = sheet_for(viewer=viewer, pk=pk)
    found = sheet.postings.select_related("place", "photo").filter(pk=posting).first()
    if found is None:
        raise Http404
    found.notice = sheet
    return found


def photo_for(*, viewer: Actor, pk: int, posting: int) -> Any:
    """The upload that shows a sheet hanging, or Http404 for whoever may not see it and where there is none."""
    found = posting_for(viewer=viewer, pk=pk, posting=posting)
    if found.photo is None or not policy.may_see_photo(viewer, found.notice):
        raise Http404
    return found.photo


def places_to_hang(sheet: PrintedNotice) -> list[tuple[int, str]]:
    """Places inside the sheet's own, where it does not hang yet, with the way to them.

    At most PLACES_MOST; where there are more, as in a whole street, without its buildings and stairwells.
    """
    inside = Place.objects.filter(path__startswith=sheet.place.path, until=None).exclude(kind=Kind.HOME)
    found = inside.order_by("path").values_list("pk", "path", "name", "name_en")
    rows = list(found[: PLACES_MOST + 1])
    if len(rows) > PLACES_MOST:
        rows = list(found.exclude(kind__in=(Kind.BUILDING, Kind.STAIRWELL))[:PLACES_MOST])
    english = _reads_english()
    names = {pk: (name_en if english and name_en else name) for pk, _path, name, name_en in rows}
    hanging = set(sheet.postings.filter(removed_at=None).values_list("place_id", flat=True))
    top = sheet.place.path.count("/") - 1
    choices = []
    for pk, path, _name, _name_en in rows:
        way = [names[int(key)] for key in path.strip("/").split("/")[top:] if int(key) in names]
        if pk not in hanging:
            choices.append((pk, " › ".join(way) or names[pk]))
    return choices


def _reads_english() -> bool:
    return get_language() == "en"


# notices on paper


@dataclass(frozen=True)
class Slip:
    """One notice on paper, for one person at one door."""

    pk: int
    name: str
    door: str
    text: str
    state: str
    is_printed: bool
    made_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None


def slips_in(*, viewer: Actor, state: str) -> QuerySet[Message]:
    """Messages that the viewer carries. state: "open" for what is not handed over yet, oldest first; else "done"."""
    theirs = Message.objects.filter(policy.carried_by(viewer))
    if state == "done":
        return theirs.filter(state=Message.State.DELIVERED).order_by("-delivered_at", "-pk")
    door = _doors().filter(person=OuterRef("recipient")).order_by("pk")
    waiting = theirs.filter(state__in=(Message.State.WAITING, Message.State.SENT))
    return waiting.annotate(walk=Subquery(door.values("place__path")[:1])).order_by("walk", "recipient", "pk")


def _doors() -> QuerySet[Tie]:
    """Ties that say where somebody is found."""
    return Tie.objects.filter(holding(timezone.localdate(clock.now())))


def slips_of(messages: list[Message]) -> list[Slip]:
    """What is carried to whom and where they are found. Three queries for all of them."""
    people = Person.objects.in_bulk([message.recipient for message in messages if message.recipient])
    ties = {
        tie.person_id: tie.place for tie in _doors().filter(person__in=people).select_related("place").order_by("-pk")
    }
    keys = {key for place in ties.values() for key in place.ancestor_keys[2:]}
    english = _reads_english()
    names = {
        pk: (name_en if english and name_en else name)
        for pk, name, name_en in Place.objects.filter(pk__in=keys).values_list("pk", "name", "name_en")
    }
    return [
        Slip(
            message.pk,
            people[message.recipient].name or str(people[message.recipient]),
            " ".join(names[key] for key in ties[message.recipient].ancestor_keys if key in names)
            if message.recipient in ties
            else "",
            message.text,
            str(message.get_state_display()),
            message.state == Message.State.SENT,
            message.made_at,
            message.sent_at,
            message.delivered_at,
        )
        for message in messages
        if message.recipient in people
    ]


# what other rooms' pages show


def matter_panel(viewer: Actor, matter: Matter) -> dict[str, Any] | None:
    """Following, and the sheets of a matter that the viewer sees; one query for both."""
    following = Following.objects.filter(matter=OuterRef("pk"), person=viewer.key, ended_at=None)
    found = Matter.objects.filter(pk=matter.pk).annotate(
        followed=Exists(following) if viewer.key else Value(False, output_field=BooleanField()),
        sheets=Count("printed_notices", filter=Q(printed_notices__voided_at=None)),
    )
    one = found.values("followed", "sheets").get()
    return {
        "matter": matter,
        "followed": one["followed"],
        "sheets": one["sheets"],
        "may_print": matter.visibility == Matter.Visibility.PUBLIC and policy.may_print(viewer, matter.place),
        "may_see_delivery": viewer.serves(matter.place),
    }


def place_panel(viewer: Actor, place: Place) -> dict[str, Any] | None:
    """What hangs at a place and inside it, the newest first."""
    rows = list(sheets_in(viewer=viewer, place=place).filter(voided_at=None)[:PANEL_MOST])
    may_print = policy.may_print(viewer, place)
    if not rows and not may_print:
        return None
    return {"sheets": rows, "place": place, "may_print": may_print}


def counter_panel(viewer: Actor, _body: Body) -> dict[str, Any] | None:
    """What a clerk still has to print and carry."""
    return {"to_carry": slips_in(viewer=viewer, state="open").count()} if policy.may_carry(viewer) else None


def matters_to_choose(*, viewer: Actor, place: Place, most: int = 50) -> list[Matter]:
    """Public open matters at a place or around it, for the sheet that is about one of them."""
    there = Q(place__path__startswith=place.path) | Q(place__in=place.ancestor_keys)
    found = matters_seen(viewer=viewer).filter(there, visibility=Matter.Visibility.PUBLIC, closed_at=None)
    return list(found[:most])
