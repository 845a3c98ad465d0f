"""What is typed when signing in and on one's own page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hemei.base.errors import Refused
from hemei.base.fields import Keyed
from hemei.base.text import PlainText
from hemei.people import phones
from hemei.people.codes import bare

CODE_MAX = 40


class PhoneField(forms.CharField):
    """A telephone number as people write it; the value is its one form (E.164)."""

    def __init__(self, **more: Any) -> None:
        attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": phones.TYPED_MAX}
        more.setdefault("label", _("Telephone number"))
        more.setdefault("error_messages", {"required": _("Write your telephone number.")})
        super().__init__(widget=forms.TextInput(attrs=attrs), **more)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return phones.read(typed) if typed else ""
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code="phone") from refusal


class CodeField(forms.CharField):
    """A code as it was read off a screen or a slip; spaces and hyphens count for nothing."""

    def __init__(self, **more: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": CODE_MAX, "spellcheck": "false"}
        more.setdefault("label", _("Code"))
        more.setdefault("error_messages", {"required": _("Write the code.")})
        super().__init__(widget=forms.TextInput(attrs=attrs), **more)

    def to_python(self, value: Any) -> str:
        return bare(super().to_python(value) or "")


class PasswordField(forms.CharField):
    """Kept as typed, spaces too; never shown again, also not after a mistake."""

    def __init__(self, *, autocomplete: str, **more: Any) -> None:
        more.setdefault("label", _("Password"))
        more.setdefault("error_messages", {"required": _("Write the password.")})
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "maxlength": 200})
        super().__init__(widget=widget, strip=False, max_length=200, **more)


class AskCode(Keyed):
    phone = PhoneField(help_text=_("We send a code to it. Whether you have been here before makes no difference."))


class TypeCode(forms.Form):
    code = CodeField(label=_("The code you got"), help_text=_("Six digits. It counts for ten minutes."))


class TypeSlip(forms.Form):
    code = CodeField(label=_("Code on the slip"), help_text=_("Twelve digits. Each line of the slip counts once."))


class TypeFirst(forms.Form):
    code = CodeField(label=_("Code for the first sign-in"), help_text=_("Twelve digits. It counts once."))


class StaffSignIn(forms.Form):
    phone = PhoneField()
    password = PasswordField(autocomplete="current-password")
    code = CodeField(label=_("Code of the authenticator app"), help_text=_("Six digits, new every half minute."))


class AnswerOfPasskey(forms.Form):
    answer = forms.CharField(
        widget=forms.HiddenInput,
        max_length=20_000,
        error_messages={"required": _("The browser gave no passkey. Try once more, or use password and app.")},
    )
    asked = forms.CharField(widget=forms.HiddenInput, max_length=2_000)


class AddPasskey(AnswerOfPasskey):
    called = PlainText(
        label=_("What do you call this device?"), max_length=60, help_text=_("So that you know it again in the list.")
    )


class ChangeProfile(forms.Form):
    nickname = PlainText(
        label=_("What neighbours read"),
        max_length=40,
        required=False,
        help_text=_("It stands beside your words. Left empty, it says “a resident”."),
    )
    name = PlainText(
        label=_("Your name"),
        max_length=60,
        required=False,
        help_text=_("For letters and slips. Neighbours do not see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Messages to you are written in"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class SayNickname(forms.Form):
    nickname = PlainText(
        label=_("What shall neighbours read beside your words?"),
        max_length=40,
        required=False,
        help_text=_("A nickname is fine. Left empty, it says “a resident”."),
    )


class ChoosePassword(forms.Form):
    password = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=_("At least 10 characters. Four words in a row do well."),
    )


class SetUpApp(forms.Form):
    asked = forms.CharField(widget=forms.HiddenInput, max_length=500)
    code = CodeField(label=_("The code the app shows now"))


class AskPhoneChange(Keyed):
    phone = PhoneField(label=_("New number"))


class ChangePhone(forms.Form):
    old_code = CodeField(label=_("Code that came to your present number"))
    code = CodeField(label=_("Code that came to the new number"))


class CloseAccount(forms.Form):
    sure = forms.BooleanField(
        label=_("I have read it. Close my account."),
        error_messages={"required": _("Tick the box when you are sure.")},
    )
