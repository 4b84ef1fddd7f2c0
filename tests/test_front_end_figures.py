"""Single figures and small tables as other front ends would build them: remarks, lines, copies, tables of boxes."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.models import Verdict
from extractors.remarks import is_change, line_in, without_remarks
from extractors.rewriting import rewritten
from tests.test_front_ends import read, said, table

HEAD = "<h1>店铺表现</h1><p>统计日期：2026-05-30</p><p>24小时回复率：99%</p>"


# --- what stands around a figure ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("当前 94.1% / 要求 ≥95%", "94.1%"),
        ("当前值：94.1%（目标 不低于 95%）", "94.1%"),
        ("94.1% (required at least 95%)", "94.1%"),
        ("Now N/A / target ≥ 4.7", "N/A"),
        ("94.1% / ≥ 95%", "94.1%"),
        ("98.5% ↑0.3%", "98.5%"),
        ("4.62▲0.1 较上周", "4.62 较上周"),
        ("98.5% +0.3%", "98.5%"),
        ("98.5% vs last week ↓1.2%", "98.5%"),
        ("US $5,600.00 / ≥ US $5,000", "US $5,600.00"),
        ("83.4 分 · 良好", "83.4 分"),
        ("64.1 pts, good", "64.1 pts"),
        ("98.5%", None),
        ("≥ 95%", None),
        ("0.5 - 0.8", None),
        ("2026-05-30", None),
    ],
)
def test_a_figure_without_its_remarks(text: str, bare: str | None) -> None:
    assert without_remarks(text) == bare


def test_lines_and_changes() -> None:
    assert line_in("94.1%Requirement at least 95%") == "at least 95%"
    assert line_in("94.1%") is None
    assert [is_change(text) for text in ("↑0.3%", "+2.00%", "较上周 -0.1%", "0.3%", "98.5% ↑0.3%")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param("<div><p>好评率</p><p>当前 94.1% / 要求 ≥95%</p></div>", id="value and line in one text"),
        pytest.param("<div><p>好评率</p><p><span>≥ 95%</span><span>94.1%</span></p></div>", id="the line in front"),
        pytest.param("<div><div>94.1%</div><div>好评率</div><div>+2.00%</div></div>", id="above, with a change below"),
        pytest.param("<div><div>94.1%</div><div>好评率</div><div>0.00%</div></div>", id="above, a bare change below"),
        pytest.param("<div><span>12%</span><span>好评率</span><p>94.1%</p></div>", id="below, with a share in front"),
        pytest.param("<div><div>94.1%</div><div>好评率</div><div><i class='arrow-up'></i>0.3%</div></div>",
                     id="a change with an icon"),
        pytest.param("<div><div>好评率</div><div>94.1% <i class='arrow-up'></i></div></div>", id="an icon alone"),
        pytest.param("<div><div>好评率</div><ul><li><span>同行</span> 96.3%</li><li><span>目标</span> ≥ 95%</li>"
                     "<li><span>本店</span> 94.1%</li></ul></div>", id="own beside peers"),
        pytest.param("<ul><li><label>好评率</label><meter value='9'>0.5</meter><output>94.1%</output></li></ul>",
                     id="a bar between"),
        pytest.param("<div class='next-skeleton'><p>好评率</p><p>--</p></div><div><p>好评率</p><p>94.1%</p></div>",
                     id="a placeholder of its own"),
        pytest.param("<div><p><span>好评率</span></p><p><span>≥ 85</span><span>94.1%</span></p></div>",
                     id="a line without its unit in front"),
        pytest.param("<div><div>好评率</div><div>72小时上网率</div></div><div><div>94.1%</div><div>50%</div></div>",
                     id="a row of labels above a row of values"),
        pytest.param("<table><tr><th>指标</th><th>目标</th><th>本店</th><th>同行</th></tr>"
                     "<tr><td>好评率</td><td>≥ 95%</td><td>94.1%</td><td>97%</td></tr></table>", id="a table of both"),
        pytest.param("<div><label>好评率</label><input readonly value='94.1%'></div>", id="a field that only shows"),
        pytest.param("<div><div>好评率<span>NEW</span></div><div>94.1%</div></div>", id="a badge beside the label"),
        pytest.param("<li>• 好评率：94.1%；</li>", id="the end of a sentence"),
        pytest.param("<table><tr><th>指标</th><th>上月</th><th>本月</th></tr>"
                     "<tr><td>好评率</td><td>97%</td><td>94.1%</td></tr></table>", id="this month beside the last"),
        pytest.param("<div aria-busy='true'><p>好评率</p><p>94.1%</p></div>", id="a value that is being renewed"),
        pytest.param("<style>.m{display:none}@media(max-width:9px){.m{display:block}}</style>"
                     "<div class='m'><p>好评率</p><p>50%</p></div><div><p>好评率</p><p>94.1%</p></div>",
                     id="a copy hidden by its class"),
    ],
)  # fmt: skip
def test_what_stands_around_a_figure_is_no_part_of_it(shown: str) -> None:
    data = read("assessment", f"{HEAD}<div>{shown}</div><p>纠纷率：1%</p>", "店铺表现").data
    assert data is not None
    assert (data.positive_rate, data.dispute_rate) == (0.941, 0.01)


def test_a_field_may_hold_a_number_but_not_that_of_a_page() -> None:
    field = "<div><label>自动确认收货时间</label><input type='number' value='90'> 天</div>"
    regions = table(["区域", "自动确认天数"], ["南美", "60 天"])
    data = read("settings", f"<h1>物流设置</h1>{field}{regions}", "物流设置").data
    assert data is not None
    assert data.auto_confirm_days == 90
    body = f"<h1>物流设置</h1><div class='next-pagination'>{field}</div>{regions}"
    data = read("settings", body, "物流设置").data
    assert data is not None
    assert data.auto_confirm_days is None


def test_titles_above_the_rows_of_a_list_are_no_figures() -> None:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in (("区域", "自动确认天数"), ("南美", 60), ("欧洲", 45))
    )
    data = read("settings", f"<h1>物流设置</h1><table>{rows}</table>", "物流设置").data
    assert data is not None
    assert data.auto_confirm_days is None
    assert data.auto_confirm_by_region == {"南美": 60, "欧洲": 45}


def test_a_line_in_a_piece_of_its_own_never_runs_into_the_value() -> None:
    card = "<div><span>店铺评分</span><span>目标：≥ 4.7</span><strong>4.81/5</strong></div>"
    data = read("rating", f"<h1>店铺评分</h1><p>评分状态：已启用</p>{card}", "店铺评分").data
    assert data is not None
    assert data.rating == 4.81


def test_a_unit_above_a_label_may_be_a_title_too() -> None:
    body = (
        "<h1>Logistics settings</h1><div><p><span>90</span><span> days</span></p>"
        "<p>Automatic confirmation of receipt</p></div>" + table(["Region", "Days"], ["South America", "60"])
    )
    data = read("settings", body, "Logistics settings").data
    assert data is not None
    assert data.auto_confirm_days == 90


@pytest.mark.parametrize("shown", ["≥ 95%", "目标 ≥ 95%", "同行 96.3%", "较上周 +0.3%"])
def test_what_only_stands_around_a_figure_is_none(shown: str) -> None:
    data = read("assessment", f"{HEAD}<div><p>好评率</p><p>{shown}</p></div><p>纠纷率：1%</p>", "店铺表现").data
    assert data is not None
    assert data.positive_rate is None


def test_another_label_above_is_no_value() -> None:
    body = (
        "<h1>资质诊断</h1><div><div>营业执照注册日期</div><div>监管类目</div></div><div><div>2022-11-03</div></div>"
        + table(["证件类型", "有效期", "状态"], ["营业执照", "长期", "已通过"])
    )
    data = read("documents", body, "资质诊断").data
    assert data is not None
    assert data.regulated_categories == ()


def test_the_longest_label_is_the_one_in_front_of_a_value() -> None:
    body = "<h1>Store health</h1><p>Store health score <b>64.1</b> pts · Good</p><p>Dispute rate: 1%</p>"
    data = read("health", body, "Store health").data
    assert data is not None
    assert data.score == 64.1


@pytest.mark.parametrize(
    ("card", "rate"),
    [
        ("<div><p><span>纠纷率</span><em>25%</em></p><p>0.61%</p><p>得分：90</p></div>", 0.0061),
        ("<div><p><span>纠纷率</span><em>25%</em></p><p>得分：90</p></div>", 0.25),
        ("<div><p><span>纠纷率</span><em>25%</em></p><p>--</p><p>得分：90</p></div>", None),
    ],
)
def test_a_bare_weight_beside_a_label_is_no_value_where_there_is_one(card: str, rate: float | None) -> None:
    data = read("health", f"<h1>店铺健康分</h1><p>店铺健康分：90</p>{card}<p>退货率：2%</p>", "店铺健康分").data
    assert data is not None
    assert data.dispute_rate == rate
    assert data.part_scores.dispute == 90


# --- the level tracker, weeks, validities -------------------------------------------------------------------------


def test_a_tracker_card_may_hold_value_and_line_in_one_text() -> None:
    body = (
        "<h1>等级状态</h1><p>当前等级：2钻</p><h3>等级进度</h3><div>"
        "<div><p>纠纷率</p><p>当前 0.9% / 要求 不高于 0.8%</p><p>红色预警</p></div>"
        "<div><span>店铺健康分</span><span>87</span><span>↑0.3%</span><span>要求 ≥ 85</span>"
        "<span>达标</span></div></div>"
    )
    data = read("level", body, "等级状态").data
    assert data is not None
    assert [(i.name, i.value, i.threshold, i.unit, i.state) for i in data.tracker] == [
        ("dispute_rate", 0.009, 0.008, "ratio", "red"),
        ("health_score", 87, 85, "points", "green"),
    ]


@pytest.mark.parametrize("tag", ["th", "td"])
@pytest.mark.parametrize("sort", ["", "<span aria-hidden='true'>▲▼</span>"])
def test_weeks_may_be_columns_of_any_header(tag: str, sort: str) -> None:
    titles = "".join(f"<{tag}>{text}{sort}</{tag}>" for text in ("指标", "2026年5月30日", "2026年5月23日"))
    tracker = table(["指标", "当前值", "要求", "状态"], ["纠纷率", "0.9%", "≤ 0.8%", "红色预警"])
    body = (
        f"<h1>等级状态</h1><p>当前等级：2钻</p><h3>等级进度</h3>{tracker}<h3>历史</h3><table><tbody><tr>{titles}</tr>"
        "<tr><td>纠纷率</td><td>0.9%</td><td>0.7%</td></tr></tbody></table>"
    )
    data = read("level", body, "等级状态").data
    assert data is not None
    assert len(data.tracker) == 1
    assert [(week.week_ending, week.metrics["dispute_rate"]) for week in data.weeks] == [
        (date(2026, 5, 30), 0.009),
        (date(2026, 5, 23), 0.007),
    ]


def test_the_days_left_are_no_year() -> None:
    cell = "January 5, 2024 – January 21, 2027<div>60 days left</div>"
    body = "<h1>Licences</h1>" + table(["Document", "Validity", "Status"], ["Business licence", cell, "Approved"])
    data = read("documents", body, "Licences").data
    assert data is not None
    assert data.documents[0].valid_until == date(2027, 1, 21)


@pytest.mark.parametrize(
    "behind", ["<div>剩余 60 天</div>", "<div>60 days left</div>", " expires in 60 days", "<p>距到期还有 60 天</p>"]
)
def test_the_days_left_may_stand_below_a_validity(behind: str) -> None:
    body = "<h1>资质诊断</h1>" + table(["证件类型", "有效期", "状态"], ["营业执照", f"2027-01-21{behind}", "已通过"])
    reading = read("documents", body, "资质诊断")
    assert reading.data is not None
    assert reading.data.documents[0].valid_until == date(2027, 1, 21)
    assert said(reading) == set()


# --- what is put into the markup ----------------------------------------------------------------------------------


def boxes(*rows: list[str], role: str = "cell") -> str:
    cells = ("".join(f'<div role="{role}">{cell}</div>' for cell in row) for row in rows)
    return "".join(f'<div role="row">{row}</div>' for row in cells)


def test_tables_of_boxes_are_tables() -> None:
    head = boxes(["证件类型", "有效期", "状态"], role="columnheader")
    rows = boxes(["营业执照", "长期", '<i title="已通过"></i>'], ["企业支付宝", "-", "未绑定"])
    grid = f'<div role="table"><div role="rowgroup">{head}</div><div role="rowgroup">{rows}</div></div>'
    reading = read("documents", f"<h1>资质诊断</h1>{grid}", "资质诊断")
    assert reading.verdict is Verdict.EXPECTED
    assert [(d.kind, d.long_term, d.status) for d in reading.data.documents] == [  # type: ignore[union-attr]
        ("business_licence", True, "approved"),
        ("alipay_binding", False, "not_bound"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        b'<table><tr role="row"><td role="gridcell">1</td></tr></table>',
        b'<div role="row"><div>no cells</div></div>',
        b'<script>var a = \'<div role="row"><div role="cell">1</div></div>\'</script>',
        b"<style>.a{color:red}.b .c{display:none}</style><p class='a b c'>1</p>",
        b"<style>.a{display:none}.open .a{display:block}</style><p class='a'>1</p>",
        b"<style>@media print{.a{display:none}}</style><p class='a'>1</p>",
        b'</div><div role="row"><div role="cell">',
    ],
)
def test_a_page_without_them_stays_as_it_is(html: bytes) -> None:
    assert rewritten(html) == html


def test_boxes_keep_what_is_in_them() -> None:
    html = b'<div role="row" id="r"><span role="cell"><div>1<br>2</div></span><div role="rowheader">3</div></div><p>4'
    assert (
        rewritten(html)
        == b'<tr role="row" id="r"><td role="cell"><div>1<br>2</div></td><td role="rowheader">3</td></tr><p>4'
    )


def test_a_class_of_hidden_things_hides() -> None:
    html = b'<style>/* .b{} */ .a, .c { color: red; display : none }</style><p class="x a">1</p><p class="b">2</p>'
    assert b'<p hidden class="x a">1</p><p class="b">2</p>' in rewritten(html)
