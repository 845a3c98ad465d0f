"""Owners' decisions and lift drives as the database keeps them."""

from hemei.decisions.models.acts import Act, Authority, Challenge, Voiding
from hemei.decisions.models.after import Objection, Posted
from hemei.decisions.models.ballots import Paper, PrintRun, Service, Slot
from hemei.decisions.models.contracts import Contract, ContractSignature
from hemei.decisions.models.costs import CostPlan
from hemei.decisions.models.decision import Counter, Decision
from hemei.decisions.models.doors import Door, PolicySheet, SheetReceipt, Visit, Wish
from hemei.decisions.models.drive import DeskForm, Drive, Milestone, StageMark

__all__ = [
    "Act",
    "Authority",
    "Challenge",
    "Contract",
    "ContractSignature",
    "CostPlan",
    "Counter",
    "Decision",
    "DeskForm",
    "Door",
    "Drive",
    "Milestone",
    "Objection",
    "Paper",
    "PolicySheet",
    "Posted",
    "PrintRun",
    "Service",
    "SheetReceipt",
    "Slot",
    "StageMark",
    "Visit",
    "Voiding",
    "Wish",
]
