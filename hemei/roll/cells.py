"""What the cells of an owners' list say: areas, shares, kinds, yes and no, in whatever way a clerk writes them."""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemei.roll.models import AREA_DIGITS, AREA_PLACES, Owner, Unit

AREA_STEP = Decimal(1).scaleb(-AREA_PLACES)
AREA_BELOW = Decimal(10) ** (AREA_DIGITS - AREA_PLACES)
PARTS_MAX = 1_000_000  # of a share's denominator: finer than any register

_SQUARE_METRES = re.compile(r"(平方米|平米|平方|m2|sqm|m\^2|㎡)$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+")
_IDENTITY = re.compile(  # 身份证号
    r"(?<!\d)[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\d)"
)


class Unreadable(Exception):
    """A cell that cannot be taken; the text says why and what to write."""


def bare(cell: str) -> str:
    """Without width, spaces and case: how cells and names are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell)).casefold()


def holds_identity_number(text: str) -> bool:
    """Whether a number of an identity card stands in it, alone or among words."""
    return len(text) >= 18 and _IDENTITY.search(bare(text).upper()) is not None


def area_from(cell: str) -> Decimal:
    """Square metres, with as many decimals as the roll keeps. Raises Unreadable."""
    text = _SQUARE_METRES.sub("", bare(cell))
    if not _NUMBER.fullmatch(text):
        told = _("The area “%(cell)s” is not a number. Write it as 61.20.")
        raise Unreadable(told % {"cell": cell[:20]})
    area = Decimal(text.replace(",", ""))
    if area <= 0:
        raise Unreadable(_("The area %(area)s is not more than zero.") % {"area": cell[:20]})
    if area >= AREA_BELOW:
        raise Unreadable(_("The area %(area)s is larger than any building.") % {"area": cell[:20]})
    kept = area.quantize(AREA_STEP)
    if kept != area:
        told = _("The area %(area)s has more than %(most)d decimals. Write it as the register does.")
        raise Unreadable(told % {"area": cell[:20], "most": AREA_PLACES})
    return kept


def share_from(cell: str) -> Fraction:
    """The part of the home: 1/2, 50%, 0.5, 1. Raises Unreadable."""
    text = bare(cell).replace("\u2044", "/")
    if _SQUARE_METRES.search(text):
        told = _("The share “%(cell)s” is in square metres. Write which part of the home it is, as 1/2.")
        raise Unreadable(told % {"cell": cell[:20]})
    fraction = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text)
    percent = text.removesuffix("%")
    if fraction and int(fraction[2]):
        share = Fraction(int(fraction[1]), int(fraction[2]))
    elif re.fullmatch(r"\d{1,9}(\.\d{1,12})?|\.\d{1,12}", percent):
        share = Fraction(percent) / (1 if percent == text else 100)
    else:
        told = _("The share “%(cell)s” cannot be read. Write it as 1/2, 50%% or 0.5.")
        raise Unreadable(told % {"cell": cell[:20]})
    if not 0 < share <= 1:
        told = _("The share “%(cell)s” is not a part of the whole. Write it as 1/2, 50%% or 0.5.")
        raise Unreadable(told % {"cell": cell[:20]})
    if share.denominator > PARTS_MAX:
        told = _("The share “%(cell)s” has too many decimals. Write it as a fraction, as 1/3.")
        raise Unreadable(told % {"cell": cell[:20]})
    return share


_UNIT_KINDS = {
    Unit.Kind.HOME: "住宅 居住 住房 公寓 成套住宅 home flat apartment residential dwelling",
    Unit.Kind.SHOP: "商铺 商业 店铺 商店 门面 商业用房 shop retail commercial",
    Unit.Kind.OFFICE: "办公 办公用房 写字楼 office",
    Unit.Kind.GARAGE: "车库 garage",
    Unit.Kind.PARKING: "车位 停车位 parking parkingspace",
    Unit.Kind.OTHER: "其他 其它 other",
}
_OWNER_KINDS = {
    Owner.Kind.PERSON: "个人 自然人 私人 person natural individual",
    Owner.Kind.COMPANY: "公司 企业 单位 法人 company firm",
    Owner.Kind.PUBLIC: "公房 公房产权单位 公有 国有 直管公房 系统公房 public publicbody",
    Owner.Kind.DEVELOPER: "开发商 建设单位 开发企业 developer",
    Owner.Kind.ESTATE: "继承未办理 未办理继承 继承 遗产 继承人 heirs heirsnotsettled estate",
}
_YES_OR_NO = {True: "是 计入 y yes true 1 √ 有", False: "否 不计入 不 n no false 0 × x 无"}
JOINT, BY_SHARES, ALONE = "joint", "shares", "alone"
_WAYS = {
    JOINT: "共同共有 joint jointly",
    BY_SHARES: "按份共有 按份 shares byshares common",
    ALONE: "单独所有 单独 独有 单独占有 sole alone single",
}


def _by_word(words: dict[Any, str]) -> dict[str, Any]:
    return {word: meant for meant, several in words.items() for word in several.split()}


_KIND_OF_UNIT, _KIND_OF_OWNER = _by_word(_UNIT_KINDS), _by_word(_OWNER_KINDS)
_MEANT_BY, _WAY = _by_word(_YES_OR_NO), _by_word(_WAYS)


def unit_kind_from(cell: str) -> Unit.Kind:
    told = _("What the home is used for, “%(cell)s”, is not known here. Write one of: %(choices)s.")
    return _one_of(_KIND_OF_UNIT, cell, told, [str(kind.label) for kind in Unit.Kind])


def owner_kind_from(cell: str) -> Owner.Kind:
    told = _("The kind of owner “%(cell)s” is not known here. Write one of: %(choices)s.")
    return _one_of(_KIND_OF_OWNER, cell, told, [str(kind.label) for kind in Owner.Kind])


def yes_or_no_from(cell: str) -> bool:
    told = _("“%(cell)s” is neither yes nor no. Write one of: %(choices)s.")
    return _one_of(_MEANT_BY, cell, told, [_("yes"), _("no")])


def way_from(cell: str) -> str:
    told = _("The way of owning “%(cell)s” is not known here. Write one of: %(choices)s.")
    return _one_of(_WAY, cell, told, [_("jointly"), _("by shares"), _("alone")])


def _one_of(words: dict[str, Any], cell: str, told: str, choices: list[str]) -> Any:
    text = bare(cell)
    for word in (text, re.sub(r"[\W_]+", "", text)):
        if word in words:
            return words[word]
    raise Unreadable(told % {"cell": cell[:20], "choices": pgettext("between names", ", ").join(choices)})
