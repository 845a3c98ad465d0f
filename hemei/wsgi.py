"""What the web server serves."""

import os

from django.core.wsgi import get_wsgi_application

from hemei.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hemei.settings")
if os.environ.get("HEMEI_SUPERVISED"):
    end_with_parent()
application = get_wsgi_application()
