"""The agreement on a lift (加梯协议) with its cost table, from the text that was frozen when it opened for signing."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.decisions import contracting
from hemei.decisions.costing import money
from hemei.decisions.documents.common import day, language, over, sealed, square_metres, way
from hemei.decisions.models import Contract
from hemei.ledger.queries import ChainLine, in_groups
from hemei.roll.content import Content
from hemei.shell import pdf
from hemei.shell.pdf import Sheet

SUMS = ("running_yuan_a_year", "reserve_yuan")


def agreement(
    contract: Contract, roll: Content, homes: Mapping[str, str], line: ChainLine, site: str, *, names: bool
) -> Sheet:
    """roll: frozen with it. homes: what a unit is called, by its key. names: the owners', for who keeps the roll; else
    their lines are left to be filled in."""
    said = json.loads(contract.content)
    terms = said["terms"]
    later = [(str(contracting.TERMS[name]), _term(name, terms[name])) for name in contracting.TERMS if name != "text"]
    return Sheet(
        number=f"L{contract.drive_id}-K{contract.number}",
        title=said["title"],
        over=over(contract.drive.team, contract.drive.place),
        size=11,
        parts=[
            *([pdf.framed(_("Ended"), contract.ended_why)] if contract.ended_at is not None else []),
            pdf.text(terms["text"]),
            pdf.facts(*later),
            *_late_example(said["late_example"]),
            pdf.heading(_("Who pays what")),
            *_costs(said["plan"], roll, homes),
            pdf.heading(_("Signatures")),
            pdf.text(_("All owners of a home sign. A change of this agreement ends it, and everybody signs anew.")),
            pdf.table(
                [_("Home"), _("Owner"), _("Signature"), _("Date")],
                [
                    [homes.get(unit.key, unit.key), owner.name if names else "", "", ""]
                    for unit in roll.units
                    for owner in unit.owners
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


def _term(name: str, value: Any) -> str:
    if name in SUMS:
        return money(value)
    if name == "life_years":
        return ngettext("%(count)d year", "%(count)d years", value) % {"count": value}
    return str(value)


def _late_example(said: Mapping[str, Any] | None) -> list[pdf.Part]:
    if said is None:
        return []
    told = _("A home whose share was %(share)s joins after %(years)s of %(life)d years: it pays %(pays)s.")
    return [pdf.small(told % {**said, "share": money(said["share"]), "pays": money(said["pays"])})]


def _costs(plan: Mapping[str, Any], roll: Content, homes: Mapping[str, str]) -> list[pdf.Part]:
    units = {unit.key: unit for unit in roll.units}
    rows = [
        [homes.get(key, key), square_metres(units[key].area) if key in units else "", money(share)]
        for key, share in plan["shares"].items()
    ]
    together = sum((Fraction(share) for share in plan["shares"].values()), Fraction(0))
    return [
        pdf.facts(
            (_("Cost of the lift"), money(plan["total"])),
            (_("Subsidy"), money(plan["subsidy"])),
            (_("Way of sharing"), plan["key"][language()]),
        ),
        pdf.table(
            [_("Home"), _("Area, m²"), _("Share to pay")],
            [*rows, [_("Together"), "", money(together)]],
            widths=[2, 1, 1.6],
            right=[1, 2],
            size=10.5,
            tall=1.6,
        ),
    ]


def _rests_on(contract: Contract) -> list[pdf.Part]:
    if contract.decision is None or contract.decision.certified_at is None:
        return []
    told = _("It rests on vote no. %(number)d, counted on %(day)s. This is not legal advice.")
    return [pdf.small(told % {"number": contract.decision.pk, "day": day(contract.decision.certified_at)})]
