"""The first administrator of an installation, made by the command `hemei admin PHONE`."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemei.base.errors import NotAllowed, Refused
from hemei.ledger import steps as ledger
from hemei.people import codes, phones
from hemei.people.actor import Actor, machine
from hemei.people.models import Body, Code, Person, Seat


@transaction.atomic(durable=True)
def make_first_administrator(*, phone: str, at: datetime) -> str:
    """Make the installation's first administrator, or let the one with this number begin anew; text to print.

    phone: as typed. Before the code was used, the command may be given again, also with another number.
    Raises Refused when somebody else is administrator already.
    """
    phone, actor, today = phones.read(phone), machine("command"), timezone.localdate(at)
    body = _operator(actor, at)
    seats = list(
        Seat.objects.filter(office=Seat.Office.ADMINISTRATOR, body=body, ended_at=None, person__is_demo=False)
        .select_related("person")
        .order_by("pk")
    )
    mine = next((seat for seat in seats if seat.person.phone == phone), None)
    if mine is None and any(_ever_came_in(seat.person) for seat in seats):
        raise Refused(
            _(
                "There is an administrator already, who makes others on the page of the operator. An administrator "
                "who cannot sign in any more gets a new code by this command with their own number."
            )
        )

    if mine is None:
        for mistyped in seats:
            codes.void(kind=Code.Kind.FIRST, person=mistyped.person, at=at)
            mistyped.ended_at, mistyped.until = at, max(today, mistyped.since)
            mistyped.save(update_fields=["ended_at", "until"])
            _record("people.seat_ended", mistyped, actor, at)
        person, is_new = Person.objects.get_or_create(phone=phone, defaults={"created_at": at})
        if is_new:
            ledger.record(subject=person, actor=actor, verb="people.joined", at=at)
        mine = Seat.objects.create(body=body, person=person, office=Seat.Office.ADMINISTRATOR, since=today)
        _record("people.seat_given", mine, actor, at)
    code = _new_code(mine.person, made_by=None, actor=actor, at=at)
    return _told_on_the_terminal(phone, code)


@transaction.atomic(durable=True)
def give_first_code(*, actor: Actor, person: Person, at: datetime) -> str:
    """An administrator lets somebody with a seat begin anew, as after a lost phone; the code to hand over.

    Until it is used, what the person signs in with stays. Raises NotAllowed; Refused.
    """
    if not actor.is_administrator or actor.assistance is not None:
        raise NotAllowed(_("Only an administrator can let somebody begin anew."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if actor.person is not None and person.pk == actor.person.pk:
        raise Refused(_("Your own ways to sign in are changed on your page."))
    if person.closed_at is not None or person.is_guest or not person.seats.filter(ended_at=None).exists():
        raise Refused(_("This is for people with a seat. Others sign in with their number or with a slip."))

    return _new_code(person, made_by=actor.person, actor=actor, at=at)


def _operator(actor: Actor, at: datetime) -> Body:
    """The body that runs the installation, locked; made if there is none."""
    body = Body.objects.select_for_update().filter(kind=Body.Kind.OPERATOR, until=None).order_by("pk").first()
    if body is None:
        body = Body.objects.create(kind=Body.Kind.OPERATOR, name=_("Operation"), name_en="Operation")
        said = {"kind": body.kind, "name": body.name, "name_en": body.name_en}
        ledger.record(subject=body, actor=actor, verb="people.body_set_up", at=at, public=said, row=body)
    return body


def _ever_came_in(person: Person) -> bool:
    """By any way: whoever did is a real person behind a real number."""
    return bool(person.password) or person.last_seen_on is not None


def _new_code(person: Person, *, made_by: Person | None, actor: Actor, at: datetime) -> str:
    """Only the newest counts."""
    codes.void(kind=Code.Kind.FIRST, person=person, at=at)
    code = codes.make(kind=Code.Kind.FIRST, person=person, made_by=made_by, at=at)
    ledger.record(subject=person, actor=actor, verb="people.first_code_given", at=at)
    return code


def _record(verb: str, seat: Seat, actor: Actor, at: datetime) -> None:
    said = {"office": seat.office, "level": seat.level, "since": seat.since, "until": seat.until}
    ledger.record(subject=seat.body, actor=actor, verb=verb, at=at, public=said, row=seat)


def _told_on_the_terminal(phone: str, code: str) -> str:
    environment = settings.ENVIRONMENT
    host = next((host for host in environment.hosts if host not in ("*", "localhost", "127.0.0.1", "[::1]")), "")
    if environment.tls and host:
        where = f"https://{host}"
    else:
        open_to_all = environment.bind in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        where = f"http://{host or ('127.0.0.1' if open_to_all else environment.bind)}:{environment.port}"
    told = _(
        "The administrator with the number %(phone)s signs in for the first time with this code:\n"
        "  %(code)s\n"
        "It counts once, for 24 hours, at this address:\n"
        "  %(address)s\n"
        "There a password with a second factor, or a passkey, is set up. A new code: the same command again."
    )
    address = f"{where}{reverse('people:first')}?{urlencode({'code': code})}"
    return told % {"phone": phones.shown(phone), "code": codes.grouped(code), "address": address}
