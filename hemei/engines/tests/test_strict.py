"""A file is read strictly: every value knows its place, and what is not as it should be is told in both languages."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from hemei.engines.strict import LARGEST_FILE, LONGEST_NUMBER, Mistake, Node, decoded, named, read_json, shown


def node(value: Any) -> Node:
    return read_json('{"here": [' + value + "]}").record(("here",))["here"].members()[0]


def refusal(ask: Any) -> str:
    with pytest.raises(Mistake) as refused:
        ask()
    assert refused.value.zh
    return str(refused.value)


def test_a_value_knows_its_place() -> None:
    tree = read_json('{"cases": [{}, {"events": [{"unit": 1}]}]}').record(("cases",))
    unit = tree["cases"].members()[1].record(("events",))["events"].members()[0].record(("unit",))["unit"]
    assert unit.path == "cases[1].events[0].unit"
    assert refusal(unit.name) == "cases[1].events[0].unit: must be a string"


def test_a_key_of_other_signs_is_quoted_and_cut() -> None:
    tree = read_json('{"two words": 1, "线\\n路": 2, "电梯": 3}').entries()
    assert [one.path for one in tree.values()] == ['"two words"', '"\\u7ebf\\n\\u8def"', "电梯"]
    (long,) = read_json('{"' + "k" * 500 + '": 1}').entries().values()
    assert len(long.path) < 50


def test_a_key_that_is_unknown_missing_or_doubled_is_told_at_its_own_place() -> None:
    assert refusal(lambda: node('{"b": 1}').record(("a",))) == "here[0].b: is not a key that can stand here"
    assert refusal(lambda: node("{}").record(("a",))) == "here[0].a: is missing"
    assert refusal(lambda: node('{"a": 1, "a": 1}').record(("a",))) == "here[0].a: stands twice"
    assert refusal(lambda: node("[]").record()) == "here[0]: must be an object"


def test_lists_are_bounded() -> None:
    assert len(node("[1, 2]").members(least=2, most=2)) == 2
    assert refusal(lambda: node("[]").members(least=1)) == "here[0]: must have 1 or more members"
    assert refusal(lambda: node("[1, 2]").members(most=1)) == "here[0]: has more than 1 members"
    assert refusal(lambda: node('"12"').members()) == "here[0]: must be a list"


@pytest.mark.parametrize(
    ("written", "value"),
    [("600.03", "60003/100"), ("2/3", "2/3"), ("0", "0"), ("007.10", "71/10"), ("4/2", "2"), ("0/5", "0")],
)
def test_a_rational_is_read_exactly(written: str, value: str) -> None:
    assert node(f'"{written}"').rational() == Fraction(value)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "inf",
        "1/0",
        "1/00",
        ".5",
        "5.",
        "1/2.5",
        " 1",
        "1 ",
        "1_0",
        "٣",
        "１",
        "1,5",
        "1\\n",
    ],
)
def test_what_is_no_rational_is_refused(written: str) -> None:
    refusal(node(f'"{written}"').rational)


@pytest.mark.parametrize("value", ["1", "1.5", "true", "null", "[]", "{}"])
def test_a_number_is_no_string_and_a_string_no_number(value: str) -> None:
    refusal(node(value).rational)
    refusal(node(value).decimal)
    refusal(node(value).text)
    refusal(node('"1"').whole)


def test_a_decimal_may_be_negative_and_has_no_more_than_its_places() -> None:
    assert node('"-21332.07"').decimal(2) == Fraction(-2133207, 100)
    assert node('"5"').decimal(0) == 5
    assert refusal(lambda: node('"1.234"').decimal(2)) == "here[0]: has more than 2 decimals"
    for written in ("1/2", "--1", "+1", "1e2", "-", ""):
        refusal(node(f'"{written}"').decimal)


@pytest.mark.parametrize("value", ["1.0", "1e2", "-1", "true", "null", '"1"', "9" * 5000, "NaN", "-Infinity"])
def test_a_whole_number_is_a_plain_json_number(value: str) -> None:
    refusal(node(value).whole)


def test_whole_numbers_are_bounded() -> None:
    assert node("12").whole(least=12, most=12) == 12
    assert node("-3").whole(least=-3) == -3
    assert refusal(lambda: node("0").whole(least=1)) == "here[0]: must be 1 or more"
    assert refusal(lambda: node("3").whole(most=2)) == "here[0]: must be 2 or less"


def test_a_number_too_long_is_refused() -> None:
    refusal(node('"' + "1" * (LONGEST_NUMBER + 1) + '"').rational)
    refusal(node('"1/' + "1" * (LONGEST_NUMBER + 1) + '"').rational)


def test_days_and_times_are_plain_and_real() -> None:
    assert node('"2024-02-29"').day() == date(2024, 2, 29)
    assert node('"2025-03-01T09:00"').time() == datetime(2025, 3, 1, 9)
    assert node('"2025-03-01T09:00:07"').time() == datetime(2025, 3, 1, 9, 0, 7)
    for written in ("2025-02-29", "20250301", "2025-3-1", "2025-03-01T09:00", "0000-01-01", ""):
        refusal(node(f'"{written}"').day)
    for written in ("2025-03-01", "2025-03-01T24:00", "2025-03-01T09:00Z", "2025-03-01 09:00", "2025-03-01T09:00:00.1"):
        refusal(node(f'"{written}"').time)


def test_closed_lists_names_and_yes_or_no() -> None:
    assert node('"for"').one_of(("for", "against")) == "for"
    assert refusal(lambda: node('"yes"').one_of(("for", "against"))) == "here[0]: must be one of for, against"
    assert refusal(node('""').name) == "here[0]: must not be empty"
    assert refusal(lambda: node('"a"').new_name({"a"})) == 'here[0]: "a" stands twice'
    assert node("true").yes_no() is True
    for value in ("1", '"true"', "null"):
        refusal(node(value).yes_no)


@pytest.mark.parametrize(
    "text",
    ["", "nope", "{", '{"a": 1} {"b": 2}', "[" * 100_000, '{"a":' * 100_000, "'a'", '{"a": 01}', "{a: 1}", "\x00"],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    assert refusal(lambda: read_json(text)).startswith("file: is ")


def test_a_number_is_never_turned_into_floating_point() -> None:
    assert not isinstance(node("1.5").value, float)
    assert not isinstance(node("NaN").value, float)
    assert not isinstance(node("1e999").value, float)


def test_half_a_character_is_refused_where_a_text_is_asked_for() -> None:
    assert refusal(node('"\\ud800"').text) == "here[0]: has half of a character in it"
    assert node('"\\ud83c\\udfe0"').text() == "🏠"


def test_a_file_is_utf_8_and_not_larger_than_can_be_read() -> None:
    assert decoded("和美".encode()) == "和美"
    assert refusal(lambda: decoded(b"\xff")) == "file: is no UTF-8 (byte 0)"
    assert refusal(lambda: decoded(b" " * (LARGEST_FILE + 1))) == f"file: is larger than {LARGEST_FILE} bytes"
    assert refusal(lambda: read_json(" " * (LARGEST_FILE + 1))) == f"file: is larger than {LARGEST_FILE} bytes"


def test_a_mark_of_byte_order_is_passed_over() -> None:
    assert read_json("\ufeff{}").record() == {}


def test_plain_data_may_stand_in_a_tree_too() -> None:
    tree = Node({"lots": 3, "tests": [{"threshold": "2/3"}], "part": 0.5})
    found = tree.record(("lots", "tests", "part"))
    assert found["lots"].whole() == 3
    assert found["tests"].members()[0].record(("threshold",))["threshold"].rational() == Fraction(2, 3)
    refusal(found["part"].whole)
    refusal(found["part"].rational)


def test_a_files_own_words_are_repeated_quoted_and_short() -> None:
    assert shown('a"b\n') == '"a\\"b\\n"'
    assert len(shown("x" * 1000)) < 50
    assert shown("a\u202eb\x9b") == '"a\\u202eb\\u009b"'


def test_a_name_stands_in_a_line_as_it_is_unless_it_would_not_print() -> None:
    assert named("1号楼 101") == "1号楼 101"
    assert named("101\n102 passed") == '"101\\n102 passed"'


def test_a_key_with_half_of_a_character_is_refused_at_its_place() -> None:
    assert refusal(node('{"\\ud800": 1}').entries) == 'here[0]."\\ud800": has half of a character in it'
