"""Numbers as the engine's words write them, English and Chinese."""

from fractions import Fraction
from typing import Literal

from hemei.engines.costs.answer import money

Language = Literal["en", "zh"]


def yuan(amount: Fraction, language: Language) -> str:
    """¥53,529.41 or 53,529.41 元; a compensation with a minus sign in front: −¥1,332.00."""
    whole, _point, cents = money(abs(amount)).partition(".")
    written = f"{int(whole):,}.{cents}"
    sign = "−" if money(amount).startswith("-") else ""
    return f"{sign}¥{written}" if language == "en" else f"{sign}{written} 元"


def percent(part: Fraction, language: Language) -> str:
    """Of 1, with two decimals; cut, never rounded up: 99.99 % or 99.99%."""
    return f"{times(part * 100)}{' %' if language == 'en' else '%'}"


def times(number: Fraction) -> str:
    """A number that is not below 0, cut to two decimals."""
    whole, hundredths = divmod(number.numerator * 100 // number.denominator, 100)
    return f"{whole:,}.{hundredths:02d}"
