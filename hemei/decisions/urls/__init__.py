"""Addresses of this room, each part's in a file of its own."""

from hemei.decisions.urls import contracts, costs, counting, documents, doors, drives, own, voting

app_name = "decisions"
urlpatterns = [
    *drives.urlpatterns,
    *doors.urlpatterns,
    *voting.urlpatterns,
    *own.urlpatterns,
    *counting.urlpatterns,
    *costs.urlpatterns,
    *contracts.urlpatterns,
    *documents.urlpatterns,
]
