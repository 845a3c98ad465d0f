"""The handbook's own pages: Markdown of ours beside this file, one for each language, shown as HTML."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

TEXTS = Path(__file__).parent / "text"
SHORT_ROW = 36  # characters: a row that still fits beside each other on a phone
NUMERIC = re.compile(r"[0-9,.]+( / [0-9,.]+)?")


@dataclass(frozen=True)
class Text:
    """title: the first heading, which the page shows itself. html: all that stands under it."""

    title: str
    html: str


@cache
def text_of(name: str, language: str) -> Text:
    """`name`: "decision" or "costs". Read and made into HTML once."""
    words = (TEXTS / f"{name}.{'en' if language == 'en' else 'zh'}.md").read_text(encoding="utf-8")
    heading, _, rest = words.partition("\n")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(rest)
    _stack(tokens)
    return Text(heading.removeprefix("# "), reader.renderer.render(tokens, reader.options, {}))


def _stack(tokens: list[Token]) -> None:
    """Wide tables become stacked rows on a phone, each cell beside its column's name; numbers stand to the right."""
    table: Token | None = None
    heads: list[tuple[Token, str]] = []
    column = words = 0
    for token, within in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "table_open":
            table, heads = token, []
        elif token.type == "tr_open":
            column = words = 0
        elif token.type == "th_open" and within is not None:
            token.attrSet("scope", "col")
            heads.append((token, within.content))
        elif token.type == "td_open" and within is not None:
            head, name = heads[column]
            token.attrSet("data-label", name)
            if column and NUMERIC.fullmatch(within.content):
                token.attrSet("class", "n")
                head.attrSet("class", "n")
            column, words = column + 1, words + len(within.content)
        elif token.type == "tr_close" and table is not None and words > SHORT_ROW:
            table.attrSet("class", "stack titled")
