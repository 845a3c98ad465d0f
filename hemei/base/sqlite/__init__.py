"""SQLite for many writers: Django's backend, with a queue in front of the one writer that SQLite allows."""
