"""Lists of owners for tests, in the forms clerks send, and address trees to find their homes in."""

from io import BytesIO

from openpyxl import Workbook

from hemei.base.tables import Reading, Row, read_table
from hemei.places import steps as places
from hemei.places.models import Kind, Place
from hemei.roll import lists

HEADINGS = ["楼", "门洞", "室号", "建筑面积(㎡)", "业主姓名", "业主编号", "份额", "共有方式", "用途", "计入表决"]
B, S, HOME, AREA, NAME, CODE, SHARE, WAY, USE, VOTES = range(10)


def put_homes(estate: Place, *, buildings: int = 1, stairwells: int = 2, floors: int = 3, doors: int = 2) -> None:
    """Buildings of so many stairwells with so many doors on each floor, a few statements for all."""
    rows = _put([Place(parent=estate, kind=Kind.BUILDING, name=f"{n}号楼", code=f"{n:02}", order=n)
                 for n in range(1, buildings + 1)])  # fmt: skip
    rows = _put([Place(parent=above, kind=Kind.STAIRWELL, name=f"{n}单元", code=f"{n}", order=n)
                 for above in rows for n in range(1, stairwells + 1)])  # fmt: skip
    _put([Place(parent=above, kind=Kind.HOME, name=f"{f}{d:02}室", code=f"{f:02}{d:02}", order=f * 100 + d, floor=f)
          for above in rows for f in range(1, floors + 1) for d in range(1, doors + 1)])  # fmt: skip


def _put(rows: list[Place]) -> list[Place]:
    Place.objects.bulk_create(rows, batch_size=1000)
    places.put_paths(Place.objects.filter(pk__in=[row.pk for row in rows], path=""))
    return list(Place.objects.filter(kind=rows[0].kind, pk__gte=rows[0].pk).order_by("pk"))


def rows_of(*, buildings: int = 1, stairwells: int = 2, floors: int = 3, doors: int = 2) -> list[Row]:
    """One owner a home, each with a name and a number of their own."""
    wheres = [
        (b, s, f, d)
        for b in range(1, buildings + 1)
        for s in range(1, stairwells + 1)
        for f in range(1, floors + 1)
        for d in range(1, doors + 1)
    ]
    return [
        [f"{b}号楼", f"{s}单元", f"{f:02}{d:02}", f"{48 + f}.{d}5", f"业主{n}", f"A{n:05}", "", "", "", ""]
        for n, (b, s, f, d) in enumerate(wheres, start=1)
    ]


def csv_of(rows: list[Row], encoding: str = "utf-8", headings: list[str] = HEADINGS) -> bytes:
    return "\r\n".join(",".join(row) for row in [headings, *rows]).encode(encoding)


def xlsx_of(rows: list[Row], headings: list[str] = HEADINGS) -> bytes:
    """Areas are numbers in it, as spreadsheets keep them."""
    book = Workbook()
    book.active.append(headings)
    for row in rows:
        book.active.append([float(cell) if column == AREA else cell for column, cell in enumerate(row)])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def reading_of(content: bytes) -> Reading:
    return lists.read(read_table(content))
