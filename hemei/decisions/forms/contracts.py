"""The contract's terms, and what is typed when somebody signs, compares, ends it or reckons what a late joiner pays."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hemei.base.fields import Day, Keyed
from hemei.base.numbers import Number
from hemei.base.text import PlainText
from hemei.base.uploads import PictureField
from hemei.decisions import contracting

SUM_MAX = 10_000_000  # yuan a year: our choice, a thousand times what a lift runs for
LIFE_MAX = 60  # years: our choice, longer than any lift lasts


class WriteContract(Keyed):
    """Every term may be left empty in a draft; the page says what is missing."""

    title = PlainText(label=_("Title"), max_length=120)
    text = PlainText(
        label=contracting.TERMS["text"],
        help_text=_("Design, price, the builder's duties, what happens in a dispute, how one leaves before the works."),
        max_length=8000,
        lines=True,
        required=False,
    )
    builder = PlainText(label=contracting.TERMS["builder"], max_length=80, required=False)
    manager = PlainText(
        label=contracting.TERMS["manager"],
        help_text=_("Whoever is named here answers for the lift. Where nobody is, all owners together do."),
        max_length=80,
        required=False,
    )
    running_yuan_a_year = Number(
        label=_("Running cost of a year, in yuan"),
        help_text=_("Power, maintenance, inspection, insurance."),
        most=SUM_MAX,
        required=False,
    )
    running_key = PlainText(
        label=contracting.TERMS["running_key"],
        help_text=_("A key of its own, like this: floor 1 nothing, the others by storeys climbed."),
        max_length=200,
        required=False,
    )
    reserve_yuan = Number(label=_("Laid by each year for repairs, in yuan"), most=SUM_MAX, required=False)
    inspections = PlainText(
        label=contracting.TERMS["inspections"],
        help_text=_("The yearly inspection is asked for one month before the last one runs out."),
        max_length=400,
        lines=True,
        required=False,
    )
    warranty = PlainText(label=contracting.TERMS["warranty"], max_length=400, lines=True, required=False)
    life_years = Number(
        label=contracting.TERMS["life_years"],
        help_text=_("15 or 20 years are usual. The share falls evenly and is nothing at the end."),
        least=1,
        most=LIFE_MAX,
        places=0,
        required=False,
    )
    late_text = PlainText(label=contracting.TERMS["late_text"], max_length=600, lines=True, required=False)
    sale_text = PlainText(
        label=contracting.TERMS["sale_text"],
        help_text=_("Duties follow the home: the buyer takes over what is still owed, and is told before buying."),
        max_length=600,
        lines=True,
        required=False,
    )
    compensation = PlainText(
        label=contracting.TERMS["compensation"],
        help_text=_("Who receives what, and when. Write it too where nobody receives anything."),
        max_length=600,
        lines=True,
        required=False,
    )

    def clean_running_yuan_a_year(self) -> Decimal | None:
        return _sum(self.cleaned_data["running_yuan_a_year"])

    def clean_reserve_yuan(self) -> Decimal | None:
        return _sum(self.cleaned_data["reserve_yuan"])

    def clean_life_years(self) -> int | None:
        given = self.cleaned_data["life_years"]
        return int(given) if given else None


def _sum(given: str) -> Decimal | None:
    return Decimal(given).quantize(Decimal("0.01")) if given else None


class SignContract(Keyed):
    """homes: keys and names of the homes that the reader may still sign for."""

    key = forms.ChoiceField(label=_("For which home?"), widget=forms.RadioSelect)
    read = forms.BooleanField(label=_("I have read the contract and its table of costs, and sign it for this home."))

    def __init__(self, *words: Any, homes: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["key"].choices = list(homes)  # type: ignore[attr-defined]
        if len(homes) == 1:
            self.fields["key"].initial = homes[0][0]


class EnterSignature(Keyed):
    """signers: home and owner as `queries.contracts.signer_value` has them, and as the desk calls them.

    Clean: `key` and `owner` besides.
    """

    signer = forms.ChoiceField(label=_("Who signed, for which home?"))
    signed_on = Day(label=_("Signed on"), help_text=_("The day on the paper."))
    photo = PictureField(label=_("Photo of the signed page"))

    def __init__(self, *words: Any, signers: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["signer"].choices = [("", _("Choose")), *signers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "signer" in said:
            said["key"], said["owner"] = map(unquote, said["signer"].split(" "))
        return said


class ConfirmSignature(forms.Form):
    agrees = forms.ChoiceField(
        label=_("Does the entry say what the paper says?"),
        choices=[("yes", _("Yes, home, person and day agree")), ("no", _("No, it does not agree"))],
        widget=forms.RadioSelect,
    )
    why = PlainText(label=_("What does not agree?"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("agrees") == "no" and not said.get("why") and "why" not in self.errors:
            self.add_error("why", gettext("Write what does not agree, for whoever entered it."))
        return said


class EndContract(forms.Form):
    why = PlainText(
        label=_("Why does it end?"),
        help_text=_("Everybody reads this. Name no home and no person."),
        max_length=400,
        lines=True,
    )


class JoinLate(forms.Form):
    """homes: keys and names of the homes of the plan."""

    late_home = forms.ChoiceField(label=_("Which home joins later?"))
    late_years = Number(label=_("After how many years?"), most=LIFE_MAX, places=1)

    def __init__(self, *words: Any, homes: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["late_home"].choices = list(homes)  # type: ignore[attr-defined]


class SellHome(forms.Form):
    """homes: keys and names of the homes of the plan."""

    sold_home = forms.ChoiceField(label=_("Which home is sold?"))
    sold_paid = Number(label=_("Paid for it so far, in yuan"), most=SUM_MAX)

    def __init__(self, *words: Any, homes: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["sold_home"].choices = list(homes)  # type: ignore[attr-defined]
