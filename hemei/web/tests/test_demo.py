"""The demo story: loaded once, whole, through the actions; true to its sources, its people invented and so named."""

import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from conftest import NOW, signed_in
from hemei.base import clock
from hemei.base.errors import Refused
from hemei.consultations.models import Consultation, OpinionMap, Participant, Statement
from hemei.ledger.models import Entry
from hemei.ledger.verification import verify
from hemei.matters.models import Matter
from hemei.people.actor import Actor
from hemei.people.models import Body, Person, Seat
from hemei.places.models import Change, Kind, Place
from hemei.promises.models import Promise
from hemei.promises.queries import state_of
from hemei.web.demo.load import ATTRIBUTION, LICENCE, load

# One loading serves all tests of this file: it takes seconds.
pytestmark = pytest.mark.django_db


class Quiet:
    def at(self, done: int, total: int, doing: object = "") -> None:
        """Nobody listens."""


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The story, loaded and taken back after the last test."""
    from django.db import connection, transaction

    said: list[str] = []
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer._from_testcase = True  # so that an action may stand inside it, as in every test
        outer.__enter__()
        try:
            with clock.set_to(NOW):
                load(said.append)
            yield said
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            connection.close()


@pytest.fixture(autouse=True)
def _now(told: list[str]) -> Iterator[None]:
    with clock.set_to(NOW):
        yield


def test_everything_the_ledger_vouches_for_holds() -> None:
    assert verify(Quiet()).faults == []


def test_a_second_loading_is_refused_and_changes_nothing() -> None:
    entries = Entry.objects.count()
    with pytest.raises(Refused, match="empty database"):
        load(lambda _text: None)
    assert Entry.objects.count() == entries


def test_the_street_is_as_the_article_has_it() -> None:
    block = Place.objects.get(name="华富街区")
    lanes = set(Change.objects.get().before.values_list("name", flat=True))
    assert lanes == {"龙吴路9弄", "龙吴路11弄", "龙吴路13弄", "龙华西路309弄"}
    assert (block.since.isoformat(), Change.objects.get().on.isoformat()) == ("2019-01-01", "2019-01-01")
    garden = Place.objects.get(name="金牛花苑")
    assert Place.objects.filter(parent=garden, kind=Kind.STAIRWELL).count() == 40


def told_lines() -> list[dict]:
    entries = Entry.objects.filter(verb="matters.told").select_related("chain").order_by("pk")
    history = set(Matter.objects.filter(is_demo=False).values_list("pk", flat=True))
    return [{"at": e.at, **json.loads(e.public)} for e in entries if e.chain.subject_key in history]


@pytest.mark.parametrize(
    ("day", "figure"),
    [
        ("2021-03-30", "16 / 40"),
        ("2021-05-25", "20 / 40"),
        ("2022-02-16", "18 / 40"),
        ("2022-07-28", "40 / 40"),
        ("2021-07-30", "240 米"),
        ("2022-08-11", "500 多米"),
        ("2022-08-11", "市政协委员 4 名、区政协委员 26 名"),
        ("2021-07-29", "微视察"),
        ("2022-08-11", "和美家园"),
    ],
)
def test_its_figures_stand_at_their_dates_with_a_source(day: str, figure: str) -> None:
    [*lines] = [one for one in told_lines() if figure in one["text"]]
    assert lines
    assert any(one["at"].isoformat().startswith(day) for one in lines)
    assert all(one["source"] for one in lines)


def test_history_is_closed_and_every_line_of_it_names_its_source() -> None:
    history = Matter.objects.filter(is_demo=False, consultation=None)
    assert history.count() == 4
    assert not history.filter(closed_at=None).exists()
    assert not history.filter(source="").exists()
    assert all(one["source"] and one["text_en"] for one in told_lines())


def test_today_is_marked_as_demo() -> None:
    running = Matter.objects.filter(closed_at=None).exclude(consultation__is_imported=True)
    assert running.exists()
    assert not running.filter(is_demo=False).exists()
    assert not Promise.objects.filter(source="", is_demo=False).exists()


def test_nobody_in_it_could_be_taken_for_a_real_person() -> None:
    named = Person.objects.exclude(name="", nickname="")
    assert named.count() > 60
    assert not named.exclude(name__startswith="演示·").exists()
    assert not named.exclude(nickname="").exclude(nickname__startswith="演示·").exists()
    assert not Person.objects.filter(is_demo=False).exists()
    phones = Person.objects.exclude(phone=None).values_list("phone", flat=True)
    assert all(re.fullmatch(r"\+8613800000\d{3}", phone) for phone in phones)
    assert all(re.fullmatch(r"021-0000 0\d{3}|", phone) for phone in Body.objects.values_list("phone", flat=True))


def test_the_station_has_thirty_members_in_their_fields() -> None:
    members = Seat.objects.filter(body__kind=Body.Kind.STATION, office="member")
    assert (members.filter(level="municipal").count(), members.filter(level="district").count()) == (4, 26)
    assert not members.filter(field="").exists()


def test_the_walls_are_open_with_statements_and_voters_enough() -> None:
    walls = Consultation.objects.get(question__startswith="主弄堂通了")
    assert walls.state_at(NOW) == "open"
    assert Statement.objects.filter(consultation=walls, state="accepted").count() >= 24
    assert Participant.objects.filter(consultation=walls).count() >= 60
    assert walls.tells_results(NOW)


def test_consultations_stand_in_every_state_and_the_maps_are_there() -> None:
    ours = Consultation.objects.filter(is_imported=False)
    assert sorted(one.state_at(NOW) for one in ours) == ["ahead", "closed", "open"]
    mapped = set(OpinionMap.objects.values_list("consultation", flat=True))
    assert mapped == set(Consultation.objects.filter(votes__gt=0).values_list("pk", flat=True))
    assert all(len(one.result["groups"]) >= 2 for one in OpinionMap.objects.all())


def test_the_example_from_elsewhere_names_its_licence() -> None:
    example = Consultation.objects.get(is_imported=True)
    assert (example.licence, example.source) == (LICENCE, ATTRIBUTION)
    assert (example.participants, example.votes) == (1921, 49443)


def test_promises_are_open_late_kept_moved_and_disputed() -> None:
    today = Promise.objects.filter(is_demo=True)
    assert {state_of(one, NOW) for one in today} >= {"open", "soon", "late", "kept", "disputed"}
    assert today.filter(extensions__isnull=False).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_its_first_page_shows_it(language: str) -> None:
    page = signed_in(Actor(), language).get("/").content.decode()
    for words in {
        "zh-hans": ("剩下的围墙，拆不拆？", "答复：3 号楼前路灯不亮", "商务楼车位给居民停"),
        "en": (
            "The walls still standing",
            "Answer: the lamps in front of building 3",
            "residents park at the office building",
        ),
    }[language]:
        assert words in page


def test_every_matter_promise_and_consultation_opens() -> None:
    client = Client()
    for room, model in (("matters", Matter), ("promises", Promise), ("consultations", Consultation)):
        for pk in model.objects.values_list("pk", flat=True):
            assert client.get(f"/{room}/{pk}").status_code == 200, (room, pk)
