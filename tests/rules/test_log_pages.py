"""Settings, assessment and rating pages: LOG011–LOG013, LOG015, LOG016."""

import pytest

from extractors import models as m
from tests.rules.build_log import (
    FAIL,
    NONE,
    PASS,
    STORE,
    UNKNOWN,
    A,
    B,
    C,
    S,
    ahead,
    assessment,
    order,
    orders_page,
    page,
    parcel,
    rating,
    run,
    settings,
    tracking_page,
)

ABSENT = {"absent": {"auto_confirm_days": "自动确认", "on_time_rate": "准时履约率", "standard_shipping_share": "无忧"}}


# --- LOG011 auto-confirm-too-short --------------------------------------------------------------------------------

BRAZIL = {"BR": 81, "ES": 9}


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({"auto_confirm_days": 30, "destinations_30d": BRAZIL}, FAIL),
        ({"auto_confirm_days": 59, "destinations_30d": BRAZIL}, FAIL),
        ({"auto_confirm_days": 60, "destinations_30d": BRAZIL}, PASS),
        ({"auto_confirm_days": 90, "destinations_30d": BRAZIL}, PASS),
        ({"auto_confirm_days": 30, "destinations_30d": {"AE": 1}}, FAIL),
        ({"auto_confirm_days": 30, "destinations_30d": {"sa": 1}}, FAIL),
        ({"auto_confirm_days": 30, "destinations_30d": {"MX": 150, "US": 3, "TR": 4}}, NONE),
        ({"auto_confirm_days": 30, "destinations_30d": {"BR": 0, "ES": 1}}, NONE),
        # A region's or a country's own days hold there.
        ({"auto_confirm_days": 30, "auto_confirm_by_region": {"SouthAmerica": 60}, "destinations_30d": BRAZIL}, PASS),
        ({"auto_confirm_days": 30, "auto_confirm_by_region": {"南美": 60}, "destinations_30d": BRAZIL}, PASS),
        ({"auto_confirm_days": 60, "auto_confirm_by_region": {"南美洲": 45}, "destinations_30d": BRAZIL}, FAIL),
        ({"auto_confirm_days": 30, "auto_confirm_by_region": {"BR": 60}, "destinations_30d": BRAZIL}, PASS),
        ({"auto_confirm_days": 30, "auto_confirm_by_region": {"BR": 60}, "destinations_30d": {"BR": 1, "CL": 1}}, FAIL),
        ({"auto_confirm_days": 60, "auto_confirm_by_region": {"Middle East": 30}, "destinations_30d": BRAZIL}, PASS),
        ({"auto_confirm_days": None, "auto_confirm_by_region": {"SouthAmerica": 60}, "destinations_30d": BRAZIL}, PASS),
    ],
)
def test_auto_confirm(given: dict[str, object], outcome: str) -> None:
    kind, findings = run("LOG011", page("settings", settings(**given)))
    assert kind.kind == outcome
    assert [(f.subject.type, f.subject.id, f.severity) for f in findings] == (
        [("store", STORE, "info")] if outcome == FAIL else []
    )


def test_auto_confirm_says_where() -> None:
    data = settings(auto_confirm_days=30, destinations_30d={"BR": 80, "CL": 1, "AE": 5})
    _, (found,) = run("LOG011", page("settings", data))
    for shown in ("南美 81 单", "中东 5 单", "30 天", "60 天", "店铺评分"):
        assert shown in found.message.zh
    for shown in ("South America: 81 orders", "Middle East: 5 orders", "30 days", "60 days", "rating"):
        assert shown in found.message.en


def test_auto_confirm_without_its_days() -> None:
    data = settings(auto_confirm_days=None, destinations_30d=BRAZIL)
    assert run("LOG011", page("settings", data, **ABSENT))[0].kind == UNKNOWN
    assert run("LOG011", page("settings", None))[0].kind == UNKNOWN
    assert run("LOG011")[0].kind == UNKNOWN


def test_auto_confirm_takes_the_orders_destinations_when_the_page_counts_none() -> None:
    short = page("settings", settings(auto_confirm_days=30))
    exported = orders_page(order(destination="BR"), order(B, S.CLOSED, destination="AE"), kind="order_export")
    _, (found,) = run("LOG011", short, exported)
    assert "南美 1 单" in found.message.zh
    assert "中东" not in found.message.zh
    assert run("LOG011", short, orders_page(order()), tracking_page(parcel(destination="CL")))[0].kind == FAIL
    assert run("LOG011", short, orders_page(order()), tracking_page(parcel()))[0].kind == NONE
    assert run("LOG011", short, orders_page(order()))[0].kind == UNKNOWN


# --- LOG012 non-standard-shipping ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "outcome"), [(0.8875, FAIL), (0.9819, FAIL), (0.982, PASS), (0.9866, PASS), (1.0, PASS), (0.0, FAIL)]
)
def test_standard_shipping(share: float, outcome: str) -> None:
    kind, findings = run("LOG012", page("assessment", assessment(standard_shipping_share=share)))
    assert kind.kind == outcome
    assert [(f.subject.type, f.subject.id, f.severity) for f in findings] == (
        [("store", STORE, "info")] if outcome == FAIL else []
    )


def test_standard_shipping_says_the_benchmark() -> None:
    _, (found,) = run("LOG012", page("assessment", assessment(standard_shipping_share=0.8875)))
    for shown in ("88.75%", "98.20%", "一钻"):
        assert shown in found.message.zh
    for shown in ("88.75%", "98.20%", "One Diamond"):
        assert shown in found.message.en
    assert found.threshold
    assert (found.threshold.programme, found.threshold.source) == ("one_diamond", "S0")


STANDARD, ECONOMY = "AliExpress Standard Shipping", "菜鸟超级经济"


@pytest.mark.parametrize(
    ("services", "outcome"),
    [
        ([STANDARD, "菜鸟无忧物流-标准", "AliExpress 无忧物流-标准"], PASS),
        ([STANDARD, STANDARD, ECONOMY], FAIL),
        ([STANDARD, None], UNKNOWN),
        ([ECONOMY, None], FAIL),
        ([None], UNKNOWN),
        ([], NONE),
    ],
)
def test_standard_shipping_counted_from_orders(services: list[str | None], outcome: str) -> None:
    unread = page("assessment", assessment(standard_shipping_share=None), **ABSENT)
    listed = orders_page(*(order(f"82{i:014}", shipping_service=s) for i, s in enumerate(services)))
    assert run("LOG012", unread, listed)[0].kind == outcome
    assert run("LOG012", page("assessment", None), listed)[0].kind == outcome


def test_standard_shipping_counted_from_parcels() -> None:
    listed = orders_page(order(), order(B), order(C, S.CLOSED), order("4", S.AWAITING_SHIPMENT))
    economy = {"service": ECONOMY}
    rows = [parcel(), parcel("X2", B), parcel("X3", C, **economy), parcel("X4", "4", **economy)]
    assert run("LOG012", listed, tracking_page(*rows))[0].kind == PASS
    _, (found,) = run("LOG012", listed, tracking_page(*rows, parcel("X5", B, **economy)))
    for shown in ("50.00%", "2 个已发货订单"):
        assert shown in found.message.zh
    assert "2 shipped orders" in found.message.en
    assert run("LOG012", page("assessment", None))[0].kind == UNKNOWN
    assert run("LOG012")[0].kind == UNKNOWN


# --- LOG013 on-time-rate-low --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "outcome"), [(0.9088, FAIL), (0.9229, FAIL), (0.923, PASS), (0.9231, PASS), (1.0, PASS), (0.0, FAIL)]
)
def test_on_time_rate(rate: float, outcome: str) -> None:
    kind, findings = run("LOG013", page("assessment", assessment(on_time_rate=rate)))
    assert kind.kind == outcome
    assert [(f.subject.type, f.subject.id, f.severity) for f in findings] == (
        [("metric", "on_time_rate", "warning")] if outcome == FAIL else []
    )


def test_on_time_rate_without_a_value() -> None:
    data = assessment(on_time_rate=None)
    assert run("LOG013", page("assessment", data))[0].kind == NONE
    assert run("LOG013", page("assessment", data, **ABSENT))[0].kind == UNKNOWN
    garbled = m.Problem(type="value_not_understood", field="on_time_rate", label="准时履约率", text="9?.1%")
    assert run("LOG013", page("assessment", data, problems=(garbled,)))[0].kind == UNKNOWN
    assert run("LOG013", page("assessment", None))[0].kind == UNKNOWN


def test_on_time_rate_says_what_it_costs() -> None:
    _, (found,) = run("LOG013", page("assessment", assessment(on_time_rate=0.9088)))
    for shown in ("90.88%", "92.30%", "4.7", "店铺评分"):
        assert shown in found.message.zh
    for shown in ("90.88%", "92.30%", "4.7", "rating"):
        assert shown in found.message.en


# --- LOG015 shipping-promise-broken -------------------------------------------------------------------------------


def case(order_id: str, reason: str | None, **given: object) -> m.PromiseCase:
    return m.PromiseCase.model_validate({"order_id": order_id, "reason": reason} | given)


def test_shipping_promise() -> None:
    rows = [case(A, "late_first_scan", appeal_by=ahead(days=3)), case(B, "false_shipment")]
    outcome, findings = run("LOG015", page("assessment", assessment(rows)))
    assert outcome.kind == FAIL
    assert [(f.subject.type, f.subject.id, f.severity, f.due_at) for f in findings] == [
        ("order", A, "error", ahead(days=3)),
        ("order", B, "error", None),
    ]
    late, false = findings
    for shown in (A, "物流上网超时", "2026-06-13 12:00 -07:00", "平台"):
        assert shown in late.message.zh
    for shown in (A, "late first scan", "2026-06-13 12:00 -07:00", "platform"):
        assert shown in late.message.en
    assert "虚假发货" in false.message.zh
    assert "false shipment" in false.message.en


def test_one_order_listed_twice_is_one_finding() -> None:
    rows = [case(A, "late_first_scan", appeal_by=ahead(days=3)), case(A, "false_shipment", appeal_by=ahead(days=2))]
    _, (found,) = run("LOG015", page("assessment", assessment(rows)))
    assert found.due_at == ahead(days=2)
    assert found.observed.zh == "物流上网超时、虚假发货"
    assert found.observed.en == "late first scan and false shipment"


def test_shipping_promise_of_an_empty_or_unread_list() -> None:
    assert run("LOG015", page("assessment", assessment()))[0].kind == PASS
    assert run("LOG015", page("assessment", assessment([case(A, None)])))[0].kind == UNKNOWN
    assert run("LOG015", page("assessment", None))[0].kind == UNKNOWN
    short = m.Problem(type="list_incomplete", field="cases", text="1 / 3")
    assert run("LOG015", page("assessment", assessment(), problems=(short,)))[0].kind == UNKNOWN


# --- LOG016 logistics-red-mark ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "outcome"),
    [
        (("物流异常订单过多",), FAIL),
        (("Too many logistics exceptions",), FAIL),
        (("纠纷率超标", "物流异常订单过多"), FAIL),
        (("纠纷率超标",), PASS),
        ((), PASS),
    ],
)
def test_red_mark(marks: tuple[str, ...], outcome: str) -> None:
    kind, findings = run("LOG016", page("rating", rating(red_marks=marks)))
    assert kind.kind == outcome
    assert [(f.subject.type, f.subject.id, f.severity) for f in findings] == (
        [("store", STORE, "error")] if outcome == FAIL else []
    )
    for found in findings:
        assert marks[-1] in found.message.zh
        assert marks[-1] in found.message.en


def test_red_mark_needs_the_rating_page() -> None:
    assert run("LOG016", page("rating", None))[0].kind == UNKNOWN
    assert run("LOG016")[0].kind == UNKNOWN
