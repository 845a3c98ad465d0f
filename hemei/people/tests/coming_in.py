"""What the tests of signing in share: the code that was sent."""

import re

from hemei.outbox.models import Message


def code_sent_to(phone: str) -> str:
    """The code in the newest message to `phone`."""
    text = Message.objects.filter(address=phone, kind="people.code").order_by("-pk").values_list("text", flat=True)[0]
    return re.search(r"\d{3} ?\d{3}", text).group()
