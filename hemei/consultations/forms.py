"""The forms of this room; their fields are the actions' arguments."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from hemei.consultations.models import Answer


class CastVote(forms.Form):
    """The three buttons. back: the page the answer was given on."""

    statement = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    answer = forms.TypedChoiceField(choices=Answer.choices, coerce=int)
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    drawn = forms.BooleanField(required=False)
    back = forms.ChoiceField(choices=[("", ""), ("mine", ""), ("statement", "")], required=False)

    def told(self) -> str:
        """One sentence for what cannot happen with the page's own buttons."""
        return _("That answer did not arrive whole. Choose one of the three below.")
