from django.urls import path

from hemei.handbook import views

app_name = "handbook"
urlpatterns = [
    path("", views.handbook, name="handbook"),
    path("decision", views.decision, name="decision"),
    path("decision/try", views.count_votes, name="count_votes"),
    path("costs", views.costs, name="costs"),
    path("costs/try", views.share_cost, name="share_cost"),
    path("rules", views.rules, name="rules"),
    path("rules/<str:key>", views.rule, name="rule"),
]
