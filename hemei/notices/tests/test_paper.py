"""A posted notice fits on exactly one page of A4, however full it is, as a real browser prints it."""

import re
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
import segno

from conftest import signed_in
from hemei.notices import paper
from hemei.notices.actions import make_sheet
from hemei.notices.models import BODY_MAX, TITLE_MAX

STYLE = Path(__file__).parents[2] / "shell/static/shell/hemei.css"
FULL = {
    "short": ("停水通知", "明天停水。"),
    "characters": ("长" * TITLE_MAX, "文" * BODY_MAX),
    "lines": ("长" * TITLE_MAX, "\n".join(["文，" * 14 + "。"] * 20)),
    "sentence marks": ("，" * TITLE_MAX, "（文）“文”、" * 85),
    "capitals": ("W" * 51, "\n".join(["W" * 29] * 20)[:BODY_MAX]),
    "letters": ("Water is off on Tuesday in building three, all flats"[:51], "residents store water in time " * 20),
    "emoji": ("🏘" * 40, "\n".join(["🏘" * 20] * 20)),
}


@pytest.mark.parametrize("how", FULL)
def test_it_prints_on_one_page(how, clerk, estate, now, chromium):
    title, text = FULL[how]
    made = make_sheet(actor=clerk, place=estate, title=title, text=text[:BODY_MAX].strip(), form_key=uuid4(), at=now)
    html = signed_in(clerk).get(f"/notices/posted/{made.pk}/paper").content.decode()
    html = re.sub(r'<link rel="stylesheet"[^>]*>', lambda _link: f"<style>{STYLE.read_text()}</style>", html)
    html = re.sub(r"<script[^>]*></script>", "", html)
    page = chromium.new_page()
    page.set_content(html)
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_the_code_holds_the_address_and_is_told_to_those_who_hear_it():
    address = "https://hemei.example.org/notices/posted/12345"
    drawn = paper.qr(address, "打开 <这张> 公示")
    assert "<title>打开 &lt;这张&gt; 公示</title>" in drawn
    assert "style=" not in drawn
    expected = BytesIO()
    segno.make(address, error="m", micro=False).save(expected, kind="svg", border=2, omitsize=True, xmldecl=False)
    path = re.search(rb' d="([^"]+)"', expected.getvalue())[1].decode()
    assert path in drawn
