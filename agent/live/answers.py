"""The gateway's answers to the page: trouble is noticed at once, and what may be kept is kept without personal data.

A body is read as soon as it has arrived, for it is gone with the next navigation. We send no call ourselves.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from agent.capture.writer import Answer
from agent.live.apis import ApiNames, Deed, called
from agent.live.clock import Clock
from agent.live.discretion import without_persons

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Response

log = logging.getLogger(__name__)

_JSONP = re.compile(rb"^\s*[\w$.]+\s*\((.*)\)\s*;?\s*$", re.DOTALL)
_ROUTINE = re.compile(r"FAIL_SYS_(TOKEN_(EMPTY|EXOIRED|EXPIRED|ILLEGAL)|ILLEGAL_ACCESS)")
_BROKEN_OFF = re.compile(r"ERR_ABORTED|BLOCKED", re.IGNORECASE)
DRAIN_S = 5.0
REFUSED_S = 1.0
"""How long after the last answer a page may still repeat a call whose token was refused."""


class Trouble(StrEnum):
    """What an answer says besides data."""

    SESSION = "session_expired"
    VERIFICATION = "verification"
    TRAFFIC = "traffic_limit"
    FAULT = "inner_fault"


_SAID = (
    (re.compile(r"FAIL_SYS_USER_VALIDATE|RGV587_ERROR"), Trouble.VERIFICATION),
    (re.compile(r"FAIL_SYS_(SESSION_EXPIRED|SID_INVALID|NEED_LOGIN)|NEED_LOGIN|FAIL_BIZ_NEED_LOGIN"), Trouble.SESSION),
    (re.compile(r"FAIL_SYS_TRAFFIC_LIMIT"), Trouble.TRAFFIC),
    (re.compile(r"FAIL_SYS_\w+"), Trouble.FAULT),
)


def trouble_of(ret: str) -> Trouble | None:
    """The trouble that a ``ret`` tells of; None for success, for routine and for a "no" of the page's own business."""
    if _ROUTINE.search(ret):
        return None
    return next((trouble for pattern, trouble in _SAID if pattern.search(ret)), None)


@dataclass
class Answers:
    """Listens to the gateway's answers to one page."""

    gateways: list[str]
    apis: ApiNames
    clock: Clock
    keep: bool = True
    alarm: asyncio.Event = field(default_factory=asyncio.Event)
    """Set as soon as an answer says that nothing more will come: signed out, verification, traffic limit."""
    fatal: Trouble | None = None
    faults: list[str] = field(default_factory=list)
    received: int = 0
    faulty: asyncio.Event = field(default_factory=asyncio.Event)
    finished: float | None = None
    """When the newest answer to a call begun since :meth:`begin` was there and read, on the loop's clock."""
    _pending: set[Request] = field(default_factory=set)
    _refused: set[str] = field(default_factory=set)
    """APIs whose token was refused and that were not answered since. Tabs share one token, so they may refresh it into
    each other's calls until the page gives up."""
    _kept: list[Answer] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def watch(self, page: Page) -> None:
        """Listen to this page from now on."""
        page.on("response", self._response)
        page.on("requestfailed", self._failed)
        page.on("request", self._begun)

    def begin(self) -> None:
        """A new page, or a page turned: earlier faults count no longer."""
        self.faults.clear()
        self.faulty.clear()
        self.received = 0
        self.finished = None
        self._pending.clear()
        self._refused.clear()

    def quiet(self, seconds: float) -> bool:
        """Whether a call begun since :meth:`begin` was answered, none is open, and that is so many seconds ago."""
        if self.finished is None or self._pending:
            return False
        return asyncio.get_running_loop().time() - self.finished >= seconds

    def forget(self) -> None:
        """A new start of the page: what was received before is not kept either."""
        self.begin()
        self._kept.clear()

    async def take(self) -> list[Answer]:
        """What was received since the last time, once every body that is under way has been read."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_S)
        taken, self._kept = self._kept, []
        return taken

    def _response(self, response: Response) -> None:
        parts = urlsplit(response.url)
        if parts.hostname not in self.gateways or response.request.method == "OPTIONS":
            return
        api = called(parts.path, dict(parse_qsl(parts.query)))
        task = asyncio.create_task(self._received(response, api))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _begun(self, request: Request) -> None:
        if urlsplit(request.url).hostname in self.gateways and request.method != "OPTIONS":
            self._pending.add(request)

    def _failed(self, request: Request) -> None:
        """A call without an answer; those that the guard blocked or the page itself broke off are no fault."""
        self._pending.discard(request)
        said = request.failure or ""
        if urlsplit(request.url).hostname in self.gateways and not _BROKEN_OFF.search(said):
            self._fault(f"no answer ({said})")

    async def _received(self, response: Response, api: str | None) -> None:
        """Read an answer; the call is pending until then."""
        if api is not None:
            await self._read(response, api)
        if response.request in self._pending:
            self._pending.discard(response.request)
            loop = asyncio.get_running_loop()
            self.finished = loop.time()
            if self._refused:
                loop.call_later(REFUSED_S, self._given_up, self.finished)

    def _given_up(self, since: float) -> None:
        """A page that repeats a refused call no longer will not fill any more."""
        if self._refused and not self._pending and self.finished == since:
            self._fault(f"token refused, {', '.join(sorted(self._refused))}")

    async def _read(self, response: Response, api: str) -> None:
        from playwright.async_api import Error

        if response.status >= 500:
            self._fault(f"HTTP {response.status} from {api}")
            return
        try:
            body = await response.body()
        except Error as error:
            log.debug("the answer of %s was gone: %s", api, error)
            return
        data = parsed(body)
        if data is None:
            if response.status == 200:
                self._fault(f"broken answer from {api}")
            return
        self._judge(api, data)

    def _judge(self, api: str, data: dict[str, Any]) -> None:
        ret = "|".join(map(str, _listed(data.get("ret"))))
        trouble = trouble_of(ret)
        if _ROUTINE.search(ret):
            self._refused.add(api)
        else:
            self._refused.discard(api)
        if trouble is Trouble.FAULT:
            self._fault(f"{ret[:120]} from {api}")
        elif trouble is not None:
            self.fatal = self.fatal or trouble
            self.alarm.set()
        elif ret.startswith("SUCCESS"):
            self.received += 1
            if self.keep and self.apis.judge(api) is Deed.READ:
                self._keep(api, data)

    def _keep(self, api: str, data: dict[str, Any]) -> None:
        """Keep "api", "v", "ret" and "data" without personal data."""
        kept = {"api": api, "v": data.get("v"), "ret": data.get("ret"), "data": without_persons(data.get("data"))}
        if kept["data"]:
            body = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
            self._kept.append(Answer(api, body, self.clock.now()))

    def _fault(self, said: str) -> None:
        self.faults.append(said)
        self.faulty.set()


def parsed(body: bytes) -> dict[str, Any] | None:
    """The object in an answer, plain JSON or JSONP; None when it is neither, or cut off."""
    wrapped = _JSONP.match(body) if body.lstrip()[:1] not in (b"{", b"[") else None
    try:
        data = json.loads(wrapped[1] if wrapped else body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _listed(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else [value]
