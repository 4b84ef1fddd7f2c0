"""Whether a browser is signed in, and to the right store: proven by a list page, never by an address or a counter.

A dead session has three dresses: the way leads to the login; the gateway refuses the page's calls; or everything
succeeds and holds nothing. The last one is believed when a second list stays empty too: a store without any order
still has its licences. A page that is merely late looks the same for a while, so nothing is concluded from a page
that still changes, and nothing at all right after a login that went through.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from agent.capture.model import BACKEND_ZONE
from agent.errors import BrowserLost, NetworkFailed, PageTimeout, Unreachable
from agent.home import Home
from extractors import page as pages
from extractors.markup import parse
from extractors.models import Store, Verdict
from extractors.outline import Outline
from extractors.pages import page_kinds
from extractors.verdicts import classify, holds_rows
from extractors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Response

WITNESSES = ("orders", "documents")
"""The lists that are asked; the next one only when the one before says neither yes nor no."""

GRACE_S = 2.0
"""How long a page may still show its rows after the gateway refused one of its calls."""

QUIET_S = 12.0
"""How long a page must stand still, all its answers in, before its emptiness is believed: the first paint may come 8 s
after the data."""

OFTEN = 2
"""How often a page makes one call for its content, a refused token included; what comes more often asks for news."""

FIRST_LOOK_S, LAST_LOOK_S = 0.05, 0.5
SLOWER = 1.2

Opening = Callable[[], Awaitable[None]]

_RET = re.compile(r'"ret"\s*:\s*\[([^\]]*)\]')
_SAID = {
    "expired": re.compile(r"FAIL_SYS_SESSION_EXPIRED|NEED_LOGIN|SID_INVALID"),
    "verification": re.compile(r"RGV587_ERROR|FAIL_SYS_USER_VALIDATE"),
    "limit": re.compile(r"FAIL_SYS_TRAFFIC_LIMIT"),
}
_FINAL = frozenset({Verdict.EXPECTED, Verdict.LOGIN, Verdict.VERIFICATION, Verdict.ERROR_PAGE})
_NAUGHT = re.compile(r"[(（]\s*0\s*[)）]$")
_SOME = re.compile(r"[(（]\s*[1-9]\d*\+?\s*[)）]$")
"""What a tab prints behind its name."""
_DIGITS = re.compile(r"\d+")
_HOLLOW = frozenset({Verdict.EMPTY, Verdict.SKELETON})


@dataclass(frozen=True)
class Account:
    """A store as the live half meets it: its name on the command line, what it must be, how its pages are read."""

    name: str
    store: Store
    vocabulary: Vocabulary
    home: Home
    timeout_s: float = 30.0
    lang: str | None = None
    """The language that pages are asked for, as the backend writes it: zh_CN, en_US."""

    def address(self, kind: str) -> str:
        found = self.vocabulary.site.address(kind, self.store.channel_id)
        if found is None:
            raise KeyError(kind)
        if self.lang is None:
            return found
        return f"{found}{'&' if '?' in found else '?'}_lang={self.lang}"

    def on_login_host(self, url: str) -> bool:
        return _among(url, self.vocabulary.site.login_hosts)

    def on_own_host(self, url: str) -> bool:
        return _among(url, self.vocabulary.site.hosts)


def _among(url: str, hosts: list[str]) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == known or (known.startswith("*.") and host.endswith(known[1:])) for known in hosts)


class State(StrEnum):
    """What a proof comes to."""

    ALIVE = "alive"
    EXPIRED = "expired"
    VERIFICATION = "verification"
    WRONG_STORE = "wrong_store"
    LIMITED = "limited"
    UNPROVEN = "unproven"


_STATES = {
    Verdict.EXPECTED: State.ALIVE,
    Verdict.LOGIN: State.EXPIRED,
    Verdict.VERIFICATION: State.VERIFICATION,
    Verdict.WRONG_STORE: State.WRONG_STORE,
}


@dataclass(frozen=True)
class Proof:
    """The state, the kind of the list that gave it, and what it showed."""

    state: State
    kind: str
    verdict: Verdict
    shown: str | None = None
    """Whose pages they are, as far as they say: a store name or a channel; None when they say nothing."""
    dress: str | None = None
    """How a dead session showed itself: "redirect", "gateway" or "empty"."""
    answered: bool = True
    """Whether the page got all the answers that it asked for, and stood still for long enough to have shown them."""

    @property
    def hollow(self) -> bool:
        """Whether the list was empty when all was there that it waited for."""
        return self.verdict in _HOLLOW and self.answered


@dataclass
class Answers:
    """What the gateway said to a page's own calls: the kinds of refusals, with the time of the first."""

    hosts: frozenset[str]
    refusals: dict[str, float] = field(default_factory=dict)
    pending: set[Request] = field(default_factory=set)
    last: float | None = None
    """When the newest answer came."""
    calls: Counter[str] = field(default_factory=Counter)
    """How often each call was made; what is asked again and again waits for news and not for the page."""

    def asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.hostname in self.hosts:
            self.calls[parts.path] += 1
            if self.calls[parts.path] <= OFTEN:
                self.pending.add(request)

    def answered(self, request: Request) -> None:
        if request in self.pending:
            self.pending.discard(request)
            self.last = asyncio.get_running_loop().time()

    def all_in(self) -> bool:
        """Everything that was asked for was answered."""
        return self.last is not None and not self.pending

    async def note(self, response: Response) -> None:
        if urlsplit(response.url).hostname not in self.hosts:
            return
        from playwright.async_api import Error

        with contextlib.suppress(Error, UnicodeDecodeError):  # a body is gone once the page has moved on
            found = _RET.search(await response.text())
            for name, pattern in _SAID.items():
                if found and pattern.search(found[1]):
                    self.refusals.setdefault(name, asyncio.get_running_loop().time())

    def said(self) -> str | None:
        """The refusal that has stood for long enough to be believed."""
        now = asyncio.get_running_loop().time()
        return next((name for name, at in self.refusals.items() if now - at >= GRACE_S), None)


@contextlib.asynccontextmanager
async def listening(page: Page, account: Account) -> AsyncIterator[Answers]:
    """Notes what the gateway answers to the page meanwhile."""
    answers = Answers(frozenset(account.vocabulary.site.gateway_hosts))
    page.on("request", answers.asked)
    page.on("requestfinished", answers.answered)
    page.on("requestfailed", answers.answered)
    page.on("response", answers.note)
    try:
        yield answers
    finally:
        page.remove_listener("request", answers.asked)
        page.remove_listener("requestfinished", answers.answered)
        page.remove_listener("requestfailed", answers.answered)
        page.remove_listener("response", answers.note)


async def until(look: Callable[[], Awaitable[bool]], timeout_s: float) -> bool:
    """Look again and again, ever more slowly, until it is true or the time is over."""
    loop = asyncio.get_running_loop()
    end, pause = loop.time() + timeout_s, FIRST_LOOK_S
    while not await look():
        left = end - loop.time()
        if left <= 0:
            return False
        await asyncio.sleep(min(pause, left))
        pause = min(pause * SLOWER, LAST_LOOK_S)
    return True


async def goto(page: Page, url: str, timeout_s: float) -> None:
    """Open an address; Unreachable when nothing comes."""
    from playwright.async_api import Error, TimeoutError

    try:
        await page.goto(url, wait_until="domcontentloaded", timeout=timeout_s * 1000)
    except TimeoutError:
        raise PageTimeout(url=_plain(url), waited_s=timeout_s) from None
    except Error as error:
        said = error.message.splitlines()[0]
        if "net::ERR_ABORTED" in said:  # the page itself went on to another address
            return
        if "net::" in said:
            found = re.search(r"net::\w+", said)
            raise NetworkFailed(url=_plain(url), said=found[0] if found else "") from None
        raise BrowserLost(said=said.split(" at ")[0]) from None


async def landed(page: Page, timeout_s: float) -> None:
    """Let the page that a login led to finish: its scripts may store a part of the session, which leaving it loses."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await page.wait_for_load_state("load", timeout=timeout_s * 1000)


def _plain(url: str) -> str:
    return url.partition("?")[0]


@dataclass(frozen=True)
class Look:
    """A page at one moment."""

    verdict: Verdict = Verdict.UNKNOWN
    whose: str | None = None
    body: str = ""
    said: bool = False
    """The page itself says that there is nothing: a marker, a total of 0, counters that are all 0."""
    url: str = ""
    gist: str = ""
    """Its texts without digits: a clock that runs or a counter that counts is no change."""


async def looked(page: Page, account: Account, kind: str, before: Look | None = None) -> Look:
    """What a page is at this moment, and whose; the look ``before`` holds on while the page has not changed."""
    from playwright.async_api import Error

    try:
        body, url = await page.content(), page.url
    except Error as error:
        if page.is_closed():
            raise BrowserLost(said=error.message.splitlines()[0]) from None
        return Look()  # it is just moving to another address
    if before is not None and (before.body, before.url) == (body, url):
        return before
    markup = parse(body.encode())
    shown = pages.Page(kind, body.encode(), datetime.now(UTC), ZoneInfo(BACKEND_ZONE), url=url, store=account.store)
    reader = pages.PageReader(shown, markup, Outline(markup.tree), account.vocabulary)
    found = classify(reader, page_kinds()[kind])
    if found is Verdict.EXPECTED and not holds_rows(reader, page_kinds()[kind]):
        found = Verdict.EMPTY if reader.says_empty() else Verdict.SKELETON  # figures alone are counters: no proof
    whose = _whose(reader, url) if found is Verdict.WRONG_STORE else None
    said = found is Verdict.EMPTY or (found is Verdict.SKELETON and _counts_naught(reader))
    return Look(found, whose, body, said, url, _DIGITS.sub("", " ".join(c.text for c in reader.outline.chunks)))


def _counts_naught(reader: pages.PageReader) -> bool:
    """Whether all counters of the page are at 0, and there is one."""
    texts = [chunk.text.strip() for chunk in reader.outline.chunks]
    zero = any(_NAUGHT.search(text) for text in texts) or reader.total() == 0
    return zero and not any(_SOME.search(text) for text in texts)


def _whose(reader: pages.PageReader, url: str) -> str | None:
    from extractors.shell import store_shown

    channel = parse_qs(urlsplit(url).query).get("channelId", [None])[0]
    name = store_shown(reader.outline, reader.vocabulary)
    return ", ".join(part for part in (name, f"channelId={channel}" if channel else None) if part) or None


async def prove(
    page: Page, account: Account, opening: Opening | None = None, *, fresh: bool = False, first: str | None = None
) -> Proof:
    """Open a list and say what it proves; another list when the first one stays empty or does not come.

    ``opening`` is awaited before each page: a budget counts there. ``fresh``: a login has just gone through, so lists
    that stay empty prove nothing. ``first``: the list that is known to have rows is asked before the others.
    """
    seen: list[Proof] = []
    witnesses = sorted(WITNESSES, key=lambda kind: kind != first)
    for kind in witnesses:
        if opening is not None:
            await opening()
        try:
            async with listening(page, account) as answers:
                await goto(page, account.address(kind), account.timeout_s)
                proof = await settled(page, account, kind, answers)
        except BrowserLost:
            raise
        except Unreachable:
            if kind == witnesses[-1]:
                raise
            continue
        if proof.state is not State.UNPROVEN:
            return proof
        seen.append(proof)
    if len(seen) == len(WITNESSES) and all(proof.hollow for proof in seen):
        state = State.UNPROVEN if fresh else State.EXPIRED
        return Proof(state, seen[0].kind, seen[0].verdict, dress="empty")
    return seen[0]


async def settled(page: Page, account: Account, kind: str, answers: Answers) -> Proof:
    """Wait until a page that is already opened says what it is; bounded by the account's ``timeout_s``."""
    loop = asyncio.get_running_loop()
    last, same, changed = Look(), 0, loop.time()

    def quiet() -> float:
        """For how long nothing has come and nothing has changed."""
        return loop.time() - max(changed, answers.last or 0.0) if answers.all_in() else 0.0

    async def look() -> bool:
        nonlocal last, same, changed
        before, last = last, await looked(page, account, kind, last)
        if last.gist != before.gist:
            changed = loop.time()
        same = same + 1 if (last.verdict, last.whose) == (before.verdict, before.whose) else 0
        if last.verdict in _FINAL or (last.verdict is Verdict.WRONG_STORE and same):
            return True
        return answers.said() is not None or (last.said and quiet() >= QUIET_S)

    await until(look, account.timeout_s)
    found = last.verdict
    if found in _STATES:
        dress = "redirect" if found is Verdict.LOGIN and "expired" not in answers.refusals else "gateway"
        return Proof(_STATES[found], kind, found, last.whose, dress if found is Verdict.LOGIN else None)
    said = next(iter(answers.refusals), None) if found not in (Verdict.EMPTY, Verdict.ERROR_PAGE) else None
    if said == "expired":
        return Proof(State.EXPIRED, kind, found, dress="gateway")
    if said == "verification":
        return Proof(State.VERIFICATION, kind, found)
    state = State.LIMITED if said == "limit" else State.UNPROVEN
    return Proof(state, kind, found, answered=quiet() >= min(QUIET_S, account.timeout_s / 2))
