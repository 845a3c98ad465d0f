"""The decision file: all that a certified decision stands on, as one text that gives the same verdict for good.

Complete (`frozen`): canonical JSON that `hemei tally` reads as it is, for its roll, rule and events stand where the
engine looks for them; what the engine does not ask for (the text voted on, owners' names, papers, proofs, acts as they
were written down) stands under "about". The sha256 of these bytes is what both counters sign and everybody can read.
The same rows give the same bytes, on whatever machine.

For an owner (`for_owner`): the own home readable, of all others neither name nor choice; with digests of the complete
parts, so that it can be checked against them when a court opens the file. For everybody (`summary`): what is needed to
check the sums, and no home.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from hemei.decisions import casefile
from hemei.decisions.models import Act, Authority, Challenge, Counter, Decision, Paper, Posted, Service, Voiding
from hemei.engines import decision as engine
from hemei.engines.decision.case import Case, LinkedBallots
from hemei.engines.decision.reading import SCHEMA as CASES
from hemei.engines.decision.verdict import Verdict
from hemei.ledger.chains import canonical, moment
from hemei.ledger.queries import ChainLine
from hemei.roll import content

COMPLETE, OWNERS, SUMMARY = "hemei-decision/1", "hemei-decision-owner/1", "hemei-decision-summary/1"
AFTER_THE_COUNT = ("objection", "objection_closed")
PARTS = ("decision", "roll", "ballots", "services", "authorities", "acts", "voidings", "challenges", "posted")


@dataclass(frozen=True)
class Frozen:
    """A decision file and what follows from it. hash: sha256 of `file`. outcome: of the vote alone."""

    file: str
    hash: str
    case: Case
    verdict: Verdict

    @property
    def outcome(self) -> str:
        return self.verdict.outcome

    @property
    def written_verdict(self) -> str:
        return canonical(engine.as_plain(self.verdict))


def frozen(decision: Decision, at: datetime, *, salt: str = "") -> Frozen:
    """The file of this decision's own ballot as it stands at `at`, after the close; of the ballot it is linked with it
    holds no more than which one it is.

    It says nothing of `at` itself: while nothing changes, it is the same at any later moment.
    """
    cases = _cases(decision, at)
    case = case_in(canonical(cases))
    verdict = engine.tally(case)
    about = {
        "file": COMPLETE,
        "schema": CASES,
        "salt": salt or _salt(decision),
        **_parts(decision, at),
        "verdict": engine.as_plain(verdict),
    }
    file = canonical({"about": about, **cases})
    return Frozen(file, hash_of(file), case, verdict)


def hash_of(file: str) -> str:
    return hashlib.sha256(file.encode()).hexdigest()


def case_in(file: str) -> Case:
    """The one ballot of a file."""
    case = engine.read_cases(file).cases[0]
    assert not isinstance(case, LinkedBallots), "a decision file holds one ballot"
    return case


def _salt(decision: Decision) -> str:
    """Keeps the public hash from telling how a home chose: without it nobody can try all choices against the hash."""
    words = f"hemei.decision\n{decision.pk}\n{decision.announced_at and moment(decision.announced_at)}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), "sha256").hexdigest()


def _cases(decision: Decision, at: datetime) -> dict[str, Any]:
    """Schema consent-cases/1. Evaluated when the vote was over and the last of its events had come."""
    events = [event for event in casefile.events_of(decision, at) if event["type"] not in AFTER_THE_COUNT]
    case = {
        "id": f"{decision.pk}",
        "title": {"en": decision.question_en or decision.question, "zh": decision.question},
        "rule": decision.rule_id,
        "window": {"open": casefile.local(decision.opens_at), "close": casefile.local(decision.closes_at)},
        "units": casefile.units_of(decision),
        "events": events,
        "evaluate_at": max([casefile.local(decision.closes_at), *(event["at"] for event in events)]),
    }
    return {"rules": {decision.rule_id: casefile.rule_of(decision)}, "cases": [case]}


# what the engine does not ask for


def _parts(decision: Decision, at: datetime) -> dict[str, Any]:
    assert decision.roll is not None
    by_key = dict(decision.slots.values_list("pk", "key"))
    papers = _papers(decision, at, by_key)
    return {
        "decision": _decision(decision),
        "roll": {
            "hash": decision.roll.hash,
            "as_of": decision.roll.as_of.isoformat(),
            "content": json.loads(decision.roll.content),
        },
        "ballots": {**_forms(papers), "papers": papers},
        "services": _services(decision, at, by_key),
        "authorities": _authorities(decision, at, by_key),
        "acts": _acts(decision, at, by_key),
        "voidings": _voidings(decision, at),
        "challenges": _challenges(decision, at),
        "posted": _posted(decision, at),
        "counters": list(_plain(Counter.objects.filter(decision=decision).order_by("number"), "number", "person_id")),
    }


def _decision(decision: Decision) -> dict[str, Any]:
    said = {
        "id": decision.pk,
        "body": decision.body_id,
        "drive": decision.drive_id,
        "linked": decision.linked_id,
        "subject": decision.subject,
        "question": decision.question,
        "question_en": decision.question_en,
        "text": decision.text,
        "text_en": decision.text_en,
        "paper": decision.paper.sha256 if decision.paper is not None else "",
        "only": decision.only,
        "affected": decision.affected,
        "attested": {name: said for name, said in decision.attested.items() if name != "by"},
        "silence_text": decision.silence_text,
        "proxies_max": decision.proxies_max,
        "online": decision.online,
        "notice_days": decision.notice_days,
        "posting_days": decision.posting_days,
        "announced_at": decision.announced_at,
        "opens_at": decision.opens_at,
        "closes_at": decision.closes_at,
    }
    return _without_nothing(said)


def _papers(decision: Decision, at: datetime, keys: dict[int, str]) -> list[dict[str, Any]]:
    rows = Paper.objects.filter(decision=decision, run__made_at__lte=at).order_by("number")
    fields = ("number", "mark", "slot_id", "used_at", "voided_at", "voided_why")
    found = []
    for number, mark, slot, used_at, voided_at, why in rows.values_list(*fields).iterator(2000):
        known = {"used_at": _by(used_at, at), "voided_at": _by(voided_at, at)}
        known |= {"voided_why": why} if known["voided_at"] else {}
        found.append(_without_nothing({"number": number, "mark": mark, "unit": keys[slot], **known}))
    return found


def _forms(papers: list[dict[str, Any]]) -> dict[str, int]:
    """printed = used + void + unused."""
    used = sum(1 for paper in papers if "used_at" in paper)
    void = sum(1 for paper in papers if "voided_at" in paper)
    return {"printed": len(papers), "used": used, "void": void, "unused": len(papers) - used - void}


def _services(decision: Decision, at: datetime, keys: dict[int, str]) -> list[dict[str, Any]]:
    rows = Service.objects.filter(slot__decision=decision, at__lte=at, made_at__lte=at).order_by("pk")
    fields = ("slot_id", "how", "at", "to", "proof", "photo__sha256")
    return [
        _without_nothing({"unit": keys[slot], "how": how, "at": when, "to": to, "proof": proof, "photo": photo})
        for slot, how, when, to, proof, photo in rows.values_list(*fields).iterator(2000)
    ]


def _authorities(decision: Decision, at: datetime, keys: dict[int, str]) -> list[dict[str, Any]]:
    found = []
    for one in Authority.objects.filter(decision=decision, at__lte=at).select_related("scan").order_by("at", "pk"):
        refused_at = _by(one.refused_at, at)
        said = {
            "id": one.pk,
            "unit": keys[one.slot_id],
            "owner": one.owner,
            "agent": one.agent,
            "agent_name": one.agent_name,
            "written": one.written,
            "scan": one.scan.sha256 if one.scan else "",
            "instruction": one.instruction,
            "expires_at": one.expires_at,
            "at": one.at,
            "entered_by": one.entered_by_id,
            "confirmed_by": one.confirmed_by_id,
            "confirmed_at": _by(one.confirmed_at, at),
            "refused_at": refused_at,
            "refused_why": one.refused_why if refused_at else "",
            "withdrawn_at": _by(one.withdrawn_at, at),
        }
        found.append(_without_nothing(said))
    return found


def _acts(decision: Decision, at: datetime, keys: dict[int, str]) -> list[dict[str, Any]]:
    """Every act that was written down, those too that change nothing."""
    rows = Act.objects.filter(decision=decision, at__lte=at).exclude(entered_at__gt=at).order_by("at", "pk")
    found = []
    for act in rows.select_related("paper", "photo").iterator(2000):
        refused_at = _by(act.refused_at, at)
        said = {
            "id": act.pk,
            "unit": keys[act.slot_id],
            "number": act.number,
            "kind": act.kind,
            "channel": act.channel,
            "by": act.by,
            "for_owner": act.for_owner,
            "choice": act.choice,
            "at": act.at,
            "signed_on": act.signed_on,
            "serial": act.paper.serial if act.paper else "",
            "photo": act.photo.sha256 if act.photo else "",
            "authority": act.authority_id,
            "entered_by": act.entered_by_id,
            "confirmed_by": act.confirmed_by_id,
            "confirmed_at": _by(act.confirmed_at, at),
            "refused_at": refused_at,
            "refused_why": act.refused_why if refused_at else "",
        }
        found.append(_without_nothing(said))
    return found


def _voidings(decision: Decision, at: datetime) -> list[dict[str, Any]]:
    return [
        _without_nothing(
            {
                "act": one.act_id,
                "challenge": one.challenge_id,
                "reason": one.reason,
                "proposed_by": one.proposed_by_id,
                "proposed_at": one.proposed_at,
                "confirmed_by": one.confirmed_by_id,
                "confirmed_at": _by(one.confirmed_at, at),
                "declined_at": _by(one.declined_at, at),
            }
        )
        for one in Voiding.objects.filter(act__decision=decision, proposed_at__lte=at).order_by("pk")
    ]


def _challenges(decision: Decision, at: datetime) -> list[dict[str, Any]]:
    found = []
    for one in Challenge.objects.filter(act__decision=decision, at__lte=at).order_by("pk"):
        said: dict[str, Any] = {"id": one.pk, "act": one.act_id, "words": one.words, "at": one.at}
        if answered_at := _by(one.answered_at, at):
            said |= {"answered_at": answered_at, "upheld": one.upheld, "answer": one.answer}
        found.append(_without_nothing(said))
    return found


def _posted(decision: Decision, at: datetime) -> list[dict[str, Any]]:
    """The notice of the vote, where it hung and the photo of it; the result hangs only afterwards."""
    rows = Posted.objects.filter(decision=decision, what=Posted.What.VOTE, made_at__lte=at).order_by("pk")
    return [
        _without_nothing({"on": on, "where": where, "photo": photo})
        for on, where, photo in rows.values_list("on", "where", "photo__sha256")
    ]


def _plain(rows: Any, *fields: str) -> Iterable[dict[str, Any]]:
    return ({field.removesuffix("_id"): row[field] for field in fields} for row in rows.values(*fields))


def _by(when: datetime | None, at: datetime) -> datetime | None:
    """What happened later is not known yet."""
    return when if when is not None and when <= at else None


def _without_nothing(said: dict[str, Any]) -> dict[str, Any]:
    """Only what says something; times and days as the canonical text writes them."""
    return {name: _written(value) for name, value in said.items() if value not in (None, "", [], {})}


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else value


# checking a certified decision against its rows


def faults_of(decision: Decision) -> list[str]:
    """What does not hold of a certified decision: its file, the verdict in it, the signatures, and the rows of the
    database, from which both are worked out anew."""
    assert decision.certified_at is not None
    faults = []
    if hash_of(decision.file) != decision.file_hash:
        faults.append("the file does not give its hash: something in it was changed")
    unsigned = decision.counters.exclude(signed_hash=decision.file_hash).count()
    if unsigned or decision.counters.count() < 2:
        faults.append("not both counters signed this hash")
    try:
        about = json.loads(decision.file)["about"]
        stored = engine.tally(case_in(decision.file))
    except (ValueError, KeyError, TypeError, engine.Mistake) as fault:
        return [*faults, f"the file cannot be counted: {fault}"]
    if canonical(engine.as_plain(stored)) != decision.verdict:
        faults.append("the file gives another verdict than the one that was certified")
    if stored.outcome != decision.outcome:
        faults.append(f"the file gives {stored.outcome}, certified was {decision.outcome}")
    again = frozen(decision, decision.certified_at, salt=about.get("salt", ""))
    if again.written_verdict != decision.verdict:
        faults.append("the rows of the database give another verdict than the one that was certified")
    if again.file != decision.file:
        faults.append(f"the rows of the database give another file: {', '.join(_differing(again.file, about))}")
    return faults


def _differing(file: str, about: dict[str, Any]) -> list[str]:
    new = json.loads(file)["about"]
    return [name for name in new if new[name] != about.get(name)] or ["rules, cases"]


# for an owner, for everybody


def for_owner(decision: Decision, homes: list[tuple[str, str]]) -> str:
    """The file as an owner of `homes` (key and owner's code on the roll) may read it. Canonical JSON."""
    file = json.loads(decision.file)
    about = file["about"]
    keys, verdict = {key for key, _code in homes}, about["verdict"]
    acts = _of(keys, about["acts"])
    written = {act["id"] for act in acts}
    said = {
        "schema": OWNERS,
        "decision": about["decision"],
        "rule": file["rules"][decision.rule_id],
        "outcome": decision.outcome,
        "tests": {name: verdict[name] for name in ("tests", "second_tests") if name in verdict},
        "roll": {
            **about["roll"],
            "content": json.loads(
                content.blacked_out(canonical(about["roll"]["content"]), {code for _key, code in homes})
            ),
        },
        "own": {
            "status": {key: verdict["status"][key] for key in sorted(keys) if key in verdict["status"]},
            "deemed": {key: verdict["deemed"][key] for key in sorted(keys) if key in verdict["deemed"]},
            "flags": [flag for flag in verdict["flags"] if flag[1] in keys],
            "papers": _of(keys, about["ballots"]["papers"]),
            "services": _of(keys, about["services"]),
            "authorities": _of(keys, about["authorities"]),
            "acts": acts,
            "voidings": [one for one in about["voidings"] if one["act"] in written],
            "challenges": [one for one in about["challenges"] if one["act"] in written],
        },
        "ballots": {name: count for name, count in about["ballots"].items() if name != "papers"},
        "complete": {
            "sha256": decision.file_hash,
            "parts": {name: part_digest(about["salt"], name, about[name]) for name in PARTS},
        },
    }
    return canonical(said)


def part_digest(salt: str, name: str, part: Any) -> str:
    """sha256 of salt, name and canonical text, each on a line: whoever has the complete file can work it out."""
    return hash_of(f"{salt}\n{name}\n{canonical(part)}")


def _of(keys: set[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["unit"] in keys]


def summary(decision: Decision, *, outcome: str, verdict: Verdict | None, line: ChainLine) -> dict[str, Any]:
    """Rule, thresholds, outcome, hash and seal. verdict: for the electorate, which reads the numbers of every test."""
    assert decision.certified_at is not None
    assert decision.roll is not None
    rule = casefile.rule_of(decision)
    said: dict[str, Any] = {
        "schema": SUMMARY,
        "decision": decision.pk,
        "question": {"zh": decision.question, "en": decision.question_en},
        "opens_at": casefile.local(decision.opens_at),
        "closes_at": casefile.local(decision.closes_at),
        "certified_at": casefile.local(decision.certified_at),
        "rule": {"id": decision.rule_id, **rule},
        "outcome": outcome,
        "file_sha256": decision.file_hash,
        "roll_sha256": decision.roll.hash,
        "ledger": {"length": line.length, "head": line.head},
        "note": {"zh": "这不是法律意见。", "en": "This is not legal advice."},
    }
    if line.seal is not None:
        said["seal"] = {"day": line.seal.day.isoformat(), "root": line.seal.root}
    if verdict is not None:
        plain = engine.as_plain(verdict)
        said |= {name: plain[name] for name in ("tests", "second_tests") if name in plain}
    return said
