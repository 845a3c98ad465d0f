"""What binds a person to a place: declared, confirmed by letter or by a clerk, refused, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.people import codes, policy, queries, steps
from hemei.people.actor import Actor
from hemei.people.models import Code, Person, Tie
from hemei.places.models import Kind, Place

DECLARED_MAX = 5  # that nobody has confirmed yet: our choice; who lives in more places asks the clerk
DECLARED_A_DAY = 10
LETTERS_A_MONTH = 3  # for one tie
LETTERS_AT_ONCE = 60  # a tall stairwell
LETTER_VALID_FOR = timedelta(days=30)
TIED_TO = (Kind.HOME, Kind.STAIRWELL, Kind.BUILDING, Kind.ESTATE)  # finer if one likes, never coarser than the estate
WORKED_AT = (*TIED_TO, Kind.SPACE, Kind.LANDMARK)


@transaction.atomic(durable=True)
def declare_tie(
    *, actor: Actor, place: Place, role: str, form_key: UUID, at: datetime, wants_letter: bool = False
) -> Tie:
    """The person acted for says to live, rent, own or work at `place`; it holds as declared from today.

    wants_letter: the clerk is asked for a letter with a code to the door. The same form again returns the first tie.
    Raises NotAllowed for a guest; Refused; TooMany.
    """
    if not policy.may_declare(actor):
        raise NotAllowed(_("Sign in first: a tie needs an account it can belong to."))
    assert actor.principal is not None

    person = Person.objects.select_for_update().get(pk=actor.principal.pk)
    words = {"person_id": person.pk, "place_id": place.pk, "role": role}
    if earlier := sent_before(Tie, form_key=form_key, words=words):
        return earlier
    refuse_place(place, role, at)
    if wants_letter and place.kind != Kind.HOME:
        raise Refused(_("A letter goes to the door of a home. Choose the home, or ask a clerk."), field="wants_letter")
    today = timezone.localdate(at)
    mine = Tie.objects.filter(policy.holding(today), person=person)
    if mine.filter(place=place, role=role).exists():
        raise Refused(_("You said this already. It stands under “My ties”."), field="role")
    if mine.filter(grade=Tie.Grade.DECLARED).count() >= DECLARED_MAX:
        told = ngettext(
            "%(count)d tie of yours waits to be confirmed. End it or have it confirmed first.",
            "%(count)d ties of yours wait to be confirmed. End one or have one confirmed first.",
            DECLARED_MAX,
        )
        raise Refused(told % {"count": DECLARED_MAX})
    take(key=f"declare:{person.pk}", most=DECLARED_A_DAY, seconds=86400, at=at)

    tie = Tie.objects.create(**words, since=today, letter_asked_at=at if wants_letter else None, form_key=form_key)
    steps.record(tie, actor=actor, verb="people.tie_declared", at=at)
    return tie


@transaction.atomic(durable=True)
def ask_for_letter(*, actor: Actor, tie: Tie, at: datetime) -> Tie:
    """The clerk is asked for a letter with a code to the door. While one is asked for, asking again changes nothing."""
    if not policy.is_own(actor, tie):
        raise NotAllowed(_("Only the person whose tie it is can do this."))

    tie = _locked(tie)
    _refuse_unless_open(tie, at)
    if tie.grade == Tie.Grade.CONFIRMED or queries.waits_for_letter(tie):
        return tie
    if tie.place.kind != Kind.HOME:
        raise Refused(_("A letter goes to the door of a home. Say which home it is, or ask a clerk."))
    take(key=f"letter:{tie.pk}", most=LETTERS_A_MONTH, seconds=30 * 86400, at=at)

    tie.letter_asked_at = at
    tie.save(update_fields=["letter_asked_at"])
    steps.record(tie, actor=actor, verb="people.letter_asked", at=at, quiet=True)
    return tie


@dataclass(frozen=True)
class Letter:
    """One line on a printed letter: the tie, and its code as it is typed."""

    tie: Tie
    code: str


@transaction.atomic(durable=True)
def print_letters(*, actor: Actor, ties: Sequence[Tie], form_key: UUID, at: datetime) -> list[Letter]:
    """A code for each of `ties`, to go into the letter box of its home; codes of earlier letters count no more.

    The same form again gives the same letters. Raises NotAllowed; Refused when one of them needs no letter.
    """
    if not all(policy.may_judge(actor, tie) for tie in ties):
        raise NotAllowed(_("Letters are printed by the clerk of the place, and never for the clerk's own tie."))
    if not ties:
        raise Refused(_("Tick at least one letter."), field="ties")
    if len(ties) > LETTERS_AT_ONCE:
        raise Refused(_("At most %(count)d letters are printed at once.") % {"count": LETTERS_AT_ONCE}, field="ties")

    letters = []
    for one in sorted(ties, key=lambda one: one.pk):
        tie = _locked(one)
        _refuse_unless_open(tie, at)
        if tie.grade == Tie.Grade.CONFIRMED:
            raise Refused(_("One of these ties has been confirmed meanwhile. Open the list again."), field="ties")
        if tie.place.kind != Kind.HOME:
            raise Refused(_("A letter goes to the door of a home. Check the others at the counter."), field="ties")
        letters.append(_letter(tie, actor=actor, form_key=form_key, at=at))
    return letters


def _letter(tie: Tie, *, actor: Actor, form_key: UUID, at: datetime) -> Letter:
    live = list(Code.objects.filter(kind=Code.Kind.LETTER, tie=tie, used_at=None).values_list("pk", flat=True))
    code = codes.make(
        kind=Code.Kind.LETTER,
        at=at,
        made_by=actor.person,
        person=tie.person,
        tie=tie,
        valid_for=LETTER_VALID_FOR,
        form=f"{form_key}/{tie.pk}",
    )
    if Code.objects.filter(kind=Code.Kind.LETTER, tie=tie, used_at=None).exclude(pk__in=live).exists():
        Code.objects.filter(pk__in=live).update(used_at=at)  # a new letter, and not the same sheet once more
        steps.record(tie, actor=actor, verb="people.letter_printed", at=at, quiet=True)
    return Letter(tie, code)


@codes.counting_tries
def confirm_by_letter(*, actor: Actor, tie: Tie, code: str, source: str, at: datetime) -> Tie:
    """The code that came to the door shows that the person is at home there: the tie is confirmed.

    A tie that is confirmed already stays as it is. source: see `sessions.source_of`. Raises NotAllowed; Refused;
    WrongCode, and the wrong try counts; TooMany.
    """
    if not policy.is_own(actor, tie):
        raise NotAllowed(_("Only the person whose tie it is can do this."))

    tie = _locked(tie)
    if tie.grade == Tie.Grade.CONFIRMED:
        return tie
    _refuse_unless_open(tie, at)
    codes.take(kind=Code.Kind.LETTER, code=code, tie=tie, at=at, source=source)

    return steps.confirm(tie, how="letter", ground="", actor=actor, at=at)


@transaction.atomic(durable=True)
def confirm_by_clerk(*, actor: Actor, tie: Tie, ground: str, at: datetime) -> Tie:
    """The clerk has checked the tie and says how. Confirmed already, it stays as it is. Raises NotAllowed, Refused."""
    if not policy.may_judge(actor, tie):
        raise NotAllowed(_("A tie is confirmed by the clerk of the place, and never by the person whose tie it is."))

    tie = _locked(tie)
    if tie.grade == Tie.Grade.CONFIRMED:
        return tie
    _refuse_unless_open(tie, at)
    if not ground:
        raise Refused(_("Say how you checked it: what you saw, or whom you know."), field="ground")

    return steps.confirm(tie, how="clerk", ground=ground, actor=actor, at=at)


@transaction.atomic(durable=True)
def refuse_tie(*, actor: Actor, tie: Tie, why: str, at: datetime) -> Tie:
    """A declared tie does not hold, or a confirmed one was wrong: it ends now, and the person reads why.

    Ended already, it stays as it is. Raises NotAllowed, Refused.
    """
    if not policy.may_judge(actor, tie):
        raise NotAllowed(_("A tie is refused by the clerk of the place, and never by the person whose tie it is."))

    tie = _locked(tie)
    if tie.ended_at is not None:
        return tie
    _refuse_unless_open(tie, at)
    if not why:
        raise Refused(_("Say why, in words the person can answer."), field="why")

    return steps.end(tie, actor=actor, at=at, why=why)


@transaction.atomic(durable=True)
def end_tie(*, actor: Actor, tie: Tie, at: datetime) -> Tie:
    """The person moved away, sold or left: the tie ends now. Ended already, it stays as it is. Raises NotAllowed."""
    if not policy.is_own(actor, tie):
        raise NotAllowed(_("Only the person whose tie it is can do this."))

    tie = _locked(tie)
    if tie.ended_at is not None or (tie.until is not None and tie.until < timezone.localdate(at)):
        return tie

    return steps.end(tie, actor=actor, at=at)


# what they share


def refuse_place(place: Place, role: str, at: datetime) -> None:
    """Raises Refused where nobody can be tied to `place` in that role."""
    if place.until is not None and place.until < timezone.localdate(at):
        raise Refused(_("This place is not there any more. Choose the one that took its place."), field="place")
    if place.kind not in (WORKED_AT if role == Tie.Role.WORK else TIED_TO):
        raise Refused(_("Choose an estate, a building, a stairwell or a home."), field="place")


def _locked(tie: Tie) -> Tie:
    """The tie as it stands now, locked: acts on one tie take turns from here on."""
    return Tie.objects.select_for_update(of=("self",)).select_related("person", "place").get(pk=tie.pk)


def _refuse_unless_open(tie: Tie, at: datetime) -> None:
    if tie.ended_at is not None or (tie.until is not None and tie.until < timezone.localdate(at)):
        raise Refused(_("This tie has ended meanwhile. It can be declared anew."))
