"""One word for one thing: every term of docs/glossary.md is a word of the screen, and none stands there twice."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def terms() -> list[tuple[str, str]]:
    """English and Chinese of every row, headings and rules left out."""
    rows = ROW.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    return [row for row in rows if row[0] != "English" and not row[0].startswith("-")]


def catalogues() -> str:
    """The words of the screen: every room's catalogue, and the engines' own Chinese."""
    said = [*(ROOT / "hemei").glob("*/locale/zh_Hans/**/*.po"), *(ROOT / "hemei/engines/decision").glob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in said)


def test_every_chinese_term_is_said_on_the_screen() -> None:
    said = re.sub(r'"\n"', "", catalogues())
    missing = [zh for _en, zh in terms() if zh not in said]
    assert not missing


def test_no_term_stands_there_twice() -> None:
    for column in zip(*terms(), strict=True):
        twice = [term for term, count in Counter(column).items() if count > 1]
        assert not twice
