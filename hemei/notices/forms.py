"""The forms of this room; their fields are the actions' arguments."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hemei.base import clock
from hemei.base.fields import Day, Keyed, Moment
from hemei.base.text import PlainText
from hemei.base.uploads import PictureField
from hemei.notices import gate
from hemei.notices.models import BODY_MAX, TITLE_MAX, WHY_MAX, Preference

KEY_MAX = 2**63 - 1


class Keys(forms.Field):
    """Ticked boxes whose values are keys of rows; what is no key is taken for nothing."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        return [int(key) for key in value or () if key.isascii() and key.isdigit() and int(key) <= KEY_MAX]


def local_minute() -> str:
    return timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")


# posted notices


class MakeSheet(Keyed):
    title = PlainText(
        label=_("Title"), help_text=_("What it is about, as it is read from three steps away."), max_length=TITLE_MAX
    )
    text = PlainText(
        label=_("Text"),
        help_text=_("What, where, when, and whom to ask. Twenty lines of thirty characters fit on the sheet."),
        max_length=BODY_MAX,
        lines=True,
    )
    matter = forms.TypedChoiceField(
        label=_("Which matter is it about?"), required=False, coerce=int, empty_value=None, choices=[("", _("None"))]
    )
    language = forms.ChoiceField(label=_("The sheet is in"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE)

    def __init__(self, *words: Any, matters: list[Any], **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["text"].widget.attrs["rows"] = 10
        self.fields["matter"].choices += [(one.pk, one.title) for one in matters]  # type: ignore[attr-defined]


class VoidSheet(forms.Form):
    why = PlainText(
        label=_("Why does it not hold any more?"),
        help_text=_("Whoever scans the sheet reads this first."),
        max_length=WHY_MAX,
        lines=True,
    )


class PostSheet(Keyed):
    place = forms.TypedChoiceField(label=_("Where does it hang?"), coerce=int)
    posted_at = Moment(label=_("Since when?"), initial=local_minute)
    photo = PictureField(
        label=_("A photo of it"),
        help_text=_("It proves the day. Position and camera data are taken out; let nobody be in the picture."),
        required=False,
    )

    def __init__(self, *words: Any, places: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["place"].choices = [("", _("Choose a place")), *places]  # type: ignore[attr-defined]


class TakeDown(forms.Form):
    removed_at = Moment(label=_("When was it taken down?"), initial=local_minute)


# the inbox


class MarkRead(forms.Form):
    """notice: this one; up_to: all up to it."""

    notice = forms.IntegerField(min_value=1, max_value=KEY_MAX, required=False)
    up_to = forms.IntegerField(min_value=1, max_value=KEY_MAX, required=False)
    back = forms.IntegerField(min_value=0, max_value=KEY_MAX, required=False)


class Preferences(forms.Form):
    """One choice for each topic; by phone only where there is a number."""

    def __init__(self, *words: Any, has_phone: bool, **more: Any) -> None:
        super().__init__(*words, **more)
        by_phone = (Preference.Way.URGENT, Preference.Way.PHONE)
        choices = [(way, name) for way, name in Preference.Way.choices if has_phone or way not in by_phone]
        for topic, name in gate.TOPICS.items():
            self.fields[topic] = forms.ChoiceField(label=name, choices=choices, widget=forms.RadioSelect)


# notices on paper


class MarkPrinted(forms.Form):
    messages = Keys(required=False)


class MarkCarried(forms.Form):
    messages = Keys(required=False)
    on = Day(label=_("Handed over on"), initial=lambda: timezone.localdate(clock.now()))
