"""A real Chromium for the browser tests: found, or installed with the system's own package manager."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PACKAGES = ["chromium", "fonts-noto-cjk"]  # without the font every Chinese page would be measured in boxes


def find() -> str:
    """Path of a Chromium that starts, or ""; HEMEI_CHROMIUM names one outright."""
    named = os.environ.get("HEMEI_CHROMIUM", "")
    found = [named, *(shutil.which(name) or "" for name in NAMES), *PLACES]
    return next((path for path in found if path and os.access(path, os.X_OK)), "")


def install(*packages: str) -> bool:
    """Install Debian packages where that is possible: as root, or with a sudo that asks nothing."""
    apt = shutil.which("apt-get")
    if not apt:
        return False
    start = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if not sudo or subprocess.call([sudo, "-n", "true"], stderr=subprocess.DEVNULL) != 0:
            return False
        start = [sudo, "-n"]
    print(f"Installing {' '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL, "env": environment}
    subprocess.call([*start, apt, "update", "-qq"], **quiet)
    words = [*start, apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.call(words, **quiet) == 0


def chinese_font() -> bool:
    lister = shutil.which("fc-list")
    return bool(lister and subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout.strip())


def find_or_install() -> str:
    """As `find`; where there is none, or no Chinese font, tries to install them first."""
    missing = [*([] if find() else PACKAGES[:1]), *([] if chinese_font() or sys.platform == "darwin" else PACKAGES[1:])]
    if missing and sys.platform.startswith("linux"):
        install(*missing)
    return find()
