"""Addresses of this room."""

from django.urls import URLPattern, path, re_path

from hemei.roll.views import correcting, frozen, lists, matching

app_name = "roll"
urlpatterns: list[URLPattern] = [
    # lists, units and corrections
    path("", lists.rolls, name="rolls"),
    re_path(r"^hemei-roll\.(?P<form>csv|xlsx)$", lists.template, name="template"),
    path("estates/<int:pk>", lists.roll, name="roll"),
    path("estates/<int:pk>/begin", lists.begin_roll, name="begin_roll"),
    path("estates/<int:pk>/history", lists.history, name="history"),
    path("estates/<int:pk>/send", lists.send_list, name="send_list"),
    path("lists/<int:pk>", lists.sent_list, name="list"),
    path("lists/<int:pk>/confirm", lists.confirm_list, name="confirm_list"),
    path("lists/<int:pk>/decline", lists.decline_list, name="decline_list"),
    path("units/<int:pk>", lists.unit, name="unit"),
    path("units/<int:pk>/correct/<slug:what>", correcting.propose_correction, name="propose_correction"),
    path("corrections", correcting.corrections, name="corrections"),
    path("corrections/<int:pk>/confirm", correcting.confirm_correction, name="confirm_correction"),
    path("corrections/<int:pk>/decline", correcting.decline_correction, name="decline_correction"),
    # letters and matches
    path("match", matching.match, name="match"),
    path("matches", matching.matches, name="matches"),
    path("matches/<int:pk>/end", matching.end_match, name="end_match"),
    path("owners/<int:pk>/match", matching.match_by_clerk, name="match_by_clerk"),
    path("owners/<int:pk>/letters/off", matching.call_off_letters, name="call_off_letters"),
    path("estates/<int:pk>/letters", matching.letters, name="letters"),
    path("estates/<int:pk>/letters/print", matching.print_letters, name="print_letters"),
    path("estates/<int:pk>/letters/delivered", matching.deliver_letters, name="deliver_letters"),
    path("estates/<int:pk>/sheets", matching.match_sheets, name="match_sheets"),
    # frozen copies
    path("estates/<int:pk>/frozen", frozen.frozen_copies, name="frozen_copies"),
    path("frozen/<int:pk>", frozen.frozen, name="frozen"),
    path("frozen/<int:pk>.json", frozen.frozen_file, name="frozen_file"),
]
