"""When this ledger verb is recorded, that step of an earlier room follows, in the same transaction.

One table, so that one look shows everything that happens elsewhere. The ledger is handed it at the start;
a reaction records no verb that has a reaction of its own.
"""

REACTIONS: dict[str, str] = {}
