"""Store rating: whether it is active, its dimensions, and how its figures fit together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

import pytest

from checks.policy import known_names
from checks.rule import all_rules
from extractors.models import Dispute, DisputesData, OrdersData, Verdict
from tests.rules.build_hlt import TODAY, dimension, medal, points, rating, rule_over, violation, violations
from tests.rules.build_lic import back, front, licence
from tests.rules.build_lic import documents as papers
from tests.rules.build_log import S, order
from tests.rules.pages import CAPTURED, Judged, at, garbled, lost, page, run, says
from tests.truths import RECORDINGS, compare


def over_rating(code: str, **figures: Any) -> Judged:
    return run(code, page("rating", rating(**figures)))


def new_store(**changes: Any) -> Any:
    """The rating page of a store that was opened 52 days ago."""
    fields = {
        "status": "not_enabled",
        "rating": None,
        "description": None,
        "logistics": None,
        "service": None,
        "orders_90d": 20,
        "valid_orders_90d": 3,
        "confirmed_rate": 0.9,
        "opened_on": TODAY - timedelta(days=52),
        "course_completed": True,
    }
    return rating(**{**fields, **changes})


@pytest.mark.parametrize("name", ["northwind", "harbor", "newstore", "broken"])
def test_a_recording(name: str) -> None:
    assert compare(RECORDINGS / name, ("RTG",)) == []


CODES = [code for code in all_rules() if code.startswith("RTG")]


@pytest.mark.parametrize("code", CODES)
def test_a_page_that_is_not_itself_is_unknown(code: str) -> None:
    assert run(code, page("rating", None, verdict=Verdict.SKELETON)).kind == "unknown"
    assert run(code, lost("rating")).kind == "unknown"
    assert run(code).kind == "unknown"


@pytest.mark.parametrize("code", CODES)
def test_a_rule_s_thresholds_are_in_the_policy(code: str) -> None:
    assert set(all_rules()[code].thresholds) <= known_names()


@pytest.mark.parametrize("code", ["RTG002", "RTG003", "RTG007"])
def test_an_active_rating_has_no_causes_nor_a_forecast(code: str) -> None:
    assert over_rating(code, causes=("under_90_days",), course_completed=True).kind == "not_applicable"


class TestInactive:
    @pytest.mark.parametrize(
        ("status", "score", "words"),
        [
            ("not_enabled", None, ("未启用", "not enabled")),
            ("not_enabled", 4.8, ("未启用", "not enabled")),
            ("calculating", None, ("计算中", "calculating")),
            ("enabled", None, ("已启用但没有分数", "without a figure")),
            (None, None, ("没有显示", "not shown")),
        ],
    )
    def test_no_rating(self, status: Any, score: float | None, words: tuple[str, str]) -> None:
        finding = over_rating("RTG001", status=status, rating=score).one
        assert finding.severity == "error"
        assert (finding.subject.type, finding.subject.id) == ("store", "1102345678")
        assert words[0] in finding.message.zh
        assert words[1] in finding.message.en

    @pytest.mark.parametrize("status", ["enabled", "calculating", None])
    def test_a_rating_that_is_shown(self, status: Any) -> None:
        assert over_rating("RTG001", status=status).kind == "pass"

    def test_a_status_that_is_not_on_the_page(self) -> None:
        readings = page("rating", rating(status=None), absent={"status": "评分状态"})
        assert run("RTG001", readings).kind == "unknown"

    def test_a_rating_that_cannot_be_read(self) -> None:
        assert run("RTG001", page("rating", rating(rating=None), garbled("rating"))).kind == "unknown"


class TestCauses:
    GOOD: ClassVar = {"valid_orders_90d": 5, "confirmed_rate": 0.95, "opened_on": TODAY - timedelta(days=90)}

    @staticmethod
    def over(*more: Any, documents: tuple[Any, ...] = (), record: tuple[Any, ...] = (), **figures: Any) -> Judged:
        return run(
            "RTG002",
            page("rating", new_store(**{**TestCauses.GOOD, **figures})),
            papers(*(documents or (licence(), front(), back()))),
            page("violations", violations(*record)),
            *more,
        )

    def test_none_holds_at_every_edge(self) -> None:
        assert self.over().kind == "pass"

    @pytest.mark.parametrize(
        ("figures", "cause", "words"),
        [
            ({"opened_on": TODAY - timedelta(days=89)}, "under_90_days", ("89", "2026-03-13")),
            ({"valid_orders_90d": 4}, "under_5_orders", ("4", "5")),
            ({"valid_orders_90d": 0}, "under_5_orders", ("0", "5")),
            ({"confirmed_rate": 0.9499}, "confirm_rate_low", ("94.99%", "95.00%")),
        ],
    )
    def test_a_cause_that_the_figures_prove(self, figures: dict[str, Any], cause: str, words: tuple[str, ...]) -> None:
        finding = self.over(**figures).one
        assert finding.severity == "warning"
        assert (finding.subject.type, finding.subject.id) == ("cause", cause)
        says(finding, *words)
        assert finding.threshold is not None

    @pytest.mark.parametrize(
        "cause",
        [
            "loop_not_closed",
            "under_90_days",
            "under_5_orders",
            "exempt_category",
            "confirm_rate_low",
            "identity_unverified",
            "severe_violation",
        ],
    )
    def test_a_cause_that_the_page_names(self, cause: str) -> None:
        finding = self.over(causes=(cause,)).one
        assert finding.subject.id == cause
        assert finding.fix.text != all_rules()["RTG002"].fix

    def test_a_cause_in_the_page_s_own_words(self) -> None:
        finding = self.over(causes=("店铺资料待补充",)).one
        assert finding.subject.id == "店铺资料待补充"
        says(finding, "店铺资料待补充")

    def test_page_and_figures_together_name_each_cause_once(self) -> None:
        judged = self.over(causes=("under_5_orders", "exempt_category"), valid_orders_90d=2, confirmed_rate=0.5)
        assert judged.ids == ["confirm_rate_low", "exempt_category", "under_5_orders"]

    @pytest.mark.parametrize("status", ["missing", "rejected"])
    @pytest.mark.parametrize("document", [licence, front, back])
    def test_an_identity_that_is_not_verified(self, document: Any, status: str) -> None:
        finding = self.over(documents=(document(status=status),)).one
        assert finding.subject.id == "identity_unverified"
        says(finding, document().name)

    @pytest.mark.parametrize("status", ["approved", "under_review", "update_needed"])
    def test_an_identity_that_is_no_cause(self, status: str) -> None:
        assert self.over(documents=(licence(status=status), front(), back())).kind == "pass"

    def test_a_severe_violation(self) -> None:
        finding = self.over(record=(violation(TODAY),)).one
        assert finding.subject.id == "severe_violation"
        says(finding, "4088874431")
        assert self.over(record=(violation(TODAY, severe=False),)).kind == "pass"
        assert self.over(record=(violation(TODAY, status="已撤销"),)).kind == "pass"

    def test_open_orders_are_counted_beside_the_open_loop(self) -> None:
        orders = OrdersData(total=2, orders=(order("81"), order("82", S.COMPLETED)))
        finding = self.over(page("orders", orders), causes=("loop_not_closed",)).one
        assert "有 1 笔订单" in finding.message.zh
        assert "open orders now: 1" in finding.message.en
        assert self.over(page("orders", orders)).kind == "pass"

    def test_pages_that_are_missing_leave_it_unknown(self) -> None:
        judged = run("RTG002", page("rating", new_store(**self.GOOD)))
        assert judged.kind == "unknown"

    def test_pages_that_are_missing_do_not_hide_what_is_known(self) -> None:
        judged = run("RTG002", page("rating", new_store(**{**self.GOOD, "valid_orders_90d": 1})), lost("documents"))
        assert judged.ids == ["under_5_orders"]
        assert "timed out" in judged.reason

    def test_the_medal_page_knows_the_opening_date_too(self) -> None:
        young = page("medal", medal(opened_on=TODAY - timedelta(days=10)))
        assert self.over(young, opened_on=None).ids == ["under_90_days"]

    def test_calculating_without_a_cause(self) -> None:
        assert self.over(status="calculating").kind == "pass"


class TestDimensions:
    @pytest.mark.parametrize("name", ["description", "logistics", "service"])
    @pytest.mark.parametrize(
        ("score", "severity"), [(4.69, "warning"), (4.5, "warning"), (4.49, "error"), (1.0, "error")]
    )
    def test_under_the_line(self, name: str, score: float, severity: str) -> None:
        finding = over_rating("RTG004", **{name: dimension(score)}).one
        assert finding.severity == severity
        assert (finding.subject.type, finding.subject.id) == ("metric", name)
        says(finding, f"{score:g}", "4.7")

    @pytest.mark.parametrize("score", [4.7, 4.71, 5.0])
    def test_at_the_line_or_over(self, score: float) -> None:
        figures = {name: dimension(score) for name in ("description", "logistics", "service")}
        assert over_rating("RTG004", **figures).kind == "pass"

    def test_how_it_stands_to_the_platform(self) -> None:
        description = over_rating("RTG004", description=dimension(4.6)).one
        says(description, "4.62", "0.02", "4.85", "0.25")
        assert "below the platform's mean" in description.message.en
        logistics = over_rating("RTG004", logistics=dimension(4.6)).one
        assert "高于平台均值 4.58" in logistics.message.zh
        assert "0.02 above the platform's mean" in logistics.message.en
        assert "均值" not in over_rating("RTG004", service=dimension(4.6)).one.message.zh

    def test_each_dimension_is_a_finding(self) -> None:
        low = {name: dimension(4.4) for name in ("description", "logistics", "service")}
        assert over_rating("RTG004", **low).ids == ["description", "logistics", "service"]

    def test_nothing_assessed(self) -> None:
        none = {"description": None, "logistics": None, "service": dimension(None)}
        assert over_rating("RTG004", **none).kind == "not_applicable"
        assert over_rating("RTG004", **{**none, "service": dimension(4.8)}).kind == "pass"

    def test_one_that_cannot_be_read(self) -> None:
        readings = page("rating", rating(logistics=None), garbled("logistics"))
        assert run("RTG004", readings).kind == "unknown"
        readings = page("rating", rating(logistics=None, service=dimension(4.6)), garbled("logistics"))
        assert run("RTG004", readings).ids == ["service"]
        readings = page("rating", rating(logistics=dimension(None)), garbled("logistics.score"))
        assert run("RTG004", readings).kind == "unknown"

    def test_one_that_is_not_on_the_page(self) -> None:
        assert run("RTG004", page("rating", rating(service=None), absent={"service": "服务"})).kind == "unknown"


class TestConsistency:
    """The weighted rating of the healthy page is 0.4 · 4.86 + 0.35 · 4.78 + 0.25 · 4.82 = 4.822."""

    @pytest.mark.parametrize("score", [4.82, 4.87, 4.78])
    def test_a_rating_that_fits(self, score: float) -> None:
        assert over_rating("RTG005", rating=score).kind == "pass"

    @pytest.mark.parametrize("score", [4.88, 4.77])
    def test_a_rating_that_does_not(self, score: float) -> None:
        finding = over_rating("RTG005", rating=score).one
        assert finding.severity == "info"
        assert (finding.subject.type, finding.subject.id) == ("metric", "rating")
        says(finding, f"{score:g}", "4.82", "0.05")

    def test_the_edge(self) -> None:
        even = {name: dimension(4.8) for name in ("description", "logistics", "service")}
        assert over_rating("RTG005", rating=4.85, **even).kind == "pass"
        assert over_rating("RTG005", rating=4.851, **even).kind == "fail"

    def test_the_windows_of_a_dimension(self) -> None:
        """0.5 · 4.9 + 0.3 · 4.8 + 0.2 · 4.7 = 4.83."""
        fits = dimension(4.86, 4.9, 4.8, 4.7)
        assert over_rating("RTG005", description=fits).kind == "pass"
        finding = over_rating("RTG005", description=dimension(4.86, 4.7, 4.8, 4.9)).one
        assert finding.subject.id == "description"
        says(finding, "4.86", "4.77")

    def test_windows_that_are_not_assessed_are_left_out(self) -> None:
        assert over_rating("RTG005", description=dimension(4.86, 4.86, None, None)).kind == "pass"

    def test_windows_that_cannot_be_read(self) -> None:
        half = rating(description=dimension(4.86, 4.86, 4.86, None))
        assert run("RTG005", page("rating", half, garbled("description.days_90"))).kind == "unknown"

    def test_without_a_rating_the_dimensions_are_still_compared(self) -> None:
        assert over_rating("RTG005", rating=None, service=dimension(4.9, 4.0, 4.0, 4.0)).ids == ["service"]
        assert run("RTG005", page("rating", rating(rating=None), garbled("rating"))).kind == "unknown"

    def test_nothing_to_compare(self) -> None:
        assert run("RTG005", page("rating", new_store())).kind == "not_applicable"


class TestNotAsDescribed:
    def test_returns_on_the_rating_page(self) -> None:
        finding = over_rating("RTG006", not_as_described_returns=4).one
        assert finding.severity == "warning"
        assert (finding.subject.type, finding.subject.id) == ("metric", "not_as_described_returns")
        says(finding, "4")

    def test_none(self) -> None:
        assert over_rating("RTG006", not_as_described_returns=0).kind == "pass"

    @staticmethod
    def dispute(**changes: Any) -> Dispute:
        fields: dict[str, Any] = {
            "order_id": "81",
            "dispute_id": "60",
            "kind": "return",
            "reason": "货不对版",
            "not_as_described": True,
            "amount": None,
            "opened_at": CAPTURED - timedelta(days=5),
            "closed_at": None,
            "stage": "ended",
            "awaiting": "none",
            "respond_by": None,
            "insured": False,
        }
        return Dispute(**{**fields, **changes})

    @pytest.mark.parametrize(
        ("changes", "kind"),
        [
            ({}, "fail"),
            ({"opened_at": CAPTURED - timedelta(days=90)}, "fail"),
            ({"opened_at": CAPTURED - timedelta(days=90, seconds=1)}, "pass"),
            ({"kind": "refund"}, "pass"),
            ({"not_as_described": False}, "pass"),
        ],
    )
    def test_the_disputes_stand_in(self, changes: dict[str, Any], kind: str) -> None:
        disputes = page("disputes", DisputesData(total=1, disputes=(self.dispute(**changes),)))
        judged = run("RTG006", page("rating", rating(not_as_described_returns=None)), disputes)
        assert judged.kind == kind

    def test_disputes_prove_returns_but_not_their_absence(self) -> None:
        disputes = page("disputes", DisputesData(total=0, disputes=()))
        assert run("RTG006", lost("rating"), disputes).kind == "unknown"


class TestAcceleration:
    @pytest.mark.parametrize(("age", "words"), [(52, ("52", "2026-06-18")), (59, ("59", "2026-06-11"))])
    def test_from_day_sixty_on(self, age: int, words: tuple[str, ...]) -> None:
        finding = run("RTG007", page("rating", new_store(opened_on=TODAY - timedelta(days=age)))).one
        assert finding.severity == "info"
        assert finding.subject.type == "store"
        says(finding, *words)

    @pytest.mark.parametrize("age", [60, 61, 200])
    def test_now(self, age: int) -> None:
        finding = run("RTG007", page("rating", new_store(opened_on=TODAY - timedelta(days=age)))).one
        assert "现在就可以" in finding.message.zh
        assert "asked for now" in finding.message.en

    def test_without_the_course(self) -> None:
        assert run("RTG007", page("rating", new_store(course_completed=False))).kind == "pass"

    def test_a_course_that_is_not_on_the_page(self) -> None:
        page_ = page("rating", new_store(course_completed=None), absent={"course_completed": "跨境小课堂"})
        assert run("RTG007", page_).kind == "unknown"


class TestSearchWeight:
    @pytest.mark.parametrize(
        ("before", "now", "words"),
        [
            ((), 4.8, ("达到", "reached")),
            ((), 4.9, ("达到", "reached")),
            ((4.79,), 4.8, ("达到", "reached")),
            ((4.8,), 4.79, ("跌破", "lost")),
            ((4.7, 4.85), 4.79, ("跌破", "lost")),
        ],
    )
    def test_reached_or_lost(self, before: tuple[float, ...], now: float, words: tuple[str, str]) -> None:
        history = points("rating.rating", *before)
        finding = rule_over("RTG008", page("rating", rating(rating=now)), history=history).one
        assert finding.severity == "info"
        assert finding.subject.type == "store"
        assert words[0] in finding.message.zh
        assert words[1] in finding.message.en
        says(finding, f"{now:g}", "4.8", "15")

    @pytest.mark.parametrize(("before", "now"), [((), 4.79), ((4.79,), 4.7), ((4.8,), 4.85), ((4.7, 4.8), 4.8)])
    def test_said_once(self, before: tuple[float, ...], now: float) -> None:
        history = points("rating.rating", *before)
        assert rule_over("RTG008", page("rating", rating(rating=now)), history=history).kind == "pass"

    def test_only_earlier_points_count(self) -> None:
        later = points("rating.rating", 4.85, until=CAPTURED + timedelta(days=2))
        assert rule_over("RTG008", page("rating", rating(rating=4.85)), history=later).kind == "fail"

    def test_other_figures_do_not_count(self) -> None:
        other = points("rating.service", 4.9)
        assert rule_over("RTG008", page("rating", rating(rating=4.85)), history=other).kind == "fail"

    def test_no_rating(self) -> None:
        assert run("RTG008", page("rating", new_store())).kind == "not_applicable"
        assert run("RTG008", page("rating", rating(rating=None), garbled("rating"))).kind == "unknown"


def test_days_are_the_backend_s() -> None:
    """The store turns 90 days old at midnight in the backend's zone."""
    young = page("rating", new_store(opened_on=date(2026, 3, 12), valid_orders_90d=9, confirmed_rate=1.0))
    before = run("RTG002", young, now=at("06-09 23:59:59"))
    assert before.ids == ["under_90_days"]
    assert run("RTG002", young, now=at("06-10 00:00")).ids == []
