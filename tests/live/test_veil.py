"""What may be seen in a picture, decided without a browser: field by field, text by text, row by row."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from agent.live.veil import Plan, plan
from extractors.vocabulary import shipped
from tests.conftest import RECORDINGS

DECIDED: dict[str, dict[str, Any]] = tomllib.loads((files("agent") / "data" / "pictures.toml").read_text("utf-8"))
KINDS = sorted(set(shipped().kinds) - {"order_export"})


def fields(kind: str) -> set[str]:
    known = shipped().kinds[kind]
    return {*known.figures, *known.columns.values(), *known.parts.values()}


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_field_somebody_has_decided_whether_it_may_be_seen(kind: str) -> None:
    lists = DECIDED[kind]
    decided = [name for key in ("shown", "numbers", "hidden", "words") for name in lists.get(key, ())]
    assert len(decided) == len(set(decided))
    assert set(decided) == fields(kind)
    assert set(lists) <= {"shown", "numbers", "hidden", "words"}
    assert set(lists.get("words", {}).values()) <= set(shipped().groups)


def test_every_page_kind_is_decided() -> None:
    assert sorted(DECIDED) == KINDS


def seen(made: Plan | None) -> list[str]:
    """The texts that may be seen."""
    assert made is not None
    line = made.line.encode("utf-16-le")
    return [line[2 * start : 2 * end].decode("utf-16-le") for start, end in made.shown]


def page(body: str, kind: str = "tracking") -> Plan:
    made = plan(f"<!doctype html><html><head><title>x</title></head><body>{body}</body></html>", kind, shipped())
    assert made is not None
    return made


def table(*rows: str, titles: str = "<th>订单号</th><th>买家</th><th>同步状态</th>") -> str:
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


ROW = "<td>8203955732372614</td><td>Maria</td><td>未同步</td>"


def test_a_row_shows_what_is_known_and_not_the_buyer() -> None:
    assert seen(page(table(ROW))) == ["订单号", "买家", "同步状态", "8203955732372614", "未同步"]


@pytest.mark.parametrize(
    ("body", "kind", "wanted"),
    [
        ("<p>Maria</p>", "tracking", []),
        ("<h2>Maria</h2>", "messages", []),
        ("<p>回复率：93.12%</p>", "messages", ["回复率：", "93.12%"]),
        ("<div><p>回复率</p><p>93.12%</p></div><p>Maria 3</p>", "messages", ["回复率", "93.12%"]),
        ("<div><p>93.12%</p><p>回复率</p></div>", "messages", ["93.12%", "回复率"]),
        ("<div><p>Maria</p><p>回复率</p></div>", "messages", ["回复率"]),
        ("<div><p>13901234567</p><p>回复率</p></div>", "messages", ["回复率"]),
        ("<div><p>回复率</p><p>Maria</p><p>Schmidt</p></div>", "messages", ["回复率"]),
        ("<p>自动回复内容：亲，您好</p>", "messages", ["自动回复内容："]),
        ("<p>最后发送：买家</p><p>最后发送：Maria</p>", "messages", ["最后发送：", "买家", "最后发送："]),
        ("<p>收货人：Maria</p>", "tracking", ["收货人："]),
        ("<p>暂无数据</p>", "tracking", ["暂无数据"]),
        (table("<td>1</td><td>x</td><td>maria@example.com</td>"), "tracking", ["订单号", "买家", "同步状态", "1"]),
        (table(ROW, titles="<th>订单号</th><th>Kunde</th><th>同步状态</th>"), "tracking",
         ["订单号", "同步状态", "8203955732372614", "未同步"]),
        (table("<td colspan=2>Maria</td><td>未同步</td>"), "tracking", ["订单号", "买家", "同步状态", "未同步"]),
        ("<script>let x = 1</script><style>p {}</style><noscript>回复率：9%</noscript>", "messages", []),
        ("<textarea>回复率：9%</textarea><iframe>回复率：9%</iframe>", "messages", []),
    ],
)  # fmt: skip
def test_a_text_is_seen_only_when_something_speaks_for_it(body: str, kind: str, wanted: list[str]) -> None:
    assert seen(page(body, kind)) == wanted


ORDERS = "<th>订单详情</th><th>买家</th><th>商品</th><th>订单状态</th>"
DETAIL = "<p>订单号:</p><p>8203955732372614</p><p>下单时间:</p><p>2026-11-09 11:03</p>"


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [("德国", True), ("Germany", True), ("FR", True), ("12 Rue Anna, Paris", False), ("Anna", False)],
)
def test_of_places_only_countries_are_seen(text: str, is_seen: bool) -> None:
    body = table(f"<td>1</td><td>{text}</td>", titles="<th>订单号</th><th>目的地</th>")
    assert ("".join(text.split()) in seen(page(body))) is is_seen
    assert (text in seen(page(f"<p>国家/地区：{text}</p>", "messages"))) is is_seen


@pytest.mark.parametrize(
    ("cell", "hidden"),
    [
        (DETAIL + "<p>Gift for Anna</p>", "Anna"),
        (DETAIL + "<p>我的备注:</p><p>call Anna</p>", "Anna"),
        (DETAIL + "<p>备忘：call Anna</p>", "Anna"),
        (DETAIL + "<p>买家留言</p><p>for Anna</p>", "Anna"),
        (DETAIL + "<p>Anna</p><p>Müller 3</p>", "Müller"),
    ],
)
def test_notes_in_the_cell_of_an_order_are_not_seen(cell: str, hidden: str) -> None:
    made = page(table(f"<td>{cell}</td><td>Anna</td><td>Mug</td><td>等待您发货</td>", titles=ORDERS), "orders")
    shown = seen(made)
    assert not [text for text in shown if hidden in text]
    assert {"8203955732372614", "2026-11-0911:03", "等待您发货"} <= set(shown)
    assert "Mug" not in shown
    assert all(hidden not in text for spot in made.spots for text in spot.texts)


def test_texts_beyond_the_first_plane_keep_their_place() -> None:
    made = page(table("<td>8203955732372614</td><td>😀👩‍👩‍👧 Maria</td><td>未同步</td>"))
    assert seen(made)[-2:] == ["8203955732372614", "未同步"]


def test_rows_that_belong_together_are_one_place() -> None:
    body = table(
        "<td colspan=3>☐</td>",
        "<td rowspan=2>1111111111</td><td>x</td><td>已同步</td>",
        "<td>x</td><td>未同步</td>",
        "<td colspan=3>☐</td>",
        "<td>2222222222</td><td>x</td><td>已同步</td>",
        "<td>3333333333</td><td>x</td><td>已同步</td>",
    )
    spots = [spot.texts[0] for spot in page(body).spots if spot.kind == "row"]
    assert spots == ["1111111111", "2222222222", "3333333333"]


def test_a_number_that_only_a_link_holds_or_an_item_is_known() -> None:
    row = "<td>1</td><td>x</td><td><a href='/d?disputeId=603793763138213&buyerId=778899123'>未同步</a></td>"
    assert page(table(row)).spots[0].ids == ("603793763138213",)
    item = "<div role=listitem data-session-id='24-97'><p>Maria</p><p>国家/地区：FR</p></div>"
    [spot] = [spot for spot in page(item, "messages").spots if spot.kind == "item"]
    assert spot.ids == ("24-97",)
    assert spot.texts == ("国家/地区：", "FR")


def test_a_kind_that_nobody_knows_has_no_plan() -> None:
    assert plan("<body>x</body>", "unknown", shipped()) is None
    assert plan("<body>x</body>", "order_export", shipped()) is None
    assert plan("", "orders", shipped()) is None or not seen(plan("", "orders", shipped()))


NAMES = ("buyerInfo--inline", "session--name", "shell--login", "shell--name")


@pytest.mark.parametrize("recording", ["northwind", "harbor", "newstore"])
def test_no_buyer_of_the_recordings_is_seen(recording: str) -> None:
    import re

    for path in sorted((RECORDINGS / recording / "pages").glob("*.html")):
        html = path.read_text("utf-8")
        made = plan(html, path.stem.partition("-")[0], shipped())
        shown = set(seen(made))
        for name in NAMES:
            texts = re.findall(rf'class="[^"]*{name}[^"]*"[^>]*>([^<]+)<', html)
            assert not shown & {"".join(text.split()) for text in texts}, (path.name, name)
