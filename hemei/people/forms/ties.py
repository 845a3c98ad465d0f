"""What a person says of where they belong, and of what was done for them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Keyed
from hemei.base.text import PlainText
from hemei.people.forms.account import CodeField
from hemei.people.models import Tie

ROLES = [  # as the person says it; `Tie.Role` is how others read it
    (Tie.Role.LIVE, _("I live here")),
    (Tie.Role.RENT, _("I rent here")),
    (Tie.Role.OWN, _("I own it")),
    (Tie.Role.WORK, _("I work here")),
]


class DeclareTie(Keyed):
    role = forms.ChoiceField(label=_("What ties you to it?"), choices=ROLES, widget=forms.RadioSelect)
    wants_letter = forms.BooleanField(
        label=_("Send a letter with a code to this door"),
        help_text=_("With the code the tie is confirmed. It is addressed to the home, without a name."),
        required=False,
    )


class TypeLetterCode(forms.Form):
    code = CodeField(label=_("Code from the letter"), help_text=_("Eight digits."))


class ClaimRecord(forms.Form):
    code = CodeField(label=_("Code from the slip"), help_text=_("Twelve digits, under “My record becomes mine”."))


class ContestSitting(forms.Form):
    contest = PlainText(
        label=_("What was not as you wanted it?"),
        help_text=_("Somebody else than the one who helped you reads this and answers."),
        max_length=400,
        lines=True,
    )
