"""Hemei (和美) carries a neighbourhood's concern to a kept promise."""
