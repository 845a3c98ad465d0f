"""The catalogues of translations: found, written, compiled and checked in pure Python (Babel; no GNU gettext needed).

    .venv/bin/python tools/messages.py update [ROOM ...]    collect message ids, keep what is translated, write .po
    .venv/bin/python tools/messages.py compile [ROOM ...]   write .mo from .po
    .venv/bin/python tools/messages.py check                name everything that is missing or wrong; exit 1 if any

A room's catalogue is `hemei/<room>/locale/zh_Hans/LC_MESSAGES/django.po`, the compiled `.mo` beside it is committed.
`update` takes a translation that another room already has for the same id, and drops ids that no file uses any more.
What is written holds no date and no line number, so it changes only when the words do.

`check` names: ids not in the catalogue, not translated, fuzzy or no longer used; placeholders that differ; one id
translated in two ways; a .mo that is not the .po; words that visual.md forbids; text in a template outside a translate
tag; labels and refusals in Python that do not pass through gettext; Chinese in views, forms and actions.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

from hemei.rooms import ROOMS  # noqa: E402

LOCALE = "zh_Hans"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LETTERS = re.compile(r"[A-Za-z\u00c0-\u024f\u3400-\u9fff\uf900-\ufaff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
SAME_IN_BOTH = {
    "Hemei",
    "和美",
    "和",
    "美",
    "English",
    "中文",
    "简体中文",
    "QR",
    "A4",
    "m²",
    "甲",
    "乙",
    "丙",
    "丁",
    "戊",
}
FORBIDDEN_EN = re.compile(r"!|\binvalid\b|\bsuccessfully\b", re.IGNORECASE)
FORBIDDEN_ZH = re.compile(r"！|进行|予以|相关")
SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
ASIDE = {"tests", "migrations", "demo", "formats", "locale"}  # folders whose Chinese is data, or no text at all

Key = tuple[str, str | None]  # message id and context


class Words(Catalog):
    """A catalogue whose header never changes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", LOCALE),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]


def new_words(room: str) -> Words:
    return Words(locale=LOCALE, header_comment=f"# Simplified Chinese for the room “{room}”.", fuzzy=False)


def catalogue_path(room: str) -> Path:
    return HOUSE / "hemei" / room / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def key_of(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


# -- what the files say


def found_in(room: str) -> dict[Key, Message]:
    """Every message id the room's Python files and templates use, with the files that use it."""
    words = new_words(room)
    for path in files_of(room, ".py"):
        for _line, function, texts, _comments in extract_python(io.BytesIO(path.read_bytes()), KEYWORDS, [], {}):
            add(words, path, function, texts)
    for path in templates_of(room):
        python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        flat = "\n".join(line.strip() for line in python.splitlines())  # the indentation of HTML is none of Python's
        for _line, function, texts, _comments in extract_python(io.BytesIO(flat.encode()), KEYWORDS, [], {}):
            add(words, path, function, texts)
    return {key_of(message): message for message in words if message.id}


def files_of(room: str, ending: str) -> list[Path]:
    folder = HOUSE / "hemei" / room
    return [
        path
        for path in sorted(folder.rglob(f"*{ending}"))
        if not {"tests", "migrations"} & set(path.relative_to(folder).parts)
    ]


def templates_of(room: str) -> list[Path]:
    folder = HOUSE / "hemei" / room / "templates"
    return [path for path in sorted(folder.rglob("*")) if path.suffix in (".html", ".txt", ".svg")]


def add(words: Words, path: Path, function: str, texts: str | tuple[str | None, ...]) -> None:
    said = (texts,) if isinstance(texts, str) else tuple(texts)
    context = None
    if "pgettext" in function:
        context, said = said[0], said[1:]
    said = tuple(text for text in said if isinstance(text, str))
    if not said or not said[0]:
        return
    plural = "ngettext" in function or "npgettext" in function
    place = (str(path.relative_to(HOUSE)), 1)
    words.add(said[:2] if plural and len(said) > 1 else said[0], locations=[place], context=context)


# -- catalogues


def read_words(room: str) -> Words | None:
    path = catalogue_path(room)
    if not path.exists():
        return None
    words = new_words(room)
    for message in read_po(io.BytesIO(path.read_bytes()), locale=LOCALE):
        if message.id:
            words[message.id] = message
    return words


def translations_of(words: Words | None) -> dict[Key, Message]:
    return {key_of(m): m for m in words or () if m.id and translated(m)}


def translated(message: Message) -> bool:
    return bool(message.string) and all(texts_of(message))


def texts_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def po_of(words: Words) -> bytes:
    out = io.BytesIO()
    write_po(out, words, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return out.getvalue()


def mo_of(words: Words) -> bytes:
    out = io.BytesIO()
    write_mo(out, words)
    return out.getvalue()


def update(rooms: Iterable[str]) -> None:
    elsewhere: dict[Key, Message] = {}
    for room in ROOMS:
        for key, message in translations_of(read_words(room)).items():
            elsewhere.setdefault(key, message)
    for room in rooms:
        found, known = found_in(room), translations_of(read_words(room))
        words, left = new_words(room), 0
        for key, message in found.items():
            earlier = known.get(key) or elsewhere.get(key)
            string: str | tuple[str, ...] = ""
            if earlier is not None:
                string = texts_of(earlier)[0]
            left += not string
            if not isinstance(message.id, str):
                string = (string,)  # Chinese has one form for any number
            words.add(
                message.id,
                string,
                locations=sorted(set(message.locations)),
                context=message.context,
                flags=message.flags,
            )
        dropped = sorted(key[0] for key in known if key not in found)
        path = catalogue_path(room)
        if found:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_if_other(path, po_of(words))
        print(f"{room}: {len(found)} messages, {left} not translated, {len(dropped)} dropped")
        for text in dropped:
            print(f"  dropped: {text}")


def compile_words(rooms: Iterable[str]) -> None:
    for room in rooms:
        if (words := read_words(room)) is not None:
            write_if_other(catalogue_path(room).with_suffix(".mo"), mo_of(words))


def write_if_other(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


# -- checking


def faults() -> Iterator[str]:
    """Everything wrong with catalogues and with text that reaches a reader, one line each."""
    everywhere: dict[Key, tuple[str, tuple[str, ...]]] = {}
    for room in ROOMS:
        words = read_words(room)
        yield from catalogue_faults(room, words)
        for key, message in translations_of(words).items():
            first, texts = everywhere.setdefault(key, (room, texts_of(message)))
            if texts != texts_of(message):
                yield f"{room}: {key[0]!r} is {texts_of(message)[0]!r} here and {texts[0]!r} in {first}"
        for path in templates_of(room):
            yield from template_faults(path)
        for path in files_of(room, ".py"):
            if not ASIDE & set(path.parts):
                yield from python_faults(path)


def catalogue_faults(room: str, words: Words | None) -> Iterator[str]:
    found, known = found_in(room), {key_of(m): m for m in words or () if m.id}
    for key, message in found.items():
        where = ", ".join(sorted({place for place, _ in message.locations}))
        if key not in known:
            yield f"{room}: {key[0]!r} is not in the catalogue ({where})"
        elif not translated(known[key]):
            yield f"{room}: {key[0]!r} is not translated ({where})"
        if FORBIDDEN_EN.search(key[0]):
            yield f"{room}: {key[0]!r} holds a word or mark that Hemei does not use ({where})"
    for key, message in known.items():
        if key not in found:
            yield f"{room}: {key[0]!r} is used nowhere any more"
        if message.fuzzy:
            yield f"{room}: {key[0]!r} is fuzzy"
        for text in texts_of(message) if message.string else ():
            if text and placeholders(text) != placeholders(message.id):
                yield f"{room}: the placeholders of {key[0]!r} and {text!r} differ"
            if FORBIDDEN_ZH.search(text):
                yield f"{room}: {text!r} holds a word or mark that Hemei does not use"
    if words is not None:
        compiled = catalogue_path(room).with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != mo_of(words):
            yield f"{room}: django.mo is not what django.po says; run: tools/messages.py compile {room}"


def placeholders(message_id: str | tuple[str, ...] | list[str]) -> set[str]:
    texts = [message_id] if isinstance(message_id, str) else message_id
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


TRANSLATED = re.compile(
    r"{%-?\s*(blocktrans(?:late)?)\b.*?%}.*?{%\s*end\1\s*%}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
QUOTED_IN_TAG = re.compile(r"(?<![\w_(])(?:\"([^\"]*)\"|'([^']*)')")


class Spoken(HTMLParser):
    """The text nodes and spoken attributes of what is left of a template without its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        self.said += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style") and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def template_faults(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    where = path.relative_to(HOUSE)
    bare = TRANSLATED.sub(" ", source)
    for tag in TAG.findall(bare):
        for double, single in QUOTED_IN_TAG.findall(tag):
            if CJK.search(double + single) and not re.search(r"\btrans(late)?\b|_\(", tag):
                yield f"{where}: {double or single!r} stands in a tag without translation"
    bare = TAG.sub("\x00", bare)
    if path.suffix == ".txt":
        said = [bare]
    else:
        reader = Spoken()
        reader.feed(bare)
        reader.close()
        said = reader.said
    for text in said:
        for piece in text.split("\x00"):
            spoken = " ".join(piece.split())
            if LETTERS.search(spoken) and spoken not in SAME_IN_BOTH:
                yield f"{where}: {spoken!r} stands outside a translate tag"


TOLD = {"Refused", "NotAllowed", "ValidationError", "Http404"}
LABELS = {"label", "help_text", "verbose_name", "empty_label"}
CALLS = set(KEYWORDS)


def python_faults(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_bytes())
    where = path.relative_to(HOUSE)
    speaking = {"views", "forms", "actions"} & {part.removesuffix(".py") for part in path.parts}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0] if node.args else None
            if called in TOLD and plain_text(first):
                yield f"{where}:{node.lineno}: {called} says {first.value!r} without gettext"
            if called in CALLS and isinstance(first, ast.JoinedStr):
                yield f"{where}:{node.lineno}: an f-string cannot be translated"
            for keyword in node.keywords:
                if keyword.arg in LABELS and plain_text(keyword.value):
                    yield f"{where}:{node.lineno}: {keyword.arg} {keyword.value.value!r} does not pass through gettext"
        elif speaking and is_chinese(node) and id(node) not in docstrings:
            yield f"{where}:{node.lineno}: {node.value!r} is Chinese in code"


def is_chinese(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CJK.search(node.value))


def plain_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(LETTERS.search(node.value))


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("verb", choices=["update", "compile", "check"])
    reader.add_argument("rooms", nargs="*", metavar="ROOM", help="default: every room")
    asked = reader.parse_args()
    if strange := sorted(set(asked.rooms) - set(ROOMS)):
        reader.error(f"no such room: {', '.join(strange)}. There are: {', '.join(ROOMS)}.")
    rooms = asked.rooms or ROOMS
    if asked.verb == "update":
        update(rooms)
    elif asked.verb == "compile":
        compile_words(rooms)
    else:
        wrong = [line for line in faults() if not asked.rooms or any(_in_room(line, room) for room in rooms)]
        print("\n".join(wrong) or "The catalogues are complete.")
        return int(bool(wrong))
    return 0


def _in_room(line: str, room: str) -> bool:
    return line.startswith((f"{room}:", f"hemei/{room}/"))


if __name__ == "__main__":
    sys.exit(main())
