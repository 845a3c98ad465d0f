"""A form sent twice has one effect: every writing form has a key that its row keeps and the database holds unique."""

from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from hemei.base.errors import Refused

Row = TypeVar("Row", bound=Model)


def sent_before(model: type[Row], *, form_key: Any, words: dict[str, Any], **owner: Any) -> Row | None:
    """The row that `owner` wrote with this form before, or None.

    owner: the fields that together with `form_key` are unique. words: the fields the form fills.
    Raises Refused when the form comes back with other words: the first stand, the new ones are still on the page.
    """
    earlier = model._default_manager.filter(form_key=form_key, **owner).first()
    if earlier is None:
        return None
    if any(getattr(earlier, field) != value for field, value in words.items()):
        raise Refused(
            _(
                "This form was already sent with other words, and those were kept. "
                "To send these too, open the form again."
            )
        )
    return earlier
