"""RTG003: when an inactive rating becomes active, from every condition by itself and from all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from extractors.models import Order, OrdersData, OrderStatus, Parcel, ParcelStatus, Reading, TrackingData
from tests.rules.build_hlt import TODAY, medal, rating
from tests.rules.build_log import S, order, scan, settings
from tests.rules.pages import CAPTURED, Judged, at, lost, page, run, says

OLD = date(2025, 1, 1)
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return CAPTURED - DAY * days


def inactive(**changes: Any) -> Reading:
    """The rating page of an old store with all but its rating: four valid orders, enough of them confirmed."""
    fields = {
        "status": "not_enabled",
        "rating": None,
        "orders_90d": 20,
        "valid_orders_90d": 4,
        "confirmed_rate": 0.95,
        "opened_on": OLD,
        "course_completed": False,
    }
    return page("rating", rating(**{**fields, **changes}))


def waiting(order_id: str, placed: float, **changes: Any) -> Order:
    """An order on its way, placed so many days ago."""
    return order(order_id, S.AWAITING_RECEIPT, placed_at=ago(placed), **changes)


def received(order_id: str, placed: float, took: float, **changes: Any) -> Order:
    """A completed order of the export: placed so many days ago, confirmed so many days later."""
    confirmed = ago(placed - took)
    return order(order_id, S.COMPLETED, placed_at=ago(placed), confirmed_at=confirmed, **changes)


PACE = tuple(received(f"7{n}", 30, took) for n, took in enumerate((18, 20, 25)))  # median 20 days, slowest 25


def parcel(order_id: str, *events: datetime, status: ParcelStatus = ParcelStatus.IN_TRANSIT, **given: Any) -> Parcel:
    trace = tuple(scan(moment) for moment in sorted(events, reverse=True))
    last = trace[0].at if trace else None
    return Parcel(
        order_id=order_id, tracking_number=f"T{order_id}", status=status, last_updated=last, events=trace, **given
    )


def forecast(*orders: Order, parcels: Sequence[Parcel] = (), more: Sequence[Reading] = (), **changes: Any) -> Judged:
    return run(
        "RTG003",
        inactive(**changes),
        page("orders", OrdersData(total=len(orders), orders=orders)),
        page("tracking", TrackingData(total=len(parcels), parcels=tuple(parcels))),
        *more,
    )


def when(judged: Judged) -> str:
    """The forecast of the one finding, in both languages the same."""
    finding = judged.one
    assert finding.observed.zh == finding.observed.en
    says(finding, finding.observed.zh)
    return finding.observed.en


def test_what_a_forecast_is() -> None:
    finding = forecast(waiting("81", 10), *PACE).one
    assert finding.severity == "info"
    assert (finding.subject.type, finding.subject.id) == ("store", "1102345678")
    assert finding.due_at is None


class TestAge:
    @pytest.mark.parametrize(
        ("opened", "course", "expected"),
        [
            (TODAY - 52 * DAY, False, "2026-07-18 00:00 -07:00"),
            (TODAY - 52 * DAY, True, "2026-06-18 00:00 -07:00"),
            (TODAY - 89 * DAY, False, "2026-06-11 00:00 -07:00"),
            (TODAY - 90 * DAY, False, "2026-06-10 10:00 -07:00"),
            (TODAY - 60 * DAY, True, "2026-06-10 10:00 -07:00"),
        ],
    )
    def test_alone(self, opened: date, course: bool, expected: str) -> None:
        assert when(forecast(opened_on=opened, course_completed=course, valid_orders_90d=5)) == expected

    def test_the_medal_page_knows_it_too(self) -> None:
        other = page("medal", medal(opened_on=TODAY - 89 * DAY))
        assert when(forecast(opened_on=None, valid_orders_90d=5, more=[other])).startswith("2026-06-11 00:00")

    def test_winter_time_has_its_own_offset(self) -> None:
        opened = date(2026, 8, 20)
        judged = run("RTG003", inactive(opened_on=opened, valid_orders_90d=9), now=at("10-01 08:00"))
        assert judged.one.observed.en == "2026-11-18 00:00 -08:00"


class TestFifthOrder:
    def test_at_the_usual_pace(self) -> None:
        """Placed ten days ago, twenty days to receipt, three more to count."""
        judged = forecast(waiting("81", 10), *PACE)
        assert when(judged) == "2026-06-23 10:00 -07:00"
        says(judged.one, "30", "3", "20")

    def test_up_to_the_next_full_hour(self) -> None:
        late = forecast(order("81", placed_at=ago(10) + timedelta(seconds=1)), *PACE)
        assert when(late) == "2026-06-23 11:00 -07:00"

    def test_as_many_as_are_lacking(self) -> None:
        judged = forecast(waiting("81", 10), waiting("82", 8), waiting("83", 9), *PACE, valid_orders_90d=3)
        assert when(judged) == "2026-06-24 10:00 -07:00"

    @pytest.mark.parametrize(
        ("placed", "expected"),
        [
            (19.5, "2026-06-13 22:00 -07:00"),  # the usual pace is ahead
            (21, "2026-06-17 10:00 -07:00"),  # slower than usual: like the slowest
            (26, "2026-06-17 10:00 -07:00"),  # slower than all: the platform confirms after 30 days
            (40, "2026-06-13 10:00 -07:00"),  # over every limit: any moment now
        ],
    )
    def test_an_order_that_is_slow(self, placed: float, expected: str) -> None:
        assert when(forecast(waiting("81", placed), *PACE)) == expected

    def test_automatic_confirmation_as_the_store_set_it(self) -> None:
        setting = page("settings", settings(auto_confirm_days=60))
        shipped = parcel("81", ago(1), shipped_at=ago(38))
        assert when(forecast(waiting("81", 40), *PACE, parcels=[shipped], more=[setting])) == "2026-07-05 10:00 -07:00"

    def test_without_receipts_the_platform_s_confirmation_counts(self) -> None:
        judged = forecast(waiting("81", 10))
        assert when(judged) == "2026-07-03 10:00 -07:00"
        assert "没有可参考的收货记录" in judged.one.message.zh
        assert "no receipt" in judged.one.message.en

    def test_receipts_of_more_than_thirty_days_ago_are_no_pace(self) -> None:
        old = received("71", 60, 29)
        assert "no receipt" in forecast(waiting("81", 10), old).one.message.en

    def test_a_delivery_stands_in_for_an_unknown_receipt(self) -> None:
        done = order("71", S.COMPLETED, placed_at=ago(20))
        delivered = parcel("71", ago(14), ago(5), status=ParcelStatus.DELIVERED)
        assert when(forecast(waiting("81", 10), done, parcels=[delivered])) == "2026-06-18 10:00 -07:00"

    @pytest.mark.parametrize("confirmed", [1.0, 2.9])
    def test_an_order_confirmed_just_now(self, confirmed: float) -> None:
        fresh = received("71", 20, 20 - confirmed)
        assert when(forecast(fresh)) == f"2026-06-1{'2 10' if confirmed == 1 else '0 13'}:00 -07:00"

    @pytest.mark.parametrize(
        "spoilt",
        [
            {"after_sale": "in_dispute"},
            {"after_sale": "dispute_ended"},
            {"after_sale": "cancelled"},
            {"status": S.CLOSED},
            {"status": S.AWAITING_PAYMENT},
            {"placed_at": None},
            {"placed_at": CAPTURED - timedelta(days=90, seconds=1)},
        ],
    )
    def test_an_order_that_cannot_count(self, spoilt: dict[str, Any]) -> None:
        status: OrderStatus = spoilt.pop("status", S.AWAITING_RECEIPT)
        finding = forecast(order("81", status, **{"placed_at": ago(10), **spoilt}), *PACE).one
        assert "无法启用" in finding.message.zh
        assert "cannot become active yet" in finding.message.en
        assert "new orders needed: 1" in finding.message.en

    @pytest.mark.parametrize(("silent", "counts"), [(timedelta(days=15), True), (timedelta(days=15, seconds=1), False)])
    def test_a_trace_that_broke_off(self, silent: timedelta, counts: bool) -> None:
        trace = parcel("81", CAPTURED - silent)
        assert ("blocked" not in forecast(waiting("81", 17), *PACE, parcels=[trace]).one.observed.en) is counts

    def test_a_gap_in_the_past_counts_as_well(self) -> None:
        trace = parcel("81", ago(40), ago(20), ago(1))
        assert "blocked" in forecast(waiting("81", 45), *PACE, parcels=[trace]).one.observed.en

    def test_the_silence_after_delivery_is_none(self) -> None:
        trace = parcel("81", ago(18), ago(16), status=ParcelStatus.DELIVERED)
        assert "blocked" not in forecast(waiting("81", 19), *PACE, parcels=[trace]).one.observed.en

    def test_without_the_page_s_count_orders_are_counted(self) -> None:
        done = [order(f"6{n}", S.COMPLETED, placed_at=ago(50)) for n in range(5)]
        assert when(forecast(*done, valid_orders_90d=None)) == "2026-06-10 10:00 -07:00"

    def test_without_tracking_the_forecast_says_so(self) -> None:
        orders = page("orders", OrdersData(total=1, orders=(waiting("81", 10),)))
        finding = run("RTG003", inactive(), orders).one
        assert "未能排除轨迹中断的订单" in finding.message.zh
        assert "interrupted traces could not be left out" in finding.message.en


class TestConfirmedRate:
    """Eighteen of twenty orders are confirmed; nineteen make 95 %."""

    LOW = 0.9

    def test_reached_with_the_next_confirmation(self) -> None:
        judged = forecast(waiting("81", 10), *PACE, valid_orders_90d=9, confirmed_rate=self.LOW)
        assert when(judged) == "2026-06-20 10:00 -07:00"
        says(judged.one, "95.00%")

    def test_reached_with_several(self) -> None:
        orders = [waiting("81", 10), waiting("82", 9), waiting("83", 8)]
        judged = forecast(*orders, *PACE, valid_orders_90d=9, confirmed_rate=0.85)
        assert when(judged) == "2026-06-21 10:00 -07:00"

    def test_out_of_reach(self) -> None:
        judged = forecast(waiting("81", 10), *PACE, valid_orders_90d=9, confirmed_rate=0.8)
        assert "cannot become active yet" in judged.one.message.en
        says(judged.one, "80.00%", "85.00%", "95.00%")

    def test_the_edge(self) -> None:
        assert when(forecast(valid_orders_90d=9, confirmed_rate=0.95)) == "2026-06-10 10:00 -07:00"
        assert "blocked" in forecast(valid_orders_90d=9, confirmed_rate=0.9499).one.observed.en

    def test_without_figures_it_is_said(self) -> None:
        finding = forecast(valid_orders_90d=9, confirmed_rate=None).one
        assert finding.observed.en == "not before 2026-06-10 10:00 -07:00"
        says(finding, "95.00%")


class TestWhatIsInTheWay:
    @pytest.mark.parametrize(
        ("cause", "words"),
        [
            ("exempt_category", ("豁免", "exempt")),
            ("identity_unverified", ("身份", "identity")),
            ("severe_violation", ("严重违规", "severe violation")),
        ],
    )
    def test_a_cause_that_does_not_pass_with_time(self, cause: str, words: tuple[str, str]) -> None:
        finding = forecast(valid_orders_90d=5, causes=(cause,)).one
        assert words[0] in finding.message.zh
        assert words[1] in finding.message.en
        assert finding.observed.en == "blocked (the rest: 2026-06-10 10:00 -07:00)"

    def test_a_cause_that_does(self) -> None:
        assert when(forecast(valid_orders_90d=5, causes=("under_90_days", "loop_not_closed"))).startswith("2026-06-10")

    def test_without_orders_the_rest_is_foreseen(self) -> None:
        judged = run("RTG003", inactive(opened_on=TODAY - 52 * DAY), lost("orders"))
        assert judged.one.observed.en == "not before 2026-07-18 00:00 -07:00"
        assert "最早" in judged.one.message.zh
        assert "at the earliest" in judged.one.message.en
        assert "timed out" in judged.reason

    def test_without_the_opening_date_the_orders_are_foreseen(self) -> None:
        judged = run(
            "RTG003",
            page(
                "rating",
                rating(status="not_enabled", rating=None, opened_on=None, valid_orders_90d=5),
                absent={"opened_on": "开店时间"},
            ),
        )
        assert judged.one.observed.en.startswith("not before 2026-06-10")
        says(judged.one, "开店时间")

    def test_with_nothing_to_go_by_it_is_unknown(self) -> None:
        bare = inactive(opened_on=None, valid_orders_90d=None, confirmed_rate=None)
        judged = run("RTG003", bare, lost("orders"))
        assert judged.kind == "unknown"
        assert judged.findings == ()

    def test_the_latest_condition_decides(self) -> None:
        judged = forecast(
            waiting("81", 10), *PACE, opened_on=TODAY - 52 * DAY, course_completed=True, confirmed_rate=0.9
        )
        assert when(judged) == "2026-06-23 10:00 -07:00"
        says(judged.one, "2026-06-18", "2026-06-20 10:00", "2026-06-23 10:00")
