"""Makes a recording of a capture: the same pages without persons, and what the extractors must read from them.

A recording is a folder as in fixtures/recordings: a capture, and `truth/` with one file for each page, the verdicts,
the problems and the frozen clock. It is refused, and nothing is left, when a scrubbed page reads differently from the
page itself or when something personal is still found in it.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.capture import failures
from agent.capture.model import EXPORT_KIND, PageError
from agent.capture.opening import open_capture
from agent.capture.reader import Capture, CapturedPage
from agent.capture.writer import CaptureWriter, Head
from agent.errors import RecordingRefused, UsageError
from agent.home import Home
from agent.live.personal import personal
from agent.live.scrub import Scrubber
from agent.live.standins import StandIns
from checks.text import Text
from extractors.models import Reading, Store
from extractors.page import Page
from extractors.reading import read_page, store_of
from extractors.vocabulary import Vocabulary

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
MOST_SHOWN = 5


@dataclass(frozen=True)
class Recorded:
    """What `shoplint record` tells: where the recording lies and what it holds."""

    folder: Path
    pages: int
    answers: int
    missing: tuple[str, ...]
    """Pages that were not captured, or cannot be read."""


async def record_store(
    take: Callable[[Path], Awaitable[None]],
    home: Home,
    into: Path,
    name: str,
    vocabulary: Vocabulary,
    *,
    weeks: int = 0,
) -> Recorded:
    """Capture with ``take`` into a private folder, record that, and leave nothing of the capture behind."""
    target(into, name)
    with tempfile.TemporaryDirectory(prefix=".record-", dir=home.make(home.captures.name)) as folder:
        capture = Path(folder) / "capture"
        await take(capture)
        return record(capture, into, name, vocabulary, weeks=weeks)


def target(into: Path, name: str) -> Path:
    """The folder of a recording; UsageError for a name that cannot be, CaptureExists when there is one."""
    if not NAME.fullmatch(name):
        raise UsageError(
            Text(
                f"录制名称 {name!r} 无效；请只用小写字母、数字、- 和 _",
                f"{name!r} cannot be a recording's name; use lower-case letters, digits, - and _",
            )
        )
    folder = into / name
    if folder.exists():
        raise failures.not_empty(folder)
    return folder


def record(
    capture: Path, into: Path, name: str, vocabulary: Vocabulary, *, weeks: int = 0, seed: int | None = None
) -> Recorded:
    """Scrub a saved capture into ``into/name``."""
    folder = target(into, name)
    aside = folder.with_name(f".{name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    with failures.told(capture), open_capture(capture) as source:
        try:
            done = _Recording(source, aside, vocabulary, StandIns(weeks=weeks, zone=source.timezone, seed=seed)).make()
            aside.replace(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return replace(done, folder=folder)


class _Recording:
    """One capture on its way to a recording."""

    def __init__(self, source: Capture, folder: Path, vocabulary: Vocabulary, stand_ins: StandIns) -> None:
        self.source = source
        self.folder = folder
        self.vocabulary = vocabulary
        self.stand_ins = stand_ins
        self.scrubber = Scrubber(stand_ins, vocabulary, source.store)
        self.wanted: dict[int, Any] = {}
        self.truth: dict[str, Any] = {}
        self.verdicts: dict[str, str] = {}
        self.problems: dict[str, list[dict[str, str]]] = {}
        self.answers = 0

    def make(self) -> Recorded:
        self._learn()
        store = self._store(self.source.store)
        manifest = self.source.manifest
        head = Head(
            store=store,
            captured_at=self.stand_ins.moment(manifest.captured_at),
            tool=manifest.tool or "shoplint",
            timezone=manifest.timezone,
            locale=manifest.locale,
        )
        missing = []
        with CaptureWriter(self.folder, head) as writer:
            for entry, page in self.source.read():
                if page is None:
                    missing.append(f"{entry.kind}-{entry.sequence}")
                    self._leave_out(writer, entry)
                else:
                    self._page(writer, entry, page, store)
            writer.finish(self.stand_ins.moment(self.source.ended_at))
        self._write_truth(head)
        return Recorded(self.folder, len(self.verdicts), self.answers, tuple(missing))

    def _learn(self) -> None:
        """A first reading of every page: the ids and stores that all pages must agree on."""
        for entry, page in self.source.read():
            if page is None:
                continue
            if page.kind == EXPORT_KIND:
                raise _refused(Text("其中有订单导出文件", "it holds an order export"))
            shown = store_of(page.body, self.vocabulary)
            if shown.name and shown.name not in self.scrubber.names:
                self.scrubber.learn_store(shown)
            self.scrubber.learn(read_page(page, self.vocabulary).data)
            for body in page.responses:
                self.scrubber.learn_answer(body)
            del entry, page

    def _store(self, store: Store) -> Store:
        scrub = self.scrubber.text
        return Store(
            id=scrub(store.id) if store.id else None,
            name=scrub(store.name) if store.name else None,
            channel_id=scrub(store.channel_id) if store.channel_id else None,
            premium=store.premium,
        )

    def _leave_out(self, writer: CaptureWriter, entry: CapturedPage) -> None:
        error = entry.error or PageError(type="no_file")
        said = PageError(type=error.type, message=self.scrubber.text(error.message))
        at = self.stand_ins.moment(entry.captured_at)
        writer.add_page(entry.kind, view=entry.view, url=self._url(entry), captured_at=at, error=said)

    def _page(self, writer: CaptureWriter, entry: CapturedPage, page: Page, store: Store) -> None:
        """Scrub a page, prove that it reads as it did and names nobody, write it."""
        key = f"{entry.kind}-{entry.sequence}"
        answers = list(self._answers(entry))
        scrubbed = replace(
            page,
            body=self.scrubber.html(page.body, page.kind),
            url=self._url(entry),
            store=store,
            captured_at=self.stand_ins.moment(page.captured_at),
            responses=tuple(body for _, body in answers if isinstance(body, dict)),
        )
        before, after = read_page(page, self.vocabulary), read_page(scrubbed, self.vocabulary)
        self._compare(key, before, after)
        texts = [scrubbed.body.decode(), *(json.dumps(body, ensure_ascii=False) for _, body in answers)]
        if found := [finding for text in texts for finding in personal(text, page.kind, self.vocabulary)]:
            listed = "; ".join(dict.fromkeys(str(finding.what) for finding in found))
            raise _refused(Text(f"{key} 中仍有个人信息（{listed}）", f"{key} still holds personal data ({listed})"))
        at = scrubbed.captured_at
        place = writer.add_page(entry.kind, view=entry.view, url=scrubbed.url, html=scrubbed.body, captured_at=at)
        for api, body in answers:
            text = json.dumps(body, ensure_ascii=False, indent=1)
            writer.add_response(api, text, captured_at=at, page=place)
            self.answers += 1
        self._note(key, after)

    def _compare(self, key: str, before: Reading, after: Reading) -> None:
        told = [[(p.type, p.field) for p in reading.problems] for reading in (before, after)]
        same = before.verdict is after.verdict and told[0] == told[1]
        if not same or self.scrubber.reading(before.data) != _data(after):
            raise _refused(Text(f"{key} 去除个人信息后读取结果不同", f"{key} reads differently once it is scrubbed"))

    def _note(self, key: str, reading: Reading) -> None:
        self.verdicts[key] = reading.verdict.value if reading.verdict else "unknown"
        self.truth[key] = _data(reading)
        if reading.problems:
            pairs = dict.fromkeys((problem.type, problem.field) for problem in reading.problems)
            self.problems[key] = [{"type": type_, "field": field} for type_, field in pairs]

    def _answers(self, entry: CapturedPage) -> Iterator[tuple[str, Any]]:
        """The answers that a page received, scrubbed, with the names of their APIs."""
        named = [answer.api for answer in self.source.manifest.responses if answer.page == entry.place]
        bodies = self.source.responses(entry)
        apis = named if len(named) == len(bodies) else [str(body.get("api", "")) for body in bodies]
        for api, body in zip(apis, bodies, strict=True):
            yield api, self.scrubber.json(body)

    def _url(self, entry: CapturedPage) -> str | None:
        return self.scrubber.url(entry.url) if entry.url else None

    def _write_truth(self, head: Head) -> None:
        files = {
            **self.truth,
            "verdicts": self.verdicts,
            "problems": self.problems,
            "run": {"now": head.captured_at.isoformat(), "args": []},
        }
        folder = self.folder / "truth"
        with failures.told(folder):
            folder.mkdir()
            for name, value in files.items():
                text = json.dumps(value, ensure_ascii=False, indent=1)
                (folder / f"{name}.json").write_text(text + "\n", "utf-8")


def _data(reading: Reading) -> Any:
    return None if reading.data is None else reading.data.model_dump(mode="json", by_alias=True)


def _refused(found: Text) -> RecordingRefused:
    return RecordingRefused(
        Text(
            f"无法录制：{found.zh}；没有写入任何文件。请在 agent/data/scrub.toml 中补充该列或标签后重试",
            f"this cannot be recorded: {found.en}, so nothing was written; "
            "name the column or label in agent/data/scrub.toml, then record again",
        )
    )
