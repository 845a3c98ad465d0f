"""Answering in a real browser: an answer counts at once, for everybody, with script and without, by keyboard alone."""

from typing import Any

import pytest

from tests.browser.looking import Looker, Variant
from tests.serving import House

PHONE = Variant("zh-hans", 390, elder=False, script=True)
PLAIN = Variant("zh-hans", 390, elder=False, script=False)
DESK = Variant("en", 1280, elder=False, script=True)
LARGE = Variant("zh-hans", 390, elder=True, script=True)


@pytest.fixture(scope="session")
def walls(house: House) -> str:
    """Address of the consultation that is open, and tells its results already."""
    return str(house.script("some_pages")["statement"]).partition("/statements")[0]


@pytest.fixture(scope="session")
def parking(house: House) -> str:
    """Address of the one that opens in five days."""
    return str(house.script("some_pages")["ahead"])


def counts(looker: Looker, statement: str) -> list[Any]:
    """What everybody reads on the page of a statement: agree, disagree, not sure, all; None for fewer than five."""
    with looker.as_("visitor", PHONE) as page:
        page.goto(looker.address + statement)
        told = page.locator("h2:has-text('大家怎么选') ~ p.meta").first.locator("span").all_inner_texts()
    numbers = [None if "不到" in one else int("".join(filter(str.isdigit, one))) for one in told]
    return [*numbers, None, None, None, None][:4]


def drawn(page: Any, looker: Looker, consultation: str) -> tuple[str, list[Any]]:
    """Address and counts of the statement that the card shows; a new one, of which too little is told, is passed."""
    page.goto(looker.address + consultation)
    for _ in range(5):
        number = page.locator("#card form.vote input[name=statement]").get_attribute("value")
        statement = f"{consultation}/statements/{number}"
        before = counts(looker, statement)
        if None not in before:
            return statement, before
        page.click("#not-sure")
        page.wait_for_selector(f"#card .kept-line a[href='{statement}']")
    raise AssertionError("five statements in a row of which too little is told")


def one_more(before: list[Any], after: list[Any], place: int) -> bool:
    """Whether the answer at `place` and the sum each grew by one, and nothing else did."""
    return after == [count + (1 if at in (place, 3) else 0) for at, count in enumerate(before)]


@pytest.mark.parametrize(("role", "variant"), [("owner", PHONE), ("newcomer", PLAIN)], ids=["script", "no script"])
def test_a_residents_answer_changes_the_counts_at_once(walls: str, looker: Looker, role: str, variant: Variant) -> None:
    with looker.as_(role, variant) as page:
        statement, before = drawn(page, looker, walls)
        words, address = page.locator("#card blockquote").inner_text(), page.url
        page.click("#agree")
        page.wait_for_selector(f"#card .kept-line a[href='{statement}']")
        assert words in page.locator("#card .kept-line").inner_text()
        assert page.locator("#card blockquote").inner_text() != words
        assert (page.url == address) == variant.script  # with script nothing else of the page moved
        assert page.faults == []
    after = counts(looker, statement)
    assert one_more(before, after, place=0), (before, after)


@pytest.mark.parametrize("variant", [PHONE, PLAIN], ids=["script", "no script"])
def test_an_answer_can_be_changed_among_ones_own(walls: str, looker: Looker, variant: Variant) -> None:
    with looker.as_("clerk_garden", variant) as page:
        statement, _before = drawn(page, looker, walls)
        page.click("#agree")
        page.wait_for_selector(f"#card .kept-line a[href='{statement}']")
        agreed = counts(looker, statement)
        page.click("#acts a[href$='/mine']")
        form = page.locator(f"form.vote:has(input[value='{statement.rpartition('/')[2]}'])")
        assert form.locator("[aria-pressed=true]").get_attribute("value") == "1"
        form.locator("button[value='-1']").click()
        page.wait_for_load_state()
        assert page.url == f"{looker.address}{walls}/mine"
        assert form.locator("[aria-pressed=true]").get_attribute("value") == "-1"
        assert page.faults == []
    assert counts(looker, statement) != agreed


def test_a_visitor_answers_as_a_guest_and_finds_the_answers_again(walls: str, looker: Looker) -> None:
    with looker.as_("visitor", PHONE) as page:
        page.goto(looker.address + walls)
        assert {one["name"] for one in page.context.cookies()} == {"language", "elder", "csrftoken"}
        statement, before = drawn(page, looker, walls)
        page.click("#not-sure")
        page.wait_for_selector(f"#card .kept-line a[href='{statement}']")
        page.goto(looker.address + walls + "/mine")
        number = statement.rpartition("/")[2]
        assert page.locator(f"form.vote:has(input[value='{number}']) [aria-pressed=true]").get_attribute("value") == "0"
        assert page.faults == []
    assert one_more(before, counts(looker, statement), place=2)


def test_the_card_goes_by_keyboard_alone(walls: str, looker: Looker) -> None:
    with looker.as_("builder", DESK) as page:
        statement, before = drawn(page, looker, walls)
        answered = (
            page.locator("#card progress").get_attribute("value") if page.locator("#card progress").count() else 0
        )
        reach(page, "agree")
        page.keyboard.press("Tab")
        assert focused(page) == "disagree"
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#card .kept-line a[href='{statement}']")
        page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
        assert focused(page) == "disagree"  # the next statement is answered without going back
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('#card progress')?.value === " + str(int(answered) + 2))
        assert page.faults == []
    assert one_more(before, counts(looker, statement), place=1)


def focused(page: Any) -> str:
    return str(page.evaluate("() => document.activeElement.id"))


def reach(page: Any, id_: str, *, most: int = 40) -> None:
    """Tab on until the element has the keyboard."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == id_:
            return
    raise AssertionError(f"{most} times Tab did not lead to #{id_}")


def test_large_print_asks_one_question_that_fills_the_screen(walls: str, looker: Looker) -> None:
    with looker.as_("team", LARGE) as page:
        page.goto(looker.address + walls)
        boxes = [page.locator(f"#{name}").bounding_box() for name in ("agree", "disagree", "not-sure")]
        assert len({(box["x"], box["width"], box["height"]) for box in boxes}) == 1  # choices weigh the same
        assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
        assert all(box["height"] >= 60 for box in boxes)
        assert page.locator("form.vote").count() == 1
        first = page.locator("#card blockquote").inner_text()
        page.click("#disagree")
        page.wait_for_selector("#card .kept-line")
        assert page.locator("#card blockquote").inner_text() != first
        assert looker.faults_of(page, LARGE) == []


@pytest.mark.parametrize("variant", [PHONE, DESK], ids=["phone", "desk"])
def test_the_map_shows_groups_and_the_table_behind_them(walls: str, looker: Looker, variant: Variant) -> None:
    with looker.as_("visitor", variant) as page:
        page.goto(looker.address + walls + "/map")
        drawn = page.locator("main figure svg")
        assert drawn.locator("title").count()
        assert drawn.locator("desc").count()
        groups = page.locator("main figure figcaption span").all_inner_texts()
        assert len(groups) >= 2
        heads = page.locator("main table thead th").all_inner_texts()
        assert len(heads) >= 2 + len(groups)
        assert page.locator("main table tbody tr").count() >= 10
        assert looker.faults_of(page, variant) == []


@pytest.mark.parametrize("role", ["visitor", "resident", "head"])
def test_before_its_moment_nobody_sees_how_it_goes(parking: str, looker: Looker, role: str) -> None:
    with looker.as_(role, PHONE) as page:
        for path in ("", "/map", "/statements", "/statements/1"):
            page.goto(looker.address + parking + path)
            assert page.locator("main svg.map, main .map circle, main table, #agree").count() == 0
            assert "%" not in page.locator("main").inner_text()
            assert page.locator("h2:has-text('大家怎么选')").count() == 0
