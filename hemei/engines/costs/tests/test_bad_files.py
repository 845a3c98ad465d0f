"""A file with a mistake is refused with the place and the reason, and nothing of it is evaluated."""

import json
from pathlib import Path

import pytest

from hemei.engines.costs import command
from hemei.engines.costs.tests.bad_files import bad_files, good_file


def test_the_file_is_good_before_a_mistake_is_put_into_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "good.json"
    file.write_text(json.dumps(good_file(), ensure_ascii=False), encoding="utf-8")
    assert command.main(file) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(good_file()["cases"])


def test_every_mistake_is_refused_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.json"
    wrong = []
    for sentence, (text, places) in bad_files().items():
        file.write_text(text, encoding="utf-8")
        status = command.main(file)
        printed, told = capsys.readouterr()
        named = any(told.startswith(place) for place in places) and ": " in told and told.count("\n") == 1
        if status != 2 or printed or not named:
            wrong.append((sentence, status, printed[:80], told[:200]))
    assert not wrong
