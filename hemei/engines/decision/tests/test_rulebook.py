import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hemei.engines.decision.reading import read_cases
from hemei.engines.decision.rule import Rule
from hemei.engines.decision.rulebook import (
    FOLDER,
    Attestation,
    NotChecked,
    NotInForce,
    as_case_rule,
    attested,
    known,
    may_open,
    read_rule_file,
    read_rulebook,
    rule,
    rulebook,
    rules_on,
)
from hemei.engines.decision.words import legal_note
from hemei.engines.strict import Mistake

SAMPLES = Path(__file__).resolve().parents[4] / "tests" / "data" / "consent" / "cases.json"
TODAY = date(2030, 3, 1)
CHECKED = {
    "CN-278-ORDINARY",
    "CN-278-SPECIAL",
    "CN-278-SPECIAL-SILENT",
    "CN-278-SPECIAL-OCCUPIED",
    "CN-SH-2019-BUILDING",
    "CN-SH-RENEWAL-95",
    "HK-LARGE-MAINTENANCE",
    "JP-17",
    "JP-17-5",
    "KR-15",
    "KR-41",
}
ROWS = {  # place and matter of the table of rules -> the rules that hold its figures
    "China 2021, ordinary and special": (
        "CN-278-ORDINARY",
        "CN-278-SPECIAL",
        "CN-278-SPECIAL-SILENT",
        "CN-278-SPECIAL-OCCUPIED",
    ),
    "Shanghai 2011-2016": ("CN-SH-2011-WISHES", "CN-SH-2011-AGREEMENT", "CN-SH-2011-ESTATE"),
    "Shanghai 2016-2019": ("CN-SH-2016-VETO", "CN-SH-2011-ESTATE"),
    "Shanghai 2019-2020": ("CN-SH-2019-BUILDING", "CN-SH-2019-ESTATE"),
    "Shanghai 2021, renewal": ("CN-SH-RENEWAL-95",),
    "Residents' meeting": ("CN-RESIDENTS-MEETING",),
    "Committee": ("CN-SH-COMMITTEE",),
    "Germany 25, 20": ("DE-25", "DE-20"),
    "Germany 21(2)": ("DE-21-2", "DE-21-2-AT-LEAST"),
    "France 24, 25, 26": ("FR-24", "FR-25", "FR-26"),
    "New South Wales": ("NSW-SPECIAL", "NSW-SPECIAL-QUORUM", "NSW-ACCESS"),
    "Queensland": ("QLD-SPECIAL", "QLD-SPECIAL-MORE"),
    "South Australia": ("SA-SPECIAL",),
    "Singapore": ("SG-SPECIAL", "SG-90", "SG-UNANIMOUS"),
    "Hong Kong": ("HK-GENERAL", "HK-APPOINT", "HK-LARGE-MAINTENANCE"),
    "Korea 38, 15, 15-2": ("KR-38", "KR-15", "KR-15-AFFECTED", "KR-15-2", "KR-15-2-AFFECTED"),
    "Korea 41": ("KR-41", "KR-41-BEFORE-2023"),
    "Japan to March 2026": ("JP-17-BEFORE-2026",),
    "Japan from April 2026": ("JP-17", "JP-17-5"),
    "Taiwan": ("TW-GENERAL", "TW-GENERAL-2003", "TW-MAJOR"),
}


def sample_rules() -> dict[str, dict[str, Any]]:
    return dict(json.loads(SAMPLES.read_text(encoding="utf-8"))["rules"])


# -- what the book holds


def test_every_row_of_the_table_of_rules_is_in_the_book_and_nothing_else() -> None:
    assert set(rulebook().entries) == {id for ids in ROWS.values() for id in ids}


@pytest.mark.parametrize("id", sorted(sample_rules()))
def test_a_rule_that_the_sample_cases_bring_along_is_the_same_in_the_book(id: str) -> None:
    """Everything the sample says; France's cut of a majority owner (art. 22) is the one thing that bears on a verdict
    and is said by the book alone."""
    sample, book = sample_rules()[id], as_case_rule(id)
    sample["proxy"] = {key: value for key, value in sample["proxy"].items() if value is not None}
    assert {key: book[key] for key in sample if key != "tests" and key != "fallback"} == {
        key: value for key, value in sample.items() if key != "tests" and key != "fallback"
    }
    assert book["tests"] == sample["tests"]
    assert book.get("fallback") == sample.get("fallback")
    added = set(book) - set(sample) - {"name", "source", "matter", "place", "notes", "checked", "cost_effect"}
    assert added == ({"majority_owner_cut"} if id.startswith("FR-") else set())


def test_what_is_not_dated_or_only_remembered_is_not_checked_and_says_why() -> None:
    entries = rulebook().entries
    assert {id for id, entry in entries.items() if entry.rule.checked} == CHECKED
    for id, entry in entries.items():
        assert (entry.rule.valid_from is not None) == (id in CHECKED)
        assert (entry.unchecked_why is None) == (id in CHECKED)


def test_every_rule_speaks_both_languages_and_names_its_source() -> None:
    for entry in rulebook().entries.values():
        for words in (
            entry.rule.name,
            entry.matter,
            entry.source,
            entry.place.name,
            entry.unchecked_why,
            entry.own_text,
        ):
            assert words is None or (words.en and words.zh)
        assert any("一" <= sign <= "鿿" for sign in entry.matter.zh)
        assert (entry.rule.matter, entry.rule.source, entry.rule.place) == (
            entry.matter.en,
            entry.source.en,
            entry.place.name.en,
        )


@pytest.mark.parametrize("id", rulebook().entries)
def test_a_rule_of_the_book_makes_a_case(id: str) -> None:
    """Read back from a file of cases it is the same rule, whatever is done to the answer."""
    as_case_rule(id)["tests"].clear()
    file = read_cases(json.dumps({"rules": {id: as_case_rule(id)}, "cases": []}))
    assert file.rules[id] == rule(id)
    assert known(file.rules[id]) is rulebook().entries[id]


def test_one_file_is_one_place_and_a_place_may_lie_in_another() -> None:
    assert set(rulebook().places) == {path.stem for path in FOLDER.glob("*.toml")}
    assert rulebook().places["shanghai"].within == "china"


# -- which rules hold


def test_on_a_day_the_rules_out_of_force_are_left_out_and_the_undated_stay() -> None:
    then = {one.id for one in rules_on(date(2020, 6, 1), "shanghai")}
    assert "CN-SH-2019-BUILDING" in then
    assert "CN-SH-2011-WISHES" in then
    assert not {"CN-278-SPECIAL", "CN-SH-RENEWAL-95", "KR-38"} & then
    now = {one.id for one in rules_on(TODAY, "shanghai")}
    assert {"CN-278-SPECIAL", "CN-SH-RENEWAL-95"} <= now
    assert "CN-SH-2019-BUILDING" not in now
    assert {one.id for one in rules_on(TODAY, "china")} == {id for id in now if not id.startswith("CN-SH-")}


def test_first_and_last_day_belong_to_the_time_of_a_rule() -> None:
    for day, there in (
        (date(2019, 12, 24), False),
        (date(2019, 12, 25), True),
        (date(2020, 12, 31), True),
        (date(2021, 1, 1), False),
    ):
        assert ("CN-SH-2019-BUILDING" in {one.id for one in rules_on(day)}) is there
    assert {one.id for one in rules_on(date(2026, 3, 31), "japan")} == {"JP-17-BEFORE-2026"}
    assert {one.id for one in rules_on(date(2026, 4, 1), "japan")} == {"JP-17", "JP-17-5"}


def test_a_place_or_a_rule_that_is_not_in_the_book_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        rules_on(TODAY, "atlantis")
    with pytest.raises(KeyError):
        rule("XX-1")
    with pytest.raises(KeyError):
        as_case_rule("XX-1")


# -- what may open a decision

WORD = Attestation(source="Official gazette 2029/7", valid_from=date(2029, 7, 1), by="administrator Lin")


def test_a_checked_rule_opens_from_its_first_day_to_its_last() -> None:
    building = rule("CN-SH-2019-BUILDING")
    assert may_open(building, date(2019, 12, 25)) is building
    assert may_open(building, date(2020, 12, 31)) is building
    with pytest.raises(NotInForce, match="from 2019-12-25") as early:
        may_open(building, date(2019, 12, 24))
    assert early.value.zh == "它从 2019-12-25 起适用"
    with pytest.raises(NotInForce, match="until 2020-12-31") as late:
        may_open(building, date(2021, 1, 1))
    assert late.value.zh == "它到 2020-12-31 止"


@pytest.mark.parametrize("id", sorted(set(rulebook().entries) - CHECKED))
def test_a_rule_that_is_not_checked_opens_nothing_before_somebody_vouches_for_it(id: str) -> None:
    if rule(id).valid_to is not None:
        return
    with pytest.raises(NotChecked, match="not checked against the text of the law") as refused:
        may_open(rule(id), TODAY)
    assert refused.value.zh.startswith("未与法律原文核对。")
    why = rulebook().entries[id].unchecked_why
    assert why is not None
    assert why.zh in refused.value.zh
    opened = may_open(rule(id), TODAY, WORD)
    assert (opened.checked, opened.source, opened.valid_from) == (True, WORD.source, WORD.valid_from)
    assert opened.tests == rule(id).tests
    with pytest.raises(NotInForce):
        may_open(rule(id), date(2029, 6, 30), WORD)


def test_the_clause_on_silence_opens_only_with_the_estates_own_rules() -> None:
    silent = rule("CN-278-SPECIAL-SILENT")
    with pytest.raises(NotChecked, match="rules of procedure") as refused:
        may_open(silent, TODAY)
    assert "本小区业主大会议事规则" in refused.value.zh
    assert may_open(silent, TODAY, WORD).nonresponse == "follows_majority_if_delivered"


def test_a_rule_of_the_book_stays_unchecked_when_a_file_forgets_to_say_so() -> None:
    forgetful = as_case_rule("DE-25")
    del forgetful["checked"]
    brought: Rule = read_cases(json.dumps({"rules": {"DE-25": forgetful}, "cases": []})).rules["DE-25"]
    assert brought.checked
    with pytest.raises(NotChecked):
        may_open(brought, TODAY)


def test_who_vouches_may_name_the_very_source_that_stands_in_the_book() -> None:
    vouched = attested(rule("DE-25"), Attestation(rule("DE-25").source, date(2020, 12, 1), "Lin"))
    assert may_open(vouched, TODAY) is vouched
    assert "Not checked" not in legal_note(vouched, "en")


def test_to_vouch_takes_a_source_and_a_name_and_a_day_within_the_rules_time() -> None:
    for empty in (Attestation(" ", TODAY, "Lin"), Attestation("gazette", TODAY, "")):
        with pytest.raises(NotChecked, match="where its text stands"):
            attested(rule("DE-25"), empty)
    with pytest.raises(NotInForce, match="last day is 2023-09-28"):
        attested(rule("KR-41-BEFORE-2023"), WORD)


# -- the files

GOOD = """
place = { en = "Here", zh = "此地" }
[common]
head_key = "owner"
joint = "unanimous"
abstain = "ignored"
spoiled = "not_participating"
nonresponse = "absent"
transfer = "lapses"
proxy = { written_required = true, own_act_overrides = true }
[rules.HERE-1]
name = { en = "One", zh = "一" }
matter = { en = "Anything", zh = "任何事" }
source = { en = "Law 1", zh = "法一" }
valid_from = 2020-01-01
checked = true
[[rules.HERE-1.tests]]
id = "half"
kind = "approval"
measure = "heads"
who = "all"
count = "for"
base = "all"
cmp = ">"
threshold = "1/2"
"""


def test_what_is_common_to_a_file_stands_in_every_rule_that_does_not_say_otherwise() -> None:
    _place, (entry,) = read_rule_file("here", GOOD)
    assert (entry.rule.joint, entry.rule.valid_from) == ("unanimous", date(2020, 1, 1))
    own = GOOD.replace("checked = true", 'checked = true\njoint = "representative"')
    assert read_rule_file("here", own)[1][0].rule.joint == "representative"


MISTAKES = [
    ("checked = true", "checked = true\nquorum = 3", "rules.HERE-1.quorum", "is not a key"),
    ('threshold = "1/2"', 'threshold = "1/2"\ncolour = "red"', "rules.HERE-1.tests[0].colour", "is not a key"),
    ('threshold = "1/2"', "threshold = 0.5", "rules.HERE-1.tests[0].threshold", "must be a decimal or fraction string"),
    ('threshold = "1/2"', 'threshold = "3/2"', "rules.HERE-1.tests[0].threshold", "between 0 and 1"),
    ('threshold = "1/2"', 'threshold = "1/0"', "rules.HERE-1.tests[0].threshold", "divides by nothing"),
    ('threshold = "1/2"', "threshold = nan", "rules.HERE-1.tests[0].threshold", "must be a decimal or fraction string"),
    ('who = "all"', 'who = "group:"', "rules.HERE-1.tests[0].who", "name of a group"),
    ('measure = "heads"', 'measure = "noses"', "rules.HERE-1.tests[0].measure", "must be one of"),
    ('joint = "unanimous"', "", "rules.HERE-1.joint", "is missing"),
    ('joint = "unanimous"', 'joint = "maybe"', "rules.HERE-1.joint", "must be one of"),
    ('joint = "unanimous"', 'joint = "unanimous"\ntypo = 1', "rules.HERE-1.typo", "is not a key"),
    ('zh = "法一"', 'zh = ""', "rules.HERE-1.source.zh", "must not be empty"),
    ('matter = { en = "Anything", zh = "任何事" }', "", "rules.HERE-1.matter", "is missing"),
    ("checked = true", "", "rules.HERE-1.checked", "is missing"),
    ("checked = true", 'checked = "yes"', "rules.HERE-1.checked", "true or false"),
    ("valid_from = 2020-01-01", "", "rules.HERE-1.checked", "the first day is due"),
    ("valid_from = 2020-01-01", "valid_from = 2020-01-01T00:00:00", "rules.HERE-1.valid_from", "must be a day"),
    ("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_to = 2019-01-01", "rules.HERE-1.valid_to", "before"),
    ("checked = true", "checked = false", "rules.HERE-1.checked", "a reason is due"),
    ('place = { en = "Here", zh = "此地" }', "", "place", "is missing"),
    ("[common]", "[usual]", "usual", "is not a key"),
    ("[rules.HERE-1]", "[rules.HERE-1", "file", "is no TOML"),
    ("checked = true", "checked = true\nchecked = true", "file", "is no TOML"),
]


@pytest.mark.parametrize(("good", "bad", "place", "reason"), MISTAKES)
def test_a_mistake_in_a_rule_file_is_refused_with_place_and_reason(
    good: str, bad: str, place: str, reason: str
) -> None:
    assert good in GOOD
    with pytest.raises(Mistake, match=reason) as refused:
        read_rule_file("here", GOOD.replace(good, bad, 1))
    assert refused.value.path == f"here.toml: {place}"
    assert refused.value.zh


def test_a_rule_without_tests_is_refused() -> None:
    with pytest.raises(Mistake, match="must have 1 or more members"):
        read_rule_file("here", GOOD[: GOOD.index("[[")] + "tests = []\n")


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5_000, "place = 3\nrules = 4"])
def test_a_file_that_would_break_its_reader_is_refused_too(text: str) -> None:
    with pytest.raises(Mistake):
        read_rule_file("here", text)


def test_an_id_stands_in_one_file_and_a_place_lies_in_one_that_is_there() -> None:
    with pytest.raises(Mistake, match="stands in another file too") as twice:
        read_rulebook({"here": GOOD, "there": GOOD})
    assert twice.value.path == "there.toml: rules.HERE-1"
    with pytest.raises(Mistake, match="is not a place of this rulebook"):
        read_rulebook({"here": 'within = "nowhere"\n' + GOOD})
