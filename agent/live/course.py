"""What all tabs of a walk share: the budget, what is known of the store and the session, how far each list was read.

One tab logs in for all when the session ends on the way; no other tab opens a page meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agent.errors import BrowserLost, NetworkFailed, PageTimeout
from agent.live.access import Access
from agent.live.answers import Trouble
from agent.live.budget import Budget
from agent.live.camera import Camera
from agent.live.errand import Errand
from agent.live.guard import Guard
from agent.live.keeper import Keeper
from agent.live.pagemap import PageMap
from agent.live.probe import Wishes
from agent.live.retry import Passing, Patience
from agent.live.tab import Tab, told
from agent.live.watch import Watch
from agent.step import Progress, Step, rows_of
from checks.text import Text
from extractors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from agent.live.proof import Proof
    from extractors.models import Reading

log = logging.getLogger(__name__)

Part = tuple[str, str | None]
"""A list: page kind and view."""

MOST_LOST = 6
"""Pages in a row that could not be had before the backend counts as out of reach; half of it at the beginning."""


@dataclass
class Course:
    """One walk, as its tabs see it."""

    errand: Errand
    access: Access
    words: Vocabulary
    guard: Guard
    budget: Budget
    pages: PageMap
    patience: Patience
    keeper: Keeper
    progress: Progress
    logins: int = 0
    """How often the session was renewed on the way; a tab that is older than the last time is opened anew."""
    turned: dict[Part, int] = field(default_factory=dict)
    """How many pages of each list are kept."""
    ended: set[Part] = field(default_factory=set)
    repeated: set[Part] = field(default_factory=set)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """The first tab is open, and signed in."""

    def __post_init__(self) -> None:
        errand = self.errand
        self.clock = self.budget.clock
        self.camera = Camera(self.words, is_on=errand.capture.pictures)
        self.watch = Watch(errand, self.budget, self._prove, self._renewable)
        self.wishes = Wishes(self.words, self.pages, errand.store.name, errand.timeout_s, errand.patience_s)
        self._login = asyncio.Lock()
        self._lost = self._rows = 0
        self._step = Step("", 0, 0)

    async def page(self) -> None:
        """Wait until the next page may be opened, and count it."""
        await self._logged_in()
        await self.budget.page()

    # --- the session ------------------------------------------------------------------------------------------

    async def renew(self, tab: Tab | None) -> None:
        """Renew the session that ended in this tab, unless another tab has done so meanwhile."""
        async with self._login:
            if tab is not None and tab.login < self.logins:
                return
            if not self.access.renewable():
                raise await self.watch.error(None, Trouble.SESSION)
            log.warning(
                Text("%s：会话中途过期，重新登录", "%s: the session ended on the way; logging in again"),
                self.errand.name,
            )
            with told(self.errand.timeout_s):
                await self.access.renew()
            self.logins += 1

    def _renewable(self, tab: Tab) -> bool:
        """Whether a session that has ended in this tab may be renewed, or is being or was by another tab."""
        return tab.login < self.logins or self._login.locked() or self.access.renewable()

    async def _logged_in(self) -> None:
        """Wait while a tab logs in."""
        async with self._login:
            pass

    async def _prove(self) -> Proof:
        """What a list page says of the session; Passing when none comes."""
        await self._logged_in()
        try:
            with told(self.errand.timeout_s):
                return await self.access.prove()
        except BrowserLost as lost:
            raise Passing("browser_lost", str(lost)) from lost
        except (NetworkFailed, PageTimeout):
            raise Passing("hollow", "the page shows nothing, and no list comes to say why") from None

    # --- how far it is ----------------------------------------------------------------------------------------

    def tell(self, kind: str, number: int, total: int) -> None:
        """Tell of a step that begins."""
        self._step = Step(kind, number, total, pages=self.keeper.writer.pages, rows=self._rows)
        self.progress(self._step)

    def read(self, reading: Reading) -> None:
        """Tell of a page that was read."""
        step = self._step
        self._rows += rows_of(reading)
        self.tell(step.kind, step.number, step.total)

    def had(self) -> None:
        """A page was had."""
        self._lost = 0

    def out_of_reach(self, failed: Passing, url: str) -> None:
        """A page could not be had; Unreachable when trying the remaining ones makes no sense."""
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
