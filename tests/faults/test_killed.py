"""The server is killed while a neighbourhood votes: what was acknowledged is there, and the ledger holds."""

import os
import random
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest

from tests.serving import Answered, Browserless, House

SECONDS = 60 if os.environ.get("HEMEI_TEST_LONG") else 5
VOTERS, HANDS = 40, 8


class Hand(threading.Thread):
    """Votes for some voters, one answer after the other, and remembers what it was told.

    possible: for each voter and statement, what may stand: the last acknowledged answer (None: no answer yet), and
    those sent after it of which nothing was heard.
    """

    def __init__(self, number: int, house: House, key: int, numbers: list[int], voters: list[tuple[int, str]]) -> None:
        super().__init__()
        self.dice, self.house, self.key, self.numbers = random.Random(number), house, key, numbers
        self.voters = [(person, Browserless(house.address, {"hemei": session})) for person, session in voters]
        self.possible: dict[str, set[int | None]] = {}
        self.acknowledged, self.unanswered = 0, 0
        self.refused: list[Answered] = []
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            person, browser = self.dice.choice(self.voters)
            number = self.dice.choice(self.numbers)
            maybe = self.possible.setdefault(f"{person}:{number}", {None})
            answer = self.dice.choice([one for one in (1, 0, -1) if one not in maybe] or [1])
            maybe.add(answer)
            try:
                answered = browser.post(
                    f"/consultations/{self.key}/votes", statement=number, answer=answer, form_key=uuid4()
                )
            except OSError:
                self.unanswered += 1
                time.sleep(0.02)
                continue
            if answered.status == 302:
                self.acknowledged += 1
                maybe.intersection_update({answer})
            else:
                self.refused.append(answered)


@pytest.mark.xdist_group("machine")
def test_every_acknowledged_vote_survives_a_kill(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    said = house.script("voters", str(VOTERS), "--small")
    voters = said["voters"]
    house.start()
    hands = [Hand(n, house, said["consultation"], said["statements"], voters[n::HANDS]) for n in range(HANDS)]
    for hand in hands:
        hand.start()
    until, kills = time.monotonic() + SECONDS, 0
    try:
        while time.monotonic() < until:
            time.sleep(random.uniform(1.0, 5.0) if SECONDS > 10 else 2.0)
            house.kill()
            kills += 1
            house.start()
        time.sleep(0.5)
    finally:
        for hand in hands:
            hand.stop.set()
        for hand in hands:
            hand.join(40)
        assert house.stop() == 0

    acknowledged = sum(hand.acknowledged for hand in hands)
    assert acknowledged > 10 * SECONDS
    assert [answered.status for hand in hands for answered in hand.refused] == []
    kept = house.script("votes_kept")
    owed = {place: answers for hand in hands for place, answers in hand.possible.items()}
    assert {place: answers for place, answers in owed.items() if kept.get(place) not in answers} == {}
    checked = house.hemei("verify", check=False)
    assert checked.returncode == 0, checked.stdout
    print(f"{kills} kills, {acknowledged} acknowledged votes, none lost; {checked.stdout.splitlines()[0]}")
