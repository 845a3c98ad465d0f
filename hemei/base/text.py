"""Words people type: one field for all rooms, so that hostile or broken text meets the same clear answer everywhere."""

import hashlib
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would show the words in another order
UNSEEN = set("\u200b\u200e\u200f\u2060\ufeff\u00ad")  # nothing to see and nothing to say: left out
JOINERS = set("\u200c\u200d")  # belong between the parts of an emoji, nowhere else
MARKS_MAX = 4  # accents on one letter; more paint over the lines around


class PlainText(forms.CharField):
    """Plain words: NFC, trimmed, no control or direction characters; emoji and rare characters stay.

    lines: whether line breaks mean something. The length is counted in characters, after cleaning.
    """

    def __init__(self, *, lines: bool = False, max_length: int, **more: Any) -> None:
        self.lines, self.most = lines, max_length
        if lines:
            more.setdefault("widget", forms.Textarea(attrs={"rows": 4, "maxlength": max_length}))
        super().__init__(**more)
        self.validators = []  # what follows says it better
        if not lines:
            self.widget.attrs["maxlength"] = max_length

    def to_python(self, value: Any) -> str:
        # a megabyte is told by its length before anything is done with it
        if isinstance(value, str) and len(value) > 4 * self.most + 1000:
            raise ValidationError(self._too_long(len(value)), code="too_long")
        return cleaned(super().to_python(value) or "", lines=self.lines)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(self._too_long(len(value)), code="too_long")

    def _too_long(self, count: int) -> str:
        told = _("At most %(most)d characters fit here, and you wrote %(count)d. Nothing you typed is lost.")
        return str(told) % {"most": self.most, "count": count}


def cleaned(text: str, *, lines: bool = False) -> str:
    """`text` in NFC without what cannot be seen. Raises ValidationError for what would harm the page around it."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if not lines:
        text = text.replace("\n", " ")
    if TURNING & set(text):
        told = _("There are hidden characters in it that turn the direction of the words. Please type it anew.")
        raise ValidationError(told, code="turning")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text):
        told = _("There are control characters in it that cannot be shown. Please type it anew.")
        raise ValidationError(told, code="control")
    text = "".join(c for place, c in enumerate(text) if c not in UNSEEN and _joins(text, place))
    if _piled(text):
        raise ValidationError(_("There are too many accents on one letter in it. Please type it anew."), code="piled")
    return text.strip()


def searched(given: str, *, most: int) -> str:
    """What somebody looks for, as it can be asked and shown again; nothing, where it would harm the page."""
    try:
        return cleaned(given[: 4 * most])[:most].strip()
    except ValidationError:
        return ""


def _joins(text: str, place: int) -> bool:
    if text[place] not in JOINERS:
        return True
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(unicodedata.category(c) in ("So", "Sk", "Mn", "Lo", "Mc") for c in around)


def _piled(text: str) -> bool:
    piled = 0
    for c in text:
        piled = piled + 1 if unicodedata.combining(c) else 0
        if piled > MARKS_MAX:
            return True
    return False


def likeness(text: str) -> str:
    """Digest of what `text` says, without case, spaces, punctuation and width: the same for the same sentence."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(c for c in folded if unicodedata.category(c)[0] in "LNM") or folded.strip()
    return hashlib.sha256(bare.encode()).hexdigest()
