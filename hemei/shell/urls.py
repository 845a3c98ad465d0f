from django.urls import path

from hemei.shell import views

app_name = "shell"
urlpatterns = [
    path("look", views.look, name="look"),
    path("elder", views.elder, name="elder"),
    path("styleguide", views.styleguide, name="styleguide"),
]
