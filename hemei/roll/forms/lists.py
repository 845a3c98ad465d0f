"""Forms of lists; their fields are the actions' arguments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed
from hemei.base.text import PlainText
from hemei.base.uploads import TableField
from hemei.roll.models import AREA_DIGITS, AREA_PLACES

SOURCE_MAX, WHY_MAX = 200, 400
HOMES_MAX = 100_000  # rows of a list


class SendList(Keyed):
    file = TableField(label=_("The list"), help_text=_("CSV or XLSX, one row an owner, at most 20 MB."))
    source = PlainText(
        label=_("Where is it from?"),
        max_length=SOURCE_MAX,
        help_text=_("The register and who gave it out."),
    )
    as_of = Day(label=_("As of which day?"), help_text=_("The day on which the register stood so."))
    stated_homes = forms.IntegerField(
        label=_("Homes in all, as the register says"),
        required=False,
        min_value=1,
        max_value=HOMES_MAX,
        help_text=_("If it gives a total, type it from the register; the list has to add up to it."),
    )
    stated_area = forms.DecimalField(
        label=_("Area in all, as the register says (m²)"),
        required=False,
        min_value=0,
        max_digits=AREA_DIGITS,
        decimal_places=AREA_PLACES,
    )


class Decline(forms.Form):
    why = PlainText(
        label=_("Why not?"),
        max_length=WHY_MAX,
        lines=True,
        help_text=_("Whoever proposed it reads this and can put it right."),
    )
