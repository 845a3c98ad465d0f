"""The reader's language and size."""

import pytest

pytestmark = pytest.mark.django_db  # the frame names the street


@pytest.fixture
def look(client, db):
    def press(**words):
        return client.post("/look", words)

    return press


def test_chinese_comes_first(client):
    response = client.get("/styleguide")
    assert response.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans">' in response.text


def test_the_chosen_language_stays(look, client):
    assert look(language="en", next="/styleguide").url == "/styleguide"
    response = client.get("/styleguide")
    assert '<html lang="en">' in response.text
    assert "简体中文" in response.text


def test_large_print_is_chosen_kept_and_left(look, client):
    look(elder="1")
    assert "data-elder" in client.get("/styleguide").text
    look(elder="0")
    assert "data-elder" not in client.get("/styleguide").text


def test_the_address_on_slips_makes_everything_large(client):
    response = client.get("/elder")
    assert response.url == "/"
    assert "data-elder" in client.get("/styleguide").text


def test_the_address_on_slips_is_only_read(client):
    assert client.post("/elder").status_code == 405


def test_choosing_needs_a_form(client):
    assert client.get("/look").status_code == 405


def test_what_is_no_choice_changes_nothing(look):
    response = look(language="xx", elder="9", next="/styleguide")
    assert response.status_code == 302
    assert not response.cookies


def test_a_page_can_be_read_without_any_cookie_and_the_choice_needs_no_form_token(db):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/look", {"elder": "1"}).status_code == 302


@pytest.mark.parametrize(
    "next_page",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "///elsewhere.example",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "elsewhere.example",
        "http:elsewhere.example",
        "\x00/",
        "",
    ],
)
def test_nobody_is_led_to_another_site(look, next_page):
    assert look(elder="1", next=next_page).url == "/"


def test_an_endless_address_is_cut(look):
    assert len(look(elder="1", next="/" + "a" * 9000).url) == 2000


@pytest.mark.parametrize("next_page", ["/", "/promises/?state=late", "/places/1"])
def test_one_comes_back_to_the_page_one_was_on(look, next_page):
    assert look(elder="1", next=next_page).url == next_page


def test_after_something_was_sent_one_comes_back_to_the_page_it_was_sent_from(client):
    sent_from = {"Referer": "http://testserver/styleguide?wrong"}
    assert 'name="next" value="/styleguide?wrong"' in client.post("/styleguide", headers=sent_from).text


@pytest.mark.parametrize("referer", ["", "http://elsewhere.example/a", "about:blank", "http://[broken"])
def test_a_strange_page_before_leads_to_the_first_page(client, referer):
    response = client.post("/styleguide", headers={"Referer": referer})
    assert response.status_code == 422
    assert 'name="next" value="/"' in response.text


def test_caches_are_told_that_the_cookies_matter(client):
    assert "Cookie" in client.get("/styleguide").headers["Vary"]
