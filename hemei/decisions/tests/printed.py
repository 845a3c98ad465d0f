"""What tests of printed papers share: decisions that were counted, and the words and pictures of a PDF."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pypdfium2
from django.db import transaction
from PIL import Image

from conftest import NOW
from hemei.decisions import files
from hemei.decisions.models import Decision, Objection, PolicySheet, Posted
from hemei.decisions.tests.cast import IMPORT, Cast, put_decision, put_votes
from hemei.ledger import steps as ledger
from hemei.places.models import Place

ALL_BUT_ONE = {
    "0101": "for", "0102": "for", "0201": "for", "0202": "against", "0301": "for", "0302": "for", "0401": "abstain",
    "0402": "for", "0501": "for", "0502": "for", "0601": "for",
}  # fmt: skip


def put_certified(cast: Cast, votes: dict[str, str] | None = None, outcome: str = "passed", **more: Any) -> Decision:
    """A vote that was counted an hour before NOW."""
    decision = put_decision(cast, state="closed", **more)
    put_votes(decision, ALL_BUT_ONE if votes is None else votes)
    with transaction.atomic():
        count = files.frozen(decision, NOW - timedelta(hours=1))
        assert count.outcome == outcome
        decision.certified_at, decision.outcome = NOW - timedelta(hours=1), count.outcome
        decision.verdict, decision.file, decision.file_hash = count.written_verdict, count.file, count.hash
        decision.version += 1
        decision.save()
        ledger.record(subject=decision.matter, actor=IMPORT, verb="decisions.certified", at=NOW, row=decision)
    return decision


@transaction.atomic
def put_objection(decision: Decision, by: Any = None, **more: Any) -> Objection:
    said = {"ground": "light", "words": "电梯会挡住我家厨房的窗。", "at": NOW - timedelta(minutes=50)} | more
    objection = Objection.objects.create(
        decision=decision, by=by.person if by else None, form_key=uuid4(), key="03/1/0101", number=1, **said
    )
    ledger.record(subject=decision, actor=IMPORT, verb="decisions.objection_entered", at=NOW, row=objection, quiet=True)
    return objection


@transaction.atomic
def put_posted(decision: Decision, photo: Any) -> Posted:
    return Posted.objects.create(
        decision=decision, what="result", on=NOW.date(), where="1号楼门口公告栏", photo=photo, made_at=NOW,
        form_key=uuid4(),
    )  # fmt: skip


@transaction.atomic
def put_policy_sheet(estate: Place, **more: Any) -> PolicySheet:
    said = {
        "title": "加装电梯怎么办", "title_en": "How a lift is added", "version": 2,
        "text": "第一步，评估。\n第二步，征询意愿。", "text_en": "First, it is assessed.\nThen wishes are asked.",
        "source": "沪建房管联〔2019〕749号",
    }  # fmt: skip
    return PolicySheet.objects.create(estate=estate, made_at=NOW, form_key=uuid4(), **(said | more))


def words_of(file: bytes) -> str:
    """Everything that stands in a PDF, without spaces and line breaks."""
    return "".join("".join(page.split()) for page in pages_of(file))


def pages_of(file: bytes) -> list[str]:
    with pypdfium2.PdfDocument(file) as document:
        return [page.get_textpage().get_text_range() for page in document]


def picture_of(file: bytes, *, page: int = 0, dpi: int = 200) -> Image.Image:
    with pypdfium2.PdfDocument(file) as document:
        return document[page].render(scale=dpi / 72).to_pil()
