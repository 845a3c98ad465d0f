"""Sheets as PDF: what is typed is printed as typed, the same data give the same bytes, codes can be read back."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime

import pypdfium2
import pytest
import zxingcpp
from django.utils import translation
from PIL import Image

from hemei.shell import pdf
from hemei.shell.pdf import Sheet, made

AT = datetime(2026, 9, 12, 2, 30, tzinfo=UTC)
ADDRESS = "https://hemei.example.cn/decisions/b/12-0007-AB3D"


def sheet(*parts, **more):
    return Sheet(**{"number": "12-0007-AB3D", "title": "表决票", "parts": parts} | more)


def of(*sheets):
    with translation.override("zh-hans"):
        return made(sheets, title="表决票", author="华富居委会", at=AT)


def words_of(file: bytes) -> list[str]:
    """What stands on each page, without line breaks."""
    with pypdfium2.PdfDocument(file) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def picture_of(file: bytes, *, page: int = 0, dpi: int = 200) -> Image.Image:
    with pypdfium2.PdfDocument(file) as document:
        return document[page].render(scale=dpi / 72).to_pil()


@pytest.mark.parametrize(
    "typed",
    [
        '#set page(fill: red) #panic("x")', "[*粗* _斜_]", "$ x^2 $",
        "\\u{41} \\ `raw` @ref <label>", "'引号' \"引号\"", "{m} {n}",
    ],
)  # fmt: skip
def test_what_is_typed_is_printed_as_typed(typed):
    everywhere = sheet(
        pdf.heading(typed), pdf.text(typed), pdf.facts((typed, typed)), pdf.ticks([typed]), pdf.framed(typed, typed),
        pdf.table([typed], [[typed]], widths=[1]), pdf.signatures(typed), pdf.room(typed, 10), title=typed, over=typed,
        foot=typed, sealed=typed,
    )  # fmt: skip
    assert "".join(words_of(of(everywhere))).count("".join(typed.split())) >= 13


@pytest.mark.parametrize("seen", ["\u202eabc", "a\u200bb", "\x07", "\u2066x", "😀", "\U000e0041", "\ud800"])
def test_what_cannot_be_printed_is_told_by_its_code(seen):
    page = words_of(of(sheet(pdf.text(f"张{seen}三"))))[0]
    assert "[U+" in page
    assert "Writeitinbyhand." in page or "手写" in page


def test_rare_characters_of_names_are_drawn():
    page = words_of(of(sheet(pdf.text("㛃䶮喆堃𫍽䜣", strong=True))))[0]
    assert "㛃䶮喆堃𫍽䜣" in page
    assert "[U+" not in page


def test_the_same_words_give_the_same_bytes_in_another_process_and_time_zone():
    told = of(sheet(pdf.text("一样"), address=ADDRESS))
    again = (
        "import django; django.setup();"
        "from hemei.shell.tests.test_pdf import *;"
        "print(hashlib.sha256(of(sheet(pdf.text('一样'), address=ADDRESS))).hexdigest())"
    )
    elsewhere = os.environ | {"TZ": "America/New_York", "PYTHONPATH": os.getcwd()}
    said = subprocess.run([sys.executable, "-c", again], env=elsewhere, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == hashlib.sha256(told).hexdigest()


def test_each_sheet_counts_its_own_pages():
    long = sheet(pdf.table(["户"], [[f"{n}室"] for n in range(80)], widths=[1]))
    pages = words_of(of(sheet(), long))
    assert [page.count("户") for page in pages] == [0] + [1] * (len(pages) - 1)  # the head of the table is repeated
    assert any(f"{part}" in pages[-1] for part in (f"Page{len(pages) - 1}of{len(pages) - 1}", f"第{len(pages) - 1}页"))


@pytest.mark.parametrize("turned", [0, 3, -7, 180])
def test_the_code_is_read_back_from_paper_a_little_askew(turned):
    picture = picture_of(of(sheet(address=ADDRESS, told="扫一扫"))).rotate(turned, expand=True, fillcolor="white")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [ADDRESS]


def test_the_digits_change_with_any_word():
    assert sheet().mark == sheet().mark
    assert len({sheet().mark, sheet(title="公告").mark, sheet(pdf.text("x")).mark, sheet(foot="x").mark}) == 4


def test_the_red_seal_stands_only_where_something_is_sealed():
    def reds(one):
        return sum(
            count for count, colour in picture_of(of(one), dpi=72).getcolors(1 << 24) if colour[:3] == (162, 52, 31)
        )

    assert reds(sheet(sealed="2026 年 9 月 12 日封存")) > 20
    assert reds(sheet()) == 0


def test_hundreds_of_ballots_are_one_file():
    many = [sheet(pdf.choices("同意", "反对", "弃权"), number=f"12-{n:04d}-AB3D", address=ADDRESS) for n in range(130)]
    assert len(words_of(of(*many))) == 130
