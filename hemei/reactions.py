"""When this ledger verb is recorded, that step of an earlier room follows, in the same transaction.

One table, so that one look shows everything that happens elsewhere. The ledger is handed it at the start;
a reaction records no verb that has a reaction of its own.
"""

REACTIONS: dict[str, str] = {
    "people.tie_confirmed": "notices.tell_of_tie",
    "people.tie_refused": "notices.tell_of_tie",
    "people.sitting_began": "notices.tell_of_sitting",
    "people.contest_answered": "notices.tell_of_sitting",
    "roll.matched": "notices.tell_of_match",
    "roll.match_ended": "notices.tell_of_match",
}
