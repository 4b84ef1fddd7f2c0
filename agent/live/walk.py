"""Walks the pages of one store and keeps them in a capture: careful first, complete second.

Each page is opened, waited for, judged before anything else happens, and kept (lane.py). What a person must see to
(login, verification, another store) and what asks for rest ends the walk, in all its tabs; what passes by itself is
tried again; a page that stays out of reach is noted and the others are visited all the same. The capture on disk is
valid at every moment.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.capture.writer import CaptureWriter
from agent.errors import NeedsPerson, ShoplintError
from agent.live import pagemap
from agent.live.access import Access
from agent.live.budget import Budget
from agent.live.course import Course
from agent.live.errand import Errand, Walked
from agent.live.guard import Guard
from agent.live.keeper import Keeper
from agent.live.lane import Lane
from agent.live.pagemap import PageMap, PageStop
from agent.live.retry import Patience
from agent.step import Progress
from extractors.models import OrderStatus
from extractors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from extractors.models import Reading

SHIPPED = frozenset({OrderStatus.AWAITING_RECEIPT, OrderStatus.PARTLY_SHIPPED})

Stop = tuple[PageStop, str]
"""A page and its address."""


@dataclass
class Walk:
    """One walk; everything that it needs is handed in."""

    errand: Errand
    access: Access
    writer: CaptureWriter
    words: Vocabulary
    guard: Guard
    budget: Budget
    progress: Progress = lambda step: None
    patience: Patience = field(default_factory=Patience)
    pages: PageMap = field(default_factory=pagemap.shipped)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.writer, self.words, self.errand.store)
        self.course = Course(
            self.errand,
            self.access,
            self.words,
            self.guard,
            self.budget,
            self.pages,
            self.patience,
            self.keeper,
            self.progress,
        )
        self.lanes = [Lane(self.course, number) for number in range(max(self.errand.tabs, 1))]

    async def run(self) -> Walked:
        """Walk to the end, or until something ends it. A cancelled walk leaves an unfinished, valid capture."""
        stopped = None
        try:
            await self._everything()
        except ShoplintError as error:
            stopped = error
        finally:
            await self.keeper.finish()
        await self.access.save()
        self.writer.finish(self.budget.clock.now().astimezone(self.keeper.zone))
        return Walked(self.writer.pages, self.keeper.failed, stopped, self.budget.used, self.guard.tally)

    async def _everything(self) -> None:
        errand, words, only = self.errand, self.words, self.errand.only
        stops = [stop for stop in self.pages.pages if only is None or stop.kind in only]
        await self._visit([(stop, errand.address(words, stop.kind)) for stop in stops])
        orders = self._to_track() if only is None or "tracking" in only else []
        parcels = PageStop(kind="tracking")
        await self._visit([(parcels, errand.address(words, "order_tracking", tradeOrderId=order)) for order in orders])

    async def _visit(self, stops: Sequence[Stop]) -> None:
        """Visit these pages, side by side in as many tabs as the errand allows."""
        waiting = deque(enumerate(stops, start=1))

        async def work(lane: Lane) -> None:
            if lane.number:
                await self.course.begun.wait()  # one tab finds out whether the session lives
            try:
                while waiting:
                    number, (stop, url) = waiting.popleft()
                    self.course.tell(stop.kind, number, len(stops))
                    await lane.stop_at(stop, url)
                await lane.review()
            finally:
                self.course.begun.set()

        await _together(work(lane) for lane in self.lanes[: len(stops)])

    def _to_track(self) -> list[str]:
        """Orders whose parcels have to be looked up one by one: shipped, and not in the list of parcels."""
        wanted = self.errand.capture.tracking
        if wanted == "none":
            return []
        orders = [order for r in self.keeper.of("orders") if r.data for order in _rows(r, "orders")]
        listed = {parcel.order_id for r in self.keeper.of("tracking") if r.data for parcel in _rows(r, "parcels")}
        shipped = dict.fromkeys(order.order_id for order in orders if order.status in SHIPPED)
        return [order for order in shipped if wanted == "all" or order not in listed]


async def _together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all to the end; what ends one ends all. What needs a person is told before anything else."""
    tasks = [asyncio.create_task(work) for work in works]
    if not tasks:
        return
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    errors = [error for task in tasks if not task.cancelled() and (error := task.exception()) is not None]
    if errors:
        raise min(errors, key=lambda error: not isinstance(error, NeedsPerson))


def _rows(reading: Reading, name: str) -> list[Any]:
    return list(getattr(reading.data, name, ()))
