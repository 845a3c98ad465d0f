"""Reading the inbox, choosing how to be told, following a matter; and telling the followers what happened."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from html import unescape

from django.conf import settings
from django.db import transaction
from django.template.loader import select_template
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.ledger.models import Chain, Entry
from hemei.ledger.queries import Line, entries_of
from hemei.matters import policy as matters
from hemei.matters.models import Matter
from hemei.matters.queries import Said
from hemei.notices import gate, steps
from hemei.notices.models import Following, Heard, Notice, Preference
from hemei.people.actor import Actor

FOLLOWED_AN_HOUR = 120  # our choice, for one person
NEWS_FOR = timedelta(days=3)  # what is older when the clock comes round is history, and nobody is told of it any more
NEWS_AT_ONCE = 20  # entries of one matter told in one round, the newest
NEWS_MAX = 200  # characters of a line in a message


@transaction.atomic(durable=True)
def mark_read(*, actor: Actor, at: datetime, notices: Collection[int] | None = None, up_to: int | None = None) -> int:
    """These notices of the actor's own inbox are read; or, without `notices`, all up to key `up_to`.

    What arrived after the page was shown stays unread. Returns how many were unread. A second time changes nothing.
    """
    if actor.key is None or actor.assistance is not None:
        raise NotAllowed(who_may_read())
    unread = Notice.objects.filter(recipient=actor.key, read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=list(notices)[:200])
    elif up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=at)


@transaction.atomic(durable=True)
def set_preferences(*, actor: Actor, ways: Mapping[str, str], at: datetime) -> None:
    """How the person acted for wants to be told about each topic, {topic: way}. The same again changes nothing.

    Raises NotAllowed for a guest; Refused for a way by phone where there is no phone number.
    """
    if actor.principal is None or actor.is_guest:
        raise NotAllowed(_("Sign in first: a guest is told on the website only."))
    person = type(actor.principal).objects.select_for_update().get(pk=actor.principal.pk)
    before = dict(Preference.objects.filter(person=person).values_list("topic", "way"))
    changed = {topic: way for topic, way in ways.items() if before.get(topic) != way}
    for topic, way in changed.items():
        assert topic in gate.TOPICS and way in Preference.Way.values  # noqa: PT018 - the form offers nothing else
        if way in (Preference.Way.URGENT, Preference.Way.PHONE) and not person.phone:
            told = _("There is no phone number to send a message to. Choose the website or paper.")
            raise Refused(told, field=topic)
    if not changed:
        return
    for topic, way in changed.items():
        Preference.objects.update_or_create(person=person, topic=topic, defaults={"way": way})
    words = {"ways": changed}
    ledger.record(subject=person, actor=actor, verb="notices.preferences_set", at=at, private=words, quiet=True)


@transaction.atomic(durable=True)
def follow_matter(*, actor: Actor, matter: Matter, wanted: bool, at: datetime) -> Following:
    """The person acted for hears of this matter from now on, or no more. The same again changes nothing.

    Raises NotAllowed for a visitor, and for a matter that is hidden from the actor; TooMany.
    """
    if actor.principal is None or (wanted and not matters.may_see(actor, matter)):
        raise NotAllowed(_("Only what you may see can be followed."))
    chain = ledger.lock_chain(actor.principal)  # two tabs take turns
    following = Following.objects.filter(person=actor.principal, matter=matter).first()
    if following is not None and wanted == (following.ended_at is None):
        return following
    take(key=f"follow:{actor.key}", most=FOLLOWED_AN_HOUR, seconds=3600, at=at)
    if following is None:
        following = Following(person=actor.principal, matter=matter)
        following.since, following.ended_at = at, None if wanted else at
    elif wanted:
        following.since, following.ended_at = at, None
    else:
        following.ended_at = at
    following.save()
    ledger.record(
        subject=actor.principal,
        actor=actor,
        verb="notices.followed" if wanted else "notices.unfollowed",
        at=at,
        private={"matter": matter.pk},
        quiet=True,
        chain=chain,
    )
    return following


@transaction.atomic(durable=True)
def tell_news(*, matter: Matter, at: datetime) -> int:
    """Tell those who want to hear of it what was recorded on `matter` since they were told last.

    Who did it is not told, nor who was told of it by the act itself. Returns how many entries were told.
    """
    Heard.objects.bulk_create([Heard(matter=matter)], ignore_conflicts=True)
    heard = Heard.objects.select_for_update().get(matter=matter)
    length = Chain.objects.get(subject_kind=matter._meta.label_lower, subject_key=matter.pk).length
    if length <= heard.position:
        return 0
    fresh = entries_of(matter).filter(position__gt=heard.position, position__lte=length, quiet=False)
    entries = list(
        fresh.filter(at__gt=at - NEWS_FOR).select_related("personal_part").order_by("-position")[:NEWS_AT_ONCE]
    )
    people = steps.audience(matter) if entries else []
    for entry in reversed(entries):
        told = set(Notice.objects.filter(matter=matter, made_at=entry.at).values_list("recipient", flat=True))
        doer = _doer(entry)
        to = [person for person in people if person.pk not in told and person.pk != doer]
        if to:
            steps.put(
                kind="matters.news", key=f"matters.news:{entry.pk}", to=to, at=at, matter=matter, words=_said(entry)
            )
    heard.position = length
    heard.save(update_fields=["position"])
    return len(entries)


def _doer(entry: Entry) -> int | None:
    part = getattr(entry, "personal_part", None)
    return json.loads(part.words).get("by", {}).get("person") if part else None


def _said(entry: Entry) -> dict[str, str]:
    """The entry's line as it stands on the timeline, as plain words in both languages."""
    said = Said(json.loads(entry.public))
    line = Line(entry.position, entry.verb, entry.at, entry.step, said, entry.hash, entry.row)
    template, words = select_template([line.template, "matters/ledger/other.html"]), {}
    for language, name in ((settings.LANGUAGE_CODE, "said"), ("en", "said_en")):
        with translation.override(language):
            text = " ".join(unescape(strip_tags(template.render({"line": line}))).split())
        words[name] = Truncator(text).chars(NEWS_MAX)
    return words


def who_may_read() -> str:
    """For a refusal."""
    return _("Everybody reads their own notices. What is carried on paper stands on the printed list.")
