"""What people type into the small forms, read as it is meant: full-width digits, units, words of both languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hemei.base.numbers import WIDE, number_in

HOMES_MAX = 500  # of one small form: more than any stairwell or building has; more come in as a file
NAME_MAX = 40
FAULTS_MAX = 5  # told at once; the rest often falls with the first
BETWEEN = re.compile(r"[\t,;、]")
AREA_UNITS = re.compile(r"(平方米|平米|平|㎡|m²|m2|sqm)$", re.IGNORECASE)
FLOOR_WORDS = re.compile(r"^第|(层|楼|F)$|^(floor|F|L)\s*", re.IGNORECASE)

CHOICES = {
    "for": "for yes agree agrees agreed y 同意 赞成 支持 是 签 已签 签了 √ ✓ ✔",
    "against": "against no disagree disagrees n 反对 不同意 否 × ✗ x",
    "abstain": "abstain abstains abstained pass unsure 弃权 说不准 中立",
    "spoiled": "spoiled spoilt void 废票 无效 无效票",
    "served": "served silent delivered 送达 已送达 送达未投 已送达未投 送达未表态",
    "none": "none nothing absent - — 没投 未投 没签 未签 未表态 没表态 没有 无 缺席 空",
}
HEADING_WORDS = (
    "房号 房间 房屋 门牌 门牌号 室号 户号 户 住户 户名 姓名 业主 产权人 面积 建筑面积 专有面积 份额 表态 意见 选择 "
    "投票 楼层 层 楼 层数 限额 最多 home homes house unit flat room apartment number owner name area "
    "share shares choice vote floor storey limit most"
)
HEADINGS = frozenset(HEADING_WORDS.split())
CHOICE_OF = {word: choice for choice, words in CHOICES.items() for word in words.split()} | {"": "none"}


@dataclass(frozen=True)
class Home:
    """A line of the list for a vote. measure: area in m² or share, as a decimal; owner: "" is an owner of its own."""

    id: str
    measure: str
    choice: str
    owner: str


@dataclass(frozen=True)
class FlooredHome:
    """A line of the list for a cost. area in m², limit (the most this home would pay) in yuan, "" where not said."""

    id: str
    floor: int
    area: str
    limit: str


def parts_of(line: str) -> list[str]:
    """What stands between commas, tabs or semicolons; where there are none, between spaces."""
    text = line.translate(WIDE).strip(" ,;")
    return [part.strip() for part in BETWEEN.split(text)] if BETWEEN.search(text) else text.split()


def homes_that_voted(given: str, *, measured: bool) -> list[Home]:
    """One home a line: number, measure, choice, and the owner where one owner has several homes.

    measured: whether the rule needs the measure. Raises ValidationError, which names each line that cannot stand.
    """
    lines = _Lines(given)
    for number, parts in lines:
        name, rest = parts[0], parts[1:]
        measure = number_in(AREA_UNITS.sub("", rest[0])) if rest else None
        if measure is not None:
            rest = rest[1:]
        elif measured:
            told = _("the number of its area or share is missing. Write it like this: 101, 62.30, for.")
            if rest and rest[0].casefold() not in CHOICE_OF:
                told = _("“%(given)s” is no number. Write it like this: 101, 62.30, for.") % {"given": rest[0][:20]}
            lines.wrong(number, told)
            continue
        choice = CHOICE_OF.get(rest[0].casefold() if rest else "")
        if measure is not None and measure.startswith("-"):
            lines.wrong(number, _("an area or share is not below 0."))
        elif choice is None:
            told = _("“%(given)s” is not a choice. Write for, against, abstain or none.")
            lines.wrong(number, told % {"given": rest[0][:20]})
        elif len(rest) > 2:
            lines.wrong(number, _("there is too much on it. Write it like this: 101, 62.30, for."))
        elif lines.fits(number, name):
            lines.kept.append(Home(name, measure or "", choice, rest[1][:NAME_MAX] if len(rest) > 1 else ""))
    return lines.done()


def homes_on_floors(given: str, *, floors: int, measured: bool) -> list[FlooredHome]:
    """One home a line: number, floor, area, and the most it would pay where that is known.

    measured: whether the key needs the area. Raises ValidationError, which names each line that cannot stand.
    """
    lines = _Lines(given)
    for number, parts in lines:
        name, *rest = [*parts, "", "", ""]
        floor = number_in(FLOOR_WORDS.sub("", rest[0]))
        area = number_in(AREA_UNITS.sub("", rest[1])) if rest[1] else ""
        limit = number_in(rest[2]) if rest[2] else ""
        if floor is None or not floor.isdigit() or not 1 <= int(floor) <= floors:
            told = _("its floor is not a number from 1 to %(floors)d. Write it like this: 101, 1, 62.30.")
            lines.wrong(number, told % {"floors": floors})
        elif area is None or area.startswith("-") or (area and not area.strip("0.")):
            lines.wrong(number, _("its area is not a number above 0. Write it like this: 101, 1, 62.30."))
        elif measured and not area:
            lines.wrong(number, _("its area is missing. Write it like this: 101, 1, 62.30."))
        elif limit is None or len(limit.partition(".")[2]) > 2:
            lines.wrong(
                number, _("the most it would pay is not a sum of money. Write it like this: 101, 1, 62.30, 5000.")
            )
        elif any(rest[3:]):
            lines.wrong(number, _("there is too much on it. Write it like this: 101, 1, 62.30."))
        elif lines.fits(number, name):
            lines.kept.append(FlooredHome(name, int(floor), area, limit))
    return lines.done()


def _is_heading(line: str) -> bool:
    """The names of the columns: 房号，面积，表态. A home without a number in its line (Li, for) is none of it."""
    parts = [AREA_UNITS.sub("", part.partition("(")[0]).strip().casefold() for part in parts_of(line)]
    chooses = any(part in CHOICE_OF for part in parts[1:] if part)
    return not re.search(r"[0-9]", line) and not chooses and not HEADINGS.isdisjoint(parts)


class _Lines:
    """The lines of a list, what is kept of them, and what is wrong with the others."""

    def __init__(self, given: str) -> None:
        self.given, self.kept, self.seen, self.faults = given, list[object](), dict[str, int](), list[str]()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        first = True
        for number, line in enumerate(self.given.splitlines(), 1):
            text = line.translate(WIDE).strip(" ,;")
            if not text:
                continue
            heading, first = first and _is_heading(text), False
            if heading:
                continue
            if len(self.seen) >= HOMES_MAX:
                told = _("At most %(most)d homes fit here. Send a larger building as a file.")
                self.faults = [told % {"most": HOMES_MAX}]
                return
            yield number, parts_of(text)

    def fits(self, number: int, name: str) -> bool:
        """Whether the home has a name of its own; it is remembered."""
        if not name or len(name) > NAME_MAX:
            self.wrong(number, _("the home has no number, or one that is too long."))
            return False
        if name in self.seen:
            told = _("home %(home)s stands on line %(line)d already.")
            self.wrong(number, told % {"home": name, "line": self.seen[name]})
            return False
        self.seen[name] = number
        return True

    def wrong(self, number: int, told: str) -> None:
        self.faults.append(_("Line %(number)d: %(told)s") % {"number": number, "told": told})

    def done(self) -> list:
        if len(self.faults) > FAULTS_MAX:
            more = _("and %(count)d more lines.") % {"count": len(self.faults) - FAULTS_MAX}
            self.faults = [*self.faults[:FAULTS_MAX], more]
        if self.faults:
            raise ValidationError(self.faults)
        if not self.kept:
            raise ValidationError(_("Write at least one home, like this: 101, 62.30, for."))
        return self.kept
