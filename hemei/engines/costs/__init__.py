"""Homes and costs in, shares out: who pays what for a lift.

`read_cases` reads a file of cases, `share` answers one, `as_plain` writes the answer as the command prints it.
`proposals` lays several ways side by side, `fairness` gives their figures, `relief` what would close a gap. Nothing
here knows Django, the clock or chance. Method, formulas and their source: docs/engines-costs.md.
"""

from hemei.engines.costs.answer import Answer, ChanceAnswer, Due, LateAnswer, RunningAnswer, as_plain, decimals, money
from hemei.engines.costs.chances import chances, signs
from hemei.engines.costs.check import mismatches
from hemei.engines.costs.fairness import OFFICIAL, Fairness, fairness, fairness_words
from hemei.engines.costs.games import core_violations, nucleolus_of_needs
from hemei.engines.costs.keys import TABLES, Table, coefficients
from hemei.engines.costs.passing import Passing, passing
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
from hemei.engines.costs.proposals import Band, Offer, band_of, band_words, proposals
from hemei.engines.costs.reading import read_cases
from hemei.engines.costs.relief import Instalment, Relief, relief, relief_words
from hemei.engines.costs.share import propose, running_cost, share
from hemei.engines.strict import Mistake

__all__ = [
    "OFFICIAL",
    "TABLES",
    "Answer",
    "Band",
    "Cap",
    "Case",
    "CaseFile",
    "Chance",
    "ChanceAnswer",
    "Constraints",
    "Cost",
    "Due",
    "EqualGain",
    "Fairness",
    "Home",
    "Instalment",
    "Key",
    "Late",
    "LateAnswer",
    "LeastSlack",
    "MaxChance",
    "Method",
    "Mistake",
    "Nucleolus",
    "Offer",
    "Passing",
    "ProportionalBenefit",
    "Proposal",
    "Relief",
    "Rounding",
    "Running",
    "RunningAnswer",
    "Sale",
    "Shapley",
    "Subsidy",
    "Table",
    "Title",
    "as_plain",
    "band_of",
    "band_words",
    "chances",
    "coefficients",
    "core_violations",
    "decimals",
    "fairness",
    "fairness_words",
    "mismatches",
    "money",
    "nucleolus_of_needs",
    "passing",
    "proposals",
    "propose",
    "read_cases",
    "relief",
    "relief_words",
    "running_cost",
    "share",
    "signs",
]
