"""What the organiser chooses: sums, a key, how to round; and the name under which a proposal is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Keyed
from hemei.base.numbers import Number, columns_of, number_in
from hemei.base.text import PlainText
from hemei.decisions import costing
from hemei.decisions.costing import Asked

NUMBERS_MAX = 600  # characters: sixty floors


def key_choices(wishes: bool) -> list[tuple[str, str]]:
    """Every key the engine knows; those that go by wishes only where every home named a sum."""
    keys = [key for key in costing.KEYS if wishes or key not in costing.BY_WISHES]
    return [(key, costing.key_name(key)) for key in (*keys[:4], *costing.TABLES, *keys[4:])]


class WhatIf(forms.Form):
    """Clean: besides its fields `asked`, what the organiser chose. wishes: whether every home named a sum."""

    works = Number(label=_("The works cost, in yuan"), least=0, most=costing.SUM_MAX)
    other = Number(
        label=_("Survey and drawings, in yuan"),
        help_text=_("This part is not subsidised."),
        most=costing.SUM_MAX,
        required=False,
    )
    subsidy = Number(
        label=_("Subsidy, in yuan"),
        help_text=_("Empty: as Shanghai gives it, 40 % of the works, at most 280,000."),
        most=costing.SUM_MAX,
        required=False,
    )
    key = forms.ChoiceField(label=_("How to share"))
    numbers = PlainText(
        label=_("A number for each floor"),
        help_text=_(
            "From the ground up, like this: 0, 0.5, 1, 1.1. Own coefficients; for gain and worth, what the lift is "
            "worth to a home in yuan, below 0 where it loses; for needs, what a lift up to the floor would cost."
        ),
        max_length=NUMBERS_MAX,
        required=False,
    )
    compensation = PlainText(
        label=_("Compensation of the low floors, yuan a home"),
        help_text=_("From the ground up, like this: 6000, 3000. The other floors pay it by the same key."),
        max_length=NUMBERS_MAX,
        required=False,
    )
    within = forms.ChoiceField(
        label=_("On the same floor"),
        choices=[("equal", _("All pay the same")), ("area", _("By area"))],
        widget=forms.RadioSelect,
        initial="equal",
    )
    rounding = forms.ChoiceField(
        label=_("Round"),
        choices=[("cent", _("To the cent")), ("100", _("Up to full hundreds, the rest into the lift's reserve"))],
        widget=forms.RadioSelect,
        initial="cent",
    )

    def __init__(self, *words: Any, wishes: bool = False, **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["key"].choices = key_choices(wishes)  # type: ignore[attr-defined]

    def clean_numbers(self) -> tuple[str, ...]:
        return _listed(self.cleaned_data["numbers"])

    def clean_compensation(self) -> tuple[str, ...]:
        return _listed(self.cleaned_data["compensation"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            said["asked"] = Asked(**{name: said[name] or "" for name in ASKED} | _lists(said))
        return said


ASKED = ("works", "other", "subsidy", "key", "within", "rounding")


class KeepPlan(WhatIf, Keyed):
    """The same, with the name under which it is kept."""

    name = PlainText(label=_("Name of the proposal"), max_length=60)


def typed_again(asked: dict[str, Any]) -> dict[str, str]:
    """What was chosen, as the form's fields hold it."""
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in asked.items()}


def _lists(said: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {"numbers": said["numbers"] or (), "compensation": said["compensation"] or ()}


def _listed(given: str) -> tuple[str, ...]:
    """Numbers of one line. Raises ValidationError, which names the first that is none."""
    parts = columns_of(given)
    numbers = [number_in(part) for part in parts]
    if None in numbers:
        wrong = parts[numbers.index(None)]
        told = gettext("“%(given)s” is no number. Write one for each floor, like this: 0, 0.5, 1, 1.1.")
        raise forms.ValidationError(told % {"given": wrong[:20]}, code="number")
    return tuple(number for number in numbers if number is not None)
