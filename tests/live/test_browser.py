"""The browser: which one is taken, what it is started with, that it comes back when it died."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import stat
from pathlib import Path

import pytest

from agent.config import BrowserConfig
from agent.errors import BrowserLost, BrowserMissing
from agent.live import browser as module
from agent.live.browser import QUIET, LiveBrowser, candidates, mending


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose programs lie in one folder; there are none yet."""
    places = [
        {"name": "chromium-headless-shell", "shell": True, "paths": [str(tmp_path / "shell")]},
        {"name": "Chromium", "paths": ["chromium-of-this-test"]},
        {"name": "Google Chrome", "paths": ["%THIS_TEST%/chrome"]},
    ]
    monkeypatch.setattr(module, "_places", lambda: places)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("THIS_TEST", str(tmp_path / "apps"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    (tmp_path / "apps").mkdir()
    return tmp_path


def program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def chosen(settings: BrowserConfig | None = None, *, headless: bool = True) -> list[str]:
    found = candidates(settings or BrowserConfig(), headless=headless)
    return [candidate.name for candidate in found if candidate.problem is None]


def test_browsers_are_looked_for_in_order(machine: Path) -> None:
    assert chosen() == []
    program(machine / "apps" / "chrome")
    assert chosen() == ["Google Chrome"]
    program(machine / "chromium-of-this-test")
    assert chosen() == ["Chromium", "Google Chrome"]
    program(machine / "shell")
    assert chosen() == ["chromium-headless-shell", "Chromium", "Google Chrome"]
    (machine / "downloads" / "chromium_headless_shell-1200").mkdir(parents=True)
    assert chosen()[0] == "chromium-headless-shell"
    (machine / "downloads" / "chromium_headless_shell-1200" / "INSTALLATION_COMPLETE").touch()
    assert chosen()[0] == "Playwright"


def test_a_window_needs_a_browser_that_has_one(machine: Path) -> None:
    program(machine / "shell")
    assert chosen(headless=False) == []
    problems = {c.name: c.problem.en for c in candidates(BrowserConfig(), headless=False) if c.problem}
    assert "no window" in problems["chromium-headless-shell"]
    assert problems["Chromium"] == "not installed"


def test_what_was_configured_is_the_only_one(machine: Path) -> None:
    program(machine / "shell")
    own = program(machine / "mine")
    assert chosen(BrowserConfig(executable=str(own))) == [f"executable = {own}"]
    assert chosen(BrowserConfig(executable=str(machine / "gone"))) == []
    assert chosen(BrowserConfig(channel="chrome")) == ["channel = chrome"]


def test_the_arguments_are_quiet_and_the_users_come_last() -> None:
    live = LiveBrowser(BrowserConfig(args=("--lang=zh",)), fence=("csp.aliexpress.com", "*.alicdn.com"))
    given = live.arguments()
    assert given[: len(QUIET)] == list(QUIET)
    assert given[-1] == "--lang=zh"
    assert "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE csp.aliexpress.com , EXCLUDE *.alicdn.com" in given


def test_a_stand_in_has_only_the_hosts_that_are_mapped_to_it() -> None:
    rules = "--host-resolver-rules=MAP *.aliexpress.com 127.0.0.1:8443"
    given = LiveBrowser(BrowserConfig(args=(rules,)), fence=("csp.aliexpress.com", "*.alicdn.com")).arguments()
    assert given[-1].startswith(f"{rules} , MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
    assert [argument.startswith("--host-resolver-rules=") for argument in given].count(True) == 1
    elsewhere = "--host-resolver-rules=MAP csp.aliexpress.com 203.0.113.7"
    assert LiveBrowser(BrowserConfig(args=(elsewhere,)), fence=("csp.aliexpress.com",)).arguments()[-1] == elsewhere


@pytest.mark.parametrize(
    "settings",
    [BrowserConfig(args=("--host-resolver-rules=MAP * 127.0.0.1",)), BrowserConfig(proxy="http://proxy:3128")],
)
def test_the_fence_gives_way(settings: BrowserConfig) -> None:
    fenced = LiveBrowser(settings, fence=("csp.aliexpress.com",)).arguments()
    assert not any("~NOTFOUND" in argument for argument in fenced)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("", None),
        ("proxy:3128", {"server": "http://proxy:3128"}),
        ("socks5://proxy", {"server": "socks5://proxy"}),
        ("http://me:secret@proxy:3128", {"server": "http://proxy:3128", "username": "me", "password": "secret"}),
    ],
)
def test_a_proxy_is_taken_apart(address: str, wanted: dict[str, str] | None) -> None:
    assert module._proxy(address) == wanted


def test_certificates_that_are_not_checked_are_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with LiveBrowser(BrowserConfig(ignore_https_errors=True)):
            pass

    with caplog.at_level(logging.WARNING):
        asyncio.run(work())
    assert "certificates are not checked" in caplog.text


# In a browser


async def started(settings: BrowserConfig) -> str:
    async with LiveBrowser(settings) as live:
        return (await live.browser()).version


@pytest.mark.browser
def test_no_browser_is_told_with_what_mends_it(machine: Path) -> None:
    with pytest.raises(BrowserMissing) as missing:
        asyncio.run(started(BrowserConfig()))
    assert mending() in str(missing.value)
    assert mending() in missing.value.text.zh
    assert missing.value.exit_code == 5


@pytest.mark.browser
def test_a_program_that_is_no_browser_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrowserLost):
        asyncio.run(started(BrowserConfig(executable=str(program(tmp_path / "no-browser")))))


@pytest.mark.browser
def test_a_browser_that_died_comes_back() -> None:
    async def work() -> tuple[bool, str]:
        async with LiveBrowser(BrowserConfig()) as live:
            first = await live.browser()
            assert await live.browser() is first
            ended = asyncio.Event()
            first.on("disconnected", lambda _: ended.set())
            session = await first.new_browser_cdp_session()
            processes = await session.send("SystemInfo.getProcessInfo")
            os.kill(next(p["id"] for p in processes["processInfo"] if p["type"] == "browser"), signal.SIGKILL)
            await asyncio.wait_for(ended.wait(), 20)
            second = await live.browser()
            page = await (await live.context()).new_page()
            return second is not first, await page.evaluate("'alive'")

    assert asyncio.run(work()) == (True, "alive")


@pytest.mark.browser
def test_a_context_keeps_nothing_and_lets_no_service_worker_in() -> None:
    async def work() -> bool:
        async with LiveBrowser(BrowserConfig()) as live:
            context = await live.context(locale="en-US")
            page = await context.new_page()
            assert await page.evaluate("navigator.language") == "en-US"
            return not context.service_workers

    assert asyncio.run(work())


@pytest.mark.browser
def test_a_running_browser_is_attached_to_and_left_running() -> None:
    async def work() -> tuple[bool, int, bool]:
        settings = BrowserConfig(args=("--remote-debugging-port=0",))
        async with LiveBrowser(BrowserConfig()) as finder:
            await finder.browser()
            assert finder.used is not None
            path = finder.used.path
        other = await asyncio.create_subprocess_exec(
            str(path), *settings.args, "--no-sandbox", "--headless", "about:blank", stderr=asyncio.subprocess.PIPE
        )
        try:
            assert other.stderr is not None
            async with asyncio.timeout(20):
                while b"DevTools listening on " not in (line := await other.stderr.readline()):
                    assert line
            url = line.split()[-1].decode()
            async with LiveBrowser(BrowserConfig(cdp_url=url)) as live:
                browser = await live.browser()
                own = await live.context()
                return live.attached, len(browser.contexts), own is browser.contexts[0] and other.returncode is None
        finally:
            other.kill()
            await other.wait()

    assert asyncio.run(work()) == (True, 1, True)
