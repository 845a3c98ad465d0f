"""Forms of drives; their fields are the actions' arguments."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed
from hemei.base.text import PlainText
from hemei.base.uploads import DocumentField
from hemei.decisions.gates import ORDER
from hemei.decisions.models import Drive, Milestone
from hemei.decisions.stairwells import called, called_en
from hemei.people.models import Body
from hemei.places.models import Place
from hemei.shell.words import in_english, named

NOTE_MAX = 400


class Chosen(forms.TypedChoiceField):
    """One of the rows given to it; its clean value is the row, or None."""

    def __init__(self, **more: Any) -> None:
        super().__init__(coerce=self._row, empty_value=None, **more)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Sequence[Any], told: Any, *, none: Any = None) -> None:
        self.rows = {str(row.pk): row for row in rows}
        first = [("", none)] if none is not None else []
        self.choices = [*first, *((key, told(row)) for key, row in self.rows.items())]

    def _row(self, key: str) -> Any:
        return self.rows[str(key)]


class ChosenMany(forms.TypedMultipleChoiceField):
    """Several of the rows given to it, as a list of rows."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **more: Any) -> None:
        super().__init__(coerce=self._row, empty_value=[], **more)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Sequence[Any], told: Any) -> None:
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [(key, told(row)) for key, row in self.rows.items()]

    def _row(self, key: str) -> Any:
        return self.rows[str(key)]


class BeginDrive(Keyed):
    all_of_them = forms.BooleanField(label=_("All stairwells named below"), required=False)
    stairwells = ChosenMany(label=_("Which stairwells?"), required=False)
    began_on = Day(label=_("From which day on?"))
    team = Chosen(
        label=_("Which team goes to the doors?"),
        help_text=_("Without one, each stairwell's own team is taken where there is one. It can be chosen later too."),
        required=False,
    )
    uses_common_land = forms.BooleanField(
        label=_("Common land of the estate is used"),
        help_text=_("Then the owners of the whole estate must agree as well."),
        required=False,
    )

    def __init__(self, *given: Any, stairwells: Sequence[Place], teams: Sequence[Body], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["stairwells"].offer(stairwells, lambda one: in_english(called(one), called_en(one)))  # type: ignore[attr-defined]
        self.fields["team"].offer(teams, named, none=_("Each stairwell's own"))  # type: ignore[attr-defined]
        if not teams:
            del self.fields["team"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.pop("all_of_them", False):
            said["stairwells"] = list(self.fields["stairwells"].rows.values())  # type: ignore[attr-defined]
        return said


class ChooseTeam(Keyed):
    team = Chosen(label=_("Which team goes to the doors?"), required=False)

    def __init__(self, *given: Any, teams: Sequence[Body], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["team"].offer(teams, named, none=_("No team"))  # type: ignore[attr-defined]


class GradeDrive(Keyed):
    grade = forms.ChoiceField(label=_("What did the assessment find?"), choices=Drive.Grade, widget=forms.RadioSelect)
    why = PlainText(
        label=_("Why?"),
        help_text=_("Every home of the stairwell reads it before wishes are asked."),
        max_length=NOTE_MAX,
        lines=True,
    )
    assessor = PlainText(label=_("Who assessed it?"), help_text=_("A firm or an office, no person."), max_length=80)
    graded_on = Day(label=_("On which day?"))
    drawing = DocumentField(
        label=_("Drawing"), help_text=_("A PDF or a picture. Everybody can open it."), required=False
    )


class MoveDrive(Keyed):
    stage = forms.ChoiceField(label=_("Which stage has it reached?"), widget=forms.RadioSelect)
    on = Day(label=_("On which day?"))
    note = PlainText(
        label=_("What shows it?"),
        help_text=_(
            "Everybody reads it. When it goes back or passes stages over, say why here. Name no home and nobody."
        ),
        max_length=NOTE_MAX,
        lines=True,
        required=False,
    )
    note_en = PlainText(label=_("The same in English"), max_length=800, lines=True, required=False)
    paper = DocumentField(label=_("The paper for it"), help_text=_("Everybody can open it."), required=False)

    def __init__(self, *given: Any, now: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["stage"].choices = [(stage, stage.label) for stage in ORDER if stage != now]  # type: ignore[attr-defined]


class StopDrive(Keyed):
    why = PlainText(
        label=_("Why does it stop?"),
        help_text=_("Everybody reads the reason. Name no home and nobody."),
        max_length=NOTE_MAX,
        lines=True,
    )


class DriveWaits(Keyed):
    waits_for = PlainText(
        label=_("What does it wait for?"),
        help_text=_("As short as on a note: gas pipe to be moved. Name no home and nobody."),
        max_length=120,
    )
    waits_for_en = PlainText(label=_("The same in English"), max_length=200, required=False)
    body = Chosen(label=_("In whose hands is it?"), help_text=_("It becomes a promise of this body."), required=False)
    body_name = PlainText(label=_("Or what is the body called?"), max_length=80, required=False)
    until_on = Day(label=_("Until when is it expected?"))

    def __init__(self, *given: Any, bodies: Sequence[Body], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["body"].offer(bodies, named, none=_("Not in this list"))  # type: ignore[attr-defined]


class DriveGoesOn(Keyed):
    proof = PlainText(
        label=_("What shows that it is there?"),
        help_text=_("Everybody who sees the drive reads it."),
        max_length=NOTE_MAX,
        lines=True,
    )


class TellMilestone(Keyed):
    what = forms.ChoiceField(label=_("What is counted?"), choices=Milestone.What)
    on = Day(label=_("From which day on?"))
    on_told = PlainText(
        label=_("The day as the source says it"),
        help_text=_("Only where it names none, as: summer of 2022."),
        max_length=40,
        required=False,
    )
    count = forms.IntegerField(label=_("How many?"), min_value=0, max_value=9999)
    whole = forms.IntegerField(label=_("Of how many in all?"), min_value=1, max_value=9999)
    source = PlainText(label=_("Source"), help_text=_("Where anybody can read it."), max_length=400, lines=True)
