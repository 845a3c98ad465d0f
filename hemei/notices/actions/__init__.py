"""What people do with what they are told, and the sheets that hang where people pass."""

from hemei.notices.actions.being_told import follow_matter, mark_read, set_preferences, tell_news
from hemei.notices.actions.carrying import mark_carried, mark_printed
from hemei.notices.actions.posting import make_sheet, post_sheet, take_down, void_sheet

__all__ = [
    "follow_matter",
    "make_sheet",
    "mark_carried",
    "mark_printed",
    "mark_read",
    "post_sheet",
    "set_preferences",
    "take_down",
    "tell_news",
    "void_sheet",
]
