"""The forms of this room; their fields are the actions' arguments."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hemei.base.fields import Day, Keyed, Moment
from hemei.base.text import PlainText
from hemei.base.uploads import DocumentField
from hemei.consultations.actions.organising import PROMISED_MAX, Promised
from hemei.consultations.actions.speaking import ARGUMENT_LENGTH
from hemei.consultations.folders import ZIP_MAX
from hemei.consultations.models import Answer, Argument, Consultation, Grade, ModerationAct, Stake, Statement
from hemei.places.models import Place
from hemei.promises.models import WHAT_MAX

SAME_IN_ENGLISH = gettext_lazy("The same in English")


ANSWERS = {str(answer): answer for answer in Answer.values}


def sent_vote(posted: QueryDict) -> dict[str, Any] | None:
    """What one of the three buttons sends; None when it did not arrive whole. back: the page it was pressed on.

    Read by hand: every vote passes here, and a form of Django's costs a tenth of all that a vote does.
    """
    number, answer = posted.get("statement", ""), ANSWERS.get(posted.get("answer", ""))
    back = posted.get("back", "")
    if answer is None or back not in ("", "mine", "statement"):
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        form_key = UUID(posted.get("form_key", ""))
    except ValueError:
        return None
    drawn = posted.get("drawn", "") in ("1", "on", "true")
    return {"statement": int(number), "answer": answer, "form_key": form_key, "drawn": drawn, "back": back}


class ChangeConsultation(forms.Form):
    title = PlainText(
        label=gettext_lazy("What is it called in lists?"),
        help_text=gettext_lazy("Short, as neighbours call it. Left empty, the question stands there."),
        max_length=120,
        required=False,
    )
    title_en = PlainText(label=SAME_IN_ENGLISH, max_length=120, required=False)
    question = PlainText(
        label=gettext_lazy("What do you ask?"),
        help_text=gettext_lazy("One open question that nobody can answer with yes because it sounds nice."),
        max_length=120,
    )
    question_en = PlainText(label=SAME_IN_ENGLISH, max_length=240, required=False)
    intro = PlainText(
        label=gettext_lazy("What should one know first?"),
        help_text=gettext_lazy("What has happened, what can be changed and what not, and what becomes of the answers."),
        max_length=4000,
        required=False,
        lines=True,
    )
    intro_en = PlainText(label=SAME_IN_ENGLISH, max_length=8000, required=False, lines=True)
    opens_at = Moment(
        label=gettext_lazy("When does it open?"),
        help_text=gettext_lazy("A time that has passed when you announce it means: at once."),
    )
    closes_at = Moment(
        label=gettext_lazy("When does it close?"), help_text=gettext_lazy("Up to this minute, answers count.")
    )
    results_at = Moment(
        label=gettext_lazy("From when on are results shown?"),
        help_text=gettext_lazy(
            "Left empty: when it closes. Before that nobody sees how many are for or against, you neither."
        ),
        required=False,
    )
    who_votes = forms.ChoiceField(
        label=gettext_lazy("Who may answer?"), choices=Grade, initial=Grade.DECLARED, widget=forms.RadioSelect
    )
    who_speaks = forms.ChoiceField(
        label=gettext_lazy("Who may add statements and reasons?"),
        choices=Grade,
        initial=Grade.DECLARED,
        widget=forms.RadioSelect,
    )
    moderation = forms.ChoiceField(
        label=gettext_lazy("Who reads what is added?"),
        choices=Consultation.Moderation,
        initial=Consultation.Moderation.BEFORE,
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who sees it?"),
        choices=Consultation.Audience,
        initial=Consultation.Audience.PUBLIC,
        widget=forms.RadioSelect,
    )
    statement_max_length = forms.IntegerField(
        label=gettext_lazy("How long may a statement be?"),
        help_text=gettext_lazy("In characters; 140 is one sentence."),
        min_value=40,
        max_value=500,
        initial=140,
        error_messages={
            "min_value": gettext_lazy("From 40 to 500 characters."),
            "max_value": gettext_lazy("From 40 to 500 characters."),
            "invalid": gettext_lazy("Write a whole number from 40 to 500."),
        },
    )

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if not words.get("title"):
            words["title"] = words.get("question", "")
        return words


class ChangeDraft(ChangeConsultation):
    """seen_version: the draft as it stood when the form was opened."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class PrepareConsultation(Keyed, ChangeConsultation):
    """places: where this organiser may ask something."""

    place = forms.TypedChoiceField(label=gettext_lazy("Whom do you ask?"), coerce=int)

    def __init__(self, *given: Any, places: list[Place], **more: Any) -> None:
        super().__init__(*given, **more)
        self.order_fields(["place"])
        self.fields["place"].choices = [(place.pk, place.told) for place in places]  # type: ignore[attr-defined]


def says_several(text: str) -> bool:
    """Whether it looks like more than one sentence, so that somebody may agree with half of it."""
    parts = re.split(r"[。！？!?；;]+|\.\s", text)
    return sum(len(part.strip()) > 1 for part in parts) > 1


class AddStatement(Keyed):
    """most: characters. english: whether the form asks for the English too (the organiser's own)."""

    text = PlainText(label=gettext_lazy("What do you say?"), max_length=140, lines=True)
    text_en = PlainText(label=SAME_IN_ENGLISH, max_length=420, required=False, lines=True)
    as_is = forms.BooleanField(
        label=gettext_lazy("Send it as it is"), required=False, widget=forms.HiddenInput, initial=""
    )

    def __init__(self, *given: Any, most: int, english: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        told = _(
            "One thought in one sentence, at most %(most)d characters: others answer agree, disagree or not sure. "
            "No names of private persons."
        )
        rows = forms.Textarea(attrs={"rows": 3, "maxlength": most})
        self.fields["text"] = PlainText(
            label=_("What do you say?"), help_text=told % {"most": most}, max_length=most, lines=False, widget=rows
        )
        if english:
            self.fields["text_en"] = PlainText(label=SAME_IN_ENGLISH, max_length=3 * most, required=False)
        else:
            del self.fields["text_en"]

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if says_several(words.get("text", "")) and not words.pop("as_is", False):
            self.fields["as_is"].widget = forms.CheckboxInput()
            told = _(
                "This says more than one thing, and somebody may agree with half of it. "
                "Send one now and the other as a second statement, or tick “Send it as it is” below."
            )
            self.add_error("text", told)
        words.pop("as_is", None)
        return words


class AddArgument(Keyed):
    side = forms.ChoiceField(
        label=gettext_lazy("Does it speak for it or against it?"), choices=Argument.Side, widget=forms.RadioSelect
    )
    text = PlainText(
        label=gettext_lazy("What is the reason?"),
        help_text=gettext_lazy("One reason, so that a neighbour who sees it otherwise understands it."),
        max_length=ARGUMENT_LENGTH,
    )
    stake = forms.ChoiceField(label=gettext_lazy("What is at stake?"), choices=Stake)


class RejectWords(Keyed):
    ground = forms.ChoiceField(
        label=gettext_lazy("On what ground?"), choices=ModerationAct.Ground, widget=forms.RadioSelect
    )
    reason = PlainText(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("It stands in the public log, so leave out the words themselves and every name."),
        max_length=400,
        lines=True,
    )


class RestoreWords(Keyed):
    reason = PlainText(
        label=gettext_lazy("Why is it shown again?"),
        help_text=gettext_lazy("It stands in the public log."),
        max_length=400,
        lines=True,
    )


class Appeal(Keyed):
    reason = PlainText(
        label=gettext_lazy("Why should it be shown?"),
        help_text=gettext_lazy("Somebody else than who hid it reads this and decides; you are told."),
        max_length=400,
        lines=True,
    )


class DecideAppeal(Keyed):
    shown = forms.TypedChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[("yes", gettext_lazy("It is shown again")), ("no", gettext_lazy("It stays hidden"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    reason = PlainText(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("It stands in the public log, so leave out the words themselves and every name."),
        max_length=400,
        lines=True,
    )


class CancelConsultation(forms.Form):
    why = PlainText(
        label=gettext_lazy("Why is it cancelled?"),
        help_text=gettext_lazy("Everybody who took part is told this."),
        max_length=400,
        lines=True,
    )


class AddDocument(Keyed):
    title = PlainText(label=gettext_lazy("What is the paper called?"), max_length=120)
    title_en = PlainText(label=SAME_IN_ENGLISH, max_length=240, required=False)
    text = PlainText(label=gettext_lazy("Its text"), max_length=20000, required=False, lines=True)
    text_en = PlainText(label=SAME_IN_ENGLISH, max_length=40000, required=False, lines=True)
    file = DocumentField(
        label=gettext_lazy("Or a file"), help_text=gettext_lazy("PDF, picture or plain text."), required=False
    )
    source = PlainText(label=gettext_lazy("Where is it from?"), max_length=400, required=False)


class TakeDownDocument(forms.Form):
    why = PlainText(
        label=gettext_lazy("Why is it taken down?"),
        help_text=gettext_lazy("Everybody may read this."),
        max_length=400,
        lines=True,
    )


class AnswerConsultation(Keyed):
    text = PlainText(
        label=gettext_lazy("What becomes of it?"),
        help_text=gettext_lazy("Point by point: what is done, what is not and why, what is still open and until when."),
        max_length=4000,
        lines=True,
    )
    text_en = PlainText(label=SAME_IN_ENGLISH, max_length=8000, required=False, lines=True)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for place in range(1, PROMISED_MAX + 1):
            self.fields[f"what_{place}"] = PlainText(
                label=_("Promise %(number)d") % {"number": place},
                help_text=_("One sentence that anybody can check when the day has come.") if place == 1 else "",
                max_length=WHAT_MAX,
                required=False,
            )
            self.fields[f"due_{place}"] = Day(label=_("By when?"), required=False)

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        promised = []
        for place in range(1, PROMISED_MAX + 1):
            what, due_on = words.pop(f"what_{place}", ""), words.pop(f"due_{place}", None)
            if what and due_on is None and f"due_{place}" not in self.errors:
                self.add_error(f"due_{place}", _("A promise needs a day."))
            if due_on is not None and not what and f"what_{place}" not in self.errors:
                self.add_error(f"what_{place}", _("Say what is promised by that day."))
            if what and due_on is not None:
                promised.append(Promised(what, due_on))
        words["promised"] = tuple(promised)
        return words


class EnterSheet(Keyed):
    """One row of three boxes for each statement of a sheet."""

    def __init__(self, *given: Any, said: list[Statement], **more: Any) -> None:
        super().__init__(*given, **more)
        for one in said:
            self.fields[f"s{one.number}"] = forms.TypedChoiceField(
                label=f"{one.number}. {one.text}",
                choices=[(answer.value, answer.label) for answer in (Answer.AGREE, Answer.DISAGREE, Answer.PASS)],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )

    def answers(self) -> dict[int, int]:
        """The ticked boxes: {statement number: answer}."""
        ticked = {name[1:]: value for name, value in self.cleaned_data.items() if name[:1] == "s"}
        return {int(number): answer for number, answer in ticked.items() if answer is not None}


class ImportPolis(Keyed):
    """places: where what comes from elsewhere may hang."""

    place = forms.TypedChoiceField(label=gettext_lazy("Where does it belong?"), coerce=int)
    file = forms.FileField(
        label=gettext_lazy("The export, as a zip"),
        help_text=gettext_lazy(
            "The folder as Polis exports it: comments.csv, participants-votes.csv, and if there are any votes.csv and "
            "summary.csv."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": gettext_lazy("Choose the zip first."),
            "empty": gettext_lazy("The zip is empty. Choose another one."),
        },
    )
    source = PlainText(
        label=gettext_lazy("Where does it come from?"),
        help_text=gettext_lazy("Shown with it: who published it, and the address."),
        max_length=400,
    )
    licence = PlainText(
        label=gettext_lazy("Under which licence?"),
        help_text=gettext_lazy("Shown with it, with the words its publisher asks for."),
        max_length=200,
    )

    def __init__(self, *given: Any, places: list[Place], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["place"].choices = [(place.pk, place.told) for place in places]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > ZIP_MAX:
            told = _("The zip is larger than %(most)d MB. Pack the export's four files only.")
            raise forms.ValidationError(told % {"most": ZIP_MAX // 1_000_000})
        return file
