"""One walk over the stand-in backend, as the tests of walks start it, and what it leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.capture.opening import open_capture
from agent.capture.writer import CaptureWriter, Head
from agent.config import CaptureConfig
from agent.errors import (
    ShoplintError,
)
from agent.judging import read_capture
from agent.live.access import SessionAccess
from agent.live.errand import Errand, Walked
from agent.live.retry import Patience
from agent.live.session import StoreSession
from agent.live.walk import Walk
from agent.step import Step
from extractors.models import Reading, Verdict
from extractors.vocabulary import shipped
from fixtures.standin import site
from tests.live.scene import NAME, Hands, Scene, closed

Also = Callable[["Visit"], Any]


class Ticking(Hands):
    """Hands that move by themselves a little: no two pages were captured at the same moment."""

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=10)
        return super().now()


@dataclass
class Visit:
    """One walk in the scene, and what it left."""

    scene: Scene
    folder: Path
    only: frozenset[str] | None = None
    capture: dict[str, Any] = field(default_factory=dict)
    budget: dict[str, Any] = field(default_factory=dict)
    timeout_s: float = 2.5
    store: dict[str, str] = field(default_factory=dict)
    tabs: int = 1
    environ: dict[str, str] = field(default_factory=dict, repr=False)
    """Holds the credentials, where a visit is to have some."""
    told: list[Step] = field(default_factory=list)
    walk: Walk | None = None
    walked: Walked | None = None
    session: StoreSession | None = None

    async def go(self) -> Walked:
        """Walk; the session's cookies are those of an earlier login."""
        session = self.session = self.scene.session(self.environ, **self.store)
        session.budget.settings = session.budget.settings.model_copy(update=self.budget)  # type: ignore[attr-defined]
        session.account = account = replace(session.account, lang="zh_CN")
        clock = self.scene.clock
        head = Head(account.store, clock.now(), "shoplint test", locale="zh-CN")
        errand = Errand(
            NAME, account.store, self.scene.home, CaptureConfig(**self.capture), timeout_s=self.timeout_s,
            patience_s=0.4, grace_s=0.4, only=self.only, tabs=self.tabs,
        )  # fmt: skip
        assert session.guard is not None
        try:
            with CaptureWriter(self.folder, head) as writer, session.budget.visit():
                self.walk = Walk(
                    errand, SessionAccess(session), writer, shipped(), session.guard, session.budget,
                    progress=self.told.append, patience=Patience(clock=clock),
                )  # fmt: skip
                self.walked = await self.walk.run()
        finally:
            await closed(session)
        return self.walked

    @property
    def stopped(self) -> ShoplintError | None:
        assert self.walked is not None
        return self.walked.stopped

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "capture.json").read_text("utf-8"))
        return found

    def readings(self) -> list[Reading]:
        """What judging reads from the capture that was left."""
        with open_capture(self.folder) as capture:
            return read_capture(capture, shipped())

    def verdicts(self, kind: str) -> list[Verdict | None]:
        return [reading.verdict for reading in self.readings() if reading.kind == kind]

    def ids(self, kind: str, rows: str, view: str | None = None) -> set[str]:
        found = [r for r in self.readings() if r.kind == kind and r.data and view in (None, r.view)]
        return {row.order_id for reading in found for row in getattr(reading.data, rows)}

    def errors(self) -> dict[str, str]:
        return {page["kind"]: page["error"]["type"] for page in self.manifest["pages"] if page["error"]}


@pytest.fixture
def visit(scene: Scene, tmp_path: Path) -> Callable[..., Visit]:
    """Walks these kinds; options of the visit by name. Nothing was written afterwards, whatever happened."""
    scene.clock = Ticking()
    scene.visit(scene.env())
    scene.standin.forget()
    numbers = iter(range(99))

    def go(*only: str, also: Also | None = None, **options: Any) -> Visit:
        given = Visit(scene, tmp_path / f"capture-{next(numbers)}", frozenset(only) or None, **options)

        async def work() -> None:
            walking = asyncio.create_task(given.go())
            try:
                if also is not None:
                    await also(given)
            except BaseException:
                walking.cancel()
                await asyncio.gather(walking, return_exceptions=True)
                raise
            await walking

        try:
            scene.run(work())
        finally:
            scene.harmless()
        return given

    return go


Go = Callable[..., Visit]


async def opened(given: Visit, kind: str, times: int = 1) -> None:
    """Returns when the stand-in has been asked for this page kind so often."""
    async with asyncio.timeout(20):
        while given.scene.standin.count(host="csp.aliexpress.com", kind=kind) < times:
            await asyncio.sleep(0.01)


def shell(monkeypatch: pytest.MonkeyPatch, *changes: tuple[str, str]) -> None:
    """The pages' own script, otherwise than it is."""
    original = site.static

    def changed(name: str) -> bytes | None:
        body = original(name)
        if name != "shell.js" or body is None:
            return body
        text = body.decode()
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        return text.encode()

    monkeypatch.setattr(site, "static", changed)
