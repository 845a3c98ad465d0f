"""Home, search, health, and the pages for what went wrong."""

from django.shortcuts import render


def home(request):
    return render(request, "shell/told.html", {"told": "Hemei"})


def _told(request, status):
    return render(request, "shell/told.html", {"told": status, "kind": str(status)}, status=status)


def bad_request(request, exception=None):
    return _told(request, 400)


def forbidden(request, exception=None):
    return _told(request, 403)


def not_found(request, exception=None):
    return _told(request, 404)


def server_error(request):
    return _told(request, 500)


def csrf_failure(request, reason=""):
    return _told(request, 403)
