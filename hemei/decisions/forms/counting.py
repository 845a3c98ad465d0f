"""Forms after the vote: the count is signed, the result hangs, objections come in and are answered, files go out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed, Moment
from hemei.base.text import PlainText
from hemei.base.uploads import DocumentField, PictureField
from hemei.decisions.models import Objection
from hemei.notices.models import PrintedNotice

How = Objection.How


class SignCount(forms.Form):
    """seen: sha256 of the file that was shown."""

    seen = forms.RegexField(regex=r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput)


class HandOut(forms.Form):
    purpose = PlainText(
        label=_("What is it for?"),
        help_text=_("For example a case number, or the question of the court."),
        max_length=200,
    )
    receiver = PlainText(
        label=_("Who gets it?"), help_text=_("A court, an authority, or a person by name."), max_length=120
    )


class PostResult(Keyed):
    on = Day(label=_("Since which day does it hang?"), help_text=_("This day is not counted; the days begin after it."))
    where = PlainText(
        label=_("Where does it hang?"), help_text=_("For example: the notice board at the entrance."), max_length=120
    )
    photo = PictureField(
        label=_("A photo of it"), help_text=_("So that the sheet and its place can be seen, and no person.")
    )
    notice = forms.ModelChoiceField(
        label=_("Which printed notice is it?"), queryset=PrintedNotice.objects.none(), required=False
    )

    def __init__(self, *given: Any, sheets: Any = None, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["notice"]
        field.queryset = PrintedNotice.objects.none() if sheets is None else sheets  # type: ignore[attr-defined]
        field.label_from_instance = lambda sheet: f"{sheet.serial} {sheet.title}"  # type: ignore[attr-defined]


class ObjectToResult(Keyed):
    ground = forms.ChoiceField(label=_("What is it about?"), choices=Objection.Ground, widget=forms.RadioSelect)
    words = PlainText(
        label=_("What do you object to, and why?"),
        help_text=_("Only the desk that answers reads this, and a court if it comes to one."),
        max_length=2000,
        lines=True,
    )
    evidence = DocumentField(
        label=_("A photo or paper that shows it"), help_text=_("A PDF, a picture or a text."), required=False
    )


class EnterObjection(ObjectToResult):
    by_name = PlainText(label=_("Who objects?"), help_text=_("As it is signed on the paper."), max_length=60)
    home = PlainText(
        label=_("Which home, if it is one that voted?"),
        help_text=_("Its name or number as on the roll. Leave it empty for somebody else."),
        max_length=160,
        required=False,
    )
    received_at = Moment(label=_("When did it come in?"), help_text=_("This moment counts, not when it is typed."))
    field_order = ["by_name", "home", "received_at", "ground", "words", "evidence"]


class AnswerObjection(forms.Form):
    answer = PlainText(
        label=_("Your answer"),
        help_text=_("Who objected reads it. If you dismiss the objection, these are the reasons."),
        max_length=2000,
        lines=True,
    )


class CloseObjection(forms.Form):
    how = forms.ChoiceField(label=_("How does it end?"), widget=forms.RadioSelect)
    mediation = PlainText(
        label=_("What was agreed, when, and who was there"),
        help_text=_("The record of the mediation, or what the objector signed. Leave it empty if you dismiss it."),
        max_length=2000,
        lines=True,
        required=False,
    )

    def __init__(self, *given: Any, on_paper: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        offered = (How.SETTLED, How.DISMISSED, How.WITHDRAWN) if on_paper else (How.SETTLED, How.DISMISSED)
        self.fields["how"].choices = [(how.value, how.label) for how in offered]  # type: ignore[attr-defined]
