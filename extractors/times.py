"""Times as a page shows them: moments, days, countdowns, durations, validities, in Chinese and English.

Nothing here reads the clock. A date whose day and month could be swapped (01/02/2026) is not understood.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple

from extractors.patterns import later
from extractors.texts import LONGEST_VALUE, WORDS, NotUnderstood, alternatives, clean, not_assessed

FIRST_YEAR, LAST_YEAR = 2000, 2100
# Licences are older than the platform.
FIRST_YEAR_OF_A_DAY = 1900
LONGEST_DAYS = 100_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"


def _date(tail: str = "") -> str:
    """The pattern of a date; the names of its groups may carry a tail."""
    two, four = r"\d{1,2}", r"\d{4}"
    return (
        rf"(?:(?P<y{tail}>{four})(?:(?P<sep{tail}>[-/.])(?P<m{tail}>{two})(?P=sep{tail})(?P<d{tail}>{two})"
        rf"| ?年 ?(?P<mc{tail}>{two}) ?月 ?(?P<dc{tail}>{two}) ?日)"
        rf"|{_WEEKDAY}(?:(?P<mn1{tail}>{_MONTH}) (?P<d1{tail}>{two})(?:st|nd|rd|th)?(?:,? |,)"
        rf"|(?P<d2{tail}>{two})[ -](?P<mn2{tail}>{_MONTH})[, -] ?)(?P<yn{tail}>{four}))"
    )


_DATE = _date()
_TIME = (
    r"(?P<half1>上午|下午|[ap]m )? ?(?P<H>\d{1,2})"
    r"(?::(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"|[时点] ?(?P<Mc>\d{1,2}) ?分(?: ?(?P<Sc>\d{1,2}) ?秒)?)(?: ?(?P<half2>[ap]\.?m\.?))?"
)
_ZONE = (
    r"(?: ?\(?(?P<zone>z|p[sd]t|(?:utc|gmt)? ?(?P<off>[+-]\d{1,2}(?::?\d{2})?)|utc|gmt|pt"
    r"|北京时间|太平洋时间|美西时间)\)?)?"
)
_LABEL = r"(?:[^\d:]{1,60}: ?)?"
_MOMENT = later(rf"{_LABEL}{_DATE}(?:(?:,? |,? at |t|(?<=日)|, ?){_TIME}{_ZONE})?", re.IGNORECASE | re.ASCII)
_PLAIN_MOMENT = re.compile(r"20\d\d-\d\d-\d\d (?:[01]\d|2[0-3]):\d\d(?::\d\d)?", re.ASCII)
"""The form that nearly every moment has; its year is one that a page may show."""
_MILLISECONDS = later(r"\d{13}", re.ASCII)
_PLAIN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY = later(
    rf"(?:[^\d]{{1,60}}(?<![-+.,/a-z]))?{_DATE}(?:(?:,? |t|(?<=日)){_TIME}{_ZONE})?\)?", re.IGNORECASE | re.ASCII
)

_REMARK = later(r"(?<=[\d日]) ?[,;，；。(（·|](?:(?!\d{4}).)*$")
"""What may be said behind a date, with no other date in it: "2026-11-18，数据每日更新", "2026-11-18 (T+2)"."""


def moment(text: str, tz: tzinfo) -> datetime | None:
    """A point in time in ``tz``: a text without an offset is read in that zone, one with an offset is brought there.

    A date alone is its midnight; thirteen digits are milliseconds since 1970. None when not assessed.
    """
    value: datetime | None
    try:
        if _PLAIN_MOMENT.fullmatch(text):
            return _in_zone(datetime.fromisoformat(text), tz)
        shown = clean(text)
        if _PLAIN_MOMENT.fullmatch(shown):
            value = _in_zone(datetime.fromisoformat(shown), tz)
        elif not_assessed(shown):
            return None
        elif _MILLISECONDS().fullmatch(shown):
            value = (_EPOCH + timedelta(milliseconds=int(shown))).astimezone(tz)
        else:
            found = _MOMENT().fullmatch(shown[: LONGEST_VALUE + 1])
            value = _build(found, tz) if found is not None else None
    except (ValueError, OverflowError):
        value = None
    if value is None or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise NotUnderstood(text, "a moment")
    return value


def _in_zone(shown: datetime, tz: tzinfo) -> datetime:
    """The same calendar and clock in a zone; ``replace`` takes eight times as long."""
    return datetime.combine(shown, shown.time(), tz)


def _build(found: re.Match[str], tz: tzinfo) -> datetime:
    """The moment of a match; ValueError when the calendar or the clock has no such moment."""
    on = _date_of(found)
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise ValueError
    if found["H"] is None:
        return datetime(on.year, on.month, on.day, tzinfo=tz)
    hour, minute, second = int(found["H"]), int(found["M"] or found["Mc"]), int(found["S"] or found["Sc"] or 0)
    half = (found["half1"] or found["half2"] or "").replace(".", "").strip().casefold()
    if half:
        hour = _hour_of_day(hour, half)
    fraction = int((found["f"] or "").ljust(6, "0")[:6])
    if (hour, minute, second, fraction) == (24, 0, 0, 0):
        on, hour = on + timedelta(days=1), 0
    zone = _zone_of(found, tz)
    return datetime(on.year, on.month, on.day, hour, minute, second, fraction, tzinfo=zone).astimezone(tz)


def _hour_of_day(hour: int, half: str) -> int:
    """An hour of the twelve-hour clock on the one of twenty-four; a Chinese 下午 15:00 is read as it stands."""
    late = half in ("pm", "下午")
    if not (1 <= hour <= 12 if half in ("am", "pm") else late or hour <= 12):
        raise ValueError
    return hour % 12 + 12 * late if hour <= 12 else hour


def _zone_of(found: re.Match[str], tz: tzinfo) -> tzinfo:
    name = (found["zone"] or "").casefold()
    if name in ("", "pt", "太平洋时间", "美西时间"):
        return tz
    fixed = {"z": 0, "utc": 0, "gmt": 0, "北京时间": 8, "pst": -8, "pdt": -7}
    if name in fixed:
        return timezone(timedelta(hours=fixed[name]))
    digits = found["off"][1:].replace(":", "")
    if len(digits) == 1 and name == found["off"]:
        raise ValueError
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise ValueError
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if found["off"][0] == "-" else offset)


def _date_of(found: re.Match[str], tail: str = "") -> date:
    """The date of a match of :func:`_date`; ValueError when there is no such day."""
    year = found["y" + tail] or found["yn" + tail]
    name = found["mn1" + tail] or found["mn2" + tail]
    if name is not None:
        return date(int(year), _MONTHS.index(name[:3].casefold()) + 1, int(found["d1" + tail] or found["d2" + tail]))
    return date(int(year), int(found["m" + tail] or found["mc" + tail]), int(found["d" + tail] or found["dc" + tail]))


def day(text: str) -> date | None:
    """A date, also behind a label (统计日期：2026-11-18, As of 2026-03-08); of a moment its date as written."""
    shown = clean(text)
    if _PLAIN_DAY.fullmatch(shown):
        return _day_of(_DAY().fullmatch(shown), text)
    if not_assessed(shown):
        return None
    if len(shown) > LONGEST_VALUE:
        raise NotUnderstood(text, "a date")
    return _day_of(_DAY().fullmatch(shown) or _DAY().fullmatch(_REMARK().sub("", shown)), text)


def _day_of(found: re.Match[str] | None, text: str) -> date:
    try:
        if found is not None and FIRST_YEAR_OF_A_DAY <= (on := _date_of(found)).year <= LAST_YEAR:
            return on
    except ValueError:
        pass
    raise NotUnderstood(text, "a date")


# Lengths of time

_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"


def _spelled() -> str:
    """Days, hours, minutes and seconds with their units, in this order, each at most once."""
    units = (
        ("days", r"天|日|days?|d"),
        ("hours", r"个?小时|时|hours?|hrs?|h"),
        ("minutes", r"分钟|分|minutes?|mins?|m"),
        ("seconds", r"秒钟?|seconds?|secs?|s"),
    )
    gap = r"(?:,? ?(?:and )?)"
    return "".join(rf"(?:(?P<{name}>{_NUMBER}) ?(?:{unit})(?![a-z]){gap})?" for name, unit in units)


_CLOCK = r"(?:(?P<cd>\d{1,6}) ?(?:天|days?|d),? ?)?(?P<ch>\d{1,6}):(?P<cm>[0-5]\d):(?P<cs>[0-5]\d)"
_LATE_WORDS = r"已超时|超时|已逾期|逾期|已过期|已延误|overdue(?: by)?|timed out|time out|timeout|expired|late(?: by)?"
_LEFT_WORDS = r"剩余时间|剩余|还剩余?|还有|倒计时|time left|time remaining|remaining|left|in"
_COUNTDOWN = later(
    rf"(?:(?!(?:{_LATE_WORDS}) ?:)[^\d:+-]{{1,40}}: ?)?"
    rf"(?:(?P<late1>{_LATE_WORDS}) ?:? ?|(?:{_LEFT_WORDS}) ?)?(?P<sign>[-−–] ?)?"
    rf"(?:{_CLOCK}|(?=\d){_spelled()})"
    rf"(?: ?(?:(?P<late2>{_LATE_WORDS}|ago)|left|remaining|后(?:自动)?(?:超时|关闭|结束|取消)?))?",
    re.IGNORECASE | re.ASCII,
)
_LATE_ALONE = later(rf"(?:[^\d:]{{1,40}}: ?)?(?:{_LATE_WORDS})", re.IGNORECASE | re.ASCII)
_PLAIN_COUNTDOWN = re.compile(r"(?:(\d{1,5})天)?(\d\d):([0-5]\d):([0-5]\d)", re.ASCII)
_DURATION = later(rf"{_LABEL}(?:{_CLOCK}|(?=\d){_spelled()})", re.IGNORECASE | re.ASCII)


def countdown(text: str) -> timedelta | None:
    """The time left, negative when it has run out: 09天06:13:55, 1天 3小时 20分, 8d 23h 8m, 已超时 1天.

    A bare 已超时 / expired is a length of zero. None when not assessed.
    """
    shown = clean(text)
    plain = _PLAIN_COUNTDOWN.fullmatch(shown)
    if plain is not None:
        days, hours, minutes, seconds = plain.groups("0")
        return timedelta(int(days), int(hours) * 3600 + int(minutes) * 60 + int(seconds))
    if not_assessed(shown):
        return None
    found = _COUNTDOWN().fullmatch(shown) if len(shown) <= LONGEST_VALUE else None
    if found is None:
        if len(shown) <= LONGEST_VALUE and _LATE_ALONE().fullmatch(shown):
            return timedelta(0)
        raise NotUnderstood(text, "a countdown")
    length = timedelta(seconds=_seconds_of(found, text, "a countdown"))
    return -length if found["sign"] or found["late1"] or found["late2"] else length


def duration_s(text: str) -> int | None:
    """A length of time in whole seconds: 6分50秒, 3m 17s, 13小时15分, 3.5 小时, 00:03:17. None when not assessed."""
    shown = clean(text)
    if not_assessed(shown):
        return None
    found = _DURATION().fullmatch(shown) if len(shown) <= LONGEST_VALUE else None
    if found is None:
        raise NotUnderstood(text, "a duration")
    return _seconds_of(found, text, "a duration")


def _seconds_of(found: re.Match[str], text: str, wanted: str) -> int:
    if found["ch"] is not None:
        total = Decimal(
            int(found["cd"] or 0) * 86_400 + int(found["ch"]) * 3600 + int(found["cm"]) * 60 + int(found["cs"])
        )
    else:
        days, hours, minutes, seconds = (Decimal(found[unit] or 0) for unit in ("days", "hours", "minutes", "seconds"))
        total = days * 86_400 + hours * 3600 + minutes * 60 + seconds
    if total > LONGEST_DAYS * 86_400:
        raise NotUnderstood(text, wanted)
    return round(total)


# Validities


class Validity(NamedTuple):
    """From when to when a document is valid; ``long_term`` where it says that there is no end."""

    valid_from: date | None
    valid_until: date | None
    long_term: bool


_LONG = alternatives(WORDS["long_term"])
_NOTHING = r"-{1,3}|–|—"
_CLOCK_BEHIND = r"(?: \d{1,2}:\d{2}(?::\d{2})?)?"
_UNTIL_WORDS = (
    r"有效期截?至|有效期到|有效至|截止日期|截止到?|截至|到期日|到期|至|到"
    r"|(?:valid |effective )?(?:until|till|to|thru|through)|expires(?: on)?|expiry(?: date)?|by|止"
)
_FROM_WORDS = r"(?:自|从|起始?:?|生效日期?:?|(?:valid |effective )?from|since|between) ?"
_VALIDITY = later(
    rf"(?:有效期限?|有效期间|validity(?: period)?|valid|period of validity)?:? ?"
    rf"(?:(?:{_FROM_WORDS})?(?:{_date('_a')}{_CLOCK_BEHIND}|(?P<nothing_a>{_NOTHING}))"
    r"(?: ?起 ?(?:至|到)?| ?(?:至|到|~|-{1,2}|–|—|to|until|till|through|and)| ?止:?) ?"
    rf"|(?P<until>{_UNTIL_WORDS}):? ?)?"
    rf"(?:{_date('_b')}{_CLOCK_BEHIND}|(?P<long>{_LONG})|(?P<nothing_b>{_NOTHING}))",
    re.IGNORECASE | re.ASCII,
)
_LEFT_BEHIND = later(
    r"(?<=[\d日])(?: ?[(（·|,，](?! ?\d{4})[^()（）]{0,40}[)）]?"
    r"| ?(?:剩余?|还剩|仅剩|还有|距到期)[^\d()（）]{0,6}\d{1,5} ?天(?:到期|过期)?"
    r"| (?:(?:expires|ends|expiring) in |only )?\d{1,5} days?(?: left| remaining| to go)?"
    r"| (?:left|remaining):? \d{1,5} days?)$",
    re.IGNORECASE,
)
"""What may be said behind the end: "2027/01/15 (剩余 41 天)", "2027-01-15 41 days left"."""
_ENDLESS = later(r"9999(?:[-/.]12[-/.]31| ?年 ?12 ?月 ?31 ?日)")


def validity(text: str) -> Validity:
    """From and until: 2023-05-01 至 2027-01-15, 2027/01/15 (an end), 长期有效, 2021-04-19 to long-term.

    9999-12-31 is the registers' way to write "no end". Not assessed gives (None, None, False).
    """
    shown = clean(text)
    if not_assessed(shown):
        return Validity(None, None, False)
    shown = _ENDLESS().sub("permanent", shown)
    found = None
    if len(shown) <= LONGEST_VALUE:
        found = _VALIDITY().fullmatch(shown) or _VALIDITY().fullmatch(_LEFT_BEHIND().sub("", shown))
    if found is None or (found["nothing_b"] and not (found["y_a"] or found["yn_a"])):
        raise NotUnderstood(text, "a validity")
    start = _day_in(found, "_a", text)
    end = _day_in(found, "_b", text)
    if start is not None and end is not None and start > end:
        raise NotUnderstood(text, "a validity that starts before it ends")
    return Validity(start, end, found["long"] is not None)


def _day_in(found: re.Match[str], tail: str, text: str) -> date | None:
    if not (found["y" + tail] or found["yn" + tail]):
        return None
    try:
        on = _date_of(found, tail)
    except ValueError:
        raise NotUnderstood(text, "a validity") from None
    if not FIRST_YEAR_OF_A_DAY <= on.year <= LAST_YEAR:
        raise NotUnderstood(text, "a validity")
    return on
