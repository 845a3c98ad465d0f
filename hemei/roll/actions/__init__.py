"""What is done with the roll: lists, corrections, letters and matches."""
