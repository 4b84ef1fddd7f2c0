"""Times for readers: the backend's, and the user's own beside it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from agent.reports import Look
from checks.text import Language, Text, duration

CLOCK, WHOLE = len("11-20 03:15"), len("2026-11-20 03:15")
"""How much of a time is the time: what follows is its zone, which a title names once."""
ZONES = {"Asia/Shanghai": Text("北京时间", "Beijing time")}
"""Zones whose abbreviation would mislead: CST is also a zone of America."""


class Told(NamedTuple):
    """One moment: for machines, on the backend's clock (whole, without the year, its day alone), and on the user's
    where that differs."""

    iso: str
    backend: str
    short: str
    day: str
    own: str | None

    def __str__(self) -> str:
        return f"{self.backend} ({self.own})" if self.own else self.backend


class Clock(NamedTuple):
    """Tells times as one report tells them."""

    language: Language
    backend: tzinfo
    own: tzinfo | None = None

    @classmethod
    def of(cls, look: Look) -> Clock:
        return cls(look.language, look.backend_zone, look.user_zone)

    def tell(self, moment: datetime) -> Told:
        at = moment.astimezone(self.backend)
        own = None
        if self.own is not None and (theirs := moment.astimezone(self.own)).utcoffset() != at.utcoffset():
            own = f"{theirs:%m-%d %H:%M} {self._zone(theirs)}"
        short = f"{at:%m-%d %H:%M} {self._zone(at)}"
        return Told(moment.isoformat(), f"{at:%Y}-{short}", short, f"{at:%Y-%m-%d}", own)

    def left(self, due: datetime, now: datetime) -> str:
        span = duration(due - now).to(self.language)
        if due <= now:
            return Text(f"已超 {span}", f"{span} over").to(self.language)
        return Text(f"剩 {span}", f"{span} left").to(self.language)

    def _zone(self, moment: datetime) -> str:
        known = ZONES.get(str(moment.tzinfo))
        return known.to(self.language) if known else moment.tzname() or f"{moment:%z}"
