"""The pages on which anybody may try an engine, with a result on them: in every variant, sent by hand, printed."""

import json
from typing import Any

import pytest

from tests.browser.looking import EVERY, FULL, Looker, Variant
from tests.browser.test_pages import keep
from tests.serving import HOUSE

VOTE, COST = "/handbook/decision/try", "/handbook/costs/try"
RESULTS = {
    "vote": f"{VOTE}?example=lift",
    "vote-short": f"{VOTE}?example=short",
    "cost": f"{COST}?example=lift",
    "cost-limits": f"{COST}?example=limits",
}
SOME = [Variant("zh-hans", 390, True, True), Variant("en", 1280, False, True), Variant("zh-hans", 390, False, False)]
LONG = 40  # homes of an overfull case, with long names and large sums


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_right_in_every_variant(name: str, looker: Looker) -> None:
    faults = {}
    for variant in EVERY if FULL else SOME:
        with looker.as_("visitor", variant) as page:
            page.goto(looker.address + RESULTS[name])
            assert page.locator(".verdict").count() == 1
            wrong = looker.faults_of(page, variant)
            keep(page, f"handbook:{name}", variant)
            if variant.script:
                page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
                wrong += looker.faults_of(page, variant)
            if wrong:
                faults[variant.name] = wrong
    assert faults == {}


@pytest.mark.parametrize("variant", SOME, ids=lambda variant: variant.name)
def test_a_vote_typed_line_by_line_is_counted(variant: Variant, looker: Looker) -> None:
    with looker.as_("visitor", variant) as page:
        page.goto(looker.address + VOTE)
        page.fill("#id_homes", "101，６２.３，同意\n102, 60.35, for\n201\t62.30\t反对\n202, 60.35, 没投")
        press(page, "main form button >> nth=0")
        page.locator(".verdict").wait_for()
        assert "245.30" in page.locator("main").inner_text()
        assert looker.faults_of(page, variant) == []
        page.fill("#id_homes", "101, 62.30, agre")
        press(page, "main form button >> nth=0")
        page.locator(".faults").wait_for()
        assert page.locator("#id_homes").input_value() == "101, 62.30, agre"
        assert looker.faults_of(page, variant) == []


@pytest.mark.parametrize("variant", SOME, ids=lambda variant: variant.name)
def test_a_case_is_pasted_or_uploaded_and_a_mistake_in_it_is_shown_where_it_was_pasted(
    variant: Variant, looker: Looker
) -> None:
    with looker.as_("visitor", variant) as page:
        page.goto(looker.address + COST)
        page.locator(".case summary").click()
        page.set_input_files("#id_file", HOUSE / "hemei" / "handbook" / "text" / "costs.json")
        press(page, ".case button")
        page.locator(".verdict").wait_for()
        assert looker.faults_of(page, variant) == []
        text = overfull()
        page.fill("#id_text", text)
        press(page, ".case button")
        page.locator(".verdict").wait_for()
        assert looker.faults_of(page, variant) == []
        page.fill("#id_text", text.replace('"700000000.00"', "700000000"))
        press(page, ".case button")
        page.locator(".faults").wait_for()
        assert "cases[0].cost.works" in page.locator(".faults").inner_text()
        assert looker.faults_of(page, variant) == []


def press(page: Any, button: str) -> None:
    """Send a form and wait for the whole answer."""
    with page.expect_navigation():
        page.click(button)


def overfull() -> str:
    name = "金牛花苑南区 12 号楼 3 单元 {} 室，靠近北门的那一间"
    homes = [{"id": name.format(n), "floor": 1 + n // 2, "area": "162.305"} for n in range(LONG)]
    case = {
        "id": "overfull",
        "title": {
            "en": "A very long name of a case that goes on and on, for it was typed by somebody",
            "zh": "长" * 60,
        },
        "floors": LONG // 2,
        "homes": homes,
        "cost": {"works": "700000000.00", "other": "0.01", "subsidy": {"rate": "0.333333", "cap": None}},
        "method": {"name": "key", "key": "guangzhou", "within": "area"},
        "rounding": {"to": "cent"},
    }
    return json.dumps({"cases": [case]}, ensure_ascii=False)


@pytest.mark.parametrize("name", ["vote", "cost"])
def test_on_paper_stand_the_result_and_nothing_to_fill_in(name: str, looker: Looker) -> None:
    with looker.as_("visitor", SOME[1]) as page:
        page.goto(looker.address + RESULTS[name])
        page.emulate_media(media="print")
        assert page.locator(".verdict").is_visible()
        assert page.locator("main form:visible, main pre:visible, main summary:visible").count() == 0
        assert len(page.pdf(format="A4")) > 10_000
