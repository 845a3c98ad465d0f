"""Rules and numbers: pure Python, data in, data out."""
