"""What the few lines of script do, and that nobody loses anything by them."""

from typing import Any

import pytest

from tests.browser.looking import Looker, Variant

pytestmark = pytest.mark.browser
PLAIN = Variant("en", 390, elder=False, script=True)
WALLS = "a.title[href^='/consultations/']"


@pytest.fixture
def resident(looker: Looker) -> Any:
    with looker.as_("owner", PLAIN) as page:
        yield page


def to_the_walls(page: Any, looker: Looker) -> None:
    page.goto(looker.address + "/consultations/")
    page.locator(WALLS).first.click()
    page.wait_for_function("() => Boolean(window.htmx)")


def sayings(page: Any) -> Any:
    return page.locator("#card blockquote")


def test_an_answer_is_kept_in_place_and_the_keyboard_goes_on_there(resident, looker):
    to_the_walls(resident, looker)
    before = sayings(resident).inner_text()
    resident.locator("#card button[value='0']").press("Enter")
    resident.locator("#card [role=status]").wait_for()
    assert sayings(resident).inner_text() != before
    assert resident.evaluate("document.activeElement.closest('#card') !== null")
    assert resident.faults == []


def test_without_a_network_it_is_said_and_the_next_press_sends(resident, looker):
    to_the_walls(resident, looker)
    before = sayings(resident).inner_text()
    resident.context.set_offline(True)
    resident.locator("#card button[value='0']").click()
    resident.get_by_text("No connection: it was not sent.").wait_for()
    assert sayings(resident).inner_text() == before
    resident.context.set_offline(False)
    resident.locator("#card button[value='0']").click()
    resident.locator("#card [role=status]").wait_for()
    assert resident.get_by_text("No connection").count() == 0


def test_a_second_press_waits_for_the_answer_to_the_first(resident, looker):
    to_the_walls(resident, looker)
    sent = []

    def slowly(route: Any) -> None:
        sent.append(route.request.url)
        resident.wait_for_timeout(300)
        route.continue_()

    resident.route("**/votes", slowly)
    resident.evaluate("() => { const b = document.querySelector('#card button[value=\"0\"]'); b.click(); b.click(); }")
    resident.locator("#card [role=status]").wait_for()
    assert len(sent) == 1


def test_a_fault_takes_the_place_of_the_page_and_not_of_a_part_of_it(resident, looker):
    to_the_walls(resident, looker)
    resident.context.clear_cookies(name="csrftoken")
    resident.locator("#card button[value='0']").click()
    resident.get_by_role("heading", name="The page was open for too long").wait_for()
    assert resident.locator("main").count() == 1
    assert resident.locator("header.top").count() == 1


def test_what_was_typed_and_not_sent_outlives_the_page_and_goes_with_signing_out(resident, looker):
    to_the_walls(resident, looker)
    resident.get_by_role("link", name="I have something else to say").click()
    form = resident.url
    resident.locator("textarea").first.fill("路灯再亮一点。")
    resident.goto(looker.address + "/")
    resident.goto(form)
    assert resident.locator("textarea").first.input_value() == "路灯再亮一点。"
    resident.evaluate(
        "() => { const f = document.createElement('form'); f.method = 'post'; f.action = '/people/sign-out';"
        "document.body.append(f); f.addEventListener('submit', e => e.preventDefault()); f.requestSubmit(); }"
    )
    resident.goto(form)
    assert resident.locator("textarea").first.input_value() == ""


def test_what_is_typed_for_a_body_is_not_kept(looker):
    with looker.as_("clerk", PLAIN) as page:
        form = looker.address + "/consultations/prepare"
        page.goto(form)
        page.locator("textarea").first.fill("为别人写的。")
        page.goto(looker.address + "/")
        page.goto(form)
        assert page.locator("textarea").first.input_value() == ""


def test_reading_aloud_is_offered_only_where_there_is_a_voice(looker):
    with looker.as_("visitor", Variant("en", 390, elder=True, script=True)) as page:
        page.goto(looker.address + "/about")
        voices = page.evaluate("speechSynthesis.getVoices().filter(one => one.lang.startsWith('en')).length")
        assert page.get_by_role("button", name="Read it to me").is_visible() == bool(voices)


def test_what_is_wrong_with_a_form_has_the_keyboard(looker):
    with looker.as_("visitor", PLAIN) as page:
        page.goto(looker.address + "/styleguide?wrong")
        assert page.evaluate("document.activeElement.className") == "faults"
