"""By which way a message leaves: one function for each channel. Another channel is one more line in GATEWAYS.

A gateway takes the message and returns the state it reached, SENT or DELIVERED. It raises `TryAgain` when it may work
later, `Undeliverable` when it never will. It may be asked twice for one message when the machine died in between, so
it hands `message.pk` on to the far end as the key that makes the second time harmless.
"""

import sys
from collections.abc import Callable

from hemei.outbox.models import Message

Gateway = Callable[[Message], str]


class TryAgain(Exception):
    """Not now: the far end is busy or cannot be reached."""


class Undeliverable(Exception):
    """Never: nobody has this address."""


def console(message: Message) -> str:
    """Prints the message where the server runs; stands in for a text message."""
    if not message.address:
        raise Undeliverable("the person has no phone number any more")
    sys.stdout.write(f"→ {message.address}: {message.text}\n")
    sys.stdout.flush()
    return Message.State.SENT


def inapp(_message: Message) -> str:
    """It stands on the website from the moment it was put."""
    return Message.State.DELIVERED


GATEWAYS: dict[str, Gateway] = {Message.Channel.CONSOLE: console, Message.Channel.INAPP: inapp}
