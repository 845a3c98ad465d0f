"""Addresses of bodies, seats, ties and the counter."""

from django.urls import path

from hemei.people.views import bodies, counter, ties

urlpatterns = [
    path("bodies", bodies.bodies, name="bodies"),
    path("bodies/new", bodies.set_up_body, name="set_up_body"),
    path("bodies/<int:pk>", bodies.body, name="body"),
    path("bodies/<int:pk>/correct", bodies.correct_body, name="correct_body"),
    path("bodies/<int:pk>/end", bodies.end_body, name="end_body"),
    path("bodies/<int:pk>/seats", bodies.give_seat, name="give_seat"),
    path("seats/<int:pk>/end", bodies.end_seat, name="end_seat"),
    path("seats/<int:pk>/handover", bodies.hand_over, name="hand_over"),
    path("ties", ties.ties, name="ties"),
    path("ties/new", ties.declare_tie, name="declare_tie"),
    path("ties/<int:pk>/confirm", ties.confirm_by_letter, name="confirm_by_letter"),
    path("ties/<int:pk>/letter", ties.ask_for_letter, name="ask_for_letter"),
    path("ties/<int:pk>/end", ties.end_tie, name="end_tie"),
    path("helped", ties.helped, name="helped"),
    path("helped/<int:pk>/photo", ties.sitting_photo, name="sitting_photo"),
    path("helped/<int:pk>/contest", ties.contest_sitting, name="contest_sitting"),
    path("claim", ties.claim_record, name="claim_record"),
    path("counter", counter.counter, name="counter"),
    path("counter/ties", counter.ties_to_confirm, name="ties_to_confirm"),
    path("counter/ties/<int:pk>/confirm", counter.confirm_tie, name="confirm_tie"),
    path("counter/ties/<int:pk>/refuse", counter.refuse_tie, name="refuse_tie"),
    path("counter/letters", counter.letters_to_print, name="letters_to_print"),
    path("counter/new", counter.take_in, name="take_in"),
    path("counter/people/<int:pk>", counter.record, name="record"),
    path("counter/people/<int:pk>/sitting", counter.begin_sitting, name="begin_sitting"),
    path("counter/people/<int:pk>/slip", counter.print_slip, name="print_slip"),
    path("counter/people/<int:pk>/slip/revoke", counter.revoke_slips, name="revoke_slips"),
    path("counter/sitting/end", counter.end_sitting, name="end_sitting"),
    path("counter/contests", counter.contests, name="contests"),
    path("counter/contests/<int:pk>", counter.answer_contest, name="answer_contest"),
]
