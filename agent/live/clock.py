"""The time of a run, and waiting; one object, so that a test can turn the hands itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a run needs to know of the time."""

    def now(self) -> datetime:
        """This moment, with its offset."""

    async def sleep(self, seconds: float) -> None:
        """Let this many seconds pass."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
