"""`make test` and its relatives: a browser is found or installed, then pytest runs with what it is given.

    .venv/bin/python tools/testing.py [-n WORKERS] [PATH ...]

Exit status of pytest; 1 as well when no Chromium could be had and CI is set, for then the browser tests did not run.
"""

import os
import subprocess
import sys
from pathlib import Path

import browser

HOUSE = Path(__file__).resolve().parent.parent


def main() -> int:
    os.chdir(HOUSE)
    chromium = browser.find_or_install()
    environment = {**os.environ, "HEMEI_CHROMIUM": chromium, "DJANGO_SETTINGS_MODULE": "hemei.settings"}
    words = [sys.executable, "-m", "pytest", "--dist", "loadgroup", *sys.argv[1:]]
    status = subprocess.call(words, env=environment)
    if not chromium:
        print("No Chromium was found and none could be installed: the browser tests named above did NOT run.")
        print("Install one (Debian: apt install chromium fonts-noto-cjk) or name it: HEMEI_CHROMIUM=/path/to/chromium")
        if os.environ.get("CI") and status == 0:
            return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
