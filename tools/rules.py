"""docs/rules.md: every decision rule, read from the rule files.

.venv/bin/python tools/rules.py update     write it
.venv/bin/python tools/rules.py check      exit 1 when it is not what the rule files say
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PAGE = HOUSE / "docs" / "rules.md"
sys.path.insert(0, str(HOUSE))

from hemei.engines.decision import words  # noqa: E402
from hemei.engines.decision.rule import Rule, Test  # noqa: E402
from hemei.engines.decision.rulebook import Entry, rulebook  # noqa: E402

HEAD = """# Decision rules

Read from `hemei/engines/decision/rules/*.toml` by `tools/rules.py`; `make lint` holds it to the files. Not legal
advice. A decision keeps the rule it opened under.

A rule is **checked** where its source was read and its first day is known. Every other one says why it is not, is shown
as "not checked against the text of the law", and opens a decision only after an administrator has entered source and
first day. No number and no day was filled in to close a gap.

Where the source names nothing else: any co-owner speaks for a home unless another says otherwise, the seller's act
stands until the buyer acts, silence counts nowhere, an abstention takes part, a spoiled ballot does not. Heads are
owners: one owner of several homes is one.

In Python: `decision.rulebook()`, `decision.rule("CN-278-SPECIAL")`, `decision.as_case_rule("CN-278-SPECIAL")` (the rule
as it stands in a file of cases), `decision.rules_on(day, "shanghai")`, `decision.may_open(rule, day, attestation)`.
Every rule has a case worked by hand in `hemei/engines/decision/tests/test_rules_of_*.py`.
"""
NOT_THE_DEFAULT = {
    ("head_key", "unit"): ("every home counts by itself", "每户各算一个"),
    ("joint", "unanimous"): ("co-owners must say the same", "共有人须说法一致"),
    ("joint", "representative"): ("co-owners speak by one of them", "共有人由一人代表"),
    ("joint", "shares_two_thirds"): ("co-owners decide by two thirds of their shares", "共有人按份额三分之二定"),
    ("abstain", "ignored"): ("an abstention is no vote cast", "弃权不算投票"),
    ("spoiled", "participates"): ("a spoiled ballot takes part", "废票算参加"),
    ("nonresponse", "abstain_if_delivered"): ("who was served and is silent takes part", "送达未投的算参加"),
    ("nonresponse", "follows_majority_if_delivered"): (
        "who was served and is silent takes part and joins the majority",
        "送达未投的算参加并随多数",
    ),
    ("transfer", "lapses"): ("a sale ends the seller's act", "出售后原业主的表态失效"),
    ("transfer", "record_date"): ("sales count up to a day named", "只认指定日期前的转让"),
}


def page() -> str:
    book = rulebook()
    lines = [HEAD, "| Rule | Place | In force | |", "|---|---|---|---|"]
    lines += [
        f"| [{id}](#{id.lower()}) | {entry.place.name.en} | {in_force(entry.rule)} | "
        f"{'checked' if entry.rule.checked else 'not checked'} |"
        for id, entry in book.entries.items()
    ]
    for place in book.places.values():
        within = f", within {book.places[place.within].name.en}" if place.within else ""
        lines += ["", f"## {place.name.en} {place.name.zh}", "", f"`rules/{place.id}.toml`{within}"]
        for entry in book.entries.values():
            if entry.place == place:
                lines += ["", *section(entry)]
    return "\n".join(lines) + "\n"


def section(entry: Entry) -> Iterator[str]:
    rule = entry.rule
    yield f"### {rule.id}"
    yield ""
    yield f"**{rule.name.en}** · {rule.name.zh}"
    yield ""
    yield f"{entry.matter.en}. {entry.matter.zh}。"
    yield ""
    yield "| Test | Asks | 表决项 | 要求 |"
    yield "|---|---|---|---|"
    for test in rule.tests:
        yield row(entry, test)
    if rule.fallback is not None:
        for test in rule.fallback.trigger:
            yield row(entry, test, "opens a second vote: ", "可再表决：")
        for test in rule.fallback.tests:
            yield row(entry, test, "second vote: ", "第二轮：")
    yield ""
    said = list(settings(rule))
    if said:
        yield f"- {capital('; '.join(en for en, _ in said))}. {'；'.join(zh for _, zh in said)}。"
    if rule.notes.en:
        yield f"- {rule.notes.en} {rule.notes.zh}"
    if entry.own_text is not None:
        yield f"- Opens a decision only with {entry.own_text.en}. 须附{entry.own_text.zh}。"
    yield f"- Source: {entry.source.en}. 出处：{entry.source.zh}。"
    yield f"- In force: {in_force(rule)}. 适用：{in_force_zh(rule)}。"
    if entry.unchecked_why is not None:
        yield f"- **Not checked.** {entry.unchecked_why.en} **未核对。**{entry.unchecked_why.zh}"


def row(entry: Entry, test: Test, en: str = "", zh: str = "") -> str:
    names = [words.test_name(test, language, entry.counted) for language in ("en", "zh")]
    asked = [words.threshold_words(test, language) for language in ("en", "zh")]
    return f"| {en}{names[0]} | {asked[0]} | {zh}{names[1]} | {asked[1]} |"


def settings(rule: Rule) -> Iterator[tuple[str, str]]:
    """What the rule says otherwise than the defaults that stand at the head of the page."""
    for (key, value), said in NOT_THE_DEFAULT.items():
        if getattr(rule, key) == value:
            yield said
    if rule.proxy.max_principals == 0:
        yield "nobody sends a proxy", "不得委托他人"
    if rule.majority_owner_cut:
        yield "an owner with more than half is cut to the sum of the others", "一名业主过半的，按其他业主之和计"
    if (owner := rule.original_owner) is not None:
        held, factor = (
            [words.fraction_words(part, to) for to in ("en", "zh")] for part in (owner.at_least, owner.factor)
        )
        yield (
            f"from {owner.min_lots} lots on, an original owner of at least {held[0]} counts {factor[0]}",
            f"{owner.min_lots} 个单位以上的，原始业主占{held[1]}以上时按{factor[1]}计",
        )
    if rule.cost_effect == "for_only":
        yield "only those in favour pay", "只由赞成的人承担费用"


def in_force(rule: Rule) -> str:
    first = f"from {rule.valid_from}" if rule.valid_from else "first day not known"
    return f"{first}, until {rule.valid_to}" if rule.valid_to else first


def in_force_zh(rule: Rule) -> str:
    first = f"{rule.valid_from} 起" if rule.valid_from else "起始日期不详"
    return f"{first}，{rule.valid_to} 止" if rule.valid_to else first


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def check() -> int:
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        print("The rules are documented as they are.")
        return 0
    print("docs/rules.md is not what the rule files say; run: .venv/bin/python tools/rules.py update")
    return 1


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("verb", choices=["update", "check"])
    if asked.parse_args().verb == "update":
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    return check()


if __name__ == "__main__":
    sys.exit(main())
