"""Several tabs side by side over the stand-in backend: the same capture, the same guards, one end for all."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from agent.errors import (
    BudgetSpent,
    SessionExpired,
    ShoplintError,
    StoreParked,
    VerificationRequired,
    WrongPassword,
    WrongStore,
)
from agent.live.walk import Walk
from extractors.models import Verdict
from fixtures.standin import Fault, LoginResult
from tests.live.scene import Scene
from tests.live.walking import Go, Visit, opened, visit

__all__ = ["visit"]

pytestmark = pytest.mark.browser

FEW = ("health", "rating", "level", "medal", "documents", "settings", "messages", "reviews")


def orderly(done: Visit) -> None:
    """Sequences count up for each kind, views come in their order, every file is there, and named once."""
    pages = done.manifest["pages"]
    for kind in {page["kind"] for page in pages}:
        own = [page for page in pages if page["kind"] == kind]
        assert [page["sequence"] for page in own] == [*range(1, len(own) + 1)]
    orders = [page["view"] for page in pages if page["kind"] == "orders"]
    assert list(dict.fromkeys(orders)) == ["awaiting_shipment", "awaiting_receipt", "all"][: len(set(orders))]
    assert orders == sorted(orders, key=list(dict.fromkeys(orders)).index)
    assert len({page["file"] for page in pages}) == len(pages)
    assert all((done.folder / page["file"]).is_file() for page in pages if page["file"])


def complete(done: Visit) -> None:
    """Orderly, and no list lacks a row."""
    orderly(done)
    assert not [problem for r in done.readings() for problem in r.problems if problem.type == "list_incomplete"]


def most_at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tabs were waiting for a page, each time one began to."""
    from agent.live.tab import Tab

    found, now = [0], 0
    original = Tab._looked

    async def counted(self: Tab, wish: dict[str, Any]) -> Any:
        nonlocal now
        now += 1
        found.append(now)
        try:
            return await original(self, wish)
        finally:
            now -= 1

    monkeypatch.setattr(Tab, "_looked", counted)
    return found


def test_a_whole_store_is_the_same_with_several_tabs(
    visit: Go, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def again() -> int:
        """How many pages were opened anew: tabs share a token, and a call that lost it is no fault."""
        return sum(record.name == "agent.live.retry" for record in caplog.records)

    at_once = most_at_once(monkeypatch)
    alone, once = visit(), again()
    together = visit(tabs=3, timeout_s=8.0)
    twice = again() - once
    assert together.stopped is None
    assert together.errors() == {}
    complete(together)
    assert max(at_once) == 3

    def seen(done: Visit) -> list[tuple[Any, ...]]:
        keys = ("kind", "view", "sequence", "url")
        return sorted(tuple(str(page[key]) for key in keys) for page in done.manifest["pages"])

    assert seen(together) == seen(alone)
    assert {reading.verdict for reading in together.readings()} == {Verdict.EXPECTED}
    assert together.walked is not None
    assert alone.walked is not None
    counted = together.walked.used.run - twice, alone.walked.used.run - once
    assert counted[0] == counted[1], "every page is counted, and none twice"
    answers = [{entry["api"] for entry in done.manifest["responses"]} for done in (alone, together)]
    assert answers[0] == answers[1]
    assert [told.number for told in together.told if told.kind == "settings"][:1] == [14]


def test_one_tab_finds_out_whether_the_session_lives(scene: Scene, visit: Go) -> None:
    scene.standin.expire_sessions()
    done = visit(*FEW, tabs=4)
    assert isinstance(done.stopped, SessionExpired)
    assert done.manifest["pages"] == []
    assert scene.standin.count(host="csp.aliexpress.com") == 1


def test_parcels_are_looked_up_side_by_side(scene: Scene, visit: Go) -> None:
    room = {"pages_per_run": 14}
    done = visit("orders", "tracking", tabs=3, capture={"max_list_pages": 2}, budget=room, timeout_s=8.0)
    assert isinstance(done.stopped, BudgetSpent)
    single = [page for page in done.manifest["pages"] if "tradeOrderId" in page["url"]]
    assert len({page["url"] for page in single}) == len(single) > 1
    sequences = [page["sequence"] for page in done.manifest["pages"] if page["kind"] == "tracking"]
    assert sequences == [*range(1, len(sequences) + 1)]


def test_pages_begin_one_after_the_other(scene: Scene, visit: Go) -> None:
    done = visit(*FEW, tabs=4, budget={"min_interval_s": 2.0}, timeout_s=8.0)
    assert done.stopped is None
    assert done.session is not None
    starts = list(done.session.budget._visits.pages)[-len(FEW) - 1 :]
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert min(gaps) >= timedelta(seconds=2)


def test_the_pages_of_a_run_are_counted_over_all_tabs(scene: Scene, visit: Go) -> None:
    done = visit(*FEW, tabs=4, budget={"pages_per_run": 5})
    assert done.stopped is not None
    assert done.stopped.exit_code == 3
    assert done.walked is not None
    assert done.walked.used.run == 5
    assert scene.standin.count(host="csp.aliexpress.com", path="/m_apps/logistics/settings") == 0


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.LOGIN_REDIRECT, SessionExpired),
        (Fault.SESSION_EXPIRED, SessionExpired),
        (Fault.SLIDER, VerificationRequired),
        (Fault.PUNISH_API, VerificationRequired),
        (Fault.TRAFFIC_LIMIT, StoreParked),
        (Fault.WRONG_STORE, WrongStore),
    ],
)
def test_what_ends_one_tab_ends_all(scene: Scene, visit: Go, fault: Fault, error: type[ShoplintError]) -> None:
    scene.standin.options.answer_delay_s = 0.3
    scene.standin.set_fault(fault, kind="rating")
    done = visit(*FEW, "orders", "tracking", tabs=3, timeout_s=8.0)
    assert type(done.stopped) is error
    orderly(done)
    assert done.manifest["finished_at"]
    asked = len(scene.standin.requests)
    assert scene.standin.count(kind="rating", host="csp.aliexpress.com") == (3 if error is StoreParked else 1)
    assert done.verdicts("rating") in ([None], [Verdict.LOGIN], [Verdict.VERIFICATION], [Verdict.WRONG_STORE])

    async def later() -> None:
        await asyncio.sleep(0.2)

    scene.run(later())
    assert len(scene.standin.requests) == asked, "no tab goes on"


def test_one_tab_logs_in_for_all(scene: Scene, visit: Go) -> None:
    scene.standin.options.answer_delay_s = 0.2
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="rating", where="gateway", times=1)
    done = visit(*FEW, "tracking", tabs=3, timeout_s=8.0, environ=scene.env())
    assert done.stopped is None
    assert done.errors() == {}
    complete(done)
    assert {reading.verdict for reading in done.readings()} == {Verdict.EXPECTED}
    assert [tried.result for tried in scene.standin.logins] == [LoginResult.IN] * 2


def test_a_login_that_fails_ends_all_tabs(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.LOGIN_REDIRECT, kind="rating", where="gateway", times=1)
    done = visit(*FEW, "tracking", tabs=3, timeout_s=8.0, environ=scene.env(password="yesterday's"))
    assert isinstance(done.stopped, WrongPassword)
    assert len(scene.standin.logins) == 2


async def kept(given: Visit, pages: int) -> Walk:
    """Returns when so many pages are kept."""
    async with asyncio.timeout(20):
        while not (given.walk and given.walk.writer.pages >= pages):
            await asyncio.sleep(0.01)
    return given.walk


def test_a_browser_that_is_killed_comes_back_in_all_tabs(scene: Scene, visit: Go) -> None:
    scene.standin.options.rolling = True
    scene.standin.options.answer_delay_s = 0.15

    async def also(given: Visit) -> None:
        await kept(given, 4)
        browser = await scene.live.browser()
        session = await browser.new_browser_cdp_session()
        processes = await session.send("SystemInfo.getProcessInfo")
        os.kill(next(p["id"] for p in processes["processInfo"] if p["type"] == "browser"), signal.SIGKILL)

    done = visit(*FEW, "tracking", tabs=3, timeout_s=8.0, also=also)
    assert done.stopped is None
    assert done.errors() == {}
    complete(done)
    assert {reading.verdict for reading in done.readings()} == {Verdict.EXPECTED}
    assert len(scene.standin.logins) == 1


def test_a_walk_that_is_cancelled_leaves_a_valid_capture(scene: Scene, visit: Go) -> None:
    given: list[Visit] = []

    async def also(own: Visit) -> None:
        given.append(own)
        await kept(own, 3)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        visit(*FEW, "tracking", tabs=3, also=also)
    orderly(given[0])
    assert given[0].manifest["finished_at"] is None


def test_the_capture_is_valid_at_every_moment(scene: Scene, visit: Go) -> None:
    looks = 0

    async def also(given: Visit) -> None:
        nonlocal looks
        await opened(given, "health")
        while given.walked is None:
            manifest = json.loads((given.folder / "capture.json").read_text("utf-8"))
            files = [entry["file"] for part in ("pages", "responses") for entry in manifest[part] if entry["file"]]
            assert [name for name in files if not (given.folder / name).is_file()] == []
            looks += 1
            await asyncio.sleep(0.01)

    assert visit(*FEW, "tracking", tabs=4, timeout_s=8.0, also=also).stopped is None
    assert looks > 5


def test_a_page_whose_token_is_refused_for_good_is_opened_again(
    scene: Scene, visit: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fixtures.standin.sessions import Sessions
    from fixtures.standin.wire import Request

    original, refused = Sessions.token_trouble, 0

    def trouble(self: Sessions, request: Request, data: str) -> str:
        """The tokens of two tabs cross, as often as a page repeats its call."""
        nonlocal refused
        if "queryrating" in request.path and refused < 4:
            refused += 1
            return "FAIL_SYS_ILLEGAL_ACCESS::非法请求"
        return original(self, request, data)

    monkeypatch.setattr(Sessions, "token_trouble", trouble)
    done = visit("health", "rating", "level", timeout_s=20.0)
    assert done.stopped is None
    assert done.errors() == {}
    assert done.verdicts("rating") == [Verdict.EXPECTED]
    assert scene.standin.count(host="csp.aliexpress.com", kind="rating") == 2
    asked = [seen for seen in scene.standin.requests if "queryrating" in seen.path]
    assert len(asked) == 5
    assert done.walk is not None
    assert done.walk.course.watch._hollow == set(), "the page was not waited for until time was up"
