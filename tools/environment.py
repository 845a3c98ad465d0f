"""Makes .venv from the lock files: `python3 tools/environment.py [dev]`. Called by make; standard library only."""

import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLACE = os.path.join(HERE, ".venv")
PYTHON = os.path.join(PLACE, "bin", "python")
LEAST = (3, 11)
COMMAND = """#!{python}
import sys

from hemei.cli import main

sys.exit(main())
"""


def main(words):
    if sys.version_info < LEAST:
        stop(
            "Hemei needs Python 3.11 or newer; this is {}.{}. Say which to use: make PYTHON=/path/to/python3.11".format(
                *sys.version_info
            )
        )
    uv = shutil.which("uv")
    if not usable(uv):
        shutil.rmtree(PLACE, ignore_errors=True)
        create(uv)
    install(uv, "requirements-dev.lock" if "dev" in words else "requirements.lock")
    put_command()


def usable(uv):
    """Whether .venv runs, with a Python that is new enough, and something in it can install."""
    look = ("import pip; " if not uv else "") + "import sys; sys.exit(sys.version_info < {!r})".format(LEAST)
    return os.path.exists(PYTHON) and subprocess.call([PYTHON, "-c", look], stderr=subprocess.DEVNULL) == 0


def create(uv):
    print("Making .venv ...", flush=True)
    if uv:
        done = subprocess.call([uv, "venv", "--quiet", "--python", sys.executable, PLACE])
    else:
        done = subprocess.call([sys.executable, "-m", "venv", PLACE], stdout=subprocess.DEVNULL)
    if done != 0:
        shutil.rmtree(PLACE, ignore_errors=True)
        stop(
            "Python could not make a virtual environment: its modules venv and ensurepip are needed.\n"
            "On Debian and Ubuntu: apt install python3-venv. Or install uv, which brings its own."
        )


def install(uv, lock):
    print("Installing {} ...".format(lock), flush=True)
    words = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if uv:
        words = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    if subprocess.call([*words, "--require-hashes", "-r", os.path.join(HERE, lock)]) != 0:
        stop("The packages of {} could not be installed; what went wrong stands above. Run make again.".format(lock))


def put_command():
    """`.venv/bin/hemei`, and the checkout where this Python looks for modules: nothing needs to be built."""
    look = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([PYTHON, "-c", look]).decode().strip()
    with open(os.path.join(packages, "hemei-checkout.pth"), "w") as path:
        path.write(HERE + "\n")
    command = os.path.join(PLACE, "bin", "hemei")
    with open(command, "w") as script:
        script.write(COMMAND.format(python=PYTHON))
    os.chmod(command, 0o755)


def stop(told):
    sys.stderr.write(told + "\n")
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
