"""Telling people, inside the action that has something to tell."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection

from hemei.matters.models import Matter
from hemei.notices import gate
from hemei.notices.models import Notice, Preference
from hemei.outbox.models import Message
from hemei.people.models import Person

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

    for people in _in_parts({person.pk: person for person in to}.values()):
        people = [person for person in people if person.closed_at is None and person.merged_into_id is None]
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
