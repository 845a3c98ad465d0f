"""So much in so much time, for each person: token buckets in the database, so that all workers count together."""

from datetime import datetime

from django.db import connection
from django.utils.translation import ngettext

from hemei.base.errors import TooMany

# One statement fills the bucket for the time gone by and takes a token; where none is left it changes nothing.
_TAKE = """
INSERT INTO base_bucket (key, tokens, filled_at) VALUES (%(key)s, %(most)s - 1.0, %(at)s)
ON CONFLICT (key) DO UPDATE SET filled_at = excluded.filled_at, tokens = CASE
    WHEN base_bucket.tokens + (excluded.filled_at - base_bucket.filled_at) * %(speed)s > %(most)s THEN %(most)s - 1.0
    ELSE base_bucket.tokens + (excluded.filled_at - base_bucket.filled_at) * %(speed)s - 1.0 END
WHERE base_bucket.tokens + (excluded.filled_at - base_bucket.filled_at) * %(speed)s >= 1.0
RETURNING tokens
"""


def take(*, key: str, most: int, seconds: int, at: datetime) -> None:
    """Take one token from the bucket `key`, which holds `most` and fills up in `seconds`.

    Stands in the caller's transaction, so what is refused later costs nothing. Raises TooMany.
    """
    words = {"key": key, "most": float(most), "speed": most / seconds, "at": at.timestamp()}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, words)
        if cursor.fetchone() is not None:
            return
    wait = max(1, round(seconds / most))
    told = ngettext(
        "That was quick. Please wait %(count)d second and send it again; nothing you typed is lost.",
        "That was quick. Please wait %(count)d seconds and send it again; nothing you typed is lost.",
        wait,
    )
    raise TooMany(told % {"count": wait}, after_seconds=wait)
