"""What the log says of a fault: where it happened and of what kind, and nothing of the people it happened to."""

import logging
import re
from typing import Any

# what a message may hold of people: numbers, tokens, quoted values, and every word that is not plain English
_ABOUT_PEOPLE = re.compile(r"""\d{4,}|'[^']*'|"[^"]*"|[\w.+-]*@[\w.-]+|\w{20,}|[^\x00-\x7f]+""")
_BEGINS = ("Traceback ", "The above exception ", "During handling ")


class Formatter(logging.Formatter):
    """The trace whole, for it is our own code; of each message its first line without values."""

    def formatException(self, ei: Any) -> str:
        lines, told = [], False
        for line in super().formatException(ei).split("\n"):
            if not line or line.startswith(_BEGINS):
                told = False
                lines.append(line)
            elif told:
                continue  # databases repeat the row on the lines that follow
            elif line.startswith(" "):
                lines.append(line)
            else:
                told = True
                lines.append(without_people(line))
        return "\n".join(lines)


def without_people(line: str) -> str:
    kind, colon, message = line.partition(":")
    return kind + colon + _ABOUT_PEOPLE.sub("…", message)
