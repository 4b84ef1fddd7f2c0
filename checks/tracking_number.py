"""What a tracking number says by itself: its shape, its check digit, whose shape it is. No store, no page, no clock."""

from __future__ import annotations

import re
import unicodedata

S10_CHECK_DIGITS = (5, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1)
"""By what the weighted sum of the other digits leaves when it is divided by 11."""

_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_CAINIAO_ORDER = re.compile(r"LP[0-9]+")
_USPS = re.compile(r"(?:420(?:[0-9]{5}|[0-9]{9}))?(9[1-5][0-9]{20})")
_UPS = re.compile(r"1Z[0-9A-Z]{15}[0-9]")
_PLAIN = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Z]+(?:-[0-9A-Z]+)*")


def bare(number: str) -> str:
    """A number as machines compare it: half-width, upper case, nothing around it."""
    return (number if number.isascii() else unicodedata.normalize("NFKC", number)).strip().upper()


def s10_check_digit(serial: str) -> int:
    """The ninth digit of a UPU S10 number, from its first eight."""
    # The code of a digit is 48 more than its value, and 48 times the sum of the weights is a multiple of 11.
    a, b, c, d, e, f, g, h = serial.encode("ascii")
    return S10_CHECK_DIGITS[(8 * a + 6 * b + 4 * c + 2 * d + 3 * e + 5 * f + 9 * g + 7 * h) % 11]


def s10(plain: str) -> tuple[str, bool] | None:
    """The series of an S10-shaped number, and whether its check digit belongs to it; None for other shapes.

    Every number of a store is asked about: it must be :func:`bare` already.
    """
    found = _S10.fullmatch(plain)
    if found is None:
        return None
    letters, serial, digit, country = found.groups()
    return f"{letters}…{country}", s10_check_digit(serial) == int(digit)


def s10_series(number: str) -> str | None:
    """The series of an S10-shaped number: its first two letters and its country ("LB…CN"); None for other shapes."""
    found = s10(bare(number))
    return found[0] if found else None


def s10_valid(number: str) -> bool:
    """Whether a number has the S10 shape and the check digit that belongs to it."""
    found = s10(bare(number))
    return found is not None and found[1]


def usps_check_digit(digits: str) -> int:
    """The last digit of a USPS number, from the digits before it: modulo 10, weights 3 and 1 from the right."""
    return -sum(int(d) * (3, 1)[i % 2] for i, d in enumerate(reversed(digits))) % 10


def is_usps(number: str) -> bool:
    """22 digits from 91 to 95 with their check digit, alone or behind 420 and a ZIP; or an S10 number of the US."""
    return _is_usps(bare(number))


def _is_usps(plain: str) -> bool:
    found = _USPS.fullmatch(plain) if plain.isdecimal() else None
    if found:
        return usps_check_digit(found[1][:-1]) == int(found[1][-1])
    return plain.endswith("US") and s10_valid(plain)


def ups_check_digit(body: str) -> int:
    """The last digit of a UPS number, from the 15 characters between "1Z" and it; letters count as digits."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return -(sum(values[::2]) + 2 * sum(values[1::2])) % 10


def is_ups(number: str) -> bool:
    """1Z and 16 characters, the last of them the check digit."""
    return _is_ups(bare(number))


def _is_ups(plain: str) -> bool:
    found = _UPS.fullmatch(plain) if plain.startswith("1Z") else None
    return found is not None and ups_check_digit(plain[2:-1]) == int(plain[-1])


def is_cainiao_order(number: str) -> bool:
    """LP and digits only: the number of a Cainiao logistics order, which no carrier knows."""
    return _CAINIAO_ORDER.fullmatch(bare(number)) is not None


def is_clean(number: str) -> bool:
    """Whether it holds letters and digits only, at least one digit among them.

    Some carriers write single hyphens inside their numbers; in a number that is S10- or USPS-shaped without them
    they are as wrong as any other sign.
    """
    plain = bare(number)
    if _PLAIN.fullmatch(plain) is None:
        return False
    if "-" not in plain:
        return True
    joined = plain.replace("-", "")
    return _S10.fullmatch(joined) is None and _USPS.fullmatch(joined) is None


def shape(number: str) -> str | None:
    """The carrier whose numbers alone look like this one, proven by its check digit; None when it could be anyone's."""
    plain = bare(number)
    if _is_usps(plain):
        return "USPS"
    return "UPS" if _is_ups(plain) else None


def is_named(carrier: str, declared: str) -> bool:
    """Whether the words of a declared carrier mean the carrier that :func:`shape` names."""
    words = re.sub(r"[\W_]+", "", declared).casefold()
    return any(name in words for name in _NAMES[carrier])


_NAMES = {
    "USPS": ("usps", "unitedstatespostal", "uspostal", "美国邮政"),
    "UPS": ("ups", "unitedparcel", "联合包裹"),
}
