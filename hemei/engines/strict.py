"""A JSON file read strictly: every value knows its place, and whatever is not as it should be is a `Mistake`.

`read_json` turns text into a tree of `Node`; plain data (from TOML) can stand in one too. A node is asked for what
ought to stand there (`node.rational()`, `node.whole(least=1)`, `node.record(required, optional)`) and either answers
or raises. Nothing is guessed, rounded or passed over: a key that stands twice, a number where a string is due, NaN
and a floating-point number are mistakes.
"""

import json
import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Final

LARGEST_FILE: Final = 20_000_000  # bytes: several times the largest estate with all its acts
LONGEST_TEXT: Final = 10_000  # characters of one string
LONGEST_NUMBER: Final = 200  # characters of one number
LONGEST_SHOWN: Final = 40  # characters of a file's own words repeated in a message

RATIONAL = re.compile(r"[0-9]+(?:\.[0-9]+)?|[0-9]+/[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
WHOLE = re.compile(r"-?[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
PLAIN_KEY = re.compile(r"[\w-]+")


class Mistake(Exception):
    """Something in a file that is not as it should be.

    path: where it stands, counted from 0 ("cases[3].events[5].unit"); empty for the file as a whole.
    en, zh: the reason, said of what stands there ("is not a unit of this case").
    """

    def __init__(self, path: str, en: str, zh: str) -> None:
        super().__init__(path, en, zh)
        self.path = path
        self.en = en
        self.zh = zh

    def __str__(self) -> str:
        return f"{self.path or 'file'}: {self.en}"


class Number:
    """A JSON number as it was written: never turned into floating point."""

    __slots__ = ("written",)

    def __init__(self, written: str) -> None:
        self.written = written


class Object(dict[str, object]):
    """A JSON object that remembers which key stood twice."""

    __slots__ = ("doubled",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.doubled: str | None = None
        if len(self) < len(pairs):
            seen: set[str] = set()
            for key, _value in pairs:
                if key in seen:
                    self.doubled = key
                    break
                seen.add(key)


class Node:
    """One value of the file and its place. Every method answers with what stands there or raises `Mistake`."""

    __slots__ = ("_above", "_step", "value")

    def __init__(self, value: object, above: "Node | None" = None, step: str | int = "") -> None:
        self.value = value
        self._above = above
        self._step = step

    @property
    def path(self) -> str:
        """ "cases[3].events[5].unit"; the file itself is ""."""
        if self._above is None:
            return ""
        before = self._above.path
        if isinstance(self._step, int):
            return f"{before}[{self._step}]"
        return f"{before}.{_key(self._step)}" if before else _key(self._step)

    @property
    def step(self) -> str | int:
        """The key or the number under which this value stands in the one above."""
        return self._step

    def mistake(self, en: str, zh: str) -> Mistake:
        """For the reader to raise: `en` and `zh` say what is wrong with the value that stands here."""
        return Mistake(self.path, en, zh)

    def child(self, step: str | int, value: object = None) -> "Node":
        """A place below this one, also one where nothing stands."""
        return Node(value, self, step)

    # -- what holds other values

    def record(self, required: Collection[str] = (), optional: Collection[str] = ()) -> "dict[str, Node]":
        """The object's values by key. A key that is unknown, missing or stands twice is a mistake at its own place."""
        found = self.entries()
        for key in found:
            if key not in required and key not in optional:
                raise found[key].mistake("is not a key that can stand here", "此处没有这个键")
        for key in required:
            if key not in found:
                raise self.child(key).mistake("is missing", "缺少这个键")
        return found

    def entries(self) -> "dict[str, Node]":
        """The values of an object whose keys are free (homes, tests). A key that stands twice is a mistake."""
        value = self.value
        if not isinstance(value, dict):
            raise self.mistake("must be an object", "应为对象")
        if isinstance(value, Object) and value.doubled is not None:
            raise self.child(value.doubled).mistake("stands twice", "重复出现")
        for key in value:
            if _is_broken(key):
                raise self.child(key).mistake("has half of a character in it", "含有不完整的字符")
        return {key: Node(below, self, key) for key, below in value.items()}

    def members(self, least: int = 0, most: int | None = None) -> "list[Node]":
        """The members of a list; `least` and `most` bound how many there may be."""
        value = self.value
        if not isinstance(value, list):
            raise self.mistake("must be a list", "应为列表")
        if len(value) < least:
            raise self.mistake(f"must have {least} or more members", f"至少应有 {least} 项")
        if most is not None and len(value) > most:
            raise self.mistake(f"has more than {most} members", f"多于 {most} 项")
        return [Node(below, self, step) for step, below in enumerate(value)]

    # -- single values

    @property
    def is_null(self) -> bool:
        return self.value is None

    def text(self, *, empty: bool = True) -> str:
        value = self.value
        if not isinstance(value, str):
            raise self.mistake("must be a string", "应为字符串")
        if len(value) > LONGEST_TEXT:
            raise self.mistake(f"has more than {LONGEST_TEXT} characters", f"超过 {LONGEST_TEXT} 个字符")
        if _is_broken(value):
            raise self.mistake("has half of a character in it", "含有不完整的字符")
        if not value and not empty:
            raise self.mistake("must not be empty", "不能为空")
        return value

    def name(self) -> str:
        """A string that names something: an id, a unit, a person. Not empty."""
        return self.text(empty=False)

    def new_name(self, known: Collection[str]) -> str:
        """A name that is not yet in `known`."""
        value = self.name()
        if value in known:
            raise self.mistake(f"{shown(value)} stands twice", f"{shown(value)} 重复出现")
        return value

    def one_of(self, choices: Sequence[str]) -> str:
        value = self.value
        if not isinstance(value, str) or value not in choices:
            raise self.mistake(f"must be one of {', '.join(choices)}", f"应为下列之一：{'、'.join(choices)}")
        return value

    def yes_no(self) -> bool:
        value = self.value
        if not isinstance(value, bool):
            raise self.mistake("must be true or false", "应为 true 或 false")
        return value

    def whole(self, least: int = 0, most: int | None = None) -> int:
        """A whole JSON number, `least` or more (and `most` or less)."""
        value = self.value
        written = value.written if isinstance(value, Number) else str(value) if type(value) is int else ""
        if not WHOLE.fullmatch(written) or len(written) > LONGEST_NUMBER:
            raise self.mistake("must be a whole number", "应为整数")
        number = int(written)
        if number < least:
            raise self.mistake(f"must be {least} or more", f"应不小于 {least}")
        if most is not None and number > most:
            raise self.mistake(f"must be {most} or less", f"应不大于 {most}")
        return number

    def rational(self) -> Fraction:
        """A decimal or fraction string without sign or exponent: "600.03", "2/3". Exact, never negative."""
        value = self._number_string(RATIONAL, 'a decimal or fraction string such as "62.30" or "2/3"', "小数或分数")
        if "/" in value:
            above, below = value.split("/")
            if not int(below):
                raise self.mistake("divides by nothing", "分母为零")
            return Fraction(int(above), int(below))
        return Fraction(value)

    def decimal(self, places: int | None = None) -> Fraction:
        """A plain decimal string, "-?digits[.digits]", with at most `places` decimals. Exact."""
        value = self._number_string(DECIMAL, 'a plain decimal string such as "700000.00"', "普通小数")
        _whole, _point, decimals = value.partition(".")
        if places is not None and len(decimals) > places:
            raise self.mistake(f"has more than {places} decimals", f"小数多于 {places} 位")
        return Fraction(value)

    def _number_string(self, form: re.Pattern[str], en: str, zh: str) -> str:
        value = self.value
        if not isinstance(value, str) or not form.fullmatch(value):
            raise self.mistake(f"must be {en}", f"应写作{zh}字符串")
        if len(value) > LONGEST_NUMBER:
            raise self.mistake(f"has more than {LONGEST_NUMBER} digits", f"超过 {LONGEST_NUMBER} 位")
        return value

    def day(self) -> date:
        """ "YYYY-MM-DD"."""
        value = self.value
        if isinstance(value, str) and DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise self.mistake("must be a day such as 2025-03-01", "应为日期，例如 2025-03-01")

    def time(self) -> datetime:
        """ "YYYY-MM-DDTHH:MM", with ":SS" if given; local, without zone."""
        value = self.value
        if isinstance(value, str) and TIME.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        raise self.mistake("must be a time such as 2025-03-01T09:00", "应为时间，例如 2025-03-01T09:00")


def read_json(text: str) -> Node:
    """The file's text as a tree. Raises Mistake: no JSON, nested too deeply, larger than LARGEST_FILE."""
    if len(text) > LARGEST_FILE:
        raise _too_large()
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=Object,
            parse_int=Number,
            parse_float=Number,
            parse_constant=Number,
        )
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise Mistake("", f"is no JSON ({where})", f"不是 JSON（第 {fault.lineno} 行第 {fault.colno} 列）") from None
    except RecursionError:
        raise Mistake("", "is nested too deeply", "嵌套过深") from None
    return Node(value)


def decoded(content: bytes) -> str:
    """The bytes of a file as text. Raises Mistake: no UTF-8, larger than LARGEST_FILE."""
    if len(content) > LARGEST_FILE:
        raise _too_large()
    try:
        return content.decode()
    except UnicodeDecodeError as fault:
        raise Mistake("", f"is no UTF-8 (byte {fault.start})", f"不是 UTF-8 编码（第 {fault.start} 字节）") from None


def shown(words: str) -> str:
    """A file's own words as a message may repeat them: quoted, not longer than a line, and nothing that does not print
    (control characters, marks that turn the direction of the line) but as its code."""
    quoted = json.dumps(words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…", ensure_ascii=False)
    return "".join([sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in quoted])


def named(name: str) -> str:
    """A name of a file as a line of output may hold it: as it stands, or as `shown` where that would not print."""
    return name if name.isprintable() else shown(name)


def _too_large() -> Mistake:
    return Mistake("", f"is larger than {LARGEST_FILE} bytes", f"大于 {LARGEST_FILE} 字节")


def _is_broken(words: str) -> bool:
    """Whether there is half of a surrogate pair in it, which no output can carry."""
    return not words.isascii() and any("\ud800" <= sign <= "\udfff" for sign in words)


def _key(key: str) -> str:
    if PLAIN_KEY.fullmatch(key) and len(key) <= LONGEST_SHOWN:
        return key
    return json.dumps(key if len(key) <= LONGEST_SHOWN else key[: LONGEST_SHOWN - 1] + "…")
