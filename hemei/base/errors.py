"""The two ways an action says no. Absent and hidden things alike are Django's Http404."""


class NotAllowed(Exception):
    """This actor may not do this (403). The text says who may."""


class Refused(Exception):
    """What was sent cannot stand (422). The text says what happened, why, and what to do next.

    field: the form field it belongs to, or None for the whole form.
    """

    def __init__(self, told: object, *, field: str | None = None) -> None:
        super().__init__(told)
        self.field = field


class TooMany(Refused):
    """Too much of it in too short a time (429). after_seconds: when to come again."""

    def __init__(self, told: object, *, after_seconds: int) -> None:
        super().__init__(told)
        self.after_seconds = after_seconds
