"""The forms of the two pages on which anybody may try the engines: a small one each, and one for a case's file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hemei.base.numbers import Number, columns_of, number_in
from hemei.base.text import PlainText
from hemei.engines.costs import keys
from hemei.engines.decision.rulebook import rulebook
from hemei.engines.decision.verdict import written
from hemei.handbook import ballots, plans
from hemei.handbook.typed import homes_on_floors, homes_that_voted
from hemei.shell.words import in_english

LIST_MAX = 30_000  # characters: 500 homes with long names
FILE_BYTES_MAX = 1_000_000
FLOORS_MAX = 60
EACH_MAX = 20
SUM_MAX = 1_000_000_000  # yuan
HALF_LANDING, OWN_TABLE = "half_landing", "own"
TABLES = {table.id: table for table in keys.TABLES if table not in (keys.GUANGZHOU, keys.STOREYS)}


class CaseFile(forms.Form):
    """A case as the command reads it: pasted, or as a file. Clean: `text` holds it."""

    text = forms.CharField(
        label=_("The case, as text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        file = said.get("file")
        if file is not None and file.size > FILE_BYTES_MAX:
            self.add_error("file", _too_large())
        elif file is not None:
            try:
                said["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                told = _("This file is no text in UTF-8. Choose the JSON file of the case.")
                self.add_error("file", ValidationError(told, code="no_text"))
        elif len(said.get("text", "").encode("utf-8", "replace")) > FILE_BYTES_MAX:
            self.add_error("text", _too_large())
        elif not said.get("text", "").strip() and not self.errors:
            self.add_error("text", nothing_there())
        return said

    @property
    def too_large(self) -> bool:
        return any(fault.code == "too_large" for faults in self.errors.as_data().values() for fault in faults)


def nothing_there() -> ValidationError:
    """Also of a file without a single case."""
    return ValidationError(_("Paste a case here, or choose its file."), code="required")


def _too_large() -> ValidationError:
    told = gettext("It is larger than %(most)d MB, more than can be looked at here. The command takes it.")
    return ValidationError(told % {"most": FILE_BYTES_MAX // 1_000_000}, code="too_large")


def key_choices() -> list[tuple[str, Any]]:
    tables = [(table.id, in_english(table.title.zh, table.title.en)) for table in TABLES.values()]
    return [
        ("guangzhou", _("Guangzhou: 0, 0.5, 1, then 0.1 more a floor")),
        ("storeys", _("Storeys climbed: 0, 1, 2, 3 and so on")),
        (HALF_LANDING, _("Storeys climbed, with stops on the half-landing")),
        *tables,
        (OWN_TABLE, _("Our own coefficients")),
    ]


def rule_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The rules that the small form can count by, under the name of their place; ours first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for entry in sorted(ballots.simple_rules(), key=lambda entry: entry.place.id not in ballots.OURS):
        place, name = entry.place.name, entry.rule.name
        groups.setdefault(in_english(place.zh, place.en), []).append((entry.rule.id, in_english(name.zh, name.en)))
    return list(groups.items())


class CountVotes(forms.Form):
    """A rule and a list of homes. Clean: besides its fields `listed`, the homes."""

    rule = forms.ChoiceField(label=_("By which rule?"), choices=rule_choices)
    homes = PlainText(
        label=_("The homes and what they said"),
        help_text=_(
            "One home a line: number, area, choice: for, against, abstain, spoiled, served (and silent) or none. "
            "Where one owner has several homes, write the same name behind each. Like this: 101, 62.30, for"
        ),
        max_length=LIST_MAX,
        lines=True,
    )

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["homes"].widget.attrs["rows"] = 12

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "rule" in said and "homes" in said:
            measure = ballots.measure_of(rulebook().entries[said["rule"]].rule)
            try:
                said["listed"] = homes_that_voted(said["homes"], measured=bool(measure))
            except ValidationError as fault:
                self.add_error("homes", fault)
        return said


class ShareCost(forms.Form):
    """Floors, homes, sums and a key. Clean: besides its fields `listed`, the homes, and `k`, a table or None."""

    floors = Number(label=_("Floors"), least=1, most=FLOORS_MAX, places=0)
    each = Number(
        label=_("Homes on each floor"),
        help_text=_("Leave it empty when you list the homes below."),
        least=1,
        most=EACH_MAX,
        places=0,
        required=False,
    )
    homes = PlainText(
        label=_("The homes, where they differ"),
        help_text=_(
            "One home a line: number, floor, area in m². The most it would pay may follow; below 0 it wants to be "
            "compensated. Like this: 101, 1, 62.30, -5000"
        ),
        max_length=LIST_MAX,
        lines=True,
        required=False,
    )
    works = Number(label=_("Works, in yuan"), most=SUM_MAX)
    other = Number(
        label=_("Other costs, in yuan"),
        help_text=_("Survey and drawings, which are not subsidised."),
        most=SUM_MAX,
        required=False,
    )
    rate = Number(label=_("Subsidy, per cent of the works"), most=100, required=False)
    cap = Number(
        label=_("Subsidy at most, in yuan"),
        help_text=_("Shanghai: 40 % of the works, at most 280,000."),
        most=SUM_MAX,
        required=False,
    )
    key = forms.ChoiceField(label=_("How to share"), choices=key_choices)
    table = PlainText(
        label=_("Our own coefficients"),
        help_text=_("One for each floor, from the first up: 0, 0.5, 1, 1.1"),
        max_length=1000,
        required=False,
    )
    within = forms.ChoiceField(
        label=_("On the same floor"),
        choices=[("equal", _("All pay the same")), ("area", _("By area"))],
        widget=forms.RadioSelect,
    )
    rounding = forms.ChoiceField(
        label=_("Round"),
        choices=[("cent", _("To the cent")), ("100", _("Up to full hundreds, the rest into the lift's reserve"))],
        widget=forms.RadioSelect,
    )

    def clean_floors(self) -> int:
        return int(self.cleaned_data["floors"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "floors" in said and "key" in said:
            said["k"] = self._coefficients(said)
        if "floors" in said and "within" in said and "homes" in said and "each" in said:
            self._list_homes(said)
        return said

    def _coefficients(self, said: dict[str, Any]) -> tuple[str, ...] | None:
        floors, key = said["floors"], said["key"]
        if key in TABLES:
            k = tuple(written(one) for one in TABLES[key].k)
            if len(k) != floors:
                told = gettext("This table is for %(count)d floors, and you have %(floors)d. Choose another way.")
                self.add_error("key", told % {"count": len(k), "floors": floors})
            return k
        if key != OWN_TABLE or "table" not in said:
            return None
        given = columns_of(said["table"])
        numbers = [number_in(part) for part in given]
        if None in numbers:
            wrong = given[numbers.index(None)]
            told = gettext("“%(given)s” is no number. Write one for each floor, like this: 0, 0.5, 1, 1.1.")
            self.add_error("table", told % {"given": wrong[:20]})
        elif len(numbers) != floors:
            told = gettext("There are %(count)d coefficients for %(floors)d floors. Write one for each floor.")
            self.add_error("table", told % {"count": len(numbers), "floors": floors})
        return tuple(number or "0" for number in numbers)

    def _list_homes(self, said: dict[str, Any]) -> None:
        if not said["homes"]:
            if said["each"]:
                said["listed"] = plans.alike(said["floors"], int(said["each"]))
                said["within"] = "equal"  # all areas are alike
            elif not self.errors.get("each"):
                self.add_error("each", gettext("Say how many homes a floor has, or list the homes below."))
            return
        try:
            homes = homes_on_floors(said["homes"], floors=said["floors"], measured=said["within"] == "area")
        except ValidationError as fault:
            self.add_error("homes", fault)
            return
        limited = [one for one in homes if one.limit]
        if limited and len(limited) < len(homes):
            without = next(one.id for one in homes if not one.limit)
            told = gettext("Home %(home)s has no sum that it would pay at most. Write one for every home, or for none.")
            self.add_error("homes", told % {"home": without})
        said["listed"] = homes
