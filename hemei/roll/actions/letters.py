"""Letters to the owners on the roll, each with a code that matches whoever types it; and when they were delivered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.base.limits import take
from hemei.ledger import steps as ledger
from hemei.people import codes
from hemei.people.actor import Actor
from hemei.people.models import Code
from hemei.roll import policy, steps
from hemei.roll.models import Holding, Match, Owner, OwnerLetter, Roll, Unit

LETTERS_AT_ONCE = 60  # a tall stairwell
PRINTINGS_A_DAY = 300  # of one keeper
VALID_FOR = codes.VALID_FOR[Code.Kind.OWNER]


@dataclass(frozen=True)
class Printed:
    """One letter: to which owner, into the box of which home, and its code as it is typed."""

    letter: OwnerLetter
    code: str


@transaction.atomic(durable=True)
def print_letters(
    *, actor: Actor, roll: Roll, form_key: UUID, at: datetime, units: Sequence[Unit] = (), rest: bool = False
) -> list[Printed]:
    """A letter for each owner of `units`, into the box of the first of them; the code of an earlier one counts no more.

    rest: instead, for the next LETTERS_AT_ONCE owners who are neither matched nor have a letter whose code is still
    good. Owners of other kinds than a person get none: for them a clerk looks at the papers. The same form again gives
    the same letters. Raises NotAllowed; Refused; TooMany.
    """
    if not policy.may_keep(actor, roll.place):
        raise NotAllowed(_("Letters to owners are printed by who keeps the roll."))
    assert actor.person is not None

    roll = steps.locked(roll)
    wanted = _owners_not_reached(roll, at) if rest else _owners_of(roll, units, at)
    if earlier := list(_letters(roll).filter(form_key=form_key)):
        if not rest and {(one.owner_id, one.unit_id) for one in earlier} != set(wanted):
            raise Refused(_("This sheet was printed before for other homes. Open the page again."))
        return _with_codes(earlier, actor=actor, at=at)
    if not wanted and rest:
        raise Refused(_("Every owner is matched or has a letter on its way."), field="units")
    if not wanted:
        told = _(
            "No letter can be printed for these homes: nobody who is a person owns them. A clerk matches the others."
        )
        raise Refused(told if units else _("Tick at least one home."), field="units")
    if len(wanted) > LETTERS_AT_ONCE:
        raise Refused(_("At most %(count)d letters are printed at once.") % {"count": LETTERS_AT_ONCE}, field="units")
    take(key=f"owner-letters:{actor.person.pk}", most=PRINTINGS_A_DAY, seconds=86400, at=at)

    end_letters([owner for owner, _unit in wanted], at=at)
    OwnerLetter.objects.bulk_create(
        OwnerLetter(owner_id=owner, unit_id=unit, made_at=at, made_by=actor.person, form_key=form_key)
        for owner, unit in wanted
    )
    printed = _with_codes(_letters(roll).filter(form_key=form_key), actor=actor, at=at)
    private = {"letters": [one.letter.pk for one in printed]}
    ledger.record(subject=roll, actor=actor, verb="roll.letters_printed", at=at, private=private, quiet=True)
    return printed


@transaction.atomic(durable=True)
def deliver_letters(*, actor: Actor, roll: Roll, letters: Sequence[OwnerLetter], on: date, at: datetime) -> int:
    """These letters went into their boxes on that day; a day noted before is put right. How many changed by it.

    Raises NotAllowed; Refused for a day that is still to come, or before the letter was printed.
    """
    if not policy.may_keep(actor, roll.place):
        raise NotAllowed(_("Letters to owners are printed by who keeps the roll."))

    roll = steps.locked(roll)
    if not letters:
        raise Refused(_("Tick at least one letter."), field="letters")
    if on > timezone.localdate(at):
        raise Refused(_("This day is still to come."), field="on")
    chosen = list(_letters(roll).filter(pk__in=[letter.pk for letter in letters]))
    if any(on < timezone.localdate(letter.made_at) for letter in chosen):
        raise Refused(_("One of these letters was printed later than that day."), field="on")
    changed = [letter.pk for letter in chosen if letter.delivered_on != on]
    if changed:
        OwnerLetter.objects.filter(pk__in=changed).update(delivered_on=on)
        private = {"letters": changed, "on": on.isoformat()}
        ledger.record(subject=roll, actor=actor, verb="roll.letters_delivered", at=at, private=private, quiet=True)
    return len(changed)


@transaction.atomic(durable=True)
def call_off_letters(*, actor: Actor, owner: Owner, at: datetime) -> int:
    """A letter was lost, or is in the wrong hands: its code counts no more. How many letters it ended; the next time
    it changes nothing. Raises NotAllowed."""
    if not policy.may_keep(actor, owner.roll.place):
        raise NotAllowed(_("Letters to owners are printed by who keeps the roll."))

    roll = steps.locked(owner.roll)
    ended = end_letters([owner.pk], at=at)
    if ended:
        private = {"owner": owner.pk}
        ledger.record(subject=roll, actor=actor, verb="roll.letters_called_off", at=at, private=private, quiet=True)
    return ended


def end_letters(owners: Sequence[int], *, at: datetime) -> int:
    """The codes of all letters to these owners count no more; how many letters that ended."""
    addresses = [address_of(owner) for owner in owners]
    Code.objects.filter(kind=Code.Kind.OWNER, address__in=addresses, used_at=None).update(used_at=at)
    return OwnerLetter.objects.filter(owner__in=owners, ended_at=None).update(ended_at=at)


def address_of(owner: int) -> str:
    """How a code names the owner of the roll it is for."""
    return f"roll.owner:{owner}"


def _letters(roll: Roll) -> QuerySet[OwnerLetter]:
    return OwnerLetter.objects.filter(owner__roll=roll).select_related("owner", "unit__place").order_by("pk")


def _with_codes(letters: Iterable[OwnerLetter], *, actor: Actor, at: datetime) -> list[Printed]:
    """The form and the owner give the code, so that the same sheet printed twice is one."""
    return [
        Printed(
            letter,
            codes.make(
                kind=Code.Kind.OWNER,
                at=at,
                made_by=actor.person,
                address=address_of(letter.owner_id),
                form=f"{letter.form_key}/roll.owner/{letter.owner_id}",
            ),
        )
        for letter in letters
    ]


def _owners_of(roll: Roll, units: Sequence[Unit], at: datetime) -> list[tuple[int, int]]:
    """Keys of the owners of these units, each with the first unit that is theirs."""
    return _first_homes(_held(roll, at).filter(unit__in=[unit.pk for unit in units]))


def _owners_not_reached(roll: Roll, at: datetime) -> list[tuple[int, int]]:
    matched = Match.objects.filter(owner=OuterRef("owner"), ended_at=None)
    under_way = OwnerLetter.objects.filter(owner=OuterRef("owner"), ended_at=None, made_at__gt=at - VALID_FOR)
    return _first_homes(_held(roll, at).filter(~Exists(matched), ~Exists(under_way)))[:LETTERS_AT_ONCE]


def _held(roll: Roll, at: datetime) -> QuerySet[Holding]:
    """What persons hold today."""
    day = timezone.localdate(at)
    return Holding.objects.filter(
        policy.holding(day), policy.standing(day, "unit__"), unit__roll=roll, owner__kind=Owner.Kind.PERSON
    )


def _first_homes(held: QuerySet[Holding]) -> list[tuple[int, int]]:
    first: dict[int, int] = {}
    for owner, unit in held.order_by("unit__number", "unit", "owner__code").values_list("owner", "unit"):
        first.setdefault(owner, unit)
    return list(first.items())
