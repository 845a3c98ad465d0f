"""Forms of what a stairwell's team does; their fields are the actions' arguments."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Keyed
from hemei.base.text import PlainText
from hemei.base.uploads import DocumentField
from hemei.decisions.forms.drives import Chosen, ChosenMany
from hemei.decisions.models import PolicySheet, Visit, Wish
from hemei.people.models import Seat
from hemei.places.models import Place
from hemei.shell.words import in_english, named

YUAN_MOST = 9_999_999


class GiveDoors(Keyed):
    volunteer = Chosen(label=_("To whom?"), help_text=_("Those who sit in the stairwell's team today."))
    homes = ChosenMany(label=_("Which doors?"))

    def __init__(self, *given: Any, seats: Sequence[Seat], homes: Sequence[Place], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["volunteer"].offer([seat.person for seat in seats], lambda one: one.name or str(one))  # type: ignore[attr-defined]
        self.fields["homes"].offer(homes, named)  # type: ignore[attr-defined]


class VisitDoor(Keyed):
    outcome = forms.ChoiceField(label=_("How did the visit go?"), choices=Visit.Outcome, widget=forms.RadioSelect)
    question = PlainText(
        label=_("What do they want to know?"),
        help_text=_("Only the question. Write down no name, no telephone number, and not what they think of the lift."),
        max_length=400,
        lines=True,
        required=False,
    )


class NoteWish(Keyed):
    says = forms.ChoiceField(label=_("What does the home wish?"), choices=Wish.Says, widget=forms.RadioSelect)
    who = forms.ChoiceField(label=_("Who said it?"), choices=Wish.Who, widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label=_("What speaks against it, or matters to them?"),
        choices=list(Wish.REASONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    share_low = forms.DecimalField(
        label=_("Share of the cost they would go along with, from (yuan)"),
        help_text=_("Below nothing for a compensation they ask: -5000. Leave it empty if nothing was said."),
        min_value=-YUAN_MOST,
        max_value=YUAN_MOST,
        decimal_places=2,
        required=False,
    )
    share_high = forms.DecimalField(
        label=_("up to (yuan)"), min_value=-YUAN_MOST, max_value=YUAN_MOST, decimal_places=2, required=False
    )


class AddSheet(Keyed):
    title = PlainText(
        label=_("Title"), help_text=_("The same title again makes the next version of that sheet."), max_length=80
    )
    title_en = PlainText(label=_("The title in English"), max_length=160, required=False)
    text = PlainText(label=_("Text"), max_length=6000, lines=True, required=False)
    text_en = PlainText(label=_("The text in English"), max_length=12000, lines=True, required=False)
    file = DocumentField(label=_("Or a file"), required=False)
    source = PlainText(label=_("Source"), help_text=_("Which rule of which day it explains."), max_length=400)


class HandSheet(Keyed):
    sheet = Chosen(label=_("Which sheet?"))
    homes = ChosenMany(label=_("Which homes received it?"))

    def __init__(self, *given: Any, sheets: Sequence[PolicySheet], homes: Sequence[Place], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["sheet"].offer(sheets, _sheet)  # type: ignore[attr-defined]
        self.fields["homes"].offer(homes, named)  # type: ignore[attr-defined]


def _sheet(sheet: PolicySheet) -> str:
    told = _("%(title)s, version %(version)d")
    return told % {"title": in_english(sheet.title, sheet.title_en), "version": sheet.version}
