"""Whatever is sent to any address: an answer below 500, and nothing of it runs or turns the page around it."""

from itertools import product
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hemei.people.actor import Actor, own
from tests.access.test_wrong_person import ACTS, speaking_from, world  # noqa: F401 - a fixture
from tests.access.walking import addresses, signed_in

SCRIPT = "\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = (
    SCRIPT,
    "\u202e左右\u2066反了",
    "\u200b\u200d\ufeff",
    "\U00020000" * 10_000,
    "a\x00b",
    "z" + "\u0301" * 40,
    "=cmd|' /C calc'!A0",
    "99999999999999999999",
    "-1",
    "²",
    "٣",
    "9999-12-31T23:59",
    "0001-01-01",
)
RAW = (b"\xff\xfe\x00", b"\xed\xa0\x80", b"%", b"\xc0\xaf")  # bytes that are no text
NUMBERS = ("0", "1", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 400)
UNREAD = {"web:readyz", "places:template", "roll:template"}  # says that no worker runs here; files


def bodies(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def faults_of(answer: Any, told: str, *, typed: bool = False) -> list[str]:
    """typed: the page gives back to somebody what they typed just now, turning characters included."""
    found = [f"{told}: {answer.status_code}"] if answer.status_code >= 500 else []
    if "html" not in answer.headers.get("Content-Type", ""):
        return found
    text = bodies(answer).decode("utf-8", "replace")
    turning = () if typed else ("\u202e", "\u2066", "\x00")
    harm = [one for one in ("<script>alert", "<img src=x", *turning) if one in text]
    there = answer.headers.get("Location", "/")
    if not there.startswith("/") or there.startswith("//"):
        found.append(f"{told}: leads to {there}")
    return found + [f"{told}: {one!r} stands in the page" for one in harm]


def paths_of(name: str, parts: dict[str, str]) -> list[str]:
    """Some addresses of that name, with keys that nothing can have."""
    choices = {
        "IntConverter": NUMBERS,
        "UUIDConverter": (str(uuid4()),),
        "StringConverter": (
            "2026-02-31",
            "0000-00-00",
            "9999-99-99",
            "２０２６-01-01",
            "\x00",
            SCRIPT[2:],
            "..",
            "\u202e",
        ),
        "Words": ("statements", "arguments"),
        "NoneType": ("csv",),
    }
    marks = {part: f"7{place}13" for place, part in enumerate(parts)}
    kinds = {"UUIDConverter": str(uuid4()), "StringConverter": "x-mark-x", "Words": "statement"}
    words = {part: kinds.get(kind, marks[part]) for part, kind in parts.items()}
    if not parts or set(parts.values()) - set(choices):
        return [reverse(name)] if not parts else []
    given = {part: int(word) if parts[part] == "IntConverter" else word for part, word in words.items()}
    path, found = reverse(name, kwargs=given), []
    for chosen in product(*(choices[kind] for kind in parts.values())):
        made = path
        for (part, kind), word in zip(parts.items(), chosen, strict=True):
            made = made.replace("statements" if kind == "Words" else words[part], quote(word, safe=""), 1)
        found.append(made)
    return found[:: max(1, len(found) // 8)]


QUERIES = [
    "words=" + quote(SCRIPT),
    "words=%E2%80%AE%00&page=%00",
    "words=%ED%A0%80%ff&page=99999999999999999999&state=%00",
    "words=%25_%25&page=-1&order=" + quote(SCRIPT),
    "place=99999999999999999999&street=99999999999999999999&matter=99999999999999999999&body=99999999999999999999",
    "place=%C2%B2&street=-1&matter=%D9%A3&body=%00&kept=-1&part=-1&first=0&copies=99999999999",
    "place=1&kind=" + quote(SCRIPT) + "&side=%00&group=statements&level=x&field=%00&before=%C2%B2",
    "next=//evil.example&code=" + quote(SCRIPT) + "&print",
    "next=javascript:alert(1)&part=99999999999999999&first=999999999&copies=9999",
    "&".join("place=1" for _ in range(40)),
]


@pytest.mark.parametrize("role", ["visitor", "resident", "clerk", "administrator"])
def test_no_address_and_no_parameter_breaks_a_page(role: str, request: Any, now: Any, street: Any) -> None:
    client, found = signed_in(request.getfixturevalue(role), raise_request_exception=False), []
    for name, parts in addresses().items():
        if name in UNREAD:
            continue
        for path in paths_of(name, parts):
            found += faults_of(client.get(path), f"get {path[:80]}")
            found += faults_of(client.post(path), f"post {path[:80]}") if parts else []
        if not parts:
            for asked in QUERIES:
                found += faults_of(client.get(f"{reverse(name)}?{asked}"), f"{name}?{asked[:60]}")
    assert found == []


def test_no_words_in_any_field_break_a_page(world: SimpleNamespace, administrator: Actor) -> None:  # noqa: F811
    """Each field of each act in turn, by who may do it; what is kept is looked at again on the pages afterwards."""
    found = []
    for name, act in ACTS.items():
        parts, words, who = act(world)
        one = administrator if who == "administrator" else getattr(world, who)
        actor = one if isinstance(one, Actor) else speaking_from(one) if hasattr(one, "office") else own(one)
        client = signed_in(actor, raise_request_exception=False)
        path = reverse(name, kwargs=parts)
        for field in [*words, "form_key"]:
            for hostile in HOSTILE:
                said = {"form_key": str(uuid4()), **words, field: hostile}
                if hasattr(words.get("photo"), "seek"):
                    words["photo"].seek(0)
                found += faults_of(client.post(path, said), f"{name} {field} {hostile[:20]!r}", typed=True)
            for raw in RAW:
                body = f"{field}=".encode() + raw
                answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
                found += faults_of(answer, f"{name} {field} {raw!r}", typed=True)
    assert found == []
    clients = [signed_in(Actor()), signed_in(own(world.second)), signed_in(speaking_from(world.clerk))]
    for client in clients:
        for name, key in (("places:place", world.other_estate.pk), ("places:place", world.building.pk)):
            found += faults_of(client.get(reverse(name, args=[key])), name)
        for name in ("consultations:consultation", "consultations:statements", "consultations:log"):
            found += faults_of(client.get(reverse(name, args=[world.talk.pk])), name)
        for name, key in (("matters:matter", world.matter.pk), ("promises:promise", world.promise.pk)):
            found += faults_of(client.get(reverse(name, args=[key])), name)
        found += faults_of(client.get(reverse("notices:sheet", args=[world.sheet.pk])), "sheet")
        found += faults_of(client.get(reverse("web:home")), "home")
    assert found == []


ODD = {
    "another type": ("application/json", b"{}"),
    "no boundary": ("multipart/form-data", b"x"),
    "cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'),
    "a long boundary": ("multipart/form-data; boundary=" + "b" * 300, b""),
    "an unknown encoding": ("application/x-www-form-urlencoded; charset=nonsense", b"a=b"),
    "another encoding": ("application/x-www-form-urlencoded; charset=utf-16", "a=b".encode("utf-16")),
    "too many fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=x" % one for one in range(1001))),
    "three megabytes": ("application/x-www-form-urlencoded", b"text=" + b"x" * 3_000_000),
    "a hostile file name": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="\xff\xe2\x80\xae<script>alert(1)</script>.jpg"'
        b"\r\nContent-Type: image/jpeg\r\n\r\nno picture\r\n--x--\r\n",
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_no_form_breaks_by_how_it_is_packed(odd: str, world: SimpleNamespace, administrator: Actor) -> None:  # noqa: F811
    kind, body = ODD[odd]
    client, found = signed_in(administrator, raise_request_exception=False), []
    for name, act in ACTS.items():
        path = reverse(name, kwargs=act(world)[0])
        found += faults_of(client.generic("POST", path, body, content_type=kind), name)
    for name, parts in addresses().items():
        if not parts and name not in UNREAD:
            found += faults_of(client.generic("POST", reverse(name), body, content_type=kind), name)
    assert found == []


def test_cookies_with_anything_in_them_are_taken_for_none(street: Any, now: Any) -> None:
    for junk in (SCRIPT.replace(";", ""), "x" * 4000, "%00", "' OR 1=1 --", "../../etc/passwd", "-1", "9" * 40):
        client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
        for name in ("language", "elder", "hemei", "csrftoken", "street"):
            client.cookies[name] = junk
        for path in ("/", reverse("people:me"), reverse("consultations:consultations")):
            answer = client.get(path)
            assert answer.status_code in (200, 302), path
            assert faults_of(answer, path) == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1@evil.example", "", "a b", "\xff"])
def test_another_sites_name_is_refused(host: str, db: None) -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
