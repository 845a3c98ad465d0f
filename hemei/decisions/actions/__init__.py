"""What this room writes, an action each."""
