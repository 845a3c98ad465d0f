"""Forms of corrections; their fields are the action's arguments."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed
from hemei.base.text import PlainText
from hemei.roll import content
from hemei.roll.actions.correcting import Named
from hemei.roll.cells import Unreadable, share_from
from hemei.roll.lists import CODE_MAX, NAME_MAX
from hemei.roll.models import AREA_DIGITS, AREA_PLACES, Correction, Owner, Unit

REASON_MAX, SOURCE_MAX = 400, 200
ROWS_MORE, ROWS_MAX = 2, 40  # empty rows for owners; our choice for a page that can still be read
YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]


class _Correcting(Keyed):
    """What every correction says."""

    on = Day(label=_("From which day?"))
    reason = PlainText(label=_("Why?"), max_length=REASON_MAX, lines=True)
    source = PlainText(
        label=_("By which paper?"),
        max_length=SOURCE_MAX,
        help_text=_("As a title deed with its day of registration. No number of an identity card."),
    )

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class CorrectArea(_Correcting):
    area_m2 = forms.DecimalField(label=_("Area (m²)"), min_value=0, max_digits=AREA_DIGITS, decimal_places=AREA_PLACES)
    field_order = ("area_m2",)

    def clean_area_m2(self) -> Any:
        area = self.cleaned_data["area_m2"]
        if not area:
            raise ValidationError(_("The area is more than zero."))
        return area


class CorrectKind(_Correcting):
    kind = forms.ChoiceField(label=_("What is it?"), choices=Unit.Kind)
    field_order = ("kind",)


class CorrectVotable(_Correcting):
    votable = forms.TypedChoiceField(
        label=_("Does it count in a vote?"),
        choices=YES_OR_NO,
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
        help_text=_("No only where the rules of the estate leave it out; the paper is then those rules."),
    )
    field_order = ("votable",)


class CorrectGone(_Correcting):
    def __init__(self, *args: Any, gone: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].label = _("Back since which day?") if gone else _("Its last day on the roll")


class CorrectOwners(_Correcting):
    """As many rows as there are owners now, and some more."""

    sold = forms.TypedChoiceField(
        label=_("What happened?"),
        choices=[
            ("yes", _("The title went to somebody else: a sale, an inheritance, a gift")),
            ("no", _("The roll was wrong: a slip of the pen is put right")),
        ],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )
    joint = forms.BooleanField(
        label=_("They own it jointly"),
        required=False,
        help_text=_("Then no shares are written."),
    )

    def __init__(self, owners: Sequence[dict[str, Any]], rows: int, *args: Any, **more: Any) -> None:
        initial: dict[str, Any] = {"joint": any(owner["joint"] for owner in owners)}
        for number, owner in enumerate(owners, start=1):
            initial |= {f"{part}{number}": owner[part] for part in ("name", "code", "kind", "rep")}
            if not owner["joint"] and len(owners) > 1:
                initial[f"share{number}"] = owner["share"]
        super().__init__(*args, initial={**initial, **more.pop("initial", {})}, **more)
        self.rows = range(1, rows + 1)
        for number in self.rows:
            self.fields |= _row(number)
        parts = [f"{part}{number}" for number in self.rows for part in _PARTS]
        self.order_fields(["sold", *parts, "joint", "on", "reason", "source"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for number in self.rows:
            filled = [part for part in ("code", "share", "rep") if said.get(f"{part}{number}")]
            if filled and not said.get(f"name{number}") and f"name{number}" not in self.errors:
                self.add_error(f"name{number}", _("The owner’s name is missing."))
        return said

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        owners = [
            Named(**{part: said[f"{part}{number}"] for part in _PARTS}) for number in self.rows if said[f"name{number}"]
        ]
        return {
            "owners": owners,
            **{part: said[part] for part in ("sold", "joint", "on", "reason", "source", "form_key")},
        }


_PARTS = ("name", "share", "code", "kind", "rep")


class Share(forms.CharField):
    """A part of the whole; its clean value is as "1/2", or nothing."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return content.share_of(*share_from(text).as_integer_ratio())
        except Unreadable as fault:
            raise ValidationError(str(fault)) from fault


def _row(number: int) -> dict[str, forms.Field]:
    which = {"number": number}
    return {
        f"name{number}": PlainText(label=_("Owner %(number)d: name") % which, max_length=NAME_MAX, required=False),
        f"share{number}": Share(
            label=_("Owner %(number)d: share") % which,
            max_length=20,
            required=False,
            help_text=_("As 1/2; left empty for one owner alone."),
        ),
        f"code{number}": PlainText(
            label=_("Owner %(number)d: number") % which,
            max_length=CODE_MAX,
            required=False,
            help_text=_("The owner’s number on the roll; left empty for somebody new."),
        ),
        f"kind{number}": forms.ChoiceField(
            label=_("Owner %(number)d: kind") % which, choices=Owner.Kind, required=False, initial=Owner.Kind.PERSON
        ),
        f"rep{number}": forms.BooleanField(label=_("Owner %(number)d: speaks for this home") % which, required=False),
    }


FORMS = {
    Correction.What.AREA: CorrectArea,
    Correction.What.KIND: CorrectKind,
    Correction.What.VOTABLE: CorrectVotable,
    Correction.What.GONE: CorrectGone,
    Correction.What.OWNERS: CorrectOwners,
}
