"""Writes what a walk sees into the capture and reads it at once, while the browser is on its way to the next page.

One page is in work at a time, so that the order of the capture is the order of the walk.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.capture.model import BACKEND_ZONE, PageError
from agent.capture.picture import Shot
from agent.capture.writer import CaptureWriter
from agent.live.answers import Answer
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
    _work: asyncio.Task[Reading] | None = None
    _known: set[bytes] = field(default_factory=set)

    async def add(self, seen: Seen) -> None:
        """Keep a page; the page before it is finished first."""
        await self.settle()
        self._work = asyncio.create_task(asyncio.to_thread(self._add, seen))

    async def fail(self, kind: str, view: str | None, url: str, at: datetime, error: PageError) -> None:
        """Note a page that could not be had."""
        await self.settle()
        self.failed += 1
        await asyncio.to_thread(
            self.writer.add_page, kind, view=view, url=url, captured_at=at.astimezone(self.zone), error=error
        )

    async def settle(self) -> Reading | None:
        """The reading of the page that was in work, once it is written; None when there was none."""
        if self._work is None:
            return None
        work, self._work = self._work, None
        reading = await asyncio.shield(work)
        self.readings.append(reading)
        return reading

    def _add(self, seen: Seen) -> Reading:
        body = seen.html.encode("utf-8", "replace")
        at = seen.at.astimezone(self.zone)
        place = self.writer.add_page(seen.kind, view=seen.view, url=seen.url, html=body, captured_at=at, shot=seen.shot)
        bodies = []
        for answer in seen.answers:
            digest = hashlib.sha256(answer.body).digest()
            if digest not in self._known:
                self._known.add(digest)
                bodies.append(answer)
                moment = answer.captured_at.astimezone(self.zone)
                self.writer.add_response(answer.api, answer.body, page=place, captured_at=moment)
        page = Page(seen.kind, body, at, self.zone, view=seen.view, sequence=place, url=seen.url, store=self.store)
        return read_page(page, self.words)

    def of(self, kind: str, view: str | None = None, since: int = 0) -> list[Reading]:
        """The readings of one list, from the ``since``-th reading of the walk on."""
        return [r for r in self.readings[since:] if r.kind == kind and (view is None or r.view == view)]

    def is_short(self, kind: str, view: str | None) -> bool:
        """Whether a list that was read to its end lacks rows that it says it has."""
        whole = reconciled(self.of(kind, view))
        return any(problem.type == "list_incomplete" for reading in whole for problem in reading.problems)
