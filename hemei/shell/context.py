"""What every page's template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": request.actor,  # type: ignore[attr-defined]
        "elder": getattr(request, "elder", False),
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "demo": settings.DEMO,
    }
