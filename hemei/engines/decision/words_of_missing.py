"""What is missing in words, English and Chinese: what neighbours may read while a vote is open, and what its counters
may. Every sentence says numbers of homes and no more; what a test lacks in area or shares is in `words`."""

from typing import Final

from hemei.engines.decision.missing import Fewest, Kinds, Missing
from hemei.engines.decision.naming import Language

KINDS: Final = {
    "en": ("undecided", "abstaining", "against"),
    "zh": ("未定", "弃权", "反对"),
}


def missing_words(missing: Missing, language: Language) -> tuple[str, ...]:
    """For everybody: how many of the homes that have not spoken are missing; of linked ballots one sentence each."""
    if missing.ballots:
        return tuple([sentence for ballot in missing.ballots for sentence in missing_words(ballot, language)])
    assert missing.for_everybody is not None
    homes, english = missing.for_everybody.homes, language == "en"
    if missing.reached:
        told = "What the rule asks for is met." if english else "已经达到要求。"
    elif homes is None:
        told = "The homes that are undecided are too few to make it pass." if english else "只靠还没定的户，已经不够。"
    else:
        told = _needed_in_english(homes, missing) if english else _needed_in_chinese(homes, missing)
    return (_of_round(missing, language) + told,)


def missing_words_for_counters(missing: Missing, language: Language) -> tuple[str, ...]:
    """For the counters alone: who could still change it, and how firm it is; nothing where there is no such thing."""
    if missing.ballots:
        return tuple([told for ballot in missing.ballots for told in missing_words_for_counters(ballot, language)])
    assert missing.for_counters is not None
    counters, english = missing.for_counters, language == "en"
    told: list[str] = []
    if missing.reached:
        if counters.leaving is not None:
            many = _homes(counters.leaving, language)
            told.append(
                f"It fails if {many} {_verb(counters.leaving, 'take')} the vote back."
                if english
                else f"如有 {many}撤回，就不够了。"
            )
        if counters.turning is not None:
            many = _homes(counters.turning, language)
            told.append(
                f"It fails if {many} {_verb(counters.turning, 'come')} out against."
                if english
                else f"如有 {many}反对，就不够了。"
            )
    elif counters.changing is None:
        told.append("It fails whatever the homes say." if english else "无论各户怎样表态，都通不过。")
    elif missing.for_everybody is None or counters.changing != missing.for_everybody.homes:
        many, kinds = _homes(counters.changing, language), _kinds(counters.kinds, language)
        act = _act(counters.changing, language)
        told.append(
            f"If those that have voted may change their minds, {many} must {act}{kinds and f' (now: {kinds})'}."
            if english
            else f"如果已投票的户也愿意改，要 {many}{act}{kinds and f'（现在：{kinds}）'}。"
        )
    return tuple([_of_round(missing, language) + sentence for sentence in told])


def _needed_in_english(homes: Fewest, missing: Missing) -> str:
    more = "home" if homes.most == 1 else "homes"
    act = _act(homes, "en") if homes.saying != "for" else "take part and say yes"
    many = f"{_number(homes, 'en')} more {more}"
    verb = "would have had to" if missing.vote_over else "must"
    return f"{many[0].upper()}{many[1:]} {verb} {act}."


def _needed_in_chinese(homes: Fewest, missing: Missing) -> str:
    return f"{'当时' if missing.vote_over else ''}还差 {_homes(homes, 'zh')}{_act(homes, 'zh')}。"


def _act(homes: Fewest, language: Language) -> str:
    if homes.saying == "for":
        return "say yes" if language == "en" else "同意"
    return "take part, abstaining" if language == "en" else "参加表决（弃权）"


def _homes(homes: Fewest, language: Language) -> str:
    if language == "zh":
        return f"{_number(homes, 'zh')} 户{'或更多' if homes.most is None else ''}"
    return f"{_number(homes, 'en')} {'home' if homes.most == 1 else 'homes'}"


def _verb(homes: Fewest, verb: str) -> str:
    return f"{verb}s" if homes.most == 1 else verb


def _number(homes: Fewest, language: Language) -> str:
    """One number; two where the search was cut off."""
    if homes.most is None:
        return f"at least {homes.least}" if language == "en" else str(homes.least)
    if homes.exact:
        return str(homes.least)
    return f"{homes.least} to {homes.most}" if language == "en" else f"{homes.least} 至 {homes.most}"


def _kinds(kinds: Kinds | None, language: Language) -> str:
    if kinds is None:
        return ""
    numbers = (kinds.undecided, kinds.abstaining, kinds.against)
    shown = [(number, kind) for number, kind in zip(numbers, KINDS[language], strict=True) if number]
    if language == "en":
        return ", ".join([f"{number} {kind}" for number, kind in shown])
    return "、".join([f"{kind} {number} 户" for number, kind in shown])


def _of_round(missing: Missing, language: Language) -> str:
    if missing.round == 1:
        return ""
    return "Second vote: " if language == "en" else "第二次表决："
