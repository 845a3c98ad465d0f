"""What is typed at the counter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Keyed
from hemei.base.text import PlainText
from hemei.base.uploads import PictureField
from hemei.people.models import Assistance, Tie


class ConfirmTie(forms.Form):
    ground = PlainText(
        label=_("How did you check it?"),
        help_text=_("As: lease seen at the counter; known to the stairwell's head. The person can read it."),
        max_length=200,
    )
    sure = forms.BooleanField(widget=forms.HiddenInput, required=False)


class RefuseTie(forms.Form):
    why = PlainText(
        label=_("Why does it not hold?"), help_text=_("The person reads it, and may come and show that it does."),
        max_length=200, lines=True,
    )  # fmt: skip


class PrintLetters(Keyed):
    ties = forms.TypedMultipleChoiceField(label=_("Letters"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, ties: list[Tie], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["ties"].choices = [(tie.pk, tie.pk) for tie in ties]
        self.fields["ties"].error_messages["required"] = _("Tick at least one letter.")
        self.fields["ties"].error_messages["invalid_choice"] = _(
            "One of these letters is not asked for any more. Open the list again."
        )


class TakeIn(Keyed):
    name = PlainText(label=_("Name of the person"), help_text=_("As it stands on letters and slips."), max_length=60)
    role = forms.ChoiceField(label=_("What ties the person to it?"), choices=Tie.Role, widget=forms.RadioSelect)


class BeginSitting(Keyed):
    way = forms.ChoiceField(
        label=_("How do you speak with the person?"), choices=Assistance.Way, widget=forms.RadioSelect
    )
    evidence = PlainText(
        label=_("On what ground do you act?"),
        help_text=_("As: came in person; called back at 15:10; signed slip no. 12. The person can read it."),
        max_length=400,
    )
    photo = PictureField(
        label=_("Photo of the paper"),
        help_text=_("Needed when you act from paper. The person can look at it."),
        required=False,
    )


class AnswerContest(forms.Form):
    answer = PlainText(
        label=_("What did you find, and what did you put right?"),
        help_text=_("The person who was helped reads it."),
        max_length=400,
        lines=True,
    )
