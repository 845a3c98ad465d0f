"""Forms of the roll; their fields are the arguments of the actions."""
