"""Lists of homes as clerks keep them: one row a home, columns in any order, names in whatever way they are written.

`read` finds the columns, `plan` compares every row with the places that stand and says what is new, what is there
already and which rows cannot be taken, with line and reason. Nothing is written here.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hemei.base.jobs import Progress
from hemei.base.tables import Reading, Row, under_headings
from hemei.base.text import cleaned
from hemei.places.models import UNDER, Kind, Place
from hemei.places.names import called, code_from, floor_from, key_of, order_from

LEVELS = (Kind.AREA, Kind.ESTATE, Kind.BUILDING, Kind.STAIRWELL, Kind.HOME)
_COLUMNS = tuple((kind, f"{kind}_code") for kind in LEVELS)

REPORTED_MAX = 5_000  # bad rows, and remarks, that a report lists
NAME_MAX, CODE_MAX, ADDRESS_MAX = 80, 40, 120

_HEADINGS = {
    "street": "街道 街镇 镇 street subdistrict",
    "area": "居民区 居委 居委会 居民委员会 社区 area residentialarea neighbourhood neighborhood committee",
    "area_code": "居民区代码 居委代码 居委会代码 社区代码 areacode",
    "area_en": "居民区英文 居民区英文名 areainenglish areaen",
    "estate": "小区 住宅小区 楼盘 弄 弄号 estate compound",
    "estate_code": "小区代码 estatecode",
    "estate_en": "小区英文 小区英文名 estateinenglish estateen",
    "building": "楼 楼栋 楼幢 楼号 楼栋号 号楼 幢 幢号 栋 栋号 座 building block",
    "building_code": "楼代码 楼栋代码 幢代码 buildingcode",
    "stairwell": "门洞 门洞号 单元 单元号 门 门号 门牌 梯 stairwell entrance staircase",
    "stairwell_code": "门洞代码 单元代码 stairwellcode entrancecode",
    "home": "户 户号 室 室号 房号 房间号 房间 房屋 门牌室号 home flat room apartment unit flatnumber roomnumber",
    "home_code": "户代码 户编码 室代码 房屋代码 房屋编码 代码 编码 code homecode flatcode roomcode",
    "floor": "楼层 层 层数 所在层 所在楼层 floor level storey",
    "address": "地址 详细地址 坐落 房屋坐落 address",
}
_COLUMN = {heading: column for column, headings in _HEADINGS.items() for heading in headings.split()}
TEMPLATE = (  # one row a home; homes of a fresh street show how zeros and floors are written
    ("居民区", "小区", "楼", "门洞", "室号", "楼层", "地址"),
    ("华富居民区", "龙吴路9弄", "3号楼", "1单元", "0101", "1", "龙吴路9弄3号101室"),
    ("华富居民区", "龙吴路9弄", "3号楼", "1单元", "0201", "2", "龙吴路9弄3号201室"),
)
_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}( .*)?")


def column_of(heading: str) -> str | None:
    bare = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", heading)).casefold()
    bare = re.sub(r"(编号|编码)$", "代码", bare) if len(bare) > 2 else bare
    return _COLUMN.get(bare) or _COLUMN.get(re.sub(r"(名称|名|name)$", "", bare))


def read(table: list[Row]) -> Reading:
    """Find the row of headings and the cells under them. Raises Refused when they cannot be told."""
    return under_headings(
        table,
        column_of=column_of,
        are_headings=lambda found: len(found) > 1 and bool({"area", "estate", "home"} & found),
        told=_(
            "No row of headings was found. The first rows must hold headings such as 居民区, 小区, 楼, 门洞, 室号. "
            "The template has them all."
        ),
    )


@dataclass(slots=True, eq=False)
class Node:
    """A place in the plan: one that stands (`pk`) or one that the list brings (`row`, where it is first named)."""

    kind: str
    name: str
    code: str
    parent: "Node | None" = None
    pk: int | None = None
    name_en: str = ""
    address: str = ""
    order: int = 0
    floor: int | None = None
    until: Any = None
    row: int = 0
    became: str = ""
    by_code: dict[tuple[str, str], "Node"] = field(default_factory=dict)
    by_key: dict[tuple[str, str], list["Node"]] = field(default_factory=dict)

    def take(self, child: "Node") -> None:
        self.by_code[child.kind, child.code] = child
        for key in {key_of(child.kind, child.name), key_of(child.kind, child.code)}:
            self.by_key.setdefault((child.kind, key), []).append(child)


@dataclass
class Plan:
    """What a list would do. new: the places to write, parents before children; none is written while a row is bad."""

    rows: int = 0
    new: list[Node] = field(default_factory=list)
    same: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """For a reader and for the database: counts, and the first of the lines."""
        counts = Counter(node.kind for node in self.new)
        return {
            "rows": self.rows,
            "new": {kind: counts[kind] for kind in LEVELS if counts[kind]},
            "same": self.same,
            "bad_count": len(self.bad),
            "bad": self.bad[:REPORTED_MAX],
            "remarks_count": len(self.remarks),
            "remarks": self.remarks[:REPORTED_MAX],
            "unread": self.unread,
        }


class _BadRow(Exception):
    """This row cannot be taken; the text says why."""


def plan(street: Place, reading: Reading, progress: Progress | None = None) -> Plan:
    """Compare the list with what stands in `street`. Reads only."""
    return _Planning(street).plan(reading, progress)


def _said(column: str) -> str:
    """A column in words, for a reader."""
    kind, _under, part = column.partition("_")
    if part == "code":
        return _("The code of: %(kind)s") % {"kind": Kind(kind).label}
    if part == "en":
        return _("The English name")
    return _("The address") if kind == "address" else str(Kind(kind).label)


class _Planning:
    def __init__(self, street: Place) -> None:
        self.street, self.root = street, _standing(street)
        self.made = Plan()
        self.number, self.line = 0, dict[str, str]()  # the row at hand
        self.home_rows: dict[Node, int] = {}  # the row that names a home
        self.read: dict[tuple[str, int], str] = {}  # cells found fit to be shown
        self.known: dict[tuple[Node, str, str, str], Node] = {}  # what cells under a place mean
        self.otherwise: set[tuple[Node, str]] = set()  # what stands under another name, said once

    def plan(self, reading: Reading, progress: Progress | None) -> Plan:
        self.made.rows, self.made.unread = len(reading.lines), reading.unread
        for done, (self.number, self.line) in enumerate(reading.lines):
            if progress and not done % 500:
                progress.at(done, len(reading.lines), _("Looking at the rows"))
            try:
                self._row()
            except _BadRow as bad:
                self.made.bad.append((self.number, str(bad)))
        return self.made

    def _row(self) -> None:
        street = self.line.get("street", "")
        if street and not self._is_this_street(street):
            raise _BadRow(_("It belongs to another street: %(name)s.") % {"name": street[:40]})
        floor, address = self._floor(), self._words("address", ADDRESS_MAX)
        node = self.root
        for kind, coded in _COLUMNS:
            cell, code = self._words(kind, NAME_MAX), self._words(coded, CODE_MAX)
            if cell or code:
                known = self.known.get((node, kind, cell, code))
                if known is None:
                    known = self.known[node, kind, cell, code] = self._child(node, kind, cell, code)
                node = known
        if node is self.root:
            raise _BadRow(_("No place is named in it."))
        self._deepest(node, floor, address)

    def _is_this_street(self, cell: str) -> bool:
        names = {self.street.code, self.street.name, self.street.name_en, self.street.name.removesuffix("街道")}
        return cell in names

    def _floor(self) -> int | None:
        cell = self.line.get("floor", "")
        try:
            return floor_from(cell)
        except ValueError as fault:
            told = _("The floor “%(cell)s” cannot be read. Write a number such as 3, or -1 for below the ground.")
            raise _BadRow(told % {"cell": cell[:20]}) from fault

    def _words(self, column: str, most: int) -> str:
        """The cell fit to be shown; looked at once, for most cells come again and again."""
        cell = self.line.get(column)
        if not cell:
            return ""
        text = self.read.get((cell, most))
        if text is None:
            text = self.read[cell, most] = self._fit(column, cell, most)
        return text

    def _fit(self, column: str, cell: str, most: int) -> str:
        try:
            text = cleaned(cell)
        except ValidationError as fault:
            raise _BadRow(f"{_said(column)}: {fault.messages[0]}") from fault
        if len(text) > most:
            told = _("%(what)s: at most %(most)d characters fit, and there are %(count)d.")
            raise _BadRow(told % {"what": _said(column), "most": most, "count": len(text)})
        if _A_DAY.fullmatch(text):
            told = _("%(what)s: the spreadsheet made the date %(cell)s of it. Make the column text and type it again.")
            raise _BadRow(told % {"what": _said(column), "cell": text})
        return text

    def _child(self, parent: Node, kind: Kind, cell: str, code: str) -> Node:
        if Kind(parent.kind) not in UNDER[kind]:
            wanted = " / ".join(str(above.label) for above in UNDER[kind] if above)
            told = _("%(kind)s “%(cell)s” stands under nothing: fill in %(wanted)s.")
            raise _BadRow(told % {"kind": kind.label, "cell": (cell or code)[:40], "wanted": wanted})
        found = self._found(parent, kind, cell, code)
        if found is None:
            return self._new(parent, kind, cell, code)
        if found.became:
            told = _("%(old)s became %(new)s. Write %(new)s, and check the buildings.")
            raise _BadRow(told % {"old": found.name, "new": found.became})
        if found.until is not None:
            told = _("%(name)s was closed on %(day)s. Open it again on its page first, or leave this row out.")
            raise _BadRow(told % {"name": found.name, "day": found.until.isoformat()})
        return found

    def _found(self, parent: Node, kind: Kind, cell: str, code: str) -> Node | None:
        """The place that this row means among those that stand and those that rows above brought."""
        alike = parent.by_key.get((kind, key_of(kind, cell)), []) if cell else []
        if not code:
            exact = parent.by_code.get((kind, cell))
            if exact is None and len(alike) > 1:
                told = _("“%(cell)s” may be the one with code %(one)s or %(other)s. Write the code.")
                raise _BadRow(told % {"cell": cell[:40], "one": alike[0].code, "other": alike[1].code})
            return exact or (alike[0] if alike else None)
        found = parent.by_code.get((kind, code))
        if found is None and alike:
            told = _("%(name)s already stands with the code %(code)s, and this row says %(other)s.")
            raise _BadRow(told % {"name": alike[0].name, "code": alike[0].code, "other": code})
        if found is not None and cell and found not in alike:
            if found.row:
                told = _("The code %(code)s is already that of %(name)s in row %(row)d.")
                raise _BadRow(told % {"code": code, "name": found.name, "row": found.row})
            if (found, cell) not in self.otherwise:
                self.otherwise.add((found, cell))
                told = _("%(name)s stands under that name; the list says %(other)s. It stays as it is.")
                self._remark(told % {"name": found.name, "other": cell})
        return found

    def _new(self, parent: Node, kind: Kind, cell: str, code: str) -> Node:
        name, name_en = called(kind, cell or code)
        if kind in (Kind.AREA, Kind.ESTATE):
            name_en = self._words(f"{kind}_en", NAME_MAX)
        code = code or code_from(kind, cell)
        if other := parent.by_code.get((kind, code)):
            told = _("%(name)s would get the code %(code)s, which is that of %(other)s. Write a code.")
            raise _BadRow(told % {"name": name, "code": code, "other": other.name})
        order = len(parent.by_code) + 1 if kind in (Kind.AREA, Kind.ESTATE) else order_from(name)
        node = Node(kind, name, code, parent, name_en=name_en, order=order, row=self.number)
        parent.take(node)
        self.made.new.append(node)
        return node

    def _deepest(self, node: Node, floor: int | None, address: str) -> None:
        if node.kind == Kind.HOME and (first := self.home_rows.setdefault(node, self.number)) != self.number:
            raise _BadRow(_("It names the same home as row %(row)d. Keep one of them.") % {"row": first})
        if node.row == self.number:
            node.address, node.floor = address, floor if node.kind == Kind.HOME else None
        if node.pk is None:
            return
        self.made.same += 1
        if node.kind == Kind.HOME and floor is not None and node.floor != floor:
            told = _("%(name)s stands with the floor %(old)s; the list says %(new)d. It stays as it is.")
            self._remark(told % {"name": node.name, "old": "–" if node.floor is None else node.floor, "new": floor})
        if address and node.address != address:
            self._remark(_("%(name)s stands with another address. It stays as it is.") % {"name": node.name})

    def _remark(self, told: str) -> None:
        self.made.remarks.append((self.number, told))


def _standing(street: Place) -> Node:
    """The street's tree as it stands, from one reading."""
    root = Node(street.kind, street.name, street.code, pk=street.pk)
    nodes = {street.pk: root}
    for pk, parent, kind, name, code, address, floor, until, _path in _rows_of(street):
        above = nodes.get(parent)
        if above is None or kind not in LEVELS:
            continue
        node = Node(kind, name, code, above, pk=pk, address=address, floor=floor, until=until)
        if above.kind == kind:  # an old estate stands under what it became; lists still name it beside the others
            node.became, above = above.name, above.parent or above
            if (kind, code) in above.by_code:
                continue
        nodes[pk] = node
        above.take(node)
    return root


def _rows_of(street: Place) -> Iterator[tuple[Any, ...]]:
    rows = Place.objects.filter(path__startswith=street.path).exclude(pk=street.pk)
    fields = ("pk", "parent_id", "kind", "name", "code", "address", "floor", "until")
    return iter(sorted(rows.values_list(*fields, "path").iterator(5000), key=_depth))  # type: ignore[arg-type]


def _depth(row: tuple[Any, ...]) -> tuple[int, int]:
    return row[-1].count("/"), row[0]
