"""A guest gets an account: what the guest answered and said becomes the account's. Nothing is lost, nothing doubled."""

from datetime import datetime
from typing import Any

from django.db.models import F

from hemei.consultations import steps
from hemei.consultations.models import Answer, Argument, Participant, Statement
from hemei.ledger import steps as ledger
from hemei.people.models import Person


def answers(*, guest: Person, account: Person, actor: Any, at: datetime) -> None:
    """The guest's place becomes the account's; where the account has its own, the two become one.

    Answered both the same statement, then the account's answer stands and the guest's is not counted any more.
    """
    places = Participant.objects.filter(person=guest, merged_into=None).order_by("consultation_id")
    for theirs in places.select_related("consultation"):
        consultation = steps.locked(theirs.consultation)
        own = Participant.objects.filter(consultation=consultation, person=account).first()
        counted = {"participants": 0, "votes": 0}
        if own is None:
            theirs.person = account
            theirs.save(update_fields=["person"])
        else:
            counted = {"participants": -1, "votes": -_join(theirs, own, consultation, actor, at)}
            theirs.merged_into = own
            theirs.save(update_fields=["merged_into"])
        steps.touch(consultation, **counted)
        ledger.record(
            subject=consultation.matter,
            actor=actor,
            verb="consultations.taken_over",
            at=at,
            private={"guest": guest.pk, "account": account.pk, "participant": theirs.number},
            quiet=True,
        )


def _join(theirs: Participant, own: Participant, consultation: Any, actor: Any, at: datetime) -> int:
    """The guest's standing answers go to the account's place. Returns how many were answered by both."""
    answered = set(own.votes.filter(current=True).values_list("statement_id", flat=True))
    doubled = 0
    for vote in theirs.votes.filter(current=True).order_by("pk"):
        if vote.statement_id in answered:
            column = steps.COUNTED[Answer(vote.answer)]
            steps.set_aside(vote, consultation=consultation, actor=actor, at=at)
            Statement.objects.filter(pk=vote.statement_id).update(**{column: F(column) - 1})
            doubled += 1
            continue
        vote.participant = own
        if own.votes.filter(form_key=vote.form_key).exists():
            vote.form_key = None  # the account sent the same form; its row keeps the key
        vote.save(update_fields=["participant", "form_key"])
        ledger.record(
            subject=consultation.matter, actor=actor, verb="consultations.vote_moved", at=at, row=vote, quiet=True
        )
    return doubled


def words(model: type[Statement] | type[Argument], *, guest: Person, account: Person, actor: Any, at: datetime) -> None:
    """The guest's statements or reasons get the account as their author."""
    said = model._default_manager.filter(author=guest).order_by("consultation_id", "number")
    for one in said.select_related("consultation__matter"):
        one.author = account
        if model._default_manager.filter(author=account, form_key=one.form_key).exclude(form_key=None).exists():
            one.form_key = None
        one.save(update_fields=["author", "form_key"])
        ledger.record(
            subject=one.consultation.matter,
            actor=actor,
            verb="consultations.words_taken_over",
            at=at,
            row=one,
            quiet=True,
        )
