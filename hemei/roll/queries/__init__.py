"""Reading the roll, always for a viewer."""

from hemei.roll.queries.keeping import place_panel
from hemei.roll.queries.owning import frozen_seen, owned_by, owners_named

__all__ = ["frozen_seen", "owned_by", "owners_named", "place_panel"]
