"""One tab's way through the pages that it is given: opened, waited for, judged before anything else, and kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from agent.capture.model import PageError
from agent.errors import NeedsPerson, WrongStore
from agent.live.answers import Answers
from agent.live.course import MOST_LOST, Course
from agent.live.keeper import Seen
from agent.live.pagemap import PageStop
from agent.live.probe import Sight
from agent.live.retry import Passing
from agent.live.session import close_quietly
from agent.live.tab import Tab, told
from agent.live.watch import Ended
from checks.mishaps import mishap
from checks.page_names import page_name
from checks.text import Text

log = logging.getLogger(__name__)

LOST_TABS = frozenset({"crashed", "browser_lost", "browser", "timeout", "hollow", "traffic_limit"})
"""After these the next try takes a new tab."""
SILENT = frozenset({"timeout", "hollow"})
"""These may be a session that ended without a word."""
REST_OF_WALK = 40
"""Pages of the run that are left to the other kinds when a list that need not be read is read."""


@dataclass
class Lane:
    """One tab at work; a new one takes its place when it is lost."""

    course: Course
    number: int
    tab: Tab | None = None

    async def stop_at(self, stop: PageStop, url: str) -> None:
        """Visit one page, again when it failed; note it when it stays out of reach."""
        course = self.course
        try:
            await course.patience.tried(stop.kind, lambda: self._visit(stop, url))
            course.had()
        except Passing as failed:
            if failed.type in SILENT and await self._had_after_login(stop, url):
                course.had()
                return
            log.warning(
                Text("%s 未能采集：%s", "%s could not be captured: %s"),
                page_name(stop.kind),
                mishap(failed.type, failed.message),
            )
            await self._fail(stop, None, url, failed.type, failed.message)
            course.out_of_reach(failed, url)
        await course.access.remember()

    async def _had_after_login(self, stop: PageStop, url: str) -> bool:
        """A page that stays empty may be that of a dead session. A list says so; after a login it is visited anew."""
        try:
            tab = await self._own_tab()
            try:
                await self.course.watch.doubt(tab)
            except Ended:
                await self.drop_tab()
                await self._renew(stop, url, tab)
                await self._visit_signed_in(stop, url)
                return True
        except Passing as failed:
            log.info("%s: nor after a look at the session: %s", stop.kind, failed)
        return False

    async def _fail(self, stop: PageStop, view: str | None, url: str, type_: str, message: str) -> None:
        await self.review()
        keeper, error = self.course.keeper, PageError(type=type_, message=message)
        await keeper.fail(stop.kind, view, url, self.course.clock.now(), error, self.number)

    async def _visit(self, stop: PageStop, url: str) -> None:
        """Visit one page; once more from its start after a login, when the session ended meanwhile."""
        try:
            await self._visit_signed_in(stop, url)
        except Ended:
            tab = self.tab
            await self.drop_tab()
            await self._renew(stop, url, tab)
            await self._visit_signed_in(stop, url)

    async def _renew(self, stop: PageStop, url: str, tab: Tab | None) -> None:
        try:
            await self.course.renew(tab)
        except NeedsPerson as error:
            await self._fail(stop, None, url, _snake(type(error).__name__), str(error).partition(";")[0])
            raise

    async def _visit_signed_in(self, stop: PageStop, url: str) -> None:
        try:
            tab = await self._own_tab()
            sight = await self._open(tab, stop, url)
            if stop.views and sight.state == "ready":
                await self._views(tab, stop, url, sight)
            else:
                view = stop.views[0] if stop.views else None
                await self._list(tab, stop, url, view, sight)
        except Passing as failed:
            if failed.type in LOST_TABS:
                await self.drop_tab()
            raise

    async def _open(self, tab: Tab, stop: PageStop, url: str) -> Sight:
        if tab.untouched and tab.page.url == url:  # the page that proved the session
            return await self._judged(tab, stop, None, await tab.take_over(stop))
        await self.course.page()
        return await self._judged(tab, stop, None, await tab.open(url, stop))

    async def _judged(self, tab: Tab, stop: PageStop, view: str | None, sight: Sight) -> Sight:
        """The sight when it may be kept; what ends the walk is kept too where the page shows it."""
        try:
            return await self.course.watch.judge(tab, sight, stop.kind)
        except NeedsPerson as error:
            if sight.state in ("login", "verification") or isinstance(error, WrongStore):
                await self._keep(tab, stop, view, sight)
            else:
                await self._fail(stop, view, sight.url, _snake(type(error).__name__), str(error).partition(";")[0])
            raise

    async def _keep(self, tab: Tab, stop: PageStop, view: str | None, sight: Sight) -> None:
        course = self.course
        at, answers = course.clock.now(), await tab.answers.take()
        shot = await course.camera.take(tab.page, stop.kind, sight)
        await self.review()
        await course.keeper.add(Seen(stop.kind, view, sight.url, sight.html, at, answers, shot), self.number)

    async def review(self) -> None:
        """What reading the page before said of it."""
        reading = await self.course.keeper.settle(self.number)
        if reading is not None:
            self.course.read(reading)
            await self.course.watch.review(self.tab, reading.verdict)

    async def _own_tab(self) -> Tab:
        """The tab of this lane; a new one when there is none, or when a login came after it."""
        if self.tab is not None and self.tab.login < self.course.logins:
            await self.drop_tab()
        if self.tab is None:
            self.tab = await self._new_tab()
        self.course.begun.set()
        return self.tab

    async def _new_tab(self) -> Tab:
        course = self.course
        errand, words, logins = course.errand, course.words, course.logins
        with told(errand.timeout_s):
            page = await course.access.page()
            gateways, keep = words.site.gateway_hosts, errand.capture.keep_responses
            answers = Answers(gateways, course.guard.apis, course.clock, keep=keep)
            away = partial(course.keeper.away, self.number)
            tab = Tab(
                page, answers, words, course.pages, course.wishes, errand.timeout_s, errand.grace_s, logins, away=away
            )
            await tab.ready()
        return tab

    async def drop_tab(self) -> None:
        """Close the tab; the next page takes a new one."""
        tab, self.tab = self.tab, None
        if tab is not None:
            await close_quietly(tab.page)

    # --- lists ------------------------------------------------------------------------------------------------

    async def _views(self, tab: Tab, stop: PageStop, url: str, sight: Sight) -> None:
        """The tabs that are always read, then the whole list when it is short enough to be read to the end."""
        ended = self.course.ended
        for view in stop.views:
            if (stop.kind, view) in ended:
                continue
            chosen = await self._chosen(tab, stop, view, sight)
            if chosen is None:
                await self._fail(stop, view, sight.url, "view_missing", f"the page has no tab {view}")
                ended.add((stop.kind, view))
                continue
            await self._list(tab, stop, url, view, chosen)
            sight = chosen
        if stop.whole and (stop.kind, stop.whole) not in ended:
            chosen = await self._chosen(tab, stop, stop.whole, sight)
            if chosen is not None and self._fits(chosen):
                await self._list(tab, stop, url, stop.whole, chosen)

    async def _chosen(self, tab: Tab, stop: PageStop, view: str, sight: Sight) -> Sight | None:
        await self.course.page()
        chosen = await tab.choose(view, stop, sight)
        return await self._judged(tab, stop, view, chosen) if chosen else None

    def _fits(self, sight: Sight) -> bool:
        pages = sight.pages or (MOST_LOST if sight.next else 1)
        course = self.course
        fits = pages <= min(course.errand.capture.max_list_pages, course.budget.used.run_left - REST_OF_WALK)
        if not fits:
            log.info("the list of all orders has %d pages and is left out; the open orders are read", pages)
        return fits

    async def _list(self, tab: Tab, stop: PageStop, url: str, view: str | None, sight: Sight) -> None:
        """A list to its end. One that comes short, because rows moved meanwhile, is read once more from the start."""
        part, course = (stop.kind, view), self.course
        if stop.is_list and part in course.ended:
            return
        cut = await self._through(tab, stop, view, sight)
        if not stop.is_list:
            return
        if _is_whole(sight):  # read while the browser is on its way to the next page
            course.ended.add(part)
            return
        await self.review()
        if not cut and part not in course.repeated and course.keeper.is_short(*part):
            log.warning(
                Text(
                    "%s：读列表时行的位置变了，再读一遍", "%s: rows moved while the list was read; reading it once more"
                ),
                page_name(stop.kind),
            )
            course.repeated.add(part)
            course.turned[part] = 0
            sight = await self._open(tab, stop, url)
            if view is not None and sight.state == "ready":
                sight = await self._chosen(tab, stop, view, sight) or sight
            await self._through(tab, stop, view, sight)
        course.ended.add(part)

    async def _through(self, tab: Tab, stop: PageStop, view: str | None, sight: Sight) -> bool:
        """Keep page after page, those that an earlier try has kept left out; whether the limit cut the list."""
        part, number, course = (stop.kind, view), 1, self.course
        while True:
            if not stop.is_list or number > course.turned.get(part, 0):
                await self._keep(tab, stop, view, sight)
                course.turned[part] = number
            if not stop.is_list or sight.state != "ready" or not sight.next:
                return False
            if number >= course.errand.capture.max_list_pages:
                return True
            await course.page()
            sight = await self._judged(tab, stop, view, await tab.turn(stop, sight, view))
            number += 1
            if sight.state == "timeout":
                raise Passing("timeout", f"page {number} of the list did not fill")


def _is_whole(first: Sight) -> bool:
    """Whether the first page shows all the rows that the list says it has: no row can move between pages then."""
    return first.state == "ready" and not first.next and first.total is not None and first.rows >= first.total


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
