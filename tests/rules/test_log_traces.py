"""Parcels: silence of the trace, delivery without confirmation, recipients (LOG004–LOG007, LOG014)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from extractors import models as m
from tests.rules.build_log import (
    FAIL,
    NONE,
    NOW,
    PASS,
    UNKNOWN,
    A,
    B,
    P,
    S,
    ago,
    declared,
    facts,
    judged,
    only,
    order,
    orders_page,
    page,
    parcel,
    run,
    scan,
    traced,
    tracking_page,
    unnumbered,
    unsynced,
)

LB = "LB104060594CN"
STALE, GAP, BROKEN = "LOG004", "LOG005", "LOG006"
CODES = (STALE, GAP, BROKEN)
SECOND = timedelta(seconds=1)


def silent(span: timedelta, **given: object) -> m.Parcel:
    """In transit, the last event ``span`` before the capture."""
    return traced(scan(NOW - span), scan(NOW - span - timedelta(hours=20)), **given)


def gapped(span: timedelta, **given: object) -> m.Parcel:
    """In transit and moving again after a silence of ``span``."""
    return traced(scan(ago(hours=5)), scan(ago(hours=5) - span), **given)


def story(*rows: m.Order | m.Parcel) -> list[tuple[str, str, str]]:
    """Every finding of the three rules: code, subject, severity."""
    return [(code, *found) for code in CODES for found in judged(code, *rows)[1]]


def outcomes(*rows: m.Order | m.Parcel) -> tuple[str, ...]:
    return tuple(judged(code, *rows)[0] for code in CODES)


# --- LOG004, LOG005, LOG006: one story ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (silent(timedelta(hours=47)), []),
        (silent(timedelta(hours=48)), []),
        (silent(timedelta(hours=48) + SECOND), [(STALE, "warning")]),
        (silent(timedelta(hours=72)), [(STALE, "warning")]),
        (silent(timedelta(hours=72) + SECOND), [(GAP, "error")]),
        (silent(timedelta(days=15)), [(GAP, "error")]),
        (silent(timedelta(days=15) + SECOND), [(BROKEN, "error")]),
        (gapped(timedelta(hours=72)), []),
        (gapped(timedelta(hours=72) + SECOND), [(GAP, "error")]),
        (gapped(timedelta(days=15)), [(GAP, "error")]),
        (gapped(timedelta(days=15) + SECOND), [(BROKEN, "error")]),
        (parcel(), []),
        # The order of the events on the page makes no difference.
        (traced(scan(ago(days=9)), scan(ago(days=5)), scan(ago(hours=3))), [(GAP, "error")]),
        # Delivered: its clock has stopped, its gaps stay.
        (silent(timedelta(days=20), status=P.DELIVERED), []),
        (gapped(timedelta(hours=73), status=P.DELIVERED), [(GAP, "error")]),
        # Returned or held up is not delivered.
        (silent(timedelta(days=4), status=P.RETURNED), [(GAP, "error")]),
        (silent(timedelta(hours=50), status=P.EXCEPTION), [(STALE, "warning")]),
        # Declared counts as shipped once the seller marked it so.
        (traced(declared(ago(hours=50)), status=P.PRE_TRANSIT, shipped_at=ago(hours=50)), [(STALE, "warning")]),
        # Only "Last updated" is shown.
        (traced(status=P.IN_TRANSIT, last_updated=ago(hours=60)), [(STALE, "warning")]),
        (traced(status=P.IN_TRANSIT, last_updated=ago(hours=80)), [(GAP, "error")]),
        # The page has been updated since its last event.
        (silent(timedelta(hours=60), last_updated=ago(hours=3)), []),
        (traced(scan(ago(hours=60)), last_updated=None), [(STALE, "warning")]),
    ],
)
def test_one_story(row: m.Parcel, expected: list[tuple[str, str]]) -> None:
    assert story(order(), row) == [(code, LB, severity) for code, severity in expected]
    assert story(order(B), row) == [(code, LB, severity) for code, severity in expected]  # its order on no page


def test_a_declared_parcel_that_has_not_left_is_no_stalled_trace() -> None:
    waiting = traced(declared(ago(days=5)), status=P.PRE_TRANSIT, shipped_at=None)
    assert outcomes(order(status=S.AWAITING_SHIPMENT), waiting) == (PASS, PASS, PASS)
    assert story(order(status=S.AWAITING_RECEIPT), waiting) == [(GAP, LB, "error")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # The worst of one order's parcels tells the story.
        ([silent(timedelta(days=20)), silent(timedelta(hours=50), tracking_number="X2")], [(BROKEN, LB, "error")]),
        ([silent(timedelta(hours=50)), gapped(timedelta(days=4), tracking_number="X2")], [(GAP, "X2", "error")]),
        (
            [silent(timedelta(days=4)), silent(timedelta(days=5), tracking_number="X2")],
            [(GAP, LB, "error"), (GAP, "X2", "error")],
        ),
        # Another order's is another story.
        (
            [silent(timedelta(days=20)), silent(timedelta(hours=50), tracking_number="X2", order_id=B)],
            [(STALE, "X2", "warning"), (BROKEN, LB, "error")],
        ),
        # Without a number the order is named.
        ([silent(timedelta(days=4), tracking_number=None)], [(GAP, A, "error")]),
        # One number on two orders is one parcel.
        ([silent(timedelta(days=4)), silent(timedelta(days=5), order_id=B)], [(GAP, LB, "error")]),
    ],
)
def test_the_worst_is_told(rows: list[m.Parcel], expected: list[tuple[str, str, str]]) -> None:
    assert sorted(story(order(), order(B), *rows)) == sorted(expected)


@pytest.mark.parametrize("status", [S.CLOSED, S.COMPLETED, S.FUND_PROCESSING])
def test_no_clock_runs_once_an_order_is_over(status: m.OrderStatus) -> None:
    assert story(order(status=status), silent(timedelta(days=20))) == []


def test_closed_and_cancelled_orders_are_never_judged() -> None:
    assert outcomes(order(status=S.CLOSED), gapped(timedelta(days=20))) == (NONE, NONE, NONE)
    cancelled = order(after_sale=m.AfterSale.CANCELLED)
    assert outcomes(cancelled, silent(timedelta(days=20))) == (NONE, NONE, NONE)
    assert story(order(status=S.COMPLETED), gapped(timedelta(days=20))) == [(BROKEN, LB, "error")]
    # Not open and on no order list: it may be closed.
    over = gapped(timedelta(days=20), order_open=False)
    assert outcomes(order(B), over) == (UNKNOWN, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([traced(status=P.IN_TRANSIT)], (UNKNOWN, UNKNOWN, UNKNOWN)),
        ([traced(status=P.IN_TRANSIT, last_updated=ago(hours=3))], (PASS, UNKNOWN, UNKNOWN)),
        ([traced(status=P.DELIVERED)], (PASS, UNKNOWN, UNKNOWN)),
        ([traced(status=P.PRE_TRANSIT)], (PASS, PASS, PASS)),
        ([silent(timedelta(hours=50), status=P.UNKNOWN)], (UNKNOWN, UNKNOWN, UNKNOWN)),
        ([gapped(timedelta(hours=80), status=P.UNKNOWN)], (PASS, FAIL, PASS)),
        # Not synced and without a number are other rules' stories.
        ([unsynced()], (NONE, NONE, NONE)),
        ([unnumbered()], (NONE, NONE, NONE)),
    ],
)
def test_traces_that_are_not_shown(rows: list[m.Parcel], expected: tuple[str, ...]) -> None:
    assert outcomes(order(), *rows) == expected


@pytest.mark.parametrize("code", [*CODES, "LOG007", "LOG014"])
def test_traces_need_the_tracking_pages(code: str) -> None:
    assert run(code, orders_page(order()))[0].kind == UNKNOWN
    assert run(code, page("tracking", None))[0].kind == UNKNOWN
    short = m.Problem(type="list_incomplete", field="parcels", text="20 / 40")
    assert run(code, tracking_page(problems=(short,)))[0].kind == UNKNOWN
    assert run(code, tracking_page())[0].kind == NONE


def test_silence_counts_to_the_capture_not_to_the_run() -> None:
    rows = tracking_page(silent(timedelta(hours=40)))
    assert run(STALE, rows, now=NOW + timedelta(days=3))[0].kind == PASS
    earlier = tracking_page(silent(timedelta(hours=50)), captured_at=ago(hours=2))
    assert run(STALE, earlier)[0].kind == PASS
    row = replace(
        silent(timedelta(hours=50)),
        seen=m.Seen.on("tracking", 4, ago(hours=1), {"last_updated": "x"}, {"last_updated": "最后更新"}),
    )
    _, findings = run(STALE, tracking_page(row, captured_at=ago(hours=2)))
    assert findings[0].observed.en == "2 d 1 h"
    assert findings[0].evidence
    assert (findings[0].evidence.sequence, findings[0].evidence.label) == (4, "最后更新")


def test_trace_messages() -> None:
    stale = only(STALE, order(), silent(timedelta(hours=58, minutes=30)))
    assert stale.subject.type == "parcel"
    for shown in ("2 天 10 小时", "48 小时", "平台", "2026-06-08 01:30 -07:00"):
        assert shown in stale.message.zh
    for shown in ("2 d 10 h", "48 hours", "platform", "2026-06-08 01:30 -07:00"):
        assert shown in stale.message.en
    gap = only(GAP, order(), gapped(timedelta(days=6, hours=10)))
    for shown in ("6 天 10 小时", "72 小时", "店铺评分", "至 2026-06-10 07:00"):
        assert shown in gap.message.zh
    for shown in ("6 d 10 h", "72 hours", "rating", "to 2026-06-10 07:00"):
        assert shown in gap.message.en
    assert "至今" in only(GAP, order(), silent(timedelta(days=4))).message.zh
    broken = only(BROKEN, order(), silent(timedelta(days=18, hours=19)))
    for shown in ("18 天 19 小时", "15 天", "店铺评分"):
        assert shown in broken.message.zh
    for shown in ("18 d 19 h", "15 days", "rating"):
        assert shown in broken.message.en
    assert broken.threshold
    assert (broken.threshold.value, broken.threshold.unit, broken.threshold.source) == (15.0, "days", "S4")


# --- LOG007 delivered-not-confirmed -------------------------------------------------------------------------------


def delivered(**given: object) -> m.Parcel:
    return parcel(**({"status": P.DELIVERED, "recipient_matches": True} | given))


@pytest.mark.parametrize(
    ("rows", "outcome", "ids"),
    [
        ([order(), delivered()], FAIL, [A]),
        ([order(), delivered(order_open=None)], FAIL, [A]),
        ([order(B), delivered()], FAIL, [A]),
        ([order(status=S.FROZEN), delivered(order_open=None)], FAIL, [A]),
        ([order(), delivered(), delivered(tracking_number="X2")], FAIL, [A]),
        # Others of the order are still on their way.
        ([order(), delivered(), parcel("X2")], NONE, []),
        ([order(), delivered(), unnumbered()], NONE, []),
        ([order(), parcel()], NONE, []),
        ([order(status=S.COMPLETED), delivered()], PASS, []),
        ([order(status=S.FUND_PROCESSING), delivered(order_open=False)], PASS, []),
        ([order(B), delivered(order_open=False)], PASS, []),
        ([order(status=S.CLOSED), delivered()], NONE, []),
        ([order(after_sale=m.AfterSale.CANCELLED), delivered()], NONE, []),
        ([order(B), delivered(order_open=None)], UNKNOWN, []),
        ([order(status=S.UNKNOWN), delivered(order_open=None)], UNKNOWN, []),
    ],
)
def test_delivered_open(rows: list[m.Order | m.Parcel], outcome: str, ids: list[str]) -> None:
    assert judged("LOG007", *rows) == (outcome, [(i, "warning") for i in ids])


def test_delivered_open_asks_for_proof() -> None:
    found = only("LOG007", order(), delivered(events=(scan(ago(days=2, hours=3), "已妥投"), scan(ago(days=3)))))
    assert (found.subject.type, found.subject.id) == ("order", A)
    for shown in ("2026-06-08 09:00 -07:00", A, "签收证明", "平台"):
        assert shown in found.message.zh
    for shown in ("2026-06-08 09:00 -07:00", A, "proof of delivery", "platform"):
        assert shown in found.message.en
    assert "2 d 3 h" in found.observed.en
    assert "PDF" in found.fix.text.zh
    assert "PDF" in found.fix.text.en
    undated = only("LOG007", order(), delivered(events=()))
    assert "包裹已妥投" in undated.message.zh


# --- LOG014 recipient-mismatch ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "outcome", "ids"),
    [
        ([order(), delivered(recipient_matches=False)], FAIL, [LB]),
        ([order(status=S.COMPLETED), delivered(recipient_matches=False, order_open=False)], FAIL, [LB]),
        ([order(), delivered()], PASS, []),
        ([order(), delivered(recipient_matches=False, tracking_number=None)], FAIL, [A]),
        ([order(), delivered(recipient_matches=False), delivered(recipient_matches=False, order_id=B)], FAIL, [LB]),
        ([order(), delivered(recipient_matches=None)], UNKNOWN, []),
        ([order(), parcel()], NONE, []),
        ([order(status=S.CLOSED), delivered(recipient_matches=False)], NONE, []),
    ],
)
def test_recipient(rows: list[m.Order | m.Parcel], outcome: str, ids: list[str]) -> None:
    assert judged("LOG014", *rows) == (outcome, [(i, "warning") for i in ids])


def test_recipient_names_no_one() -> None:
    found = only("LOG014", order(), delivered(recipient_matches=False))
    assert found.subject.type == "parcel"
    assert "不一致" in found.message.zh
    assert "differs" in found.message.en
    assert A in found.message.en


def test_the_builders_store_is_healthy() -> None:
    assert facts(orders_page(order()), tracking_page(parcel())).store_key
    assert story(order(), parcel()) == []
