"""One tab of the browser at work: opens an address, waits for what is wished, changes view, turns a page.

Everything that is clicked is clicked here: tabs, "next page" and the crosses of dialogs, as data/pages.toml names them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agent.live.answers import Answers
from agent.live.pagemap import PageMap, PageStop
from agent.live.probe import Sight, Wishes, script
from agent.live.retry import Passing
from checks.text import Text

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page, Response

    from extractors.vocabulary import Vocabulary

log = logging.getLogger(__name__)

MARGIN_S = 5.0
"""How much later than the page itself we give up on it: a page whose scripts hang does not even say "time is up"."""
GRACE_S = 2.0
"""How long a page may still fill after one of its calls failed, before it is opened again."""
RELOOK_S = 0.1
"""Between two looks at a list that has not changed."""
_NETWORK = re.compile(
    r"net::(ERR_(?:CONNECTION|NAME|INTERNET|ADDRESS|PROXY|TUNNEL|NETWORK|SSL|CERT|TIMED|EMPTY|SOCKET)\w*)"
)
_MOVED = (
    "context was destroyed",
    "because of a navigation",
    "frame was detached",
    "Cannot find context",
    "ERR_ABORTED",
)
_COUNT = r"[\s(（]*\d*\+?[)）\s]*"

CLOSE_DIALOGS = """
([box, close]) => { for (const dialog of document.querySelectorAll(box)) {
  if (dialog.getClientRects().length) { const cross = dialog.querySelector(close); if (cross) { cross.click(); } }
} }
"""


@dataclass
class Tab:
    """A page of the browser, with what is known of its answers."""

    page: Page
    answers: Answers
    words: Vocabulary
    pages: PageMap
    wishes: Wishes
    timeout_s: float
    grace_s: float = GRACE_S
    login: int = 0
    """How often the session had been renewed when the tab was opened."""
    untouched: bool = True
    """The tab stands where it was handed over."""
    away: Callable[[], None] = lambda: None
    """Told when the tab begins to wait for a page."""
    shown: Sight | None = None
    """What the tab showed when it was last looked at: a list may have been turned since its first page."""

    async def ready(self) -> None:
        """Set up once: answers are listened to, dialogs that are in the way of a click are closed."""
        self.answers.watch(self.page)
        crosses = self.page.locator(self.pages.dialogs.box).locator(self.pages.dialogs.close)
        await self.page.add_locator_handler(crosses.first, self._close_dialogs, no_wait_after=True)

    async def _close_dialogs(self, _: Locator) -> None:
        from playwright.async_api import Error

        with contextlib.suppress(Error):
            await self.page.evaluate(CLOSE_DIALOGS, [self.pages.dialogs.box, self.pages.dialogs.close])

    # --- opening ----------------------------------------------------------------------------------------------

    async def open(self, url: str, stop: PageStop) -> Sight:
        """The page at this address, as it is when it has filled or time is up; Passing when it did not come."""
        self.untouched = False
        self.answers.forget()
        response = await self._goto(url)
        if response is not None and response.status >= 500:
            raise Passing(f"http_{response.status}", f"HTTP {response.status}")
        return await self.settled(self.wishes.wish(stop))

    async def take_over(self, stop: PageStop) -> Sight:
        """The page that the tab was handed over with."""
        self.untouched = False
        return await self.settled(self.wishes.wish(stop))

    async def _goto(self, url: str) -> Response | None:
        with told(self.timeout_s):
            return await self.page.goto(url, wait_until="commit", timeout=self.timeout_s * 1000)

    async def settled(self, wish: dict[str, Any]) -> Sight:
        """Look at the page until it is what was wished for, something else, or time is up; see :meth:`_settled`."""
        self.shown = await self._settled(wish)
        return self.shown

    async def _settled(self, wish: dict[str, Any]) -> Sight:
        """Look at the page until it is what was wished for, something else, or time is up.

        An answer that ends the session, wants a verification or says "too often" ends the waiting soon; a fault ends
        it with Passing when the page has not filled a little later, for then opening it again may help.
        """
        waiting = asyncio.create_task(self._looked(wish))
        self.away()
        watching = [asyncio.create_task(self._alarmed()), asyncio.create_task(self._broken())]
        try:
            done, _ = await asyncio.wait({waiting, *watching}, return_when=asyncio.FIRST_COMPLETED)
            if waiting not in done:
                await asyncio.wait({waiting}, timeout=0)
            if waiting.done():
                return waiting.result()
        finally:
            for task in (waiting, *watching):
                task.cancel()
            await asyncio.gather(waiting, *watching, return_exceptions=True)
        if self.answers.fatal is None:
            raise Passing("inner_fault", "; ".join(dict.fromkeys(self.answers.faults)))
        return await self._looked(wish | {"timeout": 0})

    async def _alarmed(self) -> None:
        """Returns when an answer said that nothing more will come and the page had its time to show it."""
        await self.answers.alarm.wait()
        await asyncio.sleep(self.grace_s / 4)

    async def _broken(self) -> None:
        """Returns when a call failed and the page did not fill all the same."""
        await self.answers.faulty.wait()
        await asyncio.sleep(self.grace_s)

    async def _looked(self, wish: dict[str, Any]) -> Sight:
        """What the page itself says; asked again on the page that a redirect led to."""
        from playwright.async_api import Error

        loop = asyncio.get_running_loop()
        end = loop.time() + wish["timeout"] / 1000
        while True:
            left = max(end - loop.time(), 0.0)
            try:
                async with asyncio.timeout(left + MARGIN_S):
                    sight = Sight.read(await self.page.evaluate(script(), json.dumps(wish | {"timeout": left * 1000})))
            except TimeoutError:
                raise Passing("timeout", "the page stopped answering") from None
            except Error as error:
                if not _is_moving(error) or loop.time() > end + MARGIN_S:
                    raise _passing(error, self.timeout_s) from error
                await asyncio.sleep(0)
                continue
            if sight.state == "failed":
                log.warning(Text("无法查看页面：%s", "the page could not be looked at: %s"), sight.url)
            return sight

    # --- moving on --------------------------------------------------------------------------------------------

    async def choose(self, view: str, stop: PageStop, now: Sight) -> Sight | None:
        """The same list under another tab; None when the page has no such tab."""
        tab = self._tab(view)
        with told(self.timeout_s):
            if not await tab.count():
                return None
            if await tab.get_attribute("aria-selected") == "true":
                return now
            self.answers.begin()
            await tab.click(timeout=self.timeout_s * 1000)
        before = self.shown or now
        return await self._moved(self.wishes.wish(stop, view=view, before=before.mark), before)

    async def _moved(self, wish: dict[str, Any], before: Sight) -> Sight:
        """The list after a click. Rows that are the old ones are believed only when a call that was begun after the
        click has been answered, long enough ago to have shown, and the tab's count is the list's total, or the total
        is a new one at least: counters lag."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.timeout_s
        while True:
            sight = await self.settled(wish | {"timeout": max(end - loop.time(), 0.0) * 1000})
            if not sight.stale or self.answers.fatal is not None:
                break
            quiet = self.answers.quiet(0.0 if sight.veiled else self.wishes.patience_s)
            if sight.state == "ready" and quiet and (not sight.odd or sight.total != before.total):
                break
            if loop.time() >= end:
                raise Passing("timeout", "the list did not change after the click")
            await asyncio.sleep(RELOOK_S)
        if sight.odd:
            log.info("the tab says %s rows, the list %s", sight.counted, sight.total)
        return sight

    def _tab(self, view: str) -> Locator:
        labels = "|".join(re.escape(label) for label in self.words.site.views.get(view, ()))
        named = re.compile(rf"^\s*(?:{labels}){_COUNT}$", re.IGNORECASE)
        return self.page.locator(self.pages.tabs.tab).filter(has_text=named).first

    async def turn(self, stop: PageStop, now: Sight, view: str | None = None) -> Sight:
        """The next page of the list that is open."""
        self.answers.begin()
        with told(self.timeout_s):
            button = self.page.locator(self.pages.pagination.next).locator("visible=true").first
            await button.click(timeout=self.timeout_s * 1000)
        number = now.page + 1 if now.page is not None else None
        before = self.shown or now
        sight = await self._moved(self.wishes.wish(stop, view=view, page=number, before=before.mark), before)
        return sight if sight.page is not None else replace(sight, page=number)


@contextlib.contextmanager
def told(timeout_s: float) -> Iterator[None]:
    """Turn what Playwright says into Passing."""
    from playwright.async_api import Error

    try:
        yield
    except Error as error:
        raise _passing(error, timeout_s) from error


def _passing(error: Exception, timeout_s: float) -> Passing:
    from playwright.async_api import TimeoutError

    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, TimeoutError):
        return Passing("timeout", f"the page did not finish loading in {timeout_s:g} s")
    if "crashed" in said.lower():
        return Passing("crashed", "the page crashed")
    if (found := _NETWORK.search(said)) is not None:
        return Passing("network", found[1])
    if "has been closed" in said or "connection closed" in said.lower():
        return Passing("browser_lost", "the browser ended")
    return Passing("browser", said[:200])


def _is_moving(error: Exception) -> bool:
    """Whether the page was just on its way to another address."""
    return any(sign in str(error) for sign in _MOVED)
