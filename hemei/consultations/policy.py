"""Who may do what in a consultation. Who sees it is asked of its matter; a draft's matter is its organiser's alone."""

from django.db.models import Q

from hemei.consultations.models import Argument, AuthorKind, Consultation, Statement
from hemei.matters import policy as matters
from hemei.people.actor import STAFF, Actor
from hemei.people.models import Body, Seat
from hemei.places.models import Place

B = Body.Kind
ORGANISERS = (B.STREET_OFFICE, B.STATION, B.COMMITTEE, B.BRANCH, B.OWNERS, B.ALLIANCE)


def visible(viewer: Actor, prefix: str = "") -> Q:
    """Which consultations `viewer` may see; prefix: the way to the consultation, as "consultation__"."""
    return matters.visible(viewer, f"{prefix}matter__")


def may_see(viewer: Actor, consultation: Consultation) -> bool:
    """The same question for one; tested against `visible`."""
    return matters.may_see(viewer, consultation.matter)


def may_organise(actor: Actor, place: Place) -> bool:
    """Put a question to this place: the staff of a body whose place contains it; not firms and builders."""
    return actor.serves(place, kinds=ORGANISERS)


def may_look_after(actor: Actor, consultation: Consultation) -> bool:
    """Prepare, change, cancel, moderate and answer for this consultation."""
    return not consultation.is_imported and may_organise(actor, consultation.matter.place)


def may_vote(actor: Actor, consultation: Consultation) -> bool:
    """A person known here as well as the organiser asked for; a visitor becomes a guest first."""
    if actor.principal is None or consultation.is_imported:
        return False
    return actor.reaches(consultation.who_votes, consultation.matter.place)


def may_speak(actor: Actor, consultation: Consultation) -> bool:
    """Add a statement or an argument: like voting, and the organiser's own staff."""
    if actor.principal is None or consultation.is_imported:
        return False
    known = actor.reaches(consultation.who_speaks, consultation.matter.place)
    return known or speaks_as(actor, consultation) != AuthorKind.RESIDENT


def speaks_as(actor: Actor, consultation: Consultation) -> str:
    """Whose words these are: the organiser's, a member's, or a resident's."""
    seat = actor.seat
    if seat is None or not actor.strong or actor.assistance is not None:
        return AuthorKind.RESIDENT
    if seat.office in STAFF and may_organise(actor, consultation.matter.place):
        return AuthorKind.ORGANISER
    serves_here = seat.body.place_id in consultation.matter.place.ancestor_keys
    if seat.body.kind == B.STATION and seat.office == Seat.Office.MEMBER and serves_here:
        return AuthorKind.MEMBER
    return AuthorKind.RESIDENT


def may_judge(actor: Actor, words: Statement | Argument) -> bool:
    """Decide about words: who looks after the consultation, never their author."""
    mine = actor.person is not None and words.author_id == actor.person.pk
    return not mine and may_look_after(actor, words.consultation)


def may_appeal(actor: Actor, words: Statement | Argument) -> bool:
    """Only the author, of words that a moderator refused."""
    return actor.key is not None and words.author_id == actor.key


def may_move_in(actor: Actor) -> bool:
    """Take in a consultation from elsewhere: an administrator, or the machine's own command."""
    return actor.is_administrator or actor.system == "import"


def may_move_out(actor: Actor, consultation: Consultation) -> bool:
    """Write a consultation as an export, which holds every single answer by number: who looks after it, on a page.

    An imported one was public before it came; an administrator may write that too.
    """
    return actor.is_administrator if consultation.is_imported else may_look_after(actor, consultation)
