"""The words by which pages are read: no two fields of a page share one, and a user's file mends a changed label."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest
from pydantic import ValidationError

from extractors.outline import label_key
from extractors.vocabulary import FILES, build, merged, shipped
from tests.recordings import Recorded, data_of, differences, recorded, wrong

BY_NAME = {case.name: case for case in recorded()}
LABELS: dict[str, dict[str, Any]]
LABELS, WORDS, SITE = (
    tomllib.loads((files("extractors") / "data" / f"{name}.toml").read_text("utf-8")) for name in FILES
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("group", ["figures", "columns", "parts"])
def test_no_label_names_two_fields(kind: str, group: str) -> None:
    fields = defaultdict(set)
    for field, words in LABELS[kind].get(group, {}).items():
        for word in words:
            assert label_key(word), f"{field}: {word!r} is nothing but punctuation"
            fields[label_key(word)].add(field)
    assert {key: names for key, names in fields.items() if len(names) > 1} == {}


@pytest.mark.parametrize("group", [g for g in WORDS if g not in ("document_kind", "dispute_stage", "rating_cause")])
def test_no_word_names_two_states(group: str) -> None:
    values = defaultdict(set)
    for value, words in WORDS[group].items():
        for word in words:
            values[label_key(word)].add(value)
    assert {key: names for key, names in values.items() if len(names) > 1} == {}
    assert "" not in values


@pytest.mark.parametrize("kind", LABELS)
def test_every_field_is_known_in_both_languages(kind: str) -> None:
    for group in ("figures", "columns", "parts"):
        for field, words in LABELS[kind].get(group, {}).items():
            named = f"{kind}.{group}.{field}: {words}"
            assert any(not CHINESE.search(word) for word in words), named
            latin_only = field in ("ctr", "top_rated")
            assert latin_only or any(CHINESE.search(word) for word in words), named


@pytest.mark.parametrize("kind", LABELS)
def test_required_fields_exist(kind: str) -> None:
    fields = {f for group in ("figures", "columns", "parts") for f in LABELS[kind].get(group, {})}
    derived = {"total", "kind", "long_term", "conversation_id", "decided_on"}
    for name in LABELS[kind]["required"]:
        assert name.rsplit(".", 1)[-1] in fields | derived


STATES_OF = {
    "orders": ("order_status", "after_sale", "sync"),
    "assessment": ("case_reason",),
    "health": ("health_level", "yes"),
    "rating": ("rating_status", "yes"),
    "level": ("tracker_state",),
    "medal": ("medal_level", "front_badge"),
    "documents": ("trademark_mark",),
    "products": ("yes", "product_role"),
    "settings": ("country",),
}


@pytest.mark.parametrize("kind", STATES_OF)
def test_no_label_is_a_state(kind: str) -> None:
    """A value that reads like a label would be taken for one, and its figure for blank."""
    groups = [LABELS[kind].get(group, {}) for group in ("figures", "columns", "parts")]
    labels = {label_key(word) for group in groups for words in group.values() for word in words}
    states = {label_key(w) for group in STATES_OF[kind] for words in WORDS[group].values() for w in words}
    assert labels & states - {label_key("No.")} == set()


def test_the_plainer_label_counts() -> None:
    """A vague label that is known too must not take the place of the plain one beside it."""
    case = BY_NAME["northwind/health-1"]
    card = '<div class="figures--card--x"><div>级别</div><div>冻结</div></div>'
    vague = card.replace("级别", "Level")
    body = case.page.body.replace(b'<div class="figures--card', vague.encode() + b'<div class="figures--card', 1)
    assert wrong(case, case.read(body)) == []


def test_every_kind_has_an_address_and_titles() -> None:
    for kind in LABELS:
        if kind != "order_export":
            assert SITE["addresses"][kind].startswith("/m_apps/")
            assert LABELS[kind]["titles"]


def test_titles_name_one_kind() -> None:
    kinds = defaultdict(set)
    for kind, labels in LABELS.items():
        for title in labels["titles"]:
            kinds[label_key(title)].add(kind)
    assert {title: names for title, names in kinds.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("text", "group", "value"),
    [
        ("等待您发货", "order_status", "awaiting_shipment"),
        ("Awaiting shipment", "order_status", "awaiting_shipment"),
        ("Shipped (In transit)", "order_status", "awaiting_receipt"),
        ("  shipped（in transit） ", "order_status", "awaiting_receipt"),
        ("PARTIALLY SHIPPED", "order_status", "partly_shipped"),
        ("交易成功", "order_status", "completed"),
        ("Canceling", "order_status", "cancelling"),
        ("Not synchronised", "sync", "not_synced"),
        ("不一致", "recipient", "false"),
        ("South Korea", "country", "KR"),
    ],
)
def test_word(text: str, group: str, value: str) -> None:
    assert shipped().word(group, text) == value


@pytest.mark.parametrize(
    ("text", "group", "value"),
    [
        ("卖家已声明发货 (CONSIGN)", "declaration", "declared"),
        ("预报信息已接收 (ASN)", "declaration", "declared"),
        ("揽收成功", "declaration", None),
        ("上网", "declaration", None),
        ("欧盟CE证书", "document_kind", "ce"),
        ("法人身份证（国徽面）", "document_kind", "legal_person_id_back"),
        ("品牌授权书", "document_kind", "brand_authorisation"),
        ("Brand authorization", "document_kind", "brand_authorisation"),
        ("商标注册证", "document_kind", "trademark"),
        ("等待仓库收货", "dispute_stage", "warehouse_receiving"),
        ("平台介入处理中", "dispute_stage", "platform"),
    ],
)
def test_word_inside_a_text(text: str, group: str, value: str | None) -> None:
    assert shipped().word_in(group, text) == value


# --- a user's own words ---------------------------------------------------------------------------------------


def renamed(case: Recorded, changes: dict[str, str]) -> bytes:
    body = case.page.body
    for old, new in changes.items():
        assert f">{old}<".encode() in body
        body = body.replace(f">{old}<".encode(), f">{new}<".encode())
    return body


def test_a_label_that_changed_overnight_is_mended_by_a_file() -> None:
    case = BY_NAME["northwind/health-1"]
    body = renamed(case, {"纠纷率": "消费者争议占比"})
    lost = case.read(body)
    assert [(p.type, p.field) for p in lost.problems] == [("field_not_found", "dispute_rate")]
    assert data_of(lost)["dispute_rate"] is None
    mended = build({"labels": {"health": {"figures": {"dispute_rate": ["消费者争议占比"]}}}})
    assert wrong(case, case.read(body, mended)) == []
    assert wrong(case, case.read(words=mended)) == [], "the old label is known as well"


def test_a_column_and_a_state_that_changed() -> None:
    case = BY_NAME["northwind/orders-1"]
    body = renamed(case, {"订单状态": "履约进度", "等待您发货": "请尽快安排出库"})
    assert "orders.status" in [p.field for p in case.read(body).problems]
    mended = build(
        {
            "labels": {"orders": {"columns": {"status": ["履约进度"]}}},
            "words": {"order_status": {"awaiting_shipment": ["请尽快安排出库"]}},
        }
    )
    lines = differences(case.truth, data_of(case.read(body, mended)))
    assert [line for line in lines if "status_text" not in line] == []


def test_a_marker_and_an_address_that_changed() -> None:
    own = build(
        {
            "site": {
                "markers": {"empty": {"words": ["这里空空如也"]}},
                "addresses": {"health": "/m_apps/health/v2"},
            }
        }
    )
    assert own.is_empty_marker("这里空空如也")
    assert own.is_empty_marker("暂无数据")
    assert own.site.address("health", "1") == "https://csp.aliexpress.com/m_apps/health/v2?channelId=1"
    assert own.site.address("coupons") is None


@pytest.mark.parametrize(
    "override",
    [
        {"labels": {"health": {"figure": {"score": ["x"]}}}},
        {"site": {"origins": "x"}},
        {"site": {"markers": {"empty": {"word": ["x"]}}}},
        {"labels": {"health": {"figures": {"score": 12}}}},
    ],
)
def test_a_mistake_in_a_user_file_is_refused(override: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        build(override)


def test_merging() -> None:
    base = {"a": {"b": ["x", "y"], "c": 1}, "d": "e"}
    assert merged(base, {"a": {"b": ["z", "x"], "c": 2}, "n": 3}) == {
        "a": {"b": ["z", "x", "y"], "c": 2},
        "d": "e",
        "n": 3,
    }
    assert base == {"a": {"b": ["x", "y"], "c": 1}, "d": "e"}
