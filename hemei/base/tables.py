"""Lists as clerks keep them, CSV and XLSX, in and out.

Read: in whatever encoding, with full-width digits, merged cells and blank rows at the end; never more than the limits
below, and never a file that grows when it is opened. Written: so that no cell runs as a formula where it is opened.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from hemei.base.errors import Refused

BYTES_MAX = 20_000_000
ROWS_MAX = 100_000  # under the headings
HEADINGS_MAX = 10  # rows of a title and headings above them
COLUMNS_MAX = 60
CELLS_MAX = 2_000_000
CELL_MAX = 2_000  # characters
UNPACKED_MAX = 120_000_000  # bytes of all parts of an XLSX file
PARTS_MAX = 2_000
RATIO_MAX = 400  # of a part's size to its packed size; sheets of a hundred thousand like rows stay below 100
EXACT_MAX = 10**15  # spreadsheets keep 15 digits of a number

Row = list[str]


def read_table(file: bytes | BinaryIO) -> list[Row]:
    """The rows of the first filled sheet, every cell as trimmed text; row n of the file is at n - 1.

    Blank rows in between stay (as empty lists), those at the end go. Codes keep their zeros; a whole number that a
    spreadsheet stored as a number has no ".0".
    Raises Refused for what is no such list or is beyond the limits; the sentence says what to do.
    """
    content = file if isinstance(file, bytes) else file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        told = _("The list is larger than %(most)d MB. Cut it into several and send one after another.")
        raise Refused(told % {"most": BYTES_MAX // 1_000_000})
    if content.startswith(b"PK\x03\x04"):
        rows = _xlsx_rows(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _("This is an old Excel file (.xls) or one with a password. Open it, save it as .xlsx without a password.")
        )
    else:
        rows = _csv_rows(decoded(content))
    table = _within_limits(rows)
    if not any(table):
        raise Refused(_("The list is empty: there is no cell with words in it."))
    return table


def _within_limits(rows: Iterable[Sequence[object]]) -> list[Row]:
    table: list[Row] = []
    cells = blank = 0
    for number, row in enumerate(rows, start=1):
        line = [_cell(value, number) for value in row]
        while line and not line[-1]:
            line.pop()
        if not line:
            blank += 1
            continue
        table += [[] for _blank in range(blank)]
        blank = 0
        table.append(line)
        cells += len(line)
        if len(table) > ROWS_MAX + HEADINGS_MAX:
            told = _("The list has more than %(most)d rows. Cut it into several and send one after another.")
            raise Refused(told % {"most": ROWS_MAX})
        if len(line) > COLUMNS_MAX or cells > CELLS_MAX:
            told = _("Row %(row)d has more than %(most)d columns. Keep only the columns that are asked for.")
            raise Refused(told % {"row": number, "most": COLUMNS_MAX})
    return table


# columns


@dataclass(frozen=True)
class Reading:
    """A list whose columns were found. lines: (row number, {column: cell}). unread: headings nobody asked for."""

    lines: list[tuple[int, dict[str, str]]]
    unread: list[str]


def under_headings(
    table: list[Row], *, column_of: Callable[[str], str | None], are_headings: Callable[[set[str]], bool], told: str
) -> Reading:
    """Find the row of headings and the cells under them.

    column_of: the column that a heading names. are_headings: whether a row that names these columns is the one.
    told: what is said where there is no such row. Raises Refused when the columns cannot be told.
    """
    for place, row in enumerate(table[:HEADINGS_MAX]):
        columns = [column_of(cell) if cell else None for cell in row]
        found = [column for column in columns if column]
        if not are_headings(set(found)):
            continue
        if twice := next((column for column, count in Counter(found).items() if count > 1), None):
            headings = [cell for cell, column in zip(row, columns, strict=True) if column == twice]
            same = _("Two columns mean the same: %(headings)s. Keep one of them.")
            raise Refused(same % {"headings": ", ".join(headings)})
        lines = []
        for number, cells in enumerate(table[place + 1 :], start=place + 2):
            line = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
            if line:
                lines.append((number, line))
        if not lines:
            raise Refused(_("There are headings in the list and no rows under them."))
        unread = [cell for cell, column in zip(row, columns, strict=True) if cell and column is None]
        return Reading(lines, [heading[:40] for heading in unread[:20]])
    raise Refused(told)


# cells

_PLAIN = {0xFF10 + digit: 0x30 + digit for digit in range(10)}  # full-width digits
_PLAIN |= dict.fromkeys(map(ord, "\u3000\u00a0\t\r\n\v\f"), " ")
_PLAIN |= dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, 0xFEFF, 0x200B, 0x200E, 0x200F, 0x2060])
RUNS = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is a formula to a spreadsheet


def plain(text: str) -> str:
    """`text` trimmed, with plain digits and spaces, without what cannot be seen; Chinese stays as it is."""
    return text.translate(_PLAIN).strip()


def _cell(value: object, row: int) -> str:
    if isinstance(value, str):
        text = plain(value)
        if text.startswith("'") and text[1:].startswith(RUNS):
            text = text[1:]  # as `write_csv` made it safe
        if len(text) > CELL_MAX:
            told = _(
                "Row %(row)d has a cell of more than %(most)d characters. Perhaps a quotation mark is missing there."
            )
            raise Refused(told % {"row": row, "most": CELL_MAX})
        return text
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        if not abs(value) < EXACT_MAX:
            told = _(
                "Row %(row)d has a number of more than 15 digits, and the spreadsheet has rounded it. "
                "Make that column text and type the number again."
            )
            raise Refused(told % {"row": row})
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes") if value.time().isoformat() != "00:00:00" else _day(value)
    return _day(value) if isinstance(value, date) else "" if value is None else str(value)


def _day(value: date) -> str:
    return value.strftime("%Y-%m-%d")


# CSV


def decoded(content: bytes) -> str:
    """Text in UTF-8, UTF-16 or GB18030, with or without a mark at its beginning. Raises Refused for anything else."""
    if content.startswith(codecs.BOM_UTF8):
        tries = ["utf-8-sig"]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    elif content[1:200:2].count(0) > 10 > content[:200:2].count(0):
        tries = ["utf-16-le"]
    elif content[:200:2].count(0) > 10 > content[1:200:2].count(0):
        tries = ["utf-16-be"]
    else:
        tries = ["utf-8", "gb18030"]
    for encoding in tries:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(_("This is not a text that we can read. Save it as .xlsx, or as CSV in UTF-8, and send it again."))


def _csv_rows(text: str) -> Iterator[Row]:
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            told = _("Row %(row)d cannot be read. Perhaps a quotation mark is missing there.")
            raise Refused(told % {"row": number}) from fault
        yield row


def _delimiter(text: str) -> str:
    """The one of , ; and tab that cuts the first rows into most columns, and into equally many."""

    def fits(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in islice(reader, 20) if row]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(",;\t", key=fits)


# XLSX

_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/sharedStrings\.xml|xl/styles\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])([^>]*)(?<!/)>")
_ADDRESS = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([^\"']*)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")


def _xlsx_rows(content: bytes) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(_unpacked(content)) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
                    continue
                found = book.get_sheet_by_name(sheet.name)
                rows = found.to_python(skip_empty_area=False)
                if any(cell != "" for row in rows for cell in row):
                    return _filled_through(rows, found.merged_cell_ranges or [])
    except CalamineError as fault:
        raise Refused(_damaged()) from fault
    return []


def _damaged() -> str:
    return _("This spreadsheet cannot be opened: it is damaged, or it is no .xlsx file. Save it anew and send that.")


def _unpacked(content: bytes) -> io.BytesIO:
    """The parts that hold cells, packed anew without compression: what is parsed is what was counted here.

    The directory of an archive may lie about sizes, and a parser allots a sheet from its first to its last cell;
    so no part is read further than it says, and every cell's address is looked at first.
    """
    kept = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(kept, "w") as parts:
            listed = packed.infolist()
            if any(part.flag_bits & 1 for part in listed):
                raise Refused(_("This spreadsheet has a password. Save it without one and send that."))
            if len(listed) > PARTS_MAX or sum(part.file_size for part in listed) > UNPACKED_MAX:
                raise Refused(_too_much())
            needed = [part for part in listed if _NEEDED.fullmatch(part.filename)]
            if not any(part.filename.lower() == "xl/workbook.xml" for part in needed):
                raise Refused(_("This is not a spreadsheet. Send the list as .xlsx or as CSV."))
            for part in needed:
                if part.file_size > 1_000_000 and part.file_size > RATIO_MAX * max(part.compress_size, 1):
                    raise Refused(_too_much())
                with packed.open(part) as opened:
                    words = opened.read(part.file_size)
                if "worksheets/" in part.filename.lower():
                    _refuse_far_cells(words)
                parts.writestr(part.filename, words)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as fault:
        raise Refused(_damaged()) from fault
    kept.seek(0)
    return kept


def _too_much() -> str:
    return _("This spreadsheet is far larger inside than it looks. Copy the list alone into a new one and send that.")


def _refuse_far_cells(sheet: bytes) -> None:
    if b"\0" in sheet or b"<!DOCTYPE" in sheet:
        raise Refused(_damaged())
    for row in _ROW.finditer(sheet):
        address = _ADDRESS.search(row[1])
        if address and not re.fullmatch(rb"\d{1,7}", address[1]):
            raise Refused(_damaged())
    filled = 0
    for cell in _FILLED_CELL.finditer(sheet):
        filled += 1
        address = _ADDRESS.search(cell[1])
        if address is None:
            continue
        parsed = re.fullmatch(rb"([A-Za-z]{1,3})(\d{1,7})", address[1])
        if parsed is None:
            raise Refused(_damaged())
        column = 0
        for letter in parsed[1].upper():
            column = column * 26 + letter - 64
        if column > COLUMNS_MAX or int(parsed[2]) > ROWS_MAX + 1000:
            told = _(
                "There is a filled cell far from the list (%(cell)s). At most %(rows)d rows and %(columns)d columns "
                "fit; copy the list alone into a new spreadsheet and send that."
            )
            raise Refused(told % {"cell": address[1].decode(), "rows": ROWS_MAX, "columns": COLUMNS_MAX})
    if filled > CELLS_MAX:
        raise Refused(_too_much())


def _filled_through(rows: list[list[Any]], merged: Iterable[Any]) -> list[list[Any]]:
    """A merged cell says its words in every row and column it covers."""
    budget = CELLS_MAX
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        words = rows[top][left]
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = words
                budget -= 1
        if budget < 0:
            raise Refused(_too_much())
    return rows


# out


def write_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """CSV as spreadsheets expect it: UTF-8 with its mark, commas, and no cell that would run as a formula.

    A row that holds what elsewhere parts cells, a semicolon or a tab, is quoted throughout: no reader can mistake it.
    """
    text = io.StringIO(newline="")
    plain, quoted = csv.writer(text), csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [_safe(cell) for cell in row]
        ambiguous = any(mark in cell for cell in cells if isinstance(cell, str) for mark in ";\t")
        (quoted if ambiguous else plain).writerow(cells)
    return codecs.BOM_UTF8 + text.getvalue().encode("utf-8", "replace")


def write_xlsx(rows: Iterable[Sequence[object]], title: str = "") -> bytes:
    """One sheet; texts stay texts, so that codes keep their zeros."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or None)
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _safe(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    cell = _UNWRITABLE.sub("", cell)
    return f"'{cell}" if cell.startswith(RUNS) else cell
