"""Lists for tests: a clerk's list of homes in the forms clerks send."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from hemei.base.tables import Row, read_table
from hemei.places import lists
from hemei.places.models import Place

HEADINGS = ["居民区", "小区", "楼", "门洞", "室号", "楼层", "地址"]


def homes(estates: int = 1, buildings: int = 2, stairwells: int = 2, floors: int = 3) -> list[Row]:
    """Rows of a fresh area: two homes on each floor."""
    return [
        ["田林居民区", f"田林{estate}村", str(building), str(stairwell), f"{floor:02}0{door}", str(floor), ""]
        for estate in range(1, estates + 1)
        for building in range(1, buildings + 1)
        for stairwell in range(1, stairwells + 1)
        for floor in range(1, floors + 1)
        for door in (1, 2)
    ]


def csv_of(rows: list[Row], encoding: str = "utf-8", headings: list[str] = HEADINGS) -> bytes:
    return "\r\n".join(",".join(row) for row in [headings, *rows]).encode(encoding)


def xlsx_of(rows: list[Row], headings: list[str] = HEADINGS) -> bytes:
    book = Workbook()
    for row in [headings, *rows]:
        book.active.append(row)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def reading_of(content: bytes) -> lists.Reading:
    return lists.read(read_table(content))


def tree_of(street: Place) -> list[tuple[Any, ...]]:
    """Everything in the street, without keys: two trees are alike when these are."""
    rows = Place.objects.filter(path__startswith=street.path).order_by("path")
    fields = ("kind", "name", "name_en", "code", "address", "order", "floor", "parent__code", "parent__name")
    return sorted(rows.values_list(*fields), key=str)
