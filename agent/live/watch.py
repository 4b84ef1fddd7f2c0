"""Judges what a tab shows before anything of it is kept: is the session alive, is it the right store, is there trouble?

Whatever a person must see to becomes its error here, with the page and a picture of it kept; nothing is tried again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from agent.errors import NeedsPerson, SessionExpired, StoreParked, VerificationRequired, WrongStore
from agent.live.answers import Trouble
from agent.live.budget import TRAFFIC, VERIFICATION, Budget
from agent.live.errand import Errand
from agent.live.evidence import keep
from agent.live.probe import Sight
from agent.live.retry import Passing
from extractors.models import Verdict
from extractors.outline import label_key

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from agent.live.tab import Tab
    from checks.text import Text

log = logging.getLogger(__name__)

MOST_HOLLOW = 2
"""Pages in a row without the store's name before the session counts as dead."""


@dataclass
class Watch:
    """What is known of the session and the store during one walk."""

    errand: Errand
    budget: Budget
    named: str | None = None
    """The store's name, as the pages show it."""
    nameless: bool = False
    """The shell of this backend shows no name that we can read: the channel in the address has to do."""
    _hollow: int = field(default=0)

    async def judge(self, tab: Tab, sight: Sight) -> Sight:
        """The sight, when it may be kept. NeedsPerson when the walk must end, Passing when it may pass by itself."""
        if (trouble := self._trouble(tab, sight)) is not None:
            raise await self.error(tab, trouble)
        if (got := self._other_store(sight)) is not None:
            raise await self._wrong_store(tab, got)
        if sight.state in ("ready", "timeout"):
            await self._name(tab, sight)
        return sight

    @staticmethod
    def _trouble(tab: Tab, sight: Sight) -> Trouble | None:
        if sight.state == "verification":
            return Trouble.VERIFICATION
        if sight.state == "login":
            return Trouble.SESSION
        return tab.answers.fatal

    async def error(self, tab: Tab | None, trouble: Trouble) -> NeedsPerson:
        """The error for this trouble; verification and traffic limit make the store rest."""
        kept = await self._kept(tab, trouble.value)
        if trouble is Trouble.VERIFICATION:
            until = self._parked(VERIFICATION)
            return VerificationRequired(self.errand.name, until=until, kept=kept)
        if trouble is Trouble.TRAFFIC:
            until = self._parked(TRAFFIC)
            return StoreParked(self.errand.name, until=until, reason=TRAFFIC, by_hand=False, kept=kept)
        return SessionExpired(self.errand.name, kept=kept)

    def _parked(self, reason: Text) -> datetime:
        return self.budget.park(reason).astimezone(self.budget.zone)

    async def _kept(self, tab: Tab | None, what: str) -> Path | None:
        return await keep(tab.page, self.errand.home, f"{self.errand.name}-{what}") if tab else None

    # --- the right store --------------------------------------------------------------------------------------

    def _other_store(self, sight: Sight) -> str | None:
        """Whose page it is when it is another store's."""
        store = self.errand.store
        channel = parse_qs(urlsplit(sight.url).query).get("channelId", [None])[0]
        if store.channel_id and channel and channel != store.channel_id:
            return f"{sight.shop or '?'}, channelId={channel}"
        wanted = store.name or self.named
        if sight.state == "strange":
            return None  # what stands beside the login id in another layout need not be the store's name
        if wanted and sight.shop and label_key(sight.shop) != label_key(wanted):
            return sight.shop
        return None

    async def _wrong_store(self, tab: Tab | None, got: str) -> WrongStore:
        store = self.errand.store
        wanted = ", ".join(filter(None, (store.name, f"channelId={store.channel_id}" if store.channel_id else None)))
        return WrongStore(self.errand.name, wanted=wanted, got=got, kept=await self._kept(tab, "wrong_store"))

    async def _name(self, tab: Tab, sight: Sight) -> None:
        """A page without the store's name, where it is shown otherwise, is the third dress of a dead session."""
        if sight.shop is not None:
            self.named, self._hollow = sight.shop, 0
            return
        if self.nameless:
            return
        if self.named is None and sight.state == "ready" and sight.rows:
            log.warning("%s: the pages show no store name; the channel in the address has to do", self.errand.name)
            self.nameless = True
            return
        self._hollow += 1
        if self._hollow >= MOST_HOLLOW:
            raise await self.error(tab, Trouble.SESSION)
        raise Passing("hollow", "the page shows neither data nor the store's name")

    # --- afterwards -------------------------------------------------------------------------------------------

    async def review(self, tab: Tab | None, verdict: Verdict | None) -> None:
        """What reading a kept page said of it, where the page itself had not told so."""
        if verdict is Verdict.LOGIN:
            raise await self.error(tab, Trouble.SESSION)
        if verdict is Verdict.VERIFICATION:
            raise await self.error(tab, Trouble.VERIFICATION)
        if verdict is Verdict.WRONG_STORE:
            raise await self._wrong_store(tab, "?")
