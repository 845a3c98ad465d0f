"""Telling people, inside the action that has something to tell."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model, Q

from hemei.matters import policy as matters
from hemei.matters.models import Matter
from hemei.notices import gate
from hemei.notices.models import Following, Notice, Preference
from hemei.outbox.models import Message
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance, Person, Tie
from hemei.roll.models import Match, Roll

AT_ONCE = 500  # recipients in one statement


def put(
    *,
    kind: str,
    key: str,
    to: Iterable[Person],
    at: datetime,
    matter: Matter | None = None,
    words: dict[str, Any] | None = None,
    urgent: bool = False,
) -> None:
    """Tell everybody in `to`: one inbox item each, and a text by the way each of them chose.

    kind: "<room>.<verb>"; its words stand in `templates/<room>/notices/<verb>.txt`, which may use `matter` and
    what is in `words` (JSON values, and times under names ending in `_at`). key: for what this tells; the same key
    again tells nobody twice. urgent: by text message to those who have not chosen otherwise. The caller has
    checked that each of `to` may know it. Nobody to tell is fine.
    """
    assert connection.in_atomic_block, "people are told inside the action that has something to tell"
    said, texts = gate.storable(words or {}), dict[str, str]()

    def text_in(language: str) -> str:
        if language not in texts:
            texts[language] = gate.told(kind, matter=matter, words=said, language=language)
        return texts[language]

    here = {person.pk: person for person in to if person.closed_at is None and person.merged_into_id is None}
    for people in _in_parts(here.values()):
        Notice.objects.bulk_create(
            [Notice(recipient=one, kind=kind, key=key, matter=matter, words=said, made_at=at) for one in people],
            ignore_conflicts=True,
        )
        ways = _ways(people, topic=kind.partition(".")[0])
        texted = [(one, gate.channel_for(one, ways.get(one.pk), urgent=urgent)) for one in people]
        Message.objects.bulk_create(
            [
                Message(
                    recipient=one.pk,
                    channel=channel,
                    address=one.phone or "" if channel == gate.PHONE else "",
                    kind=kind,
                    key=key,
                    text=text_in(one.language or settings.LANGUAGE_CODE),
                    language=one.language or settings.LANGUAGE_CODE,
                    due_at=gate.due(at) if channel == gate.PHONE else at,
                    made_at=at,
                )
                for one, channel in texted
                if channel
            ],
            ignore_conflicts=True,
        )


def _in_parts(people: Iterable[Person]) -> Iterator[list[Person]]:
    rest = iter(people)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def _ways(people: list[Person], *, topic: str) -> dict[int, str]:
    return dict(Preference.objects.filter(person__in=people, topic=topic).values_list("person", "way"))


def follow(*, matter: Matter, person: Person, at: datetime) -> None:
    """Who takes part in a matter hears what happens to it, unless they said before that they do not want to."""
    Following.objects.bulk_create([Following(person=person, matter=matter, since=at)], ignore_conflicts=True)


def audience(matter: Matter) -> list[Person]:
    """Who wants to hear of a matter and may see it: its followers, its author and the persons with a part in it."""
    ended = Following.objects.filter(matter=matter, ended_at__isnull=False)
    wanted = Q(pk__in=Following.objects.filter(matter=matter, ended_at=None).values("person"))
    wanted |= Q(pk__in=matter.parties.exclude(person=None).values("person")) | Q(pk=matter.author_id)
    people = Person.objects.filter(wanted, closed_at=None, merged_into=None).exclude(pk__in=ended.values("person"))
    found = list(people.order_by("pk"))
    if matter.visibility == Matter.Visibility.PUBLIC:
        return found
    return [person for person in found if _may_see(person, matter)]


def _may_see(person: Person, matter: Matter) -> bool:
    """Whether the person may see the matter, as themselves or from one of their seats."""
    themselves = own(person)
    ways = [themselves, *(replace(themselves, seat=seat, strong=True) for seat in themselves.seats)]
    return any(matters.may_see(way, matter) for way in ways)


def tell_of_tie(*, subject: Model, actor: Actor, at: datetime, row: Tie) -> None:
    """Somebody hears that their tie to a place was confirmed, or that it was refused or ended and why.

    Who did it themselves is not told. subject: the chain it was recorded in.
    """
    if actor.person is not None and actor.person.pk == row.person_id:
        return
    confirmed = row.grade == Tie.Grade.CONFIRMED and row.ended_at is None
    kind = "people.tie_confirmed" if confirmed else "people.tie_refused"
    put(
        kind=kind,
        key=f"{kind}:{row.pk}:{at.isoformat()}",
        to=[row.person],
        at=at,
        words={
            "place": row.place.name,
            "place_en": row.place.name_en,
            "role": row.role,
            "reason": row.ended_why,
            "url": "/people/ties",
        },
    )


def tell_of_sitting(*, subject: Model, actor: Actor, at: datetime, row: Assistance) -> None:
    """Somebody hears that they are acted for at a counter; later, what came of what they contested of it."""
    body = row.seat.body if row.seat else None
    kind = "people.contest_answered" if row.answered_at else "people.acted_for"
    put(
        kind=kind,
        key=f"{kind}:{row.pk}",
        to=[row.principal],
        at=at,
        words={
            "body": body.name if body else "",
            "body_en": body.name_en if body else "",
            "answer": row.answer,
            "url": "/people/helped",
        },
    )


def tell_of_match(*, subject: Roll, actor: Actor, at: datetime, row: Match) -> None:
    """Whoever is matched with an owner of the roll by somebody else's hand hears it, and why it ended; whoever was
    matched with the same owner before hears that there is one more."""
    place = subject.place
    words = {"place": place.name, "place_en": place.name_en, "reason": row.ended_why, "url": "/roll/matches"}
    by_another = row.ended_why not in Match.Ended.values and (actor.person is None or actor.person.pk != row.person_id)
    verb = "matched" if row.ended_at is None else "match_ended"
    if by_another:
        put(kind=f"roll.{verb}", key=f"roll.{verb}:{row.pk}", to=[row.person], at=at, words=words, urgent=True)
    if row.ended_at is None:
        others = Match.objects.filter(owner=row.owner_id, ended_at=None).exclude(person=row.person_id)
        people = [match.person for match in others.select_related("person").order_by("pk")]
        put(kind="roll.matched_too", key=f"roll.matched_too:{row.pk}", to=people, at=at, words=words, urgent=True)
