"""Pages of the roll: lists and units, corrections, letters and matches."""
