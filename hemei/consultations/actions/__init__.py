"""Everything that can be done in a consultation."""

from hemei.consultations.actions.looking_after import (
    accept_words,
    appeal,
    decide_appeal,
    reject_words,
    restore_words,
)
from hemei.consultations.actions.organising import (
    Promised,
    answer_consultation,
    cancel_consultation,
    change_consultation,
    make_ready,
    prepare_consultation,
)
from hemei.consultations.actions.papers import add_document, take_down_document
from hemei.consultations.actions.speaking import AlreadySaid, add_argument, add_statement, correct_statement
from hemei.consultations.actions.voting import cast_vote, enter_sheet

__all__ = [
    "AlreadySaid",
    "Promised",
    "accept_words",
    "add_argument",
    "add_document",
    "add_statement",
    "answer_consultation",
    "appeal",
    "cancel_consultation",
    "cast_vote",
    "change_consultation",
    "correct_statement",
    "decide_appeal",
    "enter_sheet",
    "make_ready",
    "prepare_consultation",
    "reject_words",
    "restore_words",
    "take_down_document",
]
