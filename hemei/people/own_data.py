"""What is kept about a person, gathered from the marks the models carry: whoever asks for it gets all of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, BinaryField, Field, ForeignKey, Model, Q

from hemei.ledger.chains import moment
from hemei.ledger.queries import entries_of
from hemei.people.merging import rooms_models
from hemei.people.models import Person

# Of these the export says only that they are there: read out, they would let somebody else in.
SECRETS = {"password", "secret", "digest", "stamp", "salt", "key", "credential", "begun_with", "form_key", "likeness"}
ROWS_MAX = 20_000  # of one kind; nobody has as many, and a page must end


def of(person: Person, *, at: datetime) -> dict[str, Any]:
    """Each row that names the person, or hangs on one that does, without what is said of others in it."""
    kept: dict[str, Any] = {"made_at": moment(at), "person": _told(person, person)}
    for model in rooms_models():
        about = _about(model, person)
        if model is Person or about is None:
            continue
        rows = [_told(row, person) for row in model._default_manager.filter(about).order_by("pk").distinct()[:ROWS_MAX]]
        if rows:
            kept[model._meta.label_lower] = {"why": getattr(model, "personal", {}), "rows": rows}
    kept["ledger"] = [
        {"verb": entry.verb, "at": moment(entry.at), "hash": entry.hash} for entry in entries_of(person)[:ROWS_MAX]
    ]
    return kept


def _about(model: type[Model], person: Person) -> Q | None:
    """Which rows of `model` are the person's; None when it knows nobody.

    A model that names several persons, or hangs on a row that does, says in `whose` by which path it is somebody's
    own: a vote is its participant's, not the statement's author's. Where a row is somebody's only while something
    holds, a static `theirs(person)` says so.
    """
    if hasattr(model, "theirs"):
        theirs: Q = model.theirs(person)
        return theirs
    about = Q()
    for path in getattr(model, "whose", None) or [field.name for field in _naming(model)]:
        about |= Q(**{path: person.pk})
    return about or None


def _naming(model: Any) -> Iterator[Field]:
    """The fields that name a person: keys to persons, and the bare keys of the rooms above this one."""
    marked = getattr(model, "personal", {})
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            if field.related_model is Person:
                yield field
        elif isinstance(field, BigIntegerField) and field.name in marked:
            yield field


def _told(row: Model, person: Person) -> dict[str, Any]:
    """`of_others` of a model names the fields that speak of other people: of these too, only that they are there."""
    named = {field.name for field in _naming(type(row))}
    unread = SECRETS | set(getattr(row, "of_others", ()))
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        if field.name in named:
            told[field.name] = "you" if value == person.pk else None if value is None else "somebody else"
        elif field.name in unread or isinstance(field, BinaryField):
            told[field.name] = "kept, not shown" if value else None
        elif value is None or isinstance(value, (bool, int, float, list, dict)):
            told[field.name] = value
        else:
            told[field.name] = moment(value) if isinstance(value, datetime) else str(value)
    return told
