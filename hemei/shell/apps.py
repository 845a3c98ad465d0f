"""The room as Django starts it."""

from django.apps import AppConfig


class Shell(AppConfig):
    name = "hemei.shell"

    def ready(self) -> None:
        from hemei.shell.wording import speak_plainly

        speak_plainly()
