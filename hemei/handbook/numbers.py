"""Exact numbers as a page shows them: never rounded up, never through floating point."""

from fractions import Fraction

from django.utils.translation import gettext as _

from hemei.engines.decision.verdict import written

PLACES_MAX = 6  # of a decimal that ends; a longer one is shown as a fraction
SHOWN_PLACES = 4  # of one that does not end
DIGITS_MAX = 24  # of a fraction that somebody may want to check by hand


def cut(number: Fraction, places: int) -> str:
    """`number` cut to so many places, towards nothing."""
    whole, part = divmod(abs(number.numerator) * 10**places // number.denominator, 10**places)
    sign = "-" if number < 0 and (whole or part) else ""
    return f"{sign}{whole}.{part:0{places}d}" if places else f"{sign}{whole}"


def grouped(digits: str) -> str:
    """Thousands apart, and a minus sign that is one: 53,529.41, −12,000.00."""
    whole, dot, part = digits.lstrip("-").partition(".")
    return ("−" if digits.startswith("-") else "") + f"{int(whole):,}" + dot + part


def shown(number: Fraction) -> str:
    """A number of a sum on the page: 490.6, 1,000/3."""
    said = written(number)
    if "/" in said:
        above, _slash, below = said.partition("/")
        return f"{grouped(above)}/{grouped(below)}"
    return grouped(said)


def area(number: Fraction) -> str:
    """Square metres with two places at least, as a register writes them: 62.30."""
    said = written(number)
    if "/" in said:
        return shown(number)
    whole, _dot, part = said.partition(".")
    return grouped(f"{whole}.{part:0<2}")


def approached(number: Fraction) -> str:
    """A number to look at: whole where it ends, else its first places and "…"."""
    if Fraction(cut(number, SHOWN_PLACES)) == number:
        return shown(number)
    return grouped(cut(number, SHOWN_PLACES)) + "…"


def exactly(number: Fraction) -> str:
    """The fraction itself, where it does not end and is short enough to be checked by hand; else nothing."""
    if Fraction(cut(number, PLACES_MAX)) == number or len(str(number.denominator)) > DIGITS_MAX:
        return ""
    return shown(number)


def sum_of(amount: Fraction) -> str:
    """Digits of a sum of money, to the cent."""
    return grouped(cut(amount, 2))


def money(amount: Fraction) -> str:
    """53,529.41 元 or ¥53,529.41; below 0 with the sign in front: −¥12,000.00."""
    digits = sum_of(amount)
    sign = "−" if digits.startswith("−") else ""
    return sign + _("¥%(sum)s") % {"sum": digits.removeprefix("−")}
