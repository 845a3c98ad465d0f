"""How places are called: the same door written in many ways, and the names a bare number gets."""

import re
import unicodedata
from functools import lru_cache

from hemei.base.tables import plain
from hemei.places.models import Kind

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = r"(?:号楼|号门|号|楼|栋|幢|座|单元|门洞|门|梯|室|房|户|弄|层|支弄|村|期)"
_NUMERAL = re.compile(rf"([零〇一二两三四五六七八九十百]+)(?={_UNITS})")
_SUFFIX = {
    Kind.BUILDING: re.compile(r"(?:号楼|号|楼|栋|幢|座)$"),
    Kind.STAIRWELL: re.compile(r"(?:号门洞|门洞|单元|号门|号|门|梯)$"),
    Kind.HOME: re.compile(r"(?:室|房|户|号)$"),
    Kind.AREA: re.compile(r"(?:居民区|居委会|居委|社区)$"),
}
_CALLED = {
    Kind.BUILDING: ("{}号楼", "Building {}"),
    Kind.STAIRWELL: ("{}号", "Stairwell {}"),
    Kind.HOME: ("{}室", "Flat {}"),
}
BARE = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")
FLOOR_MAX, FLOOR_MIN = 150, -9


def in_digits(text: str) -> str:
    """`text` with plain digits, also where Chinese numerals count doors: 三栋 is 3栋, and 三林苑 stays."""
    return _NUMERAL.sub(lambda numeral: str(_number(numeral[1])), unicodedata.normalize("NFKC", plain(text)))


def _number(numeral: str) -> int | str:
    if not set(numeral) & set("十百"):
        return "".join(str(_DIGITS[c]) for c in numeral)
    total, last = 0, 1
    for c in numeral:
        if c == "百":
            total, last = total + last * 100, 0
        elif c == "十":
            total, last = total + (last or 1) * 10, 0
        else:
            last = _DIGITS[c]
    return total + (last if numeral[-1] not in "十百" else 0)


@lru_cache(maxsize=20_000)
def key_of(kind: str, name: str) -> str:
    """The same for every way to write one place among its siblings: 3号楼, 03, 三栋 and ３幢 are one building."""
    bare = re.sub(r"\s+", "", in_digits(name)).casefold()
    if kind in _SUFFIX:
        bare = _SUFFIX[Kind(kind)].sub("", bare) or bare
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", bare)


def called(kind: str, cell: str) -> tuple[str, str]:
    """Name and English name for what a list says of a place; a bare number is a door's number."""
    number = key_of(kind, cell)
    if kind not in _CALLED or not BARE.fullmatch(number):
        return cell, ""
    zh, en = _CALLED[Kind(kind)]
    return (zh.format(number.upper()) if BARE.fullmatch(cell) else cell), en.format(number.upper())


def code_from(kind: str, name: str) -> str:
    """The code of a place that nobody gave one: its number, with the zeros it came with, or its name."""
    text = re.sub(r"\s+", "", in_digits(name))
    if kind in _SUFFIX and kind != Kind.AREA:
        bare = _SUFFIX[Kind(kind)].sub("", text)
        text = bare if BARE.fullmatch(bare) else text
    return text[:40]


def order_from(name: str) -> int:
    """Where it stands among its siblings: by its first number, as counted on site."""
    found = re.search(r"[0-9]{1,9}", in_digits(name))
    return int(found[0]) if found else 0


def floor_from(cell: str) -> int | None:
    """3, 3F, 3层, 三楼, -1, B1, 地下1层. Raises ValueError for anything else; nothing for nothing."""
    if not cell:
        return None
    text = re.sub(r"\s+", "", in_digits(cell)).upper()
    found = re.fullmatch(r"(-|B|地下)?([0-9]{1,3})(?:F|层|楼)?", text)
    if found is None:
        raise ValueError(cell)
    floor = -int(found[2]) if found[1] else int(found[2])
    if not FLOOR_MIN <= floor <= FLOOR_MAX:
        raise ValueError(cell)
    return floor


_SYNONYMS = (("号楼", "栋", "幢", "座", "号"), ("单元", "号门", "门洞", "号"), ("室", "房"))


def ways_to_write(word: str) -> set[str]:
    """The ways in which `word` may stand in a name: digits or Chinese numerals, and the words for one kind of door."""
    digits = in_digits(word)
    ways = {word, digits}
    for synonyms in _SYNONYMS:
        for unit in synonyms:
            found = re.fullmatch(rf"(.*[0-9A-Za-z]){unit}", digits)
            if found:
                ways |= {found[1] + other for other in synonyms}
    return ways | {numeral for way in ways if (numeral := _in_numerals(way))}


def _in_numerals(text: str) -> str:
    """3号楼 as 三号楼; nothing where there is no small number before a word for a door."""
    found = re.search(rf"(?<![0-9])([1-9][0-9]?)(?={_UNITS})", text)
    if found is None:
        return ""
    tens, ones = divmod(int(found[1]), 10)
    signs = "零一二三四五六七八九"
    numeral = ("" if tens < 2 else signs[tens]) + ("十" if tens else "") + (signs[ones] if ones else "")
    return text[: found.start()] + numeral + text[found.end() :]


def words_of(typed: str) -> list[str]:
    """What somebody typed into a search, cut into the names it holds: 龙吴路9弄3号楼 is 龙吴路9弄 and 3号楼."""
    text = unicodedata.normalize("NFKC", plain(typed))[:60]
    cut = re.sub(r"(?<=[弄楼栋幢室])(?=[0-9A-Za-z一二三四五六七八九十])", " ", text)
    return cut.split()[:6]
