"""The walk over the stand-in backend in real Chromium: the whole way, lists, what passes and what stays."""

from __future__ import annotations

import json

import pytest

from agent.errors import (
    BudgetSpent,
    NetworkFailed,
    PageTimeout,
)
from agent.step import Step, rows_of
from extractors.models import Verdict
from fixtures.standin import Fault
from tests.live.scene import Scene
from tests.live.walking import Go, shell, visit

__all__ = ["visit"]

pytestmark = pytest.mark.browser


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
    assert list(dict.fromkeys(told.kind for told in done.told))[:3] == ["orders", "tracking", "assessment"]
    assert done.told[0] == Step("orders", 1, 14)
    walked = done.walked
    assert walked is not None
    last = done.told[-1]
    assert (last.pages, last.rows) == (walked.pages, sum(map(rows_of, done.readings()))), "pages and rows are told"
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


NO_VEIL = ("if (table && loading) {", "if (false) {")


def test_rows_from_before_a_click_are_not_kept_for_those_after_it(
    scene: Scene, visit: Go, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell(monkeypatch, NO_VEIL)
    scene.standin.options.answer_delay_s = 0.9  # longer than the patience of a visit
    done = visit("orders", capture={"max_list_pages": 2}, timeout_s=8.0)
    assert done.stopped is None
    assert done.errors() == {}
    ids: dict[str, set[str]] = {}
    for view in ("awaiting_shipment", "awaiting_receipt"):
        ids[view] = done.ids("orders", "orders", view)
        listing = scene.standin.store.listing("orders", view)
        assert listing is not None
        assert len(ids[view]) == min(listing.total, 2 * listing.size)
    assert not ids["awaiting_shipment"] & ids["awaiting_receipt"]


def test_a_click_that_nothing_answers_keeps_nothing(scene: Scene, visit: Go, monkeypatch: pytest.MonkeyPatch) -> None:
    shell(monkeypatch, NO_VEIL)
    scene.standin.set_fault(Fault.SLOW, kind="orders", where="gateway", after=1, seconds=30)
    done = visit("orders", timeout_s=2.0)
    assert Verdict.EXPECTED not in done.verdicts("orders")
    assert not done.ids("orders", "orders")


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
    scene.timeout_s = 2.5  # each page that does not come has the session doubted, by a list that does not come either
    scene.standin.set_fault(Fault.HANG, after=1)
    done = visit("health", "rating", "level", "medal", "settings", timeout_s=0.4)
    assert isinstance(done.stopped, PageTimeout | NetworkFailed)
    assert done.stopped.exit_code == 5
