"""Homes and costs in, shares out: who pays what for a lift.

`read_cases` reads a file of cases, `share` answers one, `as_plain` writes the answer as the command prints it. Nothing
here knows Django, the clock or chance. Method, formulas and their source: docs/engines-costs.md.
"""

from hemei.engines.costs.answer import Answer, ChanceAnswer, Due, LateAnswer, RunningAnswer, as_plain, decimals, money
from hemei.engines.costs.chances import chances, signs
from hemei.engines.costs.check import mismatches
from hemei.engines.costs.games import core_violations, nucleolus_of_needs
from hemei.engines.costs.keys import TABLES, Table, coefficients
from hemei.engines.costs.plan import (
    Cap,
    Case,
    CaseFile,
    Chance,
    Constraints,
    Cost,
    EqualGain,
    Home,
    Key,
    Late,
    LeastSlack,
    MaxChance,
    Method,
    Nucleolus,
    ProportionalBenefit,
    Proposal,
    Rounding,
    Running,
    Sale,
    Shapley,
    Subsidy,
    Title,
)
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.share import propose, running_cost, share
from hemei.engines.strict import Mistake

__all__ = [
    "TABLES",
    "Answer",
    "Cap",
    "Case",
    "CaseFile",
    "Chance",
    "ChanceAnswer",
    "Constraints",
    "Cost",
    "Due",
    "EqualGain",
    "Home",
    "Key",
    "Late",
    "LateAnswer",
    "LeastSlack",
    "MaxChance",
    "Method",
    "Mistake",
    "Nucleolus",
    "ProportionalBenefit",
    "Proposal",
    "Rounding",
    "Running",
    "RunningAnswer",
    "Sale",
    "Shapley",
    "Subsidy",
    "Table",
    "Title",
    "as_plain",
    "chances",
    "coefficients",
    "core_violations",
    "decimals",
    "mismatches",
    "money",
    "nucleolus_of_needs",
    "propose",
    "read_cases",
    "running_cost",
    "share",
    "signs",
]
