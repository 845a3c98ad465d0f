"""The clock's round: files of lists that nobody confirmed go after two weeks."""

from datetime import datetime

from hemei.roll.actions import lists


def round(at: datetime) -> None:
    if lists.left_lying(at).exists():  # so that nobody waits for a lock when there is nothing to do
        lists.discard_old_lists(at=at)
