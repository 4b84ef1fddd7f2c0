"""The live sample: the shipped store behind a stand-in backend on this machine, logged in to and audited for real."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.live.visit import Place
    from fixtures.standin import StandIn


@dataclass
class RecordedClock:
    """A clock that went on from the recording's moment: countdowns on recorded pages count from there."""

    start: datetime
    _since: float = field(default_factory=monotonic)

    def now(self) -> datetime:
        return self.start.astimezone(UTC) + timedelta(seconds=monotonic() - self._since)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@contextmanager
def sample(recording: Path, home: Path) -> Iterator[tuple[StandIn, Place]]:
    """A running stand-in of a recording and a place to visit it from, with a home, a key and credentials of its own."""
    import secrets

    from agent.config import load
    from agent.home import Home
    from agent.live.credentials import variables
    from agent.live.vault import VARIABLE
    from agent.live.visit import Place as Start
    from extractors.vocabulary import shipped
    from fixtures.standin import StandIn as Backend

    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = dict(os.environ)
    with Backend(recording, render_delay_s=0.0) as standin:
        (home / "config.toml").write_text(standin.config_toml(), "utf-8")
        names = variables(standin.alias)[0]
        os.environ.update(dict(zip(names, standin.credentials, strict=True)))
        os.environ[VARIABLE] = secrets.token_urlsafe(32)
        place = Start(Home(home), load(Home(home)), shipped(), clock=RecordedClock(standin.recorded_at))
        try:
            yield standin, place
        finally:
            os.environ.clear()
            os.environ.update(before)
