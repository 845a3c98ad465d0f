"""Pages of owners, authorities and challenges: for whom they open, and that no choice shows but to who made it."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import LANGUAGES, NOW, put_person, put_tie, signed_in
from hemei.base import clock
from hemei.decisions.actions.authorities import enter_authority, give_authority
from hemei.decisions.actions.challenging import challenge, propose_voiding
from hemei.decisions.actions.own import consent
from hemei.decisions.models import Act, Authority, Challenge, Decision, Voiding
from hemei.decisions.queries import own as queries
from hemei.decisions.standing import forget
from hemei.decisions.tests.cast import Cast, put_act, put_authority, put_decision, put_drive, slot_of
from hemei.decisions.voices import own_voices
from hemei.people.actor import Actor, own
from hemei.people.models import Assistance


@pytest.fixture
def vote(cast: Cast) -> Decision:
    return put_decision(cast, drive=put_drive(cast))


def text_of(client: Client, path: str, status: int = 200, most: int | None = None) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def homes(actor: Actor, vote: Decision) -> list[str]:
    return [voice.value for voice in own_voices(actor, vote)]


def filled(cast: Cast, vote: Decision) -> dict[str, Any]:
    """One of everything that has a page."""
    paper = put_act(vote, "0201", "for", channel="paper", by_clerks=(cast.clerk, cast.second_clerk))
    put_act(vote, "0602", "for", by="w0602a", actor=cast.owners["w0602a"])
    put_act(vote, "0602", "against", by="w0602b", actor=cast.owners["w0602b"])
    screen = put_act(vote, "0501", "for", actor=cast.owners["w0501"])
    put_authority(vote, "0301", cast.stranger)
    waiting = enter_authority(
        actor=cast.clerk,
        decision=vote,
        slot=slot_of(vote, "0202"),
        owner="w0202",
        agent_name="路人",
        written=True,
        received_at=NOW - timedelta(hours=1),
        form_key=uuid.uuid4(),
        at=NOW,
    )
    asking = challenge(actor=cast.owners["w0201"], act=paper, words="那天我在外地", form_key=uuid.uuid4(), at=NOW)
    voiding = propose_voiding(actor=cast.head, act=screen, reason="试一试", form_key=uuid.uuid4(), at=NOW)
    return {"paper": paper, "screen": screen, "waiting": waiting, "asking": asking, "voiding": voiding}


def addresses(vote: Decision, made: dict[str, Any]) -> dict[str, str]:
    at, pk = f"/decisions/{vote.pk}", {name: row.pk for name, row in made.items()}
    return {
        "consent": f"{at}/vote",
        "revoke": f"{at}/take-back",
        "receipt": f"{at}/receipts/{pk['screen']}",
        "history": f"{at}/homes/{slot_of(vote, '0201').pk}",
        "differing": f"{at}/differing",
        "my_votes": "/decisions/mine",
        "give_authority": f"{at}/authorise",
        "authorities": f"{at}/authorities",
        "enter_authority": f"{at}/authorities/new",
        "enter_one": f"{at}/authorities/new?home={slot_of(vote, '0201').pk}",
        "confirm_authority": f"/decisions/authorities/{pk['waiting']}/confirm",
        "decline_authority": f"/decisions/authorities/{pk['waiting']}/decline",
        "withdraw_authority": f"/decisions/authorities/{pk['waiting']}/withdraw",
        "recorded": f"{at}/recorded",
        "recorded_one": f"{at}/recorded?home={slot_of(vote, '0201').pk}",
        "challenges": f"{at}/challenges",
        "challenge": f"/decisions/acts/{pk['paper']}/challenge",
        "propose_voiding": f"/decisions/acts/{pk['paper']}/void",
        "answer_challenge": f"/decisions/challenges/{pk['asking']}/answer",
        "confirm_voiding": f"/decisions/voidings/{pk['voiding']}/confirm",
        "decline_voiding": f"/decisions/voidings/{pk['voiding']}/decline",
    }


OPEN_TO = {
    "w0201": {"consent", "revoke", "history", "differing", "my_votes", "give_authority", "challenge"},
    "w0501": {"consent", "revoke", "receipt", "differing", "my_votes", "give_authority"},
    "w0202": {"consent", "revoke", "differing", "my_votes", "give_authority", "withdraw_authority"},
    "stranger": {"consent", "my_votes"},
    "head": {
        "my_votes", "authorities", "enter_authority", "enter_one", "confirm_authority", "decline_authority",
        "withdraw_authority", "recorded", "recorded_one", "challenges", "challenge", "propose_voiding",
        "answer_challenge",
    },
    "property_clerk": {"my_votes"},
    "builder": {"my_votes"},
    "volunteer": {"my_votes"},
    "administrator": {"my_votes"},
}  # fmt: skip


@pytest.mark.parametrize("who", OPEN_TO)
def test_each_page_opens_for_whom_it_is_and_for_nobody_else(cast: Cast, vote: Decision, who: str) -> None:
    actor = cast.owners[who] if who in cast.owners else getattr(cast, who)
    for name, path in addresses(vote, filled(cast, vote)).items():
        status = signed_in(actor, "en").get(path).status_code
        assert (status == 200) is (name in OPEN_TO[who]), (who, name, status)
        assert status in (200, 403, 404), (who, name, status)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_shows_in_both_languages_with_few_questions(
    cast: Cast, vote: Decision, language: str, django_assert_max_num_queries: Any
) -> None:
    paths = addresses(vote, filled(cast, vote))
    for who, names in OPEN_TO.items():
        actor = cast.owners[who] if who in cast.owners else getattr(cast, who)
        client = signed_in(actor, language)
        for name in sorted(names):
            client.get(paths[name])  # so that the count is kept, as it is for the second reader on
            with django_assert_max_num_queries(11 if name == "history" else 10):  # one more where an owner asked
                answer = client.get(paths[name])
            assert answer.status_code == 200, (who, name)
            assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].replace(" ", "").split(",")), name


def test_a_visitor_is_asked_to_sign_in_and_a_tenant_told_how_to_be_matched(cast: Cast, vote: Decision) -> None:
    path = f"/decisions/{vote.pk}/vote"
    assert "Sign in first" in text_of(signed_in(Actor(), "en"), path, 403)
    tenant, declared = put_person("租客", "+8613700000001"), put_person("自称业主", "+8613700000002")
    put_tie(tenant, cast.home("0201"), "rent")
    put_tie(declared, cast.home("0201"), "own", grade="declared")
    assert "you live or work here" in text_of(signed_in(own(tenant), "en"), path, 403)
    assert "You say that you own a home here" in text_of(signed_in(own(declared), "en"), path, 403)
    for actor in (own(tenant), own(declared), Actor()):
        answer = signed_in(actor).post(path, {"homes": ["1-0"], "choice": "for", "form_key": uuid.uuid4(), "sure": "1"})
        assert answer.status_code == 403
    assert not Act.objects.exists()


def test_one_votes_in_three_pages_and_nothing_is_written_before_the_last(cast: Cast, vote: Decision) -> None:
    client, path = signed_in(cast.owners["w0501"], "en"), f"/decisions/{vote.pk}/vote"
    first = text_of(client, path)
    buttons = re.findall(r'<button class="([^"]*)" name="choice" value="(\w+)">', first)
    assert buttons == [("button plain", "for"), ("button plain", "against"), ("button plain", "abstain")]
    assert "aria-pressed" not in first
    key = re.search(r'name="form_key" value="([^"]+)"', first)
    assert key is not None
    form = {"homes": homes(cast.owners["w0501"], vote), "choice": "against", "form_key": key.group(1)}
    second = client.post(path, form)
    assert (second.status_code, Act.objects.count()) == (200, 0)
    assert "Hand in: Against" in second.content.decode()
    third = client.post(path, form | {"sure": "1"}, follow=True)
    said = third.content.decode()
    assert "Your vote is handed in" in said
    assert said.count("<b>Against</b>") == 2
    assert re.search(r"<code>[0-9a-f]{4}( [0-9a-f]{4}){5}</code>", said)
    again = client.post(path, form | {"sure": "1"})
    assert (again.status_code, Act.objects.count()) == (302, 2)
    other = client.post(path, form | {"sure": "1", "choice": "for"})
    assert (other.status_code, Act.objects.count()) == (422, 2)
    assert "already sent with other words" in other.content.decode()


def test_a_stale_page_sent_after_the_close_is_recorded_and_told_plainly(cast: Cast, vote: Decision) -> None:
    client, path = signed_in(cast.owners["w0201"], "en"), f"/decisions/{vote.pk}/vote"
    form = {"homes": homes(cast.owners["w0201"], vote), "choice": "for", "form_key": uuid.uuid4(), "sure": "1"}
    with clock.set_to(vote.closes_at + timedelta(seconds=1)):
        assert "The vote has closed" in text_of(client, path)
        said = client.post(path, form, follow=True).content.decode()
    assert "It came too late" in said
    assert Act.objects.get().at == vote.closes_at + timedelta(seconds=1)


@pytest.mark.parametrize("state", ["announced", "closed"])
def test_outside_the_vote_the_page_says_when_and_offers_nothing(cast: Cast, state: str) -> None:
    vote = put_decision(cast, state)
    page = text_of(signed_in(cast.owners["w0201"], "en"), f"/decisions/{vote.pk}/vote")
    assert "The vote is open from" in page
    assert 'name="choice"' not in page


def test_the_history_tells_an_owner_everything_and_of_a_co_owner_only_that_they_acted(
    cast: Cast, vote: Decision
) -> None:
    filled(cast, vote)
    page = text_of(signed_in(cast.owners["w0201"], "en"), f"/decisions/{vote.pk}/homes/{slot_of(vote, '0201').pk}")
    assert "You: For" in page
    assert "On paper" in page
    assert "You said on" in page
    page = text_of(signed_in(cast.owners["w0602a"], "en"), f"/decisions/{vote.pk}/homes/{slot_of(vote, '0602').pk}")
    assert "You: For" in page
    assert "A co-owner, or somebody for them, handed in a vote" in page
    assert "Against" not in page
    assert "The co-owners differ" in page


def test_the_history_says_why_an_act_does_not_count(cast: Cast, vote: Decision) -> None:
    put_act(vote, "0201", "for")
    put_act(vote, "0201", "against", at=vote.closes_at)
    put_act(vote, "0201", "abstain", channel="paper", by_clerks=(cast.clerk, cast.second_clerk), confirmed=False)
    owner, home = cast.owners["w0201"], slot_of(vote, "0201").pk
    with clock.set_to(vote.closes_at + timedelta(minutes=1)):
        lines = queries.history(owner, vote, home, vote.closes_at + timedelta(minutes=1)).lines
    told = {line.choice: line.told[0] for line in lines}
    assert told["Against"] == "a vote came after closing: it does not count"
    assert told["Abstain"] == "It counts once a second clerk has confirmed the entry."
    assert told["For"] == "This is what counts for you."


def test_who_is_helped_reads_no_choice_over_the_helpers_shoulder(cast: Cast, vote: Decision) -> None:
    filled(cast, vote)
    owner = cast.owners["w0201"]
    sitting = Assistance.objects.create(
        helper=cast.clerk.person,
        seat=cast.clerk.seat,
        principal=owner.person,
        way="counter",
        evidence="in person",
        began_at=NOW,
        form_key=uuid.uuid4(),
    )
    helped = Actor(
        person=cast.clerk.person, principal=owner.person, assistance=sitting, seat=cast.clerk.seat, strong=True
    )
    page = queries.history(helped, vote, slot_of(vote, "0201").pk, NOW)
    assert [line.choice for line in page.lines] == [""]
    assert queries.why_not(helped, vote, NOW, [])[0] == "other"


def test_co_owners_and_counters_alone_know_that_they_differ(cast: Cast, vote: Decision) -> None:
    filled(cast, vote)
    path = f"/decisions/{vote.pk}/differing"
    assert "602室" in text_of(signed_in(cast.counters[0], "en"), path)
    assert "602室" in text_of(signed_in(cast.owners["w0602b"], "en"), path)
    assert "602室" not in text_of(signed_in(cast.owners["w0201"], "en"), path)
    for actor in (cast.clerk, cast.head, cast.administrator, cast.volunteer, cast.stranger, Actor()):
        text_of(signed_in(actor), path, 404)


def test_the_part_of_a_decisions_page_says_how_my_homes_stand(cast: Cast, vote: Decision) -> None:
    consent(
        actor=cast.owners["w0501"],
        decision=vote,
        homes=homes(cast.owners["w0501"], vote)[:1],
        choice="for",
        form_key=uuid.uuid4(),
        at=NOW,
    )
    part = queries.words(cast.owners["w0501"], vote, NOW)
    assert part is not None
    assert [home.state for home in part["own"].homes] == ["cast", "none"]
    assert (part["own"].may_vote, part["own"].may_take_back, part["own"].may_authorise) == (True, True, True)
    stranger = queries.words(cast.stranger, vote, NOW)
    assert stranger is not None
    assert (stranger["own"].homes, stranger["own"].why) == ((), "match")


def test_what_is_to_do_is_what_was_not_handed_in(cast: Cast, vote: Decision) -> None:
    owner = cast.owners["w0501"]
    assert [slot.key for slot in queries.to_do(owner, NOW)] == ["03/1/0501", "03/1/0502"]
    put_act(vote, "0501")
    assert [slot.key for slot in queries.to_do(owner, NOW)] == ["03/1/0502"]
    assert queries.to_do(cast.stranger, NOW) == []


def test_an_agent_reads_for_whom_they_may_vote_and_never_the_homes_history(cast: Cast, vote: Decision) -> None:
    give_authority(
        actor=cast.owners["w0201"],
        decision=vote,
        homes=homes(cast.owners["w0201"], vote),
        agent_name="路人",
        phone="13900000008",
        instruction="for",
        form_key=uuid.uuid4(),
        at=NOW,
    )
    client = signed_in(cast.stranger, "en")
    assert "for 201室" in text_of(client, "/decisions/mine")
    assert "The owner of 201室 wants you to vote: For" in text_of(client, f"/decisions/{vote.pk}/vote")
    text_of(client, f"/decisions/{vote.pk}/homes/{slot_of(vote, '0201').pk}", 404)
    listed = text_of(signed_in(cast.head, "en"), f"/decisions/{vote.pk}/authorities")
    assert "路人" in listed
    assert not re.search(r"\bFor\b|Against|Abstain", listed)


def test_what_is_typed_at_the_desk_is_done_and_leads_back_to_the_list(cast: Cast, vote: Decision) -> None:
    made = filled(cast, vote)
    client, paths = signed_in(cast.head, "en"), addresses(vote, made)
    answer = client.post(paths["confirm_authority"], {"owner": "w0202", "agent_name": "别人", "written": "on"})
    assert answer.status_code == 422
    assert "The first clerk read something else here" in answer.content.decode()
    answer = client.post(paths["confirm_authority"], {"owner": "w0202", "agent_name": "路人", "written": "on"})
    assert answer.status_code == 302
    assert Authority.objects.get(pk=made["waiting"].pk).confirmed_by == cast.head.person
    answer = client.post(paths["answer_challenge"], {"upheld": "yes", "answer": "笔迹不符"})
    assert answer.status_code == 302
    assert Challenge.objects.get().upheld
    answer = signed_in(cast.clerk).post(paths["confirm_voiding"])
    assert answer.status_code == 302
    assert Voiding.objects.get(pk=made["voiding"].pk).confirmed_by == cast.clerk.person
    assert signed_in(cast.head).post(paths["confirm_voiding"]).status_code == 403


def test_no_page_of_anybody_else_differs_by_how_a_neighbour_chose(cast: Cast, vote: Decision) -> None:
    act = put_act(vote, "0201", "for", actor=cast.owners["w0201"], at=NOW - timedelta(hours=1))
    readers = {
        "neighbour": cast.owners["w0202"],
        "clerk": cast.clerk,
        "head": cast.head,
        "volunteer": cast.volunteer,
        "property firm": cast.property_clerk,
        "builder": cast.builder,
        "stranger": cast.stranger,
        "visitor": Actor(),
    }
    home = slot_of(vote, "0201").pk
    at = f"/decisions/{vote.pk}"
    paths = [
        "/decisions/mine", f"{at}", f"{at}/vote", f"{at}/homes/{home}", f"{at}/receipts/{act.pk}", f"{at}/differing",
        f"{at}/authorities", f"{at}/recorded?home={home}", f"{at}/challenges", f"/decisions/acts/{act.pk}/challenge",
        f"/decisions/acts/{act.pk}/void", f"/places/{slot_of(vote, '0201').place_id}",
    ]  # fmt: skip

    def seen() -> dict[tuple[str, str], bytes]:
        pages = {}
        for who, actor in readers.items():
            for path in paths:
                answer = signed_in(actor).get(path)
                body = re.sub(rb'(form_key" value=|csrfmiddlewaretoken" value=)"[^"]*"', b"", answer.content)
                body = re.sub(rb'id="id_form_key"', b"", re.sub(rb'value="[0-9a-f-]{36}"', b"", body))
                pages[who, path] = str(answer.status_code).encode() + body
        return pages

    before = seen()
    Act.objects.filter(pk=act.pk).update(choice="against")
    forget()
    after = seen()
    assert [key for key in before if before[key] != after[key]] == []
