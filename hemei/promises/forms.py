"""The forms of this room; their fields are the actions' arguments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed
from hemei.base.text import PlainText
from hemei.base.uploads import PictureField
from hemei.promises.models import WHAT_MAX, WORDS_MAX, Promise


class MakePromise(Keyed):
    what = PlainText(
        label=_("What do you promise?"),
        help_text=_("One sentence that anybody can check when the day has come."),
        max_length=WHAT_MAX,
    )
    what_en = PlainText(label=_("The same in English"), max_length=WHAT_MAX, required=False)
    what_kind = forms.ChoiceField(
        label=_("What kind of thing is it?"),
        help_text=_("If it is late, everybody reads this, who owes it and the day, even where the matter is private."),
        choices=Promise.Kind,
        initial=Promise.Kind.WORK,
    )
    due_on = Day(label=_("By when?"), help_text=_("It is late when this day has ended."))


class KeepPromise(Keyed):
    proof = PlainText(
        label=_("What shows that it is done?"),
        help_text=_("What can be seen where, or what was answered to whom. Everybody who sees the promise reads it."),
        max_length=WORDS_MAX,
        lines=True,
    )
    proof_en = PlainText(label=_("The same in English"), max_length=WORDS_MAX, lines=True, required=False)
    photo = PictureField(
        label=_("A photo"), help_text=_("Position and camera data are taken out of it."), required=False
    )


class ExtendPromise(Keyed):
    due_on = Day(label=_("Until which day?"))
    reason = PlainText(
        label=_("Why does it take longer?"),
        help_text=_("Everybody who sees the promise reads the reason."),
        max_length=WORDS_MAX,
        lines=True,
    )
    reason_en = PlainText(label=_("The same in English"), max_length=WORDS_MAX, lines=True, required=False)


class WithdrawPromise(forms.Form):
    why = PlainText(
        label=_("Why is it not owed any more?"),
        help_text=_("Everybody who sees the promise reads the reason. It stays in the ledger that it was promised."),
        max_length=WORDS_MAX,
        lines=True,
    )


class DisputePromise(Keyed):
    reason = PlainText(
        label=_("What was not done?"),
        help_text=_("What you saw, where and when. Name nobody. Who sees the promise reads this, but not your name."),
        max_length=WORDS_MAX,
        lines=True,
    )


class AnswerDispute(forms.Form):
    reopened = forms.TypedChoiceField(
        label=_("What did you find?"),
        choices=[("yes", _("It still has to be done")), ("no", _("It was kept"))],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )
    due_on = Day(
        label=_("If it still has to be done: by when?"), help_text=_("Leave it empty if it was kept."), required=False
    )
    answer = PlainText(
        label=_("What do you answer?"),
        help_text=_("What you looked at and what comes next. Everybody who sees the promise reads it."),
        max_length=WORDS_MAX,
        lines=True,
    )
