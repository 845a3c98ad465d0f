"""How fast the pages are, as ratios to bare Django in the same run: `make bench`.

Bare Django (yardstick.py) and Hemei as shipped take turns under the same wrk line: 2 processes, 16 connections.
Prints JSON with requests per second and ratios. Needs wrk (Debian: apt install wrk).
"""

import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parents[1]
sys.path[:0] = [str(HOUSE), str(HOUSE / "tools")]

from PIL import Image  # noqa: E402

from tests.serving import Browserless, House, free_port  # noqa: E402

SECONDS, TURNS, VOTERS = int(os.environ.get("BENCH_SECONDS", "5")), 3, 1000
BALLOTS = 1000 * SECONDS  # of one turn: more than are entered in it


class Yardstick:
    """Bare Django on its own SQLite file, as `tests/load/yardstick.py` says."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.environment = {**os.environ, "YARDSTICK_DB": str(folder / "yardstick.sqlite3")}
        subprocess.run([sys.executable, "yardstick.py", "prepare"], cwd=HERE, env=self.environment, check=True)
        words = [
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--workers",
            "2",
            "--blocking-threads",
            "2",
            "--log-level",
            "warning",
            "--port",
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", *words, str(self.port), "yardstick:application"],
            cwd=HERE,
            env=self.environment,
        )
        self.address = f"http://127.0.0.1:{self.port}"
        for _ in range(100):
            try:
                if Browserless(self.address).get("/hello").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the yardstick does not answer")


def wrk(address: str, *, script: Path | None = None, **environment: str) -> float:
    """Requests per second of one run; stops the bench when an answer was no success."""
    words = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", *(["-s", str(script)] if script else []), address]
    done = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{address}: {done.stdout}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", done.stdout).group(1))


def main() -> int:
    if not shutil.which("wrk"):
        import browser

        browser.install("wrk")
    with tempfile.TemporaryDirectory(prefix="hemei-bench-") as place:
        return measure(Path(place))


def measure(folder: Path) -> int:
    house = House(folder / "data", demo="yes")
    first = house.start(seconds=180)
    house.stop()
    said = house.script("voters", str(VOTERS))
    desk = house.script("ballots", str(TURNS * BALLOTS))
    again = house.start()
    yardstick = Yardstick(folder)
    sessions = folder / "sessions"
    sessions.write_text("\n".join(session for _person, session in said["voters"]) + "\n")
    page = f"/consultations/{said['consultation']}"
    post, lua = folder / "post.lua", HERE / "requests.lua"
    post.write_text('wrk.method = "POST"')
    papers, clerk, photo = folder / "ballots", folder / "clerk", folder / "photo.jpg"
    papers.write_text("\n".join(" ".join(ballot) for ballot in desk["ballots"]) + "\n")
    clerk.write_text(f"{desk['session']}\n")
    Image.new("L", (120, 160), "white").save(photo, "JPEG")  # the smallest that is a picture: its pixels are no matter
    entering = {"BALLOTS": str(papers), "PHOTO": str(photo), "EACH": str(BALLOTS), "SESSIONS": str(clerk)}
    common = {"SESSIONS": str(sessions), "STATEMENTS": ",".join(map(str, said["statements"]))}
    runs: dict[str, list[float]] = {}
    for turn in range(TURNS):
        for name, address, words in (
            ("bare read", f"{yardstick.address}/read", {}),
            ("visitor", f"{house.address}{page}", {}),
            ("resident", house.address, {"script": lua, "MODE": "read", "PAGE": page}),
            ("bare write", f"{yardstick.address}/write", {"script": post}),
            ("vote", house.address, {"script": lua, "MODE": "vote", "PAGE": f"{page}/votes"}),
            (
                "paper act",
                house.address,
                {"script": lua, "MODE": "paper", "PAGE": f"/decisions/{desk['decision']}/enter"},
            ),
            ("board", f"{house.address}{desk['board']}", {}),
            ("home", f"{house.address}/", {}),
        ):
            told = common | (entering if name == "paper act" else {})
            runs.setdefault(name, []).append(wrk(address, **words, **told, SEED=str(turn)))
    speed = {name: statistics.median(of) for name, of in runs.items()}
    reader = Browserless(house.address, {"hemei": said["voters"][0][1]})
    wire = len(gzip.compress(reader.get(page).text.encode(), 6))
    yardstick.process.terminate()
    house.stop()
    result = {
        "requests per second": {name: round(of) for name, of in speed.items()},
        "ratio to bare Django, %": {
            "visitor (at least 30)": round(100 * speed["visitor"] / speed["bare read"], 1),
            "resident (at least 15)": round(100 * speed["resident"] / speed["bare read"], 1),
            "vote (at least 25)": round(100 * speed["vote"] / speed["bare write"], 1),
            "board of 40 stairwells (at least 10)": round(100 * speed["board"] / speed["bare read"], 1),
            "paper act (at least 20)": round(100 * speed["paper act"] / speed["bare write"], 1),
            "home": round(100 * speed["home"] / speed["bare read"], 1),
        },
        "consultation page, gzip, bytes": wire,
        "board of 40 stairwells, bytes": len(reader.get(desk["board"]).text.encode()),
        "first start, s": round(first, 1),
        "second start, s": round(again, 1),
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
