"""Every page of the house, looked at: in both languages and widths, in elder mode, with script and without."""

import os
from typing import Any

import pytest

from tests.browser import addresses
from tests.browser.addresses import Found
from tests.browser.looking import FULL, SCREENSHOTS, Looker, Variant, variants_for
from tests.serving import House

NAMES = sorted(set(addresses.names()))
NO_PAGE = {
    "decisions:made_ballots": "a file that long work has made",
    "decisions:scan": "its address is on a printed ballot; sends the clerk on to the page where it is entered",
    "shell:elder": "printed on slips; sends one on to the first page",
    "web:healthz": "for machines",
    "web:icon": "asked for by browsers of their own accord",
    "web:readyz": "for machines",
    "web:robots": "for machines",
}
# pages that no link leads to, and why; those that need something to have happened get their sample from tests/a_day.py
UNLINKED = {
    "decisions:receipt": "comes after a vote on screen",
    "people:code": "comes after a number was sent",
    "people:confirm_phone": "comes after a new number was sent",
    "people:first": "its address is on a printed letter",
    "people:record": "a button opens it, because that is written down",
    "people:sign_out": "a button signs out; this asks whoever typed the address",
    "people:welcome": "comes after the first sign-in",
    "places:add_street": "linked from a house without a street",
    "web:job": "comes after long work was begun",
}


def test_no_link_leads_nowhere(found: Found) -> None:
    assert found.broken == {}


def test_every_address_is_a_page_somebody_finds_or_takes_no_get(found: Found, house: House) -> None:
    """A page that no link leads to is a page nobody finds."""
    missing = [name for name in NAMES if name not in found.pages and name not in found.others and name not in NO_PAGE]
    assert [name for name in missing if addresses.answers_get(house.address, name)] == []


def test_what_is_said_to_be_unlinked_is_so(found: Found) -> None:
    """So that the list above does not outlive its reasons."""
    assert set(UNLINKED) == found.unlinked


@pytest.mark.parametrize("name", NAMES)
def test_page(name: str, found: Found, looker: Looker) -> None:
    if name not in found.pages:
        return  # takes no GET, is no page, or is named by the test above
    sample, faults = found.pages[name], {}
    for variant in variants_for(NAMES.index(name)):
        with looker.as_(sample.role, variant) as page:
            answer = page.goto(looker.address + sample.path)
            assert answer.status == 200
            wrong = looker.faults_of(page, variant)
            keep(page, name, variant)
            wrong += after_interaction(looker, page, variant)
            if wrong:
                faults[f"{sample.path} as {sample.role}, {variant.name}"] = wrong
    assert faults == {}


def after_interaction(looker: Looker, page: Any, variant: Variant) -> list[str]:
    """What is wrong once everything that opens is open, and once the first form came back with its faults."""
    if not variant.script:
        return []
    wrong = []
    if page.locator("details").count():
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        wrong = looker.axe(page)
    form = page.locator("main form[method=post]:not([data-passkey]):has(input[type=text], textarea)").first
    if not form.count() or form.locator("input[type=password]").count():
        return wrong
    status = send_empty(page, form)
    if status >= 500:
        return [*wrong, f"an empty form is answered with {status}"]
    if status >= 400:
        wrong += [f"after an empty form: {fault}" for fault in looker.faults_of(page, variant)]
    return wrong


def send_empty(page: Any, form: Any) -> int:
    """Empty what can be typed in and send it, past what the browser would ask for; the status of the answer."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        form.evaluate(EMPTY_AND_SEND)
    sent.value.finished()
    if sent.value.request.is_navigation_request():
        page.wait_for_function("() => !('before' in document) && document.readyState === 'complete'")
    else:
        page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    return int(sent.value.status)


EMPTY_AND_SEND = """form => {
  for (const field of form.querySelectorAll('input[type=text], textarea')) if (!field.readOnly) field.value = '';
  document.before = true;
  form.noValidate = true;
  form.requestSubmit();
}"""


def keep(page: Any, name: str, variant: Variant) -> None:
    """A screenshot of the whole page, in the full run or when asked for."""
    if FULL or os.environ.get("HEMEI_SCREENSHOTS"):
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name.replace(':', '-')}-{variant.name}.png"
        page.screenshot(path=path, full_page=True, caret="initial")  # hiding it would put styles on the fields
