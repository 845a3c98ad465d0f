"""Reading this room, always for a viewer."""
