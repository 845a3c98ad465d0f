"""The verdict worked out a second time, slowly and plainly, to check the engine with.

It takes one case of a file of schema consent-cases/1 as raw JSON and answers with the object that `hemei tally` prints.
It shares no line with the engine: no index, no integer scaling, every question asked again from the list of acts. Each
function says in our words the sentence of the schema it follows (the page beside the cases, and `about` in the file),
or of docs/engines-decision.md for the keys that stand beside `about`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

Json = dict[str, Any]
Flags = set[tuple[str, str]]

CHOICES = ("for", "against", "abstain")
GRAVEST_FIRST = ("rejected", "no_quorum", "blocked", "pending", "passed")


def answers(file: Json) -> list[Json]:
    """One answer for each case, in the order of the file."""
    return [answer(case, file["rules"]) for case in file["cases"]]


def answer(case: Json, rules: Json) -> Json:
    """The object that the command prints for one case.

    A set of linked ballots takes the first of rejected, no_quorum, blocked, pending, passed that occurs, and has empty
    tests, status, deemed and flags beside the result of each ballot.
    """
    if "ballots" in case:
        each = [answer(ballot, rules) for ballot in case["ballots"]]
        outcome = next(grave for grave in GRAVEST_FIRST if grave in [one["outcome"] for one in each])
        return {
            "id": case["id"],
            "outcome": outcome,
            "tests": {},
            "status": {},
            "deemed": {},
            "flags": [],
            "ballots": each,
        }

    rule = rule_of(case, rules)
    flags = flags_of_the_record(case)
    main = tally_of_round(case, rule, 1, flags)
    if "window2" in case:
        second = tally_of_round(case, rule, 2, flags)  # its acts are answered with flags, wanted or not
    tests = results(case, rule, rule["tests"], main)
    result: Json = {"id": case["id"]}
    decisive, last_window, kinds = tests, case["window"], rule["tests"]
    second_tests = None
    if not all(passed for _, _, passed in tests.values()) and "fallback" in rule and "window2" in case:
        triggers = results(case, rule, rule["fallback"]["trigger"], main)
        second_tests = dict(triggers)
        if all(passed for _, _, passed in triggers.values()):
            decisive = results(case, rule, rule["fallback"]["tests"], second)
            kinds, last_window = rule["fallback"]["tests"], case["window2"]
            second_tests.update(decisive)
    result["outcome"] = outcome_of(case, decisive, kinds, last_window)
    result["tests"] = tests
    if second_tests is not None:
        result["second_tests"] = second_tests
    result["status"] = main.status
    result["deemed"] = main.deemed
    result["flags"] = [list(flag) for flag in sorted(flags)]
    return result


# --- numbers and times ----------------------------------------------------------------------------------------------


def number(text: str) -> Fraction:
    """A decimal or fraction string is read as the exact rational it names."""
    return Fraction(text)


def in_lowest_terms(value: Fraction) -> str:
    """A decimal without trailing zeros if it ends, else a fraction."""
    for places in range(200):
        if (value * 10**places).denominator == 1:
            digits = str(int(value * 10**places)).rjust(places + 1, "0")
            return f"{digits[:-places]}.{digits[-places:]}" if places else digits
        if places > value.denominator.bit_length():
            break
    return f"{value.numerator}/{value.denominator}"


def moment(text: str) -> datetime:
    """Local time without zone, seconds if given."""
    return datetime.fromisoformat(text)


# --- rule and events ------------------------------------------------------------------------------------------------


def rule_of(case: Json, rules: Json) -> Json:
    """Each key of `overrides` replaces the rule's whole key."""
    return {**rules[case["rule"]], **case.get("overrides", {})}


def known_events(case: Json) -> list[Json]:
    """Events in order of time, those of the same time in file order; what is after evaluate_at is not known yet."""
    events = sorted(case["events"], key=lambda event: moment(event["at"]))
    if "evaluate_at" in case:
        events = [event for event in events if moment(event["at"]) <= moment(case["evaluate_at"])]
    return events


def voided(case: Json) -> list[Json]:
    """The voids that apply: made before certify_at (at certify_at is too late), or any if there is no certify_at."""
    voids = [event for event in known_events(case) if event["type"] == "void"]
    if "certify_at" in case:
        voids = [void for void in voids if moment(void["at"]) < moment(case["certify_at"])]
    return voids


def standing_events(case: Json) -> list[Json]:
    """A voided act was never made."""
    gone = [void["ref"] for void in voided(case)]
    return [event for event in known_events(case) if not (event["type"] == "cast" and event.get("id") in gone)]


def flags_of_the_record(case: Json) -> Flags:
    """A void that applies is flagged; a correction of the roll is logged and changes nothing."""
    flags = {("voided", void["unit"]) for void in voided(case)}
    flags |= {("roll_correction", event["unit"]) for event in known_events(case) if event["type"] == "roll_correction"}
    return flags


# --- the acts of one round ------------------------------------------------------------------------------------------


Act = tuple[str, bool, str | None, str | None]  # owner, whether he acted himself, choice (None: revoked), channel


@dataclass
class Tenure:
    """The owners of a unit from one sale to the next, and the acts of that time in order."""

    owners: list[Json]
    acts: list[Act] = field(default_factory=list)

    def owns(self, person: str) -> bool:
        return person in [owner["id"] for owner in self.owners]


@dataclass
class Authority:
    """One grant, given by someone who owned the unit when he gave it."""

    grant: Json
    ended: bool = False


@dataclass
class Tally:
    """What a round came to: a status for every unit, a side for the silent ones, and who was served."""

    status: dict[str, str]
    deemed: dict[str, str]
    channels: dict[str, set[str]] = field(default_factory=dict)


def tally_of_round(case: Json, rule: Json, round_number: int, flags: Flags) -> Tally:
    """Acts marked with a round are tallied alone, among those of the same round; sales carry over."""
    tenures, served = walk(case, rule, round_number, flags)
    status = {unit["id"]: status_of(tenures[unit["id"]], rule) for unit in case["units"]}
    channels = {unit["id"]: channels_of(tenures[unit["id"]], rule, status[unit["id"]]) for unit in case["units"]}
    return Tally(status, deemed_choices(case, rule, status, served), channels)


def walk(case: Json, rule: Json, round_number: int, flags: Flags) -> tuple[dict[str, list[Tenure]], list[str]]:
    """Go through the acts of one round in order; raise the flags; return the tenures and the units served.

    Sales, grants and services count from opening to before closing, for a second round to the end of window2. An act
    counts in the window of its own round: one at closing is late, one before opening early, and neither has an effect.
    """
    opening = moment(case["window"]["open"])
    window = case["window"] if round_number == 1 else case["window2"]
    closing = moment(window["close"])
    tenures = {unit["id"]: [Tenure(unit["owners"])] for unit in case["units"]}
    authorities: list[Authority] = []
    served: list[str] = []
    for event in standing_events(case):
        at, kind = moment(event["at"]), event["type"]
        during = opening <= at < closing
        if kind == "transfer" and during:
            flags.add(("transfer", event["unit"]))
            if sale_counts(case, rule, at):
                tenures[event["unit"]].append(Tenure(event["to"]))
        elif kind == "deliver" and during and event["proof"]:
            served.append(event["unit"])
        elif kind == "grant" and during and tenures[event["unit"]][-1].owns(event["by"]):
            authorities.append(Authority(event))
        elif kind == "withdraw":
            for authority in authorities:
                if all(authority.grant[key] == event[key] for key in ("unit", "by", "to")):
                    authority.ended = True
        elif kind in ("cast", "revoke") and event.get("round", 1) == round_number:
            hear(event, tenures[event["unit"]], authorities, rule, window, flags)
    return tenures, served


def sale_counts(case: Json, rule: Json, at: datetime) -> bool:
    """record_date: only sales up to that day count; later ones are flagged, and the seller still votes."""
    return rule["transfer"] != "record_date" or at.date() <= date.fromisoformat(case["record_date"])


def hear(
    event: Json, tenures: list[Tenure], authorities: list[Authority], rule: Json, window: Json, flags: Flags
) -> None:
    """Take one cast or revocation, or answer it with a flag."""
    at, unit, act, tenure = moment(event["at"]), event["unit"], event["type"], tenures[-1]
    if at < moment(window["open"]):
        if act == "cast":
            flags.add(("early_cast", unit))
        return
    if at >= moment(window["close"]):
        flags.add((f"late_{act}", unit))
        return

    if "for_owner" in event:
        refused = refusals(event, tenure, authorities, rule)
        if refused:
            flags.update((name, unit) for name in refused)
        else:
            tenure.acts.append((event["for_owner"], False, event["choice"], event.get("channel")))
        return

    if not tenure.owns(event["by"]):
        flags.add(("not_an_owner", unit))
    elif act == "revoke":
        flags.add(("revoked", unit))
        tenure.acts.append((event["by"], True, None, None))
    else:
        if choice_of(position(acts_of(event["by"], tenures, len(tenures) - 1, rule), rule)) == event["choice"]:
            flags.add(("duplicate", unit))
        tenure.acts.append((event["by"], True, event["choice"], event.get("channel")))


def refusals(event: Json, tenure: Tenure, authorities: list[Authority], rule: Json) -> list[str]:
    """Why an agent's act is refused; nothing where it is good.

    Authority is needed at the moment of the act, from an owner of that time who owned when he gave it: for this unit,
    to this agent, in force while at < expires, not withdrawn, written where required, within the limit. The latest
    such grant gives the instruction, which the act must follow if there is one.
    """
    agent, principal, at = event["by"], event["for_owner"], moment(event["at"])
    in_force = [
        authority.grant
        for authority in authorities
        if authority.grant["unit"] == event["unit"]
        and authority.grant["by"] == principal
        and authority.grant["to"] == agent
        and not authority.ended
        and not expired(authority.grant, at)
    ]
    if not tenure.owns(principal) or not in_force:
        return ["proxy_invalid"]
    usable = [grant for grant in in_force if written_enough(grant, rule)]
    if not usable:
        return ["proxy_invalid", "proxy_not_written"]
    limit = rule["proxy"].get("max_principals")
    if limit is not None and principal not in principals_of(agent, authorities, rule)[:limit]:
        return ["proxy_invalid", "proxy_over_limit"]
    instruction = usable[-1].get("instruction")
    if instruction is not None and instruction != event["choice"]:
        return ["proxy_against_instruction"]
    return []


def principals_of(agent: str, authorities: list[Authority], rule: Json) -> list[str]:
    """Distinct principals in order of receipt of their first usable grant, used or not; no place is ever freed."""
    principals: list[str] = []
    for authority in authorities:
        grant = authority.grant
        usable = written_enough(grant, rule) and not expired(grant, moment(grant["at"]))
        if grant["to"] == agent and usable and grant["by"] not in principals:
            principals.append(grant["by"])
    return principals


def written_enough(grant: Json, rule: Json) -> bool:
    """Authority must be in writing where the rule requires it."""
    return bool(grant["written"]) or not rule["proxy"]["written_required"]


def expired(grant: Json, at: datetime) -> bool:
    """A grant is in force while at < expires."""
    return "expires" in grant and at >= moment(grant["expires"])


# --- positions and statuses -----------------------------------------------------------------------------------------


def acts_of(owner: str, tenures: list[Tenure], place: int, rule: Json) -> list[Act]:
    """What an owner did while he owned, and might or might not speak, without a break around one tenure.

    Who sells and buys back begins anew, for as a seller his act fell away or was replaced; a co-owner who stays through
    a sale is no seller and keeps what he said. What a co-owner did while he might not speak has no effect later either.
    """

    def alike(other: int) -> bool:
        return tenures[other].owns(owner) and speaks(owner, tenures[other], rule) == speaks(owner, tenures[place], rule)

    first = last = place
    while first > 0 and alike(first - 1):
        first -= 1
    while last + 1 < len(tenures) and alike(last + 1):
        last += 1
    return [act for tenure in tenures[first : last + 1] for act in tenure.acts if act[0] == owner]


def position(acts: list[Act], rule: Json) -> Act | None:
    """The owner's last own act, else the last good act of an agent; the later where own acts do not override."""
    own = [act for act in acts if act[1]]
    if rule["proxy"]["own_act_overrides"] and own:
        return own[-1]
    return acts[-1] if acts else None


def choice_of(act: Act | None) -> str | None:
    """A revocation is an own act: it leaves the owner without a position and silences the agent too."""
    return None if act is None else act[2]


def speakers(tenure: Tenure, rule: Json) -> list[Json]:
    """The co-owners who may speak: under `representative` the rep alone, or the sole owner."""
    if rule["joint"] == "representative" and len(tenure.owners) > 1:
        return [owner for owner in tenure.owners if owner.get("rep")]  # the others' acts have no effect
    return tenure.owners


def speaks(owner: str, tenure: Tenure, rule: Json) -> bool:
    return owner in [speaker["id"] for speaker in speakers(tenure, rule)]


def decisive_tenure(tenures: list[Tenure], rule: Json) -> int:
    """lapses: the seller's act falls away. stands_unless_replaced: the act of earlier owners stands until a later owner
    has a position, over several sales. record_date: the sales that count do so as with lapses.
    """
    latest = len(tenures) - 1
    if rule["transfer"] == "stands_unless_replaced":
        for place in range(latest, -1, -1):
            if joint_status(tenures, place, rule) != "none":
                return place
    return latest


def status_of(tenures: list[Tenure], rule: Json) -> str:
    return joint_status(tenures, decisive_tenure(tenures, rule), rule)


def channels_of(tenures: list[Tenure], rule: Json, status: str) -> set[str]:
    """The channels of the acts that made the unit's status."""
    place = decisive_tenure(tenures, rule)
    acts = [position(acts_of(owner["id"], tenures, place, rule), rule) for owner in speakers(tenures[place], rule)]
    return {act[3] for act in acts if act is not None and act[2] == status and act[3] is not None}


def joint_status(tenures: list[Tenure], place: int, rule: Json) -> str:
    """none: no co-owner who may speak has a position; unresolved: some have, and the joint rule is not met."""
    owners = speakers(tenures[place], rule)
    choices = [choice_of(position(acts_of(owner["id"], tenures, place, rule), rule)) for owner in owners]
    said = [choice for choice in choices if choice is not None]
    if not said:
        return "none"
    if rule["joint"] == "shares_two_thirds" and len(owners) > 1:
        shares = [number(owner["share"]) for owner in owners]
        for choice in set(said):
            agreeing = sum(share for share, own in zip(shares, choices, strict=True) if own == choice)
            if 3 * agreeing >= 2 * sum(shares):
                return choice
        return "unresolved"
    complete = rule["joint"] != "unanimous" or len(said) == len(owners)
    return said[0] if complete and len(set(said)) == 1 else "unresolved"


# --- taking part, heads, silence ------------------------------------------------------------------------------------


def takes_part(choice: str | None, rule: Json) -> bool:
    """For and against always; abstentions and spoiled ballots where the rule says so; unresolved units nowhere."""
    if choice == "abstain":
        return bool(rule["abstain"] == "participates")
    if choice == "spoiled":
        return bool(rule["spoiled"] == "participates")
    return choice in ("for", "against")


def heads_of(units: list[Json], rule: Json) -> list[list[str]]:
    """The units of each head, at opening: the same `head` value, or else the same set of owners; or every unit one.

    Units with `head` and units without are never joined.
    """
    heads: dict[Any, list[str]] = {}
    for unit in units:
        if rule["head_key"] == "unit":
            key: Any = ("unit", unit["id"])
        elif "head" in unit:
            key = ("head", unit["head"])
        else:
            key = ("owners", frozenset(owner["id"] for owner in unit["owners"]))
        heads.setdefault(key, []).append(unit["id"])
    return list(heads.values())


def choice_of_head(units: list[str], tally: Tally, rule: Json) -> str | None:
    """Only units that vote shape a head; where none votes, those that silence gives a side do. Different: "split"."""
    voting = {tally.status[unit] for unit in units if takes_part(tally.status[unit], rule)}
    if not voting:
        voting = {tally.deemed[unit] for unit in units if takes_part(tally.deemed.get(unit), rule)}
    if not voting:
        return None
    return voting.pop() if len(voting) == 1 else "split"


def deemed_choices(case: Json, rule: Json, status: dict[str, str], served: list[str]) -> dict[str, str]:
    """A served unit whose status is none is silent: it abstains, or joins the choice that leads strictly by heads and
    by area among the votes cast; with no such choice it abstains. absent: silence counts nowhere.
    """
    if rule["nonresponse"] == "absent":
        return {}
    choice = "abstain"
    if rule["nonresponse"] == "follows_majority_if_delivered":
        choice = leading_choice(case, rule, status) or "abstain"
    silent = [unit["id"] for unit in votable_units(case) if status[unit["id"]] == "none"]
    return {unit: choice for unit in silent if unit in served}


def votable_units(case: Json) -> list[Json]:
    """A unit that is not votable is in no test at all."""
    return [unit for unit in case["units"] if unit.get("votable", True)]


def leading_choice(case: Json, rule: Json, status: dict[str, str]) -> str | None:
    """Strictly first by heads and by area among for, against, abstain; split heads lead for nobody.

    An abstention that the rule ignores is no vote cast.
    """
    real = Tally(status, {})
    heads = [choice_of_head(units, real, rule) for units in heads_of(votable_units(case), rule)]
    by_heads = {choice: heads.count(choice) for choice in CHOICES}
    by_area = {
        choice: sum(
            number(unit["area"])
            for unit in votable_units(case)
            if status[unit["id"]] == choice and takes_part(choice, rule)
        )
        for choice in CHOICES
    }
    for choice in CHOICES:
        others = [other for other in CHOICES if other != choice]
        if all(by_heads[choice] > by_heads[other] and by_area[choice] > by_area[other] for other in others):
            return choice
    return None


# --- tests ----------------------------------------------------------------------------------------------------------


def results(case: Json, rule: Json, tests: list[Json], tally: Tally) -> Json:
    """The number, what it is of, and whether it passes, for each test."""
    return {test["id"]: result_of(case, rule, test, tally) for test in tests}


def result_of(case: Json, rule: Json, test: Json, tally: Tally) -> list[Any]:
    """num = measure of the units with `count` in `who`, den = measure of `base` in `who`; passes when num cmp
    threshold x den; a test with den 0 is 0 of 0 and fails.

    cap: the need is the lesser of threshold x den and cap. at_least: num must reach that as well.
    """
    num = measure(case, rule, test, test["count"], tally, channel=test.get("channel"))
    den = measure(case, rule, test, test["base"], tally)
    if den == 0:
        return ["0", "0", False]
    needed = number(test["threshold"]) * den
    if "cap" in test:
        needed = min(needed, number(test["cap"]))
    passed = {">=": num >= needed, ">": num > needed, "<=": num <= needed, "<": num < needed}[test["cmp"]]
    if "at_least" in test:
        passed = passed and num >= number(test["at_least"])
    return [in_lowest_terms(num), in_lowest_terms(den), passed]


def measure(case: Json, rule: Json, test: Json, word: str, tally: Tally, *, channel: str | None = None) -> Fraction:
    """The measure of the units, or of the heads, that stand under one word. Area counts as each unit was cast.

    channel: only of the units whose own acts came that way, and of the heads of such units.
    """
    units = [unit for unit in votable_units(case) if concerned(unit, test)]
    if test["measure"] == "heads":
        heads = heads_of(units, rule)
        if channel is not None:
            heads = [head for head in heads if any(came(unit, tally, rule, channel) for unit in head)]
        return Fraction(sum(stands_under(word, choice_of_head(head, tally, rule)) for head in heads))
    total = Fraction(0)
    for unit in units:
        choice = tally.deemed.get(unit["id"], tally.status[unit["id"]])
        if channel is not None and not came(unit["id"], tally, rule, channel):
            continue
        if stands_under(word, choice if takes_part(choice, rule) else None):
            total += weight(case, rule, unit, test["measure"])
    return total


def came(unit: str, tally: Tally, rule: Json, channel: str) -> bool:
    """The unit takes part by an act of its own, and some act that made its status came by the channel."""
    return takes_part(tally.status[unit], rule) and channel in tally.channels[unit]


def concerned(unit: Json, test: Json) -> bool:
    """all, or group:NAME for the units that list that name in their groups; without those of an excluded kind."""
    in_group = test["who"] == "all" or test["who"].removeprefix("group:") in unit.get("groups", [])
    return in_group and unit.get("kind") not in test.get("exclude_kinds", [])


def stands_under(word: str, choice: str | None) -> bool:
    """all: every one; participating: who takes part, split heads too; cast = for + against; for, against: that side."""
    return {
        "all": True,
        "participating": choice is not None,
        "cast": choice in ("for", "against"),
        "for": choice == "for",
        "against": choice == "against",
    }[word]


def weight(case: Json, rule: Json, unit: Json, measure_name: str) -> Fraction:
    """One for each unit, or its area or share; shares are reduced as the rule says, in num and den."""
    if measure_name == "units":
        return Fraction(1)
    if measure_name == "area":
        return number(unit["area"])
    share = vote_value(case, rule, unit)
    if rule.get("majority_owner_cut"):
        for head in heads_of(case["units"], {"head_key": "owner"}):
            held = sum(vote_value(case, rule, other) for other in case["units"] if other["id"] in head)
            others = sum(vote_value(case, rule, other) for other in case["units"] if other["id"] not in head)
            if unit["id"] in head and held > others:
                return share * others / held  # an owner of more than half is cut to the sum of the others
    return share


def vote_value(case: Json, rule: Json, unit: Json) -> Fraction:
    """The share of a unit, an original owner's multiplied by the factor."""
    if unit.get("original_owner") and original_owner_is_cut(case, rule):
        return number(unit["share"]) * number(rule["original_owner"]["factor"])
    return number(unit["share"])


def original_owner_is_cut(case: Json, rule: Json) -> bool:
    """The marked units hold at least at_least of all shares (before any cut), and there are min_lots units or more."""
    if "original_owner" not in rule:
        return False
    terms = rule["original_owner"]
    held = sum(number(unit["share"]) for unit in case["units"] if unit.get("original_owner"))
    everything = sum(number(unit["share"]) for unit in case["units"])
    return held >= number(terms["at_least"]) * everything and len(case["units"]) >= terms["min_lots"]


# --- gates ----------------------------------------------------------------------------------------------------------


def outcome_of(case: Json, results_: Json, tests: list[Json], window: Json) -> str:
    """no_quorum if a participation test fails, else rejected if an approval test fails, else blocked by an objection
    that is still open, else pending while notice or vote is not over, else passed; in this order while it is open too.
    """
    failed = [test["kind"] for test in tests if not results_[test["id"]][2]]
    if "participation" in failed:
        return "no_quorum"
    if "approval" in failed:
        return "rejected"
    if open_objections(case):
        return "blocked"
    if any(not paper["complete"] for paper in case.get("evidence", [])):
        return "pending"
    if "evaluate_at" in case:  # without it, vote and notice are over
        now = moment(case["evaluate_at"])
        if now < moment(window["close"]):
            return "pending"
        if "notice" in case and now < notice_period(case["notice"])[1]:
            return "pending"
    return "passed"


def notice_period(notice: Json) -> tuple[datetime, datetime]:
    """From 00:00 of the day of posting, which is not counted, to 24:00 of day `days`; if that day is a non-working
    one, to the end of the next day that is not. counting working: only days that are not non-working are counted.
    """
    first = last = date.fromisoformat(notice["posted"])
    closed = notice.get("non_working_days", [])
    counted = 0
    while counted < notice["days"]:
        last += timedelta(days=1)
        if notice.get("counting") != "working" or last.isoformat() not in closed:
            counted += 1
    while last.isoformat() in closed:
        last += timedelta(days=1)
    midnight = datetime.min.time()
    return datetime.combine(first, midnight), datetime.combine(last + timedelta(days=1), midnight)


def open_objections(case: Json) -> list[str]:
    """Filed in the notice period and not closed, in whatever way, by what is known."""
    if "notice" not in case:
        return []
    begins, ends = notice_period(case["notice"])
    events = known_events(case)
    closed = [event["ref"] for event in events if event["type"] == "objection_closed"]
    filed = [event for event in events if event["type"] == "objection" and begins <= moment(event["at"]) < ends]
    return [event["id"] for event in filed if event["id"] not in closed]
