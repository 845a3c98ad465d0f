"""Addresses of what the lift costs whom."""

from django.urls import path

from hemei.decisions.views import costs

urlpatterns = [
    path("drives/<int:pk>/plans", costs.plans, name="plans"),
    path("drives/<int:pk>/plans/what-if", costs.what_if, name="what_if"),
    path("drives/<int:pk>/plans/compare", costs.compare, name="compare"),
    path("drives/<int:pk>/plans/keep", costs.keep_plan, name="keep_plan"),
    path("plans/<int:pk>/drop", costs.drop_plan, name="drop_plan"),
    path("plans/<int:pk>/freeze", costs.freeze_plan, name="freeze_plan"),
]
