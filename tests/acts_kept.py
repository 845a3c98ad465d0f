"""Which ballots stand as entered: `python -m tests.acts_kept`, on HEMEI_DATA.

Prints {"acts": {form key: serial}, "verdicts": {decision: digest of verdict and file, as counted anew}}.
"""

import hashlib
import json
import sys

from hemei.start import set_up


def main() -> int:
    set_up()
    from hemei.decisions import files, standing
    from hemei.decisions.models import Act, Decision
    from hemei.engines import decision as engine

    rows = Act.objects.filter(channel="paper", refused_at=None).select_related("paper")
    acts = {str(act.form_key): act.paper.serial for act in rows if act.paper is not None}
    verdicts = {}
    for one in Decision.objects.exclude(announced_at=None).select_related("roll", "linked__roll").order_by("pk"):
        if one.certified_at is not None:
            assert files.faults_of(one) == [], one.pk
        said = json.dumps(engine.as_plain(engine.tally(standing.one_case(one, one.closes_at))), sort_keys=True)
        verdicts[str(one.pk)] = hashlib.sha256(f"{said}{one.verdict}{one.file}".encode()).hexdigest()
    json.dump({"acts": acts, "verdicts": verdicts}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
