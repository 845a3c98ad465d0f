"""Reading the roll, always for a viewer."""

from hemei.roll.queries.owning import owned_by

__all__ = ["owned_by"]
