"""One door written in many ways."""

import pytest

from hemei.places.models import Kind
from hemei.places.names import called, code_from, floor_from, in_digits, key_of, order_from, ways_to_write, words_of


@pytest.mark.parametrize("name", ["3号楼", "３号楼", "三号楼", "三栋", "3幢", "03", " 3 号 楼 ", "3"])
def test_a_building_is_one_however_it_is_written(name):
    assert key_of(Kind.BUILDING, name) == "3"


def test_names_that_only_sound_like_numbers_stay():
    assert in_digits("三林苑") == "三林苑"
    assert in_digits("康健八村十二号楼") == "康健8村12号楼"
    assert in_digits("二十一号") == "21号"
    assert in_digits("一百零五室") == "105室"


def test_a_bare_number_gets_a_doors_name_in_both_languages():
    assert called(Kind.BUILDING, "03") == ("3号楼", "Building 3")
    assert called(Kind.STAIRWELL, "1单元") == ("1单元", "Stairwell 1")
    assert called(Kind.HOME, "0101") == ("101室", "Flat 101")
    assert called(Kind.ESTATE, "龙吴路9弄") == ("龙吴路9弄", "")


def test_codes_keep_their_zeros_and_places_stand_as_counted():
    assert code_from(Kind.HOME, "0101室") == "0101"
    assert code_from(Kind.ESTATE, "龙吴路9弄") == "龙吴路9弄"
    assert order_from("12号楼") == 12
    assert order_from("东楼") == 0


@pytest.mark.parametrize(
    ("cell", "floor"),
    [("3", 3), ("3层", 3), ("三层", 3), ("3F", 3), ("-1", -1), ("B1", -1), ("地下1层", -1), ("", None)],
)
def test_a_floor_is_read_as_people_write_it(cell, floor):
    assert floor_from(cell) == floor


@pytest.mark.parametrize("cell", ["高层", "1-2", "999", "３.5"])
def test_what_is_no_floor_is_not_guessed(cell):
    with pytest.raises(ValueError, match=cell):
        floor_from(cell)


def test_a_search_is_cut_at_doors_and_tries_every_way_to_write_them():
    assert words_of("龙吴路9弄3号楼101") == ["龙吴路9弄", "3号楼", "101"]
    assert {"3号楼", "3栋", "三栋"} <= ways_to_write("三栋")
