"""Whatever address is asked for: what is hidden from somebody answers as what never was.

Every named address with a key in it is called with the key of a private thing of another place and with a key of
nothing, by everybody of the cast, by GET and by POST: status and page must be the same, to the letter.
"""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from conftest import NOW, put_person, put_seat, put_tie
from hemei.base import uploads
from hemei.base.models import Job
from hemei.base.text import likeness
from hemei.consultations.models import Argument, Consultation, Document, Statement
from hemei.matters.models import Matter
from hemei.notices.models import Posting, PrintedNotice
from hemei.people.models import Assistance, Passkey
from hemei.places import context
from hemei.promises.models import Promise
from tests.access.walking import CAST, addresses, signed_in, with_key

HIDDEN, NOTHING = 7_700_001, 9_900_001
HIDDEN_KEY, NOTHING_KEY = UUID(int=HIDDEN), UUID(int=NOTHING)
PUBLIC_BY_NATURE = {
    "people:body": "bodies are in the directory",
    "places:place": "estates, buildings and stairwells are public; homes are tried below",
    "places:history": "the same",
    "web:seal": "seals are public",
}


ADDRESSES = with_key(addresses())


def words_of(name: str, key: int, uuid: UUID) -> dict[str, Any]:
    """The parts of the address, filled with this key."""
    said: dict[str, Any] = {}
    for part, kind in ADDRESSES[name].items():
        if kind == "UUIDConverter":
            said[part] = uuid
        elif kind == "IntConverter":
            said[part] = key if part in ("pk", "key") else 1
        else:
            said[part] = "statement"
    return said


def kept_file(sort: str) -> Any:
    if sort == "picture":
        made = io.BytesIO()
        Image.new("RGB", (8, 8), "green").save(made, "PNG")
        file = SimpleUploadedFile("x.png", made.getvalue())
    else:
        file = SimpleUploadedFile("x.txt", "不给外人看的文件".encode())
    with transaction.atomic():
        return uploads.store(file=file, sort=sort, sent_by=HIDDEN, at=NOW)


@pytest.fixture
def private(other_estate: Any, now: Any, settings: Any, tmp_path: Any) -> None:
    """What the people of another area keep to themselves."""
    context.forget()  # the street of an earlier test is kept for a minute, which may end between two pages
    settings.MEDIA_ROOT = tmp_path
    neighbour = put_person("壬邻居", "+8613800000010", pk=HIDDEN)
    tie = put_tie(neighbour, other_estate, grade="declared")
    type(tie).objects.filter(pk=tie.pk).update(id=HIDDEN)
    seat = put_seat(neighbour, "owners", "金牛花苑业委会", other_estate, "member")
    type(seat).objects.filter(pk=seat.pk).update(id=HIDDEN)
    helper = put_person("癸助手", "+8613800000011")
    Assistance.objects.create(
        pk=HIDDEN,
        helper=helper,
        principal=neighbour,
        way="counter",
        evidence="x",
        photo=kept_file("picture"),
        began_at=NOW,
        form_key=uuid4(),
    )
    Passkey.objects.create(pk=HIDDEN, person=neighbour, credential=b"x", key=b"x", called="x", made_at=NOW)
    matter = Matter.objects.create(
        pk=HIDDEN,
        street_id=other_estate.street_key,
        place=other_estate,
        title="不给外人看的事",
        visibility="confidential",
        author=neighbour,
        opened_at=NOW,
    )
    consultation = Consultation.objects.create(
        pk=HIDDEN,
        matter=matter,
        question="不给外人看的问题",
        opens_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=1),
        ready_at=NOW - timedelta(days=1),
        who_votes="guest",
        who_speaks="guest",
        made_at=NOW,
    )
    text = "不给外人看的话"
    Statement.objects.create(
        consultation=consultation, number=1, text=text, likeness=likeness(text), state="accepted", made_at=NOW
    )
    Argument.objects.create(
        consultation=consultation,
        number=1,
        side="for",
        text=text,
        stake="light",
        likeness=likeness(text),
        state="accepted",
        made_at=NOW,
    )
    Document.objects.create(
        pk=1,
        consultation=consultation,
        title="不给外人看的材料",
        text=text,
        file=kept_file("document"),
        added_at=NOW,
        form_key=uuid4(),
    )
    body = seat.body
    Promise.objects.create(
        pk=HIDDEN,
        street_id=other_estate.street_key,
        matter=matter,
        place=other_estate,
        what="不给外人看的承诺",
        owner_body=body,
        proof_photo=kept_file("picture"),
        made_at=NOW,
        due_at=NOW + timedelta(days=3),
        late_at=NOW + timedelta(days=3),
    )
    sheet = PrintedNotice.objects.create(
        pk=HIDDEN,
        street_id=other_estate.street_key,
        year=2026,
        number=1,
        place=other_estate,
        matter=matter,
        body=body,
        title="不给外人看的公示",
        text=text,
        made_at=NOW,
        form_key=uuid4(),
    )
    photo = kept_file("picture")
    Posting.objects.create(pk=1, notice=sheet, place=other_estate, photo=photo, posted_at=NOW, form_key=uuid4())
    Job.objects.create(id=HIDDEN_KEY, kind="consultations.compute", asked_by=HIDDEN, created_at=NOW, touched_at=NOW)


def told(answer: Any) -> str:
    """The page without what differs by nature: form tokens, form keys, and the key that was asked for."""
    text = answer.content.decode("utf-8", "replace")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    return text.replace(str(HIDDEN), "KEY").replace(str(NOTHING), "KEY")


def asked(client: Client, method: str, name: str, words: dict[str, Any]) -> tuple[int, str, str]:
    answer: Any = getattr(client, method)(reverse(name, kwargs=words))
    place = answer.headers.get("Location", "").replace(str(HIDDEN), "KEY").replace(str(NOTHING), "KEY")
    return answer.status_code, place, told(answer)


@pytest.mark.parametrize(
    ("role", "visibility"),
    [(role, "confidential") for role in CAST]
    + [(role, "parties") for role in ("visitor", "resident", "clerk")]
    + [(role, "area") for role in ("guest", "newcomer", "clerk")],
)
def test_what_is_hidden_answers_as_what_is_not_there(role: str, visibility: str, request: Any, private: None) -> None:
    Matter.objects.filter(pk=HIDDEN).update(visibility=visibility)
    actor = request.getfixturevalue(role)
    differing, shown = [], []
    for name in ADDRESSES:
        if name in PUBLIC_BY_NATURE or sees_by_office(role, name):
            continue
        for method in ("get", "post"):
            hidden = asked(signed_in(actor), method, name, words_of(name, HIDDEN, HIDDEN_KEY))
            absent = asked(signed_in(actor), method, name, words_of(name, NOTHING, NOTHING_KEY))
            if hidden != absent:
                differing.append(f"{method} {name}: {hidden[0]} {hidden[1]} and {absent[0]} {absent[1]}")
            if hidden[0] < 300:
                shown.append(f"{method} {name}: {hidden[0]}")
            if hidden[0] >= 500:
                differing.append(f"{method} {name}: {hidden[0]}")
    assert differing == []
    assert shown == []


def sees_by_office(role: str, name: str) -> bool:
    """Seats, ties and records of the other area are the street's and the administrator's to look after, jobs too."""
    if name in ("web:job", "web:stop_job"):
        return role == "administrator"
    return role in ("administrator", "steward") and name.startswith("people:")


@pytest.mark.parametrize("role", [one for one in CAST if one not in ("administrator", "steward")])
def test_a_home_elsewhere_answers_as_one_that_is_not_there(role: str, request: Any, other_estate: Any) -> None:
    from conftest import put_place

    home = put_place("home", "101室", "0101", other_estate)
    type(home).objects.filter(pk=home.pk).update(id=HIDDEN, path=f"{other_estate.path}{HIDDEN}/")
    client = signed_in(request.getfixturevalue(role))
    for name in ("places:place", "places:history"):
        hidden, absent = (asked(client, "get", name, {"pk": key}) for key in (HIDDEN, NOTHING))
        assert hidden == absent, name
        assert hidden[0] == 404


LISTS: list[Callable[[], str]] = [
    lambda: reverse("web:home"),
    lambda: reverse("web:search") + "?words=不给外人看",
    lambda: reverse("matters:matters") + "?words=不给外人看",
    lambda: reverse("consultations:consultations"),
    lambda: reverse("promises:promises"),
    lambda: reverse("notices:sheets"),
    lambda: reverse("notices:inbox"),
    lambda: reverse("places:street"),
]


@pytest.mark.parametrize("role", CAST)
def test_no_list_and_no_search_names_what_is_hidden(role: str, request: Any, private: None, other_estate: Any) -> None:
    client = signed_in(request.getfixturevalue(role))
    pages = [*(one() for one in LISTS), reverse("places:place", args=[other_estate.pk])]
    for path in pages:
        answer = client.get(path, follow=True)
        assert answer.status_code in (200, 403), path
        text = answer.content.decode().replace('不给外人看"', "").replace("words=", "")
        for word in ("的事", "的问题", "的话", "的承诺", "的公示", "的材料"):
            assert f"不给外人看{word}" not in text, f"{path} shows it to {role}"
        assert str(HIDDEN) not in text, f"{path} links to it for {role}"


def test_the_private_things_can_be_seen_by_those_they_belong_to(private: None, other_estate: Any) -> None:
    """Else the tests above would pass for things nobody can open."""
    from hemei.people.actor import own
    from hemei.people.models import Person

    client = signed_in(own(Person.objects.get(pk=HIDDEN)))
    for name in ("matters:matter", "consultations:consultation", "consultations:statements"):
        assert client.get(reverse(name, args=[HIDDEN])).status_code == 200, name
    assert client.get(reverse("consultations:document", args=[HIDDEN, 1])).status_code == 200
    files = [
        client.get(reverse("consultations:document_file", args=[HIDDEN, 1])),
        client.get(reverse("promises:photo", args=[HIDDEN])),
        client.get(reverse("notices:photo", args=[HIDDEN, 1])),
        client.get(reverse("people:sitting_photo", args=[HIDDEN])),
    ]
    assert [answer.status_code for answer in files] == [200] * 4
    for answer in files:
        assert "private" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


UNSHOWN = "还没人看过的话"


@pytest.mark.parametrize("role", [one for one in CAST if one not in ("steward", "administrator")])
def test_within_what_is_public_the_unshown_answers_as_the_absent(role: str, request: Any, private: None) -> None:
    """Words that wait or were refused, and papers taken down, in a consultation that everybody reads."""
    Matter.objects.filter(pk=HIDDEN).update(visibility="public")
    Consultation.objects.filter(pk=HIDDEN).update(moderation="before")
    shown = Consultation.objects.get(pk=HIDDEN)
    for number, state in ((71, "waiting"), (72, "rejected")):
        words = {"text": f"{UNSHOWN}{number}", "likeness": likeness(f"{UNSHOWN}{number}"), "state": state}
        Statement.objects.create(consultation=shown, number=number, made_at=NOW, **words)
        Argument.objects.create(consultation=shown, number=number, side="for", stake="light", made_at=NOW, **words)
    Document.objects.filter(pk=1).update(taken_down_at=NOW, taken_down_why="过时了")
    client, differing = signed_in(request.getfixturevalue(role)), []
    for name, parts in ADDRESSES.items():
        keys = [part for part in parts if part in ("number", "paper")]
        if not name.startswith("consultations:") or not keys:
            continue
        for key, absent in ((71, 91), (72, 91), (1, 91)) if keys == ["paper"] else ((71, 91), (72, 91)):
            kinds: list[str | None] = ["statement", "argument"] if "kind" in parts else [None]
            for kind in kinds:
                for method in ("get", "post"):
                    there, gone = (
                        asked(client, method, name, {"pk": HIDDEN} | one_of(keys, value) | kind_of(kind))
                        for value in (key, absent)
                    )
                    if (there[0], strip(there[2])) != (gone[0], strip(gone[2])):
                        differing.append(f"{method} {name} {kind} {key}: {there[0]} and {gone[0]}")
    assert differing == []
    for path in ("consultation", "statements", "arguments", "log", "map", "sheet", "mine"):
        assert UNSHOWN not in client.get(reverse(f"consultations:{path}", args=[HIDDEN])).content.decode(), path
    for path in (reverse("web:search") + f"?words={UNSHOWN}", reverse("matters:matter", args=[HIDDEN])):
        text = client.get(path).content.decode()
        assert f"{UNSHOWN}7" not in text, path


def one_of(keys: list[str], value: int) -> dict[str, Any]:
    return dict.fromkeys(keys, value)


def kind_of(kind: str | None) -> dict[str, Any]:
    return {} if kind is None else {"kind": kind}


def strip(text: str) -> str:
    """Without the number that was asked for."""
    return re.sub(r"\b(71|72|91|1)\b", "N", text)
