"""What is tried again, how often, how long, and what is told of it."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from agent.errors import (
    NeedsPerson,
    SessionExpired,
    ShoplintError,
    StoreParked,
    VerificationRequired,
    WrongStore,
)
from agent.live.budget import TRAFFIC
from agent.live.retry import Passing, Patience
from tests.live.test_budget import Waiting


class Work:
    """Fails with these errors, one after the other, then succeeds."""

    def __init__(self, *errors: Exception, clock: Waiting | None = None, takes: float = 0.0) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.clock, self.takes = clock, takes

    async def __call__(self) -> str:
        self.calls += 1
        if self.clock is not None:
            await asyncio.sleep(self.takes)
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def tried(work: Work, **patience: float) -> str:
    clock = Waiting()
    found = asyncio.run(Patience(clock=clock, **patience).tried("health", work))  # type: ignore[arg-type]
    work.clock = clock
    return found


def test_what_passes_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(Passing("timeout", "late"), Passing("http_502", "HTTP 502"))
    with caplog.at_level(logging.WARNING, "agent.live"):
        assert tried(work) == "done"
    assert work.calls == 3
    assert [record.message.partition(";")[0] for record in caplog.records] == ["health: late", "health: HTTP 502"]


def test_attempts_are_bounded() -> None:
    work = Work(*(Passing("http_502", f"HTTP 502 number {n}") for n in range(9)))
    with pytest.raises(Passing, match="number 2"):
        tried(work, attempts=3)
    assert work.calls == 3


def test_time_is_bounded() -> None:
    work = Work(*(Passing("timeout", "late") for _ in range(9)), clock=Waiting(), takes=0.01)
    with pytest.raises(Passing):
        tried(work, attempts=9, total_s=0.005)
    assert work.calls == 1


def test_waits_grow_and_differ() -> None:
    clock = Waiting()
    work = Work(*(Passing("timeout", "late") for _ in range(8)))
    asyncio.run(Patience(attempts=9, first_wait_s=1.0, longest_wait_s=15.0, clock=clock).tried("health", work))
    assert len(clock.waited) == 8
    assert all(0 <= pause <= 15.0 for pause in clock.waited)
    assert all(pause <= 2**number for number, pause in enumerate(clock.waited))
    assert len(set(clock.waited)) == 8


@pytest.mark.parametrize(
    "error",
    [
        SessionExpired("northwind"),
        VerificationRequired("northwind"),
        WrongStore("northwind", wanted="a", got="b"),
        StoreParked("northwind", until=datetime(2026, 11, 20, tzinfo=UTC), reason=TRAFFIC),
    ],
)
def test_what_a_person_must_see_to_is_never_tried_again(error: NeedsPerson) -> None:
    work = Work(error)
    with pytest.raises(ShoplintError):
        tried(work)
    assert work.calls == 1
