"""What forms of every room share: a day, a moment, and the key by which a form has one effect."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # a moment before it is a slip of the hand


class Keyed(forms.Form):
    """A form that has one effect however often it is sent (`base.form_keys`)."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class Day(forms.DateField):
    """A day, chosen from a calendar or typed as 2026-09-14."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class Moment(forms.DateTimeField):
    """A day and a time of day, as the street's clocks show them, chosen or typed as 2026-09-14 18:30."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **more)

    def to_python(self, value: Any) -> datetime | None:
        at = super().to_python(value)
        if at is not None and at < EARLIEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return at
