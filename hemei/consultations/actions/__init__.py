"""Everything that can be done in a consultation."""

from hemei.consultations.actions.voting import cast_vote, enter_sheet

__all__ = ["cast_vote", "enter_sheet"]
