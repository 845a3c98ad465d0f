from django.urls import path

from hemei.web import health, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("seals", views.seals, name="seals"),
    path("seals/<str:day>", views.seal, name="seal"),
    path("jobs/<uuid:pk>", views.job, name="job"),
    path("jobs/<uuid:pk>/stop", views.stop_job, name="stop_job"),
    path("about", views.about, name="about"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.icon, name="icon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
