"""Words for people: every sentence exists in Chinese and English, and values are written the same way everywhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from extractors.models import Money

Language = Literal["zh", "en"]


class Text(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        """English, for a log that nobody has told a language."""
        return self.en


def plain(value: object) -> Text:
    """A value that reads the same in both languages."""
    return Text(str(value), str(value))


def percent(ratio: float) -> str:
    """A fraction of 1 as a percentage, with the digits that the backend shows: 0.0196 -> "1.96%"."""
    shown = f"{ratio * 100:.2f}"
    return f"{shown}%"


def number(value: float) -> str:
    """A plain figure without needless digits: 85.0 -> "85", 4.62 -> "4.62"."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))


def money(value: Money) -> str:
    return f"{value.currency} {value.amount:,}"


def moment(value: datetime) -> str:
    """A time of the backend, to the minute, with its offset: "2026-11-20 03:15 -08:00"."""
    offset = value.strftime("%z")
    return f"{value:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:]}"


def day(value: date) -> str:
    return value.isoformat()


def duration(span: timedelta | float) -> Text:
    """A length of time in its two largest units; a number means seconds."""
    seconds = int(abs(span.total_seconds() if isinstance(span, timedelta) else span))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    units = [(days, "天", "d"), (hours, "小时", "h"), (minutes, "分", "min"), (rest, "秒", "s")]
    shown = [unit for unit in units if unit[0]][:2] or [units[3]]
    return Text(
        zh="".join(f"{n} {zh}" if i == 0 else f" {n} {zh}" for i, (n, zh, _) in enumerate(shown)),
        en=" ".join(f"{n} {en}" for n, _, en in shown),
    )
