"""What was said for a unit, by whom, on what way: append-only. What it is worth is the engine's to say."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from hemei.base.models import Upload
from hemei.decisions.models.ballots import Paper, Slot
from hemei.decisions.models.decision import Decision
from hemei.people.models import Person


class Choice(models.TextChoices):
    FOR = "for", pgettext_lazy("a vote", "For")  # 同意
    AGAINST = "against", pgettext_lazy("a vote", "Against")  # 反对
    ABSTAIN = "abstain", pgettext_lazy("a vote", "Abstain")  # 弃权
    SPOILED = "spoiled", pgettext_lazy("a vote", "Spoiled")  # 废票: two marks, or none that can be read


class Authority(models.Model):
    """An owner gave somebody the power to vote for a unit (授权委托书): scope, instruction, end, and its scan.

    owner: code on the roll. agent: "agent:<key of this row's first grant to the same person>", so that the limit of
    principals counts persons. Two clerks: one enters it, another confirms; online by the owner's own hand it holds at
    once. number: among the acts of the decision, one order for all.
    """

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="authorities")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="authorities")
    owner = models.CharField(max_length=80)
    agent = models.CharField(max_length=80)
    agent_name = models.CharField(max_length=60)
    agent_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written = models.BooleanField(default=False)
    scan = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    instruction = models.CharField(max_length=7, choices=Choice, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()  # received
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {
        "owner": "who gave the authority",
        "agent": "who may vote for the owner",
        "agent_name": "who may vote for the owner",
        "agent_person": "to let the agent vote on screen",
        "instruction": "what the owner wants to be voted",
        "given_by": "who gave it",
        "entered_by": "who typed it",
        "confirmed_by": "who checked it",
    }
    sealed = (
        "slot_id", "owner", "agent", "agent_name", "agent_person_id", "written", "scan_id", "instruction", "expires_at",
        "at", "given_by_id", "entered_by_id", "confirmed_by_id", "confirmed_at", "refused_at", "refused_why",
        "withdrawn_at",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(entered_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="two_clerks_for_an_authority",
            ),
        ]
        indexes = [models.Index(fields=["decision", "at", "id"], name="authorities_in_order")]


class Act(models.Model):
    """One act for one unit: a vote, or its revocation. Never changed but by the second clerk's word; never deleted.

    by: who acts, an owner's code on the roll or an agent's key; for_owner: the owner's code when an agent acts; one of
    somebody who is not on the roll has by "?<name>" and changes nothing. at: when it was received; order of receipt,
    then `number`, counts. entered_at: when a paper was typed, where its clerk stated an earlier receipt. A paper act
    counts once a second clerk confirmed it; refused_at: the second clerk found that the entry does not say what the
    paper says. person: the account that acted on screen.
    """

    class Kind(models.TextChoices):
        CAST = "cast", pgettext_lazy("an act", "Vote")
        REVOKE = "revoke", pgettext_lazy("an act", "Taken back")

    class Channel(models.TextChoices):
        SCREEN = "screen", pgettext_lazy("an act", "On screen")
        PAPER = "paper", pgettext_lazy("an act", "On paper")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="acts")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="written")
    number = models.PositiveIntegerField()  # counted in the slot
    kind = models.CharField(max_length=6, choices=Kind)
    channel = models.CharField(max_length=6, choices=Channel)
    by = models.CharField(max_length=80)
    for_owner = models.CharField(max_length=80, blank=True)
    choice = models.CharField(max_length=7, choices=Choice, blank=True)
    at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    photo = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="acts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_why = models.CharField(max_length=200, blank=True)
    form_key = models.UUIDField()
    personal = {
        "by": "who acted for the home",
        "for_owner": "for whom an agent acted",
        "choice": "to count the decision",
        "person": "who acted on screen",
        "entered_by": "who typed the paper",
        "confirmed_by": "who checked the entry",
    }
    sealed = (
        "decision_id", "slot_id", "number", "kind", "channel", "by", "for_owner", "choice", "at", "entered_at",
        "signed_on", "paper_id", "photo_id", "authority_id", "person_id", "entered_by_id", "confirmed_by_id",
        "confirmed_at", "refused_at", "refused_why",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "number"], name="acts_of_a_slot_are_counted"),
            models.UniqueConstraint(fields=["decision", "form_key"], name="one_act_for_each_form"),
            models.UniqueConstraint(fields=["paper"], condition=Q(refused_at=None), name="a_ballot_is_entered_once"),
            models.CheckConstraint(
                condition=Q(kind="cast") & ~Q(choice="") | Q(kind="revoke", choice=""), name="a_vote_has_a_choice"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")), name="two_clerks_for_a_paper_act"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None), name="a_paper_act_is_decided_once"
            ),
            models.CheckConstraint(
                condition=~Q(channel="paper") | Q(entered_by__isnull=False), name="a_paper_act_was_typed_by_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["decision", "at", "id"], name="acts_in_order"),
            models.Index(
                fields=["decision", "id"],
                condition=Q(channel="paper", confirmed_at=None, refused_at=None),
                name="acts_that_wait",
            ),
        ]

    @property
    def counts(self) -> bool:
        """Whether the engine is told of it: on screen at once, on paper once confirmed."""
        return self.channel == self.Channel.SCREEN or self.confirmed_at is not None


class Challenge(models.Model):
    """An owner says that an act for their home was not theirs (异议): looked at by somebody who did not enter it."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="challenges")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=60, blank=True)  # at the counter, without an account
    words = models.CharField(max_length=600)
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=600, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField(unique=True)
    personal = {
        "by": "to answer the owner",
        "by_name": "to answer the owner",
        "words": "the owner's own words",
        "answer": "what the owner was told",
        "answered_by": "who answered",
    }
    sealed = ("act_id", "by_id", "by_name", "words", "at", "upheld", "answer", "answered_at", "answered_by_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act"], condition=Q(answered_at=None), name="one_challenge_at_a_time"),
            models.CheckConstraint(condition=~Q(words=""), name="a_challenge_says_why"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | (Q(upheld__isnull=False) & ~Q(answer="")),
                name="a_challenge_is_answered_in_words",
            ),
        ]


class Voiding(models.Model):
    """An act is declared void before certification: two keys, a reason, and the challenge it came from, if any."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="voidings")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=400)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)
    personal = {
        "reason": "why it does not count",
        "proposed_by": "who turned the first key",
        "confirmed_by": "who turned the second key",
    }
    sealed = ("act_id", "reason", "proposed_by_id", "proposed_at", "confirmed_by_id", "confirmed_at", "declined_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act"], condition=Q(declined_at=None), name="an_act_is_voided_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="two_keys_for_a_voiding"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_voiding_has_a_reason"),
        ]
