"""What /styleguide shows: every component in every state, with made-up matters of a street that is nowhere."""

from collections import namedtuple
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hemei.base.text import PlainText
from hemei.ledger.models import STEPS
from hemei.shell import drawing

Step = namedtuple("Step", "key name state")
Promise = namedtuple("Promise", "pk what what_en kind owner owner_en due_at kept_at proof proof_en chip")
Test = namedtuple("Test", "name part whole least holds told")
Tile = namedtuple("Tile", "url number shape stage part whole")
Statement = namedtuple("Statement", "text place total author")
Seal = namedtuple("Seal", "day")
ChainLine = namedtuple("ChainLine", "length short seal")
Job = namedtuple("Job", "state get_state_display doing done total ended_at outcome told")
Line = namedtuple("Line", "template at told")


class Example(forms.Form):
    """Every kind of field there is."""

    title = PlainText(label=gettext_lazy("What is it about?"), max_length=40)
    words = PlainText(
        label=gettext_lazy("What did you notice?"),
        help_text=gettext_lazy("Where it is and since when. No names of people, please."),
        max_length=400,
        lines=True,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("How urgent is it?"),
        choices=[
            ("today", gettext_lazy("Today")),
            ("week", gettext_lazy("This week")),
            ("later", gettext_lazy("Later")),
        ],
        widget=forms.RadioSelect,
    )
    stakes = forms.MultipleChoiceField(
        label=gettext_lazy("What does it touch?"),
        choices=[("light", gettext_lazy("Light")), ("noise", gettext_lazy("Noise")), ("cost", gettext_lazy("Cost"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        choices=[("1", gettext_lazy("Stairwell 1")), ("2", gettext_lazy("Stairwell 2"))],
        required=False,
    )
    day = forms.DateField(
        label=gettext_lazy("Since when?"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    photo = forms.FileField(label=gettext_lazy("A photo of it"), required=False)
    public = forms.BooleanField(label=gettext_lazy("Everybody in the street may read it"), required=False)


WRONG = {"title": "", "words": "…" * 500, "kind": "never"}


def everything(*, at: datetime) -> dict[str, Any]:
    """What the template shows, at `at`."""
    return {
        "at": at,
        "chains": [_steps(reached) for reached in (-1, 2, 6)] + [_steps(7)],
        "promises": _promises(at),
        "tests": _tests(),
        "tiles": _tiles(),
        "figures": [("214", _("matters raised")), ("171 / 214", _("settled, say the residents")), ("6", _("late"))],
        "statements": [
            (Statement(_("Take the walls down, but put a lock on the back gate first."), 7, 24, _("a resident")), None),
            (Statement(_("Four estates can share one gatekeeper."), 8, 24, _("the organiser")), 1),
        ],
        "answers": [(1, _("Agree")), (-1, _("Disagree")), (0, _("Not sure"))],
        "seals": [sealed(at), ChainLine(2, "04de 77a1 c09b", None)],
        "jobs": _jobs(at),
        "lines": [
            Line("shell/parts/example_line.html", at, _("The consultation opened.")),
            Line("shell/parts/example_line.html", at - timedelta(days=3), _("Somebody went and looked.")),
            Line("shell/parts/example_line.html", at - timedelta(days=400), _("A resident raised it.")),
        ],
        "pages": [Paginator(range(95), 10).page(number) for number in (1, 5, 10)],
        "curve": drawing.curve(
            [drawing.Share(f"{n}/9", part, 40) for n, part in enumerate((6, 11, 19, None, 22, 30, 31), 1)],
            key="support",
            title=_("Homes that agree, of 40"),
            told=_("From 6 to 31 of 40 homes in a week; nobody counted on the fourth day."),
        ),
        "groups": [("●", _("First group"), 80), ("□", _("Second group"), 48), ("△", _("Third group"), 21)],
        "drawing": render_to_string("shell/parts/example_map.html"),
    }


def sealed(at: datetime) -> ChainLine:
    """A chain that yesterday's seal holds, which is the newest one there is."""
    return ChainLine(31, "7f3a 91c0 5be2", Seal(timezone.localdate(at) - timedelta(days=1)))


def _steps(reached: int) -> list[Step]:
    return [
        Step(key, name, "done" if n < reached else "now" if n == reached else "ahead")
        for n, (key, name) in enumerate(STEPS)
    ]


def _promises(at: datetime) -> list[Promise]:
    def one(what: str, owner: str, days: int, chip: str, proof: str = "") -> Promise:
        due = at + timedelta(days=days)
        return Promise(1, what, "", "", owner, "", due, due if proof else None, proof, "", chip)

    return [
        one(_("Answer: no light in front of building 3"), _("Property firm"), -2, "late"),
        one(_("Take down the second 128 metres of wall"), _("Builder"), 2, "soon"),
        one(_("Move the gas pipe"), _("Gas company"), 9, ""),
        one(_("Show a piece of the canopy in the stairwell"), _("Lift team"), -6, "kept", _("Photo in the stairwell")),
    ]


def _tests() -> list[Test]:
    return [
        Test(_("Homes that took part"), 7, 12, 8, False, _("At least two thirds: 8 of 12 homes, 1 is missing.")),
        Test(_("Agreed, of those who took part"), 7, 7, 6, True, _("At least three quarters: 6 of 7, reached.")),
        Test(_("Homes that took part"), 0, 12, 8, False, _("At least two thirds: 8 of 12 homes, 8 are missing.")),
    ]


def _tiles() -> list[Tile]:
    stages = [
        ("dashed", _("asking"), 7),
        ("ring", _("plan"), 9),
        ("half", _("signing"), 8),
        ("disc", _("posted up"), 12),
        ("square", _("permit"), 12),
        ("block", _("building"), 12),
        ("tick", _("done"), 12),
        ("unknown", _("not known"), None),
    ]
    return [Tile("#board", number, *stage, 12) for number, stage in enumerate(stages, 1)]


def _jobs(at: datetime) -> list[Job]:
    return [
        Job("waiting", _("Waiting"), "", 0, 0, None, {}, ""),
        Job("running", _("Running"), _("Reading row 4,120"), 4120, 10000, None, {}, ""),
        Job("done", _("Done"), "", 10000, 10000, at, {"told": _("10,000 homes were read in.")}, ""),
        Job("stopped", _("Stopped"), "", 800, 10000, at, {}, _("Somebody stopped it. Nothing was kept.")),
        Job("failed", _("Failed"), "", 17, 10000, at, {}, _("Row 17 has no code. Nothing was kept.")),
    ]
