"""Sealing a day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from hemei.ledger import chains
from hemei.ledger.models import Chain, Seal, SealedHead


@transaction.atomic(durable=True)
def seal_day(*, day: date, at: datetime) -> Seal:
    """Seal where every chain stands at `at` as the seal of `day`. The same day again returns its first seal."""
    every = list(
        Chain.objects.select_for_update()
        .filter(length__gt=0)
        .order_by("pk")
        .values_list("pk", "subject_kind", "subject_key", "length", "head")
    )
    if earlier := Seal.objects.filter(day=day).first():  # read after the lock: two rounds take turns
        return earlier
    last = Seal.objects.order_by("-day").first()
    assert last is None or last.day < day, "days are sealed in their order"
    sealed = dict(SealedHead.objects.values_list("chain").annotate(Max("length")))
    seal = Seal(
        day=day,
        at=at,
        root=chains.merkle_root([chains.leaf(f"{kind}:{key}", length, head) for _, kind, key, length, head in every]),
        chains=len(every),
        entries=sum(length for _, _, _, length, _ in every),
        previous=last.root if last else chains.GENESIS,
    )
    seal.mark = chains.seal_mark(seal)
    seal.save(force_insert=True)
    grown = [
        SealedHead(seal=seal, chain_id=pk, length=length, head=head)
        for pk, _, _, length, head in every
        if sealed.get(pk, 0) < length
    ]
    SealedHead.objects.bulk_create(grown, batch_size=500)
    return seal
