"""Addresses of this part of the room."""

from django.urls import path

from hemei.decisions.views import doors as views

urlpatterns = [
    path("drives/<int:pk>/team", views.team, name="team"),
    path("drives/<int:pk>/team/give", views.give_door, name="give_door"),
    path("drives/<int:pk>/team/take/<int:door>", views.take_door, name="take_door"),
    path("doors/", views.my_doors, name="my_doors"),
    path("drives/<int:pk>/doors/<int:home>/visit", views.visit, name="visit"),
    path("drives/<int:pk>/doors/<int:home>/wish", views.note_wish, name="note_wish"),
    path("drives/<int:pk>/wishes", views.wishes, name="wishes"),
    path("drives/<int:pk>/hand-sheet", views.hand_sheet, name="hand_sheet"),
    path("board/<int:pk>/sheets", views.sheets, name="sheets"),
    path("board/<int:pk>/sheets/add", views.add_sheet, name="add_sheet"),
    path("sheets/<int:pk>", views.sheet, name="sheet"),
    path("sheets/<int:pk>/file", views.sheet_file, name="sheet_file"),
]
