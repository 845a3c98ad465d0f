"""The board of an estate: a stage and, from the signing on, how many homes have signed; nothing of wishes and votes."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from conftest import LANGUAGES, NOW, put_place, signed_in
from hemei.decisions import board
from hemei.decisions.models import Drive, Milestone
from hemei.decisions.models.drive import Stage
from hemei.decisions.tests.cast import Cast, put_decision, put_drive, put_votes
from hemei.people.actor import Actor
from hemei.places.models import Kind, Place

STAGES = [stage for stage in Stage if stage != Stage.STOPPED]


@pytest.fixture(autouse=True)
def _nothing_kept_of_boards() -> None:
    board.forget()


def put_stairwells(estate: Place, count: int) -> list[Place]:
    return [
        put_place(Kind.STAIRWELL, f"{n}号", f"{n}", estate, name_en=f"Stairwell {n}", order=n)
        for n in range(1, count + 1)
    ]


def put_forty(cast: Cast, other: Place, count: int = 40) -> list[Drive]:
    """Stairwells of `other` at every stage; from the signing on some homes have signed, from the notice on all."""
    drives = []
    for n, place in enumerate(put_stairwells(other, count)):
        stage = STAGES[n % len(STAGES)]
        signed = 12 if STAGES.index(stage) > STAGES.index(Stage.CONTRACT) else 7 if stage == Stage.CONTRACT else 0
        drives.append(
            put_drive(
                cast, place=place, stage=stage, contracted=signed,
                contracted_on=date(2026, 7, 1) + timedelta(days=n) if signed == 12 else None,
            )
        )  # fmt: skip
    Drive.objects.update(estate=other)
    return drives


@pytest.fixture
def forty(cast: Cast, other_estate: Place) -> list[Drive]:
    return put_forty(cast, other_estate)


@pytest.mark.parametrize("language", LANGUAGES)
def test_forty_stairwells_cost_few_questions_and_little_to_send(
    forty: list[Drive], cast: Cast, other_estate: Place, language: str, django_assert_max_num_queries: Any
) -> None:
    address = reverse("decisions:board", args=[other_estate.pk])
    for who in (Actor(), cast.clerk, cast.volunteer):
        client = signed_in(who, language)
        with django_assert_max_num_queries(10):
            page = client.get(address)
        assert page.status_code == 200
        assert len(page.content) < 60_000


def test_ten_times_the_stairwells_ask_no_further_question(cast: Cast, other_estate: Place, estate: Place) -> None:
    def questions(place: Place) -> int:
        board.forget()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            signed_in(Actor()).get(reverse("decisions:board", args=[place.pk]))
        return len(asked)

    put_forty(cast, other_estate, 20)
    few = questions(other_estate)
    for place in put_stairwells(estate, 200):
        put_drive(cast, place=place, stage=Stage.WISHES)
    assert questions(estate) <= few + 1  # homes of a stairwell where nothing began are counted, once


def test_figures_come_with_their_whole_and_percentages_are_cut(forty: list[Drive], other_estate: Place) -> None:
    page = signed_in(Actor(), "en").get(reverse("decisions:board", args=[other_estate.pk])).content.decode()
    signed = sum(drive.contracted == 12 for drive in forty)
    part = sum(drive.contracted for drive in forty)
    assert f"<dd>{signed} / 40</dd>" in page
    assert f"<dd>{part} / 480</dd>" in page
    assert f"homes have signed, {part * 1000 // 480 / 10} %" in page
    assert board.cut(463, 480) == "96.4"
    assert board.cut(0, 0) == "0.0"


def test_only_from_the_signing_on_a_tile_tells_a_number(forty: list[Drive], cast: Cast, other_estate: Place) -> None:
    page = signed_in(Actor(), "en").get(reverse("decisions:board", args=[other_estate.pk])).content.decode()
    tiles = re.findall(r"<li><a href=\"/decisions/drives/(\d+)\">(.*?)</li>", page, re.DOTALL)
    assert len(tiles) == 40
    by_pk = {drive.pk: drive for drive in forty}
    for pk, tile in tiles:
        signing = STAGES.index(Stage(by_pk[int(pk)].stage)) >= STAGES.index(Stage.CONTRACT)
        assert ("homes have signed the contract" in tile) == signing
        assert ("/12" in tile) == signing


def test_every_stage_has_a_shape_of_its_own() -> None:
    assert len(set(board.SHAPES.values())) == len(board.SHAPES) == len(Stage) + 1


def test_who_listens_hears_the_tile_in_full_words(forty: list[Drive], other_estate: Place) -> None:
    page = signed_in(Actor(), "en").get(reverse("decisions:board", args=[other_estate.pk])).content.decode()
    assert '<span class="unseen">7 of 12 homes have signed the contract</span>' in page
    assert re.search(r'<ul class="board">', page)


def test_the_board_is_the_same_to_the_letter_whatever_anybody_chose(cast: Cast, now: Any) -> None:
    drive = put_drive(cast)
    vote = put_decision(cast, "open", drive=drive)
    address = reverse("decisions:board", args=[cast.estate.pk])
    readers = (Actor(), cast.clerk, cast.volunteer, cast.property_clerk, cast.owners["w0101"])
    before = [signed_in(reader).get(address).content for reader in readers]
    put_votes(vote, {"0101": "for", "0102": "against", "0201": "abstain"})
    assert [signed_in(reader).get(address).content for reader in readers] == before
    drive_page = reverse("decisions:drive", args=[drive.pk])
    put_votes(vote, {"0301": "for"})
    assert str(vote.pk) in signed_in(Actor()).get(drive_page).content.decode()


def test_what_was_signed_a_second_ago_is_on_the_board(forty: list[Drive], other_estate: Place) -> None:
    address = reverse("decisions:board", args=[other_estate.pk])
    assert "7/12" in signed_in(Actor(), "en").get(address).content.decode()
    Drive.objects.filter(stage=Stage.CONTRACT).update(contracted=8)
    page = signed_in(Actor(), "en").get(address).content.decode()
    assert "8/12" in page
    assert "7/12" not in page


def test_a_matter_that_is_not_public_is_not_on_the_board_of_a_visitor(forty: list[Drive], other_estate: Place) -> None:
    hidden = forty[4]
    type(hidden.matter).objects.filter(pk=hidden.matter_id).update(visibility="confidential")
    page = signed_in(Actor()).get(reverse("decisions:board", args=[other_estate.pk])).content.decode()
    assert f"/decisions/drives/{hidden.pk}" not in page
    assert signed_in(Actor()).get(reverse("decisions:drive", args=[hidden.pk])).status_code == 404


def test_no_board_for_a_place_that_is_no_estate(cast: Cast) -> None:
    for pk in (cast.stairwell.pk, cast.estate.parent_id, 999_999):
        assert signed_in(Actor()).get(reverse("decisions:board", args=[pk])).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_estate_without_drives_says_so(
    estate: Place, stairwell: Place, home: Place, now: Any, language: str
) -> None:
    page = signed_in(Actor(), language).get(reverse("decisions:board", args=[estate.pk]))
    assert page.status_code == 200
    assert ("not begun" if language == "en" else "没开始") in page.content.decode()


# the curve


def put_history(estate: Place) -> None:
    for on, count in ((date(2021, 12, 1), 0), (date(2022, 3, 30), 16), (date(2022, 5, 25), 20), (date(2022, 9, 1), 40)):
        Milestone.objects.create(
            estate=estate, on=on, on_told="2022 年夏" if count == 40 else "", count=count, whole=40,
            source="《人民政协报》", form_key=f"00000000-0000-4000-8000-0000000000{count:02}",
        )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_curve_of_the_past_names_day_whole_and_source(other_estate: Place, now: Any, language: str) -> None:
    put_history(other_estate)
    page = signed_in(Actor(), language).get(reverse("decisions:curve", args=[other_estate.pk])).content.decode()
    for part in (0, 16, 20, 40):
        assert f"{part} / 40" in page
    assert page.count("《人民政协报》") == 4
    assert "2022 年夏" in page
    assert "<title id=" in page
    assert "<desc id=" in page


def test_the_curve_goes_up_in_steps_as_far_apart_as_the_days(other_estate: Place, now: Any) -> None:
    put_history(other_estate)
    page = signed_in(Actor()).get(reverse("decisions:curve", args=[other_estate.pk])).content.decode()
    line = re.search(r'<path class="line" d="([^"]*)"', page)
    assert line is not None
    assert line[1] == "M60 220H307V140H424V120H630V20"


def test_what_was_recorded_here_adds_to_what_a_source_told() -> None:
    from hemei.decisions.curves import points_of

    with translation.override("en"):
        points = points_of(
            [date(2022, 1, 1), date(2022, 6, 1), date(2022, 6, 1)],
            None,
            [(date(2022, 3, 1), "", 16, 40, "a paper")],
            40,
        )
    assert [(point.part, point.source) for point in points] == [(1, ""), (16, "a paper"), (18, "")]


def test_the_curve_begins_at_nothing_on_the_day_the_first_drive_began(forty: list[Drive], other_estate: Place) -> None:
    page = signed_in(Actor(), "en").get(reverse("decisions:curve", args=[other_estate.pk])).content.decode()
    assert "0 / 40" in page
    assert f"{sum(drive.contracted == 12 for drive in forty)} / 40" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_estates_shows_each_with_its_figures(
    forty: list[Drive], other_estate: Place, language: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        page = signed_in(Actor(), language).get(reverse("decisions:drives"))
    assert page.status_code == 200
    assert f"/decisions/board/{other_estate.pk}" in page.content.decode()


def test_what_stands_still_names_the_body_and_never_a_home(cast: Cast) -> None:
    drive = put_drive(cast, stage=Stage.PERMIT, contracted=12, contracted_on=date(2026, 8, 1))
    Drive.objects.filter(pk=drive.pk).update(
        waits_for="煤气管移位方案", waits_for_body="燃气公司", waits_until=NOW + timedelta(days=1)
    )
    page = signed_in(Actor()).get(reverse("decisions:board", args=[cast.estate.pk])).content.decode()
    assert "煤气管移位方案" in page
    assert "燃气公司" in page
    assert "还有 1 天" in page


# what pages of other rooms show


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_estate_stairwell_and_matter_lead_to_the_drive(cast: Cast, language: str) -> None:
    drive = put_drive(cast, stage=Stage.CONTRACT, contracted=7)
    client = signed_in(Actor(), language)
    there = f"/decisions/drives/{drive.pk}"
    for address in (f"/places/{cast.stairwell.pk}", f"/matters/{drive.matter_id}"):
        page = client.get(address).content.decode()
        assert there in page
        assert "7 / 12" in page
    page = client.get(f"/places/{cast.estate.pk}").content.decode()
    assert f"/decisions/board/{cast.estate.pk}" in page
    assert "0 / 1" in page
    assert there not in client.get(f"/places/{cast.building.pk}").content.decode()


def test_an_estate_of_which_only_a_source_tells_leads_to_its_board(other_estate: Place, now: Any) -> None:
    address = f"/places/{other_estate.pk}"
    board_there = f"/decisions/board/{other_estate.pk}"
    assert board_there not in signed_in(Actor()).get(address).content.decode()
    put_history(other_estate)
    assert board_there in signed_in(Actor()).get(address).content.decode()


def test_a_hidden_drive_is_on_no_page_of_a_place(cast: Cast) -> None:
    drive = put_drive(cast, stage=Stage.CONTRACT)
    type(drive.matter).objects.filter(pk=drive.matter_id).update(visibility="confidential")
    for pk in (cast.stairwell.pk, cast.estate.pk):
        page = signed_in(Actor()).get(f"/places/{pk}").content.decode()
        assert f"/decisions/drives/{drive.pk}" not in page
        assert f"/decisions/board/{cast.estate.pk}" not in page
