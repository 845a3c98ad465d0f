"""The forms of this room; their fields are the actions' arguments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Keyed
from hemei.base.text import PlainText
from hemei.matters.models import Matter

WORDS_MAX, TOLD_MAX = 400, 1000


class TellWhatHappened(Keyed):
    text = PlainText(
        label=_("What happened?"),
        help_text=_("As you would tell a neighbour: what, where, when. Name no private person."),
        max_length=TOLD_MAX,
        lines=True,
    )
    text_en = PlainText(label=_("The same in English"), max_length=TOLD_MAX, lines=True, required=False)
    source = PlainText(
        label=_("Where is it known from?"),
        help_text=_("“Seen on the spot”, “minutes of 12 September”, “letter of the gas works”."),
        max_length=WORDS_MAX,
    )


class ChangeVisibility(Keyed):
    visibility = forms.ChoiceField(
        label=_("Who sees this matter from now on?"), choices=Matter.Visibility, widget=forms.RadioSelect
    )
    reason = PlainText(
        label=_("Why?"),
        help_text=_("Everybody who still sees the matter reads the reason."),
        max_length=WORDS_MAX,
        lines=True,
    )


class CloseMatter(Keyed):
    reason = PlainText(
        label=_("How did it end?"),
        help_text=_("What was done, or why nothing more will be done. Everybody who sees the matter reads it."),
        max_length=WORDS_MAX,
        lines=True,
    )


class ReopenMatter(Keyed):
    reason = PlainText(
        label=_("Why does it go on?"),
        help_text=_("Everybody who sees the matter reads the reason."),
        max_length=WORDS_MAX,
        lines=True,
    )


class Filters(forms.Form):
    """What a list of matters is narrowed to; anything else in the address is taken for nothing."""

    words = PlainText(max_length=100, required=False)
    state = forms.ChoiceField(choices=[("", ""), ("open", ""), ("closed", "")], required=False)
    place = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def told(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}
