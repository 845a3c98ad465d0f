"""Addresses of votes and of the desk that runs them."""

from django.urls import path

from hemei.decisions.views import papers, voting

urlpatterns = [
    path("", voting.decisions, name="decisions"),
    path("new", voting.propose_decision, name="propose_decision"),
    path("<int:pk>", voting.decision, name="decision"),
    path("<int:pk>/paper", voting.decision_paper, name="decision_paper"),
    path("<int:pk>/correct", voting.correct_decision, name="correct_decision"),
    path("<int:pk>/rule", voting.attest_rule, name="attest_rule"),
    path("<int:pk>/counters", voting.name_counters, name="name_counters"),
    path("<int:pk>/announce", voting.announce_decision, name="announce_decision"),
    path("<int:pk>/cancel", voting.cancel_decision, name="cancel_decision"),
    path("<int:pk>/again", voting.start_again, name="start_again"),
    path("<int:pk>/papers", papers.papers, name="papers"),
    path("<int:pk>/print", papers.print_ballots, name="print_ballots"),
    path("papers/<int:pk>/void", papers.void_paper, name="void_paper"),
    path("<int:pk>/deliveries", papers.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/photo", papers.service_photo, name="service_photo"),
    path("<int:pk>/enter", papers.enter_paper, name="enter_paper"),
    path("<int:pk>/waiting", papers.waiting, name="waiting"),
    path("acts/<int:pk>/confirm", papers.confirm_paper, name="confirm_paper"),
    path("acts/<int:pk>/photo", papers.act_photo, name="act_photo"),
    path("<int:pk>/slips", papers.slips, name="slips"),
]
