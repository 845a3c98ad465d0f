"""Saying something: a statement that others answer, a correction before anybody did, a reason for or against."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.base.text import likeness
from hemei.consultations import policy, queries, steps
from hemei.consultations.models import Argument, Consultation, Grade, Statement, WordsState
from hemei.ledger import steps as ledger
from hemei.people.actor import Actor

WORDS_AN_HOUR = 30  # statements, corrections and reasons of one person: our choice, above a busy evening
WAITING_MAX = 10  # of one person in one consultation, so that no voice fills the moderators' queue
STATEMENTS_MAX = 3000  # in one consultation: more than anybody answers
ARGUMENTS_MAX = 3000
ARGUMENT_LENGTH = 200

C, M, W = Consultation.State, Consultation.Moderation, WordsState


class AlreadySaid(Refused):
    """The same words stand here. number: of what may be shown to this person, else None; statement: which kind."""

    def __init__(self, told: object, *, number: int | None, statement: bool) -> None:
        super().__init__(told, field="text")
        self.number, self.statement = number, statement


@transaction.atomic(durable=True)
def add_statement(
    *, actor: Actor, consultation: Consultation, text: str, form_key: UUID, at: datetime, text_en: str = ""
) -> Statement:
    """One sentence for others to answer; before opening only the organiser adds some to begin with.

    It appears at once, or waits to be read, as the organiser chose. The same form again returns the first statement
    and changes nothing. Raises NotAllowed; AlreadySaid; Refused when it is too long, when it is not open, or when
    too many of this person's words wait; TooMany.
    """
    if not policy.may_speak(actor, consultation):
        raise NotAllowed(who_may_speak(consultation))
    steps.hold(actor)
    consultation = steps.locked(consultation)
    words = {"consultation_id": consultation.pk, "text": text}
    if earlier := sent_before(Statement, author=actor.principal, form_key=form_key, words=words):
        return earlier
    begins = _begins_or_refuse(actor, consultation, at)
    _refuse_odd(text, consultation.statement_max_length)
    _refuse_odd(text_en, 3 * consultation.statement_max_length, field="text_en", needed=False)
    _refuse_said(actor, queries.like_it(consultation=consultation, text=text))
    said = Statement.objects.filter(consultation=consultation)
    if said.count() >= STATEMENTS_MAX:
        raise Refused(_("So many statements stand here that nobody can answer more. Answer those that are there."))
    _refuse_waiting(said, actor)
    take(key=f"words:{actor.key}", most=WORDS_AN_HOUR, seconds=3600, at=at)

    shown = begins or consultation.moderation == M.AFTER
    statement = Statement.objects.create(
        consultation=consultation,
        number=steps.next_number(said),
        text=text,
        text_en=text_en,
        likeness=likeness(text),
        author=actor.principal,
        author_kind=policy.speaks_as(actor, consultation),
        state=W.ACCEPTED if shown else W.WAITING,
        made_at=at,
        form_key=form_key,
    )
    _record(statement, actor=actor, verb="consultations.said", at=at)
    if shown:
        steps.touch(consultation, statements=1)
    return statement


@transaction.atomic(durable=True)
def correct_statement(
    *, actor: Actor, statement: Statement, text: str, at: datetime, text_en: str | None = None
) -> Statement:
    """Other words for one's own statement, before the first answer to it.

    Words that were shown get a new number, so that no answer meant for the old ones falls on the new, and are read
    again where each statement is read first. text_en: None leaves the English as it is. The same words again change
    nothing. Raises NotAllowed; AlreadySaid; Refused when somebody answered, when it was taken down, or is not open;
    TooMany.
    """
    consultation = statement.consultation
    if actor.key is None or statement.author_id != actor.key:
        raise NotAllowed(_("Only who said it can put it in other words."))
    consultation = steps.locked(consultation)
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    text_en = statement.text_en if text_en is None else text_en
    if (statement.text, statement.text_en) == (text, text_en):
        return statement
    begins = _begins_or_refuse(actor, consultation, at)
    if statement.state == W.REJECTED:
        raise Refused(_("It is not shown any more, so it cannot be put in other words. You can ask for a second look."))
    if statement.votes.exists():
        raise Refused(_("Somebody has answered it, so its words stand. Say it anew in another statement."))
    _refuse_odd(text, consultation.statement_max_length)
    _refuse_odd(text_en, 3 * consultation.statement_max_length, field="text_en", needed=False)
    same = queries.like_it(consultation=consultation, text=text)
    _refuse_said(actor, same if same != statement else None)
    take(key=f"words:{actor.key}", most=WORDS_AN_HOUR, seconds=3600, at=at)

    was_shown = statement.state == W.ACCEPTED
    statement.text, statement.text_en, statement.likeness = text, text_en, likeness(text)
    statement.moderated_at = None  # nobody has read these words yet
    if was_shown and not begins:
        statement.number = steps.next_number(Statement.objects.filter(consultation=consultation))
        if consultation.moderation == M.BEFORE:
            statement.state = W.WAITING
    statement.save(update_fields=["text", "text_en", "likeness", "number", "state", "moderated_at"])
    _record(statement, actor=actor, verb="consultations.corrected", at=at)
    if was_shown:
        steps.touch(consultation, statements=0 if statement.state == W.ACCEPTED else -1)
    return statement


@transaction.atomic(durable=True)
def add_argument(
    *,
    actor: Actor,
    consultation: Consultation,
    side: str,
    stake: str,
    text: str,
    form_key: UUID,
    at: datetime,
    statement: Statement | None = None,
    text_en: str = "",
) -> Argument:
    """A reason for or against, tagged by what is at stake: on the question, or on one statement that is shown.

    It appears at once, or waits to be read, as the organiser chose. The same form again returns the first reason and
    changes nothing. Raises NotAllowed; AlreadySaid; Refused as `add_statement` does; TooMany.
    """
    if not policy.may_speak(actor, consultation):
        raise NotAllowed(who_may_speak(consultation))
    steps.hold(actor)
    consultation = steps.locked(consultation)
    about = statement.pk if statement else None
    words = {
        "consultation_id": consultation.pk,
        "statement_id": about,
        "side": side,
        "stake": stake,
        "text": text,
    }
    if earlier := sent_before(Argument, author=actor.principal, form_key=form_key, words=words):
        return earlier
    begins = _begins_or_refuse(actor, consultation, at)
    here = Statement.objects.filter(consultation=consultation, state=W.ACCEPTED)
    if about is not None and not here.filter(pk=about).exists():
        raise Refused(_("This statement is not shown any more, so it takes no reasons. The others do."))
    _refuse_odd(text, ARGUMENT_LENGTH)
    _refuse_odd(text_en, 3 * ARGUMENT_LENGTH, field="text_en", needed=False)
    given = Argument.objects.filter(consultation=consultation)
    _refuse_said(actor, given.filter(statement=about, side=side, likeness=likeness(text)).first())
    if given.count() >= ARGUMENTS_MAX:
        raise Refused(_("So many reasons stand here that nobody can read more. Thank you for reading those."))
    _refuse_waiting(given, actor)
    take(key=f"words:{actor.key}", most=WORDS_AN_HOUR, seconds=3600, at=at)

    shown = begins or consultation.moderation == M.AFTER
    argument = Argument.objects.create(
        consultation=consultation,
        statement=statement,
        number=steps.next_number(given),
        side=side,
        text=text,
        text_en=text_en,
        stake=stake,
        likeness=likeness(text),
        author=actor.principal,
        author_kind=policy.speaks_as(actor, consultation),
        state=W.ACCEPTED if shown else W.WAITING,
        made_at=at,
        form_key=form_key,
    )
    _record(argument, actor=actor, verb="consultations.argued", at=at)
    if shown:
        steps.touch(consultation, arguments=1)
    return argument


def _record(words: Statement | Argument, *, actor: Actor, verb: str, at: datetime) -> None:
    """Who said it and what stands apart in the personal part; everybody reads that there is one more."""
    public = {words._meta.model_name: words.number}
    ledger.record(
        subject=words.consultation.matter, actor=actor, verb=verb, at=at, public=public, row=words, quiet=True
    )


def _begins_or_refuse(actor: Actor, consultation: Consultation, at: datetime) -> bool:
    """Whether these are the organiser's words to begin with. Raises Refused unless they are, or it is open."""
    early = consultation.state_at(at) in (C.DRAFT, C.AHEAD)
    if early and policy.may_look_after(actor, consultation):
        return True
    steps.refuse_unless_open(consultation, at)
    return False


def _refuse_odd(text: str, most: int, *, field: str = "text", needed: bool = True) -> None:
    if needed and not text:
        raise Refused(_("Write a sentence first."), field=field)
    if len(text) > most:
        told = _("At most %(most)d characters fit here, and you wrote %(count)d. Nothing you typed is lost.")
        raise Refused(told % {"most": most, "count": len(text)}, field=field)


def _refuse_said(actor: Actor, same: Statement | Argument | None) -> None:
    """The same words stand once. Who reads the refusal learns of hidden words no more than that they are known."""
    if same is None:
        return
    is_statement = isinstance(same, Statement)
    if same.state == W.ACCEPTED:
        told = _("This was said already. Answer it there; more voices for it count more than saying it twice.")
        if not is_statement:
            told = _("This reason was given already, so it counts. Give another one, if you have it.")
        raise AlreadySaid(told, number=same.number, statement=is_statement)
    number = same.number if actor.key is not None and same.author_id == actor.key else None
    if same.state == W.WAITING:
        raise AlreadySaid(
            _("The same words were sent before and wait to be read. They appear when somebody has read them."),
            number=number,
            statement=is_statement,
        )
    raise AlreadySaid(
        _("The same words were sent before and are not shown. The moderation log says why; say it in another way."),
        number=number,
        statement=is_statement,
    )


def _refuse_waiting(rows: object, actor: Actor) -> None:
    waiting = rows.filter(author=actor.principal, state=W.WAITING).count()  # type: ignore[attr-defined]
    if waiting >= WAITING_MAX:
        told = _("%(count)d of your words still wait to be read. Send the next ones when those have been.")
        raise Refused(told % {"count": waiting})


def who_may_speak(consultation: Consultation) -> str:
    """For a refusal: who may say something, and how to become one of them."""
    if consultation.is_imported:
        return _("This consultation comes from elsewhere and is shown as an example. Nobody speaks in it here.")
    return {
        Grade.GUEST: _("Everybody may speak here; your browser must accept a cookie for it."),
        Grade.DECLARED: _("Who lives, owns or works here speaks. Sign in and say what ties you to this place."),
        Grade.CONFIRMED: _(
            "Who has been confirmed to live, own or work here speaks. The residents' committee confirms it, "
            "or the code in a letter to your door."
        ),
    }[Grade(consultation.who_speaks)]
