"""Lists and numbers as people type them."""

import pytest
from django.core.exceptions import ValidationError

from hemei.base.numbers import number_in
from hemei.handbook.typed import FlooredHome, Home, homes_on_floors, homes_that_voted


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("62.30", "62.30"),
        ("６２．３０", "62.30"),
        ("62。30", "62.30"),
        ("700,000", "700000"),
        ("700，000", "700000"),
        ("¥700 000 元", "700000"),
        ("70万", "700000"),
        ("1.25 万", "12500"),
        ("-5000", "-5000"),
        ("−0.5万", "-5000"),
    ],
)
def test_a_number_is_read_as_it_is_meant(typed, meant):
    assert number_in(typed) == meant


@pytest.mark.parametrize("typed", ["", "abc", "1e5", "NaN", "²", "٣", "1/3", "--1", "1.2.3", "9" * 40, "0x10"])
def test_what_is_no_number_is_none(typed):
    assert number_in(typed) is None


def test_a_home_a_line_in_either_language_and_however_it_is_separated():
    typed = (
        "房号，面积，表态\n101，６２．３０，同意\n102\t48.70㎡\tagainst\n\n201 62.3 弃权\n202; 60; 送达; 张三\n301, 60,"
    )
    assert homes_that_voted(typed, measured=True) == [
        Home("101", "62.30", "for", ""),
        Home("102", "48.70", "against", ""),
        Home("201", "62.3", "abstain", ""),
        Home("202", "60", "served", "张三"),
        Home("301", "60", "none", ""),
    ]


def test_where_homes_alone_are_counted_no_number_is_needed():
    assert homes_that_voted("101, for\n102, no", measured=False) == [
        Home("101", "", "for", ""),
        Home("102", "", "against", ""),
    ]


@pytest.mark.parametrize("heading", ["房号，面积（m²），表态", "Home, Area, Choice", "户 面积㎡ 意见", "owner\tshare"])
def test_the_names_of_the_columns_are_no_home(heading):
    assert [home.id for home in homes_that_voted(f"{heading}\n101, 60, for", measured=True)] == ["101"]
    assert [home.id for home in homes_on_floors("Home, Floor, Area\n101, 1, 60", floors=6, measured=True)] == ["101"]


def test_a_first_home_without_a_number_in_its_line_is_not_taken_for_the_names_of_the_columns():
    """One vote fewer would be another verdict."""
    assert [home.id for home in homes_that_voted("Li, for\nWang, no", measured=False)] == ["Li", "Wang"]
    assert [home.id for home in homes_that_voted("甲户，同意\n乙户，反对", measured=False)] == ["甲户", "乙户"]
    for typed in ("Li, for\n102, 60, for", "Li, sixty, for\n102, 60, for", "Li\n102, 60, for"):
        with pytest.raises(ValidationError) as fault:
            homes_that_voted(typed, measured=True)
        assert fault.value.messages[0].startswith("Line 1: ")
    with pytest.raises(ValidationError):
        homes_on_floors("甲，一楼，六十\n102, 2, 60", floors=6, measured=True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("101, for", "Line 1: the number of its area or share is missing"),
        ("101, 62.30, for\n102, sixty, for", "Line 2: “sixty” is no number"),
        ("101, 62.30, agre", "Line 1: “agre” is not a choice"),
        ("101, -3, for", "Line 1: an area or share is not below 0"),
        ("101, 60, for\n101, 60, for", "Line 2: home 101 stands on line 1 already"),
        ("101, 60, for, Li, Wang", "Line 1: there is too much on it"),
        (f"{'x' * 50}1, 60, for", "Line 1: the home has no number"),
        ("房号，面积，表态", "Write at least one home"),
        ("\n".join(f"{n}, 60, for" for n in range(501)), "At most 500 homes fit here"),
    ],
)
def test_a_line_that_cannot_stand_is_named(typed, told):
    with pytest.raises(ValidationError) as fault:
        homes_that_voted(typed, measured=True)
    assert any(message.startswith(told) for message in fault.value.messages)


def test_of_many_bad_lines_the_first_few_are_told():
    with pytest.raises(ValidationError) as fault:
        homes_that_voted("\n".join(f"{n}, x, for" for n in range(40)), measured=True)
    assert len(fault.value.messages) == 6
    assert fault.value.messages[-1] == "and 35 more lines."


def test_a_home_on_its_floor_and_the_most_it_would_pay():
    typed = "101，1楼，62.30，-5000\n201, 第2层, 62.30平方米, 1.5万\n301 3F 60"
    assert homes_on_floors(typed, floors=3, measured=True) == [
        FlooredHome("101", 1, "62.30", "-5000"),
        FlooredHome("201", 2, "62.30", "15000"),
        FlooredHome("301", 3, "60", ""),
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("101, 7, 60", "Line 1: its floor is not a number from 1 to 6"),
        ("101, , 60", "Line 1: its floor is not a number from 1 to 6"),
        ("101, 1, 0", "Line 1: its area is not a number above 0"),
        ("101, 1, -2", "Line 1: its area is not a number above 0"),
        ("101, 1", "Line 1: its area is missing"),
        ("101, 1, 60, 12.345", "Line 1: the most it would pay is not a sum of money"),
        ("101, 1, 60, 5, 6", "Line 1: there is too much on it"),
    ],
)
def test_a_line_of_a_plan_that_cannot_stand_is_named(typed, told):
    with pytest.raises(ValidationError) as fault:
        homes_on_floors(typed, floors=6, measured=True)
    assert fault.value.messages[0].startswith(told)
