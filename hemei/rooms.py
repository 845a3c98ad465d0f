"""The house in one list, top to bottom: a room imports only from rooms above it, and from the engines."""

ROOMS = (
    "base",
    "ledger",
    "outbox",
    "shell",
    "places",
    "people",
    "roll",
    "matters",
    "notices",
    "promises",
    "consultations",
    "decisions",
    "handbook",
    "web",
)
