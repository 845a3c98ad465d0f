"""The part of notices in the clock's round: those who follow a matter hear what was recorded on it."""

from datetime import datetime

from hemei.notices.actions import tell_news
from hemei.notices.queries import matters_with_news


def round(at: datetime) -> None:
    for matter in matters_with_news():
        tell_news(matter=matter, at=at)
