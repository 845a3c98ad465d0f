"""So much in so much time, for each person: token buckets in the database, so that all workers count together."""

from datetime import datetime

from django.db import connection
from django.utils.translation import ngettext

from hemei.base.errors import TooMany

_TAKE = """
INSERT INTO base_bucket (key, tokens, filled_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at
"""


def take(*, key: str, most: int, seconds: int, at: datetime) -> None:
    """Take one token from the bucket `key`, which holds `most` and fills up in `seconds`.

    Stands in the caller's transaction, so what is refused later costs nothing. Raises TooMany.
    """
    from hemei.base.models import Bucket

    bucket = Bucket.objects.select_for_update().filter(key=key).first()
    tokens = float(most)
    if bucket is not None:
        gone = max((at - bucket.filled_at).total_seconds(), 0.0)
        tokens = min(float(most), bucket.tokens + gone * most / seconds)
    if tokens < 1:
        wait = max(1, round((1 - tokens) * seconds / most))
        told = ngettext(
            "That was quick. Please wait %(count)d second and send it again; nothing you typed is lost.",
            "That was quick. Please wait %(count)d seconds and send it again; nothing you typed is lost.",
            wait,
        )
        raise TooMany(told % {"count": wait}, after_seconds=wait)
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(at)
        cursor.execute(_TAKE, [key, tokens - 1, moment])
