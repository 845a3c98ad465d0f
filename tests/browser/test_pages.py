"""Every page of the house, looked at: in both languages and widths, in elder mode, with script and without."""

import os
from typing import Any

import pytest

from tests.browser import addresses
from tests.browser.looking import FULL, SCREENSHOTS, Looker, Variant, variants_for
from tests.serving import Browserless, House

NAMES = sorted(set(addresses.names()))
NO_PAGE = {"web:healthz", "web:readyz"}  # for machines


@pytest.fixture(scope="session")
def found(house: House, sessions: dict[str, str]) -> Any:
    return addresses.crawl(house.address, sessions)


def test_no_link_leads_nowhere(found):
    _samples, broken = found
    assert broken == {}


def test_every_address_is_a_page_somebody_finds_or_takes_no_get(found, house):
    """A page that no link leads to is a page nobody finds."""
    samples, _broken = found
    lost = {name for name in NAMES if name not in samples and name not in NO_PAGE and is_page(house, name)}
    assert lost <= set(UNLINKED), sorted(lost - set(UNLINKED))


# pages that links of the demo do not lead to, and why
UNLINKED: dict[str, str] = {"shell:elder": "printed on slips"}


def is_page(house: House, name: str) -> bool:
    """Whether the address answers GET at all: 405 is a form's address."""
    from uuid import UUID

    from django.urls import NoReverseMatch, reverse

    for words in ([], [1], [1, 1], [UUID(int=0)], ["2026-01-01"], ["x"], [1, "x"], ["x", "x"]):
        try:
            path = reverse(name, args=words)
        except NoReverseMatch:
            continue
        return Browserless(house.address).get(path).status != 405
    return True


@pytest.mark.parametrize("name", NAMES)
def test_page(name: str, found: Any, looker: Looker) -> None:
    samples, _broken = found
    if name not in samples:
        return  # takes no GET, or is named by the test above
    sample, faults = samples[name], {}
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
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    wrong = looker.axe(page) if page.locator("details").count() else []
    form = page.locator("main form[method=post]:has(input[type=text], textarea)").first
    if not form.count() or form.locator("input[type=password]").count():
        return wrong
    for field in form.locator("input[type=text]:not([readonly]), textarea:not([readonly])").all():
        field.fill("")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        form.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    page.wait_for_load_state()
    if sent.value.status >= 500:
        return [*wrong, f"an empty form is answered with {sent.value.status}"]
    if sent.value.status >= 400:
        wrong += [f"after an empty form: {fault}" for fault in looker.faults_of(page, variant)]
    return wrong


def keep(page: Any, name: str, variant: Variant) -> None:
    """A screenshot of the whole page, in the full run or when asked for."""
    if FULL or os.environ.get("HEMEI_SCREENSHOTS"):
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name.replace(':', '-')}-{variant.name}.png", full_page=True)
