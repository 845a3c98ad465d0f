"""Home and search: pages that put the rooms together and own nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/told.html", {"told": "Hemei"})


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/told.html", {"told": "Hemei"})
