"""Judges what a tab shows before anything of it is kept: is the session alive, is it the right store, is there trouble?

Whatever a person must see to becomes its error here, with the page and a picture of it kept; nothing is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from agent.errors import NeedsPerson, SessionExpired, StoreParked, VerificationRequired, WrongStore
from agent.live.answers import Trouble
from agent.live.budget import TRAFFIC, VERIFICATION, Budget
from agent.live.errand import Errand
from agent.live.evidence import keep
from agent.live.probe import Sight
from agent.live.proof import Proof, State
from agent.live.retry import Passing
from checks.page_names import page_name
from checks.text import Text
from extractors.models import Verdict
from extractors.outline import label_key

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from agent.live.tab import Tab

log = logging.getLogger(__name__)

CALM_S = 20.0
"""How long nothing is asked after the backend said that it was asked too often..."""
MOST_CALMS = 2
"""...and how often in one walk, before the store is left alone."""

Prover = Callable[[], Awaitable[Proof]]
"""Says by a list page whether the session lives."""

_TROUBLES = {
    State.EXPIRED: Trouble.SESSION,
    State.VERIFICATION: Trouble.VERIFICATION,
    State.LIMITED: Trouble.TRAFFIC,
}


class Ended(Exception):
    """The session has ended, and may be renewed by a login."""


@dataclass
class Watch:
    """What is known of the session and the store during one walk."""

    errand: Errand
    budget: Budget
    prove: Prover
    renewable: Callable[[Tab], bool] = lambda tab: False
    """Whether a session that has ended in this tab may be renewed."""
    named: str | None = None
    """The store's name, as the pages show it."""
    _calms: int = 0
    _nameless: set[str] = field(default_factory=set)
    """Page kinds that show no store name but data: the channel in the address has to do."""
    _hollow: set[str] = field(default_factory=set)
    """Page kinds that showed neither, and were tried again for it."""

    async def judge(self, tab: Tab, sight: Sight, kind: str) -> Sight:
        """The sight, when it may be kept.

        NeedsPerson when the walk must end, Ended when a login may help, Passing when it may pass by itself.
        """
        if (trouble := self._trouble(tab, sight)) is not None:
            raise await self._stopping(tab, trouble)
        if (got := self._other_store(sight)) is not None:
            raise await self._wrong_store(tab, got)
        if sight.state in ("ready", "timeout"):
            await self._name(tab, sight, kind)
        return sight

    @staticmethod
    def _trouble(tab: Tab, sight: Sight) -> Trouble | None:
        if sight.state == "verification":
            return Trouble.VERIFICATION
        if sight.state == "login":
            return Trouble.SESSION
        return tab.answers.fatal

    async def _stopping(self, tab: Tab, trouble: Trouble) -> NeedsPerson | Ended | Passing:
        if trouble is Trouble.SESSION and self.renewable(tab):
            return Ended()
        if trouble is Trouble.TRAFFIC and self._calms < MOST_CALMS:
            self._calms += 1
            log.warning(
                Text("%s：后台要求放慢访问，等待 %g 秒", "%s: the backend asks for fewer requests; waiting %g s"),
                self.errand.name,
                CALM_S,
            )
            await self.budget.calm(CALM_S)
            return Passing(trouble.value, "the backend asked for fewer requests")
        return await self.error(tab, trouble)

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
        if store.channel_id and channel is None and sight.shop is None and sight.state in ("ready", "timeout"):
            return "?"  # nothing on the page says whose it is
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

    async def _name(self, tab: Tab, sight: Sight, kind: str) -> None:
        """A page without data may be the third dress of a dead session, more so without the store's name.

        One that holds data is kept, without a name for the channel in its address. One without is kept when a list
        page says that the session lives; where the name is missing too, it is opened once more first. A page kind that
        never fills does not end the walk.
        """
        if sight.shop is not None:
            self.named = sight.shop
        if sight.state == "ready" and (sight.rows or sight.filled):
            if sight.shop is None and kind not in self._nameless:
                self._nameless.add(kind)
                log.info("%s: %s shows no store name; the channel in the address has to do", self.errand.name, kind)
            return
        said = "the page shows no data" if sight.shop else "the page shows neither data nor the store's name"
        if sight.shop is None and kind not in self._hollow:  # with its name: the shell may outlive the session
            self._hollow.add(kind)
            raise Passing("hollow", said)
        proof = await self.doubt(tab)
        if proof.state is not State.ALIVE and sight.state == "ready":  # its zeros would be taken for figures
            raise Passing("hollow", f"{said}, and no list says that the session lives")
        if sight.state == "ready" and sight.shop:
            return
        log.warning(
            Text("%s：%s 一直没有显示数据，按原样保存", "%s: %s does not fill; it is kept as it is"),
            self.errand.name,
            page_name(kind),
        )

    async def doubt(self, tab: Tab) -> Proof:
        """What a list page says of the session when a page shows nothing; raises what ends the walk, or Ended."""
        proof = await self.prove()
        if proof.state is State.WRONG_STORE:
            raise await self._wrong_store(tab, proof.shown or "?")
        if proof.state in _TROUBLES:
            raise await self._stopping(tab, _TROUBLES[proof.state])
        return proof

    # --- afterwards -------------------------------------------------------------------------------------------

    async def review(self, tab: Tab | None, verdict: Verdict | None) -> None:
        """What reading a kept page said of it, where the page itself had not told so."""
        if verdict is Verdict.LOGIN:
            raise await self.error(tab, Trouble.SESSION)
        if verdict is Verdict.VERIFICATION:
            raise await self.error(tab, Trouble.VERIFICATION)
        if verdict is Verdict.WRONG_STORE:
            raise await self._wrong_store(tab, "?")
