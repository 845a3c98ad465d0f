"""Before the stated moment no page, order, file or figure depends on what was answered, only on that it was.

Two consultations get the same statements and the same number of answers from the same people, once all for and once
all against: whatever anybody may read of them must be the same, to the letter.
"""

import re
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from conftest import NOW, put_person, put_tie
from hemei.base import clock
from hemei.base.text import likeness
from hemei.consultations import actions, maps, pages, queries, rounds
from hemei.consultations.models import Consultation, Statement
from hemei.matters.models import Matter
from hemei.people.actor import Actor, own
from hemei.people.models import Person
from hemei.places.models import Place
from tests.access.walking import CAST, signed_in

SAID = 6
READ = ("consultation", "statements", "arguments", "log", "map", "mine", "sheet", "organise", "queue", "export_polis")


def put_voters(home: Place, number: int) -> list[Actor]:
    """Twenty who live here, whose answers are enough for a map with groups."""
    voters = []
    for one in range(number):
        person = put_person(f"演示·{one}", f"+86138111{one:05d}")
        put_tie(person, home)
        voters.append(own(person))
    return voters


def put_talk(place: Place, voters: list[Actor], answers: dict[int, int]) -> Consultation:
    """answers: by statement; the first half of the voters say it, the others the same."""
    matter = Matter.objects.create(street_id=place.street_key, place=place, title="围墙拆不拆", opened_at=NOW)
    talk = Consultation.objects.create(
        matter=matter,
        question="围墙拆不拆？",
        opens_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=1),
        ready_at=NOW - timedelta(days=1),
        who_votes="guest",
        who_speaks="guest",
        made_at=NOW,
        seed=7,
        statements=SAID,
    )
    for number in range(1, SAID + 1):
        text = f"第 {number} 条"
        Statement.objects.create(
            consultation=talk, number=number, text=text, likeness=likeness(text), state="accepted", made_at=NOW
        )
    for voter in voters:
        for one in Statement.objects.filter(consultation=talk).order_by("number"):
            actions.cast_vote(
                actor=voter,
                statement=queries.statement_for(viewer=voter, pk=talk.pk, number=one.number),
                answer=answers[one.number],
                form_key=UUID(int=voter.key * 1000 + one.pk * 7),
                at=NOW,
            )
    maps.compute(consultation=talk, at=NOW)
    return Consultation.objects.get(pk=talk.pk)


@pytest.fixture
def two(home: Place, estate: Place, now: Any) -> tuple[Consultation, Consultation]:
    voters = put_voters(home, 20)
    mixed = {number: 1 if number % 2 else -1 for number in range(1, SAID + 1)}
    turned = {number: -answer for number, answer in mixed.items()}
    return put_talk(estate, voters, mixed), put_talk(estate, voters, turned)


def bare(text: str, talk: Consultation) -> str:
    """The page without its keys, hashes and squares, and without the keys of this consultation and its matter."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|<path [^>]+>', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(r"\b[0-9a-f]{4}( [0-9a-f]{4})+\b|\b[0-9a-f]{16,64}\b", "HASH", text)
    text = re.sub(rf"(/notices/(follow|delivery)/|\?matter=){talk.matter_id}\b|\b{talk.pk}-1-", "/MATTER", text)
    return re.sub(rf"/(consultations|matters)/({talk.pk}|{talk.matter_id})\b", "/TALK", text)


@pytest.mark.parametrize("role", CAST)
def test_nobody_reads_anything_that_depends_on_the_answers(role: str, request: Any, two: Any) -> None:
    client, differing = signed_in(request.getfixturevalue(role)), []
    paths = [(f"consultations:{name}", "") for name in READ] + [("consultations:statements", "?order=answered")]
    for name, asked in paths:
        told = []
        for talk in two:
            answer = client.get(reverse(name, args=[talk.pk]) + asked)
            text = bare(answer.content.decode(), talk)
            if name == "consultations:consultation":
                text = re.sub(r"第 \d 条|/TALK/statements/\d|value=\"\d\"", "", text)  # the card that was drawn
            told.append((answer.status_code, text, answer.headers.get("ETag"), len(text)))
        if told[0] != told[1]:
            differing.append(f"{name}{asked}")
    for number in range(1, SAID + 1):
        told = [
            bare(client.get(reverse("consultations:statement", args=[talk.pk, number])).content.decode(), talk)
            for talk in two
        ]
        if told[0] != told[1]:
            differing.append(f"statement {number}")
    told = [bare(client.get(reverse("matters:matter", args=[talk.matter_id])).content.decode(), talk) for talk in two]
    if told[0] != told[1]:
        differing.append("the matter's timeline")
    assert differing == []


def test_the_cards_that_visitors_draw_tell_nothing(two: tuple[Consultation, Consultation], guest: Actor) -> None:
    """Whoever asks for the page a thousand times draws each statement as often, whatever was answered."""
    for viewer in (Actor(), guest):
        drawn = [Counter[int](), Counter[int]()]
        for place, talk in enumerate(two):
            said = pages.shared_of(talk, at=NOW).said
            assert len({one.newness for one in said}) == 1
            assert len({one.priority for one in said}) > 1, "else this would prove nothing"
            for _ in range(400):
                card = pages.page_of(talk, viewer=viewer, at=NOW).card
                assert card is not None
                drawn[place][card.number] += 1
        if viewer.is_visitor:
            assert all(30 < count < 110 for counts in drawn for count in counts.values())


def test_the_ledgers_public_parts_hold_no_answer(two: tuple[Consultation, Consultation]) -> None:
    with clock.set_to(NOW + timedelta(days=2)):
        rounds.round(NOW + timedelta(days=2))
    from hemei.ledger.queries import entries_of

    for talk in two:
        for entry in entries_of(talk.matter):
            assert not re.search(r'"(answer|agrees|disagrees|passes)"', entry.public), entry.public
    first, second = (
        [(entry.verb, re.sub(r"\d{4,}", "N", entry.public)) for entry in entries_of(talk.matter)] for talk in two
    )
    assert first == second


def test_nobody_takes_the_answers_away_before_the_moment(
    two: tuple[Consultation, Consultation], clerk: Actor, steward: Actor, administrator: Actor
) -> None:
    for actor in (clerk, steward, administrator):
        answer = signed_in(actor).post(
            reverse("consultations:export_polis", args=[two[0].pk]), {"form_key": str(UUID(int=5))}
        )
        assert answer.status_code in (403, 422), actor.seat


def test_ones_own_data_hold_ones_own_answers_alone(two: tuple[Consultation, Consultation]) -> None:
    from hemei.people import own_data

    voter = Person.objects.get(name="演示·3")
    kept = own_data.of(voter, at=NOW)
    assert len(kept["consultations.vote"]["rows"]) == 2 * SAID
    assert "consultations.statement" not in kept or not kept["consultations.statement"]["rows"]
    for rows in (group["rows"] for name, group in kept.items() if isinstance(group, dict) and "rows" in group):
        assert not any({"agrees", "disagrees", "passes"} & set(row) for row in rows)
