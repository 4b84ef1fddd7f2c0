"""Where the guard stands: in front of a whole browser of our own, or of one page in a browser that is somebody else's.

Our own browser holds every request (DevTools protocol, domain Fetch) until the guard has spoken: those of pages,
frames, windows that a page opens and workers, and every step of a redirect. Playwright's routes would hold them too,
but as long as there is one the browser keeps no cache, and each page would fetch all scripts and style sheets anew:
slower, and nothing that a seller's browser does. In a browser that somebody else works in, a route in front of our one
page is the place, for the other pages are none of our business.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from agent.live.guard import HARMLESS, Ask, Blocked, Guard, among, brief
from checks.text import Text

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Download, Page, Request, Route, WebSocketRoute

log = logging.getLogger(__name__)

PREFLIGHT = "access-control-request-method"
"""A header that only the browser itself can send: it asks whether a call to another host would be answered."""


class Gate:
    """Lets through what the guard that stands in it lets through, and counts it there; without a guard, nothing."""

    def __init__(self, guard: Guard | None = None) -> None:
        self.guard = guard
        self._line: CDPSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def around(cls, browser: Browser) -> Self:
        """Hold every request of our own browser until it ends."""
        gate = cls()
        line = gate._line = await browser.new_browser_cdp_session()
        line.on("Fetch.requestPaused", gate._paused)
        await line.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": "Request"}]})
        return gate

    async def enter(self, guard: Guard, context: BrowserContext) -> None:
        """From now on this guard judges, for this context: one store is visited at a time."""
        self.guard = guard
        await context.route_web_socket(lambda _: True, self._web_socket)
        context.on("page", self._opened)

    def leave(self, guard: Guard) -> None:
        """The visit is over; whatever a closed page still sends is not let out."""
        if self.guard is guard:
            self.guard = None

    async def before(self, page: Page) -> None:
        """Hold every request of this page from now on; the rest of the browser is somebody else's."""
        await page.route("**/*", self._route)
        await page.route_web_socket(lambda _: True, self._web_socket)
        page.on("response", lambda response: self._redirected(response.request))
        page.on("requestfailed", self._redirected)
        self._opened(page)

    def _task(self, work: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- our own browser --------------------------------------------------------------------------------------

    def _paused(self, event: dict[str, Any]) -> None:
        line, held, request = self._line, {"requestId": event["requestId"]}, event["request"]
        assert line is not None
        headers = {name.lower(): value for name, value in request["headers"].items()}
        if request["method"] == "OPTIONS" and PREFLIGHT in headers:
            self._task(line.send("Fetch.fulfillRequest", held | _permission(headers)))  # the call itself is judged
            return
        ask = Ask(request["method"], request["url"], event["resourceType"].lower())
        if self._passes(ask, led="redirectedRequestId" in event):
            self._task(line.send("Fetch.continueRequest", held))
        else:
            self._task(line.send("Fetch.failRequest", held | {"errorReason": "BlockedByClient"}))

    def _passes(self, ask: Ask, *, led: bool = False) -> bool:
        """Whether a request may leave; counted. ``led``: a redirect led there."""
        guard = self.guard
        if guard is None:
            return False
        verdict = guard.judge(ask)
        if isinstance(verdict, str):
            guard.tally.allowed[verdict] += 1
            return True
        if led and guard.by_hand and ask.method in HARMLESS and ask.kind == "document":
            self._tell_of(verdict)  # a person who logs in may be led over hosts that nobody has listed
            guard.tally.allowed["redirect"] += 1
            return True
        guard.tally.block(verdict)
        log.debug("blocked: %s %s%s: %s", verdict.method, verdict.host, verdict.what, verdict.reason)
        return False

    # --- a page in somebody else's ------------------------------------------------------------------------------

    async def _route(self, route: Route) -> None:
        request = route.request
        passes = self._passes(Ask(request.method, request.url, request.resource_type))
        await _quietly(route.continue_() if passes else route.abort("blockedbyclient"))

    def _redirected(self, last: Request) -> None:
        """Counts where redirects led; the browser follows those by itself, so they can only be told afterwards."""
        guard, request = self.guard, last
        while guard is not None and request.redirected_from is not None:
            verdict = guard.judge(Ask(request.method, request.url, request.resource_type))
            if isinstance(verdict, str):
                guard.tally.allowed[verdict] += 1
            else:
                harmless = request.method in HARMLESS and not among(verdict.host, guard.site.gateway_hosts)
                guard.tally.allowed["redirect" if harmless else "write"] += 1
                self._tell_of(verdict)
            request = request.redirected_from

    @staticmethod
    def _tell_of(found: Blocked) -> None:
        log.warning(Text("跳转到了 %s%s：%s", "a redirect led to %s%s: %s"), found.host, found.what, found.reason)

    # --- what is no request -------------------------------------------------------------------------------------

    def _web_socket(self, line: WebSocketRoute) -> None:
        """Takes the other end of the line itself: nothing is connected, what the page says is counted and dropped."""
        said = "nothing is said over WebSockets"
        self._refuse("WEBSOCKET", line.url, said)
        line.on_message(lambda _: self._refuse("WEBSOCKET SEND", line.url, said))

    def _opened(self, page: Page) -> None:
        page.on("download", self._downloaded)
        page.on("popup", self._popped_up)

    async def _downloaded(self, download: Download) -> None:
        self._refuse("DOWNLOAD", download.url, "nothing is downloaded")
        await _quietly(download.cancel())

    async def _popped_up(self, page: Page) -> None:
        """A window that a page opened by itself; a person who logs in may need it."""
        if self.guard is not None and self.guard.by_hand:
            return
        self._refuse("POPUP", page.url, "no further windows")
        await _quietly(page.close())

    def _refuse(self, method: str, url: str, reason: str) -> None:
        parts = urlsplit(url)
        if self.guard is not None:
            self.guard.tally.block(Blocked(method, parts.hostname or "", brief(parts.path), reason))


def _permission(headers: dict[str, str]) -> dict[str, Any]:
    """The answer to a preflight, so that it need not leave the browser either."""
    allowed = {
        "Access-Control-Allow-Origin": headers.get("origin", "*"),
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": headers[PREFLIGHT],
        "Access-Control-Allow-Headers": headers.get("access-control-request-headers", ""),
    }
    return {
        "responseCode": 204,
        "responseHeaders": [{"name": name, "value": value} for name, value in allowed.items() if value],
    }


async def _quietly(work: Awaitable[Any]) -> None:
    """Ends a request whose page may be gone by now."""
    from playwright.async_api import Error

    try:
        await work
    except Error as error:
        log.debug("the page was gone: %s", error)
