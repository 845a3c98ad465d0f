"""Which account is which owner of the roll: by the code of a letter, or by a clerk who saw the papers."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.form_keys import sent_before
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.people import codes
from hemei.people import steps as people
from hemei.people.actor import Actor
from hemei.people.models import Code, Person, Tie
from hemei.places.models import Place
from hemei.roll import policy
from hemei.roll.actions.letters import end_letters
from hemei.roll.models import Match, Owner, Roll, Unit

ACCOUNTS_MAX = 5  # matched with one owner at a time: our choice, a family and more
BY_CLERK_A_DAY = 200  # by one keeper
LOOKED_UP_AN_HOUR = 40  # numbers, by one keeper: enough for a busy counter, and no way to try out numbers
A_NUMBER = re.compile(r"\d{6}")  # of a deed or an identity card; the year of a deed is shorter


@codes.counting_tries
def match_by_letter(*, actor: Actor, code: str, source: str, at: datetime) -> Match:
    """The code came in a letter to an owner: the person acted for is that owner, and belongs to the owner's homes.

    The same code again, by who used it, changes nothing. source: see `sessions.source_of`. Raises NotAllowed for a
    guest; Refused; WrongCode, and the wrong try counts; TooMany.
    """
    if actor.principal is None or actor.is_guest:
        raise NotAllowed(_("Sign in first: an owner is matched with an account."))
    assert actor.person is not None

    person = Person.objects.select_for_update().get(pk=actor.principal.pk)
    if used := codes.was_used(kind=Code.Kind.OWNER, code=code, person=person):
        earlier = Match.objects.filter(owner=_owner_key(used), person=person, ended_at=None).first()
        if earlier is not None:
            return earlier
    found = codes.find(kind=Code.Kind.OWNER, code=code, source=source, at=at)
    owner = _owner(_owner_key(found))
    if actor.assistance is None and found.made_by_id == actor.person.pk:
        raise Refused(_("You printed this letter. Somebody else who keeps the roll prints yours."), field="code")
    _refuse_unless_owning(owner, at)

    codes.use(found, at=at, by=person)
    end_letters([owner.pk], at=at)
    standing = Match.objects.filter(owner=owner, person=person, ended_at=None).first()
    if standing is not None:
        return standing
    return _match(Match(owner=owner, person=person, how="letter", made_at=at), actor=actor, at=at)


@codes.counting_tries
def look_up_account(*, actor: Actor, owner: Owner, phone: str, at: datetime) -> Person:
    """The account with this number, for a clerk who is about to match it. Raises NotAllowed; WrongTry, and the try
    counts; TooMany."""
    if not policy.may_keep(actor, owner.roll.place):
        raise NotAllowed(_("An owner is matched by who keeps the roll, and never with one’s own account."))
    assert actor.person is not None

    take(key=f"look-up:{actor.person.pk}", most=LOOKED_UP_AN_HOUR, seconds=3600, at=at)
    found = Person.objects.filter(phone=phone, is_guest=False, closed_at=None, merged_into=None).first()
    if found is None:
        raise codes.WrongTry(
            _("Nobody signs in with this number. Let the person sign in once, then match them."), field="phone"
        )
    return found


@transaction.atomic(durable=True)
def match_by_clerk(*, actor: Actor, owner: Owner, person: Person, ground: str, form_key: UUID, at: datetime) -> Match:
    """The clerk saw by the papers that this person is, or speaks for, the owner. Letters under way count no more.

    ground: what was seen, never a number. The same form again returns the first match. Raises NotAllowed; Refused;
    TooMany.
    """
    if not policy.may_match(actor, owner, person):
        raise NotAllowed(_("An owner is matched by who keeps the roll, and never with one’s own account."))
    assert actor.person is not None

    person = Person.objects.select_for_update().get(pk=person.pk)
    words = {"owner_id": owner.pk, "person_id": person.pk, "ground": ground}
    if earlier := sent_before(Match, form_key=form_key, words=words):
        return earlier
    owner = _owner(owner.pk)
    if person.is_guest or person.closed_at is not None or person.merged_into_id is not None:
        raise Refused(_("This account is gone. Look for the person again."))
    if not ground:
        raise Refused(_("Say what you saw: the deed, the register, the court’s paper."), field="ground")
    if A_NUMBER.search(codes.bare(ground)) or A_NUMBER.search(ground):
        raise Refused(_("Write what you saw, without the number that stands on it."), field="ground")
    if Match.objects.filter(owner=owner, person=person, ended_at=None).exists():
        raise Refused(_("This account is matched with that owner already."))
    _refuse_unless_owning(owner, at)
    take(key=f"match:{actor.person.pk}", most=BY_CLERK_A_DAY, seconds=86400, at=at)

    end_letters([owner.pk], at=at)
    match = Match(owner=owner, person=person, how="clerk", ground=ground, made_at=at, form_key=form_key)
    return _match(match, actor=actor, at=at)


@transaction.atomic(durable=True)
def end_match(*, actor: Actor, match: Match, at: datetime, why: str = "") -> Match:
    """The account is not that owner, or not any more; with it end the ties that it had confirmed.

    why: needed from whoever is not the person; the person reads it. Ended already, it stays as it is. Raises
    NotAllowed; Refused.
    """
    if not policy.may_end_match(actor, match):
        raise NotAllowed(_("A match is ended by the person, by who keeps the roll, or by an administrator."))

    Person.objects.select_for_update().get(pk=match.person_id)
    match = _locked(match)
    if match.ended_at is not None:
        return match
    is_own = actor.key == match.person_id
    if not is_own and not why:
        raise Refused(_("Say why, in words the person can answer."), field="why")

    match.ended_at, match.ended_why = at, (Match.Ended.OWN.value if is_own else why)
    match.save(update_fields=["ended_at", "ended_why"])
    ledger.record(subject=match.owner.roll, actor=actor, verb="roll.match_ended", at=at, row=match, quiet=True)
    homes = Unit.objects.filter(holdings__owner=match.owner).values("place")
    ties = Tie.objects.filter(person=match.person, role=Tie.Role.OWN, ended_at=None, place__in=homes)
    confirmed_by_it = ties.filter(confirmed_at=match.made_at).select_for_update(of=("self",))
    for tie in confirmed_by_it.select_related("person", "place").order_by("pk"):
        people.end(tie, actor=actor, at=at, why="" if is_own else why)
    return match


@transaction.atomic(durable=True)
def print_match_sheets(*, actor: Actor, roll: Roll, matches: Sequence[Match], at: datetime) -> list[Match]:
    """The sheets to the homes of owners of whose match nobody else could be told. Printed before, they print again.

    Raises NotAllowed; Refused.
    """
    if not policy.may_keep(actor, roll.place):
        raise NotAllowed(_("Letters to owners are printed by who keeps the roll."))
    if not matches:
        raise Refused(_("Tick at least one sheet."), field="sheets")

    keys = [match.pk for match in matches]
    due = Match.objects.filter(pk__in=keys, owner__roll=roll, paper_due=True, ended_at=None)
    if due.filter(paper_printed_at=None).update(paper_printed_at=at):
        private = {"matches": keys}
        ledger.record(subject=roll, actor=actor, verb="roll.match_sheets_printed", at=at, private=private, quiet=True)
    return list(due.select_related("owner").order_by("pk"))


# what they share


def _match(match: Match, *, actor: Actor, at: datetime) -> Match:
    """Written and recorded; whoever else is that owner is told (`reactions`), or a sheet to the homes falls due."""
    others = Match.objects.filter(owner=match.owner, ended_at=None).count()
    if others >= ACCOUNTS_MAX:
        told = _("%(count)d accounts are matched with this owner already. The committee ends one first.")
        raise Refused(told % {"count": ACCOUNTS_MAX})
    match.paper_due = others == 0
    match.save(force_insert=True)
    ledger.record(subject=match.owner.roll, actor=actor, verb="roll.matched", at=at, row=match, quiet=True)
    homes = list(Place.objects.filter(pk__in=_units(match.owner, at).values("place"), until=None))
    people.confirm_at(
        person=match.person, places=homes, role=Tie.Role.OWN, how=match.how, ground=match.ground, actor=actor, at=at
    )
    return match


def _owner_key(code: Code) -> int:
    return int(code.address.rpartition(":")[2])


def _owner(key: int) -> Owner:
    return Owner.objects.select_related("roll__place").get(pk=key)


def _units(owner: Owner, at: datetime) -> QuerySet[Unit]:
    day = timezone.localdate(at)
    holdings = policy.holding(day, "holdings__")
    return Unit.objects.filter(holdings, policy.standing(day), holdings__owner=owner)


def _refuse_unless_owning(owner: Owner, at: datetime) -> None:
    if not _units(owner, at).exists():
        raise Refused(
            _("This owner has no home on the roll any more. Ask the committee for a new letter."), field="code"
        )


def _locked(match: Match) -> Match:
    return Match.objects.select_for_update(of=("self",)).select_related("person", "owner__roll__place").get(pk=match.pk)
