"""Anybody tries an engine: out comes what the command says, what is wrong stands beside it, nothing is kept."""

import io
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hemei.base.models import Bucket
from hemei.handbook import actions, examples, forms, shares
from hemei.handbook.texts import TEXTS
from tests.access.walking import everything

VOTE, COST = "handbook:count_votes", "handbook:share_cost"
DECISION, COSTS = ((TEXTS / f"{name}.json").read_text(encoding="utf-8") for name in ("decision", "costs"))


@pytest.fixture
def reader(db, now):
    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies["language"] = "en"
    return client


def send(reader, page, **said):
    answer = reader.post(reverse(page), said)
    return answer.status_code, answer.content.decode()


def plan(**said):
    return {**examples.COST, **said}


# what comes out


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("page", "example"), [*((VOTE, key) for key in examples.VOTES), *((COST, key) for key in examples.COSTS)]
)
def test_every_example_is_reckoned_at_once_and_in_both_languages(
    reader, page, example, language, django_assert_max_num_queries
):
    reader.cookies["language"] = language
    with django_assert_max_num_queries(10):
        answer = reader.get(reverse(page), {"example": example})
    assert answer.status_code == 200
    assert 'class="verdict ' in answer.content.decode()


def test_a_vote_from_the_small_form_is_told_in_one_sentence_with_all_its_numbers(reader):
    status, page = send(reader, VOTE, **examples.VOTES["lift"][1]())
    assert status == 200
    assert "Passed: all four tests are met." in page
    for told in ("8 / 12", "490.60 / 735.90", "6 / 8", "369.90 / 490.60"):
        assert told in page
    assert "4 × 369.90 = 1479.60 &gt; 3 × 490.60 = 1471.80: enough" in page
    assert "This is not legal advice." in page


def test_what_is_missing_is_told_as_a_number_of_homes(reader):
    _status, page = send(reader, VOTE, **examples.VOTES["short"][1]())
    assert "1 more home would have had to take part and say yes." in page


def test_homes_of_one_owner_are_one_head(reader):
    homes = "101, 60, for, Li\n102, 60, for, Li\n201, 60, against\n202, 60, for"
    _status, page = send(reader, VOTE, rule="CN-278-ORDINARY", homes=homes)
    assert "2 / 3" in page
    assert "180.00 / 240.00" in page


def test_the_silent_join_the_majority_where_the_rule_says_so_and_their_ballot_was_served(reader):
    homes = "101, 60, for\n102, 60, for\n201, 60, against\n202, 60, served\n301, 60, none"
    _status, page = send(reader, VOTE, rule="CN-278-SPECIAL-SILENT", homes=homes)
    assert "silent, and by the rule: agrees" in page
    assert "4 / 5" in page


def test_a_file_of_several_cases_is_counted_whole_and_the_command_says_the_same(reader, tmp_path, capsys):
    from hemei.cli import main

    status, page = send(reader, VOTE, text=DECISION)
    assert status == 200
    assert page.count('class="verdict ') == 2
    path = tmp_path / "case.json"
    path.write_text(DECISION, encoding="utf-8")
    assert main(["tally", str(path)]) == 0
    shown = [json.loads(answer)[0] for answer in answers_in(page)]
    assert shown == json.loads(capsys.readouterr().out)


def answers_in(page):
    """What stands in the page as the command prints it."""
    from html import unescape

    return [unescape(part.split("</pre>")[0]) for part in page.split('<pre tabindex="0">')[1:]]


def test_the_small_form_says_what_its_file_says(reader):
    """The text of the case stands in the page, and sent as a file it gives the same answer."""
    from html import unescape

    _status, page = send(reader, COST, **examples.COSTS["lift"][1]())
    text = unescape(page.split('name="text"')[1].split(">", 1)[1].split("</textarea>")[0])
    _status, again = send(reader, COST, text=text)
    assert answers_in(page) == answers_in(again)


def test_the_first_example_of_a_cost_is_that_of_the_handbook(reader):
    _status, page = send(reader, COST, **examples.COSTS["lift"][1]())
    _status, file = send(reader, COST, text=COSTS)
    shares = [json.loads(answers_in(one)[0])[0]["shares"] for one in (page, file)]
    assert shares[0] == shares[1]
    assert shares[0]["501"] == "50197.36"
    assert "420,000 × 1.2 ÷ 5.1 × 62.30 ÷ 122.65" in page
    assert "501 gets a missing cent: 50,197.36" in page


def test_a_plan_that_cannot_pay_for_itself_is_an_answer(reader):
    file = json.loads(COSTS)
    case = file["cases"][0]
    case["method"] = {"name": "least_slack", "scale": "one"}
    for home in case["homes"]:
        home["limit"] = "1000.00"
    status, page = send(reader, COST, text=json.dumps(file))
    assert status == 200
    assert "¥408,000.00 is missing" in page
    assert "Step by step" not in page


def test_full_hundreds_leave_a_reserve(reader):
    _status, page = send(reader, COST, **examples.COSTS["hundreds"][1]())
    assert "¥312.00 of it goes into the lift&#x27;s reserve." in page


def test_an_uploaded_file_stays_as_text_that_can_be_changed(reader):
    status, page = send(reader, VOTE, text="", file=SimpleUploadedFile("case.json", DECISION.encode()))
    assert status == 200
    assert "lift-one-fewer" in page.split("<textarea")[-1]


# nothing is kept


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (VOTE, examples.VOTES["lift"][1]),
        (VOTE, lambda: {"text": DECISION}),
        (COST, examples.COSTS["limits"][1]),
        (COST, lambda: {"text": COSTS}),
        (VOTE, lambda: {"text": "{"}),
    ],
)
def test_nothing_is_kept_but_that_somebody_tried(reader, page, said):
    before, sessions = everything(), reader.cookies.get("hemei")
    send(reader, page, **said())
    assert everything() == before
    assert reader.cookies.get("hemei") == sessions
    assert [bucket.key.split(":")[0] for bucket in Bucket.objects.all()] == ["handbook"]


def test_reading_and_examples_cost_no_turn(reader):
    for page in (VOTE, COST):
        reader.get(reverse(page), {"example": "lift"})
    assert not Bucket.objects.exists()


def test_too_often_is_told_with_when_to_come_again_and_the_words_stay(reader, monkeypatch):
    monkeypatch.setattr(actions, "TRIES", 1)
    said = examples.VOTES["lift"][1]()
    assert send(reader, VOTE, **said)[0] == 200
    answer = reader.post(reverse(VOTE), said)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "101, 62.30, " in answer.content.decode()
    assert 'class="verdict ' not in answer.content.decode()


# what is wrong

BROKEN = {
    "no JSON": ("{", "is no JSON"),
    "nothing": ("   ", "Paste a case here"),
    "nested": ("[" * 100_000, "nested"),
    "another schema": (COSTS, "rules: is missing"),
    "NaN": (DECISION.replace('"62.30"', "NaN"), "cases[0].units[0].area"),
    "a float": (DECISION.replace('"62.30"', "62.3"), "cases[0].units[0].area"),
    "an unknown unit": (DECISION.replace('"unit": "401"', '"unit": "999"'), "cases[0].events[0].unit"),
    "a threshold above one": (DECISION.replace('"2/3"', '"3/2"'), "rules"),
    "a number that is too long": (DECISION.replace('"62.30"', f'"{"9" * 5000}"'), "cases[0].units[0].area"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_file_is_refused_with_place_and_reason_and_stays_in_its_field(reader, name):
    text, told = BROKEN[name]
    status, page = send(reader, VOTE, text=text)
    assert status == 422
    assert told in page
    assert 'class="verdict ' not in page
    assert "<details" in page
    assert '<details class="case" open>' in page


def test_a_mistake_is_told_in_the_readers_language(reader):
    reader.cookies["language"] = "zh-hans"
    status, page = send(reader, VOTE, text=DECISION.replace('"62.30"', "62.3"))
    assert status == 422
    assert "cases[0].units[0].area：" in page


def test_more_than_a_page_takes_is_413(reader):
    assert send(reader, VOTE, text=" " * (forms.FILE_BYTES_MAX + 1))[0] == 413
    file = SimpleUploadedFile("big.json", b"[" * (forms.FILE_BYTES_MAX + 1))
    status, page = send(reader, VOTE, text="", file=file)
    assert status == 413
    assert "larger than 1 MB" in page
    case = json.loads(COSTS)["cases"][0]
    file = {"cases": [{**case, "id": str(number)} for number in range(31)]}
    status, page = send(reader, COST, text=json.dumps(file))
    assert status == 413
    assert "A page takes 30 cases" in page


def test_a_file_that_is_no_text_is_refused(reader):
    status, page = send(reader, COST, text="", file=SimpleUploadedFile("case.json", b"\xff\xfe\x00{"))
    assert status == 422
    assert "no text in UTF-8" in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"floors": ""}, "This is still empty"),
        ({"floors": "0"}, "It has to be 1 at least."),
        ({"floors": "6.5"}, "Please write a whole number"),
        ({"floors": "61"}, "It can be 60 at most."),
        ({"works": "a lot"}, "Please write a number, in figures"),
        ({"works": "-5"}, "It has to be 0 at least."),
        ({"works": "1.999"}, "Please write a number, in figures"),
        ({"rate": "101"}, "It can be 100 at most."),
        ({"rate": "100.01"}, "It can be 100 at most."),
        ({"each": ""}, "Say how many homes a floor has"),
        ({"key": "yanji"}, "This table is for 7 floors, and you have 6"),
        ({"key": "own", "table": "0, 1"}, "There are 2 coefficients for 6 floors"),
        ({"key": "own", "table": "0, 1, x, 3, 4, 5"}, "“x” is no number"),
        ({"key": "nothing"}, "is not one of the choices"),
        ({"homes": "101, 9, 60"}, "Line 1: its floor is not a number from 1 to 6"),
        ({"homes": "101, 1, 60, 500\n201, 2, 60"}, "Home 201 has no sum that it would pay at most"),
    ],
)
def test_what_cannot_stand_in_a_plan_is_told_beside_it_and_the_rest_stays(reader, said, told):
    status, page = send(reader, COST, **plan(**said, other="4321.09"))
    assert status == 422
    assert told in page
    assert 'value="4321.09"' in page
    assert 'class="verdict ' not in page


@pytest.mark.parametrize(
    "said",
    [
        {"works": "６８万"},
        {"key": "own", "table": "-1、0，1\t2;3，4"},
        {"key": "own", "table": "0 1 2 3 4 5"},
        {"key": "shanghai-habit"},
        {"rate": "", "cap": "", "other": ""},
        {"rate": "33.33"},
        {"homes": "101，1楼，62.30", "each": ""},
        {"works": "0", "other": "0"},
    ],
)
def test_what_people_write_in_their_own_way_is_taken(reader, said):
    status, page = send(reader, COST, **plan(**said))
    assert (status, 'class="verdict ' in page) == (200, True)


@pytest.mark.parametrize("rule", [entry.rule.id for entry in forms.ballots.simple_rules()])
def test_every_rule_of_the_list_counts_a_small_vote(reader, rule):
    homes = "101, 60, for\n102, 40, against\n201, 50, abstain\n202, 30, none"
    status, page = send(reader, VOTE, rule=rule, homes=homes)
    assert status == 200
    assert "not legal advice" in page


def test_a_rule_that_asks_for_the_consent_of_some_is_left_to_files(reader):
    assert send(reader, VOTE, rule="CN-278-SPECIAL-OCCUPIED", homes="101, 60, for")[0] == 422


def test_hostile_words_stay_words(reader):
    script = "<script>alert(1)</script>"
    small = {"rule": "CN-278-SPECIAL", "homes": f"{script}1, 60, for"}
    for said in (small, {"text": DECISION.replace("lift", script)}):
        _status, page = send(reader, VOTE, **said)
        assert "<script>alert" not in page


def test_a_form_of_another_page_is_read_as_empty(reader):
    status, page = send(reader, COST, form_key=str(uuid4()))
    assert status == 422
    assert "This is still empty" in page


def test_an_empty_file_and_a_file_without_cases(reader):
    assert send(reader, COST, text="", file=io.BytesIO(b""))[0] == 422
    for page, text in ((COST, '{"cases": []}'), (VOTE, '{"rules": {}, "cases": []}')):
        status, told = send(reader, page, text=text)
        assert status == 422
        assert 'class="verdict ' not in told
        assert "Paste a case here" in told


def test_no_floating_point_touches_what_is_shown():
    """In this room's code stand no floats, neither written nor made; but seconds may be parts of one."""
    import ast
    from pathlib import Path

    for path in Path(forms.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())) if path.name != "bounds.py" else ():
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Name) and node.id in ("float", "round")), path


# beside it


def test_a_plan_stands_beside_other_ways_and_nothing_is_ranked(reader):
    _status, page = send(reader, COST, **examples.COSTS["limits"][1]())
    assert "Beside other ways to share" in page
    assert "Guangzhou reference key" in page
    assert "The same room for everybody" in page
    assert "Likely that all sign" in page
    assert ">53,333.32<" in page  # twice 23,333.33 and twice 3,333.33


def test_without_wishes_nobody_guesses_how_likely_it_is(reader):
    _status, page = send(reader, COST, **examples.COSTS["hundreds"][1]())
    assert "Storeys climbed" in page
    assert "Likely that all sign" not in page
    assert page.count("Compensation, together") == 1  # a figure of the plan; nobody gets one by any other way


def test_what_is_short_is_told_with_what_would_help(reader):
    homes = "\n".join(f"{floor}0{n}, {floor}, 60, 1000" for floor in range(1, 7) for n in (1, 2))
    _status, page = send(reader, COST, **plan(homes=homes, each=""))
    assert "What would help" in page
    assert "¥408,000.00" in page


def test_bounds_that_cannot_be_kept_are_told_by_how_much(reader):
    file = json.loads(COSTS)
    case = file["cases"][0]
    caps = [{"floor": floor, "least": "500000.00"} for floor in range(1, 7)]
    case["method"] = {"name": "least_slack", "scale": "one", "caps": caps}
    for home in case["homes"]:
        home["limit"] = "600000.00"
    status, page = send(reader, COST, text=json.dumps(file))
    assert status == 200
    assert "The bounds cannot be kept: ¥5,580,000.00 too much" in page


def test_what_stands_beside_is_left_out_where_it_takes_too_long(reader, monkeypatch):
    def forever(_case):
        while True:
            pass

    monkeypatch.setattr(shares, "SECONDS_BESIDE", 0.05)
    monkeypatch.setattr(shares, "proposals", forever)
    status, page = send(reader, COST, **examples.COSTS["lift"][1]())
    assert status == 200
    assert "Beside other ways to share" not in page
    assert "54,380.47" in page
