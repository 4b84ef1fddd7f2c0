"""Orders: sync state, missing numbers, deadlines, age (LOG001–LOG003, LOG010, LOG017)."""

from datetime import datetime, timedelta

import pytest

from extractors import models as m
from tests.rules.build_log import (
    FAIL,
    NONE,
    NOW,
    PASS,
    UNKNOWN,
    ZONE,
    A,
    B,
    C,
    P,
    S,
    ago,
    ahead,
    declared,
    judged,
    number,
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
EMPTY = (number(None, "missing"),)
SYNCED = (number(LB),)


# --- LOG001 tracking-not-synced -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "outcome", "ids"),
    [
        # The order list's own column.
        ([order(tracking=(number(None, "not_synced"),))], FAIL, [A]),
        ([order(tracking=(number(LB, "not_synced"),))], FAIL, [A]),
        ([order(tracking=(number("X1"), number("X2", "not_synced")))], FAIL, [A]),
        ([order(tracking=SYNCED)], PASS, []),
        ([order(status=S.AWAITING_SHIPMENT, tracking=EMPTY)], PASS, []),
        # The tracking page, where the list has no such column.
        ([order(), unsynced()], FAIL, [A]),
        ([order(), unsynced(None)], FAIL, [A]),
        ([order(), unsynced(sync=None)], FAIL, [A]),
        ([order(), parcel()], PASS, []),
        ([order(), parcel("X1"), unsynced("X2"), unsynced("X3")], FAIL, [A]),
        ([order(status=S.AWAITING_SHIPMENT), unnumbered()], PASS, []),
        # Both pages say so: one finding.
        ([order(tracking=(number(None, "not_synced"),)), unsynced()], FAIL, [A]),
        # Whatever the carrier says.
        ([order(), parcel(sync=m.Sync.NOT_SYNCED, status=P.DELIVERED)], FAIL, [A]),
        # Closed and cancelled orders are never judged.
        ([order(status=S.CLOSED, tracking=(number(None, "not_synced"),)), unsynced()], NONE, []),
        ([order(after_sale=m.AfterSale.CANCELLED), unsynced()], NONE, []),
        # An order of no page: open is judged, not open may be closed.
        ([order(B), parcel("X1", B), unsynced(order_id=C)], FAIL, [C]),
        ([order(B), parcel("X1", B), unsynced(order_id=C, order_open=False)], UNKNOWN, []),
        # Silence is not a pass.
        ([order()], UNKNOWN, []),
        ([order(), order(B), unsynced(order_id=B)], FAIL, [B]),
        ([order(tracking=(number(LB, None),))], UNKNOWN, []),
        ([order(tracking=(number(LB, None),)), parcel()], PASS, []),
        ([order(), parcel(sync=None)], UNKNOWN, []),
        ([order(status=S.COMPLETED)], NONE, []),
        ([order(status=S.COMPLETED, tracking=SYNCED)], PASS, []),
        ([], NONE, []),
    ],
)
def test_not_synced(rows: list[m.Order | m.Parcel], outcome: str, ids: list[str]) -> None:
    assert judged("LOG001", *rows) == (outcome, [(i, "error") for i in ids])


def test_not_synced_says_what_and_where() -> None:
    found = only("LOG001", order(tracking=(number(None, "not_synced"),), seen_on="orders"))
    assert found.subject.type == "order"
    assert found.due_at is None
    assert "未同步" in found.message.zh
    assert "not synced" in found.message.en
    assert A in found.message.zh
    assert A in found.message.en
    assert found.evidence
    assert (found.evidence.page, found.evidence.label, found.evidence.text) == ("orders", "物流单号", "未同步")


def test_not_synced_needs_a_page() -> None:
    assert run("LOG001", page("orders", None))[0].kind == UNKNOWN
    assert run("LOG001")[0].kind == UNKNOWN
    outcome, findings = run("LOG001", page("orders", None), tracking_page(unsynced()))
    assert (outcome.kind, [f.subject.id for f in findings]) == (FAIL, [A])
    outcome, _ = run("LOG001", orders_page(order()), page("tracking", None))
    assert outcome.kind == UNKNOWN
    assert outcome.reason
    assert "placeholders" in outcome.reason.en
    assert run("LOG001", orders_page(order(tracking=SYNCED)), page("tracking", None))[0].kind == PASS


# --- LOG002 tracking-number-missing -------------------------------------------------------------------------------


def to_ship(left: timedelta | None, **given: object) -> m.Order:
    ship_by = None if left is None else NOW + left
    return order(status=S.AWAITING_SHIPMENT, ship_by=ship_by, **({"tracking": EMPTY} | given))


@pytest.mark.parametrize(
    ("rows", "outcome", "found"),
    [
        ([to_ship(timedelta(hours=24, seconds=1))], FAIL, [(A, "warning")]),
        ([to_ship(timedelta(hours=24))], FAIL, [(A, "error")]),
        ([to_ship(timedelta(hours=23, minutes=59))], FAIL, [(A, "error")]),
        ([to_ship(timedelta(hours=-3))], FAIL, [(A, "error")]),
        ([to_ship(None)], FAIL, [(A, "warning")]),
        ([to_ship(timedelta(days=5), tracking=())], FAIL, [(A, "warning")]),
        ([to_ship(timedelta(days=5), tracking=(number(None, None),))], FAIL, [(A, "warning")]),
        ([order(tracking=EMPTY)], FAIL, [(A, "error")]),
        ([order(status=S.PARTLY_SHIPPED, tracking=EMPTY)], FAIL, [(A, "error")]),
        ([order(tracking=SYNCED)], PASS, []),
        ([order(tracking=(number(LB, None),))], PASS, []),
        # A bare "not synced" hides a number: that is LOG001's.
        ([order(tracking=(number(None, "not_synced"),))], PASS, []),
        ([order(), unsynced(None)], PASS, []),
        # The tracking page, where the list has no such column.
        ([order(status=S.AWAITING_SHIPMENT), unnumbered()], FAIL, [(A, "warning")]),
        ([order(), unnumbered()], FAIL, [(A, "error")]),
        ([order(), unnumbered(sync=None)], FAIL, [(A, "error")]),
        ([order(), parcel()], PASS, []),
        ([order(tracking=EMPTY), parcel()], PASS, []),
        # Only these three states are spoken of; closed and cancelled are never judged.
        ([order(status=S.CLOSED, tracking=EMPTY)], NONE, []),
        ([order(tracking=EMPTY, after_sale=m.AfterSale.CANCELLED)], NONE, []),
        ([order(status=S.COMPLETED, tracking=EMPTY)], NONE, []),
        ([order(status=S.AWAITING_PAYMENT, tracking=EMPTY)], NONE, []),
        ([order(status=S.FROZEN, tracking=EMPTY), order(B, tracking=SYNCED)], PASS, []),
        ([order(status=S.RISK_REVIEW, tracking=EMPTY)], NONE, []),
        ([order(tracking=EMPTY, after_sale=m.AfterSale.IN_DISPUTE)], FAIL, [(A, "error")]),
        # Silence is not a pass.
        ([order()], UNKNOWN, []),
        ([order(), order(B), parcel("X1", B)], UNKNOWN, []),
        ([order(status=S.UNKNOWN, tracking=EMPTY)], UNKNOWN, []),
        ([order(status=S.UNKNOWN, tracking=SYNCED), order(B, tracking=SYNCED)], PASS, []),
        ([], NONE, []),
    ],
)
def test_number_missing(rows: list[m.Order | m.Parcel], outcome: str, found: list[tuple[str, str]]) -> None:
    assert judged("LOG002", *rows) == (outcome, found)


def test_number_missing_says_how_long_is_left() -> None:
    found = only("LOG002", to_ship(timedelta(hours=6, minutes=5)))
    assert (found.subject.type, found.due_at) == ("order", ahead(hours=6, minutes=5))
    assert "6 小时 5 分" in found.message.zh
    assert "24 小时" in found.message.zh
    assert "平台" in found.message.zh
    assert "6 h 5 min" in found.message.en
    assert "24 h" in found.message.en
    assert found.threshold
    assert (found.threshold.value, found.threshold.programme) == (24.0, "platform")
    assert "已标记发货" in only("LOG002", order(tracking=EMPTY)).message.zh
    assert only("LOG002", order(tracking=EMPTY)).due_at is None
    assert "passed its ship-by time 3 h ago" in only("LOG002", to_ship(timedelta(hours=-3))).message.en


def test_an_export_says_that_a_cell_is_empty() -> None:
    exported = orders_page(order(tracking=(), seen_on="order_export"), kind="order_export")
    assert [f.subject.id for f in run("LOG002", exported)[1]] == [A]
    # The list has no such column, the export has one and knows the number.
    known = orders_page(order(tracking=(number(LB, None),)), kind="order_export")
    assert run("LOG002", orders_page(order()), known)[0].kind == PASS
    assert run("LOG001", orders_page(order()), known)[0].kind == UNKNOWN


def test_an_own_line_moves_the_severity() -> None:
    row = to_ship(timedelta(hours=30))
    assert judged("LOG002", row, overrides={"LOG002": 36.0}) == (FAIL, [(A, "error")])


# --- LOG003 ship-by-deadline --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "outcome", "severity"),
    [
        (to_ship(timedelta(hours=24, seconds=1)), PASS, None),
        (to_ship(timedelta(hours=24)), FAIL, "warning"),
        (to_ship(timedelta(hours=23, minutes=59, seconds=59)), FAIL, "warning"),
        (to_ship(timedelta(seconds=1)), FAIL, "warning"),
        (to_ship(timedelta(0)), FAIL, "error"),
        (to_ship(timedelta(seconds=-1)), FAIL, "error"),
        (to_ship(timedelta(days=-3)), FAIL, "error"),
        (order(status=S.PARTLY_SHIPPED, ship_by=ahead(hours=2)), FAIL, "warning"),
        (order(status=S.AWAITING_RECEIPT, ship_by=ago(hours=2)), NONE, None),
        (order(status=S.CLOSED, ship_by=ago(hours=2)), NONE, None),
        (order(status=S.FROZEN, ship_by=ago(hours=2)), NONE, None),
        (order(status=S.AWAITING_PAYMENT, ship_by=ahead(hours=2)), NONE, None),
        (to_ship(timedelta(hours=2), after_sale=m.AfterSale.CANCELLED), NONE, None),
        (to_ship(timedelta(hours=2), after_sale=m.AfterSale.IN_DISPUTE), FAIL, "warning"),
        (to_ship(None), UNKNOWN, None),
        (order(status=S.UNKNOWN, ship_by=ahead(hours=2)), UNKNOWN, None),
        (order(status=S.UNKNOWN, ship_by=ahead(days=3)), PASS, None),
    ],
)
def test_ship_by(row: m.Order, outcome: str, severity: str | None) -> None:
    assert judged("LOG003", row) == (outcome, [(A, severity)] if severity else [])


def test_ship_by_says_when() -> None:
    near = only("LOG003", to_ship(timedelta(hours=6, minutes=5)))
    assert near.due_at == ahead(hours=6, minutes=5)
    assert near.subject.type == "order"
    for shown in ("6 小时 5 分", "2026-06-10 18:05 -07:00", "24 小时", "平台"):
        assert shown in near.message.zh
    for shown in ("6 h 5 min", "2026-06-10 18:05 -07:00", "24 hours", "platform"):
        assert shown in near.message.en
    late = only("LOG003", to_ship(timedelta(hours=-18, minutes=-41)))
    assert late.due_at == ago(hours=18, minutes=41)
    assert "18 小时 41 分" in late.message.zh
    assert "18 h 41 min" in late.message.en


def test_the_clock_is_the_run_s_and_hours_are_real() -> None:
    row = order(status=S.AWAITING_SHIPMENT, ship_by=ahead(hours=30))
    assert judged("LOG003", row, now=NOW + timedelta(hours=6))[0] == FAIL
    # The clocks go back on 1 November 2026: from noon to noon are 25 hours.
    eve = datetime(2026, 10, 31, 12, 0, tzinfo=ZONE)
    row = order(status=S.AWAITING_SHIPMENT, ship_by=datetime(2026, 11, 1, 12, 0, tzinfo=ZONE))
    assert judged("LOG003", row, now=eve)[0] == PASS
    assert judged("LOG003", row, now=eve.replace(hour=13))[0] == FAIL


def test_ship_by_of_an_export() -> None:
    _, findings = run("LOG003", orders_page(to_ship(timedelta(hours=1)), kind="order_export"))
    assert [(f.subject.id, f.due_at) for f in findings] == [(A, ahead(hours=1))]
    assert run("LOG003", page("orders", None))[0].kind == UNKNOWN


# --- LOG010 order-open-too-long -----------------------------------------------------------------------------------


def aged(days: float, seconds: float = 0, **given: object) -> m.Order:
    """Placed so many days of real time ago: daylight saving began in between."""
    return order(placed_at=datetime.fromtimestamp(NOW.timestamp() - days * 86_400 - seconds, ZONE), **given)


@pytest.mark.parametrize(
    ("row", "outcome", "severity"),
    [
        (aged(75, -1), PASS, None),
        (aged(75), FAIL, "warning"),
        (aged(80), FAIL, "warning"),
        (aged(90), FAIL, "warning"),
        (aged(90, 1), FAIL, "error"),
        (aged(120), FAIL, "error"),
        (aged(120, status=S.AWAITING_SHIPMENT), FAIL, "error"),
        (aged(120, status=S.PARTLY_SHIPPED), FAIL, "error"),
        (aged(120, status=S.FROZEN), FAIL, "error"),
        (aged(120, status=S.CANCELLING), FAIL, "error"),
        (aged(120, status=S.COMPLETED), NONE, None),
        (aged(120, status=S.FUND_PROCESSING), NONE, None),
        (aged(120, status=S.AWAITING_PAYMENT), NONE, None),
        (aged(120, status=S.CLOSED), NONE, None),
        (aged(120, after_sale=m.AfterSale.CANCELLED), NONE, None),
        (aged(120, after_sale=m.AfterSale.DISPUTE_ENDED), FAIL, "error"),
        (aged(120, status=S.UNKNOWN), UNKNOWN, None),
        (aged(20, status=S.UNKNOWN), PASS, None),
        (order(placed_at=None), UNKNOWN, None),
        (order(placed_at=None, status=S.COMPLETED), NONE, None),
    ],
)
def test_order_age(row: m.Order, outcome: str, severity: str | None) -> None:
    assert judged("LOG010", row) == (outcome, [(A, severity)] if severity else [])


def test_order_age_says_which_line_and_when() -> None:
    soon = only("LOG010", aged(79.5))
    assert soon.due_at
    assert (soon.subject.type, soon.due_at.timestamp()) == ("order", NOW.timestamp() + 10.5 * 86_400)
    for shown in ("79 天", "75 天", "90 天", "店铺评分"):
        assert shown in soon.message.zh
    for shown in ("79 days", "75", "90 days", "rating"):
        assert shown in soon.message.en
    over = only("LOG010", aged(96))
    assert "96 天" in over.message.zh
    assert "96 days" in over.message.en
    assert over.threshold
    assert (over.threshold.value, over.threshold.programme, over.threshold.source) == (90.0, "rating", "S3")


def test_an_own_limit_is_said_to_be_one() -> None:
    found = only("LOG010", aged(61), overrides={"LOG010": 60.0})
    assert (found.severity, found.threshold and found.threshold.overridden) == ("error", True)
    assert "您自设的 60 天" in found.message.zh
    assert "your own 60 days" in found.message.en


def test_order_age_of_lists_with_gaps() -> None:
    short = m.Problem(type="list_incomplete", field="orders", text="20 / 40")
    outcome, findings = run("LOG010", orders_page(aged(20), problems=(short,)))
    assert (outcome.kind, findings) == (UNKNOWN, ())
    outcome, findings = run("LOG010", orders_page(aged(120), problems=(short,)))
    assert (outcome.kind, len(findings)) == (FAIL, 1)
    outcome, findings = run("LOG010", orders_page(problems=(short,)))
    assert outcome.kind == UNKNOWN


# --- LOG017 first-scan-deadline -----------------------------------------------------------------------------------


def assessed(left: timedelta, **given: object) -> m.Order:
    return order(scan_by=NOW + left, **({"status": S.AWAITING_SHIPMENT} | given))


DECLARED = traced(declared(ago(hours=7)), status=P.PRE_TRANSIT, shipped_at=None)
SOON = timedelta(hours=4)


@pytest.mark.parametrize(
    ("rows", "outcome", "severity"),
    [
        ([assessed(timedelta(hours=12, seconds=1)), DECLARED], PASS, None),
        ([assessed(timedelta(hours=12)), DECLARED], FAIL, "warning"),
        ([assessed(timedelta(hours=11, minutes=59)), DECLARED], FAIL, "warning"),
        ([assessed(timedelta(0)), DECLARED], FAIL, "warning"),
        ([assessed(timedelta(seconds=-1)), DECLARED], FAIL, "error"),
        ([assessed(timedelta(days=-3), status=S.AWAITING_RECEIPT), DECLARED], FAIL, "error"),
        # A real scan ends it, even one that came late; one scanned parcel of several is enough.
        ([assessed(SOON), traced(scan(ago(hours=1), "揽收成功"), declared(ago(hours=7)))], PASS, None),
        ([assessed(timedelta(hours=-4)), traced(scan(ago(hours=1)))], PASS, None),
        ([assessed(SOON), DECLARED, parcel("X2")], PASS, None),
        ([assessed(SOON), traced(first_scan_at=ago(hours=1))], PASS, None),
        ([assessed(SOON), traced(status=P.IN_TRANSIT)], PASS, None),
        ([assessed(SOON), traced(status=P.DELIVERED)], PASS, None),
        # No number, no sync: nobody can have scanned it.
        ([assessed(SOON), unnumbered()], FAIL, "warning"),
        ([assessed(SOON), unsynced()], FAIL, "warning"),
        ([assessed(SOON, tracking=EMPTY)], FAIL, "warning"),
        ([assessed(SOON, tracking=())], FAIL, "warning"),
        # Silence is not a pass.
        ([assessed(SOON)], UNKNOWN, None),
        ([assessed(SOON, tracking=SYNCED)], UNKNOWN, None),
        ([assessed(SOON), traced(status=P.UNKNOWN)], UNKNOWN, None),
        # Over, or never judged.
        ([assessed(SOON, status=S.COMPLETED)], NONE, None),
        ([assessed(SOON, status=S.CLOSED), DECLARED], NONE, None),
        ([assessed(SOON, after_sale=m.AfterSale.CANCELLED), DECLARED], NONE, None),
        ([order(), DECLARED], NONE, None),
    ],
)
def test_first_scan(rows: list[m.Order | m.Parcel], outcome: str, severity: str | None) -> None:
    assert judged("LOG017", *rows) == (outcome, [(A, severity)] if severity else [])


def test_first_scan_says_when() -> None:
    near = only("LOG017", assessed(timedelta(hours=4, minutes=8)), DECLARED)
    assert (near.subject.type, near.due_at) == ("order", ahead(hours=4, minutes=8))
    for shown in ("4 小时 8 分", "2026-06-10 16:08 -07:00", "12 小时", "实操经验"):
        assert shown in near.message.zh
    for shown in ("4 h 8 min", "2026-06-10 16:08 -07:00", "12 hours", "field practice"):
        assert shown in near.message.en
    late = only("LOG017", assessed(timedelta(hours=-3, minutes=-23)), DECLARED)
    assert late.due_at == ago(hours=3, minutes=23)
    assert "3 小时 23 分" in late.message.zh
    assert "3 h 23 min" in late.message.en


def test_an_export_shows_no_first_scan_deadline() -> None:
    assert run("LOG017", orders_page(order(tracking=SYNCED), kind="order_export"))[0].kind == UNKNOWN
