"""Addresses of this part of the room."""

from django.urls import path

from hemei.decisions.views import drives as views

urlpatterns = [
    path("drives/", views.drives, name="drives"),
    path("board/<int:pk>", views.board, name="board"),
    path("board/<int:pk>/curve", views.curve, name="curve"),
    path("board/<int:pk>/curve/tell", views.tell_milestone, name="tell_milestone"),
    path("board/<int:pk>/reasons", views.reasons, name="reasons"),
    path("board/<int:pk>/begin", views.begin_drive, name="begin_drive"),
    path("drives/<int:pk>", views.drive, name="drive"),
    path("drives/<int:pk>/drawing", views.drawing, name="drawing"),
    path("drives/<int:pk>/stages/<int:mark>", views.stage_paper, name="stage_paper"),
    path("drives/<int:pk>/grade", views.grade_drive, name="grade_drive"),
    path("drives/<int:pk>/move", views.move_drive, name="move_drive"),
    path("drives/<int:pk>/stop", views.stop_drive, name="stop_drive"),
    path("drives/<int:pk>/waits", views.drive_waits, name="drive_waits"),
    path("drives/<int:pk>/goes-on", views.drive_goes_on, name="drive_goes_on"),
    path("drives/<int:pk>/choose-team", views.choose_team, name="choose_team"),
]
