"""The least a Django program can do on this machine: three views to measure everything else against.

/hello  no database · /read  one indexed row, rendered by a template of about 10 kB · /write  one row, durable (POST)

YARDSTICK_DB: a file for SQLite, or a postgres:// address.
"""

import os
import random
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings

address = os.environ.get("YARDSTICK_DB", "/tmp/yardstick.sqlite3")
if address.startswith("postgres"):
    url = urlsplit(address)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "USER": url.username,
        "PASSWORD": url.password or "",
        "HOST": url.hostname,
        "PORT": url.port,
        "CONN_MAX_AGE": None,
    }
else:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(address),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": pragmas},
        "CONN_MAX_AGE": None,
    }

settings.configure(
    DEBUG=False,
    SECRET_KEY="yardstick",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": database},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402

ROWS = 10_000


class Row(models.Model):
    text = models.CharField(max_length=200)

    class Meta:
        app_label = "yardstick"


PAGE = engines["django"].from_string(
    "<!doctype html><title>{{ row.text }}</title><h1>{{ row.text }}</h1>"
    "<ul>{% for i in lines %}<li><a href='/read?{{ i }}'>{{ row.text }}</a>"
    + "<p>a line of words</p>" * 9
    + "</li>{% endfor %}</ul>"
)
LINES = range(40)


def hello(request):
    return HttpResponse("hello")


def read(request):
    return HttpResponse(PAGE.render({"row": Row.objects.get(pk=random.randint(1, ROWS)), "lines": LINES}))


def write(request):
    with transaction.atomic():
        row = Row.objects.create(text="a vote")
    return HttpResponse(str(row.pk), status=201)


urlpatterns = [path("hello", hello), path("read", read), path("write", write)]
application = get_wsgi_application()

if __name__ == "__main__" and sys.argv[1:] == ["prepare"]:
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    Row.objects.bulk_create(Row(text=f"row {i}") for i in range(ROWS))
