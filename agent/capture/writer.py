"""Writes a capture page by page. The folder is a valid capture at every moment, whenever the process is killed.

    with CaptureWriter(folder, head) as writer:
        place = writer.add_page("orders", view="all", url=url, html=dom, captured_at=at)
        writer.add_response("mtop.…", body, page=place, captured_at=at)
        writer.finish(at)

Every file is written aside under a name that begins with a dot, brought to the disk, and only then given its name;
capture.json follows its pages in the same way, so it never names a file that is not whole. A capture that was cut short
is one whose ``finished_at`` is null. One writer at a time: a lock file, which the system releases when its holder ends.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.capture import failures
from agent.capture.atomic import make_folder, sweep, write_aside
from agent.capture.manifest import read_manifest
from agent.capture.model import BACKEND_ZONE, FORMAT, Manifest, PageError
from agent.capture.names import MANIFEST
from agent.capture.picture import Shot
from agent.capture.sources import FolderSource
from agent.lock import FileLock, LockHeld
from extractors.models import Store

LOCK = ".capture.lock"
_KIND = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Head:
    """What is known of a capture before its first page."""

    store: Store
    captured_at: datetime
    tool: str
    timezone: str = BACKEND_ZONE
    locale: str | None = None


@dataclass(frozen=True)
class Answer:
    """A JSON answer that a page received, as it is to be kept."""

    api: str
    body: bytes
    captured_at: datetime


class CaptureWriter:
    """Writes into one folder; a context manager. Leaving it without :meth:`finish` leaves an unfinished capture.

    A finished capture is never overwritten. An unfinished one of the same store is continued with ``resume``; its own
    head is kept then. ``gz`` packs the pages.
    """

    def __init__(self, folder: Path, head: Head, *, gz: bool = False, resume: bool = False) -> None:
        self.folder = folder
        self._gz = gz
        self._pages: list[str] = []
        self._responses: list[str] = []
        self._sequences: Counter[str] = Counter()
        self._head = _head(head)
        self._lock = FileLock(folder / LOCK)
        with self._told():
            make_folder(folder)
            self._take()
            try:
                self._begin(head, resume)
            except BaseException:
                self._lock.release()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others write; what was added stays."""
        self._lock.release()

    @property
    def pages(self) -> int:
        """How many pages the capture has."""
        return len(self._pages)

    def add_page(
        self,
        kind: str,
        *,
        captured_at: datetime,
        view: str | None = None,
        url: str | None = None,
        html: str | bytes | None = None,
        xlsx: bytes | None = None,
        error: PageError | None = None,
        shot: Shot | None = None,
        answers: Sequence[Answer] = (),
    ) -> int:
        """Add one page, or with ``error`` alone one that was not reached; its place in the list, from 1.

        ``shot`` is a picture of the page that shows nothing personal, ``answers`` what the page received.
        """
        if not _KIND.fullmatch(kind):
            raise ValueError(f"a page kind is lower-case letters, digits and _: {kind!r}")
        if (html is None and xlsx is None and error is None) or (html is not None and xlsx is not None):
            raise ValueError("a page is html, or xlsx, or an error")
        sequence = self._sequences[kind] + 1
        with self._told():
            file = self._body(f"pages/{kind}-{sequence}", html, xlsx)
            entry: dict[str, Any] = {
                "kind": kind,
                "view": view,
                "sequence": sequence,
                "url": url,
                "file": file,
                "captured_at": _stamp(captured_at),
                "error": error.model_dump() if error else None,
            }
            if shot is not None:
                entry["picture"] = {
                    "file": self._write(f"pages/{kind}-{sequence}.png", shot.png),
                    "places": self._write(f"pages/{kind}-{sequence}.places.json", shot.places),
                }
            place = len(self._pages) + 1
            responses = [self._answer(place, number, answer) for number, answer in enumerate(answers, start=1)]
            self._save(pages=[*self._pages, _line(entry)], responses=[*self._responses, *responses])
        self._sequences[kind] = sequence
        return len(self._pages)

    def add_response(self, api: str, body: str | bytes, *, captured_at: datetime, page: int | None = None) -> None:
        """Keep a JSON answer that a page received; ``page`` is the page's place."""
        with self._told():
            self._save(responses=[*self._responses, self._answer(page, 1, Answer(api, _bytes(body), captured_at))])

    def finish(self, at: datetime) -> None:
        """Close the capture for good."""
        with self._told():
            self._save(head=self._head | {"finished_at": _stamp(at)})

    # --- inside -----------------------------------------------------------------------------------------------

    def _take(self) -> None:
        try:
            self._lock.take()
        except LockHeld as error:
            raise failures.in_use(self.folder) from error

    def _begin(self, head: Head, resume: bool) -> None:
        sweep(self.folder)
        if (self.folder / MANIFEST).exists():
            manifest = read_manifest(FolderSource(self.folder))
            if manifest.finished_at is not None:
                raise failures.finished(self.folder)
            if not resume:
                raise failures.unfinished(self.folder)
            self._continue(manifest, head.store)
        elif any(not path.name.startswith(".") for path in self.folder.iterdir()):
            raise failures.not_empty(self.folder)
        else:
            self._save()

    def _continue(self, manifest: Manifest, store: Store) -> None:
        """Take over what an earlier writer left."""
        if _identity(manifest.store.store()) != _identity(store):
            raise failures.another_store(self.folder)
        data: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text("utf-8"))
        self._pages = [_line(entry) for entry in data.pop("pages")]
        self._responses = [_line(entry) for entry in data.pop("responses", ())]
        self._head = data
        for page in manifest.pages:
            self._sequences[page.kind] = max(self._sequences[page.kind], page.sequence)

    def _answer(self, page: int | None, number: int, answer: Answer) -> str:
        """Write the ``number``-th further answer; its line in capture.json."""
        file = f"responses/{len(self._responses) + number}.json"
        self._write(file, answer.body)
        entry = {"api": answer.api, "file": file, "captured_at": _stamp(answer.captured_at), "page": page}
        return _line(entry)

    def _body(self, stem: str, html: str | bytes | None, xlsx: bytes | None) -> str | None:
        if xlsx is not None:
            return self._write(f"{stem}.xlsx", xlsx)
        if html is None:
            return None
        if self._gz:
            return self._write(f"{stem}.html.gz", gzip.compress(_bytes(html), mtime=0))
        return self._write(f"{stem}.html", _bytes(html))

    def _write(self, name: str, body: bytes) -> str:
        path = self.folder / name
        make_folder(path.parent)
        write_aside(path, body)
        return name

    def _save(
        self,
        head: dict[str, Any] | None = None,
        pages: list[str] | None = None,
        responses: list[str] | None = None,
    ) -> None:
        """Write capture.json with one part changed, and keep the change once it is on the disk."""
        head = self._head if head is None else head
        pages = self._pages if pages is None else pages
        responses = self._responses if responses is None else responses
        parts = [f" {_line(key)}: {_line(value)}" for key, value in head.items()]
        parts += [f' "pages": {_list(pages)}', f' "responses": {_list(responses)}']
        self._write(MANIFEST, _bytes("{\n" + ",\n".join(parts) + "\n}\n"))
        self._head, self._pages, self._responses = head, pages, responses

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise failures.not_written(self.folder, error) from error


def _head(head: Head) -> dict[str, Any]:
    store: dict[str, Any] = {"id": head.store.id, "name": head.store.name, "channel_id": head.store.channel_id}
    if head.store.premium:
        store["premium"] = True
    return {
        "format": FORMAT,
        "store": store,
        "captured_at": _stamp(head.captured_at),
        "finished_at": None,
        "timezone": head.timezone,
        "locale": head.locale,
        "tool": head.tool,
    }


def _identity(store: Store) -> tuple[str | None, str | None]:
    return store.id, store.channel_id


def _stamp(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError(f"a time of a capture needs an offset: {at}")
    return at.isoformat()


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(lines: list[str]) -> str:
    return "[\n  " + ",\n  ".join(lines) + "\n ]" if lines else "[]"


def _bytes(text: str | bytes) -> bytes:
    """UTF-8; half a character, which a page's script may leave behind, becomes a question mark."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")
