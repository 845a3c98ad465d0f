"""What a list of owners would bring: columns found, homes compared, and every row that cannot be taken, with why."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from conftest import put_place
from hemei.base.errors import Refused
from hemei.places.models import Kind, Place
from hemei.roll import cells, lists
from hemei.roll.cells import Unreadable
from hemei.roll.lists import column_of
from hemei.roll.models import Owner, Roll, Unit
from hemei.roll.tests.owner_lists import (
    AREA,
    CODE,
    HEADINGS,
    HOME,
    NAME,
    SHARE,
    USE,
    VOTES,
    WAY,
    B,
    S,
    csv_of,
    put_homes,
    reading_of,
    rows_of,
    xlsx_of,
)
from hemei.roll.tests.rolls import put_roll


@pytest.fixture
def roll(estate, now):
    """An empty roll; 1号楼 stands with two stairwells of six homes."""
    put_homes(estate)
    return Roll.objects.create(place=estate, begun_at=now)


def planned(roll, rows, headings=HEADINGS, **totals):
    with translation.override("en"):
        return lists.plan(roll, reading_of(csv_of(rows, headings=headings)), **totals)


def why(roll, change, rows=None, **totals):
    """The bad rows of a list that `change` has altered: {row: reason}."""
    rows = rows_of() if rows is None else rows
    change(rows)
    return dict(planned(roll, rows, **totals).bad)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("建筑面积(㎡)", "area"), ("专有部分面积（平方米）", "area"), ("Area (m2)", "area"), ("业主姓名", "owner"),
        ("权利人", "owner"), ("业主编号", "owner_code"), ("业主类型", "owner_kind"), ("份额", "share"),
        ("共有方式", "way"), ("代表人", "rep"), ("用途", "kind"), ("计入表决", "votable"), ("室 号", "home"),
        ("门牌", "stairwell"), ("楼栋号", "building"), ("Owner name", "owner"), ("联系电话", None), ("备注", None),
    ],
)  # fmt: skip
def test_a_column_is_known_by_many_names(heading, column):
    assert column_of(heading) == column


def test_a_list_brings_each_home_with_its_owner(roll):
    found = planned(roll, rows_of())
    assert (found.bad, len(found.new), found.homes) == ([], 12, 12)
    first = found.new[0]
    assert (first.key, first.number, first.area, first.kind, first.votable) == (
        "01/1/0101", 1, Decimal("49.1500"), "home", True,
    )  # fmt: skip
    assert [(one.code, one.name, one.share, one.joint) for one in first.holders] == [
        ("A00001", "业主1", Fraction(1), False)
    ]
    assert found.report()["heads"] == 12


def test_doors_are_found_however_they_are_written_and_where_a_level_is_skipped(roll):
    rows = rows_of()[:4]
    rows[0][B], rows[0][S], rows[0][HOME] = "一幢", "1号门", "101"
    rows[1][B], rows[1][S], rows[1][HOME] = "０１", "１", "102室"
    rows[2][B], rows[2][S] = "", "1单元"
    found = planned(roll, rows)
    assert found.bad == []
    assert [unit.key for unit in found.new] == ["01/1/0101", "01/1/0102", "01/1/0201", "01/1/0202"]


def test_a_home_that_could_be_several_is_asked_for(roll):
    def change(rows):
        rows[0][S] = ""

    assert "may be any of 01/1/0101, 01/2/0101" in why(roll, change)[2]


def test_without_headings_or_what_is_needed_the_list_is_refused():
    with pytest.raises(Refused, match="No row of headings"):
        lists.read([["1", "2"], ["3", "4"]])
    with translation.override("en"), pytest.raises(Refused, match="does not say: area, owner’s name"):
        lists.read([["楼", "室号"], ["1", "101"]])


@pytest.mark.parametrize("heading", ["身份证号", "权利人证件号码", "ID card", "护照"])
def test_a_column_of_papers_is_refused_in_words(heading):
    table = [["室号", "面积", "业主", heading], ["101", "61.2", "甲", "3101"]]
    with translation.override("en"), pytest.raises(Refused, match="Row 2 holds a number of an identity card"):
        lists.read(table)
    table[1][3] = ""
    assert lists.read(table).lines


def test_an_identity_number_in_whatever_column_is_refused(roll):
    rows = rows_of()
    rows[3][CODE] = "31010419800101123X"
    with translation.override("en"), pytest.raises(Refused, match="Row 5 holds a number"):
        planned(roll, rows)


def _set(column, value, row=0):
    def change(rows):
        rows[row][column] = value

    return change


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        (HOME, "0999", "not in the address tree under 1单元"),
        (B, "9号楼", "not in the address tree under 龙吴路9弄"),
        (HOME, "", "No home is named"),
        (AREA, "", "The area is missing"),
        (AREA, "0", "not more than zero"),
        (AREA, "-61.20", "not more than zero"),
        (AREA, "约60", "is not a number"),
        (AREA, "61.20001", "more than 4 decimals"),
        (AREA, "100000000", "larger than any building"),
        (NAME, "", "The owner is missing"),
        (NAME, "业" * 81, "at most 80 characters"),
        (CODE, "9" * 61, "at most 60 characters"),
        (SHARE, "30.6平方米", "in square metres"),
        (SHARE, "30.6", "not a part of the whole"),
        (SHARE, "150%", "not a part of the whole"),
        (SHARE, "0", "not a part of the whole"),
        (SHARE, "1/0", "cannot be read"),
        (SHARE, "一半", "cannot be read"),
        (SHARE, "0.3333333", "too many decimals"),
        (SHARE, "1/2", "add up to 0.5 and not to 1"),
        (WAY, "平分", "way of owning “平分” is not known"),
        (WAY, "共同共有", "several owners, and only one is named"),
        (USE, "仓库", "“仓库”, is not known"),
        (VOTES, "也许", "neither yes nor no"),
    ],
)  # fmt: skip
def test_each_bad_row_is_told_with_its_reason(roll, column, value, told):
    bad = why(roll, _set(column, value))
    assert list(bad) == [2]
    assert told in bad[2]


def test_every_reason_of_a_row_is_told_at_once(roll):
    def change(rows):
        rows[4][HOME], rows[4][AREA], rows[4][NAME], rows[4][USE] = "0999", "?", "", "仓库"

    assert len(why(roll, change)[6].split("\n")) == 4


def two_owners(*, shares=("", ""), way="", codes=("B1", "B2"), names=("赵一", "钱二"), areas=("61.2", "61.2")):
    """Two rows of the first home."""
    return [
        ["1号楼", "1单元", "0101", area, name, code, share, way, "", ""]
        for share, code, name, area in zip(shares, codes, names, areas, strict=True)
    ]


@pytest.mark.parametrize(
    ("given", "shares", "joint"),
    [
        ({}, ["1/2", "1/2"], True),
        ({"way": "共同共有"}, ["1/2", "1/2"], True),
        ({"shares": ("1/3", "2/3"), "way": "按份共有"}, ["1/3", "2/3"], False),
        ({"shares": ("50%", "0.5")}, ["1/2", "1/2"], False),
        ({"shares": ("５０％", "１／２")}, ["1/2", "1/2"], False),
    ],
)  # fmt: skip
def test_co_owners_hold_their_shares_or_own_jointly(roll, given, shares, joint):
    found = planned(roll, two_owners(**given))
    assert found.bad == []
    held = found.new[0].holders
    assert [f"{one.share.numerator}/{one.share.denominator}" for one in held] == shares
    assert {one.joint for one in held} == {joint}


@pytest.mark.parametrize(
    ("given", "row", "told"),
    [
        ({"areas": ("61.2", "61.3")}, 3, "Row 2 gives this home another area"),
        ({"names": ("赵一", "赵一"), "codes": ("", "")}, 3, "same owner of the same home as row 2"),
        ({"names": ("赵一", "赵 一"), "codes": ("", "B2")}, 3, "same owner of the same home as row 2"),
        ({"codes": ("B1", "B1"), "names": ("赵一", "赵一")}, 3, "same owner of the same home as row 2"),
        ({"shares": ("1/2", "1/3")}, 2, "add up to 5/6 and not to 1"),
        ({"shares": ("33%", "66%")}, 2, "add up to 0.99 and not to 1"),
        ({"shares": ("1/2", "")}, 3, "The share is missing"),
        ({"way": "按份共有"}, 2, "no share is written"),
        ({"way": "共同共有", "shares": ("1/2", "1/2")}, 2, "Who owns jointly has no shares"),
        ({"way": "单独所有"}, 2, "one owner alone, and there are 2"),
    ],
)  # fmt: skip
def test_co_owners_that_cannot_be(roll, given, row, told):
    assert told in dict(planned(roll, two_owners(**given)).bad)[row]


def test_two_owners_of_one_name_with_numbers_of_their_own_are_two(roll):
    assert planned(roll, two_owners(names=("赵一", "赵一"))).bad == []


def test_a_home_is_used_and_counted_in_one_way(roll):
    rows = two_owners()
    rows[0][USE], rows[1][USE] = "住宅", "商铺"
    assert "used for something else" in dict(planned(roll, rows).bad)[3]
    rows = two_owners()
    rows[1][VOTES] = "否"
    assert "otherwise whether this home counts" in dict(planned(roll, rows).bad)[3]
    rows = [[*row, "是"] for row in two_owners()]
    bad = dict(planned(roll, rows, [*HEADINGS, "代表人"]).bad)
    assert "already names who speaks for this home" in bad[3]


def test_one_number_under_two_names_is_told_and_spaces_make_no_other_name(roll):
    rows = rows_of()
    rows[0][NAME], rows[0][CODE] = "欧阳 明", "X7"
    rows[1][NAME], rows[1][CODE] = "欧阳明", "X7"
    rows[2][NAME], rows[2][CODE] = "欧阳民", "X7"
    assert dict(planned(roll, rows).bad) == {
        4: "The owner’s number X7 belongs to 欧阳 明 in row 2. One number is one owner: write the name alike, or give "
        "another number."
    }


def test_one_number_is_one_kind_of_owner(roll):
    rows = [[*row, "个人"] for row in rows_of()[:2]]
    rows[0][CODE] = rows[1][CODE] = "X7"
    rows[0][NAME] = rows[1][NAME] = "某某公司"
    rows[1][-1] = "公司"
    assert "another kind of owner" in dict(planned(roll, rows, [*HEADINGS, "业主类型"]).bad)[3]


def test_one_name_at_several_homes_without_numbers_is_asked_about_in_each_row(roll):
    rows = rows_of()
    for row in rows[:3]:
        row[NAME] = "张三"
    rows[0][CODE] = rows[1][CODE] = ""
    bad = dict(planned(roll, rows).bad)
    assert list(bad) == [2, 3]
    assert "“张三” also owns 01/1/0102. Owners are counted by heads" in bad[2]


def test_the_totals_of_the_register_must_be_those_of_the_list(roll):
    area = sum((Decimal(row[AREA]) for row in rows_of()), Decimal(0))
    assert planned(roll, rows_of(), stated_homes=12, stated_area=area).bad == []
    bad = planned(roll, rows_of(), stated_homes=13, stated_area=area + 1).bad
    assert bad == [
        (0, "The register counts 13 homes, and the list has 12.\n"
            "The register gives 603.4 m² in all, and the areas of the list add up to 602.4 m².")
    ]  # fmt: skip


def test_another_estate_and_a_closed_home_are_told(roll, estate, now):
    rows = [[*row, "龙吴路9弄"] for row in rows_of()[:3]]
    rows[1][-1] = "金牛花苑"
    Place.objects.filter(code="0201").update(until=date(2026, 1, 1))
    bad = dict(planned(roll, rows, [*HEADINGS, "小区"]).bad)
    assert bad[3] == "It belongs to another estate: 金牛花苑."
    assert "closed in the address tree on 2026-01-01" in bad[4]


def test_two_homes_of_one_key_are_told(roll, estate):
    stairwell = put_place(Kind.STAIRWELL, "01单元", "01", estate)
    put_place(Kind.HOME, "101室", "0101", stairwell)
    building = Place.objects.get(kind=Kind.BUILDING, parent=estate)
    put_place(Kind.HOME, "101室", "0101", building)
    rows = [
        ["", "01单元", "0101", "50", "甲", "1", "", "", "", ""],
        ["1号楼", "", "0101", "50", "乙", "2", "", "", "", ""],
    ]
    assert all("have the same codes, 01/0101" in told for told in dict(planned(roll, rows).bad).values())
    assert planned(roll, rows).bad


def test_what_stands_so_is_the_same_and_what_stands_otherwise_is_a_bad_row(estate, stairwell):
    roll = put_roll(estate, stairwells=[stairwell], homes=2, owners={0: [("赵一", "1/2", "P1"), ("钱二", "1/2", "P2")]})
    rows = [
        ["3号楼", "1单元", "101", "61.20", "赵一", "P1", "1/2", "", "", ""],
        ["3号楼", "1单元", "101", "61.20", "钱二", "", "1/2", "", "", ""],
        ["3号楼", "1单元", "102", "62", "业主2", "", "", "", "商铺", "否"],
    ]
    found = planned(roll, rows)
    assert found.same == 1
    assert dict(found.bad) == {
        4: "It stands otherwise on the roll: area (61.2 on the roll, 62 in the list), use, whether it counts, owners "
        "and shares. A list does not change what stands; correct it on the home’s own page."
    }
    rows[0][SHARE], rows[1][SHARE] = "1/3", "2/3"
    assert "otherwise on the roll: owners and shares" in dict(planned(roll, rows).bad)[2]


def test_a_name_that_stands_on_the_roll_elsewhere_is_asked_about(estate, stairwell):
    roll = put_roll(estate, stairwells=[stairwell], homes=2)
    put_place(Kind.HOME, "999室", "0999", stairwell)
    rows = [["3号楼", "1单元", "999", "50", "业主1", "", "", "", "", ""]]
    assert "also owns 03/1/0101" in dict(planned(roll, rows).bad)[2]
    rows[0][CODE] = Owner.objects.get(name="业主1").code
    assert planned(roll, rows).bad == []
    rows[0][NAME] = "业主9"
    assert "stands on the roll under the name 业主1" in dict(planned(roll, rows).bad)[2]
    Unit.objects.update(until=date(2026, 1, 1))
    rows[0][HOME], rows[0][NAME] = "101", "业主1"
    assert "was taken off the roll on 2026-01-01" in dict(planned(roll, rows).bad)[2]


def test_owners_without_numbers_get_codes_that_the_order_of_rows_does_not_change(roll):
    rows = two_owners(codes=("", ""))
    codes = [(one.code, one.name) for one in planned(roll, rows).new[0].holders]
    assert codes == [("01/1/0101#1", "赵一"), ("01/1/0101#2", "钱二")]
    assert [(one.code, one.name) for one in planned(roll, rows[::-1]).new[0].holders] == codes


def test_who_is_said_to_be_nothing_is_a_person_and_a_company_is_told_by_its_name(roll):
    rows = rows_of()[:2]
    rows[1][NAME] = "申房发展有限公司"
    assert [unit.holders[0].kind for unit in planned(roll, rows).new] == ["person", "company"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_word_of_the_screen_is_read_back_from_a_list(language):
    with translation.override(language):
        for kind in Unit.Kind:
            assert cells.unit_kind_from(str(kind.label)) == kind
        for kind in Owner.Kind:
            assert cells.owner_kind_from(str(kind.label)) == kind
        ways = {cells.way_from(gettext(word)) for word in ("jointly", "by shares", "alone")}
        assert ways == {cells.JOINT, cells.BY_SHARES, cells.ALONE}
        assert [cells.yes_or_no_from(gettext(word)) for word in ("yes", "no")] == [True, False]


@pytest.mark.parametrize(
    ("cell", "area"),
    [("６１．２０平方米", "61.2"), ("1,061.5 m²", "1061.5"), ("61.2㎡", "61.2"), (".5", "0.5"), ("61.20000", "61.2")],
)
def test_areas_are_read_as_clerks_write_them(cell, area):
    assert cells.area_from(cell) == Decimal(area)


def test_the_template_can_be_read():
    reading = lists.read([list(row) for row in lists.TEMPLATE])
    assert len(reading.lines) == 3
    assert reading.unread == []


def test_gb18030_and_a_spreadsheet_of_the_same_roll_plan_the_same_rows(roll):
    rows = rows_of()
    one = lists.plan(roll, reading_of(csv_of(rows[::-1], "gb18030")))
    other = lists.plan(roll, reading_of(xlsx_of(rows)))
    assert one.bad == []
    assert [(u.key, u.number, u.area, u.holders) for u in one.new] == [
        (u.key, u.number, u.area, u.holders) for u in other.new
    ]


@given(st.text(max_size=30))
def test_whatever_stands_in_a_cell_is_read_or_told(text):
    for reads in (cells.area_from, cells.share_from, cells.unit_kind_from, cells.yes_or_no_from, cells.way_from):
        with suppress(Unreadable):
            reads(text)


def test_ten_thousand_homes_are_planned_in_four_queries(roll, django_assert_max_num_queries):
    reading = reading_of(csv_of(rows_of()))
    with django_assert_max_num_queries(4):
        lists.plan(roll, reading)
