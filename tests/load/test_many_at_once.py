"""A neighbourhood that reads and votes all at once: everybody is answered, and the counts add up afterwards."""

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.serving import Browserless, House

LONG = bool(os.environ.get("HEMEI_TEST_LONG"))
SECONDS, VOTERS, HANDS = (60, 400, 16) if LONG else (4, 40, 8)


class Hand(threading.Thread):
    """Reads a page, answers a statement, reads the page it leads to; again and again, as several people."""

    def __init__(self, number: int, house: House, said: dict[str, Any]) -> None:
        super().__init__()
        self.dice, self.numbers = random.Random(number), said["statements"]
        self.page = f"/consultations/{said['consultation']}"
        people = said["voters"][number::HANDS]
        self.people = [Browserless(house.address, {"hemei": session}) for _person, session in people]
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.until = time.monotonic() + SECONDS

    def run(self) -> None:
        while time.monotonic() < self.until:
            person = self.dice.choice(self.people)
            number, answer = self.dice.choice(self.numbers), self.dice.choice([1, 0, -1])
            begun = time.monotonic()
            read = person.get(self.page)
            sent = person.post(f"{self.page}/votes", statement=number, answer=answer, form_key=uuid4(), drawn=1)
            self.seconds.append(time.monotonic() - begun)
            self.statuses[f"GET {read.status}"] += 1
            self.statuses[f"POST {sent.status}"] += 1


@pytest.mark.xdist_group("machine")
def test_everybody_is_answered_and_the_counts_add_up(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    said = house.script("voters", str(VOTERS), "--small")
    house.start()
    hands = [Hand(number, house, said) for number in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert house.stop() == 0
    statuses = sum((hand.statuses for hand in hands), Counter[str]())
    assert set(statuses) == {"GET 200", "POST 302"}, statuses
    counted = house.script("counts")
    assert counted["wrong"] == []
    checked = house.hemei("verify", check=False)
    assert checked.returncode == 0, checked.stdout
    seconds = sorted(second for hand in hands for second in hand.seconds)
    half, most = seconds[len(seconds) // 2], seconds[len(seconds) * 95 // 100]
    told = f"page and answer {half:.3f} s half the time, 95 % within {most:.3f} s"
    print(f"{statuses['POST 302']} answers in {SECONDS} s; {told}")
