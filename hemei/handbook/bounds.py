"""How much a page reckons at once. The command takes more; the engines' own bounds stand with their readers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hemei.base.errors import Refused

CASES_MAX = 30
HOMES_MAX = 2_000  # of all cases together: some tenths of a second, and a page that can still be read


class TooMuch(Refused):
    """More than a page can hold (413)."""


def refuse_too_much(*, sizes: Sequence[int]) -> None:
    """sizes: homes of each case. Raises TooMuch."""
    if len(sizes) > CASES_MAX or sum(sizes) > HOMES_MAX:
        told = _(
            "A page takes at most %(cases)d cases with %(homes)s homes together. The command takes more: see below."
        )
        raise TooMuch(told % {"cases": CASES_MAX, "homes": f"{HOMES_MAX:,}"})
