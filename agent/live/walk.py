"""Walks the pages of one store and keeps them in a capture: careful first, complete second.

Each page is opened, waited for, judged before anything else happens, and kept. What a person must see to (login,
verification, another store) and what asks for rest ends the walk; what passes by itself is tried again; a page that
stays out of reach is noted and the others are visited all the same. The capture on disk is valid at every moment.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent.capture.model import PageError
from agent.capture.writer import CaptureWriter
from agent.errors import BrowserLost, NeedsPerson, NetworkFailed, PageTimeout, ShoplintError, WrongStore
from agent.live import pagemap
from agent.live.access import Access
from agent.live.answers import Answers
from agent.live.budget import Budget
from agent.live.camera import Camera
from agent.live.errand import Errand, Walked
from agent.live.guard import Guard
from agent.live.keeper import Keeper, Seen
from agent.live.pagemap import PageMap, PageStop
from agent.live.probe import Sight, Wishes
from agent.live.retry import Passing, Patience
from agent.live.tab import Tab, told
from agent.live.watch import Ended, Watch
from agent.step import Progress, Step, rows_of
from extractors.models import OrderStatus
from extractors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from agent.live.proof import Proof
    from extractors.models import Reading

log = logging.getLogger(__name__)

Part = tuple[str, str | None]
"""A list: page kind and view."""

SHIPPED = frozenset({OrderStatus.AWAITING_RECEIPT, OrderStatus.PARTLY_SHIPPED})
LOST_TABS = frozenset({"crashed", "browser_lost", "browser", "timeout", "hollow"})
"""After these the next try takes a new tab."""
MOST_LOST = 6
"""Pages in a row that could not be had before the backend counts as out of reach; half of it at the beginning."""
REST_OF_WALK = 40
"""Pages of the run that are left to the other kinds when a list that need not be read is read."""


@dataclass
class Walk:
    """One walk; everything that it needs is handed in."""

    errand: Errand
    access: Access
    writer: CaptureWriter
    words: Vocabulary
    guard: Guard
    budget: Budget
    progress: Progress = lambda step: None
    patience: Patience = field(default_factory=Patience)
    pages: PageMap = field(default_factory=pagemap.shipped)

    def __post_init__(self) -> None:
        errand = self.errand
        self.clock = self.budget.clock
        self.keeper = Keeper(self.writer, self.words, errand.store)
        self.camera = Camera(self.words, is_on=errand.capture.pictures)
        self.watch = Watch(errand, self.budget, self._prove, self.access.renewable)
        self._wishes = Wishes(self.words, self.pages, errand.store.name, errand.timeout_s, errand.patience_s)
        self._tab: Tab | None = None
        self._lost = self._rows = 0
        self._step = Step("", 0, 0)
        self._turned: dict[Part, int] = {}
        self._ended: set[Part] = set()
        self._repeated: set[Part] = set()

    async def run(self) -> Walked:
        """Walk to the end, or until something ends it. A cancelled walk leaves an unfinished, valid capture."""
        stopped = None
        try:
            await self._everything()
        except ShoplintError as error:
            stopped = error
        finally:
            await self.keeper.finish()
        await self.access.save()
        self.writer.finish(self.clock.now().astimezone(self.keeper.zone))
        return Walked(self.writer.pages, self.keeper.failed, stopped, self.budget.used, self.guard.tally)

    async def _everything(self) -> None:
        only = self.errand.only
        stops = [stop for stop in self.pages.pages if only is None or stop.kind in only]
        for number, stop in enumerate(stops, start=1):
            self._tell(stop.kind, number, len(stops))
            await self._stop_at(stop, self.errand.address(self.words, stop.kind))
        await self._review()
        orders = self._to_track() if only is None or "tracking" in only else []
        for number, order in enumerate(orders, start=1):
            self._tell("tracking", number, len(orders))
            url = self.errand.address(self.words, "order_tracking", tradeOrderId=order)
            await self._stop_at(PageStop(kind="tracking"), url)
        await self._review()

    def _tell(self, kind: str, number: int, total: int) -> None:
        self._step = Step(kind, number, total, pages=self.writer.pages, rows=self._rows)
        self.progress(self._step)

    def _to_track(self) -> list[str]:
        """Orders whose parcels have to be looked up one by one: shipped, and not in the list of parcels."""
        wanted = self.errand.capture.tracking
        if wanted == "none":
            return []
        orders = [order for r in self.keeper.of("orders") if r.data for order in _rows(r, "orders")]
        listed = {parcel.order_id for r in self.keeper.of("tracking") if r.data for parcel in _rows(r, "parcels")}
        shipped = dict.fromkeys(order.order_id for order in orders if order.status in SHIPPED)
        return [order for order in shipped if wanted == "all" or order not in listed]

    # --- one page ---------------------------------------------------------------------------------------------

    async def _stop_at(self, stop: PageStop, url: str) -> None:
        """Visit one page, again when it failed; note it when it stays out of reach."""
        try:
            await self.patience.tried(stop.kind, lambda: self._visit(stop, url))
            self._lost = 0
        except Passing as failed:
            log.warning("%s could not be captured: %s", stop.kind, failed)
            await self._fail(stop, None, url, failed.type, failed.message)
            self._out_of_reach(failed, url)
        await self.access.remember()

    async def _fail(self, stop: PageStop, view: str | None, url: str, type_: str, message: str) -> None:
        await self._review()
        await self.keeper.fail(stop.kind, view, url, self.clock.now(), PageError(type=type_, message=message))

    async def _visit(self, stop: PageStop, url: str) -> None:
        """Visit one page; once more from its start after a login, when the session ended meanwhile."""
        try:
            await self._visit_signed_in(stop, url)
        except Ended:
            log.warning("%s: the session ended on the way; logging in again", self.errand.name)
            await self._drop_tab()
            await self._renew(stop, url)
            await self._visit_signed_in(stop, url)

    async def _renew(self, stop: PageStop, url: str) -> None:
        try:
            with told(self.errand.timeout_s):
                await self.access.renew()
        except NeedsPerson as error:
            await self._fail(stop, None, url, _snake(type(error).__name__), str(error).partition(";")[0])
            raise

    async def _visit_signed_in(self, stop: PageStop, url: str) -> None:
        try:
            tab = self._tab or await self._new_tab()
            sight = await self._open(tab, stop, url)
            if stop.views and sight.state == "ready":
                await self._views(tab, stop, url, sight)
            else:
                view = stop.views[0] if stop.views else None
                await self._list(tab, stop, url, view, sight)
        except Passing as failed:
            if failed.type in LOST_TABS:
                await self._drop_tab()
            raise

    async def _open(self, tab: Tab, stop: PageStop, url: str) -> Sight:
        if tab.untouched and tab.page.url == url:  # the page that proved the session
            return await self._judged(tab, stop, None, await tab.take_over(stop))
        await self.budget.page()
        return await self._judged(tab, stop, None, await tab.open(url, stop))

    async def _judged(self, tab: Tab, stop: PageStop, view: str | None, sight: Sight) -> Sight:
        """The sight when it may be kept; what ends the walk is kept too where the page shows it."""
        try:
            return await self.watch.judge(tab, sight, stop.kind)
        except NeedsPerson as error:
            if sight.state in ("login", "verification") or isinstance(error, WrongStore):
                await self._keep(tab, stop, view, sight)
            else:
                await self._fail(stop, view, sight.url, _snake(type(error).__name__), str(error).partition(";")[0])
            raise

    async def _prove(self) -> Proof:
        """What a list page says of the session; Passing when none comes."""
        try:
            with told(self.errand.timeout_s):
                return await self.access.prove()
        except BrowserLost as lost:
            raise Passing("browser_lost", str(lost)) from lost
        except (NetworkFailed, PageTimeout):
            raise Passing("hollow", "the page shows nothing, and no list comes to say why") from None

    async def _keep(self, tab: Tab, stop: PageStop, view: str | None, sight: Sight) -> None:
        at, answers = self.clock.now(), await tab.answers.take()
        shot = await self.camera.take(tab.page, stop.kind, sight)
        await self._review()
        await self.keeper.add(Seen(stop.kind, view, sight.url, sight.html, at, answers, shot))

    async def _review(self) -> None:
        """What reading the page before said of it."""
        reading = await self.keeper.settle()
        if reading is not None:
            step = self._step
            self._rows += rows_of(reading)
            self._tell(step.kind, step.number, step.total)
            await self.watch.review(self._tab, reading.verdict)

    async def _new_tab(self) -> Tab:
        errand, gateways = self.errand, self.words.site.gateway_hosts
        with told(errand.timeout_s):
            page = await self.access.page()
            answers = Answers(gateways, self.guard.apis, self.clock, keep=errand.capture.keep_responses)
            tab = Tab(page, answers, self.words, self.pages, self._wishes, errand.timeout_s, errand.grace_s)
            await tab.ready()
        self._tab = tab
        return tab

    async def _drop_tab(self) -> None:
        from playwright.async_api import Error

        tab, self._tab = self._tab, None
        if tab is not None:
            with contextlib.suppress(Error):
                await tab.page.close()

    def _out_of_reach(self, failed: Passing, url: str) -> None:
        """Unreachable when trying the remaining pages makes no sense."""
        self._lost += 1
        plain = urlsplit(url)._replace(query="").geturl()
        if failed.type in ("browser_lost", "browser"):
            raise BrowserLost(said=failed.message)
        if failed.type == "network":
            raise NetworkFailed(url=plain, said=failed.message)
        most = MOST_LOST if self.keeper.readings else MOST_LOST // 2
        if self._lost >= most and failed.type == "timeout":
            raise PageTimeout(url=plain, waited_s=self.errand.timeout_s)
        if self._lost >= most:
            raise NetworkFailed(url=plain, said=failed.message)

    # --- lists ------------------------------------------------------------------------------------------------

    async def _views(self, tab: Tab, stop: PageStop, url: str, sight: Sight) -> None:
        """The tabs that are always read, then the whole list when it is short enough to be read to the end."""
        for view in stop.views:
            if (stop.kind, view) in self._ended:
                continue
            chosen = await self._chosen(tab, stop, view, sight)
            if chosen is None:
                await self._fail(stop, view, sight.url, "view_missing", f"the page has no tab {view}")
                self._ended.add((stop.kind, view))
                continue
            await self._list(tab, stop, url, view, chosen)
            sight = chosen
        if stop.whole and (stop.kind, stop.whole) not in self._ended:
            chosen = await self._chosen(tab, stop, stop.whole, sight)
            if chosen is not None and self._fits(chosen):
                await self._list(tab, stop, url, stop.whole, chosen)

    async def _chosen(self, tab: Tab, stop: PageStop, view: str, sight: Sight) -> Sight | None:
        await self.budget.page()
        chosen = await tab.choose(view, stop, sight)
        return await self._judged(tab, stop, view, chosen) if chosen else None

    def _fits(self, sight: Sight) -> bool:
        pages = sight.pages or (MOST_LOST if sight.next else 1)
        fits = pages <= min(self.errand.capture.max_list_pages, self.budget.used.run_left - REST_OF_WALK)
        if not fits:
            log.info("the list of all orders has %d pages and is left out; the open orders are read", pages)
        return fits

    async def _list(self, tab: Tab, stop: PageStop, url: str, view: str | None, sight: Sight) -> None:
        """A list to its end. One that comes short, because rows moved meanwhile, is read once more from the start."""
        part = (stop.kind, view)
        if stop.is_list and part in self._ended:
            return
        cut = await self._through(tab, stop, view, sight)
        if not stop.is_list:
            return
        await self._review()
        if not cut and part not in self._repeated and self.keeper.is_short(*part):
            log.warning("%s: rows moved while the list was read; reading it once more", stop.kind)
            self._repeated.add(part)
            self._turned[part] = 0
            sight = await self._open(tab, stop, url)
            if view is not None and sight.state == "ready":
                sight = await self._chosen(tab, stop, view, sight) or sight
            await self._through(tab, stop, view, sight)
        self._ended.add(part)

    async def _through(self, tab: Tab, stop: PageStop, view: str | None, sight: Sight) -> bool:
        """Keep page after page, those that an earlier try has kept left out; whether the limit cut the list."""
        part, number = (stop.kind, view), 1
        while True:
            if not stop.is_list or number > self._turned.get(part, 0):
                await self._keep(tab, stop, view, sight)
                self._turned[part] = number
            if not stop.is_list or sight.state != "ready" or not sight.next:
                return False
            if number >= self.errand.capture.max_list_pages:
                return True
            await self.budget.page()
            sight = await self._judged(tab, stop, view, await tab.turn(stop, sight, view))
            number += 1
            if sight.state == "timeout":
                raise Passing("timeout", f"page {number} of the list did not fill")


def _rows(reading: Reading, name: str) -> list[Any]:
    return list(getattr(reading.data, name, ()))


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
