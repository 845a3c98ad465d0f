"""The agreement on a lift (加梯协议) with its cost table, as it was frozen when it opened for signing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from hemei.decisions.documents.common import day, language, over, sealed, square_metres, way
from hemei.decisions.models import Contract
from hemei.engines.costs.wording import yuan
from hemei.ledger.queries import ChainLine, in_groups
from hemei.shell import pdf
from hemei.shell.pdf import Sheet


def contract(
    contract: Contract, units: Sequence[Mapping[str, Any]], homes: Mapping[str, str], line: ChainLine, site: str
) -> Sheet:
    """units: of the roll it was frozen with, in order. homes: what a unit is called, by its key."""
    said = contract
    a_year = _("%(sum)s a year")
    return Sheet(
        number=f"L{contract.drive_id}-K{contract.number}",
        title=contract.title,
        over=over(contract.drive.team, contract.drive.place),
        size=11,
        parts=[
            pdf.text(said.text),
            pdf.facts((_("Builder"), said.builder), (_("Compensation"), said.compensation)),
            pdf.heading(_("Who pays what")),
            *_costs(contract, units, homes),
            pdf.heading(_("After it is built")),
            pdf.facts(
                (_("Runs the lift"), said.manager),
                (
                    _("Running cost"),
                    a_year % {"sum": money(said.running_yuan_a_year)} if said.running_yuan_a_year else "",
                ),
                (_("Shared by"), said.running_key),
                (_("Reserve"), money(said.reserve_yuan) if said.reserve_yuan else ""),
                (_("Inspections"), said.inspections),
                (_("Warranty"), said.warranty),
                (_("Who joins later"), said.late_text),
                (_("When a home is sold"), said.sale_text),
            ),
            pdf.heading(_("Signatures")),
            pdf.text(_("All owners of a home sign. A change of this agreement ends it, and everybody signs anew.")),
            pdf.table(
                [_("Home"), _("Owner"), _("Signature"), _("Date")],
                [
                    [homes.get(unit["key"], unit["key"]), owner["name"], "", ""]
                    for unit in units
                    for owner in unit["owners"]
                ],
                widths=[1.2, 2, 2.6, 1.3],
                size=10.5,
                tall=3.4,
                ruled=True,
            ),
            *_rests_on(contract),
            pdf.small(_("Digits of the whole agreement, sha256: %(digits)s") % {"digits": in_groups(contract.hash)}),
        ],
        address=way(site, "contract", contract.drive_id),
        told=_("To the agreement"),
        sealed=sealed(line),
        foot=_("For the owners who sign it and the desk."),
    )


def _costs(contract: Contract, units: Sequence[Mapping[str, Any]], homes: Mapping[str, str]) -> list[pdf.Part]:
    if contract.plan is None:
        return []
    shares: Mapping[str, str] = contract.plan.answer["shares"]
    areas = {unit["key"]: unit["area"] for unit in units}
    rows = [
        [homes.get(key, key), square_metres(areas[key]) if key in areas else "", money(sum_)]
        for key, sum_ in shares.items()
    ]
    total = sum((Fraction(one) for one in shares.values()), Fraction(0))
    return [
        pdf.facts(
            (_("Cost of the lift"), money(contract.plan.total)),
            (_("Subsidy"), money(contract.plan.subsidy)),
            (_("Way of sharing"), contract.plan.name),
        ),
        pdf.table(
            [_("Home"), _("Area, m²"), _("Share")],
            [*rows, [_("Together"), "", money(total)]],
            widths=[2, 1, 1.6],
            right=[1, 2],
            size=10.5,
            tall=1.6,
        ),
    ]


def money(amount: Fraction | Decimal | str) -> str:
    return yuan(Fraction(amount), language())


def _rests_on(contract: Contract) -> list[pdf.Part]:
    if contract.decision is None or contract.decision.certified_at is None:
        return []
    told = _("It rests on vote no. %(number)d, counted on %(day)s. This is not legal advice.")
    return [pdf.small(told % {"number": contract.decision.pk, "day": day(contract.decision.certified_at)})]
