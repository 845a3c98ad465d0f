"""`hemei tally` and `hemei share` as somebody types them: the cases agree, a bad file is refused whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hemei.cli import main

DATA = Path(__file__).resolve().parents[1] / "data"
VERBS = {"tally": DATA / "consent" / "cases.json", "share": DATA / "costs" / "cases.json"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_case_is_answered_in_the_order_of_the_file_and_agrees(verb, capsys):
    asked = [case["id"] for case in json.loads(VERBS[verb].read_text("utf-8"))["cases"]]
    assert main([verb, str(VERBS[verb])]) == 0
    assert [answer["id"] for answer in json.loads(capsys.readouterr().out)] == asked
    assert main([verb, str(VERBS[verb]), "--check"]) == 0
    assert capsys.readouterr().out == (f"{len(asked)} cases agree\n" if verb == "tally" else "")


@pytest.mark.parametrize("verb", VERBS)
def test_an_answer_that_is_not_the_expected_one_is_named(verb, tmp_path, capsys):
    told = json.loads(VERBS[verb].read_text("utf-8"))
    wanted = told["cases"][0]["expected"]
    wanted.update({"outcome": "rejected"} if verb == "tally" else {"total": "1.00"})
    other = tmp_path / "other.json"
    other.write_text(json.dumps(told), "utf-8")
    assert main([verb, str(other), "--check"]) == 1
    key, wrong = ("outcome", "rejected") if verb == "tally" else ("total", "1.00")
    assert f"{told['cases'][0]['id']} {key}: expected '{wrong}', got " in capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("bad", [b"", b"{", b"\xff\xfe", b"[" * 1_000_000, b'{"cases": [], "more": NaN}'])
def test_a_bad_file_is_refused_whole(verb, bad, tmp_path, capsys):
    file = tmp_path / "bad.json"
    file.write_bytes(bad)
    assert main([verb, str(file)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize("verb", VERBS)
def test_an_answer_is_utf_8_whatever_the_locale_can_write(verb, tmp_path):
    told = json.loads(VERBS[verb].read_text("utf-8"))
    told["cases"][0]["id"] = "案é😀"
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(told), "utf-8")
    words = [sys.executable, "-m", "hemei", verb, str(file)]
    done = subprocess.run(words, env={**os.environ, "PYTHONIOENCODING": "gbk"}, capture_output=True, check=True)
    assert json.loads(done.stdout.decode("utf-8"))[0]["id"] == "案é😀"
