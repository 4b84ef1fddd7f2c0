"""Lists without a table: rows of boxes below a row of titles, and cards with labels in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from extractors.models import Sync, Verdict
from tests.test_front_ends import AT, PACIFIC, read, said

FIRST, SECOND = "8187654321098765", "8187654321098766"


def boxes(titles: list[str], *rows: list[str], between: str = "") -> str:
    """A row of titles, and the rows in a box of their own; ``between`` follows each row."""
    made = "".join(f"<div class='row'>{''.join(f'<div>{cell}</div>' for cell in row)}</div>{between}" for row in rows)
    return f"<div class='head'>{''.join(f'<div>{title}</div>' for title in titles)}</div><div class='body'>{made}</div>"


def listed(titles: list[str], *rows: list[str], **_: str) -> str:
    """The same as lists."""
    return "".join(f"<ul>{''.join(f'<li>{cell}</li>' for cell in row)}</ul>" for row in (titles, *rows))


def lines(titles: list[str], *rows: list[str]) -> str:
    """Cards whose labels begin their lines."""
    cards = ("".join(f"<p>{t}：{cell}</p>" for t, cell in zip(titles, row, strict=True)) for row in rows)
    return f"<ul>{''.join(f'<li>{card}</li>' for card in cards)}</ul>"


def definitions(titles: list[str], *rows: list[str]) -> str:
    """Cards of terms and their definitions."""
    cards = ("".join(f"<dt>{t}</dt><dd>{cell}</dd>" for t, cell in zip(titles, row, strict=True)) for row in rows)
    return "".join(f"<article><dl>{card}</dl></article>" for card in cards)


def pairs(titles: list[str], *rows: list[str]) -> str:
    """Cards with a box around each label and its value."""
    cards = (
        "".join(
            f"<div class='kv'><span>{t}:</span><div>{cell}</div></div>" for t, cell in zip(titles, row, strict=True)
        )
        for row in rows
    )
    return "".join(f"<div class='card'>{card}</div>" for card in cards)


FORMS = [boxes, listed, lines, definitions, pairs]
TITLES = ["订单号", "商品", "下单时间", "金额（CNY）", "物流单号", "买家", "订单状态"]
LEFT = "<div>等待发货</div><div>剩余时间：02天03:00:00</div><a>查看详情</a>"
ROWS = [
    [FIRST, "杯子", "2026-05-10 23:41", "1,234.56", "LB456990390CN 未同步", "A***", LEFT],
    [SECOND, "订单号：8999999999999999", "2026-05-09 00:30", "8.00", "", "B***", "<div>等待买家收货</div>"],
]


@pytest.mark.parametrize("form", FORMS)
def test_orders(form) -> None:
    data = read("orders", form(TITLES, *ROWS) + "<p>共 2 条</p>", "所有订单").data
    assert data is not None
    first, second = data.orders
    assert (data.total, first.order_id, second.order_id) == (2, FIRST, SECOND)
    assert first.placed_at == datetime(2026, 5, 10, 23, 41, tzinfo=PACIFIC)
    assert (first.status, second.status) == ("awaiting_shipment", "awaiting_receipt")
    assert first.ship_by == AT + timedelta(days=2, hours=3)
    assert (first.amount.currency, str(first.amount.amount)) == ("CNY", "1234.56")
    assert [(one.number, one.sync) for one in first.tracking] == [("LB456990390CN", Sync.NOT_SYNCED)]
    assert [(one.number, one.sync) for one in second.tracking] == [(None, Sync.MISSING)]


@pytest.mark.parametrize("form", FORMS)
def test_reviews_whose_texts_look_like_labels(form) -> None:
    titles = ["Order ID", "Stars", "Review", "Posted"]
    hostile = "<div>Order ID</div><div>8999999999999999</div><div>Stars: 5</div><div>Posted: 2001-01-01 00:00</div>"
    rows = [
        [FIRST, '<span role="img" aria-label="2 stars"><i></i><i></i></span>', hostile, "Sat, May 30, 2026 10:00 AM"],
        [SECOND, "5 stars", "Order ID: 8999999999999998 Stars: 1", "May 29, 2026 10:00 AM PDT"],
        [SECOND[:-1] + "7", "3", "-", "2026-05-28 10:00"],
    ]
    data = read("reviews", form(titles, *rows) + "<p>Total 3</p>", "Reviews").data
    assert data is not None
    told = [(one.order_id, one.stars, one.posted_at.day) for one in data.reviews]
    assert told == [(FIRST, 2, 30), (SECOND, 5, 29), (SECOND[:-1] + "7", 3, 28)]


@pytest.mark.parametrize("form", FORMS)
def test_violations_documents_and_disputes(form) -> None:
    row = ["144536", "Transaction", "N/A", "No", "2", "May 1, 2026", "In effect"]
    titles = ["Violation ID", "Type", "Class", "Severe", "Points", "Decided on", "Status"]
    figure = "<p>Points in total: 4</p>"
    violations = read("violations", figure + form(titles, row, ["144537", *row[1:]]) + "Total 2", "Violations").data
    assert violations is not None
    assert violations.points == 4
    assert [(one.violation_id, one.points, one.decided_on) for one in violations.violations] == [
        ("144536", 2, date(2026, 5, 1)),
        ("144537", 2, date(2026, 5, 1)),
    ]
    name = "<div>Trademark registration</div><div>Brand: LUMORA</div>"
    papers = [[name, "TM-1", "2027-01-15", "Approved"], ["Business licence", "91**2X", "long-term", "Expired"]]
    documents = read("documents", form(["Document", "Number", "Validity", "Status"], *papers), "Licences").data
    assert documents is not None
    assert [(one.kind, one.brand, one.long_term, one.status) for one in documents.documents] == [
        ("trademark", "LUMORA", False, "approved"),
        ("business_licence", None, True, "expired"),
    ]
    link = '<a href="/m_apps/dispute-management/detail?disputeId=612">查看详情</a><div>立即处理</div>'
    own = [f"<div>{FIRST}</div>", "与描述不符", "2026-05-30 10:00", f"<div>方案协商中</div>{link}"]
    other = [f"<div>{SECOND}</div>", "质量问题", "2026-05-29 10:00", "<div>已结束</div>"]
    disputes = read(
        "disputes",
        form(["订单信息", "纠纷原因", "纠纷发起时间", "纠纷订单状态"], own, other) + "<p>共 2 条</p>",
        "纠纷管理",
    ).data
    assert disputes is not None
    told = [(one.order_id, one.dispute_id, one.awaiting, one.not_as_described) for one in disputes.disputes]
    assert told == [(FIRST, "612", "seller", True), (SECOND, None, "none", False)]


def test_a_trace_may_follow_its_row_of_boxes() -> None:
    titles = ["Order ID", "Tracking No.", "Carrier", "Last updated", "Sync status"]
    row = [FIRST, "LB456990390CN", "Correos", "2026-05-30 10:00", "Synced"]
    trace = "<div class='more'><ol><li>2026-05-30 10:00 <p>Madrid</p><p>Delivered</p></li></ol></div>"
    data = read("tracking", boxes(titles, row, between=trace), "Logistics tracking").data
    assert data is not None
    assert [(event.place, event.text) for event in data.parcels[0].events] == [("Madrid", "Delivered")]


CARD = (
    "<section class='order'><header><span>订单号：{number}</span> <span>下单时间：2026-05-10 23:41</span>"
    "<span>手机订单</span></header><div class='items'>{items}</div>"
    "<footer><div><span>金额</span><b>CN￥ 8.00</b></div><div><span>订单状态</span><div>{status}</div></div></footer>"
    "</section>"
)


def test_a_card_may_have_its_number_in_its_head_and_figures_at_its_foot() -> None:
    bad = "<div class='it'><span>订单号：8999999999999999</span><span>x2</span></div>"
    cards = CARD.format(number=FIRST, items=bad * 2, status="等待发货")
    cards += CARD.format(number=SECOND, items="<div class='it'><span>杯子</span></div>", status="交易完成")
    data = read("orders", f"<main>{cards}</main><p>共 2 条</p>", "所有订单").data
    assert data is not None
    assert [(one.order_id, one.status, one.lines) for one in data.orders] == [
        (FIRST, "awaiting_shipment", None),
        (SECOND, "completed", None),
    ]
    assert data.orders[0].tags == ("手机订单",)
    assert data.orders[0].tracking is None


def test_a_single_card_is_a_list_of_one() -> None:
    row = ["144536", "Transaction", "A", "Yes", "2", "2026-05-01"]
    titles = ["Violation ID", "Type", "Class", "Severe", "Points", "Decided on"]
    data = read("violations", f"<main>{definitions(titles, row)}<p>Total 1</p></main>", "Violations").data
    assert data is not None
    assert [(one.violation_id, one.severe) for one in data.violations] == [("144536", True)]


def test_hidden_cards_and_filters_are_no_list() -> None:
    titles = ["Order ID", "Stars", "Review", "Posted"]
    hidden = definitions(titles, [FIRST, "1", "x", "2026-05-30 10:00"], [SECOND, "1", "x", "2026-05-30 10:00"])
    filters = "".join(f"<label><span>{title}</span><input></label>" for title in titles)
    reading = read("reviews", f"<form>{filters}</form><div hidden>{hidden}</div><p>No data</p>", "Reviews")
    assert reading.verdict is Verdict.EMPTY
    assert reading.data is not None
    assert reading.data.reviews == ()
    assert not said(reading)


def test_a_box_of_as_many_rows_as_columns_is_no_row() -> None:
    titles = ["Order ID", "Stars", "Review", "Posted"]
    rows = [[f"{FIRST[:-1]}{n}", str(n), "fine", "2026-05-30 10:00"] for n in range(1, 5)]
    data = read("reviews", boxes(titles, *rows) + "Total 4", "Reviews").data
    assert data is not None
    assert [one.stars for one in data.reviews] == [1, 2, 3, 4]


def test_what_stands_below_the_last_trace_is_no_part_of_it() -> None:
    trace = "<ol><li><b>2026-05-30 10:00</b><p>Picked up</p></li><li><b>2026-05-29 09:00</b><p>CONSIGN</p></li></ol>"
    card = f"<p>Order ID: {FIRST}</p><p>Tracking No.: LB456990390CN</p><p>Carrier: Correos</p>{trace}"
    body = f"<h2>Logistics tracking</h2><div>{card}</div><div>Showing 1 to 1 of 1 entries</div>"
    data = read("tracking", body, "Logistics tracking").data
    assert data is not None
    told = [(event.text, event.place, event.scan) for event in data.parcels[0].events]
    assert told == [("Picked up", None, True), ("CONSIGN", None, False)]


def test_a_trace_in_a_row_that_only_says_how_wide_it_is() -> None:
    titles = ["Order ID", "Tracking No.", "Carrier", "Last updated", "Sync status"]
    row = [FIRST, "LB456990390CN", "Correos", "2026-05-30 10:00", "Synced"]
    head = "".join(f"<div role='columnheader'>{title}</div>" for title in titles)
    cells = "".join(f"<div role='cell'>{cell}</div>" for cell in row)
    trace = "<div role='row'><div role='cell' aria-colspan='5'><p>2026-05-30 10:00</p><p>Picked up</p></div></div>"
    body = f"<div role='table'><div role='row'>{head}</div><div role='row'>{cells}</div>{trace}</div>"
    data = read("tracking", body.replace("'", '"'), "Logistics tracking").data
    assert data is not None
    assert [(one.order_id, [event.text for event in one.events]) for one in data.parcels] == [(FIRST, ["Picked up"])]
