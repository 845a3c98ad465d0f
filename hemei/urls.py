"""Addresses: every room has its own list, the top floor puts them together."""

from django.urls import include, path

urlpatterns = [
    path("", include("hemei.shell.urls")),
    path("places/", include("hemei.places.urls")),
    path("people/", include("hemei.people.urls")),
    path("matters/", include("hemei.matters.urls")),
    path("notices/", include("hemei.notices.urls")),
    path("outbox/", include("hemei.outbox.urls")),
    path("promises/", include("hemei.promises.urls")),
    path("consultations/", include("hemei.consultations.urls")),
    path("roll/", include("hemei.roll.urls")),
    path("decisions/", include("hemei.decisions.urls")),
    path("handbook/", include("hemei.handbook.urls")),
    path("", include("hemei.web.urls")),
]
handler400 = "hemei.web.faults.bad_request"
handler403 = "hemei.web.faults.forbidden"
handler404 = "hemei.web.faults.not_found"
handler500 = "hemei.web.faults.server_error"
