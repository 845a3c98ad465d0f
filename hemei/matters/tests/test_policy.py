"""Who sees which matter: written down once as a table, and held against the rows and the single question alike."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.http import Http404

from conftest import LONG_AGO, put_person, put_seat, put_tie, speaking_from
from hemei.matters import policy, queries
from hemei.matters.models import Matter
from hemei.matters.steps import add_party, open_matter
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance

V = Matter.Visibility
ROLES = (
    "visitor", "guest", "stranger", "resident", "owner_upstairs", "newcomer", "clerk", "clerk_weakly_signed_in",
    "clerk_elsewhere", "steward", "administrator", "author", "author_at_the_counter", "party", "speaker_of_a_party",
    "speaker_of_its_body", "former_resident", "member_of_the_station",
)  # fmt: skip

# besides what is public: who sees it when the area, the parties, only those who handle it may
SEES = {
    V.AREA: {
        "resident", "owner_upstairs", "newcomer", "clerk", "steward", "administrator", "author",
        "author_at_the_counter", "party", "speaker_of_a_party", "speaker_of_its_body",
    },
    V.PARTIES: {
        "clerk", "steward", "administrator", "author", "author_at_the_counter", "party", "speaker_of_a_party",
        "speaker_of_its_body",
    },
    V.CONFIDENTIAL: {"author", "author_at_the_counter", "speaker_of_its_body"},
}  # fmt: skip


@pytest.fixture
def roles(request, estate, area, street, now) -> dict[str, Actor]:
    """Everybody who may come along, by name."""
    named = ("visitor", "guest", "stranger", "resident", "owner_upstairs", "newcomer", "clerk", "clerk_elsewhere")
    cast = {name: request.getfixturevalue(name) for name in (*named, "steward", "administrator")}
    author, clerk = put_person("壬作者", "+8613800000021"), cast["clerk"]
    former = put_person("癸旧户", "+8613800000022")
    tie = put_tie(former, estate)
    tie.until = date(2026, 9, 11)
    tie.save()
    sitting = Assistance.objects.create(
        helper=clerk.person,
        principal=author,
        way="counter",
        evidence="本人在场",
        began_at=now,
        form_key="a2b0d3fe-1111-4222-8333-000000000001",
    )
    owners = put_seat(put_person("子业委", "+8613800000023"), "owners", "业委会", estate, "head")
    firm = put_seat(put_person("丑物业", "+8613800000024"), "property", "物业", street, "clerk")
    member = put_seat(put_person("寅委员", "+8613800000025"), "station", "政协委员工作站", street, "member")
    return {
        **cast,
        "clerk_weakly_signed_in": Actor(clerk.person, clerk.person, seat=clerk.seat, strong=False),
        "author": own(author),
        "author_at_the_counter": Actor(clerk.person, author, sitting, clerk.seat, True),
        "party": own(put_person("卯当事", "+8613800000026")),
        "speaker_of_a_party": speaking_from(owners),
        "speaker_of_its_body": speaking_from(firm),
        "former_resident": own(former),
        "member_of_the_station": speaking_from(member),
    }


@pytest.fixture
def matters(roles, estate, now) -> dict[str, Matter]:
    """One matter of each visibility, alike in all else."""
    made = {}
    for visibility in V:
        made[visibility] = open_matter(
            actor=roles["speaker_of_its_body"],
            place=estate,
            title=f"围墙 {visibility}",
            at=now,
            verb="matters.opened",
            step="raised",
            visibility=visibility,
            author=roles["author"].principal,
        )
        add_party(matter=made[visibility], at=now, person=roles["party"].principal)
        add_party(matter=made[visibility], at=now, body=roles["speaker_of_a_party"].seat.body)
    return made


def test_each_role_sees_what_the_table_says_by_every_way_of_asking(roles, matters):
    assert set(roles) == set(ROLES)
    for role, visibility in product(ROLES, V):
        viewer, matter = roles[role], matters[visibility]
        sees = visibility == V.PUBLIC or role in SEES[visibility]
        said = f"{role}, {visibility}"
        assert policy.may_see(viewer, matter) == sees, said
        assert (matter in queries.matters_seen(viewer=viewer)) == sees, said
        assert (matter in queries.matters_at(viewer=viewer, place=matter.place)) == sees, said
        assert (matter in queries.found_in(viewer=viewer, words=matter.title)) == sees, said
        panel = queries.place_panel(viewer, matter.place)
        assert (panel is not None and matter in panel["matters"]) == sees, said
        if sees:
            assert queries.matter_for(viewer=viewer, pk=matter.pk) == matter
        else:
            with pytest.raises(Http404):
                queries.matter_for(viewer=viewer, pk=matter.pk)


def test_only_staff_of_its_body_or_of_a_body_over_its_place_look_after_it(roles, matters):
    for role, visibility in product(ROLES, V):
        wanted = {"clerk", "steward", "administrator", "speaker_of_its_body"}
        if visibility != V.CONFIDENTIAL:
            wanted |= {"speaker_of_a_party"}
        else:
            wanted = {"speaker_of_its_body"}
        assert policy.may_look_after(roles[role], matters[visibility]) == (role in wanted), f"{role}, {visibility}"


def test_a_seat_that_ended_shows_nothing_more(clerk, matters, now):
    seat = clerk.seat
    seat.until = now.date() - timedelta(days=1)
    seat.since = LONG_AGO
    seat.save()
    assert [one for one in own(clerk.person).seats if one.pk == seat.pk] == []


def test_a_guest_who_gets_an_account_keeps_matters_and_parts_and_doubles_none(guest, stranger, estate, steward, now):
    mine = open_matter(actor=guest, place=estate, title="路灯", at=now, verb="matters.opened")
    theirs = open_matter(actor=steward, place=estate, title="围墙", at=now, verb="matters.opened", visibility=V.PARTIES)
    for one in (guest, stranger):
        add_party(matter=theirs, at=now, person=one.principal)
    for model in (Matter, type(theirs.parties.get(person=guest.principal))):
        for _again in range(2):
            model.taken_over(guest=guest.principal, account=stranger.principal, actor=stranger, at=now)
    mine.refresh_from_db()
    assert mine.author == stranger.principal
    assert [party.person for party in theirs.parties.all()] == [stranger.principal]
