"""Trying a page again: bounded by attempts and by time, with jitter, one line in the log for each new try.

Only what passes by itself is tried again: a page that did not come in time, an error of the server, a fault inside the
backend, a page that crashed, after a rest a backend that was asked too often. Login, verification and another store
never are.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from agent.live.clock import Clock, SystemClock
from checks.mishaps import mishap
from checks.text import Text

log = logging.getLogger(__name__)
T = TypeVar("T")


class Passing(Exception):
    """Trouble with one page that may pass by itself; ``type`` is the error type that the capture keeps."""

    def __init__(self, type_: str, message: str) -> None:
        super().__init__(message)
        self.type = type_
        self.message = message


@dataclass(frozen=True)
class Patience:
    """How often and how long a page is tried, and how long to wait in between."""

    attempts: int = 3
    total_s: float = 120.0
    first_wait_s: float = 1.0
    longest_wait_s: float = 15.0
    clock: Clock = field(default_factory=SystemClock)

    async def tried(self, what: str, work: Callable[[], Awaitable[T]]) -> T:
        """The result of ``work``; the last Passing when patience ended, anything else at once."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Passing),
            stop=stop_after_attempt(self.attempts) | stop_after_delay(self.total_s),
            wait=wait_random_exponential(multiplier=self.first_wait_s, max=self.longest_wait_s),
            sleep=self.clock.sleep,
            before_sleep=lambda state: _told(what, state),
            reraise=True,
        )

        async def once() -> T:
            return await work()

        return await retrying(once)


def _told(what: str, state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0.0
    log.warning(
        Text("%s：%s；%.1f 秒后再试（第 %d 次）", "%s: %s; trying again in %.1f s (attempt %d)"),
        what,
        mishap(error.type, error.message) if isinstance(error, Passing) else error,
        wait,
        state.attempt_number + 1,
    )
