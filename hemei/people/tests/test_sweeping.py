from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.template import engines
from django.utils import timezone

from hemei.people import clockwork, codes
from hemei.people.models import Code

PEOPLE = Path(clockwork.__file__).parent
# These stand on no timeline.
QUIET = {
    "code",
    "letter_printed",
    "record_opened",
    "sitting_ended",
    "slip_printed",
    "slip_revoked",
}


def test_what_has_run_out_is_swept_away_and_nothing_else(resident, now):
    with transaction.atomic():
        codes.make(kind=Code.Kind.PHONE, address="+8613800000001", at=now - timedelta(days=2))
        codes.make(kind=Code.Kind.PHONE, address="+8613800000001", at=now)
        codes.make(kind=Code.Kind.SLIP, person=resident.person, at=now - timedelta(days=200))
    for days in (-1, 1):
        session = SessionStore()
        session.create()
        Session.objects.filter(session_key=session.session_key).update(
            expire_date=timezone.now() + timedelta(days=days)
        )
    clockwork.round(now)
    assert sorted(Code.objects.values_list("kind", flat=True)) == ["phone", "slip"]
    assert Session.objects.count() == 1


def verbs_recorded():
    """Every verb that stands in the room's actions and merging."""
    import re

    sources = [*sorted((PEOPLE / "actions").glob("*.py")), PEOPLE / "merging.py"]
    return sorted({verb for source in sources for verb in re.findall(r'"people\.([a-z_]+)"', source.read_text())})


@pytest.mark.parametrize("verb", [verb for verb in verbs_recorded() if verb not in QUIET])
def test_each_verb_has_its_line_for_a_timeline(verb):
    assert engines["django"].engine.get_template(f"people/ledger/{verb}.html")
