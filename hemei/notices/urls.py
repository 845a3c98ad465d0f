from django.urls import path

from hemei.notices.views import being_told, carrying, posting

app_name = "notices"
urlpatterns = [
    path("", being_told.inbox, name="inbox"),
    path("about/<int:key>", being_told.about, name="about"),
    path("read", being_told.mark_read, name="mark_read"),
    path("preferences", being_told.preferences, name="preferences"),
    path("follow/<int:pk>", being_told.follow, name="follow"),
    path("delivery/<int:pk>", being_told.delivery, name="delivery"),
    path("paper", carrying.carrying, name="carrying"),
    path("paper/slips", carrying.slips, name="slips"),
    path("paper/printed", carrying.mark_printed, name="mark_printed"),
    path("paper/carried", carrying.mark_carried, name="mark_carried"),
    path("posted", posting.sheets, name="sheets"),
    path("posted/new", posting.make_sheet, name="make_sheet"),
    path("posted/<int:pk>", posting.sheet, name="sheet"),
    path("posted/<int:pk>/paper", posting.sheet_on_paper, name="sheet_on_paper"),
    path("posted/<int:pk>/void", posting.void_sheet, name="void_sheet"),
    path("posted/<int:pk>/up", posting.post_sheet, name="post_sheet"),
    path("posted/<int:pk>/<int:posting>/down", posting.take_down, name="take_down"),
    path("posted/<int:pk>/<int:posting>/photo", posting.photo, name="photo"),
]
