"""The house in one list, top to bottom: a room imports only from rooms above it, and from the engines."""

ROOMS = (
    "base",
    "ledger",
    "outbox",
    "shell",
    "places",
    "people",
    "matters",
    "notices",
    "promises",
    "consultations",
    "handbook",
    "web",
)
