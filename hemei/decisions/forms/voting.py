"""Forms of those who run a vote: their fields are the actions' arguments."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemei.base import clock
from hemei.base.fields import Day, Keyed, Moment
from hemei.base.text import PlainText
from hemei.base.uploads import DocumentField, PictureField
from hemei.decisions import rules
from hemei.decisions.actions.delivering import BY_HAND
from hemei.decisions.actions.preparing import GROUP_MAX
from hemei.decisions.models import Decision, Service
from hemei.decisions.models.acts import Choice
from hemei.decisions.models.decision import Subject
from hemei.decisions.signers import OTHER, Signer
from hemei.people.models import Person

HOMES_LENGTH = 60_000  # GROUP_MAX keys, as they are long in an old estate


class Homes(PlainText):
    """Keys of units as the roll has them, one on each line or separated by spaces and commas; a list of them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(lines=True, max_length=HOMES_LENGTH, required=False, **more)
        self.widget.attrs["rows"] = 3

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        typed = super().clean(value)
        for mark in "，、；,;\n":
            typed = typed.replace(mark, " ")
        keys = list(dict.fromkeys(typed.split()))
        if len(keys) > GROUP_MAX:
            raise ValidationError(_("At most %(count)d homes can be named.") % {"count": GROUP_MAX})
        return keys

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class _Draft(forms.Form):
    """What a draft says; `day` is the day whose rules are offered."""

    subject = forms.ChoiceField(label=_("What is decided?"), choices=Subject)
    question = PlainText(
        label=_("The question"),
        help_text=_("One sentence that is answered with for, against or abstain. It is printed on the ballot."),
        max_length=200,
    )
    question_en = PlainText(label=_("The question in English"), max_length=400, required=False)
    text = PlainText(
        label=_("What is voted on, in full"),
        help_text=_("Nothing but this can be decided. Amounts, who pays, who builds."),
        max_length=8000,
        lines=True,
        required=False,
    )
    text_en = PlainText(label=_("The same in English"), max_length=16000, lines=True, required=False)
    paper = DocumentField(label=_("Or as a paper"), help_text=_("PDF or picture."), required=False)
    rule_id = forms.ChoiceField(
        label=_("By which rule?"),
        help_text=_(
            "The rule stays for good, whatever the law becomes. One that is not checked needs an administrator."
        ),
    )
    opens_at = Moment(label=_("It opens"))
    closes_at = Moment(label=_("It closes"), help_text=_("At this second. At least five days after it opens."))
    notice_days = forms.IntegerField(
        label=_("Full days the owners are told before"), min_value=0, max_value=365, initial=15
    )
    posting_days = forms.IntegerField(
        label=_("Days the result hangs for objections"), min_value=1, max_value=365, initial=10
    )
    online = forms.BooleanField(
        label=_("Owners may also vote on screen"),
        help_text=_("On paper everybody may, always."),
        required=False,
        initial=True,
    )
    proxies_max = forms.IntegerField(
        label=_("For how many owners may one person vote?"),
        help_text=_("As your rules of procedure say. Empty: as the rule says."),
        min_value=0,
        max_value=100,
        required=False,
    )
    silence_text = PlainText(
        label=_("Your rules' own words on silence"),
        help_text=_(
            "Only if your rules of procedure let silent votes join the majority: copy the sentence word for word. "
            "It holds only for homes with proof that their ballot was delivered. Left empty, silence counts nowhere."
        ),
        max_length=2000,
        lines=True,
        required=False,
    )
    linked = forms.ModelChoiceField(
        label=_("The estate's ballot behind it"),
        help_text=_("Where common land is used the whole estate votes as well, and both must pass."),
        queryset=Decision.objects.none(),
        required=False,
    )
    only = Homes(
        label=_("Only these homes vote"),
        help_text=_("Keys as on the roll, as 03/1/0101. Empty: all homes of the place."),
    )
    affected = Homes(
        label=_("Homes whose own part is taken"),
        help_text=_("Their owners must all agree besides, whatever the vote says. Keys as on the roll."),
    )

    def __init__(self, *args: Any, day: date, linked: Any, lift: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["rule_id"].choices = rules.choices(self._day(day))
        self.fields["linked"].queryset = linked
        if lift:
            del self.fields["subject"]

    def _day(self, day: date) -> date:
        """The day it opens, as typed: the rules of that day are offered."""
        if not self.is_bound:
            return day
        try:
            opens_at = self.fields["opens_at"].clean(self.data.get(self.add_prefix("opens_at")))
        except ValidationError:
            return day
        return timezone.localdate(opens_at) if opens_at else day


class ProposeDecision(_Draft, Keyed):
    """A new draft."""


class CorrectDecision(_Draft):
    """Other words for a draft."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class AttestRule(forms.Form):
    source = PlainText(
        label=_("Where does its text stand?"),
        help_text=_("Title, number and article, as somebody can find it."),
        max_length=300,
    )
    valid_from = Day(label=_("From which day does it apply?"))


class NameCounters(forms.Form):
    first = forms.ModelChoiceField(label=_("First counter"), queryset=Person.objects.none())
    second = forms.ModelChoiceField(label=_("Second counter"), queryset=Person.objects.none())

    def __init__(self, *args: Any, persons: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("first", "second"):
            field = self.fields[name]
            field.queryset = persons
            field.label_from_instance = lambda person: person.name or str(person)  # type: ignore[attr-defined]


class CancelDecision(forms.Form):
    why = PlainText(label=_("Why?"), help_text=_("Everybody may read it, and it stays."), max_length=400, lines=True)


class PrintBallots(Keyed):
    homes = Homes(
        label=_("Only for these homes"),
        help_text=_("Keys as on the roll, as 03/1/0101. Empty: every home that has none yet."),
    )


class VoidPaper(forms.Form):
    why = PlainText(label=_("Why?"), help_text=_("Lost, printed badly, written off."), max_length=200)


class Deliver(Keyed):
    homes = forms.MultipleChoiceField(
        label=_("Homes it was delivered to"), choices=[], widget=forms.CheckboxSelectMultiple
    )
    how = forms.ChoiceField(
        label=_("How?"), choices=[(how.value, how.label) for how in BY_HAND], widget=forms.RadioSelect
    )
    delivered_at = Moment(label=_("When?"), help_text=_("Empty: now."), required=False)
    to = PlainText(
        label=_("Who took it?"), help_text=_("As: the owner, a son, the letter box."), max_length=60, required=False
    )
    proof = forms.BooleanField(
        label=_("I have seen a signature or a receipt"),
        help_text=_("Only then silence can count, where your rules say so."),
        required=False,
    )
    photo = PictureField(label=_("A photo of the list or the receipt"), required=False)

    def __init__(self, *args: Any, homes: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["homes"].choices = list(homes)


HOW = dict(Service.How.choices)


class FindPaper(forms.Form):
    """The serial, typed or scanned."""

    serial = PlainText(
        label=_("Serial of the ballot"),
        help_text=_("As 12-0034-ABCD, beside the square code. A scanner types it by itself."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )


class SignerField(forms.ChoiceField):
    """Who may have signed is read for the page; what was sent is the action's to decide, which asks less for it."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 200


class _Read(forms.Form):
    """What a clerk reads on a ballot. Nothing is chosen beforehand, and no choice is easier than another."""

    signer = SignerField(label=_("Who signed?"), choices=[], widget=forms.RadioSelect)
    other_name = PlainText(
        label=_("The name as written, if somebody else signed"),
        help_text=_("It is recorded and changes nothing: only owners and their agents vote."),
        max_length=60,
        required=False,
    )
    choice = forms.ChoiceField(
        label=_("What is ticked?"),
        help_text=_("Spoiled: two ticks, none, or none that can be read."),
        choices=Choice.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, signers: Callable[[], Iterable[Signer]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["signer"].choices = lambda: [
            *((one.value, _called(one)) for one in signers()),
            (OTHER, _("Somebody else")),
        ]


def _called(signer: Signer) -> str:
    if not signer.for_owner:
        return signer.name
    return str(_("%(agent)s, agent of %(owner)s") % {"agent": signer.name, "owner": signer.for_name})


class EnterPaper(_Read, Keyed):
    signed_on = Day(label=_("Date beside the signature"), required=False)
    received_at = Moment(
        label=_("It came in earlier today"),
        help_text=_("Only with the list of receipts at hand; it stays readable as stated. Empty: now."),
        required=False,
    )
    photo = PictureField(label=_("Photo of the ballot"), help_text=_("The second clerk reads from it."))
    field_order = ("signer", "other_name", "choice", "signed_on", "photo", "received_at")


class ConfirmPaper(FindPaper, _Read):
    """The same again, from the paper or its photo."""

    field_order = ("serial", "signer", "other_name", "choice")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["serial"].widget.attrs.pop("autofocus", None)


class SlipsCarried(forms.Form):
    up_to = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


STATES = (
    ("going", pgettext_lazy("votes", "Running")),
    ("ahead", pgettext_lazy("votes", "Opening soon")),
    ("counted", pgettext_lazy("votes", "Counted")),
    ("ended", pgettext_lazy("votes", "Cancelled")),
    ("draft", pgettext_lazy("votes", "Being prepared")),
)


def today() -> date:
    return timezone.localdate(clock.now())
