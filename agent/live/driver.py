"""Playwright's driver: the process that speaks with the browser for us.

It takes a third of a second to start. A command that is going to need it begins it first and reads its configuration,
loads its modules and opens the vault meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Playwright

ON_ITS_WAY_S = 0.001
"""Given to the loop after Playwright is loaded: enough to begin the process, which then needs nothing until it runs."""


@dataclass
class Begun:
    """A driver that was begun, as long as nobody has taken it."""

    task: asyncio.Task[Playwright] | None


_BEGUN: ContextVar[Begun | None] = ContextVar("begun", default=None)


@contextlib.asynccontextmanager
async def begun() -> AsyncIterator[None]:
    """Begin a driver, for the first that asks for one meanwhile; ended afterwards when nobody did."""
    ahead = Begun(asyncio.create_task(_started()))
    token = _BEGUN.set(ahead)
    try:
        await asyncio.sleep(ON_ITS_WAY_S)
        yield
    finally:
        _BEGUN.reset(token)
        if ahead.task is not None:
            with contextlib.suppress(Exception):  # whoever needs a driver is told why there is none
                await (await ahead.task).stop()


async def driver() -> Playwright:
    """A driver that runs; the one that was begun, where there is one."""
    ahead = _BEGUN.get()
    if ahead is None or ahead.task is None:
        return await _started()
    task, ahead.task = ahead.task, None
    return await task


async def _started() -> Playwright:
    from playwright.async_api import async_playwright

    return await async_playwright().start()
