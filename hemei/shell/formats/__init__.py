"""Dates and numbers as each language writes them; the words around them are in `hemei/shell/words.py`."""
