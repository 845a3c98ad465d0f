"""What an administrator types of a body, and who gives a seat in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed
from hemei.base.text import PlainText
from hemei.people.forms.account import PhoneField
from hemei.people.models import Body, Seat

KINDS = [choice for choice in Body.Kind.choices if choice[0] != Body.Kind.OPERATOR]


class CorrectBody(forms.Form):
    name = PlainText(label=_("Name"), max_length=80)
    name_en = PlainText(label=_("Name in English"), max_length=80, required=False)
    phone = PlainText(
        label=_("Telephone"), help_text=_("Everybody reads it; it stands in large print too."),
        max_length=40, required=False,
    )  # fmt: skip
    office_hours = PlainText(
        label=_("Office hours"), help_text=_("As: Monday to Friday 9:00–17:00"), max_length=120, required=False
    )
    since = Day(label=_("First day"), help_text=_("Empty when nobody remembers."), required=False)


class SetUpBody(CorrectBody, Keyed):
    kind = forms.ChoiceField(label=_("What kind of body is it?"), choices=KINDS)
    field_order = ["kind", "name", "name_en", "phone", "office_hours", "since"]


class HandOver(Keyed):
    phone = PhoneField(
        label=_("Telephone number of the person"), help_text=_("They sign in with it. Nobody else reads it.")
    )
    name = PlainText(
        label=_("Name of the person"),
        help_text=_("Only needed when nobody has this number yet."),
        max_length=60,
        required=False,
    )


class GiveSeat(HandOver):
    office = forms.ChoiceField(label=_("Office"), widget=forms.RadioSelect)
    level = forms.ChoiceField(
        label=_("Level"),
        help_text=_("For members of the consultative conference."),
        choices=[("", _("None")), *Seat._meta.get_field("level").choices],
        required=False,
    )
    field = PlainText(
        label=_("Field"), help_text=_("What a member knows: education, law, building."), max_length=40, required=False
    )
    since = Day(label=_("First day"))
    until = Day(label=_("Last day"), help_text=_("Empty when the term is open."), required=False)
    field_order = ["phone", "name", "office", "level", "field", "since", "until"]

    def __init__(self, *args: Any, offices: tuple[str, ...], is_station: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["office"].choices = [(office, Seat.Office(office).label) for office in offices]
        if not is_station:
            del self.fields["level"], self.fields["field"]
