"""Times, days and names, as a reader of either language sees them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from hemei.base import clock
from hemei.shell.templatetags.hemei import part_of
from hemei.shell.words import day, in_english, lately, left, moment, named

NOW = datetime(2026, 9, 12, 2, 30, tzinfo=UTC)  # 10:30 in Shanghai
MIDNIGHT = datetime(2026, 9, 14, 16, tzinfo=UTC)  # 24:00 of the 14th in Shanghai


@pytest.fixture(autouse=True)
def _now():
    with clock.set_to(NOW):
        yield


def said(language, word, *given):
    with translation.override(language):
        return word(*given)


@pytest.mark.parametrize(
    ("language", "word", "at", "expected"),
    [
        ("zh-hans", moment, NOW, "9 月 12 日 10:30"),
        ("en", moment, NOW, "12 Sep 10:30"),
        ("zh-hans", moment, NOW.replace(year=2022), "2022 年 9 月 12 日 10:30"),
        ("en", moment, NOW.replace(year=2022), "12 Sep 2022 10:30"),
        ("zh-hans", day, date(2026, 1, 2), "1 月 2 日"),
        ("en", day, date(2027, 1, 2), "2 Jan 2027"),
        ("zh-hans", lately, NOW, "今天 10:30"),
        ("en", lately, NOW - timedelta(days=1), "11 Sep 10:30"),
        ("en", lately, date(2026, 9, 12), "12 Sep"),
    ],
)
def test_times_are_said_in_the_readers_way(language, word, at, expected):
    assert said(language, word, at) == expected


def test_a_day_is_the_streets_day_not_that_of_greenwich():
    assert said("en", day, datetime(2026, 9, 12, 17, tzinfo=UTC)) == "13 Sep"


def test_the_year_turns_with_the_streets_new_year():
    with clock.set_to(datetime(2026, 12, 31, 17, tzinfo=UTC)):  # 2027 in Shanghai
        assert said("en", moment, datetime(2026, 12, 31, 17, tzinfo=UTC)) == "1 Jan 01:00"


@pytest.mark.parametrize("word", [moment, day, lately])
def test_nothing_is_said_of_no_time(word):
    assert word(None) == ""


@pytest.mark.parametrize(
    ("due", "zh", "en"),
    [
        (MIDNIGHT, "还有 2 天", "2 days left"),
        (NOW + timedelta(days=1), "还有 1 天", "1 day left"),
        (NOW + timedelta(hours=13, minutes=30), "还有 13 小时", "13 hours left"),  # midnight still belongs to today
        (NOW + timedelta(minutes=59), "不到 1 小时", "less than an hour left"),
        (NOW, "不到 1 小时", "less than an hour left"),
        (NOW - timedelta(minutes=1), "刚迟", "just late"),
        (NOW - timedelta(hours=2), "迟了 2 小时", "2 hours late"),
        (NOW - timedelta(days=2), "迟了 2 天", "2 days late"),
        (date(2026, 9, 12), "还有 13 小时", "13 hours left"),
        (date(2026, 9, 11), "迟了 1 天", "1 day late"),
    ],
)
def test_what_is_left_is_counted_as_on_a_calendar(due, zh, en):
    assert said("zh-hans", left, due, NOW) == zh
    assert said("en", left, due, NOW) == en


def test_what_has_no_day_has_nothing_left():
    assert left(None, NOW) == ""


def test_english_is_shown_to_those_who_read_it_and_only_where_there_is_some():
    assert said("en", in_english, "围墙", "Walls") == "Walls"
    assert said("en", in_english, "围墙", "") == "围墙"
    assert said("zh-hans", in_english, "围墙", "Walls") == "围墙"
    assert in_english(None, None) == ""


def test_a_thing_is_called_by_its_name_in_the_readers_language():
    thing = SimpleNamespace(name="华富", name_en="Huafu")
    assert said("en", named, thing) == "Huafu"
    assert said("zh-hans", named, thing) == "华富"
    assert named(None) == ""


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(7, 12, "583"), (2, 3, "666"), (0, 12, "0"), (13, 12, "1000"), (-1, 12, "0"), (1, 0, "0"), (None, 12, "0")],
)
def test_a_bar_is_cut_and_never_passes_its_end(part, whole, expected):
    assert part_of(part, whole) == expected
