"""Who votes for owners by authority, counted as persons: the rule says for how many owners one may act."""

from django.db.models import Q
from django.utils.translation import gettext as _

from hemei.decisions.models import Authority, Decision
from hemei.people.models import Person


def agent_key(decision: Decision, person: Person | None, name: str) -> str:
    """How the engine knows this agent, so that it counts persons: by account, else by name. "" for a new one.

    One name is one person, unless two accounts bear it: so that nobody passes the limit by leaving out a number.
    """
    known = Authority.objects.filter(decision=decision)
    same = known.filter(agent_person=person) if person is not None else known.none()
    named = known.filter(agent_name=name).filter(Q(agent_person=None) if person is not None else Q())
    found = same.order_by("pk").first() or named.order_by("pk").first()
    return found.agent if found else ""


def over_limit(decision: Decision, agent: str, *, owner: str, known: dict[str, set[str]] | None = None) -> str:
    """What to say where this agent already acts for as many other owners as the rule allows; "" where they do not.

    known: `principals` of the decision, where several are asked about.
    """
    most = decision.rule.get("proxy", {}).get("max_principals")
    if most is None or not agent:
        return ""
    others = (principals(decision) if known is None else known).get(agent, set()) - {owner}
    if len(others) < most:
        return ""
    told = _("This agent already acts for as many owners as the rule allows, %(most)d. Name somebody else.")
    return told % {"most": most}


def principals(decision: Decision) -> dict[str, set[str]]:
    """For whom each agent has an authority that the rule takes, used or not, ended or not: a place is never freed."""
    window = Q(at__gte=decision.opens_at, at__lt=decision.closes_at, refused_at=None)
    checked = Q(entered_by=None) | Q(confirmed_at__isnull=False)
    usable = Q(written=True) if decision.rule.get("proxy", {}).get("written_required") else Q()
    found: dict[str, set[str]] = {}
    grants = Authority.objects.filter(window, checked, usable, decision=decision)
    for agent, owner in grants.values_list("agent", "owner"):
        found.setdefault(agent, set()).add(owner)
    return found


def account_of(number: str, name: str) -> Person | None:
    """The account with that telephone, if it may be the agent's: a slip in the number gives no stranger a vote."""
    if not number:
        return None
    found = Person.objects.filter(phone=number, is_guest=False, closed_at=None, merged_into=None).first()
    return found if found is not None and found.name.replace(" ", "") in ("", name.replace(" ", "")) else None
