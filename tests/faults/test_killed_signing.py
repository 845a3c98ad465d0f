"""The server is killed while two hundred ballots are typed in: what was acknowledged is there, and counts the same."""

import io
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from tests.serving import SERVER, TOKEN, Browserless, House

BALLOTS, HANDS = 200, 4


class Clerk(threading.Thread):
    """Types one ballot after the other; what nobody acknowledged is sent once more, with the same form."""

    def __init__(self, house: House, decision: int, session: str, ballots: list[list[str]], photo: bytes) -> None:
        super().__init__()
        self.house, self.address = house, f"/decisions/{decision}/enter"
        self.browser, self.ballots, self.photo = Browserless(house.address, {"hemei": session}), ballots, photo
        self.acknowledged: dict[str, str] = {}
        self.refused: list[str] = []
        self.again = 0

    def run(self) -> None:
        for serial, signer in self.ballots:
            key = uuid4()
            while not self.sent(serial, signer, key):
                self.again += 1
                time.sleep(0.1)

    def sent(self, serial: str, signer: str, key: UUID) -> bool:
        fields = {"csrfmiddlewaretoken": TOKEN, "form_key": key, "signer": signer, "choice": "for"}
        parts = [f'--limit\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        head = '--limit\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
        body = "".join([*parts, head, "Content-Type: image/jpeg\r\n\r\n"]).encode() + self.photo + b"\r\n--limit--\r\n"
        said = {"Content-Type": "multipart/form-data; boundary=limit", "Referer": f"{self.house.address}/"}
        try:
            path = f"{self.address}?serial={serial}"
            answer = self.browser._ask("POST", path, body, {**self.browser._headers(), **said})
        except OSError:
            return False
        if answer.status == 302:
            self.acknowledged[str(key)] = serial
        else:
            self.refused.append(f"{serial}: {answer.status}")
        return True


@pytest.mark.skipif(not os.environ.get("HEMEI_TEST_LONG"), reason="a minute long: make faults")
@pytest.mark.xdist_group("machine")
def test_every_acknowledged_ballot_survives_a_kill_and_counts_the_same_after_a_restore(tmp_path: Path) -> None:
    house = House(tmp_path / "data", demo="yes")
    house.start(seconds=180)
    house.stop()
    said: Any = house.script("ballots", str(BALLOTS))
    house.start()
    made = io.BytesIO()
    Image.new("L", (120, 160), "white").save(made, "JPEG")
    hands = [
        Clerk(house, said["decision"], said["session"], said["ballots"][number::HANDS], made.getvalue())
        for number in range(HANDS)
    ]
    for hand in hands:
        hand.start()
    kills = 0
    while any(hand.is_alive() for hand in hands) and kills < 20:
        time.sleep(0.7)
        house.kill()
        kills += 1
        house.start()
    for hand in hands:
        hand.join(60)
    assert house.stop() == 0
    assert kills > 0

    acknowledged = {key: serial for hand in hands for key, serial in hand.acknowledged.items()}
    assert [told for hand in hands for told in hand.refused] == []
    assert len(acknowledged) == BALLOTS
    kept: Any = house.script("acts_kept")
    assert {key: serial for key, serial in acknowledged.items() if kept["acts"].get(key) != serial} == {}
    checked = house.hemei("verify", check=False)
    assert checked.returncode == 0, checked.stdout

    again = restored(house, tmp_path)
    assert again.script("acts_kept") == kept
    assert again.hemei("recount", check=False).returncode == 0
    print(f"{kills} kills, {len(acknowledged)} ballots, {sum(hand.again for hand in hands)} sent again; none lost")


def restored(house: House, folder: Path) -> House:
    """Another house on a copy of the database: what the backup command made, or a copy of the files."""
    other = folder / "restored"
    if SERVER.startswith("postgres"):
        house.copy_to(other)
        return House(other, demo="yes")
    house.hemei("backup", str(folder / "copy.sqlite3"))
    shutil.copytree(house.folder, other, ignore=shutil.ignore_patterns("*.sqlite3*"))
    database = next(house.folder.glob("*.sqlite3"))
    shutil.copyfile(folder / "copy.sqlite3", other / database.name)
    return House(other, demo="yes")
