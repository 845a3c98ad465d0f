"""The demo story: a street that never was, true to a real one. Loaded by the same actions that pages call."""
