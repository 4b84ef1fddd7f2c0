"""When each store is visited: times of the day in the user's zone, and which of them were missed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.config import Config


@dataclass(frozen=True)
class Plan:
    """The times of one store; ``jitter_s`` is how much later a visit may begin, at random."""

    store: str
    times: tuple[time, ...]
    zone: ZoneInfo
    jitter_s: float = 0.0
    catch_up_s: float = 0.0

    def next(self, after: datetime) -> datetime | None:
        """The first planned time after a moment; None for a store without times."""
        return min((at for at in self._around(after) if at > after), default=None)

    def last(self, until: datetime) -> datetime | None:
        """The last planned time up to a moment."""
        return max((at for at in self._around(until) if at <= until), default=None)

    def missed(self, handled: datetime | None, now: datetime) -> datetime | None:
        """The planned time that nobody saw to, when it is not too long ago: however many were missed, one is made up.

        ``handled`` is the last moment that was seen to; without one nothing was ever planned, so nothing was missed.
        """
        last = self.last(now)
        if handled is None or last is None or last <= handled or now - last > timedelta(seconds=self.catch_up_s):
            return None
        return last

    def _around(self, moment: datetime) -> list[datetime]:
        here = moment.astimezone(self.zone).date()
        days = [here + timedelta(days=n) for n in (-1, 0, 1)]
        # Through UTC and back: a time that clocks leave out in spring becomes the one that they show instead.
        return [
            datetime.fromtimestamp(datetime.combine(day, at, self.zone).timestamp(), self.zone)
            for day in days
            for at in self.times
        ]


def plans(config: Config, stores: Sequence[str] = ()) -> list[Plan]:
    """The plans of the stores named, or of all that have times; UsageError for a store that is not configured."""
    settings = config.schedule
    for name in stores:
        config.store(name)
    found = []
    for name in stores or config.stores:
        times = tuple(time.fromisoformat(text) for text in settings.of(name))
        if times:
            found.append(Plan(name, times, config.zone, settings.jitter_s, settings.catch_up_s))
    return found
