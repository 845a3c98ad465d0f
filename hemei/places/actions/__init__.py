"""What is done in the address tree."""

from hemei.places.actions.importing import (
    confirm_list,
    discard_old_lists,
    import_at_once,
    keep_report,
    send_list,
    write_list,
)
from hemei.places.actions.keeping import add_place, close_place, correct_place, reopen_place
from hemei.places.actions.merging import Part, merge_estates, split_estate

__all__ = [
    "Part",
    "add_place",
    "close_place",
    "confirm_list",
    "correct_place",
    "discard_old_lists",
    "import_at_once",
    "keep_report",
    "merge_estates",
    "reopen_place",
    "send_list",
    "split_estate",
    "write_list",
]
