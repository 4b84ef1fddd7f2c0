"""How a walk gets its pages: from a signed-in session, again and again when a page or the whole browser died."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Protocol

from agent.live.session import close_quietly
from checks.text import Text

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from agent.live.proof import Proof
    from agent.live.session import StoreSession

log = logging.getLogger(__name__)


class Access(Protocol):
    """A way into the backend."""

    async def page(self) -> Page:
        """A page of a signed-in context behind the guard; of a new browser when the old one ended."""

    async def prove(self) -> Proof:
        """Whether the session lives, by a list page of its own."""

    def renewable(self) -> bool:
        """Whether a session that has ended may be renewed by a login."""

    async def renew(self) -> None:
        """Renew the session by a login; the error that belongs to what came of it else."""

    async def remember(self) -> None:
        """Note the cookies as they are now: they roll, and a new browser needs the newest."""

    async def save(self) -> None:
        """Store the session as it is now."""


class SessionAccess:
    """The stored session of a store."""

    def __init__(self, session: StoreSession) -> None:
        self.session = session
        self._opened = False
        self._opening = asyncio.Lock()
        self._cookies: list[Any] = []

    async def page(self) -> Page:
        async with self._opening:  # a browser that ended is started again for all tabs at once
            return await self._page()

    async def _page(self) -> Page:
        if not self._opened:
            page = await self.session.signed_in()
            self._opened = True
            return page
        if not self._alive():
            log.warning(
                Text("%s：浏览器中途结束，重新启动", "%s: the browser ended; a new one is started"), self.session.name
            )
            context = await self.session.open()
            if self._cookies and not self.session.live.attached:
                await context.add_cookies(self._cookies)
        return await self.session.new_page()

    def _alive(self) -> bool:
        context: BrowserContext | None = self.session.context
        return context is not None and context.browser is not None and context.browser.is_connected()

    async def prove(self) -> Proof:
        page = await self.session.new_page()
        try:
            return await self.session.prove(page)
        finally:
            await close_quietly(page)

    def renewable(self) -> bool:
        return self.session.renewable()

    async def renew(self) -> None:
        await self.session.renew_midway()
        await self.remember()  # a new browser must not get the cookies of the session that ended

    async def remember(self) -> None:
        from playwright.async_api import Error

        if self.session.context is not None:
            try:
                self._cookies = list(await self.session.context.cookies())
            except Error as error:
                log.debug("the cookies could not be read: %s", error)

    async def save(self) -> None:
        await self.session.save()
