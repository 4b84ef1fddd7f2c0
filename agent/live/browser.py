"""The browser: found, started so that it is quiet, started again when it died, or attached to where one runs."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import urlsplit

import tomli

from agent.errors import BrowserLost, BrowserMissing
from agent.live.driver import driver
from agent.live.gate import Gate
from checks.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import Browser, BrowserContext, Playwright

    from agent.live.guard import Guard

log = logging.getLogger(__name__)

QUIET = (
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
)
RULES = "--host-resolver-rules="
HERE = ("127.0.0.1", "localhost", "[::1]")
START_S = 30.0
WINDOW = {"width": 1440, "height": 900}


class BrowserSettings(Protocol):
    """[browser] of config.toml."""

    @property
    def executable(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def args(self) -> Sequence[str]: ...
    @property
    def ignore_https_errors(self) -> bool: ...
    @property
    def headless(self) -> bool: ...
    @property
    def proxy(self) -> str: ...
    @property
    def cdp_url(self) -> str: ...
    @property
    def timeout_s(self) -> float: ...


@dataclass(frozen=True)
class Candidate:
    """A browser that could be used: where it was looked for, what was found there, and why it is not the one."""

    name: str
    path: Path | None = None
    channel: str | None = None
    problem: Text | None = None


ABSENT = Text("未安装", "not installed")
NO_WINDOW = Text("没有窗口，不能用于人工登录", "it has no window, which a login by hand needs")


def candidates(settings: BrowserSettings, *, headless: bool = True, own: Path | None = None) -> list[Candidate]:
    """Every browser that is looked for, in order; the first one without a problem is used.

    A configured executable or channel is the only one that is looked for: a person named it. ``own`` is where
    Playwright keeps its browser, when that is known.
    """
    if settings.executable:
        path = Path(settings.executable).expanduser()
        missing = None if path.is_file() else Text("文件不存在", "there is no such file")
        return [Candidate(f"executable = {settings.executable}", path, problem=missing)]
    if settings.channel:
        return [Candidate(f"channel = {settings.channel}", channel=settings.channel)]
    return [_own(own, headless), *_system(headless)]


def _own(path: Path | None, headless: bool) -> Candidate:
    """Playwright's own browser; without a window it has a smaller one, which it finds by itself."""
    name = "Playwright"
    if path is not None and path.is_file():
        return Candidate(name, path)
    if headless and _downloaded("chromium_headless_shell-*"):
        return Candidate(name, channel="chromium-headless-shell")
    if _downloaded("chromium-*"):
        return Candidate(name, channel="chromium")
    return Candidate(name, problem=ABSENT)


def _downloaded(pattern: str) -> bool:
    """Whether one of Playwright's downloads is there, whole."""
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "ms-playwright"
    elif sys.platform == "darwin":
        base = Path("~/Library/Caches/ms-playwright").expanduser()
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "ms-playwright"
    folder = Path(given) if given and given != "0" else base
    return any((download / "INSTALLATION_COMPLETE").exists() for download in folder.glob(pattern))


def _system(headless: bool) -> list[Candidate]:
    found = []
    for entry in _places():
        path = next((path for place in entry["paths"] if (path := _located(place))), None)
        problem = ABSENT if path is None else NO_WINDOW if entry.get("shell") and not headless else None
        found.append(Candidate(entry["name"], path, problem=problem))
    return found


def _located(place: str) -> Path | None:
    """The program at this place; a name alone is looked for on the PATH, links are followed to the program itself."""
    place = re.sub(r"%([^%]+)%", lambda name: os.environ.get(name[1], name[0]), place)
    path = Path(place) if "/" in place or "\\" in place else Path(shutil.which(place) or "")
    return path if path.is_file() and os.access(path, os.X_OK) else None


@cache
def _places() -> list[dict[str, Any]]:
    text = (files("agent") / "data" / "browsers.toml").read_text("utf-8")
    places: list[dict[str, Any]] = tomli.loads(text)["browsers"]
    return places


def mending() -> str:
    """The command that installs a browser on this machine."""
    if sys.platform.startswith("linux") and shutil.which("apt-get"):
        sudo = "" if _is_root() else "sudo "
        return f"{sudo}apt-get install --no-install-recommends chromium-headless-shell fonts-wqy-microhei"
    return f"{Path(sys.executable).name} -m playwright install chromium"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


class LiveBrowser:
    """One browser for a whole run. ``browser()`` gives it, started anew when it died in between.

    ``fence`` names the only hosts that the browser may resolve, which holds where a guard cannot look (redirects,
    workers). It is left out with a proxy, which resolves names itself, where the arguments have rules of their own, and
    with a window: a person who logs in may be led to a verification on another host.
    """

    def __init__(self, settings: BrowserSettings, *, headless: bool | None = None, fence: Sequence[str] = ()) -> None:
        self.settings = settings
        self.headless = settings.headless if headless is None else headless
        self.fence = tuple(fence)
        self.used: Candidate | None = None
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._gate: tuple[Browser, Gate] | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        if self.settings.ignore_https_errors:
            log.warning(
                Text(
                    "设置了 ignore_https_errors：不检查证书，只应用于测试",
                    "ignore_https_errors is set: certificates are not checked; for tests only",
                )
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def attached(self) -> bool:
        """The browser is somebody else's: its own profile is used, and it keeps running."""
        return bool(self.settings.cdp_url)

    async def browser(self) -> Browser:
        """The running browser; BrowserMissing or BrowserLost when there is none to be had."""
        async with self._starting:  # whoever asks meanwhile gets the same one
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._started()
            return self._browser

    async def context(
        self, *, storage_state: Any = None, locale: str = "zh-CN", user_agent: str | None = None
    ) -> BrowserContext:
        """A new context that keeps nothing and downloads nothing; in an attached browser the profile's own."""
        browser = await self.browser()
        if self.attached and storage_state is None and browser.contexts:
            return browser.contexts[0]
        context = await browser.new_context(
            storage_state=storage_state,
            user_agent=user_agent,
            locale=locale,
            ignore_https_errors=self.settings.ignore_https_errors,
            accept_downloads=False,
            service_workers="block",
            viewport={"width": WINDOW["width"], "height": WINDOW["height"]},
        )
        context.set_default_timeout(self.settings.timeout_s * 1000)
        return context

    async def gate(self) -> Gate:
        """The gate around the running browser; made with it, and as long there."""
        browser = await self.browser()
        if self._gate is None or self._gate[0] is not browser:
            self._gate = browser, await Gate.around(browser)
        return self._gate[1]

    def leave(self, guard: Guard) -> None:
        """This guard's visit is over."""
        if self._gate is not None:
            self._gate[1].leave(guard)

    async def close(self) -> None:
        """End the browser, or let go of one that is somebody else's."""
        from playwright.async_api import Error

        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        try:
            if browser is not None:
                await browser.close()
        except Error as error:
            log.debug("the browser had ended already: %s", error)
        finally:
            if playwright is not None:
                await playwright.stop()

    # --- starting ---------------------------------------------------------------------------------------------

    async def _started(self) -> Browser:
        from playwright.async_api import Error

        for fresh in (False, True):
            if fresh and self._playwright is not None:
                self._playwright = None  # its driver died with the browser; a new one is started
            if self._playwright is None:
                self._playwright = await driver()
            try:
                return await self._attach() if self.attached else await self._launch()
            except Error as error:
                if fresh or "connection closed" not in str(error).lower():
                    raise BrowserLost(said=_first_line(error)) from error
        raise AssertionError  # the loop either returns or raises

    async def _attach(self) -> Browser:
        assert self._playwright is not None
        return await self._playwright.chromium.connect_over_cdp(self.settings.cdp_url, timeout=START_S * 1000)

    async def _launch(self) -> Browser:
        from playwright.async_api import Error

        assert self._playwright is not None
        own = Path(self._playwright.chromium.executable_path)
        known = candidates(self.settings, headless=self.headless, own=own)
        failed: Error | None = None
        for candidate in known:
            if candidate.problem:
                continue
            try:
                browser = await self._start(candidate)
            except Error as error:
                log.warning(
                    Text("%s 无法启动：%s", "%s does not start: %s"),
                    candidate.path or candidate.name,
                    _first_line(error),
                )
                failed = error
                continue
            self.used = candidate
            return browser
        if failed is not None:
            raise failed
        raise BrowserMissing(looked=[candidate.name for candidate in known], mend=mending())

    async def _start(self, candidate: Candidate) -> Browser:
        """Start in the browser's own sandbox where the system lets it have one; root has none."""
        from playwright.async_api import Error

        if _is_root():
            return await self._start_in(candidate, sandbox=False)
        try:
            return await self._start_in(candidate, sandbox=True)
        except Error as error:
            if "sandbox" not in str(error).lower():
                raise
            log.warning(
                Text(
                    "这个系统不给浏览器沙箱，浏览器不带沙箱运行",
                    "this system gives the browser no sandbox; it runs without one",
                )
            )
            return await self._start_in(candidate, sandbox=False)

    async def _start_in(self, candidate: Candidate, *, sandbox: bool) -> Browser:
        assert self._playwright is not None
        return await self._playwright.chromium.launch(
            executable_path=candidate.path,
            channel=candidate.channel,
            headless=self.headless,
            args=self.arguments(),
            chromium_sandbox=sandbox,
            proxy=_proxy(self.settings.proxy),
            timeout=START_S * 1000,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )

    def arguments(self) -> list[str]:
        """What the browser is started with; the user's own arguments come last and win."""
        own = [fenced(argument) if self.fence and self.headless else argument for argument in self.settings.args]
        given = [*QUIET]
        ruled = bool(self.settings.proxy) or any(argument.startswith(RULES) for argument in own)
        if self.fence and self.headless and not ruled:
            hosts = " , ".join(f"EXCLUDE {host}" for host in self.fence)
            given.append(f"{RULES}MAP * ~NOTFOUND , {hosts}")
        return given + own


def fenced(argument: str) -> str:
    """Host rules that lead to this machine are a stand-in's: what they do not map is not to be had, here or elsewhere.

    Without this a test run would leave the stand-in for the real hosts of scripts and style sheets.
    """
    if not argument.startswith(RULES):
        return argument
    rules = [rule.split() for rule in argument.removeprefix(RULES).split(",")]
    mapped = {rule[1]: rule[2] for rule in rules if len(rule) == 3 and rule[0].upper() == "MAP"}
    here = [target for target in mapped.values() if target.rsplit(":", 1)[0] in HERE or target in HERE]
    if not here or len(here) < len(mapped) or "*" in mapped:
        return argument
    return " , ".join([argument, "MAP * ~NOTFOUND", *(f"EXCLUDE {host.strip('[]')}" for host in HERE)])


def _proxy(address: str) -> Any:
    """The proxy as Playwright wants it: name and password apart from the server."""
    if not address:
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    port = f":{parts.port}" if parts.port else ""
    found = {"server": f"{parts.scheme}://{parts.hostname}{port}"}
    if parts.username:
        found |= {"username": parts.username, "password": parts.password or ""}
    return found


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
