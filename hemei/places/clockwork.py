"""The clock's round: files of lists that nobody confirmed go after a week."""

from datetime import datetime

from hemei.places import actions
from hemei.places.actions.importing import left_lying


def round(at: datetime) -> None:
    if left_lying(at).exists():  # so that nobody waits for a lock when there is nothing to do
        actions.discard_old_lists(at=at)
