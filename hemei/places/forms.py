"""Forms of the address tree: their fields are the actions' arguments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.base.fields import Day, Keyed
from hemei.base.text import PlainText
from hemei.base.uploads import TableField
from hemei.places.actions.merging import PARTS_MAX, Part
from hemei.places.models import UNDER, Kind, Place
from hemei.places.names import FLOOR_MAX, FLOOR_MIN

ORDER_MAX = 2_147_483_647


class _Said(forms.Form):
    """What can be said of every place."""

    name = PlainText(label=_("Name"), max_length=80, help_text=_("As it stands on the sign."))
    name_en = PlainText(label=_("English name"), max_length=80, required=False)
    code = PlainText(
        label=pgettext_lazy("place", "Code"),
        max_length=40,
        required=False,
        help_text=_("What your lists call it, with its zeros. Left empty, it is the number in the name."),
    )
    address = PlainText(label=_("Address"), max_length=120, required=False)
    since = Day(label=_("Stands since"), required=False)


class AddStreet(_Said, Keyed):
    field_order = ("name", "name_en", "code")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].help_text = _("As it stands on the sign of the street office.")
        self.fields["code"].help_text = _(
            "The six digits or more of the official list; the command that imports places asks for it."
        )
        del self.fields["address"], self.fields["since"]


class AddPlace(_Said, Keyed):
    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind)
    floor = forms.IntegerField(
        label=_("Floor"), required=False, min_value=FLOOR_MIN, max_value=FLOOR_MAX, help_text=_("Only for a home.")
    )
    field_order = ("kind", "name", "name_en", "code", "address", "floor", "since")

    def __init__(self, parent: Place, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fitting = [kind for kind in Kind if Kind(parent.kind) in UNDER[kind]]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in fitting]
        if Kind.HOME not in fitting:
            del self.fields["floor"]


class CorrectPlace(_Said):
    order = forms.IntegerField(
        label=_("Place in the row"),
        min_value=0,
        max_value=ORDER_MAX,
        help_text=_("Smaller numbers come first, as counted on site."),
    )
    floor = forms.IntegerField(label=_("Floor"), required=False, min_value=FLOOR_MIN, max_value=FLOOR_MAX)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, place: Place, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].required = True
        if place.kind != Kind.HOME:
            self.fields["floor"].widget = forms.HiddenInput()


class ClosePlace(forms.Form):
    until = Day(label=_("Its last day"))


class _Changed(Keyed):
    on = Day(label=_("On which day?"))
    reason = PlainText(
        label=_("Why?"), max_length=400, lines=True, help_text=_("Everybody can read this on the page of the estate.")
    )
    source = PlainText(
        label=_("Where is that written?"), max_length=400, required=False, help_text=_("A decision or a document.")
    )


class MergeEstates(_Changed):
    estates = forms.ModelMultipleChoiceField(
        label=_("Which estates become one?"), queryset=Place.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    name = PlainText(label=_("Name of the new estate"), max_length=80)
    name_en = PlainText(label=_("English name"), max_length=80, required=False)
    code = PlainText(label=pgettext_lazy("place", "Code"), max_length=40, required=False)
    field_order = ("estates", "name", "name_en", "code", "on", "reason", "source")

    def __init__(self, area: Place, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        estates = Place.objects.filter(parent=area, kind=Kind.ESTATE, until=None).order_by("order", "pk")
        self.fields["estates"].queryset = estates


class SplitEstate(_Changed):
    """A name for each part, and for everything that stands in the estate the number of its part."""

    def __init__(self, children: list[Place], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.children = children
        for number in range(1, PARTS_MAX + 1):
            what = {"number": number}
            self.fields[f"name{number}"] = PlainText(
                label=_("Name of new estate %(number)d") % what, max_length=80, required=number <= 2
            )
            self.fields[f"code{number}"] = PlainText(
                label=_("Code of new estate %(number)d") % what, max_length=40, required=False
            )
        choices = [("", "—"), *((str(number), str(number)) for number in range(1, PARTS_MAX + 1))]
        for child in children:
            self.fields[f"to{child.pk}"] = forms.ChoiceField(label=child.name, choices=choices)
        parts = [f"{what}{number}" for number in range(1, PARTS_MAX + 1) for what in ("name", "code")]
        self.order_fields([*parts, *(f"to{child.pk}" for child in children), "on", "reason", "source"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for child in self.children:
            number = said.get(f"to{child.pk}")
            if number and not said.get(f"name{number}"):
                self.add_error(f"to{child.pk}", _("This new estate has no name yet."))
        return said

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        parts = [
            Part(
                name=said[f"name{number}"],
                code=said[f"code{number}"],
                children=frozenset(child.pk for child in self.children if said[f"to{child.pk}"] == str(number)),
            )
            for number in range(1, PARTS_MAX + 1)
            if said[f"name{number}"]
        ]
        return {"parts": parts, **{field: said[field] for field in ("on", "reason", "source", "form_key")}}


class SendList(Keyed):
    street = forms.ModelChoiceField(label=_("Street"), queryset=Place.objects.none(), empty_label=None)
    file = TableField(label=_("The list"), help_text=_("CSV or XLSX, one row a home, at most 20 MB."))

    def __init__(self, streets: list[Place], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["street"].queryset = Place.objects.filter(pk__in=[street.pk for street in streets]).order_by("pk")
        if len(streets) == 1:
            self.fields["street"].widget = forms.HiddenInput()
            self.fields["street"].initial = streets[0].pk
