"""With the keyboard alone: Tab reaches everything one can act on, in the order it is read, and shows where one is."""

from typing import Any

import pytest

from tests.browser.addresses import Found
from tests.browser.looking import Looker, Variant

MAIN_PAGES = (
    "consultations:add_statement",
    "consultations:consultation",
    "consultations:consultations",
    "consultations:mine",
    "consultations:queue",
    "consultations:statement",
    "handbook:count_votes",
    "handbook:share_cost",
    "matters:matter",
    "notices:inbox",
    "people:bodies",
    "people:counter",
    "people:me",
    "people:sign_in",
    "places:place",
    "promises:promise",
    "web:home",
)
MOST = 250  # presses of Tab

# What can be acted on, in the order of the page; of a group of radio buttons Tab reaches one.
EXPECTED = """() => {
  const groups = new Set();
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(one => {
    if (one.disabled || one.type === 'hidden' || !one.checkVisibility()) return false;
    if (one.closest('details:not([open])') && one.tagName !== 'SUMMARY') return false;
    if (one.type !== 'radio') return true;
    const seen = groups.has(one.name);
    groups.add(one.name);
    return !seen;
  }).map((one, number) => { one.dataset.turn = number; return one.outerHTML.slice(0, 120); });
}"""
WHERE = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  if (one === document.body) return null;
  const marked = 'turn' in one.dataset ? one : one.closest('fieldset')?.querySelector('[data-turn]');
  const shown = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
  return {turn: Number(marked?.dataset.turn), shown, html: one.outerHTML.slice(0, 120)};
}"""


@pytest.mark.parametrize("name", MAIN_PAGES)
def test_tab_reaches_everything_in_order_and_shows_where_one_is(name: str, found: Found, looker: Looker) -> None:
    sample = found.pages[name]
    variant = Variant("zh-hans", 390 if MAIN_PAGES.index(name) % 2 else 1280, elder=False, script=True)
    with looker.as_(sample.role, variant) as page:
        page.goto(looker.address + sample.path)
        wanted = page.evaluate(EXPECTED)
        turns, unseen = walk(page)
        assert unseen == [], "no outline shows that the keyboard is here"
        assert [wanted[turn] for turn in range(len(wanted)) if turn not in turns] == [], "Tab does not lead here"
        assert turns == sorted(turns), "Tab jumps about"


def walk(page: Any) -> tuple[list[int], list[str]]:
    """Tab through the page: the turns in which elements had the keyboard, and which of them did not show it."""
    turns, unseen = list[int](), list[str]()
    for _ in range(MOST):
        page.keyboard.press("Tab")
        at = page.evaluate(WHERE)
        if at is None or (turns and at["turn"] == turns[0]):
            break
        turns.append(at["turn"])
        if not at["shown"]:
            unseen.append(at["html"])
    return turns, unseen
