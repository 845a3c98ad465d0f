from django.urls import path

from hemei.matters import views

app_name = "matters"
urlpatterns = [
    path("", views.matters, name="matters"),
    path("<int:pk>", views.matter, name="matter"),
    path("<int:pk>/tell", views.tell, name="tell"),
    path("<int:pk>/visibility", views.change_visibility, name="change_visibility"),
    path("<int:pk>/close", views.close_matter, name="close_matter"),
    path("<int:pk>/reopen", views.reopen_matter, name="reopen_matter"),
]
