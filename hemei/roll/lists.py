"""Lists of owners as registers print them and clerks keep them: one row an owner, columns in any order.

`read` finds the columns, `plan` compares every row with the address tree and with the roll and says which homes are
new, which stand already and which rows cannot be taken, each with every reason. Nothing is written here.
"""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.base.errors import Refused
from hemei.base.jobs import Progress
from hemei.base.tables import Reading, Row, under_headings
from hemei.base.text import cleaned
from hemei.engines.decision import written
from hemei.places.models import Kind, Place
from hemei.places.names import key_of
from hemei.roll import cells
from hemei.roll.cells import Unreadable, bare
from hemei.roll.models import Holding, Owner, Roll, Unit

LEVELS = (Kind.BUILDING, Kind.STAIRWELL, Kind.HOME)
NEEDED = ("home", "area", "owner")
REPORTED_MAX = 5_000  # bad rows that a report lists
OWNERS_MAX = 200  # of one home
NAME_MAX, CODE_MAX, MADE_MAX = 80, 60, 70
WHOLE_LIST = 0  # the row of what is said of the list as a whole

_HEADINGS = {
    "estate": "小区 住宅小区 楼盘 弄 弄号 estate compound",
    "building": "楼 楼栋 楼幢 楼号 楼栋号 号楼 幢 幢号 栋 栋号 座 building block",
    "stairwell": "门洞 门洞号 单元 单元号 门 门号 门牌 梯 stairwell entrance staircase",
    "home": "户 户号 室 室号 房号 房间号 房间 房屋 门牌室号 home flat room apartment unit flatnumber roomnumber",
    "area": "面积 建筑面积 建面 产权面积 专有面积 专有部分面积 房屋面积 房屋建筑面积 登记面积 area floorarea "
    "exclusivearea builtarea",
    "owner": "业主 业主姓名 产权人 产权人姓名 权利人 权利人姓名 所有权人 姓名 owner ownername nameofowner",
    "owner_code": "业主编号 业主号 业主代码 产权人编号 权利人编号 ownernumber ownercode ownerid ownerno",
    "owner_kind": "业主类型 业主类别 业主性质 产权人类型 权利人类型 ownertype ownerkind kindofowner",
    "share": "份额 产权份额 共有份额 权利份额 所有权份额 占有份额 share ownershipshare",
    "way": "共有方式 共有情况 共有类型 共有 ownership wayofowning heldas",
    "rep": "代表人 业主代表 共有人代表 是否代表人 representative rep",
    "kind": "用途 房屋用途 规划用途 房屋类型 房屋性质 使用性质 use usage kind",
    "votable": "计入表决 是否计入表决 计入 参加表决 是否参加表决 votes counts counted",
}
_COLUMN = {heading: column for column, headings in _HEADINGS.items() for heading in headings.split()}
_IDENTITY_HEADING = re.compile(r"身份证|证件号|证件编号|护照|identity|idcard|idnumber|nationalid|passport")
TEMPLATE = (  # one row an owner; the last home shows two owners
    ("小区", "楼", "门洞", "室号", "建筑面积", "业主姓名", "业主编号", "业主类型", "份额", "共有方式", "代表人", "用途",
     "计入表决"),
    ("龙吴路9弄", "3号楼", "1单元", "0101", "61.20", "业主甲", "A001", "个人", "", "", "", "住宅", "是"),
    ("龙吴路9弄", "3号楼", "1单元", "0102", "48.35", "业主乙", "A002", "个人", "1/2", "按份共有", "是", "住宅", "是"),
    ("龙吴路9弄", "3号楼", "1单元", "0102", "48.35", "业主丙", "A003", "个人", "1/2", "按份共有", "", "住宅", "是"),
)  # fmt: skip


def column_of(heading: str) -> str | None:
    text = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", heading)).casefold()
    return _COLUMN.get(text) or _COLUMN.get(re.sub(r"(平方米|平米|m2|sqm|名称|分数)$", "", text))


def read(table: list[Row]) -> Reading:
    """Find the columns and the cells under them. Raises Refused where they cannot be told, and for a list that holds
    identity numbers: they are not kept, not even in a file that waits."""
    reading = under_headings(
        table,
        column_of=column_of,
        are_headings=lambda found: len(found) > 1 and "home" in found,
        told=_(
            "No row of headings was found. The first rows must hold headings such as 楼, 门洞, 室号, 面积, 业主姓名. "
            "The template has them all."
        ),
    )
    _refuse_identity_numbers(table)
    found = {column for _number, line in reading.lines for column in line}
    missing = [_said(column) for column in NEEDED if column not in found]
    if missing:
        raise Refused(
            _("The list does not say: %(columns)s. Add what is missing.")
            % {"columns": pgettext("between names", ", ").join(missing)}
        )
    return reading


def _refuse_identity_numbers(table: list[Row]) -> None:
    told = _(
        "Row %(row)d holds a number of an identity card or another paper. Such numbers are not kept here: "
        "delete them from the list and send it again. To tell owners apart, number them yourself."
    )
    papers: set[int] = set()
    for number, row in enumerate(table, start=1):
        if any(column < len(row) and row[column] for column in papers) or any(map(cells.holds_identity_number, row)):
            raise Refused(told % {"row": number})
        papers |= {column for column, cell in enumerate(row) if number <= 11 and _names_papers(cell)}


def _names_papers(cell: str) -> bool:
    text = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", cell)).casefold()
    return len(text) <= 20 and _IDENTITY_HEADING.search(text) is not None


def _said(column: str) -> str:
    """A column in words, for a reader."""
    words = {
        "building": pgettext("a column", "building"),
        "stairwell": pgettext("a column", "stairwell"),
        "home": pgettext("a column", "home"),
        "area": pgettext("a column", "area"),
        "owner": pgettext("a column", "owner’s name"),
        "owner_code": pgettext("a column", "owner’s number"),
    }
    return words[column]


# what stands


@dataclass(slots=True, eq=False)
class Node:
    """A place of the estate's tree. below: every place in it by kind and by each way to write its name."""

    kind: str
    name: str
    code: str
    key: str
    pk: int
    until: Any = None
    by_code: dict[tuple[str, str], "Node"] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list["Node"]] = field(default_factory=dict)
    below: dict[tuple[str, str], list["Node"]] = field(default_factory=dict)


@dataclass
class Tree:
    """An estate's buildings, stairwells and homes. numbers: of each home as counted on site, by its place's key."""

    root: Node
    numbers: dict[int, int]


def tree_of(estate: Place) -> Tree:
    """From one reading, however many homes."""
    fields = ("pk", "parent_id", "kind", "name", "code", "order", "until")
    rows = Place.objects.filter(path__startswith=estate.path, kind__in=LEVELS).values_list(*fields)
    children = defaultdict(list)
    for row in rows.iterator(5000):
        children[row[1]].append(row)
    root = Node(Kind.ESTATE, estate.name, estate.code, "", estate.pk)
    tree = Tree(root, {})
    _hang(tree, children, [root])
    return tree


def _hang(tree: Tree, children: dict[int, list[Any]], above: list[Node]) -> None:
    """Everything under the last of `above`, in the order of the site, known to each of them."""
    parent = above[-1]
    for pk, _parent, kind, name, code, _order, until in sorted(children.pop(parent.pk, ()), key=_on_site):
        node = Node(kind, name, code, f"{parent.key}/{code}" if parent.key else code, pk, until)
        parent.by_code[kind, code] = node
        for key in {key_of(kind, name), key_of(kind, code)}:
            parent.by_name.setdefault((kind, key), []).append(node)
            for one in above:
                one.below.setdefault((kind, key), []).append(node)
        if kind == Kind.HOME:
            tree.numbers[pk] = len(tree.numbers) + 1
        _hang(tree, children, [*above, node])


def _on_site(row: tuple[Any, ...]) -> tuple[Any, ...]:
    _pk, _parent, kind, _name, code, order, _until = row
    return LEVELS.index(kind), order, code


@dataclass(frozen=True, slots=True)
class Held:
    """One owner's part of a home."""

    code: str
    name: str
    kind: str
    share: Fraction
    joint: bool
    rep: bool


@dataclass(slots=True)
class Standing:
    """A home that is on the roll, with those who hold it now."""

    pk: int
    key: str
    area: Decimal
    kind: str
    votable: bool
    until: Any
    holders: list[Held] = field(default_factory=list)


@dataclass
class OnTheRoll:
    """What the roll says now: homes by their place, owners by their code, and the homes of each name."""

    homes: dict[int, Standing] = field(default_factory=dict)
    owners: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # key, name, kind
    homes_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def standing(roll: Roll) -> OnTheRoll:
    """From three readings, however many homes; nothing for a roll that was not begun."""
    found = OnTheRoll()
    if roll.pk is None:
        return found
    units = {}
    fields = ("pk", "place_id", "key", "area_m2", "kind", "votable", "until")
    for pk, place, *rest in Unit.objects.filter(roll=roll).values_list(*fields).iterator(2000):
        units[pk] = found.homes[place] = Standing(pk, *rest)
    for pk, code, name, kind in (
        Owner.objects.filter(roll=roll).values_list("pk", "code", "name", "kind").iterator(2000)
    ):
        found.owners[code] = (pk, name, kind)
    part = ("unit_id", "owner__code", "share_num", "share_den", "joint", "rep")
    rows = Holding.objects.filter(unit__roll=roll, until=None).order_by("unit_id", "owner__code").values_list(*part)
    for unit, code, num, den, joint, rep in rows.iterator(2000):
        _pk, name, kind = found.owners[code]
        units[unit].holders.append(Held(code, name, kind, Fraction(num, den), joint, rep))
        found.homes_of[bare(name)].add(units[unit].key)
    return found


# the plan


@dataclass(slots=True, eq=False)
class Line:
    """One row of the list, as far as it can be read; `whole` when nothing in it is wrong."""

    row: int
    node: Node | None = None
    area: Decimal | None = None
    owner: str = ""
    name: str = ""  # the owner's, bare: without width, spaces and case
    code: str = ""
    owner_kind: str | None = None
    share: Fraction | None = None
    way: str | None = None
    rep: bool = False
    kind: str | None = None
    votable: bool | None = None
    whole: bool = True

    def is_like(self, other: "Line") -> bool:
        """Whether both name one owner, as far as numbers and names tell."""
        return self.code == other.code if self.code and other.code else self.name != "" and self.name == other.name


@dataclass(slots=True)
class NewUnit:
    """A home to be written, with its owners."""

    place: int
    key: str
    number: int
    kind: str
    area: Decimal
    votable: bool
    holders: list[Held]


@dataclass
class Plan:
    """What a list would do. new: the homes to write, in the order of the site; none is written while a row is bad.

    numbers: of every home of the estate as counted on site, by its place's key. known: owners who stand, by code.
    """

    rows: int = 0
    homes: int = 0
    area: Decimal | None = None
    new: list[NewUnit] = field(default_factory=list)
    same: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        """For a reader and for the database: counts, and the first of the bad rows."""
        owners = {held.code for unit in self.new for held in unit.holders}
        heads = {frozenset(held.code for held in unit.holders) for unit in self.new if unit.votable}
        return {
            "rows": self.rows,
            "homes": self.homes,
            "area": "" if self.area is None else written(Fraction(self.area)),
            "new": len(self.new),
            "new_area": written(Fraction(sum((unit.area for unit in self.new), Decimal(0)))),
            "owners": len(owners),
            "heads": len(heads),
            "same": self.same,
            "bad_count": len(self.bad),
            "bad": self.bad[:REPORTED_MAX],
            "unread": self.unread,
        }


def plan(
    roll: Roll,
    reading: Reading,
    progress: Progress | None = None,
    *,
    stated_homes: int | None = None,
    stated_area: Decimal | None = None,
) -> Plan:
    """Compare the list with the address tree and the roll as they stand. Reads only; four queries.

    stated_homes, stated_area: the totals that the register itself gives.
    """
    planning = _Planning(roll)
    for done, (row, line) in enumerate(reading.lines):
        if progress and not done % 500:
            progress.at(done, len(reading.lines), _("Looking at the rows"))
        planning.row(row, line)
    made = planning.made
    made.rows, made.unread = len(reading.lines), reading.unread
    planning.compare_homes()
    planning.compare_owners()
    planning.add_up(stated_homes, stated_area)
    planning.conclude()
    return made


class _Planning:
    def __init__(self, roll: Roll) -> None:
        self.estate, self.tree, self.on_roll = roll.place, tree_of(roll.place), standing(roll)
        self.made = Plan(numbers=self.tree.numbers, known={code: one[0] for code, one in self.on_roll.owners.items()})
        self.faults: dict[int, list[str]] = defaultdict(list)
        self.lines: list[Line] = []
        self.homes: dict[Node, list[Line]] = {}
        self.new: dict[Node, list[Line]] = {}
        self.held: dict[Node, list[Held]] = {}
        self.named: set[tuple[str, ...]] = set()  # homes as the list names them
        self.meant: dict[tuple[str, str, str], Node | str] = {}  # cells, and the place they mean or why none
        self.texts: dict[tuple[str, int], str] = {}  # cells found fit to be kept

    # row by row

    def row(self, row: int, said: dict[str, str]) -> None:
        line = Line(row)
        self.lines.append(line)
        for reads in (self._place, self._area, self._owner, *_MORE):
            try:
                reads(line, said)
            except Unreadable as fault:
                self._fault(line, str(fault))

    def _fault(self, line: Line, told: str) -> None:
        line.whole = False
        self.faults[line.row].append(told)

    def _text(self, column: str, cell: str, most: int) -> str:
        """The cell fit to be kept; looked at once, for most cells come again."""
        text = self.texts.get((cell, most))
        if text is None:
            try:
                text = self.texts[cell, most] = cleaned(cell)
            except ValidationError as fault:
                raise Unreadable(f"{_said(column)}: {fault.messages[0]}") from fault
        if len(text) > most:
            told = _("%(what)s: at most %(most)d characters fit, and there are %(count)d.")
            raise Unreadable(told % {"what": _said(column), "most": most, "count": len(text)})
        return text

    def _place(self, line: Line, said: dict[str, str]) -> None:
        if (estate := said.get("estate")) and not self._is_this_estate(estate):
            raise Unreadable(_("It belongs to another estate: %(name)s.") % {"name": estate[:40]})
        where = (said.get("building", ""), said.get("stairwell", ""), said.get("home", ""))
        if not where[2]:
            raise Unreadable(_("No home is named in it."))
        self.named.add(where)
        if where not in self.meant:
            try:
                self.meant[where] = self._home(where)
            except Unreadable as fault:
                self.meant[where] = str(fault)
        meant = self.meant[where]
        if isinstance(meant, str):
            raise Unreadable(meant)
        line.node = meant
        self.homes.setdefault(meant, []).append(line)

    def _is_this_estate(self, cell: str) -> bool:
        names = {self.estate.name, self.estate.name_en, self.estate.code}
        return cell in names or key_of(Kind.ESTATE, cell) == key_of(Kind.ESTATE, self.estate.name)

    def _home(self, where: tuple[str, ...]) -> Node:
        node = self.tree.root
        for kind, cell in zip(LEVELS, where, strict=True):
            if cell:
                node = self._under(node, kind, cell)
        if node.until is not None:
            told = _("%(home)s was closed in the address tree on %(day)s.")
            raise Unreadable(told % {"home": node.name, "day": node.until.isoformat()})
        return node

    def _under(self, node: Node, kind: str, cell: str) -> Node:
        """The place that a cell means: directly under `node`, or, where the list skips a level, the only one in it."""
        exact = node.by_code.get((kind, cell))
        key = kind, key_of(kind, cell)
        found = [exact] if exact else node.by_name.get(key) or node.below.get(key, [])
        if len(found) > 1:
            several = pgettext("between names", ", ").join(one.key for one in found[:3])
            told = _("“%(cell)s” may be any of %(several)s. Fill in building and stairwell, or write the code.")
            raise Unreadable(told % {"cell": cell[:40], "several": several})
        if not found:
            told = _("%(kind)s “%(cell)s” is not in the address tree under %(place)s. Check it, or add it there first.")
            raise Unreadable(told % {"kind": Kind(kind).label, "cell": cell[:40], "place": node.name})
        return found[0]

    def _area(self, line: Line, said: dict[str, str]) -> None:
        if not (cell := said.get("area")):
            raise Unreadable(_("The area is missing. Every row says the area of its home."))
        line.area = cells.area_from(cell)

    def _owner(self, line: Line, said: dict[str, str]) -> None:
        if cell := said.get("owner_code"):
            line.code = self._text("owner_code", cell, CODE_MAX)
        line.owner = self._text("owner", said.get("owner", ""), NAME_MAX)
        line.name = bare(line.owner)
        if not line.name:
            raise Unreadable(_("The owner is missing. Every row names one owner."))

    # home by home

    def compare_homes(self) -> None:
        keys = Counter(node.key for node in self.homes)
        for node, lines in self.homes.items():
            self._same_everywhere(lines)
            self._owners_once(lines)
            if keys[node.key] > 1:
                told = _("Two homes of the address tree have the same codes, %(key)s. Give one of them another code.")
                self._fault(lines[0], told % {"key": node.key})
            if not all(line.whole for line in lines):
                continue
            held = self._shared(lines)
            if held is None:
                continue
            stands = self.on_roll.homes.get(node.pk)
            if stands is None:
                self.new[node], self.held[node] = lines, held
            elif stands.until is not None:
                told = _("It was taken off the roll on %(day)s. Put it back on its own page.")
                self._fault(lines[0], told % {"day": stands.until.isoformat()})
            elif differing := self._otherwise(stands, lines, held):
                told = _(
                    "It stands otherwise on the roll: %(what)s. A list does not change what stands; "
                    "correct it on the home’s own page."
                )
                self._fault(lines[0], told % {"what": pgettext("between names", ", ").join(differing)})
            else:
                self.made.same += 1

    def _same_everywhere(self, lines: list[Line]) -> None:
        """What is said of the home in one row is said in all."""
        first = lines[0]
        for line in lines[1:]:
            if None not in (first.area, line.area) and line.area != first.area:
                told = _("Row %(row)d gives this home another area. One home has one area.")
                self._fault(line, told % {"row": first.row})
            if line.kind is not None and line.kind != (first.kind or Unit.Kind.HOME):
                told = _("Row %(row)d says that this home is used for something else.")
                self._fault(line, told % {"row": first.row})
            if line.votable is not None and line.votable != (first.votable is not False):
                self._fault(line, _("Row %(row)d says otherwise whether this home counts.") % {"row": first.row})

    def _owners_once(self, lines: list[Line]) -> None:
        if len(lines) > OWNERS_MAX:
            self._fault(lines[0], _("A home has at most %(most)d owners here.") % {"most": OWNERS_MAX})
            return
        for place, line in enumerate(lines):
            earlier = next((one for one in lines[:place] if one.is_like(line)), None)
            if earlier is not None:
                told = _("It names the same owner of the same home as row %(row)d. Keep one of them.")
                self._fault(line, told % {"row": earlier.row})
        spokesmen = [line for line in lines if line.rep]
        for line in spokesmen[1:]:
            told = _("Row %(row)d already names who speaks for this home. One owner does.")
            self._fault(line, told % {"row": spokesmen[0].row})

    def _shared(self, lines: list[Line]) -> list[Held] | None:
        """Who holds how much; None, and a fault, where that does not make one whole."""
        ways = {line.way for line in lines if line.way}
        given = [line for line in lines if line.share is not None]
        if len(ways) > 1:
            self._fault(lines[0], _("The owners of this home are said to own it in different ways."))
        elif ways == {cells.ALONE} and len(lines) > 1:
            self._fault(lines[0], _("It is said to have one owner alone, and there are %(n)d.") % {"n": len(lines)})
        elif ways & {cells.JOINT, cells.BY_SHARES} and len(lines) == 1:
            self._fault(lines[0], _("It is said to have several owners, and only one is named."))
        elif ways == {cells.JOINT} and given:
            told = _("Who owns jointly has no shares. Leave the shares empty, or write 按份共有 (by shares).")
            self._fault(given[0], told)
        elif ways == {cells.BY_SHARES} and not given:
            self._fault(lines[0], _("It is owned by shares, and no share is written. Write each owner’s share."))
        elif given and len(given) < len(lines):
            for line in lines:
                if line.share is None:
                    self._fault(line, _("The share is missing, and the other owners of this home have one."))
        elif given and (total := sum((line.share for line in given if line.share), Fraction(0))) != 1:
            told = _("The shares of this home add up to %(sum)s and not to 1.")
            self._fault(lines[0], told % {"sum": written(total)})
        else:
            even = Fraction(1, len(lines))
            joint = len(lines) > 1 and not given
            return [
                Held(
                    line.code, line.owner, line.owner_kind or _kind_of(line.owner), line.share or even, joint, line.rep
                )
                for line in lines
            ]
        return None

    def _otherwise(self, stands: Standing, lines: list[Line], held: list[Held]) -> list[str]:
        """In what the list differs from the roll, in words."""
        first, differing = lines[0], []
        if stands.area != first.area:
            told = _("area (%(one)s on the roll, %(other)s in the list)")
            areas = {"one": written(Fraction(stands.area)), "other": written(Fraction(first.area or 0))}
            differing.append(told % areas)
        if first.kind is not None and stands.kind != first.kind:
            differing.append(_("use"))
        if first.votable is not None and stands.votable != first.votable:
            differing.append(_("whether it counts"))
        if not _same_owners(stands.holders, lines, held):
            differing.append(_("owners and shares"))
        return differing

    # owner by owner

    def compare_owners(self) -> None:
        self._one_name_for_a_number()
        self._numbers_where_a_name_comes_again()

    def _one_name_for_a_number(self) -> None:
        """A number is one owner: one name, however it is spaced, and one kind."""
        first: dict[str, Line] = {}
        kinds: dict[str, Line] = {}
        for line in self.lines:
            if not line.code or not line.owner:
                continue
            stands = self.on_roll.owners.get(line.code)
            earlier = first.setdefault(line.code, line)
            if stands is not None and bare(stands[1]) != line.name:
                told = _("The owner’s number %(code)s stands on the roll under the name %(name)s. Check both.")
                self._fault(line, told % {"code": line.code, "name": stands[1]})
            elif earlier.name != line.name:
                told = _(
                    "The owner’s number %(code)s belongs to %(name)s in row %(row)d. One number is one owner: "
                    "write the name alike, or give another number."
                )
                self._fault(line, told % {"code": line.code, "name": earlier.owner, "row": earlier.row})
            if line.owner_kind is None:
                continue
            earlier = kinds.setdefault(line.code, line)
            if (stands is not None and stands[2] != line.owner_kind) or earlier.owner_kind != line.owner_kind:
                told = _("The owner’s number %(code)s stands elsewhere with another kind of owner.")
                self._fault(line, told % {"code": line.code})

    def _numbers_where_a_name_comes_again(self) -> None:
        """The law counts heads: one name at several homes may be one owner or several, and only a number tells."""
        where: dict[str, set[str]] = defaultdict(set)
        for line in self.lines:
            if line.owner and line.node is not None:
                where[line.name].add(line.node.key)
        for line in self.lines:
            if line.code or not line.owner or line.node is None or self._stands_alike(line.node):
                continue
            others = (where[line.name] | self.on_roll.homes_of.get(line.name, set())) - {line.node.key}
            if others:
                told = _(
                    "“%(name)s” also owns %(home)s. Owners are counted by heads: if it is one owner, give both rows "
                    "the same owner’s number; if they are two, different ones."
                )
                self._fault(line, told % {"name": line.owner, "home": min(others)})

    def _stands_alike(self, node: Node) -> bool:
        return node.pk in self.on_roll.homes and node not in self.new

    # the whole

    def add_up(self, stated_homes: int | None, stated_area: Decimal | None) -> None:
        """The list must add up to the totals that the register gives."""
        made = self.made
        lost = sum(isinstance(self.meant[where], str) for where in self.named)
        made.homes = len(self.homes) + lost
        areas = [next((line.area for line in lines if line.area is not None), None) for lines in self.homes.values()]
        if None not in areas and not lost:
            made.area = sum((area for area in areas if area is not None), Decimal(0))
        if stated_homes is not None and stated_homes != made.homes:
            told = _("The register counts %(stated)d homes, and the list has %(count)d.")
            self.faults[WHOLE_LIST].append(told % {"stated": stated_homes, "count": made.homes})
        if stated_area is not None and made.area is not None and stated_area != made.area:
            told = _("The register gives %(stated)s m² in all, and the areas of the list add up to %(sum)s m².")
            sums = {"stated": written(Fraction(stated_area)), "sum": written(Fraction(made.area))}
            self.faults[WHOLE_LIST].append(told % sums)

    def conclude(self) -> None:
        made = self.made
        made.bad = [(row, "\n".join(told)) for row, told in sorted(self.faults.items())]
        if made.bad:
            return
        taken = {*self.on_roll.owners, *(line.code for line in self.lines if line.code)}
        kinds = {line.code: line.owner_kind for line in self.lines if line.code and line.owner_kind}
        for node, lines in sorted(self.new.items(), key=lambda one: self.tree.numbers[one[0].pk]):
            first = lines[0]
            assert first.area is not None
            made.new.append(
                NewUnit(
                    node.pk,
                    node.key,
                    self.tree.numbers[node.pk],
                    first.kind or Unit.Kind.HOME,
                    first.area,
                    first.votable is not False,
                    list(_coded(node.key, self.held[node], taken, kinds)),
                )
            )


def _cell(column: str, reader: Callable[[str], Any]) -> Callable[[Line, dict[str, str]], None]:
    def reads(line: Line, said: dict[str, str]) -> None:
        if cell := said.get(column):
            setattr(line, column, reader(cell))

    return reads


_MORE = (
    _cell("owner_kind", cells.owner_kind_from),
    _cell("share", cells.share_from),
    _cell("way", cells.way_from),
    _cell("rep", cells.yes_or_no_from),
    _cell("kind", cells.unit_kind_from),
    _cell("votable", cells.yes_or_no_from),
)


def _kind_of(name: str) -> str:
    """The kind of an owner of whom nothing is said: a name that ends so is a company's."""
    return Owner.Kind.COMPANY if name.endswith("公司") else Owner.Kind.PERSON


def _same_owners(holders: list[Held], lines: list[Line], held: list[Held]) -> bool:
    """Whether the list names those who stand, with their shares; what it leaves open is not compared."""
    if len(holders) != len(held):
        return False
    left = list(holders)
    for line, one in zip(lines, held, strict=True):
        match = next(
            (
                stands
                for stands in left
                if bare(stands.name) == bare(one.name)
                and one.code in ("", stands.code)
                and (line.owner_kind is None or stands.kind == one.kind)
                and (stands.share, stands.joint, stands.rep) == (one.share, one.joint, one.rep)
            ),
            None,
        )
        if match is None:
            return False
        left.remove(match)
    return True


def _coded(key: str, held: Iterable[Held], taken: set[str], kinds: dict[str, str]) -> Iterator[Held]:
    """The owners of a home in the order of their codes' making: who has no number gets one from the home and the
    order of the names, so that the same list makes the same codes in whatever order its rows come."""
    number = 0
    for one in sorted(held, key=lambda each: (each.code, bare(each.name))):
        code = one.code
        while not code or (not one.code and code in taken):
            number += 1
            code = made_code(key, number)
        taken.add(code)
        yield Held(code, one.name, kinds.get(code, one.kind), one.share, one.joint, one.rep)


def made_code(key: str, number: int) -> str:
    """The code of an owner to whom the register gives none."""
    if len(key) > MADE_MAX:
        key = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{key}#{number}"
