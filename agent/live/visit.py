"""One visit to one store, put together: browser, session, guard, budget, walk and capture, from the configuration."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from agent import __version__
from agent.live import driver
from agent.live.clock import Clock, SystemClock

if TYPE_CHECKING:
    from agent.config import Config, StoreConfig
    from agent.home import Home
    from agent.live.browser import LiveBrowser
    from agent.live.budget import Budget
    from agent.live.errand import Walked
    from agent.live.guard import Guard
    from agent.live.session import StoreSession
    from agent.step import Progress
    from extractors.models import Store
    from extractors.vocabulary import Vocabulary

T = TypeVar("T")
SWITCH_S = 0.0005
"""How soon a thread that reads a page lets the browser's loop go on; ten times as soon as usual."""
TERMINATED = 143
"""The exit code of a program that was told to end: 128 and the number of SIGTERM."""


@dataclass(frozen=True)
class Place:
    """Where a visit starts from: the user's folder, the configuration, the words, and the clock."""

    home: Home
    config: Config
    vocabulary: Vocabulary
    language: Literal["zh", "en"] = "zh"
    clock: Clock = field(default_factory=SystemClock)

    def store(self, name: str) -> Store:
        """The store as the configuration names it."""
        from extractors.models import Store as Known

        entry: StoreConfig = self.config.store(name)
        return Known(id=entry.id, name=entry.name, channel_id=entry.channel_id, premium=entry.premium)

    def budget(self, name: str) -> Budget:
        from agent.live.budget import Budget

        return Budget(self.config.budget, name, self.home.root / "visits", zone=self.config.zone, clock=self.clock)

    def guard(self) -> Guard:
        """The read-only guard, with the user's own apis.toml of the home folder."""
        from agent.live.apis import build
        from agent.live.guard import Guard
        from agent.toml import read_toml

        own = self.home.root / "apis.toml"
        return Guard(self.vocabulary.site, build(read_toml(own).data if own.is_file() else None))

    @contextlib.asynccontextmanager
    async def browser(self, *, headless: bool | None = None) -> AsyncIterator[LiveBrowser]:
        """One browser for everything that is to be done; it starts when the first page is asked for."""
        from agent.live.browser import LiveBrowser

        site = self.vocabulary.site
        fence = [*site.hosts, *site.login_hosts, *site.gateway_hosts, *site.asset_hosts]
        async with LiveBrowser(self.config.browser, headless=headless, fence=fence) as live:
            yield live

    def session(self, live: LiveBrowser, name: str, budget: Budget, guard: Guard) -> StoreSession:
        from agent.live.proof import Account
        from agent.live.session import StoreSession
        from agent.live.vault import Vault

        timeout, lang = self.config.browser.timeout_s, "zh_CN" if self.language == "zh" else "en_US"
        account = Account(name, self.store(name), self.vocabulary, self.home, timeout, lang)
        return StoreSession(live, account, Vault(self.home), budget, guard)


@dataclass(frozen=True)
class Captured:
    """A capture that was written, and what came of the walk."""

    folder: Path
    walked: Walked

    @property
    def deeds(self) -> dict[str, int]:
        """What the visit did, counted, for the report."""
        tally = self.walked.tally
        return {
            "requests": tally.requests,
            "blocked": tally.blocked.total() + tally.unnamed,
            "writes": tally.writes,
            "budget.run_left": self.walked.used.run_left,
            "budget.hour_left": self.walked.used.hour_left,
        }


async def capture(
    place: Place,
    live: LiveBrowser,
    name: str,
    folder: Path,
    *,
    only: frozenset[str] | None = None,
    progress: Progress | None = None,
) -> Captured:
    """Walk one store into ``folder``.

    Raises what kept the walk from beginning (no session, the store parked, no browser); what stopped it later is in
    the result, beside all that was captured until then.
    """
    guard, budget = place.guard(), place.budget(name)
    with budget.visit():
        async with _started(live, place, name):
            return await _walked(place, live, name, folder, guard, budget, only, progress)


@contextlib.asynccontextmanager
async def _started(live: LiveBrowser, place: Place, name: str) -> AsyncIterator[None]:
    """Start the browser while everything else is loaded, where a stored session says that it will be needed."""
    from agent.live.vault import Vault

    if live.attached or not Vault(place.home).holds(name):
        yield
        return
    starting = asyncio.create_task(live.browser())
    try:
        await asyncio.to_thread(_load)
        yield
    finally:
        # Whoever asks for the browser next is told what is wrong with it.
        await asyncio.gather(starting, return_exceptions=True)


def _load() -> None:
    """Load what a walk needs."""
    from importlib import import_module

    from extractors.pages import page_kinds

    for module in ("agent.live.walk", "cryptography.hazmat.primitives.ciphers.aead"):
        import_module(module)
    page_kinds()


async def _walked(
    place: Place,
    live: LiveBrowser,
    name: str,
    folder: Path,
    guard: Guard,
    budget: Budget,
    only: frozenset[str] | None,
    progress: Progress | None,
) -> Captured:
    from agent.capture.writer import CaptureWriter, Head
    from agent.live import pagemap
    from agent.live.access import SessionAccess
    from agent.live.errand import Errand
    from agent.live.walk import Walk

    config, store = place.config, place.store(name)
    pages = pagemap.sheet(place.home)
    errand = Errand(
        name,
        store,
        place.home,
        config.capture,
        language=place.language,
        timeout_s=config.browser.timeout_s,
        only=only,
        tabs=1 if live.attached else config.capture.tabs,
    )
    head = Head(store, _backend(place.clock.now()), tool=f"shoplint {__version__}", locale=errand.locale)
    session = place.session(live, name, budget, guard)
    with CaptureWriter(folder, head) as writer:
        walk = Walk(errand, SessionAccess(session), writer, place.vocabulary, guard, budget, pages=pages)
        if progress is not None:
            walk = replace(walk, progress=progress)
        try:
            return Captured(folder, await walk.run())
        finally:
            await session.close()


def _backend(moment: datetime) -> datetime:
    from zoneinfo import ZoneInfo

    from agent.capture.model import BACKEND_ZONE

    return moment.astimezone(ZoneInfo(BACKEND_ZONE))


def new_folder(home: Home, name: str, now: datetime) -> Path:
    """A folder for a capture of this moment, below the home's captures."""
    return home.make("captures", name) / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def prune(home: Home, name: str, keep: int) -> list[Path]:
    """Remove the oldest captures of a store beyond the newest ``keep``; gives what was removed."""
    import shutil

    folder = home.captures / name
    if not folder.is_dir():
        return []
    captures = sorted(entry for entry in folder.iterdir() if entry.is_dir() and (entry / "capture.json").is_file())
    old = captures[: max(len(captures) - keep, 0)]
    for entry in old:
        shutil.rmtree(entry, ignore_errors=True)
    return old


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run live work to its end, with the browser's driver begun before it; SIGTERM cancels it, so that whatever is open
    is closed in order.

    Raises SystemExit with 143 after a SIGTERM, KeyboardInterrupt after Ctrl-C.
    """

    async def main() -> T:
        with _terminable(), _responsive():
            async with driver.begun():
                return await work()

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        raise SystemExit(TERMINATED) from None


@contextlib.contextmanager
def _responsive() -> Iterator[None]:
    """Let pages be read beside the browser's loop without holding it up: each of its requests waits for the loop."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    if task is None:
        yield
        return
    with contextlib.suppress(NotImplementedError):  # a system without signal handlers in the loop
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGTERM)
