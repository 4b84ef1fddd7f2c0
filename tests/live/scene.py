"""The scene of the live tests: a stand-in backend, a browser that reaches nothing else, a store to sign in to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agent.config import BrowserConfig, BudgetConfig
from agent.home import Home
from agent.live.apis import build
from agent.live.browser import LiveBrowser
from agent.live.budget import Budget
from agent.live.guard import Guard
from agent.live.proof import Account
from agent.live.session import StoreSession
from agent.live.vault import VARIABLE, Vault
from extractors.models import Store
from extractors.vocabulary import shipped
from fixtures.standin import StandIn

KEY = "correct horse battery staple"
NAME = "north-1"
PREFIX = "SHOPLINT_NORTH_1"


@dataclass
class Hands:
    """A clock whose hands the test turns; nothing ever waits for it."""

    time: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Scene:
    """One home folder and one backend; sessions are opened in it as often as a test wants, like runs of a command."""

    standin: StandIn
    live: LiveBrowser
    home: Home
    runner: asyncio.Runner
    clock: Hands = field(default_factory=Hands)
    timeout_s: float = 8.0
    guards: list[Guard] = field(default_factory=list)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run to the end, but never for more than a minute."""

        async def bounded() -> Any:
            async with asyncio.timeout(60):
                return await work

        return self.runner.run(bounded())

    @property
    def vault(self) -> Vault:
        return Vault(self.home, {VARIABLE: KEY})

    def env(self, user: str | None = None, password: str | None = None) -> dict[str, str]:
        known = self.standin.credentials
        return {f"{PREFIX}_USERNAME": user or known.user, f"{PREFIX}_PASSWORD": password or known.password}

    def session(self, environ: Mapping[str, str] | None = None, /, **store: str) -> StoreSession:
        """What one run of a command has; without ``environ`` no credentials are at hand."""
        own = self.standin.store
        wanted = {"id": own.id, "name": own.name, "channel_id": own.channel_id} | store
        account = Account(NAME, Store.model_validate(wanted), shipped(), self.home, self.timeout_s)
        budget = Budget(BudgetConfig(min_interval_s=0), NAME, self.home.root / "visits", clock=self.clock)
        guard = Guard(shipped().site, build())
        self.guards.append(guard)
        return StoreSession(self.live, account, self.vault, budget, guard, environ or {})

    def visit(self, environ: Mapping[str, str] | None = None, /, **store: str) -> StoreSession:
        """A whole run: signed in, saved, the browser's context closed."""

        async def work() -> StoreSession:
            session = self.session(environ, **store)
            try:
                await session.signed_in()
                await session.save()
            finally:
                await closed(session)
            return session

        found: StoreSession = self.run(work())
        return found

    def kept(self) -> list[Path]:
        folder = self.home.root / "kept"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def harmless(self) -> None:
        """Nothing was written, nobody else was asked."""
        assert self.standin.writes == []
        assert self.standin.foreign == []
        assert sum(guard.tally.writes for guard in self.guards) == 0


async def closed(session: StoreSession) -> None:
    if session.context is not None:
        await session.context.close()


def opened(standin: StandIn, runner: asyncio.Runner) -> LiveBrowser:
    """A browser that finds the stand-in under the real host names and nothing else."""
    args = tuple(standin.chromium_args())
    live = LiveBrowser(BrowserConfig(args=args, ignore_https_errors=True, timeout_s=8.0))
    runner.run(live.browser())
    return live
