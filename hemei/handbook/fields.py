"""Fields that take a number as people write it: full-width digits, 700,000, ¥70万."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hemei.handbook.typed import number_in


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
