"""Forms of what owners do themselves; their fields are the actions' arguments."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.base.fields import Day, Keyed, Moment
from hemei.base.text import PlainText
from hemei.base.uploads import DocumentField
from hemei.decisions.models.acts import Choice
from hemei.people.phones import TYPED_MAX

Named = Sequence[tuple[str, str]]  # the value of a voice, and how its home is called
WORDS_MAX, WHY_MAX, NAME_MAX = 600, 400, 60
CHOSEN = [(choice.value, choice.label) for choice in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)]


class ForHomes(Keyed):
    """A form that acts for one or several homes; where there is only one, it asks nothing."""

    homes = forms.MultipleChoiceField(label=_("For which home?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *given: Any, voices: Named, ticked: Sequence[str] | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["homes"]
        field.choices = list(voices)  # type: ignore[attr-defined]
        field.initial = [value for value, _name in voices] if ticked is None else list(ticked)
        if len(voices) == 1:
            field.widget = forms.MultipleHiddenInput()


class Consent(ForHomes):
    choice = forms.ChoiceField(label=_("What do you say?"), choices=CHOSEN, widget=forms.HiddenInput)


class Revoke(ForHomes):
    pass


class GiveAuthority(ForHomes):
    agent_name = PlainText(
        label=_("Who shall vote for you?"), help_text=_("The name as it stands in the papers."), max_length=NAME_MAX
    )
    phone = PlainText(
        label=_("Their mobile number"),
        help_text=_("With it they can vote on screen from their own account. Without it they hand in a paper ballot."),
        max_length=TYPED_MAX,
        required=False,
    )
    instruction = forms.ChoiceField(
        label=_("Do you say how?"),
        choices=[("", pgettext_lazy("an instruction", "They decide")), *CHOSEN],
        required=False,
        widget=forms.RadioSelect,
    )
    expires_on = Day(
        label=_("Until the end of which day?"), help_text=_("Empty: until the vote closes."), required=False
    )


class EnterAuthority(Keyed):
    owner = forms.ChoiceField(label=_("Which owner gives it?"), widget=forms.RadioSelect)
    agent_name = PlainText(
        label=_("Who shall vote for them?"),
        help_text=_(
            "The name as it stands on the paper. The same name is taken for the same person; "
            "where two share a name, write something beside it on both, as a room number."
        ),
        max_length=NAME_MAX,
    )
    phone = PlainText(label=_("Their mobile number, if it is there"), max_length=TYPED_MAX, required=False)
    written = forms.BooleanField(label=_("It is in writing and signed by the owner"), required=False)
    scan = DocumentField(label=_("A scan or photo of it"), required=False)
    instruction = forms.ChoiceField(
        label=_("What does it say about how to vote?"),
        choices=[("", pgettext_lazy("an instruction", "Nothing")), *CHOSEN],
        required=False,
    )
    expires_on = Day(
        label=_("Until the end of which day?"), help_text=_("Empty where it names no day."), required=False
    )
    received_at = Moment(label=_("When was it handed in?"))

    def __init__(self, *given: Any, owners: Named, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined]


class ConfirmAuthority(forms.Form):
    """Typed again from the paper, without seeing what the first clerk typed."""

    owner = forms.ChoiceField(label=_("Which owner gives it?"), widget=forms.RadioSelect)
    agent_name = PlainText(label=_("Who shall vote for them?"), max_length=NAME_MAX)
    written = forms.BooleanField(label=_("It is in writing and signed by the owner"), required=False)
    instruction = forms.ChoiceField(
        label=_("What does it say about how to vote?"),
        choices=[("", pgettext_lazy("an instruction", "Nothing")), *CHOSEN],
        required=False,
    )
    expires_on = Day(
        label=_("Until the end of which day?"), help_text=_("Empty where it names no day."), required=False
    )

    def __init__(self, *given: Any, owners: Named, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined]


class DeclineAuthority(forms.Form):
    why = PlainText(label=_("What is wrong with it?"), help_text=_("The owner reads it."), max_length=200, lines=True)


class WithdrawAuthority(forms.Form):
    """An owner withdraws by pressing; the desk says what it saw."""

    why = PlainText(label=_("What did the owner hand in?"), max_length=200, lines=True)

    def __init__(self, *given: Any, by_desk: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if not by_desk:
            del self.fields["why"]


class RaiseChallenge(Keyed):
    by_name = PlainText(label=_("Who says so?"), max_length=NAME_MAX)
    words = PlainText(
        label=_("What was not so?"),
        help_text=_("What you know of it: when you were away, who may have signed. Do not write how you voted."),
        max_length=WORDS_MAX,
        lines=True,
    )

    def __init__(self, *given: Any, at_counter: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if not at_counter:
            del self.fields["by_name"]


class AnswerChallenge(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("What did you find?"),
        choices=[
            ("yes", _("The owner is right: it shall not count")),
            ("no", _("It was the owner’s, or that of somebody they authorised")),
        ],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )
    answer = PlainText(
        label=_("What do you answer?"),
        help_text=_("What you looked at and what you found. Only who asked reads it; do not write how was voted."),
        max_length=WORDS_MAX,
        lines=True,
    )


class ProposeVoiding(Keyed):
    reason = PlainText(
        label=_("Why shall it not count?"),
        help_text=_("What you saw, as two ballots with one number. Do not write how was voted."),
        max_length=WHY_MAX,
        lines=True,
    )


class DeclineVoiding(forms.Form):
    why = PlainText(label=_("Why shall it count on?"), max_length=200, lines=True)


class ConfirmVoiding(forms.Form):
    """Nothing to fill in: the page itself asks whether one is sure."""
