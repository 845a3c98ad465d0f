"""The clock's round: files of lists that nobody confirmed go after a week."""

from datetime import datetime

from hemei.places import actions


def round(at: datetime) -> None:
    actions.discard_old_lists(at=at)
