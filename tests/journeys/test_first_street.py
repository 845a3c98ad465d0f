"""From an empty database to the first vote of a newcomer, on pages alone, in Chinese, on a phone."""

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from tests.browser.looking import Looker, Variant
from tests.serving import House

PHONE = Variant("zh-hans", 390, elder=False, script=True)
ADMINISTRATOR, NEWCOMER = "13912345678", "13987654321"
HOMES = "居民区,小区,楼,门洞,室号,楼层\n" + "".join(
    f"东里居民区,东里小区,{building}号楼,{stairwell}单元,{floor}0{flat},{floor}\n"
    for building in (1, 2)
    for stairwell in (1, 2)
    for floor in (1, 2, 3)
    for flat in (1, 2)
)
STATEMENTS = (
    "门口的路灯晚上再亮一点。",
    "自行车统一停到车棚里。",
    "花坛由居民轮流浇水。",
    "快递柜放到大门边上。",
    "晨练的音响八点以后再开。",
)


@pytest.fixture
def street(tmp_path: Path) -> Iterator[House]:
    """A Hemei with nothing in it."""
    house = House(tmp_path / "data", demo="no")
    house.start()
    yield house
    house.stop()


def code_for(house: House, number: str) -> str:
    """The code that was sent to this number: the message stands on the server's terminal."""
    for _ in range(100):
        found = re.findall(rf"\+86{number}: \D*(\d{{3}} ?\d{{3}})", (house.folder / "log").read_text())
        if found:
            return str(found[-1])
        time.sleep(0.1)
    raise AssertionError(f"no code for {number} was sent")


def fill(page: Any, **fields: str) -> None:
    for name, words in fields.items():
        page.locator(f"main [name={name}]").fill(words)


def press(page: Any, which: str = "main form button") -> None:
    """Press the first of these, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(which).first.click()


@pytest.mark.xdist_group("journeys")
def test_from_nothing_to_the_first_vote(chromium: Any, street: House) -> None:
    looker = Looker(chromium, street.address, {})
    told = street.hemei("admin", ADMINISTRATOR).stdout
    first_code = max(re.findall(r"\d[\d ]{10,}\d", told.replace(ADMINISTRATOR, "")), key=len)
    with looker.as_("visitor", PHONE) as page:
        # the administrator comes in, and gets a password and an app
        page.goto(f"{street.address}/people/first")
        fill(page, code=first_code)
        press(page)
        page.goto(f"{street.address}/people/me/ways/password")
        fill(page, password="四个词连在一起 就好记")
        press(page)
        page.goto(f"{street.address}/people/me/ways/app")
        secret = page.locator("main code").inner_text().replace(" ", "")
        fill(page, code=pyotp.TOTP(secret).now())
        press(page)

        # the street, and its places from the clerk's list
        page.goto(f"{street.address}/places/add")
        fill(page, name="东里街道", code="310100")
        press(page)
        assert "东里街道" in page.locator("h1").inner_text()
        page.goto(f"{street.address}/places/import")
        listed = {"name": "住户清单.csv", "mimeType": "text/csv", "buffer": HOMES.encode("gb18030")}
        page.locator("main input[type=file]").set_input_files(listed)
        page.locator("main form button").first.click()
        result = page.get_by_role("link", name="看结果")
        result.wait_for(timeout=60_000)
        press(page, f"main a[href='{result.get_attribute('href')}']")
        press(page, "main form[action$='/confirm'] button")
        result.wait_for(timeout=60_000)
        assert "24 户" in page.locator("main").inner_text()

        # a body and a consultation
        page.goto(f"{street.address}/places/find?words=东里居民区")
        with page.expect_navigation():
            page.get_by_role("link", name="东里居民区").first.click()
        area = re.search(r"/places/(\d+)", page.url).group(1)
        page.goto(f"{street.address}/people/bodies/new?place={area}")
        page.locator("main [name=kind]").select_option("committee")
        fill(page, name="东里居委会", phone="021-5555 0101")
        press(page)
        assert "东里居委会" in page.locator("h1").inner_text()
        press(page, "main a[href$='/seats']")
        fill(page, phone="13700001111", name="陈主任")
        page.locator("main [name=office][value=head]").check()
        press(page)

        page.goto(f"{street.address}/consultations/prepare?place={area}")
        page.locator("main [name=place]").select_option(label="东里街道 · 东里居民区 · 东里小区")
        fill(page, question="小区大门口怎么收拾，您怎么看？", intro="大门口乱，这次商量怎么收拾，结果写成承诺。")
        today = date.today()
        fill(page, opens_at=f"{today - timedelta(1)}T08:00", closes_at=f"{today + timedelta(30)}T18:00")
        press(page)
        assert page.locator("h1").inner_text(), page.url
        organise = page.url
        for text in STATEMENTS:
            page.goto(organise)
            press(page, "main a[href$='/statements/new']")
            fill(page, text=text)
            press(page)
        page.goto(organise)
        press(page, "main form[action$='/ready'] button")
        consultation = re.search(r"/consultations/(\d+)", page.url).group(1)

    # a newcomer signs in, says where they live, and votes
    with looker.as_("visitor", PHONE) as page:
        page.goto(f"{street.address}/consultations/{consultation}")
        assert "小区大门口怎么收拾" in page.locator("h1").inner_text()
        page.goto(f"{street.address}/people/sign-in?next=/consultations/{consultation}")
        fill(page, phone=NEWCOMER)
        press(page)
        fill(page, code=code_for(street, NEWCOMER))
        press(page)
        page.goto(f"{street.address}/people/ties/new")
        page.locator("main input[type=search], main input[name=words]").first.fill("东里小区")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        with page.expect_navigation():
            page.get_by_role("link", name="东里小区").first.click()
        page.locator("main [name=role][value=live]").check()
        press(page, "main form[method=post] button")
        page.goto(f"{street.address}/consultations/{consultation}")
        page.get_by_role("button", name="赞成", exact=True).first.click()
        page.get_by_text("记下了").first.wait_for()
        page.goto(f"{street.address}/consultations/{consultation}/mine")
        assert "赞成" in page.locator("main").inner_text()
        assert page.faults == []
    assert list(street.script("votes_kept").values()) == [1]
    assert street.hemei("verify", check=False).returncode == 0
