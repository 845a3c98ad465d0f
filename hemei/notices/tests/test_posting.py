"""Sheets: numbered without gaps, one page each, put up with proof, taken down, taken back."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from conftest import put_place, race, verbs
from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.base.uploads import path_of
from hemei.ledger.actions import seal_day
from hemei.ledger.tests.forging import faults
from hemei.matters.models import Matter
from hemei.matters.steps import open_matter
from hemei.notices import paper
from hemei.notices.actions import make_sheet, post_sheet, posting, take_down, void_sheet
from hemei.notices.models import BODY_MAX, TITLE_MAX, Posting, PrintedNotice
from hemei.places.models import Place


def sheet(**more):
    return {"title": "停水通知", "text": "9 月 15 日 8:00 至 16:00 停水。", "form_key": uuid4(), **more}


def picture(colour="red", suffix="jpg") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return SimpleUploadedFile(f"门口 照片.{suffix}", made.getvalue())


@pytest.fixture
def matter(steward, estate, now) -> Matter:
    with transaction.atomic():
        return open_matter(actor=steward, place=estate, title="围墙", at=now, verb="matters.opened")


@pytest.fixture
def posted(clerk, estate, now) -> PrintedNotice:
    return make_sheet(actor=clerk, place=estate, at=now, **sheet())


def test_a_sheet_has_the_next_number_of_its_street_and_year_and_hangs_in_the_bodys_name(clerk, estate, now):
    seal = seal_day(day=now.date() - timedelta(days=1), at=now)
    made = [make_sheet(actor=clerk, place=estate, at=now, **sheet()) for _ in range(2)]
    next_year = make_sheet(actor=clerk, place=estate, at=now + timedelta(days=120), **sheet())
    assert [one.serial for one in (*made, next_year)] == ["2026-0001", "2026-0002", "2027-0001"]
    assert made[0].body == clerk.seat.body
    assert made[0].seal == seal.root
    assert verbs(estate) == ["notices.printed"] * 3


def test_the_year_is_the_streets_own(clerk, estate, now):
    first_hour = now.replace(year=2026, month=12, day=31, hour=16, minute=30)  # 00:30 in Shanghai
    assert make_sheet(actor=clerk, place=estate, at=first_hour, **sheet()).year == 2027


def test_streets_count_for_themselves(administrator, estate, now):
    elsewhere = put_place("street", "田林街道", "310105")
    for place in (estate, elsewhere):
        assert make_sheet(actor=administrator, place=place, at=now, **sheet()).number == 1


def test_a_sheet_on_a_matter_stands_in_the_matters_timeline(clerk, estate, matter, now):
    made = make_sheet(actor=clerk, place=estate, matter=matter, at=now, **sheet())
    assert verbs(matter) == ["matters.opened", "notices.printed"]
    assert made.matter == matter


@pytest.mark.parametrize("visibility", ["area", "parties", "confidential"])
def test_what_not_everybody_may_see_goes_on_no_wall(clerk, estate, matter, now, visibility):
    Matter.objects.update(visibility=visibility)
    matter.refresh_from_db()
    with pytest.raises(Refused, match="not open to everybody") as refusal:
        make_sheet(actor=clerk, place=estate, matter=matter, at=now, **sheet())
    assert refusal.value.field == "matter"
    assert not PrintedNotice.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "guest", "stranger", "resident", "clerk_elsewhere"])
def test_nobody_else_makes_posts_or_voids(who, estate, posted, now, request):
    actor = request.getfixturevalue(who)
    hung = post_sheet(
        actor=request.getfixturevalue("clerk"), sheet=posted, place=estate, posted_at=now, form_key=uuid4(), at=now
    )
    for act in (
        lambda: make_sheet(actor=actor, place=estate, at=now, **sheet()),
        lambda: void_sheet(actor=actor, sheet=posted, why="x", at=now),
        lambda: post_sheet(actor=actor, sheet=posted, place=estate, posted_at=now, form_key=uuid4(), at=now),
        lambda: take_down(actor=actor, posting=hung, removed_at=now, at=now),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (PrintedNotice.objects.count(), Posting.objects.count()) == (1, 1)


def test_a_body_takes_back_its_own_sheets_only(clerk, steward, administrator, posted, now):
    with pytest.raises(NotAllowed, match="in whose name"):
        void_sheet(actor=steward, sheet=posted, why="x", at=now)
    assert void_sheet(actor=administrator, sheet=posted, why="日期写错", at=now).voided_why == "日期写错"


def test_a_sheet_taken_back_keeps_its_number_and_says_why_once(clerk, estate, posted, now):
    for _twice in range(2):
        void_sheet(actor=clerk, sheet=posted, why="日期写错", at=now)
    with pytest.raises(Refused, match="already"):
        void_sheet(actor=clerk, sheet=posted, why="别的", at=now)
    assert make_sheet(actor=clerk, place=estate, at=now, **sheet()).number == 2
    assert verbs(estate) == ["notices.printed", "notices.voided", "notices.printed"]
    with pytest.raises(Refused, match="taken back"):
        post_sheet(actor=clerk, sheet=posted, place=estate, posted_at=now, form_key=uuid4(), at=now)


def test_a_form_sent_twice_makes_one_sheet_and_other_words_are_refused(clerk, estate, now):
    form = sheet()
    first = make_sheet(actor=clerk, place=estate, at=now, **form)
    assert make_sheet(actor=clerk, place=estate, at=now, **form) == first
    with pytest.raises(Refused, match="already sent with other words"):
        make_sheet(actor=clerk, place=estate, at=now, **{**form, "text": "别的"})
    assert PrintedNotice.objects.count() == 1


def test_what_does_not_fit_on_one_page_is_refused_with_what_to_do(clerk, estate, now):
    assert make_sheet(actor=clerk, place=estate, at=now, **sheet(title="长" * TITLE_MAX, text="文" * BODY_MAX))
    with pytest.raises(Refused, match="one sheet") as refusal:
        make_sheet(actor=clerk, place=estate, at=now, **sheet(text="一\n" * 30))
    assert refusal.value.field == "text"
    assert paper.lines_of("a" * 49, 30) == 1
    assert paper.lines_of("中" * 31 + "\n\n", 30) == 4


def test_a_flood_of_sheets_is_slowed_down(clerk, estate, now, monkeypatch):
    monkeypatch.setattr(posting, "SHEETS_AN_HOUR", 1)
    make_sheet(actor=clerk, place=estate, at=now, **sheet())
    with pytest.raises(TooMany):
        make_sheet(actor=clerk, place=estate, at=now, **sheet())


def test_it_hangs_with_a_photo_and_comes_down_and_all_of_it_is_vouched_for(clerk, stairwell, posted, now):
    hung = post_sheet(
        actor=clerk,
        sheet=posted,
        place=stairwell,
        posted_at=now,
        photo=picture(),
        form_key=uuid4(),
        at=now + timedelta(minutes=9),
    )
    assert path_of(hung.photo).exists()
    down = now + timedelta(days=8)
    for _twice in range(2):
        hung = take_down(actor=clerk, posting=hung, removed_at=down, at=down)
    assert (hung.posted_at, hung.removed_at) == (now, down)
    assert verbs(posted.place) == ["notices.printed", "notices.posted", "notices.taken_down"]
    with pytest.raises(Refused, match="already"):
        take_down(actor=clerk, posting=hung, removed_at=now, at=down)
    assert faults("notices.") == []


def test_times_that_cannot_be_and_places_outside_are_refused(clerk, estate, stairwell, home, other_estate, posted, now):
    def post(**more):
        words = {"place": stairwell, "posted_at": now, "form_key": uuid4(), **more}
        return post_sheet(actor=clerk, sheet=posted, at=now, **words)

    for field, more in (
        ("posted_at", {"posted_at": now + timedelta(seconds=1)}),
        ("posted_at", {"posted_at": now - timedelta(minutes=1)}),
        ("place", {"place": other_estate}),
        ("place", {"place": estate.parent}),
        ("place", {"place": home}),
    ):
        with pytest.raises(Refused) as refusal:
            post(**more)
        assert refusal.value.field == field
    hung = post()
    with pytest.raises(Refused, match="already"):
        post()
    for removed_at in (now - timedelta(seconds=1), now + timedelta(hours=1)):
        with pytest.raises(Refused):
            take_down(actor=clerk, posting=hung, removed_at=removed_at, at=now)
    take_down(actor=clerk, posting=hung, removed_at=now, at=now)
    assert post().pk != hung.pk


def test_the_same_posting_form_again_is_one_posting_and_one_photo(clerk, stairwell, posted, now):
    form = {"sheet": posted, "place": stairwell, "posted_at": now, "form_key": uuid4(), "at": now}
    first = post_sheet(actor=clerk, photo=picture(), **form)
    assert post_sheet(actor=clerk, photo=picture(), **form) == first
    with pytest.raises(Refused, match="other words"):
        post_sheet(actor=clerk, **{**form, "place": Place.objects.get(pk=posted.place_id)})


def test_what_is_no_picture_is_refused_and_nothing_is_kept(clerk, stairwell, posted, now):
    form = {"sheet": posted, "place": stairwell, "posted_at": now, "form_key": uuid4(), "at": now}
    with pytest.raises(Refused):
        post_sheet(actor=clerk, photo=SimpleUploadedFile("照片.jpg", b"<svg onload=alert(1)>"), **form)
    assert not Posting.objects.exists()


def test_paper_and_page_are_alike_only_when_their_words_are():
    mark = paper.mark("2026-0001", "停水", "明天停水")
    assert mark == paper.mark("2026-0001", "停水", "明天停水")
    assert mark != paper.mark("2026-0001", "停水", "后天停水")
    assert [len(part) for part in mark.split()] == [4, 4, 4]


@pytest.mark.django_db(transaction=True)
def test_of_twenty_sheets_made_at_once_none_shares_a_number_and_none_is_left_out(clerk, estate, now):
    outcome = race(20, lambda: make_sheet(actor=clerk, place=estate, at=now, **sheet()))
    assert outcome.done == 20
    assert sorted(PrintedNotice.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert faults("notices.") == []


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_of_one_form_at_once_one_sheet_comes(clerk, estate, now):
    form = sheet()
    race(8, lambda: make_sheet(actor=clerk, place=estate, at=now, **form))
    assert PrintedNotice.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_postings_in_one_place_at_once_one_counts(clerk, stairwell, posted, now):
    form = {"sheet": posted, "place": stairwell, "posted_at": now, "at": now}
    outcome = race(8, lambda: post_sheet(actor=clerk, form_key=uuid4(), **form))
    assert (outcome.done, len(outcome.refused)) == (1, 7)
