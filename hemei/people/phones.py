"""Phone numbers as people write them, read into the one form in which they are kept (E.164)."""

import hmac
import unicodedata

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat

from hemei.base.errors import Refused

HERE = "CN"  # what a number without a country belongs to
MOBILE_DIGITS = 11
TYPED_MAX = 40


def read(typed: str) -> str:
    """`typed` in E.164, as "+8613800000001": mobile, landline with its area, or any country's with "+".

    Raises Refused with field "phone".
    """
    said = unicodedata.normalize("NFKC", typed).strip()
    digits = "".join(c for c in said if c.isdigit())
    bare = all(c.isdigit() or c in " -–()." for c in said)
    if bare and digits.startswith("1") and len(digits) != MOBILE_DIGITS and len(digits) > 5:
        told = _("A mobile number has %(right)d digits, and you wrote %(count)d. Nothing else you typed is lost.")
        raise Refused(told % {"right": MOBILE_DIGITS, "count": len(digits)}, field="phone")
    try:
        number = phonenumbers.parse(said[:TYPED_MAX], HERE)
    except NumberParseException as fault:
        raise Refused(_not_a_number(), field="phone") from fault
    if len(said) > TYPED_MAX or number.extension or not phonenumbers.is_valid_number(number):
        raise Refused(_not_a_number(), field="phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _not_a_number() -> str:
    return _(
        "No telephone has this number. Write a mobile number with its 11 digits, a landline with its area, "
        "as 021-6470 0000, or a number abroad that begins with +."
    )


def shown(phone: str | None) -> str:
    """As one writes it here: without the country if it is this one."""
    if not phone:
        return ""
    number = phonenumbers.parse(phone)
    if number.country_code == phonenumbers.country_code_for_region(HERE):
        return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def bucket_of(phone: str) -> str:
    """The number as a key of a limit's bucket: a keyed digest, so that no number is kept there."""
    return hmac.new(settings.SECRET_KEY.encode(), f"hemei.phone\n{phone}".encode(), "sha256").hexdigest()[:24]
