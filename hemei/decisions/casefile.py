"""A decision as a case of the engine: one plain JSON file, which pages, papers and `hemei tally` all read.

Whatever is shown of a vote is computed from this file, and the file that is frozen when it is certified is this one.
"""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from hemei.decisions.models import Act, Authority, Decision, Objection, Posted, Service, Voiding
from hemei.engines import decision as engine
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.roll.models import Correction

AFFECTED = "affected"  # the group of units whose owners must all agree, and the test that says so


def local(at: datetime) -> str:
    """A moment as the engine takes it: the street's clock, to the second (a close at a stated second stays exact)."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None).isoformat(timespec="seconds")


def case_of(decision: Decision, at: datetime) -> Case | LinkedBallots:
    """The case as of `at`; linked ballots where the estate must pass as well."""
    return engine.read_cases(json.dumps(plain_file(decision, at))).cases[0]


def plain_file(decision: Decision, at: datetime) -> dict[str, Any]:
    """Schema consent-cases/1, complete as of `at`: the decision, and the ballot it is linked with."""
    ballots = [plain_case(one, at) for one in (decision, decision.linked) if one is not None]
    rules = {one.rule_id: rule_of(one) for one in (decision, decision.linked) if one is not None}
    if len(ballots) == 1:
        return {"rules": rules, "cases": ballots}
    return {"rules": rules, "cases": [{"id": f"{decision.pk}", "title": ballots[0]["title"], "ballots": ballots}]}


def rule_of(decision: Decision) -> dict[str, Any]:
    """The frozen rule; before it is announced, the rule of the book as it would be frozen now."""
    return dict(decision.rule or frozen_rule(decision))


def frozen_rule(decision: Decision) -> dict[str, Any]:
    """The rule of the book with what this decision adds: the estate's word on silence and proxies, whose own part is
    taken, source and day that an administrator entered. Raises KeyError for a rule that is not in the book."""
    rule = engine.as_case_rule(decision.rule_id)
    if decision.silence_text:
        rule["nonresponse"] = "follows_majority_if_delivered"
    if decision.proxies_max is not None:
        rule["proxy"] = {"written_required": True, "own_act_overrides": True, **rule.get("proxy", {})} | {
            "max_principals": decision.proxies_max
        }
    if decision.attested:
        rule |= {"checked": True, "source": decision.attested["source"], "valid_from": decision.attested["valid_from"]}
    if decision.affected:
        own_part = {
            "id": AFFECTED, "kind": "approval", "measure": "units", "who": f"group:{AFFECTED}", "count": "for",
            "base": "all", "cmp": ">=", "threshold": "1",
        }  # fmt: skip
        rule["tests"] = [*rule["tests"], own_part]
    return rule


def plain_case(decision: Decision, at: datetime) -> dict[str, Any]:
    """One ballot. Acts on paper count once a second clerk confirmed them; every act stands in order of receipt."""
    case: dict[str, Any] = {
        "id": f"{decision.pk}",
        "title": {"en": decision.question_en or decision.question, "zh": decision.question},
        "rule": decision.rule_id,
        "window": {"open": local(decision.opens_at), "close": local(decision.closes_at)},
        "units": units_of(decision),
        "events": events_of(decision, at),
        "evaluate_at": local(at),
    }
    if decision.certified_at is not None:
        case["certify_at"] = local(decision.certified_at)
        case["notice"] = _notice(decision)
        if case["notice"] is None:  # certified, and nothing hangs yet
            del case["notice"]
            case["evidence"] = [{"id": "posting", "complete": False}]
    else:
        case["evidence"] = [{"id": "certificate", "complete": False}]
    return case


def units_of(decision: Decision) -> list[dict[str, Any]]:
    """The electorate of the frozen roll, without names."""
    assert decision.roll is not None, "a decision that is being prepared has no electorate yet"
    only, affected = set(decision.only), set(decision.affected)
    units = []
    for unit in json.loads(decision.roll.content)["units"]:
        if only and unit["key"] not in only:
            continue
        groups = [f"floor-{unit['floor']}"] if unit.get("floor") is not None else []
        units.append(
            {
                "id": unit["key"],
                "area": unit["area"],
                "kind": unit["kind"],
                "votable": unit["votable"],
                "groups": groups + ([AFFECTED] if unit["key"] in affected else []),
                "owners": [_owner(owner) for owner in unit["owners"]],
            }
        )
    return units


def _owner(owner: dict[str, Any]) -> dict[str, Any]:
    return {"id": owner["code"], "share": owner["share"], "rep": owner["rep"]}


def events_of(decision: Decision, at: datetime) -> list[dict[str, Any]]:
    """Everything that happened up to `at`, in order of receipt."""
    found = [*_services(decision, at), *_authorities(decision, at), *_acts(decision, at), *_voidings(decision)]
    found += [*_sales(decision), *_objections(decision)]
    known = [(when, order, event) for when, order, event in found if when <= at]
    return [{"at": local(when)} | event for when, _order, event in sorted(known, key=lambda one: one[:2])]


Happened = tuple[datetime, tuple[int, int], dict[str, Any]]  # when, what comes first of the same moment, the event


def _services(decision: Decision, at: datetime) -> list[Happened]:
    rows = Service.objects.filter(slot__decision=decision, made_at__lte=at)
    found = rows.values_list("at", "pk", "slot__key", "proof")
    return [(when, (0, pk), {"type": "deliver", "unit": key, "proof": proof}) for when, pk, key, proof in found]


def _authorities(decision: Decision, at: datetime) -> list[Happened]:
    """A grant counts from its receipt, once it is checked; what ends it by date is in the grant."""
    rows = Authority.objects.filter(decision=decision, refused_at=None).select_related("slot")
    found: list[Happened] = []
    for grant in rows:
        if grant.entered_by_id is not None and (grant.confirmed_at is None or grant.confirmed_at > at):
            continue
        said: dict[str, Any] = {"unit": grant.slot.key, "by": grant.owner, "to": grant.agent}
        event = {"type": "grant", **said, "written": grant.written}
        event |= {"instruction": grant.instruction} if grant.instruction else {}
        event |= {"expires": local(grant.expires_at)} if grant.expires_at else {}
        found.append((grant.at, (1, grant.pk), event))
        if grant.withdrawn_at is not None:
            found.append((grant.withdrawn_at, (1, grant.pk), {"type": "withdraw", **said}))
    return found


def _acts(decision: Decision, at: datetime) -> list[Happened]:
    """Votes and what was taken back. One that waits for the second clerk, or was refused by them, is not known yet."""
    found: list[Happened] = []
    for act in Act.objects.filter(decision=decision, refused_at=None).select_related("slot"):
        if not act.counts or any(later is not None and later > at for later in (act.entered_at, act.confirmed_at)):
            continue
        event: dict[str, Any] = {"type": act.kind, "unit": act.slot.key, "by": act.by}
        if act.kind == Act.Kind.CAST:
            event |= {"id": f"{act.pk}", "choice": act.choice, "channel": act.channel}
            event |= {"for_owner": act.for_owner} if act.for_owner else {}
            event |= {"signed_at": act.signed_on.isoformat()} if act.signed_on else {}
        found.append((act.at, (2, act.pk), event))
    return found


def _voidings(decision: Decision) -> list[Happened]:
    rows = Voiding.objects.filter(act__decision=decision, confirmed_at__isnull=False).select_related("act__slot")
    return [
        (one.confirmed_at, (3, one.pk), {"type": "void", "unit": one.act.slot.key, "ref": f"{one.act_id}"})
        for one in rows
        if one.confirmed_at is not None and one.act.kind == Act.Kind.CAST and one.act.counts
    ]


def _sales(decision: Decision) -> list[Happened]:
    """Homes sold, and slips of the roll corrected, since the roll was frozen: a sale counts by the rule, a correction
    of area or name is logged and changes nothing."""
    if decision.announced_at is None or decision.roll is None:
        return []
    keys = {unit["key"] for unit in json.loads(decision.roll.content)["units"]}
    rows = Correction.objects.filter(roll=decision.roll.roll_id, confirmed_at__gte=decision.announced_at)
    found: list[Happened] = []
    for one in rows.select_related("unit"):
        if one.unit.key not in keys or one.confirmed_at is None:
            continue
        if one.what == Correction.What.OWNERS and one.sold:
            to = [_owner(owner) for owner in one.after["owners"]]
            found.append((one.confirmed_at, (4, one.pk), {"type": "transfer", "unit": one.unit.key, "to": to}))
        else:
            event = {"type": "roll_correction", "unit": one.unit.key, "source": one.source}
            event |= {"area": one.after["area_m2"]} if one.what == Correction.What.AREA else {}
            found.append((one.confirmed_at, (4, one.pk), event))
    return found


def _objections(decision: Decision) -> list[Happened]:
    found: list[Happened] = []
    if decision.certified_at is None:
        return found  # nothing hangs yet that one could object to
    units = [unit["id"] for unit in units_of(decision)]
    for one in Objection.objects.filter(decision=decision).order_by("pk"):
        unit = one.key if one.key in units else units[0]  # somebody outside the electorate: the unit says nothing
        found.append(
            (one.at, (5, one.pk), {"type": "objection", "id": f"{one.pk}", "unit": unit, "ground": one.ground})
        )
        if one.closed_at is not None:
            closed = {"type": "objection_closed", "ref": f"{one.pk}", "how": one.how}
            found.append((one.closed_at, (6, one.pk), closed))
    return found


def _notice(decision: Decision) -> dict[str, Any] | None:
    """The posting of the result, from its first day."""
    posted: date | None = (
        Posted.objects.filter(decision=decision, what=Posted.What.RESULT)
        .order_by("on", "pk")
        .values_list("on", flat=True)
        .first()
    )
    return posted and {"posted": posted.isoformat(), "days": decision.posting_days}
