"""Lists in and out: every way clerks save them, and every way they can harm."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from hemei.base import tables
from hemei.base.errors import Refused
from hemei.base.tables import plain, read_table, write_csv, write_xlsx

ROWS = [["居民区", "门洞", "室号"], ["华富", "03", "0101"], ["金牛苑", "1", "1202"]]
AS_TEXT = "居民区,门洞,室号\r\n华富,03,0101\r\n金牛苑,1,1202\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_reads_the_same_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    assert read_table(AS_TEXT.replace(",", delimiter).encode(encoding)) == ROWS


def test_codes_keep_their_zeros_in_a_spreadsheet_and_whole_numbers_have_no_point():
    book = Workbook()
    for row in [["门洞", "室号"], ["03", 101], [7.0, 2.5], [date(2026, 3, 1), True]]:
        book.active.append(row)
    assert read_table(saved(book)) == [["门洞", "室号"], ["03", "101"], ["7", "2.5"], ["2026-03-01", "TRUE"]]


def test_full_width_digits_and_spaces_become_plain_and_chinese_stays():
    assert plain("\u3000（３号楼）０１０１室\u00a0") == "（3号楼）0101室"


def test_a_merged_cell_says_its_words_in_every_row_it_covers():
    book = Workbook()
    for row in [["小区", "室号"], ["华富街区", "101"], [None, "102"], [None, "103"]]:
        book.active.append(row)
    book.active.merge_cells("A2:A4")
    assert read_table(saved(book))[1:] == [["华富街区", "101"], ["华富街区", "102"], ["华富街区", "103"]]


def test_blank_rows_at_the_end_go_and_those_between_keep_the_numbers_of_the_rest():
    assert read_table(b"a,b\n,\n c ,\n,\n\n,,\n") == [["a", "b"], [], ["c"]]


def test_the_first_filled_sheet_that_can_be_seen_is_read():
    book = Workbook()
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden.append(["hidden"])
    book.create_sheet("户").append(["seen"])
    assert read_table(saved(book)) == [["seen"]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" , ,\n", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel file"),
        (b"PK\x03\x04 no archive at all", "cannot be opened"),
        (bytes(range(256)) * 4, "cannot read|not a text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\xff\xff", "not a text"),
        (b'a,"b\n' + b"c,d\n" * 2000, "quotation mark"),
        (b",".join([b"x"] * 61), "columns"),
        (b"x\n" * 100_011, "rows"),
    ],
)
def test_what_is_no_list_or_too_much_is_refused_in_words(content, told):
    with pytest.raises(Refused, match=told):
        read_table(content)


def test_a_number_that_the_spreadsheet_rounded_is_named():
    book = Workbook()
    book.active.append([310104199001011234])
    with pytest.raises(Refused, match="Row 1 has a number of more than 15 digits"):
        read_table(saved(book))


def test_a_list_too_large_is_refused_before_it_is_parsed():
    with pytest.raises(Refused, match="larger than 20 MB"):
        read_table(io.BytesIO(b"a,b\n" * 6_000_000))


def test_a_spreadsheet_that_grows_when_it_is_opened_is_refused():
    with pytest.raises(Refused, match="far larger inside"):
        read_table(altered(write_xlsx(ROWS), "xl/worksheets/sheet1.xml", b" " * 60_000_000))
    with pytest.raises(Refused, match="far larger inside"):
        read_table(altered(write_xlsx(ROWS), "xl/media/much.bin", b" " * 130_000_000))


def test_a_spreadsheet_that_lies_about_its_size_is_never_read_further():
    packed = bytearray(altered(write_xlsx(ROWS), "xl/sharedStrings.xml", b" " * 900_000))
    size = (900_000).to_bytes(4, "little")
    while (place := packed.find(size)) >= 0:
        packed[place : place + 4] = (100).to_bytes(4, "little")
    with pytest.raises(Refused, match="cannot be opened"):
        read_table(bytes(packed))


def test_a_cell_at_the_far_end_of_a_sheet_is_refused_before_room_is_made_for_it():
    book = Workbook()
    book.active["XFD1048576"] = "x"
    with pytest.raises(Refused, match="XFD1048576"):
        read_table(saved(book))


@pytest.mark.parametrize("address", ["A99999999", "&#88;FD1", "", "ZZZZ1"])
def test_a_cell_with_no_right_address_is_refused(address):
    sheet = f'<worksheet><sheetData><row><c r="{address}"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(Refused, match="cannot be opened"):
        read_table(altered(write_xlsx(ROWS), "xl/worksheets/sheet1.xml", sheet.encode()))


def test_a_document_of_another_kind_is_told_so():
    with pytest.raises(Refused, match="not a spreadsheet"):
        read_table(packed({"word/document.xml": b"<a/>"}))


def test_no_cell_runs_as_a_formula_where_the_list_is_opened():
    harm = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
    text = write_csv([harm]).decode("utf-8-sig")
    assert all(cell.lstrip('"').startswith("'") for cell in text.split(","))
    assert read_table(write_csv([["=1+1", -5]])) == [["=1+1", "-5"]]
    book = write_xlsx([["=1+1", "0101"]])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    assert read_table(book) == [["=1+1", "0101"]]


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20).map(plain)
lists = st.lists(st.lists(words, min_size=1, max_size=6), min_size=1, max_size=8)


@given(lists)
@example([[";"], [";"]])
def test_what_is_written_reads_back_as_it_was(rows):
    rows = [[cell.removeprefix("'") for cell in row] for row in rows]
    rows = [["标题", "x"], *rows]  # so that the delimiter is told by more than the words
    wanted = trimmed(rows)
    assert read_table(write_xlsx(rows)) == wanted
    assert read_table(write_csv(rows)) == wanted


def trimmed(rows):
    table = []
    for row in rows:
        cells = [plain(tables._UNWRITABLE.sub("", cell)) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        table.append(cells)
    while table and not table[-1]:
        table.pop()
    return table


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def altered(book, name, content):
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return packed({**parts, name: content})
