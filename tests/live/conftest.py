"""Fixtures of the live tests: one browser and one stand-in for a module, a home folder for each test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.home import Home
from agent.live import login, proof
from agent.live.browser import LiveBrowser
from fixtures.standin import Options, StandIn
from tests.conftest import RECORDINGS
from tests.live.scene import Scene, opened


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def backend() -> Iterator[StandIn]:
    with StandIn(RECORDINGS / "northwind", count_foreign=True) as standin:
        yield standin


@pytest.fixture(scope="module")
def live(backend: StandIn, runner: asyncio.Runner) -> Iterator[LiveBrowser]:
    live = opened(backend, runner)
    yield live
    runner.run(live.close())


@pytest.fixture
def scene(
    backend: StandIn,
    live: LiveBrowser,
    runner: asyncio.Runner,
    tmp_path: Path,
    no_ring: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    monkeypatch.setattr(login, "TYPING_MS", 0.0)
    monkeypatch.setattr(proof, "GRACE_S", 0.3)
    monkeypatch.setattr(proof, "QUIET_S", 1.0)
    backend.reset()
    for name, value in vars(Options(count_foreign=True)).items():
        setattr(backend.options, name, value)
    return Scene(backend, live, Home(tmp_path / "home"), runner)
