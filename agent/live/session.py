"""The session of one store: restored from the vault, proven by a list page, renewed once when it is dead, saved again.

    session = StoreSession(live, account, Vault(home), budget, guard)
    page = await session.signed_in()      # stands at the order list
    ...
    await session.save()                  # cookies roll: what was stored before is old by now

Playwright's state keeps cookies, localStorage and IndexedDB; sessionStorage is kept beside it, by origin, and put back
before the first script of a page runs.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agent.errors import NoSession, SessionExpired, WrongPassword
from agent.live.budget import Budget
from agent.live.credentials import Credentials, Refusals, find
from agent.live.evidence import keep
from agent.live.gate import Gate
from agent.live.login import BY_HAND_S, LoginPage
from agent.live.proof import Account, Proof, State, prove
from agent.live.vault import StoredSession, Vault
from checks.text import Text

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from agent.live.browser import LiveBrowser
    from agent.live.guard import Guard

log = logging.getLogger(__name__)

PUT_BACK = """
(() => {
  const stored = %s[location.origin];
  try {
    if (!stored || sessionStorage.length) return;
    for (const [key, value] of Object.entries(stored)) sessionStorage.setItem(key, value);
  } catch (refused) { /* a page without an origin has no storage */ }
})();
"""
TAKE = "() => { try { return [location.origin, {...sessionStorage}]; } catch (refused) { return ['null', {}]; } }"


@dataclass
class StoreSession:
    """One store's session in one browser. Without a vault (an attached browser) the profile keeps its own login."""

    live: LiveBrowser
    account: Account
    vault: Vault
    budget: Budget
    guard: Guard | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    context: BrowserContext | None = None
    proof: Proof | None = None
    witness: str | None = None
    """The list that last proved the session: it has rows."""
    logins: int = 0
    renewals: int = 0
    """How often the session was renewed after the run had begun."""
    _stored: StoredSession | None = None

    @property
    def name(self) -> str:
        return self.account.name

    # --- opening ----------------------------------------------------------------------------------------------

    async def open(self) -> BrowserContext:
        """A context with the stored session in it, behind the guard."""
        self._stored = None if self.live.attached else self.vault.load(self.name)
        state: Any = self._stored.storage_state if self._stored else None
        agent = self._stored.user_agent if self._stored else None
        gate = None if self.live.attached or self.guard is None else await self.live.gate()
        context = await self.live.context(storage_state=state, user_agent=agent)
        if gate is not None and self.guard is not None:
            await gate.enter(self.guard, context)
        self.context = context
        return context

    async def new_page(self, *, blank: bool = False) -> Page:
        """A page behind the guard; in an attached browser the guard stands before this page only.

        What was stored of sessionStorage is put back, unless the page is to be ``blank``: a new login begins anew.
        """
        context = self.context or await self.open()
        page = await context.new_page()
        if self._stored and self._stored.session_storage and not blank:
            await page.add_init_script(PUT_BACK % _script_json(self._stored.session_storage))
        if self.guard is not None and self.live.attached:
            await Gate(self.guard).before(page)
        return page

    async def close(self) -> None:
        """Close the context, which is this store's alone; an attached browser keeps its own."""
        from playwright.async_api import Error

        context, self.context = self.context, None
        if context is not None and not self.live.attached:
            with contextlib.suppress(Error):
                await context.close()
            if self.guard is not None:
                self.live.leave(self.guard)

    # --- proving ----------------------------------------------------------------------------------------------

    async def signed_in(self) -> Page:
        """A page at the order list of the right store. A dead session is renewed once when credentials are at hand.

        The proof may be UNPROVEN (the backend answered with errors): then the pages themselves will tell.
        """
        if not self.live.attached and not self.vault.holds(self.name) and self.credentials() is None:
            raise NoSession(self.name)
        page = await self.new_page()
        self.proof = await self.prove(page)
        if self.proof.state is State.EXPIRED:
            await self.renew(page)
        elif self.proof.state not in (State.ALIVE, State.UNPROVEN):
            raise await self._login_page(page).stopped(self.proof)
        return page

    async def prove(self, page: Page) -> Proof:
        """What the order list says of the session; counts as pages of the budget."""
        proof = await prove(page, self.account, self.budget.page, fresh=self.logins > 0, first=self.witness)
        if proof.state is State.ALIVE:
            self.witness = proof.kind
        return proof

    async def renew(self, page: Page) -> Proof:
        """Log in again in this page, once in a run and never with what was refused; SessionExpired else."""
        credentials = self.credentials()
        if credentials is None or self.logins:
            kept = await keep(page, self.account.home, f"{self.name}-expired")
            raise SessionExpired(self.name, kept=kept)
        log.info("%s: the session has ended; logging in again", self.name)
        return await self.log_in(page, credentials)

    def renewable(self) -> bool:
        """Whether a session that ends in the middle of a run may be renewed: once, with credentials at hand."""
        return not self.renewals and self.credentials() is not None

    async def renew_midway(self) -> Proof:
        """Log in again in a page of its own, because the session ended in the middle of a run."""
        credentials = self.credentials()
        assert credentials is not None, "renewable() comes first"
        self.renewals += 1
        page = await self.new_page(blank=True)
        try:
            return await self.log_in(page, credentials)
        finally:
            await close_quietly(page)

    async def log_in(self, page: Page, credentials: Credentials) -> Proof:
        """Fill the login form, prove the session, store it."""
        refusals = self._refusals()
        refusals.check(credentials, self._now())
        if not self.account.on_login_host(page.url) and self.context and not self.live.attached:
            await self.context.clear_cookies()  # half a session would lead past the login
        self.logins += 1
        try:
            with self._sending():
                self.proof = await self._login_page(page).login(credentials)
        except WrongPassword:
            refusals.add(credentials, self._now())
            raise
        refusals.clear()
        await self.save()
        return self.proof

    async def by_hand(self, *, timeout_s: float = BY_HAND_S) -> Proof:
        """Let a person log in in a visible browser; a rest that was asked for is over then."""
        page = await self.new_page()
        with self._sending(by_hand=True):
            self.proof = await self._login_page(page, counted=False).by_hand(timeout_s=timeout_s)
        self._refusals().clear()
        self.budget.unpark()
        await self.save()
        return self.proof

    def credentials(self) -> Credentials | None:
        return find(self.name, self.environ)

    def _refusals(self) -> Refusals:
        return Refusals(self.account.home, self.name, self.budget.settings.cooldown_s)

    def _now(self) -> datetime:
        return self.budget.clock.now().astimezone(self.budget.zone)

    def _rest(self, reason: Text) -> datetime:
        """Leave the store alone for a while; the end of it on the user's own clock."""
        return self.budget.park(reason).astimezone(self.budget.zone)

    def _login_page(self, page: Page, *, counted: bool = True) -> LoginPage:
        return LoginPage(page, self.account, rest=self._rest, opening=self.budget.page if counted else None)

    @contextlib.contextmanager
    def _sending(self, *, by_hand: bool = False) -> Iterator[None]:
        """While a login is under way the guard lets the login hosts be sent to."""
        if self.guard is None:
            yield
            return
        self.guard.login, self.guard.by_hand = True, by_hand
        try:
            yield
        finally:
            self.guard.login = self.guard.by_hand = False

    # --- saving -----------------------------------------------------------------------------------------------

    async def save(self) -> bool:
        """Store what the browser holds by now; nothing of a session that is not known to live."""
        from playwright.async_api import Error

        if self.context is None or self.live.attached or self.proof is None or not self._worth_keeping(self.proof):
            return False
        try:
            session = await taken(self.context, self._stored, self.budget.clock.now())
        except Error as error:
            log.warning(
                Text("%s：无法保存会话：%s", "%s: the session cannot be saved: %s"),
                self.name,
                error.message.splitlines()[0],
            )
            return False
        self.vault.save(self.name, session)
        self._stored = session
        return True

    def _worth_keeping(self, proof: Proof) -> bool:
        """A session that lives; or one whose login just went through, lest the next run logs in again."""
        return proof.state is State.ALIVE or (self.logins > 0 and proof.state is State.UNPROVEN)


async def taken(context: BrowserContext, before: StoredSession | None, now: datetime) -> StoredSession:
    """Everything that makes this context the one that is signed in; sessionStorage of origins that are not open any
    more stays as it was."""
    from playwright.async_api import Error

    try:
        state = await context.storage_state(indexed_db=True)
    except (TypeError, Error):  # an older Playwright, or a database that holds what cannot be written down
        state = await context.storage_state()
    storage = dict(before.session_storage) if before else {}
    agent = before.user_agent if before else None
    for page in context.pages:
        for frame in page.frames:
            with contextlib.suppress(Error):
                origin, items = await frame.evaluate(TAKE)
                if items and str(origin).startswith("https://"):
                    storage[origin] = {**storage.get(origin, {}), **items}
        with contextlib.suppress(Error):
            agent = await page.evaluate("navigator.userAgent")
    return StoredSession(dict(state), storage, agent, now.isoformat())


async def close_quietly(page: Page) -> None:
    """Close a page that may be gone by now."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await page.close()


def _script_json(data: Any) -> str:
    """JSON that may stand in a script."""
    return json.dumps(data).replace("<", "\\u003c").replace("\u2028", "\\u2028")


# --- what the commands do -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SessionState:
    """What `shoplint session` shows: whether there is a session, when it was saved, whether it lives."""

    store: str
    stored: bool
    saved_at: datetime | None = None
    proof: Proof | None = None

    @property
    def alive(self) -> bool:
        return self.proof is not None and self.proof.state is State.ALIVE


async def login(session: StoreSession, *, visible: bool = False) -> Proof:
    """`shoplint login`: with credentials at hand the form is filled, else (or with ``visible``) a person does it.

    The browser must be one with a window when a person is to log in: :func:`needs_window` says so beforehand.
    """
    if not session.live.attached:
        session.vault.key_place()
    if needs_window(session, visible=visible):
        return await session.by_hand()
    credentials = session.credentials()
    assert credentials is not None
    session.budget.check()
    page = await session.new_page()
    session.proof = await session.prove(page)
    if session.proof.state is State.ALIVE:
        await session.save()
        return session.proof
    if session.proof.state is not State.EXPIRED:
        raise await session._login_page(page).stopped(session.proof)
    return await session.log_in(page, credentials)


def needs_window(session: StoreSession, *, visible: bool = False) -> bool:
    """Whether a person has to log in."""
    return visible or session.credentials() is None


async def state(session: StoreSession) -> SessionState:
    """`shoplint session`: nothing is renewed; a session that lives is saved again."""
    stored = session.vault.load(session.name)
    if stored is None and not session.live.attached:
        return SessionState(session.name, stored=False)
    page = await session.new_page()
    session.proof = await session.prove(page)
    await session.save()
    return SessionState(session.name, True, stored.saved if stored else None, session.proof)


def logout(vault: Vault, store: str) -> bool:
    """`shoplint logout`: the stored session is gone; whether there was one."""
    return vault.erase(store)
