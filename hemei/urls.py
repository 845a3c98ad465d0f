"""Addresses: every room has its own list, the top floor puts them together."""

from django.urls import include, path

urlpatterns = [
    path("", include("hemei.web.urls")),
]
handler400 = "hemei.web.views.bad_request"
handler403 = "hemei.web.views.forbidden"
handler404 = "hemei.web.views.not_found"
handler500 = "hemei.web.views.server_error"
