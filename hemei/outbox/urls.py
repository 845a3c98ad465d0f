from django.urls import path

from hemei.outbox import views

app_name = "outbox"
urlpatterns = [path("", views.outbox, name="outbox")]
