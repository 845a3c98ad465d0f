"""What a field says when something is wrong with it, for fields that say nothing of their own.

Django's sentences name the rule; these say what is wrong and what to do, as everywhere in the house.
"""

from django import forms
from django.core import validators
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

NUMBER = _("Please write a number, in figures.")
NOT_THERE = _("“%(value)s” is not one of the choices. Please choose one that is shown.")
NOT_THERE_ANY_MORE = _("What you chose is not there any more. Please choose one that is shown.")
NOT_A_LIST = _("That choice did not arrive whole. Please choose again.")
NO_FILE = _("No file was chosen yet. Please choose one.")
NOT_ARRIVED = _("The file did not arrive. Please choose it again and send it once more.")

WHOLE_ADDRESS = _("Write the whole address, like this: https://example.org.")

FIELDS: dict[type[forms.Field], dict[str, str | Promise]] = {
    forms.Field: {"required": _("This is still empty. Please fill it in.")},
    forms.IntegerField: {"invalid": _("Please write a whole number, in figures.")},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {"invalid": NUMBER},
    forms.DateField: {"invalid": _("Write the day like this: 2026-09-14.")},
    forms.TimeField: {"invalid": _("Write the time like this: 18:30.")},
    forms.DateTimeField: {"invalid": _("Write day and time like this: 2026-09-14 18:30.")},
    forms.BooleanField: {"required": _("Please tick this; without it, it cannot go on.")},
    forms.ChoiceField: {"required": _("Nothing is chosen yet. Please choose."), "invalid_choice": NOT_THERE},
    forms.MultipleChoiceField: {"invalid_choice": NOT_THERE, "invalid_list": NOT_A_LIST},
    forms.ModelChoiceField: {"invalid_choice": NOT_THERE_ANY_MORE},
    forms.ModelMultipleChoiceField: {
        "invalid_list": NOT_A_LIST,
        "invalid_choice": NOT_THERE_ANY_MORE,
        "invalid_pk_value": NOT_THERE_ANY_MORE,
    },
    forms.FileField: {
        "required": NO_FILE,
        "invalid": NOT_ARRIVED,
        "missing": NO_FILE,
        "empty": _("The file is empty. Please choose another one."),
        "max_length": _("The name of the file is too long. Please give it a shorter one."),
    },
    forms.ImageField: {"invalid_image": _("This is not a picture that can be read. Please choose another one.")},
    forms.URLField: {"invalid": WHOLE_ADDRESS},
    forms.UUIDField: {"invalid": _("This form is not whole. Open the page again and send it from there.")},
}
VALIDATORS: dict[type, str | Promise] = {
    validators.RegexValidator: _("It is not written as it should be. The help beside it says how."),
    validators.EmailValidator: _("Write the address like this: name@example.org."),
    validators.URLValidator: WHOLE_ADDRESS,
    validators.MinValueValidator: _("It has to be %(limit_value)s at least."),
    validators.MaxValueValidator: _("It can be %(limit_value)s at most."),
    validators.MinLengthValidator: ngettext_lazy(
        "At least %(limit_value)d character is needed, and you wrote %(show_value)d.",
        "At least %(limit_value)d characters are needed, and you wrote %(show_value)d.",
        "limit_value",
    ),
    validators.MaxLengthValidator: ngettext_lazy(
        "At most %(limit_value)d character fits here, and you wrote %(show_value)d. Nothing you typed is lost.",
        "At most %(limit_value)d characters fit here, and you wrote %(show_value)d. Nothing you typed is lost.",
        "limit_value",
    ),
    validators.ProhibitNullCharactersValidator: _(
        "There are control characters in it that cannot be shown. Please type it anew."
    ),
}


def speak_plainly() -> None:
    """Put these words where Django's fields and validators keep theirs. A field's own `error_messages` still win."""
    for field, words in FIELDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
    for validator, told in VALIDATORS.items():
        validator.message = told
