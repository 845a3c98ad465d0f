"""What is typed about letters and matches."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed
from hemei.base.text import PlainText
from hemei.people.forms.account import CodeField, PhoneField


class TypeOwnerCode(forms.Form):
    code = CodeField(label=_("Code from the letter to the owner"), help_text=_("Twelve digits."))


def _ticks(label: Any, keys: Iterable[int]) -> forms.TypedMultipleChoiceField:
    field = forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        choices=[(key, key) for key in keys],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field.error_messages["invalid_choice"] = _("One of these is not in the list any more. Open the page again.")
    return field


class PrintLetters(Keyed):
    """units: the homes that may be ticked. rest: the other button, for whoever has no letter yet."""

    rest = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: Iterable[int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["units"] = _ticks(_("Homes"), units)


class DeliverLetters(forms.Form):
    on = Day(label=_("Put into the letter boxes on"))

    def __init__(self, *args: Any, letters: Iterable[int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["letters"] = _ticks(_("Letters"), letters)


class PrintSheets(forms.Form):
    def __init__(self, *args: Any, matches: Iterable[int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["sheets"] = _ticks(_("Sheets"), matches)


class MatchByClerk(Keyed):
    """phone is left out where the person was chosen already. sure: typed once, said once more in words."""

    phone = PhoneField(
        label=_("Telephone number of the account"),
        help_text=_("The whole number, as the person signs in with it."),
        error_messages={"required": _("Write the whole number, or look for the person by name.")},
    )
    ground = PlainText(
        label=_("What did you see?"),
        help_text=_(
            "As: deed of the home seen, name compared with the identity card. No number. The person can read it."
        ),
        max_length=200,
    )
    sure = forms.BooleanField(widget=forms.HiddenInput, required=False)


class EndMatch(forms.Form):
    why = PlainText(
        label=_("Why does it not hold?"),
        help_text=_("The person reads it, and may come and show that it does."),
        max_length=200,
        lines=True,
    )
