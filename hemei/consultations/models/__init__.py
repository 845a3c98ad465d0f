"""Everyone Come (大家来): what a neighbourhood is asked, what it says, and what it thinks of it."""

from hemei.consultations.models.care import Appeal, ModerationAct
from hemei.consultations.models.consultation import Batch, Consultation, Document, Grade, Participant, Reply
from hemei.consultations.models.said import Answer, Argument, AuthorKind, Stake, Statement, Vote, WordsState
from hemei.consultations.models.shown import OpinionMap

__all__ = [
    "Answer",
    "Appeal",
    "Argument",
    "AuthorKind",
    "Batch",
    "Consultation",
    "Document",
    "Grade",
    "ModerationAct",
    "OpinionMap",
    "Participant",
    "Reply",
    "Stake",
    "Statement",
    "Vote",
    "WordsState",
]
