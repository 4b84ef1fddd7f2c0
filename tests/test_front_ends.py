"""Pages as other front ends would build them: the same meaning in other boxes, other words around it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from extractors.models import Reading, Store, Verdict
from extractors.page import Page
from extractors.reading import read_page
from extractors.vocabulary import shipped

PACIFIC = ZoneInfo("America/Los_Angeles")
AT = datetime(2026, 6, 3, 9, 0, tzinfo=PACIFIC)
STORE = Store(id="1", name="Alder Supply", channel_id="55")
ROOT = "https://csp.aliexpress.com"
ADDRESSES = shipped().site.addresses


def read(kind: str, body: str, title: str = "", channel: str = "55") -> Reading:
    html = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
    url = f"{ROOT}{ADDRESSES[kind]}?channelId={channel}"
    return read_page(Page(kind, html.encode(), AT, PACIFIC, url=url, store=STORE), shipped())


def table(titles: list[str], *rows: list[str]) -> str:
    head = "".join(f"<th>{title}</th>" for title in titles)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(line, rows))}</tbody></table>"


def line(cells: list[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def said(reading: Reading) -> set[tuple[str, str]]:
    return {(problem.type, problem.field) for problem in reading.problems}


# --- figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param("<table><tr><td>好评率：</td><td>98.12%</td><td>纠纷率：</td><td>0.61%</td></tr></table>",
                     id="labels and values in turn"),
        pytest.param(table(["好评率（近30天）", "纠纷率（近30天）"], ["98.12%", "0.61%"]), id="titles with brackets"),
        pytest.param(table(["指标", "数值", "同行"], ["好评率", "98.12%", "96%"], ["纠纷率", "0.61%", "1%"]),
                     id="a row a figure"),
        pytest.param("<section><h4>好评率</h4><strong>98.12%</strong></section>"
                     "<section><h4>纠纷率</h4><strong>0.61%</strong></section>", id="the label is the card's heading"),
        pytest.param("<p>好评率（近30天）：98.12%</p><p>纠纷率 (近30天)：0.61%</p>", id="brackets before the colon"),
        pytest.param("<span>好评率 (近30天)</span><b>98.12%</b><br><span>纠纷率 (近30天)</span><b>0.61%</b>",
                     id="brackets behind a label that ends another's value"),
        pytest.param("<div><div><span>好评率</span> <span>权重 15%</span></div><div>98.12%</div></div>"
                     "<div><div><span>纠纷率</span> <span>权重 25%</span></div><div>0.61%</div></div>",
                     id="the weight beside the label"),
    ],
)  # fmt: skip
def test_figures_are_read_wherever_the_value_stands(shown: str) -> None:
    data = read("health", f"<h2>店铺健康分</h2>{shown}", "店铺健康分").data
    assert data is not None
    assert (data.positive_rate, data.dispute_rate) == (0.9812, 0.0061)


def test_a_label_with_a_dash_on_its_line_has_no_value_of_another() -> None:
    body = (
        "<h2>买家消息</h2><p>回复率：98%</p><p>24小时回复率： --</p><p>自动回复延迟： 5分</p><p>自动回复内容： --</p>"
    )
    data = read("messages", body, "买家消息").data
    assert data is not None
    assert data.reply_24h_rate is None
    assert data.auto_reply.text is None


def test_a_vaguer_label_is_no_answer_for_a_rating_that_is_not_there() -> None:
    cards = "".join(
        f"<div><h4>{name}</h4><dl><dt>Score</dt><dd>4.5{n}</dd><dt>0-30 days</dt><dd>4.6</dd></dl></div>"
        for n, name in enumerate(("Item as described", "Logistics", "Seller service"))
    )
    body = f"<h1>Store rating</h1><p>Rating status: Calculating</p><p>Store rating: No rating</p>{cards}"
    data = read("rating", body, "Store rating").data
    assert data is not None
    assert data.rating is None
    assert data.description.score == 4.5
    assert data.service.days_30 == 4.6
    unnamed = read("rating", body.replace("<p>Store rating: No rating</p>", ""), "Store rating").data
    assert unnamed is not None
    assert unnamed.rating is None


def test_the_score_above_its_label_belongs_to_it_whatever_stands_further_up() -> None:
    body = (
        "<main><h1>店铺健康分</h1><div><span>更新日期：</span><span>2026/05/30</span></div>"
        "<div><div>74.4</div></div><div>店铺健康分</div><h3>构成</h3>"
        "<p>纠纷率: 1.20% <span>得分: 暂无</span></p></main>"
    )
    data = read("health", body, "店铺健康分").data
    assert data is not None
    assert (data.score, data.as_of) == (74.4, date(2026, 5, 30))
    assert data.part_scores.dispute is None


@pytest.mark.parametrize("remark", ["，数据每日更新", " (T+2)", "（数据延迟2天）", ", refreshed daily"])
def test_a_remark_may_follow_a_date(remark: str) -> None:
    body = f"<h2>店铺表现</h2><p>统计日期：2026-05-30{remark}</p><p>好评率：98%</p><p>纠纷率：1%</p>"
    data = read("assessment", body, "店铺表现").data
    assert data is not None
    assert data.stat_date == date(2026, 5, 30)


def test_of_two_dates_none_is_the_date() -> None:
    body = "<h2>店铺表现</h2><p>统计日期：2026-05-01，2026-05-30</p><p>好评率：98%</p><p>纠纷率：1%</p>"
    reading = read("assessment", body, "店铺表现")
    assert reading.data is not None
    assert reading.data.stat_date is None
    assert ("value_not_understood", "stat_date") in said(reading)


def test_the_parts_of_the_score_may_be_a_table() -> None:
    rows = [["30%", "98.50%", "95", "履约时效"], ["25%", "0.61%", "--", "纠纷率"]]
    body = f"<h2>店铺健康分</h2><p>店铺健康分：93.1</p>{table(['权重', '当前值', '得分', '指标'], *rows)}"
    data = read("health", body, "店铺健康分").data
    assert data is not None
    assert (data.fulfilment_rate, data.dispute_rate) == (0.985, 0.0061)
    assert (data.part_scores.fulfilment, data.part_scores.dispute) == (95, None)


# --- the order list -----------------------------------------------------------------------------------------------

ORDER = """<table class="next-table-row"><tbody><tr class="next-table-group-header"><td colspan="3"></td></tr><tr>
<td><div>订单号:</div><div>8187654321098765</div><div>下单时间:</div><div>2026-05-10 23:41</div>{tag}
<div>我的备注:</div><div>上网时效考核订单</div><div>编辑备注</div></td>
<td><div>手机订单</div><div>上网时效考核订单</div><div>商品属性:</div><div>手机订单</div></td><td>等待发货</td></tr></tbody></table>"""


def orders(pagination: str, tag: str = "") -> Reading:
    head = "<table><thead><tr><th>订单详情</th><th>商品</th><th>订单状态</th></tr></thead></table>"
    return read("orders", head + ORDER.format(tag=tag) + pagination, "所有订单")


def test_tags_may_be_plain_lines_and_notes_are_none() -> None:
    data = orders("", "<div>手机订单</div>").data
    assert data is not None
    assert data.orders[0].tags == ("手机订单", "上网时效考核订单")
    untagged = orders("").data
    assert untagged is not None
    assert untagged.orders[0].tags == ("上网时效考核订单",)


@pytest.mark.parametrize(
    ("pagination", "position", "total"),
    [
        ('<ul class="ait-pagination"><li class="ait-pagination-total-text">共 1,041 条记录</li>'
         '<li class="ait-pagination-item">1</li><li class="ait-pagination-item ait-pagination-item-active">2</li>'
         '<li class="ait-pagination-item">11</li></ul>', (2, 11), 1041),
        ('<div class="next-pagination"><div class="next-pagination-total">Total: 61 items</div>'
         '<button class="next-pagination-item next-current" aria-current="page">1</button>'
         '<button class="next-pagination-item">4</button></div>', (1, 4), 61),
        ('<div class="cn-next-pagination"><div class="cn-next-pagination-total">共 7 条数据</div>'
         '<span class="cn-next-pagination-display"><em>1</em>/1</span></div>', (1, 1), 7),
    ],
)  # fmt: skip
def test_position_and_total_of_other_paginations(pagination: str, position: tuple[int, int], total: int) -> None:
    data = orders(pagination).data
    assert data is not None
    assert (data.page, data.pages, data.total) == (*position, total)


# --- states without a text ----------------------------------------------------------------------------------------


def test_a_tracker_state_may_be_an_icon_only() -> None:
    rows = [
        ["纠纷率", "0.50%", "≤ 0.80%", '<i class="dot--i--a1B2c3d dot--green--a1B2c3d"></i>'],
        ["订单履约率", "<b>94.00</b>%", "≥ 95%", '<i class="icon" aria-label="Red"></i>'],
    ]
    tracker = table(["指标", "当前值", "要求", "状态"], *rows)
    body = f"<h2>卖家等级</h2><p>当前等级: 1钻</p><p>下一等级: 2钻</p>{tracker}"
    data = read("level", body, "卖家等级").data
    assert data is not None
    assert [(item.name, item.state) for item in data.tracker] == [("dispute_rate", "green"), ("fulfilment_rate", "red")]


def test_the_tracker_may_be_cards() -> None:
    body = (
        "<h2>Seller level</h2><p>Current level: 1 diamond</p><p>Next level: 2 diamonds</p>"
        "<h3>Level Progress Tracker</h3><div>"
        '<div><div>Dispute rate<i class="dot--amber--x"></i></div><div>0.90%</div><div>Requirement ≤ 0.80%</div></div>'
        "<div><div>Response Rate</div><div>96 <span>%</span></div><div>Requirement ≥95.00%</div>"
        "<div>On track</div></div></div>"
    )
    data = read("level", body, "Seller level").data
    assert data is not None
    told = [(item.name, item.value, item.threshold, item.state) for item in data.tracker]
    assert told == [("dispute_rate", 0.009, 0.008, "amber"), ("response_rate", 0.96, 0.95, "green")]


def test_why_not_and_weeks_turned_round() -> None:
    why = table(["未达标项", "说明", "数据快照"], ["营业执照", "有效期不足90天", "Licence validity: 41 days"])
    weeks = table(["指标", "2026/05/30", "2026/05/23"], ["纠纷率", "1.20%", "-"], ["店铺健康分", "83.4", "84"])
    data = read("level", f"<h2>卖家等级</h2><p>当前等级: 1钻</p><p>下一等级: 2钻</p>{why}{weeks}", "卖家等级").data
    assert data is not None
    assert [(w.label, w.text, w.snapshot) for w in data.why_not] == [
        ("营业执照", "有效期不足90天", "Licence validity: 41 days")
    ]
    assert {week.week_ending: week.metrics for week in data.weeks} == {
        date(2026, 5, 30): {"dispute_rate": 0.012, "health_score": 83.4},
        date(2026, 5, 23): {"dispute_rate": None, "health_score": 84.0},
    }
    assert data.tracker == ()


def test_stars_may_be_the_name_of_a_picture() -> None:
    row = ["8187654321098765", '<span role="img" aria-label="2 stars"><i></i><i></i></span>', "2026-05-30 10:00"]
    data = read("reviews", table(["Order ID", "Stars", "Posted"], row) + "Total 1", "Reviews").data
    assert data is not None
    assert data.reviews[0].stars == 2


# --- rating, traces, other lists ----------------------------------------------------------------------------------


def test_dimensions_may_be_columns_and_a_red_mark_needs_no_heading() -> None:
    rows = [["得分", "4.47", "4.22", "4.39"], ["0-30天", "5.00", "-", "4.51"]]
    body = (
        "<h1>店铺评分</h1><p>评分状态：未启用</p><h3>未启用原因</h3><ul><li>近90天有效订单<5笔</li></ul>"
        '<div role="alert"><span>纠纷率超标</span></div><h3>维度明细</h3>'
        + table(["周期", "商品描述", "物流服务", "卖家服务"], *rows)
    )
    data = read("rating", body, "店铺评分").data
    assert data is not None
    assert (data.description.score, data.logistics.score, data.logistics.days_30) == (4.47, 4.22, None)
    assert data.red_marks == ("纠纷率超标",)
    assert data.causes == ("under_5_orders",)


def test_a_mark_in_a_dialog_is_none() -> None:
    dialog = '<div role="dialog"><p>纠纷率超标</p></div>'
    data = read("rating", f"<h1>店铺评分</h1><p>评分状态：已启用</p><p>店铺评分：4.8</p>{dialog}", "店铺评分").data
    assert data is not None
    assert data.red_marks == ()


def parcel(number: str, updated: str) -> str:
    return (
        f"<div><p>Order ID: 8187654321098765</p><p>Tracking No.: {number}</p><p>Last updated: {updated}</p>"
        "<p>Sync status: Synced</p>{}</div>"
    )


def test_traces_may_be_tables_of_their_own() -> None:
    trace = table(["Time", "Place", "Event"], ["May 30, 2026 10:00", "Shenzhen", "Picked up"],
                  ["May 29, 2026 08:00", "", "Shipment declared"])  # fmt: skip
    bare = parcel("LB456990390CN", "-").format("")
    body = "<h2>Logistics tracking</h2>" + bare + parcel("RR280211307CN", "May 30, 2026 10:00").format(trace)
    data = read("tracking", body, "Logistics tracking").data
    assert data is not None
    without, with_trace = data.parcels
    assert without.events == ()
    assert [(event.place, event.text, event.scan) for event in with_trace.events] == [
        ("Shenzhen", "Picked up", True),
        (None, "Shipment declared", False),
    ]
    assert with_trace.first_scan_at == datetime(2026, 5, 30, 10, tzinfo=PACIFIC)


def test_a_trace_that_belongs_to_no_parcel_is_told() -> None:
    trace = table(["Time", "Event"], ["2026-05-30 10:00", "Picked up"])
    cards = parcel("LB456990390CN", "2026-05-01 10:00").format("") + parcel("RR280211307CN", "-").format(trace)
    reading = read("tracking", f"<h2>Logistics tracking</h2>{cards}", "Logistics tracking")
    assert ("value_not_understood", "parcels.events") in said(reading)


def test_a_class_that_is_not_assessed_is_none() -> None:
    row = ["1445364001", "Transaction", "N/A", "No", "2", "2026-05-01"]
    body = table(["Violation ID", "Type", "Class", "Severe", "Points", "Decided on"], row)
    data = read("violations", f"{body}<p>Total 1</p>", "Violations").data
    assert data is not None
    assert data.violations[0].violation_class is None


# --- what a page is -----------------------------------------------------------------------------------------------

FIGURES = "<p>好评率：98%</p><p>纠纷率：1%</p><p>店铺健康分：90</p><p>退货率：2%</p>"


def test_a_page_at_its_address_needs_no_title() -> None:
    assert read("health", f"<main>{FIGURES}</main>", "跨境卖家中心").verdict is Verdict.EXPECTED


def test_an_error_may_stand_inside_the_shell() -> None:
    shell = "<header><span>Alder Supply</span><span>cn1100234567</span></header>"
    body = f"{shell}<main><div class='next-message'>系统繁忙，请稍后再试</div><button>重试</button></main>"
    assert read("health", body, "跨境卖家中心").verdict is Verdict.ERROR_PAGE
    assert read("health", f"{shell}<main>{FIGURES}<p>系统繁忙，请稍后再试</p></main>").verdict is Verdict.EXPECTED


def test_another_store_shows_by_its_labelled_login_or_by_all_its_links() -> None:
    top = "<div class='layout'><div>Birch Tools</div><div>登录账号: ops@birch.example</div></div>"
    assert read("health", f"{top}{FIGURES}", "店铺健康分").verdict is Verdict.WRONG_STORE
    links = "".join(f'<a href="/m_apps/x{n}?channelId={{}}">{n}</a>' for n in range(4))
    assert read("health", links.format(*"9999") + FIGURES, "店铺健康分").verdict is Verdict.WRONG_STORE
    own = links.format("55", "55", "9", "9")
    assert read("health", own + FIGURES, "店铺健康分").verdict is Verdict.EXPECTED


# --- values in pieces ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param("<p>好评率: 98<small>.12</small><small>%</small></p>", id="behind a colon"),
        pytest.param("<p>好评率：98.<!-- -->12<!-- -->%</p>", id="comments between"),
        pytest.param(table(["指标", "当前值"], ["好评率", "98<span>.12</span><span>%</span>"]), id="in a row"),
        pytest.param(
            "<table><tr><td>好评率</td><td>98<b>.12</b>%</td><td>退货率</td><td>1%</td></tr></table>", id="in turn"
        ),
    ],
)
def test_a_rate_may_be_cut_into_pieces(shown: str) -> None:
    data = read("health", f"<h2>店铺健康分</h2><p>纠纷率：1%</p>{shown}", "店铺健康分").data
    assert data is not None
    assert data.positive_rate == 0.9812


@pytest.mark.parametrize(
    ("left", "wanted"),
    [
        ("<b>2</b>天 <b>3</b>小时 <b>20</b>分", timedelta(days=2, hours=3, minutes=20)),
        ("<span>02</span>天<span>06</span>:<span>13</span>:<span>55</span>", timedelta(days=2, seconds=22_435)),
        ("<span>-</span><span>06</span>:<span>13</span>", None),
        ("<span>02</span><span>天</span><span>99</span><span>:</span><span>99</span>", None),
    ],
)
def test_a_countdown_in_pieces_is_read_whole_or_not_at_all(left: str, wanted: timedelta | None) -> None:
    head = "<table><thead><tr><th>订单详情</th><th>金额</th><th>订单状态</th></tr></thead></table>"
    row = line([
        "订单号: <i>8187654321098765</i><div>下单时间:</div><div>2026-05-10 23:41</div>",
        "<span>CN￥ </span><span>1</span>,<span>234</span>.<span>56</span><div>(R$ 1.001,90)</div>",
        f"<div>等待发货</div><div>去发货</div><div>剩余时间：</div><div>{left}</div>",
    ])  # fmt: skip
    data = read("orders", f"{head}<table class='next-table-row'><tbody>{row}</tbody></table>共 1 条", "所有订单").data
    assert data is not None
    order = data.orders[0]
    assert order.ship_by == (None if wanted is None else AT + wanted)
    assert (str(order.amount.amount), str(order.amount_local.amount)) == ("1234.56", "1001.90")


@pytest.mark.parametrize(
    "pagination",
    [
        "第 1-20 条/总共 1,041 条",
        "1-20 / 共 1041 条",
        "1-20 of 1,041 items",
        "Showing 1-20 of 1041 results",
        "共 1,041 项",
    ],
)
def test_a_total_may_stand_beside_the_range(pagination: str) -> None:
    data = orders(f'<div class="ait-pagination-total-text">{pagination}</div>').data
    assert data is not None
    assert data.total == 1041


@pytest.mark.parametrize(
    ("shown", "start", "end"),
    [
        ("2027/01/15（剩余 41 天）", None, date(2027, 1, 15)),
        ("<div>起：2025-05-01</div><div>止：2027-01-15</div>", date(2025, 5, 1), date(2027, 1, 15)),
        ("<div>From May 1, 2025</div><div>to Jan 15, 2027 (expiring)</div>", date(2025, 5, 1), date(2027, 1, 15)),
    ],
)
def test_validities_with_remarks_and_on_two_lines(shown: str, start: date | None, end: date) -> None:
    body = table(["证件类型", "证件号", "有效期", "状态"], ["营业执照", "91**2X", shown, "审核不通过（图片模糊）"])
    data = read("documents", body, "资质诊断").data
    assert data is not None
    document = data.documents[0]
    assert (document.valid_from, document.valid_until, document.status) == (start, end, "rejected")


def test_a_video_may_be_an_icon() -> None:
    row = ["1005009273088428", "90", "9", '<i class="icon" aria-label="Yes"></i>', "EN / ES"]
    body = table(["Product ID", "Health score", "Pictures", "Video", "Languages"], row)
    data = read("products", body, "Product health").data
    assert data is not None
    assert data.products[0].video is True


# --- links and buttons beside values ------------------------------------------------------------------------------

COPY = [
    pytest.param("<a>复制</a>", id="link"),
    pytest.param('<button class="next-btn"><span>Copy</span></button>', id="button"),
    pytest.param('<i class="copy" title="复制"></i>', id="icon"),
]


@pytest.mark.parametrize("copy", COPY)
def test_a_button_is_no_part_of_a_number(copy: str) -> None:
    columns = ["订单号", "物流单号", "承运商", "最后更新", "同步状态"]
    row = [f"8187654321098765{copy}", f"LB456990390CN{copy}", "China Post", "2026-05-30 10:00", "已同步"]
    data = read("tracking", table(columns, row) + "<p>共 1 条</p>", "物流跟踪").data
    assert data is not None
    assert (data.parcels[0].order_id, data.parcels[0].tracking_number) == ("8187654321098765", "LB456990390CN")


@pytest.mark.parametrize("copy", COPY)
def test_a_button_is_no_tracking_number(copy: str) -> None:
    head = "<table><thead><tr><th>订单详情</th><th>物流单号</th><th>订单状态</th></tr></thead></table>"
    detail = f"<div>订单号:</div><div>8187654321098765{copy}</div><div>下单时间:</div><div>2026-05-10 23:41</div>"
    row = line([detail, f"<div><a>LB456990390CN</a>{copy} <span>未同步</span></div>", "等待买家收货"])
    data = read("orders", f"{head}<table class='next-table-row'><tbody>{row}</tbody></table>共 1 条", "所有订单").data
    assert data is not None
    assert [(one.number, one.sync) for one in data.orders[0].tracking] == [("LB456990390CN", "not_synced")]


@pytest.mark.parametrize("button", ["<a>去更新</a>", "<button>Renew</button>", "<div><a>something else</a></div>"])
def test_a_button_below_a_state_is_no_part_of_it(button: str) -> None:
    columns = ["Document", "Number", "Validity", "Status"]
    body = table(columns, ["Business licence", "91**2X", "2027-01-15", f"<div>Expiring soon</div>{button}"])
    data = read("documents", body, "Licences and qualifications").data
    assert data is not None
    assert data.documents[0].status == "expiring"


def test_two_states_in_a_cell_are_none() -> None:
    columns = ["Document", "Number", "Validity", "Status"]
    body = table(columns, ["Business licence", "91**2X", "2027-01-15", "<div>Approved</div><div>Expired</div>"])
    reading = read("documents", body, "Licences and qualifications")
    assert reading.data is not None
    assert reading.data.documents[0].status is None
    assert ("value_not_understood", "documents.status") in said(reading)


def test_buttons_are_no_causes_and_no_snapshots() -> None:
    causes = "<h3>未启用原因</h3><ul><li>订单未完成闭环 <a>查看详情</a></li></ul>"
    rating = read("rating", f"<h1>店铺评分</h1><p>评分状态：未启用</p>{causes}", "店铺评分").data
    assert rating is not None
    assert rating.causes == ("loop_not_closed",)
    item = "<div><div>企业支付宝</div><div>未绑定</div><div>数据快照：<span>not bound</span></div><a>去处理</a></div>"
    level = read(
        "level", f"<h2>卖家等级</h2><p>当前等级: 1钻</p><h3>Why Not Upgraded?</h3><div>{item}</div>", "卖家等级"
    ).data
    assert level is not None
    assert [(why.label, why.text, why.snapshot) for why in level.why_not] == [("企业支付宝", "未绑定", "not bound")]


def test_labels_and_values_below_a_table_of_two_columns_are_no_rows_of_it() -> None:
    top = table(["评分状态", "店铺评分"], ["已启用", "4.84"])
    rows = line(["有效订单数：", "27"]) + line(["最近90天订单数：", "3,683"])
    data = read("rating", f"<h1>店铺评分</h1>{top}<table><tbody>{rows}</tbody></table>", "店铺评分").data
    assert data is not None
    assert (data.status, data.rating, data.valid_orders_90d, data.orders_90d) == ("enabled", 4.84, 27, 3683)


# --- what nobody sees ---------------------------------------------------------------------------------------------

UNSEEN = [
    '<span style="display: none">old 12</span>',
    '<div role="tooltip" class="balloon" style="display:none">Order ID: 8111111111111111</div>',
    "<div role='tooltip'>99.99%</div>",
    "<span hidden>x1</span>",
    "<script>var rate = '1%'</script>",
    "<template><b>7</b></template>",
]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_is_hidden_in_a_cell_is_not_read(unseen: str) -> None:
    columns = ["Order ID", "Tracking No.", "Carrier", "Last updated", "Sync status"]
    row = [f"{text}{unseen}" for text in ("8187654321098765", "LB456990390CN", "Correos", "2026-05-30 10:00", "Synced")]
    data = read("tracking", table(columns, row) + "<p>Total 1</p>", "Logistics tracking").data
    assert data is not None
    parcel = data.parcels[0]
    assert (parcel.order_id, parcel.tracking_number, parcel.carrier) == (
        "8187654321098765",
        "LB456990390CN",
        "Correos",
    )
    assert parcel.sync == "synced"
    assert parcel.last_updated == datetime(2026, 5, 30, 10, tzinfo=PACIFIC)


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_is_hidden_beside_a_value_does_not_cut_it(unseen: str) -> None:
    body = f"<h2>店铺健康分</h2><p>纠纷率：1%</p>{table(['指标', '当前值'], [f'好评率{unseen}', f'{unseen}98.12%'])}"
    data = read("health", body, "店铺健康分").data
    assert data is not None
    assert data.positive_rate == 0.9812


def test_a_style_that_hides_nothing_hides_nothing() -> None:
    rows = [["<span style='color:red'>好评率</span>", "<b style='font-size:20px'>98.12%</b>"]]
    body = f"<h2>店铺健康分</h2><p>纠纷率：1%</p>{table(['指标', '当前值'], *rows)}"
    data = read("health", body, "店铺健康分").data
    assert data is not None
    assert data.positive_rate == 0.9812


def test_remarks_behind_a_figure_are_no_part_of_it() -> None:
    metric = ["72-hour scan rate", "93.12%<div>↑0.3%</div>", "≥ 92.00%", "≥ 95.00%<div>short of 1.88%</div>"]
    metrics = table(["Metric", "Current", "To keep", "To reach"], metric)
    body = f"<h2>Medal benefits centre</h2><p>Current tier: Silver</p>{metrics}"
    data = read("medal", body, "Medal benefits centre").data
    assert data is not None
    told = data.metrics[0]
    assert (told.value, told.keep, told.reach, told.better) == (0.9312, 0.92, 0.95, "higher")
    product = [
        "1005009273088428",
        "90<span>/100</span>",
        "11 <span>pcs</span>",
        "US $38.90<div><del>US $50.00</del></div>",
    ]
    listed = read(
        "products", table(["Product ID", "Health score", "Pictures", "Price"], product), "Product health"
    ).data
    assert listed is not None
    assert (listed.products[0].health_score, listed.products[0].pictures) == (90, 11)
    assert str(listed.products[0].price.amount) == "38.90"


def test_a_state_beside_its_button_and_a_country_with_its_code() -> None:
    columns = ["订单号", "物流单号", "目的地", "同步状态", "物流状态"]
    row = ["8187654321098765", "LB456990390CN", "西班牙 (ES)", "未同步<button>同步物流</button>", "运输中<a>看看</a>"]
    data = read("tracking", table(columns, row) + "<p>共 1 条</p>", "物流跟踪").data
    assert data is not None
    parcel = data.parcels[0]
    assert (parcel.destination, parcel.sync, parcel.status) == ("ES", "not_synced", "in_transit")


def test_invisible_marks_are_no_text() -> None:
    product = [
        "1005009273088428\u200b",
        '<i class="icon" aria-label="No"></i>\u200e',
        "EN / ES<a>编辑\u200b</a>",
        "9\u200b",
    ]
    columns = ["商品ID", "视频", "详情语言", "场景图"]
    data = read("products", table(columns, product), "商品健康度").data
    assert data is not None
    told = data.products[0]
    assert (told.product_id, told.video, told.languages) == ("1005009273088428", False, ("EN", "ES"))


def test_a_label_above_is_no_value() -> None:
    session = "<div role='listitem' data-session-id='1-2'><div>最后发送：</div><div>自动回复</div></div>"
    body = f"<h2>买家消息</h2><p>回复率：98%</p><div>自动回复设置：<b>已开启</b></div>{session}"
    data = read("messages", body, "买家消息").data
    assert data is not None
    assert data.auto_reply.enabled is True
