"""Where tests find exports of Polis: three in the repository, more where the shared folder is present."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[4]
KEPT = REPOSITORY / "tests" / "data" / "polis"
SHARED = Path(os.environ.get("HEMEI_SHARED", REPOSITORY.parent / "shared")) / "data" / "polis"

# adjusted Rand index of the reference implementation against Polis's published groups (red-dwarf 0.4.0, 2026-11-23)
REFERENCE = {
    "london.youth.policing": 0.12,
    "brexit-consensus": 0.64,
    "15-per-hour-seattle": 0.46,
    "canadian-electoral-reform": 1.00,
    "scoop-hivemind.biodiversity": 0.95,
    "austria-climate.5twd2jsnkf": 0.95,
    "vtaiwan.uberx": 0.83,
}


def exports() -> list[Path]:
    """Every export that is here, the small ones first."""
    places = [next((at / name for at in (KEPT, SHARED) if (at / name).is_dir()), None) for name in REFERENCE]
    return [place for place in places if place is not None]
