from django.urls import path, re_path

from hemei.places import views

app_name = "places"
urlpatterns = [
    path("", views.street, name="street"),
    path("find", views.find, name="find"),
    path("add", views.add_street, name="add_street"),
    path("import", views.send_list, name="import"),
    re_path(r"^import/hemei-places\.(?P<form>csv|xlsx)$", views.template, name="template"),
    path("lists/<int:pk>", views.sent_list, name="list"),
    path("lists/<int:pk>/confirm", views.confirm_list, name="confirm_list"),
    path("<int:pk>", views.place, name="place"),
    path("<int:pk>/history", views.history, name="history"),
    path("<int:pk>/add", views.add_place, name="add"),
    path("<int:pk>/correct", views.correct_place, name="correct"),
    path("<int:pk>/close", views.close_place, name="close"),
    path("<int:pk>/reopen", views.reopen_place, name="reopen"),
    path("<int:pk>/merge", views.merge_estates, name="merge"),
    path("<int:pk>/split", views.split_estate, name="split"),
]
