"""How much of the backend is asked: pages per run and per hour, the time between two, quiet hours, rest after trouble.

What was used and until when a store is left alone is kept in the home folder, one file a store, replaced whole, so
that a schedule that starts a new process each time does not hammer a store that asked for a verification.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, Protocol

from agent.capture.atomic import make_folder, write_aside
from agent.errors import BudgetSpent, StoreBusy, StoreParked
from agent.live.clock import Clock, SystemClock
from agent.lock import FileLock, LockHeld
from checks.text import Text

log = logging.getLogger(__name__)

FOLDER = "visits"
HOUR = timedelta(hours=1)
JITTER = 0.3
"""The time between two pages is longer by up to this share of it, at random."""

VERIFICATION = Text("后台要求安全验证", "the backend asked for a verification")
TRAFFIC = Text("后台提示访问过于频繁", "the backend said that it was asked too often")
PAGES = Text("一小时内的页数已用完", "the pages of one hour are used up")
QUIET = Text("静默时段", "quiet hours")


class BudgetSettings(Protocol):
    """[budget] of config.toml."""

    @property
    def pages_per_hour(self) -> int: ...
    @property
    def pages_per_run(self) -> int: ...
    @property
    def min_interval_s(self) -> float: ...
    @property
    def cooldown_s(self) -> float: ...
    def quiet(self) -> Sequence[tuple[time, time]]: ...


@dataclass(frozen=True)
class Usage:
    """Pages opened and pages left, in this run and in this hour."""

    run: int
    run_left: int
    hour: int
    hour_left: int


@dataclass(frozen=True)
class Visits:
    """What is remembered of a store: when its pages were opened within the last hour, and until when it rests."""

    pages: tuple[datetime, ...] = ()
    until: datetime | None = None
    reason: Text | None = None

    def since(self, moment: datetime) -> tuple[datetime, ...]:
        return tuple(page for page in self.pages if page > moment)


@dataclass
class VisitFile:
    """The file of one store, and the lock that lets one run in at a time."""

    folder: Path
    store: str
    path: Path = field(init=False)

    def __post_init__(self) -> None:
        name = re.sub(r"[^\w.-]", "_", self.store)
        self.path = self.folder / f"{name}.json"

    def read(self) -> Visits:
        """What is remembered; a file that cannot be read remembers nothing."""
        try:
            data = json.loads(self.path.read_text("utf-8"))
            until = data["until"]
            return Visits(
                pages=tuple(datetime.fromtimestamp(page, UTC) for page in data["pages"]),
                until=datetime.fromtimestamp(until, UTC) if until is not None else None,
                reason=Text(*data["reason"]) if data["reason"] else None,
            )
        except FileNotFoundError:
            return Visits()
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning(
                Text("%s 无法读取，重新开始记录：%s", "%s cannot be read and is begun anew: %s"), self.path, error
            )
            return Visits()

    def write(self, visits: Visits, *, lasting: bool = True) -> None:
        """Replace the file whole, so that nobody ever reads half of it; ``lasting`` even when the machine stops now."""
        data: dict[str, Any] = {
            "pages": [round(page.timestamp(), 3) for page in visits.pages],
            "until": visits.until.timestamp() if visits.until else None,
            "reason": list(visits.reason) if visits.reason else None,
        }
        make_folder(self.folder)
        body = json.dumps(data, ensure_ascii=False).encode()
        if lasting:
            write_aside(self.path, body)
            return
        aside = self.path.with_suffix(".part")
        aside.write_bytes(body)
        aside.replace(self.path)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store; StoreBusy when another run holds it. A process that dies lets go by itself."""
        make_folder(self.folder)
        lock = FileLock(self.path.with_suffix(".lock"))
        try:
            lock.take()
        except LockHeld as error:
            raise StoreBusy(self.store) from error
        try:
            yield
        finally:
            lock.release()


@dataclass
class Budget:
    """The budget of one store in one run. ``zone`` is the user's own: quiet hours are theirs."""

    settings: BudgetSettings
    store: str
    folder: Path
    zone: tzinfo = UTC
    clock: Clock = field(default_factory=SystemClock)
    chance: random.Random = field(default_factory=random.Random)
    run: int = 0
    _last: datetime | None = None

    def __post_init__(self) -> None:
        self._file = VisitFile(self.folder, self.store)
        self._visits = self._file.read()
        self._turn = asyncio.Lock()

    @contextlib.contextmanager
    def visit(self) -> Iterator[Budget]:
        """Hold the store for a run; StoreBusy when another run has it, StoreParked when it is to be left alone."""
        with self._file.locked():
            self._visits = self._file.read()
            self.check()
            yield self

    @contextlib.contextmanager
    def alone(self) -> Iterator[Budget]:
        """Hold the store for a login by hand: StoreBusy when a run has it, but a rest does not keep a person out."""
        with self._file.locked():
            self._visits = self._file.read()
            yield self

    def check(self, now: datetime | None = None) -> None:
        """StoreParked when the store is to be left alone at this moment, or at the one given."""
        now = now or self.clock.now()
        if self._visits.until is not None and now < self._visits.until:
            raise self._parked(self._visits.until, self._visits.reason or VERIFICATION)
        if (ends := self._quiet_until(now)) is not None:
            raise self._parked(ends, QUIET, by_hand=False)
        recent = self._visits.since(now - HOUR)
        if len(recent) >= self.settings.pages_per_hour:
            raise self._parked(recent[-self.settings.pages_per_hour] + HOUR, PAGES, by_hand=False)

    async def page(self) -> None:
        """Wait until the next page may be opened, and count it.

        BudgetSpent when the run has had its pages, StoreParked when the hour has, or when quiet hours began.
        """
        async with self._turn:  # tabs side by side wait for each other: no two pages begin closer than the interval
            if self.run >= self.settings.pages_per_run:
                raise BudgetSpent(self.store, pages=self.run)
            self.check()
            pause = self._pause()
            if pause > 0:
                await self.clock.sleep(pause)
            self._last = self.clock.now()
            self.run += 1
            self._visits = replace(self._visits, pages=(*self._visits.since(self._last - HOUR), self._last))
            self._file.write(self._visits, lasting=False)

    async def calm(self, seconds: float) -> None:
        """Let no page begin for so long, in whatever tab."""
        async with self._turn:
            await self.clock.sleep(seconds)

    def _pause(self) -> float:
        wanted = self.settings.min_interval_s
        if not wanted or self._last is None:
            return 0.0
        wanted *= 1 + JITTER * self.chance.random()
        return wanted - (self.clock.now() - self._last).total_seconds()

    def park(self, reason: Text, seconds: float | None = None) -> datetime:
        """Leave the store alone from now on, for the configured rest or for ``seconds``; gives the end of it."""
        rest = self.settings.cooldown_s if seconds is None else seconds
        until = self.clock.now() + timedelta(seconds=rest)
        self._visits = replace(self._file.read(), pages=self._visits.pages, until=until, reason=reason)
        self._file.write(self._visits)
        return until

    def unpark(self) -> None:
        """A person has logged in by hand: the store need not be left alone any longer."""
        self._visits = replace(self._file.read(), until=None, reason=None)
        if self._file.path.exists():
            self._file.write(self._visits)

    @property
    def used(self) -> Usage:
        """Pages used and left."""
        hour = len(self._visits.since(self.clock.now() - HOUR))
        return Usage(
            run=self.run,
            run_left=max(self.settings.pages_per_run - self.run, 0),
            hour=hour,
            hour_left=max(self.settings.pages_per_hour - hour, 0),
        )

    def _quiet_until(self, now: datetime) -> datetime | None:
        """The end of the quiet hours that this moment lies in."""
        here = now.astimezone(self.zone)
        for start, end in self.settings.quiet():
            inside = start <= here.time() < end if start < end else not end <= here.time() < start
            if inside:
                day = here.date() if here.time() < end else here.date() + timedelta(days=1)
                return datetime.combine(day, end, self.zone)
        return None

    def _parked(self, until: datetime, reason: Text, *, by_hand: bool = True) -> StoreParked:
        return StoreParked(self.store, until=until.astimezone(self.zone), reason=reason, by_hand=by_hand)
