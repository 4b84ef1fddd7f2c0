"""Writes what a walk sees into the capture and reads it at once, while the browser is on its way to the next page.

One page is in work at a time, so that the order of the capture is the order of the walk. Each tab has a lane of its
own: a page of a tab is finished before the tab's next page is kept, and the tab is told what reading it said.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.capture.model import BACKEND_ZONE, PageError
from agent.capture.picture import Shot
from agent.capture.writer import Answer, CaptureWriter
from extractors.lists import reconciled
from extractors.models import Reading, Store
from extractors.page import Page
from extractors.reading import read_page
from extractors.vocabulary import Vocabulary


@dataclass(frozen=True)
class Seen:
    """A page as it is to be kept."""

    kind: str
    view: str | None
    url: str
    html: str
    at: datetime
    answers: Sequence[Answer] = ()
    shot: Shot | None = None


@dataclass
class Keeper:
    """Keeps pages in a capture and their readings in memory, as far as the walk still needs them."""

    writer: CaptureWriter
    words: Vocabulary
    store: Store
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(BACKEND_ZONE))
    readings: list[Reading] = field(default_factory=list)
    failed: int = 0
    _work: dict[int, asyncio.Task[Reading]] = field(default_factory=dict)
    _away: dict[int, asyncio.Event] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _known: set[bytes] = field(default_factory=set)

    async def add(self, seen: Seen, lane: int = 0) -> None:
        """Keep a page once its tab is on the way to the next one, or is asked for; the page before it in this lane is
        finished first."""
        await self.settle(lane)
        self._away[lane] = away = asyncio.Event()
        self._work[lane] = asyncio.create_task(self._read(seen, away))

    def away(self, lane: int) -> None:
        """The lane's tab waits for its next page: now reading the one before holds nothing up."""
        if lane in self._away:
            self._away[lane].set()

    async def fail(self, kind: str, view: str | None, url: str, at: datetime, error: PageError, lane: int = 0) -> None:
        """Note a page that could not be had."""
        await self.settle(lane)
        self.failed += 1
        async with self._turn:
            await asyncio.to_thread(
                self.writer.add_page, kind, view=view, url=url, captured_at=at.astimezone(self.zone), error=error
            )

    async def settle(self, lane: int = 0) -> Reading | None:
        """The reading of the page that was in work in this lane, once it is written; None when there was none."""
        work = self._work.pop(lane, None)
        if work is None:
            return None
        self.away(lane)
        reading = await asyncio.shield(work)
        self.readings.append(reading)
        return reading

    async def finish(self) -> None:
        """Finish what is in work in any lane; the first error of those there are."""
        for away in self._away.values():
            away.set()
        works = [self._work.pop(lane) for lane in list(self._work)]
        found = await asyncio.gather(*(asyncio.shield(work) for work in works), return_exceptions=True)
        self.readings += [reading for reading in found if isinstance(reading, Reading)]
        for error in found:
            if isinstance(error, BaseException):
                raise error

    async def _read(self, seen: Seen, away: asyncio.Event) -> Reading:
        await away.wait()
        async with self._turn:
            return await asyncio.to_thread(self._add, seen)

    def _add(self, seen: Seen) -> Reading:
        body = seen.html.encode("utf-8", "replace")
        at = seen.at.astimezone(self.zone)
        place = self.writer.add_page(
            seen.kind,
            view=seen.view,
            url=seen.url,
            html=body,
            captured_at=at,
            shot=seen.shot,
            answers=[*self._new(seen.answers)],
        )
        page = Page(seen.kind, body, at, self.zone, view=seen.view, sequence=place, url=seen.url, store=self.store)
        return read_page(page, self.words)

    def _new(self, answers: Sequence[Answer]) -> Iterator[Answer]:
        """The answers that no page before has received just so."""
        for answer in answers:
            digest = hashlib.sha256(answer.body).digest()
            if digest not in self._known:
                self._known.add(digest)
                yield replace(answer, captured_at=answer.captured_at.astimezone(self.zone))

    def of(self, kind: str, view: str | None = None, since: int = 0) -> list[Reading]:
        """The readings of one list, from the ``since``-th reading of the walk on."""
        return [r for r in self.readings[since:] if r.kind == kind and (view is None or r.view == view)]

    def is_short(self, kind: str, view: str | None) -> bool:
        """Whether a list that was read to its end lacks rows that it says it has."""
        whole = reconciled(self.of(kind, view))
        return any(problem.type == "list_incomplete" for reading in whole for problem in reading.problems)
