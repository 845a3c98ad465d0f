"""What a list would do: found columns, what is new, what stands, and every row that cannot be taken."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import put_place
from hemei.base.errors import Refused
from hemei.places import lists
from hemei.places.lists import column_of, plan
from hemei.places.models import Kind
from hemei.places.tests.lists import HEADINGS, csv_of, homes, reading_of, xlsx_of


def planned(street, rows, headings=HEADINGS):
    return plan(street, reading_of(csv_of(rows, headings=headings)))


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("居民区名称", "area"), ("居委会", "area"), ("小区（弄）", None), ("小 区", "estate"), ("幢号*", "building"),
        ("单元号", "stairwell"), ("房间号", "home"), ("室号：", "home"), ("楼层", "floor"), ("Flat", "home"),
        ("Estate name", "estate"), ("小区编号", "estate_code"), ("户编码", "home_code"),
        ("业主姓名", None), ("电话", None),
    ],
)  # fmt: skip
def test_a_column_is_known_by_many_names(heading, column):
    assert column_of(heading) == column


def test_headings_may_stand_under_a_title_and_unknown_columns_are_named_and_not_read(street):
    text = "华富居民区房屋清单\n\n小区,居民区,姓名,室号\n甲村,华富居民区,张三,101\n"
    reading = lists.read([row.split(",") if row else [] for row in text.split("\n")[:-1]])
    assert reading.unread == ["姓名"]
    assert reading.lines == [(4, {"estate": "甲村", "area": "华富居民区", "home": "101"})]


def test_without_headings_or_with_two_alike_the_list_is_refused():
    with pytest.raises(Refused, match="No row of headings"):
        lists.read([["1", "2"], ["3", "4"]])
    with pytest.raises(Refused, match="Two columns mean the same: 室号, 房号"):
        lists.read([["小区", "室号", "房号"], ["a", "b", "c"]])
    with pytest.raises(Refused, match="no rows under them"):
        lists.read([["居民区", "小区"]])


def test_every_level_is_made_as_needed(street):
    found = planned(street, homes(estates=1, buildings=2, stairwells=2, floors=3))
    assert found.report()["new"] == {"area": 1, "estate": 1, "building": 2, "stairwell": 4, "home": 24}
    home = next(node for node in found.new if node.kind == Kind.HOME)
    assert (home.name, home.code, home.floor, home.name_en) == ("101室", "0101", 1, "Flat 101")


def test_what_stands_is_found_by_code_or_by_any_way_to_write_its_name(street, home):
    rows = [
        ["华富", "龙吴路9弄", "三栋", "1", "0101", "1", ""],
        ["001", "0009", "03", "1单元", "102", "", ""],
    ]
    found = planned(street, rows)
    assert (found.same, found.bad) == (1, [])
    assert [(node.name, node.code) for node in found.new] == [("102室", "102")]


BAD = [
    (["", "甲村", "1", "1", "101", "", ""], "stands under nothing: fill in Residential area"),
    (["甲", "甲村", "1", "1", "101", "高层", ""], "floor “高层” cannot be read"),
    (["甲", "甲村", "2026-03-01", "1", "101", "", ""], "made the date 2026-03-01"),
    (["甲", "长" * 81, "1", "1", "101", "", ""], "at most 80 characters"),
    (["甲", "乙\u202e村", "1", "1", "101", "", ""], "turn the direction"),
]


@pytest.mark.parametrize(("row", "told"), BAD)
def test_a_row_that_cannot_be_taken_is_named_with_its_reason(street, row, told):
    found = planned(street, [["甲", "甲村", "1", "1", "100", "1", ""], row])
    assert [number for number, _told in found.bad] == [3]
    assert told in found.bad[0][1]


def test_every_bad_row_is_listed_not_only_the_first(street):
    found = planned(street, [row for row, _told in BAD])
    assert [number for number, _told in found.bad] == [2, 3, 4, 5, 6]
    assert found.report()["bad_count"] == 5


def test_the_same_home_twice_is_told_with_the_row_of_the_first(street):
    row = ["甲", "甲村", "1", "1", "0101", "", ""]
    found = planned(street, [row, ["甲", "甲村", "1号楼", "1", "101室", "", ""]])
    assert found.bad == [(3, "It names the same home as row 2. Keep one of them.")]


def test_codes_that_contradict_are_told(street):
    headings = ["居民区", "小区", "小区编号", "室号"]
    rows = [["甲", "甲村", "01", "101"], ["甲", "甲村", "02", "102"], ["甲", "乙村", "01", "101"]]
    found = planned(street, rows, headings)
    assert [number for number, _told in found.bad] == [3, 4]
    assert "already stands with the code 01" in found.bad[0][1]
    assert "already that of 甲村 in row 2" in found.bad[1][1]


def test_another_street_is_told(street):
    headings = ["街道", "居民区", "小区"]
    found = planned(street, [["漕河泾", "甲", "甲村"], ["田林街道", "甲", "甲村"]], headings)
    assert [number for number, _told in found.bad] == [3]


def test_what_differs_from_what_stands_is_remarked_and_stays(street, home):
    rows = [["华富", "龙吴路9弄", "3", "1", "0101", "2", "别的地址"]]
    found = planned(street, rows)
    assert not found.new
    assert [number for number, _told in found.remarks] == [2, 2]


def test_a_closed_estate_and_one_merged_away_are_told(street, area, estate):
    from datetime import date

    from hemei.places.models import Place

    block = put_place(Kind.ESTATE, "华富街区", "HF", area)
    Place.objects.filter(pk=estate.pk).update(parent=block, path=f"{block.path}{estate.pk}/", until=date(2019, 1, 1))
    put_place(Kind.ESTATE, "旧村", "OLD", area, until=date(2020, 1, 1))
    found = planned(street, [["华富", "龙吴路9弄", "3", "1", "101", "", ""], ["华富", "旧村", "3", "1", "101", "", ""]])
    assert "龙吴路9弄 became 华富街区" in found.bad[0][1]
    assert "旧村 was closed on 2020-01-01" in found.bad[1][1]


def test_the_same_list_in_gb18030_and_as_a_spreadsheet_plans_the_same(street):
    rows = homes()
    from_text = plan(street, reading_of(csv_of(rows, "gb18030"))).new
    from_sheet = plan(street, reading_of(xlsx_of(rows))).new
    assert [(node.kind, node.name, node.code, node.floor) for node in from_text] == [
        (node.kind, node.name, node.code, node.floor) for node in from_sheet
    ]


def test_the_template_is_a_list_that_can_be_taken(street):
    from hemei.base.tables import write_csv, write_xlsx

    for content in (write_csv(lists.TEMPLATE), write_xlsx(lists.TEMPLATE)):
        found = plan(street, reading_of(content))
        assert (found.bad, found.unread) == ([], [])
        assert found.report()["new"]["home"] == 2


cells = st.text(st.sampled_from("123０三号楼栋室弄-A =\t"), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.lists(cells, min_size=7, max_size=7), min_size=1, max_size=6))
def test_whatever_stands_in_the_cells_each_row_is_new_or_stands_or_is_told_why_not(street, rows):
    reading = lists.Reading([(n, dict(zip(lists.LEVELS, row, strict=False))) for n, row in enumerate(rows, 2)], [])
    found = plan(street, reading)
    for node in found.new:
        assert 0 < len(node.name) <= 80
        assert 0 < len(node.code) <= 40
    assert {number for number, _told in found.bad} <= {number for number, _line in reading.lines}
