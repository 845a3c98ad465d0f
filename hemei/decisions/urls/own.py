"""Addresses of what owners do themselves, of authorities and of challenges."""

from django.urls import path

from hemei.decisions.views import authorities, challenging, own

urlpatterns = [
    path("mine", own.my_votes, name="my_votes"),
    path("<int:pk>/vote", own.consent, name="consent"),
    path("<int:pk>/take-back", own.revoke, name="revoke"),
    path("<int:pk>/receipts/<int:act>", own.receipt, name="receipt"),
    path("<int:pk>/homes/<int:slot>", own.history, name="history"),
    path("<int:pk>/differing", own.differing, name="differing"),
    path("<int:pk>/authorise", authorities.give_authority, name="give_authority"),
    path("<int:pk>/authorities", authorities.authorities, name="authorities"),
    path("<int:pk>/authorities/new", authorities.enter_authority, name="enter_authority"),
    path("authorities/<int:pk>/confirm", authorities.confirm_authority, name="confirm_authority"),
    path("authorities/<int:pk>/decline", authorities.decline_authority, name="decline_authority"),
    path("authorities/<int:pk>/withdraw", authorities.withdraw_authority, name="withdraw_authority"),
    path("authorities/<int:pk>/scan", authorities.scan, name="authority_scan"),
    path("<int:pk>/recorded", challenging.recorded, name="recorded"),
    path("<int:pk>/challenges", challenging.challenges, name="challenges"),
    path("acts/<int:pk>/challenge", challenging.challenge, name="challenge"),
    path("acts/<int:pk>/void", challenging.propose_voiding, name="propose_voiding"),
    path("challenges/<int:pk>/answer", challenging.answer_challenge, name="answer_challenge"),
    path("voidings/<int:pk>/confirm", challenging.confirm_voiding, name="confirm_voiding"),
    path("voidings/<int:pk>/decline", challenging.decline_voiding, name="decline_voiding"),
]
