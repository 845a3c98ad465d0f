"""Addresses of bodies, seats, ties and the counter."""

urlpatterns: list = []
