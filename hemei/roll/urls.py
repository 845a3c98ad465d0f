"""Addresses of this room."""

from django.urls import URLPattern

app_name = "roll"
urlpatterns: list[URLPattern] = [
    # lists, units and corrections
    # letters and matches
]
