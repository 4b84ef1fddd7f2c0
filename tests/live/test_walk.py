"""The walk over the stand-in backend in real Chromium: each fault, each way of a list, each death of a browser."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.capture.opening import open_capture
from agent.capture.writer import CaptureWriter, Head
from agent.config import CaptureConfig
from agent.errors import (
    BudgetSpent,
    NetworkFailed,
    PageTimeout,
    SessionExpired,
    ShoplintError,
    StoreBusy,
    StoreParked,
    VerificationRequired,
    WrongStore,
)
from agent.judging import read_capture
from agent.live.access import SessionAccess
from agent.live.budget import Budget
from agent.live.errand import Errand, Walked
from agent.live.retry import Patience
from agent.live.session import StoreSession
from agent.live.walk import Walk
from extractors.models import Reading, Verdict
from extractors.vocabulary import shipped
from fixtures.standin import Fault
from tests.live.scene import NAME, Hands, Scene, closed

pytestmark = pytest.mark.browser

Also = Callable[["Visit"], Any]


class Ticking(Hands):
    """Hands that move by themselves a little: no two pages were captured at the same moment."""

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=10)
        return super().now()


@dataclass
class Visit:
    """One walk in the scene, and what it left."""

    scene: Scene
    folder: Path
    only: frozenset[str] | None = None
    capture: dict[str, Any] = field(default_factory=dict)
    budget: dict[str, Any] = field(default_factory=dict)
    timeout_s: float = 2.5
    store: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, int, int]] = field(default_factory=list)
    walk: Walk | None = None
    walked: Walked | None = None
    session: StoreSession | None = None

    async def go(self) -> Walked:
        """Walk; the session's cookies are those of an earlier login."""
        session = self.session = self.scene.session(**self.store)
        session.budget.settings = session.budget.settings.model_copy(update=self.budget)  # type: ignore[attr-defined]
        session.account = account = replace(session.account, lang="zh_CN")
        clock = self.scene.clock
        head = Head(account.store, clock.now(), "shoplint test", locale="zh-CN")
        errand = Errand(
            NAME, account.store, self.scene.home, CaptureConfig(**self.capture), timeout_s=self.timeout_s,
            patience_s=0.4, grace_s=0.4, only=self.only,
        )  # fmt: skip
        assert session.guard is not None
        try:
            with CaptureWriter(self.folder, head) as writer, session.budget.visit():
                self.walk = Walk(
                    errand, SessionAccess(session), writer, shipped(), session.guard, session.budget,
                    progress=lambda *told: self.told.append(told), patience=Patience(clock=clock),
                )  # fmt: skip
                self.walked = await self.walk.run()
        finally:
            await closed(session)
        return self.walked

    @property
    def stopped(self) -> ShoplintError | None:
        assert self.walked is not None
        return self.walked.stopped

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "capture.json").read_text("utf-8"))
        return found

    def readings(self) -> list[Reading]:
        """What judging reads from the capture that was left."""
        with open_capture(self.folder) as capture:
            return read_capture(capture, shipped())

    def verdicts(self, kind: str) -> list[Verdict | None]:
        return [reading.verdict for reading in self.readings() if reading.kind == kind]

    def ids(self, kind: str, rows: str, view: str | None = None) -> set[str]:
        found = [r for r in self.readings() if r.kind == kind and r.data and view in (None, r.view)]
        return {row.order_id for reading in found for row in getattr(reading.data, rows)}

    def errors(self) -> dict[str, str]:
        return {page["kind"]: page["error"]["type"] for page in self.manifest["pages"] if page["error"]}


@pytest.fixture
def visit(scene: Scene, tmp_path: Path) -> Callable[..., Visit]:
    """Walks these kinds; options of the visit by name. Nothing was written afterwards, whatever happened."""
    scene.clock = Ticking()
    scene.visit(scene.env())
    scene.standin.forget()
    numbers = iter(range(99))

    def go(*only: str, also: Also | None = None, **options: Any) -> Visit:
        given = Visit(scene, tmp_path / f"capture-{next(numbers)}", frozenset(only) or None, **options)

        async def work() -> None:
            walking = asyncio.create_task(given.go())
            try:
                if also is not None:
                    await also(given)
            except BaseException:
                walking.cancel()
                await asyncio.gather(walking, return_exceptions=True)
                raise
            await walking

        try:
            scene.run(work())
        finally:
            scene.harmless()
        return given

    return go


Go = Callable[..., Visit]


async def opened(given: Visit, kind: str, times: int = 1) -> None:
    """Returns when the stand-in has been asked for this page kind so often."""
    async with asyncio.timeout(20):
        while given.scene.standin.count(host="csp.aliexpress.com", kind=kind) < times:
            await asyncio.sleep(0.01)


# The whole way


def test_a_whole_store_is_captured_as_it_was_recorded(scene: Scene, visit: Go) -> None:
    done = visit()
    assert done.stopped is None
    assert done.errors() == {}
    assert {reading.verdict for reading in done.readings()} == {Verdict.EXPECTED}
    for view in ("awaiting_shipment", "awaiting_receipt", "all"):
        listing = scene.standin.store.listing("orders", view)
        assert listing is not None
        assert len(done.ids("orders", "orders", view)) == listing.total
    assert not [p for r in done.readings() for p in r.problems if p.type == "list_incomplete"]
    assert [told[0] for told in done.told][:3] == ["orders", "tracking", "assessment"]
    assert done.told[0] == ("orders", 1, 14)
    walked = done.walked
    assert walked is not None
    assert walked.pages == len(done.manifest["pages"])
    assert walked.used.run >= walked.pages
    assert (walked.tally.writes, walked.failed) == (0, 0)
    assert done.manifest["finished_at"]
    assert all("_lang=zh_CN" in page["url"] and "channelId=244176" in page["url"] for page in done.manifest["pages"])


def test_the_page_that_proves_the_session_is_not_opened_twice(scene: Scene, visit: Go) -> None:
    done = visit("orders", capture={"max_list_pages": 1})
    assert scene.standin.count(host="csp.aliexpress.com", kind="orders") == 1
    assert done.verdicts("orders") == [Verdict.EXPECTED, Verdict.EXPECTED]


def test_answers_are_kept_without_persons(visit: Go) -> None:
    done = visit("messages", "orders")
    kept = done.manifest["responses"]
    assert "mtop.gsp.im.use.web.seller.messagebox.querySessionList" in {entry["api"] for entry in kept}
    pages = done.manifest["pages"]
    for entry in kept:
        body = (done.folder / entry["file"]).read_text("utf-8")
        assert set(json.loads(body)) == {"api", "v", "ret", "data"}
        assert "<" not in body
        assert "mtop." in json.loads(body)["api"]
        assert pages[entry["page"] - 1]["kind"] in ("messages", "orders")


def test_answers_are_left_where_that_was_asked_for(visit: Go) -> None:
    assert visit("messages", capture={"keep_responses": False}).manifest["responses"] == []


def test_noise_and_dialogs_are_no_hindrance(scene: Scene, visit: Go) -> None:
    scene.standin.options.noisy = scene.standin.options.dialog = scene.standin.options.coach = True
    done = visit("orders", "health")
    assert done.stopped is None
    assert set(done.verdicts("orders")) | set(done.verdicts("health")) == {Verdict.EXPECTED}
    assert 'read = ["mtop.ae.csp.workbench.pulse"]' in done.walked.tally.allowing if done.walked else False


def test_a_session_that_rolls_and_needs_its_storage(scene: Scene, visit: Go) -> None:
    scene.standin.options.rolling = True
    assert visit("health", "rating", "level", "medal", "documents", "settings", "messages").stopped is None
    assert visit("health").stopped is None


# Lists


def test_rows_that_shift_are_read_once_more(scene: Scene, visit: Go) -> None:
    scene.standin.options.shifting = True
    done = visit("orders", capture={"max_list_pages": 5})
    for view in ("awaiting_shipment", "awaiting_receipt"):
        listing = scene.standin.store.listing("orders", view)
        assert listing is not None
        assert len(done.ids("orders", "orders", view)) == listing.total
    assert not [p for r in done.readings() for p in r.problems if p.type == "list_incomplete"]


def test_a_list_that_was_cut_says_so(visit: Go) -> None:
    done = visit("orders", capture={"max_list_pages": 1})
    assert [page["view"] for page in done.manifest["pages"]] == ["awaiting_shipment", "awaiting_receipt"]
    short = [p.text for r in done.readings() for p in r.problems if p.type == "list_incomplete"]
    assert short == ["20 / 40", "20 / 80"]


def test_tracking_of_single_orders_only_where_a_rule_needs_it(scene: Scene, visit: Go) -> None:
    short = {"max_list_pages": 2}
    done = visit("orders", "tracking", capture=short, budget={"pages_per_run": 11})
    opened = {p["url"] for p in done.manifest["pages"] if "tradeOrderId" in p["url"]}
    assert len(opened) == scene.standin.count(path="/m_apps/logistics/tracking")
    assert 1 <= len(opened) <= 5
    listed = {row.order_id for r in done.readings()[:6] if r.kind == "tracking" for row in r.data.parcels}
    assert not [url for url in opened if any(order in url for order in listed)]
    assert isinstance(done.stopped, BudgetSpent)
    scene.standin.forget()
    assert visit("orders", "tracking", capture=short | {"tracking": "none"}).stopped is None
    assert scene.standin.count(path="/m_apps/logistics/tracking") == 0


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
    assert scene.standin.count(kind="rating", host="csp.aliexpress.com") == 1


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


# What passes, and what stays


@pytest.mark.parametrize(
    "fault", [Fault.PAGE_ERROR, Fault.GATEWAY_ERROR, Fault.INNER_FAULT, Fault.TRUNCATED_JSON, Fault.HANG]
)
def test_what_passes_by_itself_is_tried_again(scene: Scene, visit: Go, fault: Fault) -> None:
    scene.standin.set_fault(fault, kind="rating", times=1)
    done = visit("health", "rating", "level", timeout_s=1.5)
    assert done.stopped is None
    assert done.errors() == {}
    assert done.verdicts("rating") == [Verdict.EXPECTED]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.PAGE_ERROR, "http_502"),
        (Fault.GATEWAY_ERROR, "inner_fault"),
        (Fault.INNER_FAULT, "inner_fault"),
        (Fault.HANG, "timeout"),
    ],
)
def test_what_stays_is_noted_and_the_others_are_visited(scene: Scene, visit: Go, fault: Fault, error: str) -> None:
    scene.standin.set_fault(fault, kind="rating")
    done = visit("health", "rating", "level", timeout_s=1.2)
    assert done.stopped is None
    assert done.errors() == {"rating": error}
    assert done.verdicts("level") == [Verdict.EXPECTED]


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [(Fault.SKELETON, Verdict.SKELETON), (Fault.OLD_LAYOUT, Verdict.UNKNOWN), (Fault.LOST_PAGE, Verdict.ERROR_PAGE)],
)
@pytest.mark.parametrize("kind", ["rating", "orders"])
def test_a_page_that_is_something_else_is_kept_as_it_is(
    scene: Scene, visit: Go, fault: Fault, verdict: Verdict, kind: str
) -> None:
    scene.standin.set_fault(fault, kind=kind)
    done = visit("health", kind, "level", timeout_s=1.5)
    assert done.stopped is None
    assert done.verdicts(kind) == [verdict]
    assert done.verdicts("level") == [Verdict.EXPECTED]


def test_a_late_page_is_waited_for(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.SLOW, kind="rating", seconds=0.8)
    scene.standin.set_fault(Fault.SLOW, kind="shop", seconds=0.8)
    assert visit("rating", timeout_s=5.0).verdicts("rating") == [Verdict.EXPECTED]


def test_a_backend_that_hangs_is_out_of_reach(scene: Scene, visit: Go) -> None:
    scene.standin.set_fault(Fault.HANG, after=1)
    done = visit("health", "rating", "level", "medal", "settings", timeout_s=0.4)
    assert isinstance(done.stopped, PageTimeout | NetworkFailed)
    assert done.stopped.exit_code == 5


# Deaths


async def crash(given: Visit, kind: str, times: int = 1) -> None:
    from playwright.async_api import Error

    await opened(given, kind, times)
    assert given.walk is not None
    tab = given.walk._tab
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
