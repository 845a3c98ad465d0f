"""How heavy pages are on the wire: at most 100 kB when nothing is known yet, 15 kB when style and script are kept."""

import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.serving import House

COLD_MAX, WARM_MAX = 100_000, 15_000


def bytes_of(house: House, path: str, session: str = "") -> tuple[int, str, dict[str, str]]:
    """Bytes of one answer on the wire, headers included, its text, its headers."""
    line = HTTPConnection(urlsplit(house.address).netloc, timeout=30)
    cookie = {"Cookie": f"csrftoken={'a' * 32}; hemei={session}"} if session else {}
    line.request("GET", path, headers={"Accept-Encoding": "gzip, br", **cookie})
    answer = line.getresponse()
    body = answer.read()
    assert answer.status == 200, path
    headers = {name.lower(): value for name, value in answer.getheaders()}
    text = body.decode() if "content-encoding" not in headers else ""
    if headers.get("content-encoding") == "gzip":
        import gzip

        text = gzip.decompress(body).decode("utf-8", "replace")
    return len(body) + sum(len(name) + len(value) + 4 for name, value in headers.items()), text, headers


def needed_by(text: str) -> list[str]:
    """Style sheets, scripts and pictures a page asks for."""
    return sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text)))


@pytest.fixture(scope="module")
def pages(house: House) -> dict[str, str]:
    said = house.script("voters", "1")
    first = house.script("some_pages")
    assert isinstance(first, dict)
    return {**first, "consultation": f"/consultations/{said['consultation']}", "home": "/"}


@pytest.mark.parametrize("name", ["home", "consultation", "statement", "matter"])
@pytest.mark.parametrize("role", ["visitor", "resident"])
def test_a_page_is_light(name: str, role: str, house: House, pages: Any, sessions: dict[str, str]) -> None:
    warm, text, _headers = bytes_of(house, pages[name], sessions.get(role, ""))
    parts = {part: bytes_of(house, part) for part in needed_by(text)}
    cold = warm + sum(size for size, _text, _headers in parts.values())
    print(f"{name} as {role}: {cold} bytes cold, {warm} warm")
    assert warm <= WARM_MAX
    assert cold <= COLD_MAX
    for part, (_size, _text, headers) in parts.items():
        assert "max-age" in headers.get("cache-control", ""), part
