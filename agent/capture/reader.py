"""Opens a capture (a folder, its .zip, an order export or a single page) and yields its pages one at a time.

    with open_capture(path) as capture:
        for entry, page in capture.read():
            ...  # page is None when it was not reached or cannot be read; entry.error says why

At most one page's bytes are in memory, unless the caller keeps them. What is wrong with one page's file becomes that
page's error; a name that leads out of the folder, or a file that expands without end, refuses the whole capture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from agent.capture import bodies, failures, limits
from agent.capture.model import EXPORT_KIND, Manifest, PageEntry, PageError
from agent.capture.sources import FileSource, Source
from agent.errors import CaptureError, PageUnreadable
from checks.text import Text
from extractors.models import Store
from extractors.page import Page

if TYPE_CHECKING:
    from agent.capture.picture import Picture


class Origin(StrEnum):
    """What was opened."""

    FOLDER = "folder"
    ZIP = "zip"
    EXPORT = "export"
    PAGE = "page"


@dataclass(frozen=True)
class CapturedPage:
    """One page of a capture, without its bytes; ``place`` is its place in the list, from 1."""

    place: int
    kind: str
    view: str | None
    sequence: int
    url: str | None
    file: str | None
    captured_at: datetime
    error: PageError | None = None
    picture: Any = None


@dataclass
class Capture:
    """An open capture; close it, or use it as a context manager. ``faults`` collects answers and pictures that cannot
    be read."""

    path: Path
    origin: Origin
    manifest: Manifest
    source: Source = field(repr=False)
    faults: list[CaptureError] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.source.close()

    @cached_property
    def store(self) -> Store:
        return self.manifest.store.store()

    @cached_property
    def timezone(self) -> tzinfo:
        """The backend's zone, in which times on the pages are written."""
        return ZoneInfo(self.manifest.timezone)

    @property
    def captured_at(self) -> datetime:
        """When the visit began: the clock that the rules see unless they are given another."""
        return self.manifest.captured_at

    @property
    def finished(self) -> bool:
        """False when the visit was cut short, or still goes on."""
        return self.manifest.finished_at is not None

    @property
    def ended_at(self) -> datetime:
        """When the visit ended; of an unfinished one, when its last page was captured."""
        if self.manifest.finished_at is not None:
            return self.manifest.finished_at
        return max([self.captured_at, *(entry.captured_at for entry in self.manifest.pages if entry.captured_at)])

    def pages(self) -> Iterator[CapturedPage]:
        """Every page in the capture's order; a page without a file carries an error."""
        for place, entry in enumerate(self.manifest.pages, start=1):
            yield CapturedPage(
                place=place,
                kind=entry.kind,
                view=entry.view,
                sequence=entry.sequence,
                url=entry.url,
                file=entry.file,
                captured_at=entry.captured_at or self.captured_at,
                error=self._error(entry),
                picture=entry.picture,
            )

    def body(self, page: CapturedPage) -> bytes:
        """The page's bytes, unpacked; PageUnreadable when there are none."""
        if page.file is None:
            said = page.error.message if page.error else "file: null"
            raise failures.page(
                "no_file", self.path, page.kind, Text(f"未采集到（{said}）", f"it was not captured ({said})")
            )
        read = bodies.workbook if page.kind == EXPORT_KIND else bodies.html
        return read(self.source, page.file)

    def read(self) -> Iterator[tuple[CapturedPage, Page | None]]:
        """Every page, ready for its extractor; None instead of a page that has an error."""
        for entry in self.pages():
            if entry.error is not None:
                yield entry, None
                continue
            try:
                page = self.page(entry)
            except PageUnreadable as error:
                yield replace(entry, error=PageError(type=error.type, message=error.found.en)), None
            else:
                yield entry, page
                del page

    def page(self, entry: CapturedPage) -> Page:
        """What an extractor is given; PageUnreadable when the file cannot be read."""
        return Page(
            kind=entry.kind,
            body=self.body(entry),
            captured_at=entry.captured_at,
            timezone=self.timezone,
            view=entry.view,
            sequence=entry.sequence,
            url=entry.url,
            store=self.store,
            responses=self.responses(entry),
            workbook=self.source.workbook() if isinstance(self.source, FileSource) else None,
        )

    def picture(self, page: CapturedPage) -> Picture | None:
        """The picture of the page; None when there is none, or none that can be used, which is noted in ``faults``."""
        if page.picture is None:
            return None
        from agent.capture.picture import read_picture

        try:
            return read_picture(self.source, page.picture)
        except CaptureError as error:
            self.faults.append(error)
            return None

    def responses(self, page: CapturedPage) -> tuple[Mapping[str, Any], ...]:
        """The JSON answers that the page received; one that cannot be read is left out and noted in ``faults``."""
        found = (self._answer(answer.file) for answer in self.manifest.responses if answer.page == page.place)
        return tuple(answer for answer in found if answer is not None)

    def _answer(self, name: str) -> Mapping[str, Any] | None:
        try:
            try:
                found = bodies.parsed_json(bodies.raw(self.source, name, limits.MOST_RESPONSE))
            except (ValueError, RecursionError) as error:
                said = Text(f"不是有效的 JSON（{error}）", f"it is no JSON ({error})")
                raise failures.page("damaged_file", self.path, name, said) from error
            if not isinstance(found, dict):
                said = Text("不是 JSON 对象", "it holds no JSON object")
                raise failures.page("damaged_file", self.path, name, said)
        except PageUnreadable as error:
            self.faults.append(error)
            return None
        return found

    @staticmethod
    def _error(entry: PageEntry) -> PageError | None:
        if entry.error is None and entry.file is None:
            return PageError(type="no_file", message="the capture names no file for this page")
        return entry.error
