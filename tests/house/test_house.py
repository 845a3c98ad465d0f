"""The house is what it says it is: its order, its texts, and what it never does."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hemei.reactions import REACTIONS
from hemei.rooms import ROOMS

HOUSE = Path(__file__).resolve().parents[2]


def test_the_import_rule_is_the_list_of_rooms():
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = contracts[0]["layers"]
    assert [*reversed(layers)] == ["engines", *ROOMS]


def test_every_reaction_names_a_step_that_stands_and_causes_no_other():
    for verb, step in REACTIONS.items():
        room, name = step.split(".")
        assert ROOMS.index(verb.split(".")[0]) <= ROOMS.index(room), f"{verb} reaches up"
        module = __import__(f"hemei.{room}.steps", fromlist=[name])
        assert callable(getattr(module, name))


@pytest.mark.parametrize("tool", ["messages.py", "reference.py"])
def test_catalogues_and_reference_are_complete(tool):
    words = [sys.executable, f"tools/{tool}", "check"]
    done = subprocess.run(words, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_model_lacks_a_migration(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_that_is_served_names_another_machine():
    """Style sheets, scripts and templates hold no address of elsewhere, save namespaces and licences."""
    allowed = re.compile(r"https?://(www\.w3\.org/|creativecommons\.org/licenses/)")
    served = [path for ending in ("css", "js", "html", "svg") for path in (HOUSE / "hemei").rglob(f"*.{ending}")]
    found = {
        f"{path.relative_to(HOUSE)}: {address}"
        for path in served
        for address in re.findall(r"https?://[^\s\"'<>)]+", path.read_text(encoding="utf-8", errors="replace"))
        if "htmx" not in path.name and not allowed.match(address)
    }
    assert found == set()


def test_only_the_choice_of_language_and_size_goes_without_a_form_token():
    """So that a page can be read without any cookie; another site could at most show somebody larger letters."""
    views = [path for path in (HOUSE / "hemei").rglob("*.py") if "@csrf_exempt" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(HOUSE).as_posix() for path in views] == ["hemei/shell/views.py"]
    assert views[0].read_text(encoding="utf-8").count("@csrf_exempt") == 1
