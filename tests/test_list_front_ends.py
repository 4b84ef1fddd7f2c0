"""Lists as other front ends would build them: other columns, other rows around the items, other paginations."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from extractors.models import Sync, Verdict
from tests.test_front_ends import AT, PACIFIC, line, read, said, table

FIRST, SECOND = "8187654321098765", "8187654321098766"


# --- orders -------------------------------------------------------------------------------------------------------


def test_number_time_and_countdown_may_have_columns_of_their_own() -> None:
    titles = ["下单时间", "商品", "订单号", "金额（CNY）", "剩余时间", "订单状态"]
    rows = [
        ["2026年5月10日 下午9:05", "订单号：8999999999999999", f"{FIRST}<div>手机订单</div>", "1,234.56",
         "02天03:00:00", "等待发货"],
        ["2026年5月9日 上午12:30", "杯子", SECOND, "CN￥ 8.00", "-", "等待买家收货"],
    ]  # fmt: skip
    data = read("orders", table(titles, *rows) + "<p>共计 2 条数据</p>", "所有订单").data
    assert data is not None
    first, second = data.orders
    assert (first.order_id, second.order_id, data.total) == (FIRST, SECOND, 2)
    assert first.placed_at == datetime(2026, 5, 10, 21, 5, tzinfo=PACIFIC)
    assert second.placed_at == datetime(2026, 5, 9, 0, 30, tzinfo=PACIFIC)
    assert first.ship_by == AT + timedelta(days=2, hours=3)
    assert (first.amount.currency, str(first.amount.amount)) == ("CNY", "1234.56")
    assert first.tags == ("手机订单",)


def test_lines_that_repeat_their_order_number_are_one_order() -> None:
    titles = ["Order", "Order time", "Product", "Quantity", "Order status"]
    placed = "Nov 3, 2025 9:05 AM PST"
    rows = [[number, placed, "Cup", "2", "Completed"] for number in (FIRST, FIRST, SECOND)]
    data = read("orders", table(titles, *rows) + "<p>Total 2</p>", "All orders").data
    assert data is not None
    assert [(one.order_id, one.lines, one.quantity) for one in data.orders] == [(FIRST, 2, 4), (SECOND, 1, 2)]


def test_a_title_may_have_an_arrow_behind_its_currency() -> None:
    row = [FIRST, "2026-05-10 23:41", "1,234.56", "Completed"]
    titles = ["Order ID", "Order time", "Amount (US $) <span>↑</span><span>↓</span>", "Order status"]
    data = read("orders", table(titles, row), "All orders").data
    assert data is not None
    assert (data.orders[0].amount.currency, str(data.orders[0].amount.amount)) == ("USD", "1234.56")


def test_an_amount_without_any_currency_is_told() -> None:
    row = [FIRST, "2026-05-10 23:41", "1,234.56", "Completed"]
    reading = read("orders", table(["Order ID", "Order time", "Amount (gross)", "Order status"], row), "All orders")
    assert reading.data is not None
    assert reading.data.orders[0].amount is None
    assert ("value_not_understood", "orders.amount") in said(reading)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("LB456990390CN（未同步）", [("LB456990390CN", Sync.NOT_SYNCED)]),
        ("LB456990390CN · 已同步", [("LB456990390CN", Sync.SYNCED)]),
        ("China Post LB456990390CN", [("LB456990390CN", Sync.SYNCED)]),
        ("<div>4PX</div><div>4PX3000123456CN</div><div>未同步</div>", [("4PX3000123456CN", Sync.NOT_SYNCED)]),
        ("LB456990390CN / RR280211307CN (Not synced)", [("LB456990390CN", Sync.SYNCED),
                                                        ("RR280211307CN", Sync.NOT_SYNCED)]),
        ("<div>LB456990390CN</div><div>2026-05-30 10:00</div>", [("LB456990390CN", Sync.SYNCED)]),
        ("LB 456 990 390 CN", [("LB 456 990 390 CN", Sync.SYNCED)]),
    ],
)  # fmt: skip
def test_carrier_state_and_time_are_no_part_of_a_tracking_number(cell: str, wanted: list[tuple[str, Sync]]) -> None:
    titles = ["订单详情", "物流单号", "订单状态"]
    detail = f"<div>订单号：{FIRST}</div><div>下单时间：2026-05-10 23:41</div>"
    data = read("orders", table(titles, [detail, cell, "等待买家收货"]) + "<p>共 1 条</p>", "所有订单").data
    assert data is not None
    assert [(one.number, one.sync) for one in data.orders[0].tracking] == wanted


# --- rows that are no items ---------------------------------------------------------------------------------------

DAY = '<tr class="sep"><td colspan="6">{}</td></tr>'
LISTS = [
    ("reviews", "Reviews", ["Order ID", "Stars", "Review", "Posted"], [FIRST, "4", "fine", "2026-05-30 10:00"]),
    ("violations", "Violations", ["Violation ID", "Type", "Severe", "Decided on"], ["144536", "Other", "No",
                                                                                   "2026-05-01"]),
    ("products", "Product health", ["Product ID", "Health score", "Pictures", "Video"], ["1005009", "90", "9", "Yes"]),
    ("documents", "Licences and qualifications", ["Document", "Number", "Validity", "Status"],
     ["Business licence", "91**2X", "2027-01-15", "Approved"]),
    ("disputes", "Dispute management", ["Order ID", "Reason", "Opened", "Dispute status"],
     [FIRST, "Not received", "2026-05-30 10:00", "Ended"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "title", "titles", "row"), LISTS, ids=[case[0] for case in LISTS])
def test_headings_and_sums_between_the_rows_are_no_items(
    kind: str, title: str, titles: list[str], row: list[str]
) -> None:
    rows = DAY.format("Tuesday, June 2, 2026") + line(row) + DAY.format("Subtotal: 1")
    whole = table(titles).replace("<tbody>", f"<tbody>{rows}")
    reading = read(kind, f"{whole}<p>Showing 1 to 1 of 1 entries</p>", title)
    assert reading.data is not None
    assert len(getattr(reading.data, kind)) == 1
    assert said(reading) <= {("field_not_found", "points")}


def test_a_heading_between_parcels_is_no_trace() -> None:
    titles = ["Order ID", "Tracking No.", "Carrier", "Last updated", "Sync status"]
    row = [FIRST, "LB456990390CN", "Correos", "2026-05-30 10:00", "Synced"]
    trace = DAY.format("<ol><li>Sat, May 30, 2026 at 10:00 am<b></b></li><li>Picked up</li></ol>")
    rows = line(row) + trace + DAY.format("June 1, 2026")
    data = read("tracking", table(titles).replace("<tbody>", f"<tbody>{rows}"), "Logistics tracking").data
    assert data is not None
    assert [(event.text, event.place) for event in data.parcels[0].events] == [("Picked up", None)]


@pytest.mark.parametrize("words", ["没有找到相关数据", "No matching records", "There are no records to show"])
def test_an_empty_list_says_so_in_other_words(words: str) -> None:
    whole = table(["Order ID", "Stars", "Review", "Posted"]).replace("<tbody>", f"<tbody>{DAY.format(words)}")
    reading = read("reviews", whole, "Reviews")
    assert reading.verdict is Verdict.EMPTY
    assert reading.data is not None
    assert (reading.data.reviews, reading.data.total) == ((), 0)


# --- paginations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pagination", "told"),
    [
        ("<nav aria-label='pagination'><span>Page 2 of 3</span> <span>57 results in total</span></nav>", (57, 2, 3)),
        ("<div><span>第 2 页 / 共 3 页</span> <span>共计 57 条数据</span></div>", (57, 2, 3)),
        ("<div class='el-pagination'><span>共 57 条</span><ul class='el-pager'><li>1</li><li class='is-active'>2</li>"
         "<li>3</li></ul></div>", (57, 2, 3)),
        ("<div><span>Total 57</span><span>2/3</span></div>", (57, 2, 3)),
        ("<div><span>Total 57</span></div><div>2/3</div>", (57, None, None)),
        ("<p>显示第 21 到第 40 条记录，总共 57 条记录</p>", (57, None, None)),
        ("<div><span>已加载 20 条，共 57 条</span><button>加载更多</button></div>", (57, None, None)),
        ("<div role='dialog'><span>共 57 条</span><span>Page 2 of 3</span></div>", (None, None, None)),
        ("<div><span>共 57 条</span> <span>共 58 条</span></div>", (None, None, None)),
    ],
)  # fmt: skip
def test_other_paginations(pagination: str, told: tuple[int | None, ...]) -> None:
    row = [FIRST, "2026-05-10 23:41", "Completed"]
    data = read("orders", table(["Order ID", "Order time", "Order status"], row) + pagination, "All orders").data
    assert data is not None
    assert (data.total, data.page, data.pages) == told


def test_a_row_without_the_number_of_its_item_is_told_and_no_item() -> None:
    review = ["Store manager's reply", "5", "thanks", "2026-05-30 10:00"]
    reading = read("reviews", table(["Order ID", "Stars", "Review", "Posted"], review) + "<p>Total 1</p>", "Reviews")
    assert reading.data is not None
    assert reading.data.reviews == ()
    assert ("field_not_found", "reviews.order_id") in said(reading)
    violation = ["see below", "Other", "No", "2026-05-01"]
    reading = read("violations", table(["Violation ID", "Type", "Severe", "Decided on"], violation), "Violations")
    assert reading.data is not None
    assert reading.data.violations == ()
    assert ("field_not_found", "violations.violation_id") in said(reading)
