"""The frame of every page, its fields, its refusals and what it weighs."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from hemei.base.errors import NotAllowed, Refused, TooMany
from hemei.people.actor import Actor
from hemei.shell.context import menu_of
from hemei.shell.middleware import POLICY, refusals

pytestmark = pytest.mark.django_db  # the frame names the street

HOUSE = Path(__file__).resolve().parents[2]
COLD_BYTES, WARM_BYTES = 100_000, 15_000


def asked(path="/", actor=None, **headers):
    request = RequestFactory().get(path, headers=headers)
    request.actor, request.LANGUAGE_CODE, request.elder = actor or Actor(), "en", False
    return request


def somebody(**more):
    """An actor as far as the frame looks at one."""
    return SimpleNamespace(**{"is_visitor": False, "key": None, "assistance": None, "seat": None, "ties": ()} | more)


def page(words=None, **more):
    template = engines["django"].from_string('{% extends "shell/page.html" %}{% block main %}<h1>It</h1>{% endblock %}')
    with translation.override("en"):
        return template.render(words or {}, asked(**more))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("address", ["/styleguide", "/styleguide?wrong", "/styleguide?print"])
def test_every_part_is_shown_in_both_languages(client, language, address, django_assert_max_num_queries):
    client.cookies["language"] = language
    with django_assert_max_num_queries(2):
        response = client.get(address)
    assert response.status_code == 200
    assert not re.search(r"{[{%]|%\(", response.text)


def test_what_is_sent_to_the_style_guide_is_looked_at_and_comes_back_with_what_is_wrong(client):
    response = client.post("/styleguide", {"title": "灯不亮", "words": ""})
    assert response.status_code == 422
    assert "灯不亮" in response.text
    assert client.post("/styleguide", {"answer": "1"}).url == "/styleguide"


def test_the_policy_lets_nothing_in_from_outside_and_nothing_inline(client):
    policy = client.get("/styleguide").headers["Content-Security-Policy"]
    assert policy == POLICY
    assert "unsafe" not in policy
    assert "http" not in policy


# the frame


def test_a_visitor_is_offered_to_sign_in_and_others_their_own_page():
    with translation.override("en"):
        assert [item["name"] for item in menu_of(asked())] == ["Street", "Consultations", "Promises", "Sign in"]
        assert menu_of(asked(actor=somebody()))[-1]["name"] == "Mine"


def test_the_menu_says_where_one_is():
    current = {item["name"]: item["current"] for item in menu_of(asked("/promises/7"))}
    assert sorted(current.values()) == ["", "", "", "true"]
    current = [item["current"] for item in menu_of(asked("/promises/"))]
    assert current == ["", "", "page", ""]
    current = [item["current"] for item in menu_of(asked("/people/bodies/3"))]
    assert current == ["true", "", "", ""]
    assert not any(item["current"] for item in menu_of(asked("/styleguide")))


def test_the_street_gives_the_page_its_name():
    assert "漕河泾街道</a>" in page({"street_name": "漕河泾街道"})
    assert "Hemei</a>" in page({"street_name": ""})


def test_new_notices_are_counted_in_the_menu():
    assert '<span class="count">3</span> new notices' in page({"unread": 3})
    assert 'class="count"' not in page({"unread": 0})


def test_names_from_outside_are_shown_as_they_are_typed():
    assert "<script>alert" not in page({"street_name": "<script>alert(1)</script>"})
    assert '"><b>' not in page(path='/?"><b>')


def test_a_demonstration_says_so_and_a_real_street_does_not():
    assert "A demonstration" in page({"invented": True})
    assert "A demonstration" not in page({"invented": False})


def test_who_acts_for_somebody_reads_it_on_every_page():
    helped = somebody(assistance=True, principal=SimpleNamespace(name="王阿婆"))
    assert "You are acting for 王阿婆." in page(actor=helped)


def test_who_speaks_for_a_body_reads_it_on_every_page():
    body = SimpleNamespace(name="华富居委会", name_en="Huafu Committee")
    assert "You speak for Huafu Committee." in page(actor=somebody(seat=SimpleNamespace(body=body)))


def test_large_print_shows_a_telephone_number_and_offers_to_read():
    shown = page({"elder": True, "help_phone": "021 6700 0000"})
    assert '<a href="tel:02167000000">021 6700 0000</a>' in shown
    assert "data-read" in shown
    assert "residents' committee" in page({"elder": True}).replace("&#x27;", "'")
    assert "data-read" not in page()


# fields


class Form(forms.Form):
    name = forms.CharField(label="Name", max_length=5, help_text="Short.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect, help_text="One of them.")
    many = forms.MultipleChoiceField(label="Many", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(label="Sure")
    note = forms.CharField(label="Note", required=False)
    paper = forms.FileField(label="Paper", required=False)
    form_key = forms.UUIDField(widget=forms.HiddenInput)


def fields(form):
    with translation.override("en"):
        return render_to_string("shell/fields.html", {"form": form})


def test_every_field_has_a_label_that_belongs_to_it():
    shown = fields(Form())
    for name in ("name", "sure", "note", "paper"):
        assert f'<label for="id_{name}">' in shown
        assert f'id="id_{name}"' in shown
    assert shown.count("<legend>") == 2
    assert shown.count("(optional)") == 2
    assert 'type="hidden"' in shown
    assert "faults" not in shown


def test_what_is_wrong_stands_beside_the_field_and_above_them_all_and_what_was_typed_stays():
    shown = fields(Form({"name": "too long for it", "kind": "b", "form_key": "no"}))
    told = "At most 5 characters fit here, and you wrote 15. Nothing you typed is lost."
    assert shown.count(told) == 2
    assert 'href="#id_name_field"' in shown
    assert 'value="too long for it"' in shown
    assert "“b” is not one of the choices." in shown
    assert "This form is not whole." in shown
    for wrong in re.findall(r'aria-describedby="([^"]+)"', shown):
        for described in wrong.split():
            assert f'id="{described}"' in shown
    assert 'role="alert"' in shown


def test_hostile_words_in_a_field_stay_words():
    shown = fields(Form({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_field_names_a_rule_where_it_should_say_what_to_do(language):
    def told(field, value):
        try:
            field.clean(value)
        except forms.ValidationError as wrong:
            return " ".join(wrong.messages)
        raise AssertionError(field)

    with translation.override(language):
        said = [
            told(forms.CharField(), ""),
            told(forms.CharField(min_length=3), "a"),
            told(forms.CharField(), "a\x00"),
            told(forms.IntegerField(), "x"),
            told(forms.IntegerField(min_value=3), "1"),
            told(forms.IntegerField(max_value=3), "4"),
            told(forms.DecimalField(), "x"),
            told(forms.DateField(), "31 February"),
            told(forms.TimeField(), "25:99"),
            told(forms.DateTimeField(), "x"),
            told(forms.BooleanField(), False),
            told(forms.ChoiceField(choices=[]), ""),
            told(forms.ChoiceField(choices=[]), "x"),
            told(forms.MultipleChoiceField(choices=[]), "x"),
            told(forms.FileField(), None),
            told(forms.EmailField(), "x"),
            told(forms.URLField(assume_scheme="https"), "x y"),
            told(forms.UUIDField(), "x"),
        ]
    for sentence in said:
        assert not re.search(r"\bvalid|Ensure|required|有效|必填|确保", sentence), sentence


# refusals


@pytest.mark.parametrize(
    ("fault", "status", "then"),
    [
        (NotAllowed("Only owners may."), 403, "sign in and try again"),
        (Refused("It is closed."), 422, "Nothing was changed"),
        (TooMany("Wait a moment.", after_seconds=7), 429, "wait a moment"),
    ],
)
def test_a_refusal_is_a_page_that_says_why_and_what_next(fault, status, then):
    request = asked(Referer="http://testserver/promises/3?a=1")
    with translation.override("en"):
        response = refusals(lambda request: None).process_exception(request, fault)
    assert response.status_code == status
    assert f"<h1>{fault}</h1>" in response.text
    assert then in response.text
    assert 'href="/promises/3?a=1"' in response.text
    assert response.headers.get("Retry-After") == ("7" if status == 429 else None)
    assert "HX-Retarget" not in response.headers


def test_a_visitor_who_may_not_signs_in_and_comes_back_to_the_page_asked_for():
    with translation.override("en"):
        response = refusals(lambda request: None).process_exception(asked("/people/counter?a=1"), NotAllowed("No."))
    assert "/people/sign-in?next=/people/counter%3Fa%3D1" in response.text


def test_a_refusal_of_a_part_takes_the_whole_page():
    request = asked(**{"HX-Request": "true"})
    response = refusals(lambda request: None).process_exception(request, Refused("No."))
    assert response.headers["HX-Retarget"] == "body"


def test_other_faults_are_left_to_the_house():
    assert refusals(lambda request: None).process_exception(asked(), ValueError()) is None


# all templates, all files


def templates():
    return sorted(path for path in HOUSE.rglob("templates/**/*.html") if "tests" not in path.parts)


INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|<[a-z][^>{]*\son[a-z]+\s*=|javascript:|\shx-on|\shx-vals=.js:", re.I
)
OUTSIDE = re.compile(r"(?:src|href|action|srcset)\s*=\s*[\"']?(?:https?:)?//", re.I)


def test_no_template_holds_script_or_style_of_its_own():
    assert len(templates()) > 30
    assert [(str(path), found[0]) for path in templates() if (found := INLINE.search(path.read_text("utf-8")))] == []


def test_no_template_fetches_anything_from_outside():
    assert [str(path) for path in templates() if OUTSIDE.search(path.read_text("utf-8"))] == []


def test_the_sheet_and_the_script_fetch_nothing_from_outside():
    for name in ("shell/hemei.css", "shell/hemei.js", "shell/seal.svg"):
        text = Path(finders.find(name)).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|@import|//[a-z]+\.", text)


def test_a_page_is_light():
    def weight(text):
        return len(gzip.compress(text if isinstance(text, bytes) else text.encode(), 6))

    files = ("shell/hemei.css", "shell/hemei.js", "shell/seal.svg", "django_htmx/htmx-2.min.js")
    frame, shared = weight(page()), sum(weight(Path(finders.find(name)).read_bytes()) for name in files)
    assert frame < 3_000  # of WARM_BYTES, the rest is the page's own
    assert frame + shared < COLD_BYTES - WARM_BYTES
