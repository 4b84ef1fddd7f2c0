"""Single values as a page shows them: numbers, rates, money, comparisons, flags, levels, in Chinese and English.

None means "not assessed" and never zero; a text that should hold a value and does not raises ``NotUnderstood``
with the text. Nothing is guessed: what could be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from decimal import Decimal
from functools import lru_cache, partial
from typing import Final, Literal

from extractors.models import Level, Money
from extractors.patterns import later
from extractors.texts import (
    ALL_UNITS,
    LONGEST_VALUE,
    UNITS,
    WORDS,
    NotUnderstood,
    alternatives,
    clean,
    folded,
    not_assessed,
)
from extractors.times import duration_s

__all__ = [
    "NotUnderstood",
    "Unit",
    "clean",
    "comparison",
    "flag",
    "integer",
    "level",
    "measure",
    "money",
    "not_assessed",
    "number",
    "rate",
    "unit_of",
]

Unit = Literal["ratio", "points", "money", "days", "seconds", "count"]

# A rate may exceed the whole (three disputes on two orders), but ten times the whole is a lost decimal point.
HIGHEST_RATE = 10.0

_UNIT = alternatives(ALL_UNITS)
_DIGITS = r"\d(?:[\d.,'’ ]{0,30}\d)?"
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_NUMBER = later(
    rf"(?P<sign>[-+−])?(?P<digits>{_DIGITS}) ?(?P<times>{alternatives(list(WORDS['multipliers']))})? ?(?:{_UNIT})?"
    rf"(?: ?/ ?(?:5|5\.0+|10|10\.0+|100|100\.0+)(?: ?(?:{_UNIT}))?)?",
    re.IGNORECASE | re.ASCII,
)
_GROUPED = {sign: later(rf"[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+", re.ASCII) for sign in ",. '’"}
_INTEGER = later(
    rf"(?:[x×*] ?|(?:共计?|总计|合计|total):? ?|(?P<minus>[-−]))?(?P<number>{_DIGITS}) ?(?P<unit>\D*)",
    re.IGNORECASE | re.ASCII,
)
_COUNTED: Final = UNITS | {""}


def decimals(digits: str, decimal_comma: bool = False) -> str | None:
    """The digits of a number in plain writing, or None: "1,234.56", "1.234,56" and "1 234,56" are all "1234.56".

    A single comma before three digits groups thousands; a single full stop before three digits does so only with
    ``decimal_comma``.
    """
    commas, stops = digits.count(","), digits.count(".")
    sign = ""
    if commas and stops:
        sign = "," if digits.rfind(",") > digits.rfind(".") else "."
    elif commas == 1:
        sign = "" if _GROUPED[","]().fullmatch(digits) else ","
    elif stops == 1:
        sign = "" if decimal_comma and _GROUPED["."]().fullmatch(digits) else "."
    whole, _, fraction = digits.rpartition(sign) if sign else (digits, "", "")
    if sign and not (fraction.isdigit() and whole):
        return None
    if not whole.isdigit():
        groupings = [group for group in ",. '’" if group in whole]
        if len(groupings) != 1 or not _GROUPED[groupings[0]]().fullmatch(whole):
            return None
        whole = whole.replace(groupings[0], "")
    return f"{whole}.{fraction}" if fraction else whole


def number(text: str) -> float | None:
    """A number, with a unit or "/5.0" behind it at most; 1.2万 is 12000. None when not assessed."""
    shown = clean(text)
    if _PLAIN.fullmatch(shown):
        return float(shown)
    if not_assessed(shown):
        return None
    found = _NUMBER().fullmatch(shown) if len(shown) <= LONGEST_VALUE else None
    digits = found and decimals(found["digits"])
    if not found or not digits:
        raise NotUnderstood(text, "a number")
    value = (
        float(Decimal(digits) * WORDS["multipliers"][found["times"].casefold()]) if found["times"] else float(digits)
    )
    return -value if found["sign"] in ("-", "−") else value


@lru_cache(maxsize=1024)
def integer(text: str) -> int | None:
    """A whole number: 1,234, x2, ×3, 26 天, (40), 共 140 条, Total 63. None when not assessed."""
    shown = clean(text)
    if shown.isascii() and shown.isdigit() and len(shown) <= 18:
        return int(shown)
    if not_assessed(shown):
        return None
    found = _INTEGER().fullmatch(_unbracketed(shown)) if len(shown) <= LONGEST_VALUE else None
    digits = found and found["unit"].casefold() in _COUNTED and decimals(found["number"])
    value = Decimal(digits) if digits else None
    if not found or value is None or value != value.to_integral_value():
        raise NotUnderstood(text, "a whole number")
    return -int(value) if found["minus"] else int(value)


def _unbracketed(text: str) -> str:
    return text[1:-1].strip() if text[0] == "(" and text[-1] == ")" else text


_PLAIN_RATE = re.compile(r"\d{1,3}(?:\.\d{1,6})?%", re.ASCII)
_RATE = later(rf"\+?(?P<digits>{_DIGITS}) ?(?P<per>%|‰)?", re.ASCII)


def rate(text: str) -> float | None:
    """A rate as a fraction of 1: "98.5%" is exactly 0.985, "0.0418" stays. None when not assessed.

    Without a per-cent sign more than 1 is refused, with one more than 1000 %; negative rates are refused.
    """
    shown = clean(text)
    if _PLAIN_RATE.fullmatch(shown):
        # "98.5e-2" is the float nearest to 0.985; dividing 98.5 by 100 may not be.
        return float(f"{shown[:-1]}e-2")
    if not_assessed(shown):
        return None
    found = _RATE().fullmatch(shown) if len(shown) <= LONGEST_VALUE else None
    digits = found and decimals(found["digits"])
    if not found or not digits:
        raise NotUnderstood(text, "a rate")
    value = float(digits + {"%": "e-2", "‰": "e-3", None: ""}[found["per"]])
    if value > (HIGHEST_RATE if found["per"] else 1):
        raise NotUnderstood(text, "a rate")
    return value


# Money

_CURRENCIES: Final[dict[str, str]] = {folded(sign): code for sign, code in WORDS["currencies"]["signs"].items()} | {
    code.casefold(): code for code in WORDS["currencies"]["codes"]
}
_DECIMAL_COMMA: Final = frozenset(WORDS["currencies"]["decimal_comma"])
_WHOLE: Final = frozenset(WORDS["currencies"]["whole"])
# Signs that several currencies share: a code beside them decides.
_SHARED: Final = {"$", "¥", "￥"}
_MONEY = later(
    rf"(?P<minus1>[-−] ?)?(?P<before>[^\d()+−-]{{0,12}}?) ?(?P<minus2>[-−] ?)?(?P<digits>{_DIGITS}) ?"
    r"(?P<times>[万亿])?(?P<after>[^\d()+−-]{0,12}?)",
    re.ASCII,
)
PLAIN_MONEY: Final = r"([^\d\s()+−.,'’-]{1,4}(?: [$￥])?) ?(\d{1,3}\.\d\d|[1-9]\d{0,2}(?:,\d{3}){1,3}\.\d\d)"
"""The form that nearly every amount has: the currency in front, commas between thousands, two decimals."""
_PLAIN_MONEY = re.compile(PLAIN_MONEY, re.ASCII)
_IN_BRACKETS = later(r"[(（\[]([^()（）]{1,12})[)）\]]")
_NO_AMOUNT = later(r"(?P<currency>[^\d()–—-]{1,12}?) ?[-–—]{1,3}", re.ASCII)


def plain_money(text: str) -> tuple[str, Decimal] | None:
    """Currency and amount of a text of the plainest form; None for any other, which :func:`money` may understand."""
    plain = _PLAIN_MONEY.fullmatch(text)
    if plain is None:
        return None
    sign, digits = plain.groups()
    code = plain_currency(sign)
    return (code, Decimal(digits.replace(",", ""))) if code else None


def plain_currency(sign: str) -> str | None:
    """The currency that a sign names, where its amounts are written in that form alone."""
    code = _currency(sign, "")
    return None if code in _DECIMAL_COMMA or code in _WHOLE else code


def money(text: str, default: str | None = None) -> Money | None:
    """An amount with its currency, the decimals as shown: CN￥ 1,234.56, (US $9.99), R$ 1.234,56, 12,50 zł.

    Without a currency the text is refused, unless ``default`` names one. None when not assessed, also "US $ --".
    """
    if plain := plain_money(text):
        return Money(currency=plain[0], amount=plain[1])
    shown = clean(text)
    if not_assessed(shown):
        return None
    shown = _unbracketed(shown[: LONGEST_VALUE + 1])
    if plain := plain_money(shown):
        return Money(currency=plain[0], amount=plain[1])
    found = _MONEY().fullmatch(shown)
    if found is None:
        missing = _NO_AMOUNT().fullmatch(shown)
        if missing is not None and _currency(missing["currency"], ""):
            return None
        raise NotUnderstood(text, "an amount of money")
    currency = _currency(found["before"], found["after"])
    if not (found["before"] or found["after"]):
        currency = default
    if not currency:
        raise NotUnderstood(text, "an amount of money with its currency")
    digits = decimals(found["digits"], decimal_comma=currency in _DECIMAL_COMMA or currency in _WHOLE)
    if digits is None or (found["minus1"] and found["minus2"]):
        raise NotUnderstood(text, "an amount of money")
    amount = Decimal(digits)
    if found["times"]:
        amount *= WORDS["multipliers"][found["times"]]
    return Money(currency=currency, amount=-amount if found["minus1"] or found["minus2"] else amount)


def money_under(title: str | None) -> Callable[[str], Money | None]:
    """What reads the amounts below a title: it may name the currency that they lack, as in "Amount (US $)"."""
    found = _IN_BRACKETS().search(clean(title or ""))
    currency = _currency(found[1].strip(), "") if found else None
    return money if currency is None else partial(money, default=currency)


@lru_cache(maxsize=1024)
def _currency(before: str, after: str) -> str | None:
    """The currency that the signs around an amount name, if they name one and agree."""
    named: set[str] = set()
    shared: set[str] = set()
    for sign in (before, after):
        key = sign.replace(" ", "").replace(".", "").replace(":", "").casefold()
        if not key:
            continue
        code = _CURRENCIES.get(key) or (_CURRENCIES.get(key[:-1]) if key[-1] in _SHARED else None)
        if code is None:
            return None
        (shared if key in _SHARED else named).add(code)
    found = named or shared
    return found.pop() if len(found) == 1 else None


# Comparisons and units

_SIGNS: Final = {
    ">=": ">=",
    "≥": ">=",
    "≧": ">=",
    "⩾": ">=",
    "<=": "<=",
    "≤": "<=",
    "≦": "<=",
    "⩽": "<=",
    ">": ">",
    "<": "<",
}
_IN_FRONT: Final = _SIGNS | {folded(word): sign for sign, words in WORDS["comparison"].items() for word in words}
_BEHIND: Final = {folded(word): sign for sign, words in WORDS["comparison_behind"].items() for word in words}
_FRONT = later(rf"({alternatives(list(_IN_FRONT))}) ?", re.IGNORECASE | re.ASCII)
_BACK = later(rf"(.*\S) ?({alternatives(list(_BEHIND))})", re.IGNORECASE | re.ASCII)


def comparison(text: str) -> tuple[str, str]:
    """The operator and the rest: "≥ 97.00%" is (">=", "97.00%"); without an operator ("", the text)."""
    text = clean(text)
    if front := _FRONT().match(text):
        return _IN_FRONT[front[1].casefold()], text[front.end() :]
    if "0" <= text[:1] <= "9" and text[-1:].isalpha() and (back := _BACK().fullmatch(text)):
        return _BEHIND[back[2].casefold()], back[1]
    return "", text


_CODES = "|".join(WORDS["currencies"]["codes"])
_MONEY_SIGN = later(rf"[$€£￡¥￥￦₩₽₪₺₴₹฿₫₱₦₸]|(?<=[\d万亿 (])元|^元$|zł|руб|(?<![A-Z])(?:{_CODES})(?![A-Z])")
_WITH_UNIT: Final[dict[Unit, Callable[[], re.Pattern[str]]]] = {
    unit: later(rf"[-\d][\d.,万亿 -]*(?:{alternatives(WORDS['units'][unit])})", re.IGNORECASE | re.ASCII)
    for unit in ("days", "points", "count")
}


@lru_cache(maxsize=4096)
def unit_of(text: str) -> Unit | None:
    """The unit that a value or a label shows: 97.00% ratio, US $5 or (US $) money, 5 天 days, 3分17秒 seconds.

    None where no unit is shown. A bare 5分 is points, although it may mean minutes.
    """
    if len(text) > LONGEST_VALUE:
        return None
    text = comparison(text)[1]
    if "%" in text or "‰" in text:
        return "ratio"
    if _MONEY_SIGN().search(text):
        return "money"
    for unit, pattern in _WITH_UNIT.items():
        if pattern().fullmatch(text):
            return unit
    try:
        return None if duration_s(text) is None else "seconds"
    except NotUnderstood:
        return None


def measure(text: str, unit: Unit | None) -> float | None:
    """A value as a number in its unit: a ratio as a fraction, a duration in seconds, money without its currency."""
    if unit == "ratio":
        return rate(text)
    if unit == "money":
        amount = money(text, default="XXX")
        return None if amount is None else float(amount.amount)
    if unit == "seconds":
        try:
            return duration_s(text)
        except NotUnderstood:
            # The unit may stand in the label alone.
            return number(text)
    if unit == "days" and unit_of(text) == "seconds":
        seconds = duration_s(text)
        return None if seconds is None else seconds / 86_400
    return number(text)


# Words


def flag(text: str, yes: Collection[str], no: Collection[str]) -> bool | None:
    """Yes or no by the words given, whatever their case. None when not assessed."""
    word = folded(text)
    if any(word == folded(known) for known in yes):
        return True
    if any(word == folded(known) for known in no):
        return False
    if not_assessed(word):
        return None
    raise NotUnderstood(text, "yes or no")


_LEVEL_KINDS: Final[dict[str, Literal["star", "diamond", "crown"]]] = {
    folded(word): kind for kind in ("star", "diamond", "crown") for word in WORDS["levels"][kind]
}
_CHINESE_DIGITS = "零一二三四五六七八九"
_KIND = alternatives(list(_LEVEL_KINDS))
_LEVEL = later(
    rf"(?:(?P<rank>\d|[零一二两三四五六七八九])[ -]?(?P<kind>{_KIND})|(?P<kind_first>{_KIND}) ?(?P<rank_last>\d))"
    r"(?: ?(?:卖家|商家|店铺|seller|store))?",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=256)
def level(text: str) -> Level | None:
    """A seller level: 5星, 1钻, 2 Diamonds, 0 stars, 三冠, Crown 2. None when not assessed."""
    shown = clean(text)
    if not_assessed(shown):
        return None
    found = _LEVEL().fullmatch(shown)
    if found is None:
        raise NotUnderstood(text, "a seller level")
    shown = (found["rank"] or found["rank_last"]).replace("两", "二")
    rank = _CHINESE_DIGITS.find(shown)
    return Level(
        kind=_LEVEL_KINDS[(found["kind"] or found["kind_first"]).casefold()], rank=rank if rank >= 0 else int(shown)
    )
