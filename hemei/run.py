"""`hemei run`: everything made ready, then the web server and the worker, watched until somebody stops them."""

import contextlib
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from hemei.base.environment import BadSetting, Environment
from hemei.start import bring_up_to_date, gather_static_files, load_demo, set_up

STOP_SECONDS = 4  # how long children may take to end
PAUSES = (1, 2, 4, 8, 15, 30)  # seconds before a child that died is begun again, the more often the longer
CALM_SECONDS = 60  # after so long without dying the pauses begin anew


def say(text: str) -> None:
    print(text, flush=True)


def run() -> int:
    """Serve until Ctrl-C or SIGTERM. Raises BadSetting when it cannot start."""
    stop = Stop()
    settings = set_up()
    refuse_taken_port(settings)
    bring_up_to_date(say)
    gather_static_files(say)
    if settings.demo != "no":
        load_demo(say)
    refuse_open_demo(settings)
    sign_ins = demo_sign_ins()
    close_connections()
    children = [Child("web server", "hemei.serve"), Child("worker", "hemei.work")]
    try:
        for child in children:
            child.begin()
        announced = False
        while not stop.asked:
            for child in children:
                child.look_after()
            if not announced and (announced := answers(settings)):
                announce(settings, sign_ins)
            time.sleep(0.05 if not announced else 0.2)
    finally:
        say("Stopping …")
        end(children)
    return 0


class Stop:
    """Whether somebody asked to stop, by Ctrl-C, SIGTERM or by closing the terminal."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask)

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        if not self.asked:
            self.asked = True
            return
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@dataclass
class Child:
    """A process of ours, in a group of its own so that the terminal's Ctrl-C reaches it only through us."""

    name: str
    module: str
    process: subprocess.Popen[bytes] | None = None
    begun_at: float = 0.0
    again_at: float = 0.0
    died: int = field(default=0)

    def begin(self) -> None:
        self.begun_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module],
            env={**os.environ, "HEMEI_SUPERVISED": "1"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def look_after(self) -> None:
        """Begin again what died, after a pause."""
        if self.process is not None:
            if (code := self.process.poll()) is None:
                return
            kill_group(self.process.pid)  # whatever it had begun itself
            self.process = None
            now = time.monotonic()
            self.died = 0 if now - self.begun_at > CALM_SECONDS else self.died
            pause = PAUSES[min(self.died, len(PAUSES) - 1)]
            self.died, self.again_at = self.died + 1, now + pause
            say(f"The {self.name} ended unexpectedly (code {code}); it begins again in {pause} s.")
        elif time.monotonic() >= self.again_at:
            self.begin()


def end(children: list[Child]) -> None:
    """All children end within STOP_SECONDS, the stubborn ones by force."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
        kill_group(process.pid)
        process.wait()


def kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # all gone already
        os.killpg(group, signal.SIGKILL)


def refuse_taken_port(settings: Environment) -> None:
    family = socket.AF_INET6 if ":" in settings.bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.bind, settings.port))
        except PermissionError as fault:
            raise BadSetting(f"PORT={settings.port}: this user may not listen there. Choose one above 1023.") from fault
        except OSError as fault:
            if fault.errno is None or isinstance(fault, socket.gaierror) or fault.errno == 99:
                raise BadSetting(f"HEMEI_BIND={settings.bind!r}: this machine has no such address.") from fault
            raise BadSetting(
                f"PORT={settings.port}: another program listens there already. "
                f"Stop it, or choose another port, as in: PORT={settings.port % 65535 + 1} make run"
            ) from fault


def refuse_open_demo(settings: Environment) -> None:
    """Anybody can sign in as a demo account: they are for this machine alone, unless somebody said otherwise."""
    from hemei.people.models import Person

    if settings.demo == "public" or is_loopback(settings.bind):
        return
    if Person.objects.filter(is_demo=True).exists():
        raise BadSetting(
            f"HEMEI_BIND={settings.bind!r}: this database holds demo accounts, which anybody can sign in as, so other "
            "machines are not answered. Say HEMEI_DEMO=public if that is meant, or begin empty with HEMEI_DEMO=no "
            "and another HEMEI_DATA."
        )


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def demo_sign_ins() -> list[str]:
    """The demo persons that can be signed in as, one line each, staff and members last."""
    from hemei.people.models import Person

    lines = []
    people = Person.objects.filter(is_demo=True, seats=None).exclude(phone=None).order_by("pk")[:3]
    staff = Person.objects.filter(is_demo=True, seats__isnull=False).exclude(seats__office="member").exclude(phone=None)
    for person in people:
        tie = person.ties.select_related("place").order_by("pk").first()
        lines.append(f"{short(person.phone)}  {person.name}  {tie.get_role_display() if tie else ''}")
    for person in staff.order_by("pk").distinct()[:14]:
        seat = person.seats.select_related("body").order_by("pk").first()
        lines.append(f"{short(person.phone)}  {person.name}  {seat.body.name} · {seat.get_office_display()}")
    return [line.rstrip() for line in lines]


def short(phone: str | None) -> str:
    return (phone or "").removeprefix("+86")


def close_connections() -> None:
    from django.db import connections

    connections.close_all()


def address_of(settings: Environment) -> str:
    host = "127.0.0.1" if settings.bind in ("0.0.0.0", "::") else settings.bind  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def answers(settings: Environment) -> bool:
    try:
        with build_opener(ProxyHandler({})).open(f"{address_of(settings)}/healthz", timeout=2):
            return True
    except HTTPError:
        return True  # it speaks, though not to this name
    except OSError:
        return False


def announce(settings: Environment, sign_ins: list[str]) -> None:
    say(f"\nHemei answers at {address_of(settings)}")
    if sign_ins:
        say(f"Demo: choose somebody at {address_of(settings)}/people/demo, or sign in with one of these numbers")
        say("(the code appears on the page and here):")
        for line in sign_ins:
            say(f"  {line}")
    elif settings.demo == "no":
        say("Empty so far? `hemei admin PHONE` makes the first administrator.")
    say("Ctrl-C ends everything.\n")
