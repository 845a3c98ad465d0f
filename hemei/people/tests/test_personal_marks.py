"""What is about a person is marked where it is declared: export, erasure and the record of processing live by it."""

import pytest
from django.db.models import BigIntegerField, CharField, ForeignKey, TextField

from hemei.people import own_data
from hemei.people.merging import rooms_models
from hemei.people.models import Person

# Looks like somebody's and is nobody's: a body's own number, names of places and bodies, words of the house.
NOT_PERSONAL = {
    "people.body.name",
    "people.body.name_en",
    "people.body.phone",
    "decisions.costplan.name",
    "places.place.name",
    "places.place.address",
    "places.place.name_en",
}
LOOKS = ("phone", "email", "nickname", "author", "person", "address", "password", "evidence", "recipient", "helper")
EXACT = ("name", "by", "called", "last_seen_on")


def looks_personal(model, field):
    if isinstance(field, ForeignKey) and field.related_model is Person:
        return True
    if not isinstance(field, (CharField, TextField, BigIntegerField)) or field.primary_key:
        return False
    if field.choices:  # one word of a few, as the kind of an author
        return False
    return field.name in EXACT or any(word in field.name for word in LOOKS)


def label(model, field):
    return f"{model._meta.label_lower}.{field.name}"


MODELS = list(rooms_models())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_model_says_what_in_it_is_personal_and_why(model):
    marks = getattr(model, "personal", None)
    assert isinstance(marks, dict), f"{model._meta.label} has no `personal`; an empty one says that nothing is"
    fields = {field.name for field in model._meta.concrete_fields}
    assert set(marks) <= fields, f"{model._meta.label} marks fields it does not have: {set(marks) - fields}"
    assert all(marks.values()), f"{model._meta.label}: each mark says what the field is needed for"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_a_field_that_looks_personal_is_marked(model):
    forgotten = [
        field.name
        for field in model._meta.concrete_fields
        if looks_personal(model, field)
        and field.name not in model.personal
        and label(model, field) not in NOT_PERSONAL
        and field.name not in getattr(model, "whose", ())
        and not own_fields_of_the_machine(model, field)
    ]
    assert not forgotten, f"{model._meta.label}: mark {forgotten} in `personal`, or name them as nobody's here"


def own_fields_of_the_machine(model, field):
    """The link from a merged guest to its account is the machine's memory, not a datum about the person."""
    return (model is Person and field.name == "merged_into") or label(model, field) == "people.code.made_by"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_what_is_marked_can_be_taken_home(model, db):
    """Whoever asks for their own data gets the rows of every model that marks something."""
    if not model.personal or model._meta.label in ("people.Person", "ledger.PersonalPart"):
        return  # the person is the first row of it; the ledger's parts go along as the person's own chain
    about = own_data._about(model, Person(pk=0))
    assert about is not None, f"{model._meta.label} marks {list(model.personal)}, and nothing says whose: set `whose`"
    list(model._default_manager.filter(about)[:1])
