"""What ends a walk over the stand-in backend in real Chromium, and what dies in the middle of one."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import timedelta

import pytest

from agent.errors import (
    SessionExpired,
    ShoplintError,
    StoreBusy,
    StoreParked,
    VerificationRequired,
    WrongStore,
)
from agent.live.budget import Budget
from agent.live.watch import CALM_S, MOST_CALMS
from extractors.models import Verdict
from fixtures.standin import Fault
from tests.live.scene import NAME, Scene
from tests.live.walking import Go, Visit, opened, shell, visit

__all__ = ["visit"]

pytestmark = pytest.mark.browser


# What ends a walk


@pytest.mark.parametrize(
    ("fault", "where", "error", "verdict"),
    [
        (Fault.LOGIN_REDIRECT, None, SessionExpired, Verdict.LOGIN),
        (Fault.LOGIN_REDIRECT, "gateway", SessionExpired, Verdict.LOGIN),
        (Fault.SESSION_EXPIRED, None, SessionExpired, None),
        (Fault.SLIDER, None, VerificationRequired, Verdict.VERIFICATION),
        (Fault.PUNISH_PAGE, None, VerificationRequired, Verdict.VERIFICATION),
        (Fault.PUNISH_API, None, VerificationRequired, Verdict.VERIFICATION),
        (Fault.TRAFFIC_LIMIT, None, StoreParked, None),
        (Fault.WRONG_STORE, None, WrongStore, Verdict.WRONG_STORE),
    ],
)
def test_what_a_person_must_see_to_ends_the_walk(
    scene: Scene, visit: Go, fault: Fault, where: str | None, error: type[ShoplintError], verdict: Verdict | None
) -> None:
    scene.standin.set_fault(fault, kind="rating", where=where)
    done = visit("health", "rating", "level")
    assert type(done.stopped) is error
    assert done.stopped is not None
    assert done.stopped.kept is not None
    assert done.stopped.kept.exists()
    assert done.verdicts("health") == [Verdict.EXPECTED]
    assert done.verdicts("rating") == [verdict]
    assert done.verdicts("level") == []
    assert done.manifest["finished_at"]
    rests = MOST_CALMS if fault is Fault.TRAFFIC_LIMIT else 0
    assert scene.standin.count(kind="rating", host="csp.aliexpress.com") == 1 + rests


def test_a_backend_that_was_asked_too_often_gets_a_rest_first(scene: Scene, visit: Go) -> None:
    """One refusal is a reason to slow down, not to go."""
    scene.standin.set_fault(Fault.TRAFFIC_LIMIT, kind="rating", times=1)
    began = scene.clock.time
    done = visit("rating", "level")
    assert done.stopped is None
    assert done.verdicts("rating") == done.verdicts("level") == [Verdict.EXPECTED]
    assert scene.clock.time - began >= timedelta(seconds=CALM_S)


def test_an_empty_list_under_the_stores_name_may_be_a_dead_sessions(scene: Scene, visit: Go) -> None:
    """The shell outlives the session: before a list is believed to be empty, another one is asked."""
    for kind in ("reviews", "documents"):
        scene.standin.set_fault(Fault.EMPTY_SUCCESS, kind=kind)
    scene.standin.set_fault(Fault.EMPTY_SUCCESS, kind="orders", after=1)
    done = visit("rating", "reviews", timeout_s=4.0)
    assert isinstance(done.stopped, SessionExpired)
    assert done.verdicts("rating") == [Verdict.EXPECTED]
    assert done.verdicts("reviews") == [None]


@pytest.mark.parametrize("fault", [Fault.SLIDER, Fault.TRAFFIC_LIMIT])
def test_after_a_verification_the_store_is_left_alone(scene: Scene, visit: Go, fault: Fault) -> None:
    scene.standin.set_fault(fault, kind="health")
    visit("health")
    scene.standin.clear_faults()
    scene.standin.forget()
    with pytest.raises(StoreParked) as parked:
        visit("health")
    assert scene.standin.requests == []
    scene.clock.time = parked.value.until
    assert visit("health").stopped is None


def test_a_session_that_dies_while_a_list_is_read(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="tracking", where="gateway", after=2)
    done = visit("tracking")
    assert isinstance(done.stopped, SessionExpired)
    assert done.verdicts("tracking") == [Verdict.EXPECTED, Verdict.EXPECTED, Verdict.LOGIN]


def test_success_with_nothing_in_it_is_a_dead_session(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.EMPTY_SUCCESS, after=6)
    done = visit("health", "rating", "level", "medal", "settings", timeout_s=1.0)
    assert isinstance(done.stopped, SessionExpired)
    assert all(reading.verdict in (Verdict.EXPECTED, None) for reading in done.readings())
    assert done.errors().popitem()[1] in ("hollow", "session_expired")


FULL_SCREEN = (
    "    if (!name || !shops.length) { return; }",
    '    if (boot.kind === "messages") { name.parentElement.remove(); }\n    if (!name || !shops.length) { return; }',
)
"""The messages fill the screen: nothing says whose they are."""
EMPTY_MESSAGES = (
    "  function load(current, framed) {",
    '  function load(current, framed) {\n    if (boot.kind === "messages") { return; }',
)


def test_a_page_without_the_shell_is_kept_for_its_channel(
    visit: Go, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shell(monkeypatch, FULL_SCREEN)
    with caplog.at_level("INFO", logger="agent.live.watch"):
        done = visit("health", "messages", "settings")
    assert done.stopped is None
    assert done.errors() == {}
    assert [reading.verdict for reading in done.readings()] == [Verdict.EXPECTED] * 3
    assert "messages shows no store name" in caplog.text


def test_one_page_that_never_fills_does_not_end_a_session_that_lives(
    scene: Scene, visit: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell(monkeypatch, FULL_SCREEN, EMPTY_MESSAGES)
    done = visit("health", "messages", "settings", timeout_s=1.5)
    assert done.stopped is None
    assert done.errors() == {}
    assert done.verdicts("messages") == [Verdict.SKELETON]
    assert done.verdicts("settings") == [Verdict.EXPECTED]
    assert scene.standin.count(host="csp.aliexpress.com", kind="orders") == 2, "proven at the start, and once for it"


def test_a_page_that_names_neither_store_nor_channel_is_another_store(
    visit: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = FULL_SCREEN[1].replace("name.parent", 'history.replaceState(null, "", location.pathname); name.parent')
    shell(monkeypatch, (FULL_SCREEN[0], leaving))
    done = visit("health", "messages", "settings")
    assert isinstance(done.stopped, WrongStore)
    assert done.verdicts("settings") == []


@pytest.mark.parametrize("named", [True, False])
def test_a_login_id_before_the_name_does_not_make_another_store(
    visit: Go, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    shell(
        monkeypatch,
        ("    login.textContent =", "    login.parentElement.insertBefore(login, name);\n    login.textContent ="),
    )
    store = {} if named else {"name": ""}
    done = visit("health", "settings", store=store)
    assert done.stopped is None
    assert done.walk is not None
    assert done.walk.course.watch.named == done.scene.standin.store.name


@pytest.mark.parametrize(("key", "value"), [("name", "Southgate Outlet"), ("channel_id", "555001")])
def test_another_store_than_the_configured_one(scene: Scene, visit: Go, key: str, value: str) -> None:
    done = visit("health", "rating", store={key: value})
    assert isinstance(done.stopped, WrongStore)
    assert scene.standin.count(kind="rating") == 0


def test_the_pages_of_a_run_are_enough_or_it_says_so(visit: Go) -> None:
    done = visit("orders", "health", budget={"pages_per_run": 5})
    assert done.stopped is not None
    assert done.stopped.exit_code == 3
    assert len(done.manifest["pages"]) < 5


# Deaths


async def crash(given: Visit, kind: str, times: int = 1) -> None:
    from playwright.async_api import Error

    await opened(given, kind, times)
    assert given.walk is not None
    tab = given.walk.lanes[0].tab
    assert tab is not None
    session = await tab.page.context.new_cdp_session(tab.page)
    with pytest.raises(Error):
        await session.send("Page.crash")


def test_a_page_that_crashes_is_opened_again(scene: Scene, visit: Go) -> None:
    scene.standin.options.answer_delay_s = 0.2

    async def also(given: Visit) -> None:
        await crash(given, "rating")

    done = visit("health", "rating", "level", also=also)
    assert done.stopped is None
    assert done.errors() == {}
    assert done.verdicts("rating") == [Verdict.EXPECTED]


def test_a_browser_that_is_killed_comes_back_and_the_list_goes_on(scene: Scene, visit: Go) -> None:
    scene.standin.options.rolling = True
    scene.standin.options.answer_delay_s = 0.15

    async def also(given: Visit) -> None:
        async with asyncio.timeout(20):
            while not (given.walk and given.walk.writer.pages >= 3):
                await asyncio.sleep(0.01)
        browser = await scene.live.browser()
        session = await browser.new_browser_cdp_session()
        processes = await session.send("SystemInfo.getProcessInfo")
        os.kill(next(p["id"] for p in processes["processInfo"] if p["type"] == "browser"), signal.SIGKILL)

    done = visit("health", "tracking", also=also)
    listing = scene.standin.store.listing("tracking", "")
    assert listing is not None
    assert done.stopped is None
    assert done.errors() == {}
    assert len(done.ids("tracking", "parcels")) > 0
    assert not [p for r in done.readings() for p in r.problems if p.type == "list_incomplete"]
    assert len(done.manifest["pages"]) == 1 + -(-listing.total // listing.size)


def test_a_walk_that_is_cancelled_leaves_a_valid_capture(scene: Scene, visit: Go) -> None:
    given: list[Visit] = []

    async def also(own: Visit) -> None:
        given.append(own)
        await opened(own, "rating")
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        visit("health", "rating", "level", also=also)
    assert given[0].verdicts("health") == [Verdict.EXPECTED]
    assert given[0].manifest["finished_at"] is None


def test_a_second_walk_of_the_same_store_is_refused(scene: Scene, visit: Go) -> None:
    async def also(given: Visit) -> None:
        await opened(given, "health")
        settings = given.session.budget.settings if given.session else None
        assert settings is not None
        with pytest.raises(StoreBusy), Budget(settings, NAME, scene.home.root / "visits").visit():
            raise AssertionError("nobody gets here")

    assert visit("health", also=also).stopped is None
