"""Sealing a day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from hemei.ledger import chains
from hemei.ledger.models import Chain, Seal, SealedHead


@transaction.atomic(durable=True)
def seal_day(*, day: date, at: datetime) -> Seal:
    """Seal where every chain stands at `at` as the seal of `day`. The same day again returns its first seal."""
    if earlier := Seal.objects.filter(day=day).first():
        return earlier
    last = Seal.objects.order_by("-day").first()
    sealed = dict(SealedHead.objects.values_list("chain").annotate(Max("length")))
    every = list(Chain.objects.select_for_update().filter(length__gt=0).order_by("pk"))
    seal = Seal.objects.create(
        day=day,
        at=at,
        root=chains.merkle_root(
            [chains.leaf(f"{c.subject_kind}:{c.subject_key}", c.length, c.head) for c in every]
        ),
        chains=len(every),
        entries=sum(c.length for c in every),
        previous=last.root if last else chains.GENESIS,
    )
    grown = [c for c in every if sealed.get(c.pk, 0) < c.length]
    SealedHead.objects.bulk_create(
        [SealedHead(seal=seal, chain=c, length=c.length, head=c.head) for c in grown], batch_size=500
    )
    return seal
