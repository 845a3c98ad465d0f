"""Numbers as people write them: full-width digits, 700,000, ¥70万, and a field that takes them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", ord("。"): ".", ord("−"): "-"}
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
SPARE = re.compile(r"[\s,_'¥$€£]|元|yuan|CNY|RMB", re.IGNORECASE)


def number_in(given: str) -> str | None:
    """A decimal as people write it (６２．３０, 700,000, ¥70万), in plain digits; None where there is no number."""
    text = SPARE.sub("", given.translate(WIDE))
    times = 10_000 if text.endswith("万") else 1
    text = text.removesuffix("万")
    if not NUMBER.fullmatch(text):
        return None
    if times == 1:
        return text
    whole, _dot, part = text.lstrip("-").partition(".")
    digits = whole + (part + "0000")[:4]
    rest = part[4:]
    return ("-" if text.startswith("-") else "") + str(int(digits)) + (f".{rest}" if rest else "")


def columns_of(line: str) -> list[str]:
    """Numbers of one line, however they are kept apart."""
    return [part for part in re.split(r"[\s,;、]+", line.translate(WIDE)) if part]


class Number(forms.CharField):
    """A number of at least `least` and at most `most`, with at most `places` decimals; clean it is plain digits."""

    def __init__(self, *, least: int = 0, most: int, places: int = 2, **more: Any) -> None:
        self.least, self.most, self.places = least, most, places
        widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 30, "autocomplete": "off"})
        super().__init__(widget=widget, max_length=30, **more)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        number = number_in(text)
        if number is None or len(number.partition(".")[2]) > self.places:
            told = _("Please write a whole number, in figures.") if not self.places else ""
            raise ValidationError(told or _("Please write a number, in figures, like this: 62.30."), code="number")
        whole = int(number.partition(".")[0])
        if number.startswith("-") or whole < self.least:
            raise ValidationError(_("It has to be %(least)d at least.") % {"least": self.least}, code="least")
        if whole > self.most or (whole == self.most and number.partition(".")[2].strip("0")):
            raise ValidationError(_("It can be %(most)s at most.") % {"most": f"{self.most:,}"}, code="most")
        return number
