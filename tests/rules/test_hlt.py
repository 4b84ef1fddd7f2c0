"""Store health: every line just under, at and just over, and what happens when a figure is not there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from checks.hlt.trend import theil_sen, watched
from checks.policy import known_names
from checks.rule import all_rules
from extractors.models import PartScores, Problem, Verdict
from tests.rules.build_hlt import (
    TODAY,
    assessment,
    dimension,
    health,
    points,
    rating,
    rule_over,
    violation,
    violations,
)
from tests.rules.pages import CAPTURED, Judged, at, garbled, lost, page, run, says, seen, short
from tests.truths import RECORDINGS, compare


def over_health(code: str, premium: bool = False, **figures: Any) -> Judged:
    return run(code, page("health", health(**figures)), premium=premium)


@pytest.mark.parametrize("name", ["northwind", "harbor", "newstore", "broken"])
def test_a_recording(name: str) -> None:
    assert compare(RECORDINGS / name, ("HLT",)) == []


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("HLT001", "score", 84.9),
        ("HLT005", "order_defect_rate", 0.0101),
        ("HLT007", "positive_rate", 0.9699),
        ("HLT008", "fulfilment_rate", 0.9499),
    ],
)
def test_over_the_only_line(code: str, field: str, value: float) -> None:
    finding = over_health(code, **{field: value}).one
    assert finding.severity == "error"
    assert (finding.subject.type, finding.subject.id) == ("metric", field)
    shown = str(value) if code == "HLT001" else f"{value * 100:.2f}%"
    line = {"HLT001": "85", "HLT005": "1.00%", "HLT007": "97.00%", "HLT008": "95.00%"}[code]
    says(finding, shown, line)
    assert finding.threshold is not None
    assert finding.threshold.programme == "one_diamond"


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("HLT001", "score", 85.0),
        ("HLT001", "score", 85.1),
        ("HLT005", "order_defect_rate", 0.01),
        ("HLT005", "order_defect_rate", 0.0099),
        ("HLT005", "order_defect_rate", 0.0),
        ("HLT007", "positive_rate", 0.97),
        ("HLT007", "positive_rate", 1.0),
        ("HLT008", "fulfilment_rate", 0.95),
        ("HLT008", "fulfilment_rate", 0.9501),
    ],
)
def test_at_the_only_line_or_better(code: str, field: str, value: float) -> None:
    assert over_health(code, **{field: value}).kind == "pass"


SINGLE = {
    "HLT001": "score",
    "HLT002": "score",
    "HLT003": "score",
    "HLT004": "dispute_rate",
    "HLT005": "order_defect_rate",
    "HLT006": "return_rate",
    "HLT007": "positive_rate",
    "HLT008": "fulfilment_rate",
}


@pytest.mark.parametrize("code", SINGLE)
def test_a_page_that_was_not_reached_is_unknown(code: str) -> None:
    judged = run(code, lost("health"))
    assert judged.kind == "unknown"
    assert "timed out" in judged.reason


@pytest.mark.parametrize(("code", "field"), SINGLE.items())
def test_a_figure_that_is_not_on_the_page_is_unknown(code: str, field: str) -> None:
    judged = run(code, page("health", health(**{field: None}), absent={field: "label tried"}))
    assert judged.kind == "unknown"
    assert "label tried" in judged.reason


@pytest.mark.parametrize(("code", "field"), SINGLE.items())
def test_a_figure_that_cannot_be_read_is_unknown(code: str, field: str) -> None:
    judged = run(code, page("health", health(**{field: None}), garbled(field, "约九成")))
    assert judged.kind == "unknown"
    assert "约九成" in judged.reason


@pytest.mark.parametrize(("code", "field"), SINGLE.items())
def test_a_figure_that_is_not_assessed_does_not_apply(code: str, field: str) -> None:
    assert over_health(code, **{field: None}).kind == "not_applicable"


class TestScoreShortOfTheGain:
    @pytest.mark.parametrize("score", [85.0, 87.5, 89.9])
    def test_between_the_lines(self, score: float) -> None:
        finding = over_health("HLT002", score=score).one
        assert finding.severity == "info"
        assert finding.subject.id == "score"
        says(finding, "90")

    @pytest.mark.parametrize("score", [84.9, 90.0, 90.1, 0.0])
    def test_outside_of_them(self, score: float) -> None:
        assert over_health("HLT002", score=score).kind == "pass"

    def test_its_lower_line_is_the_one_of_the_low_score(self) -> None:
        judged = run("HLT002", page("health", health(score=82)), overrides={"HLT001": 80})
        assert judged.ids == ["score"]


class TestScoreAndParts:
    @pytest.mark.parametrize("score", [92.1, 94.1, 93.1])
    def test_one_point_apart_is_fine(self, score: float) -> None:
        assert over_health("HLT003", score=score).kind == "pass"

    @pytest.mark.parametrize("score", [92.0, 94.2])
    def test_more_than_one_point_apart(self, score: float) -> None:
        finding = over_health("HLT003", score=score).one
        assert finding.severity == "info"
        assert finding.subject.id == "score"
        says(finding, f"{score:g}", "93.1")

    def test_every_part_has_its_own_weight(self) -> None:
        weights = {"fulfilment": 30, "dispute": 25, "returns": 20, "positive": 15, "response": 10}
        for part, weight in weights.items():
            parts = PartScores(**{name: 100.0 if name == part else 0.0 for name in weights})
            assert over_health("HLT003", score=weight, part_scores=parts).kind == "pass", part

    def test_a_part_that_is_not_shown(self) -> None:
        parts = PartScores(fulfilment=95, dispute=92, returns=None, positive=94, response=93)
        judged = over_health("HLT003", part_scores=parts)
        assert judged.kind == "unknown"
        assert judged.reason.endswith("return")


class TestDisputeRate:
    @pytest.mark.parametrize(
        ("rate", "severity", "programme"),
        [
            (0.0081, "warning", "one_diamond"),
            (0.018, "warning", "one_diamond"),
            (0.0181, "error", "rating"),
            (0.025, "error", "rating"),
            (0.0251, "error", "platform"),
            (0.05, "error", "platform"),
        ],
    )
    def test_the_gravest_line_that_it_is_over(self, rate: float, severity: str, programme: str) -> None:
        finding = over_health("HLT004", dispute_rate=rate).one
        assert finding.severity == severity
        assert finding.threshold is not None
        assert finding.threshold.programme == programme
        says(finding, f"{rate * 100:.2f}%", "0.80%")

    def test_every_line_is_named(self) -> None:
        finding = over_health("HLT004", dispute_rate=0.0451, premium=True).one
        says(finding, "0.80%", "1.80%", "2.50%", "4.50%")
        assert finding.threshold is not None
        assert finding.threshold.programme == "premium"

    def test_the_premium_line_is_for_premium_stores(self) -> None:
        assert "4.50%" not in over_health("HLT004", dispute_rate=0.05).one.message.zh

    @pytest.mark.parametrize("rate", [0.008, 0.80 / 100, 0.0079, 0.0])
    def test_at_the_first_line_or_under(self, rate: float) -> None:
        assert over_health("HLT004", dispute_rate=rate).kind == "pass"

    def test_the_dust_of_binary_fractions_is_no_excess(self) -> None:
        assert 1.8 / 100 > 0.018
        assert over_health("HLT004", dispute_rate=1.8 / 100).one.severity == "warning"

    @pytest.mark.parametrize(
        ("kind", "data"), [("rating", rating(dispute_rate=0.02)), ("assessment", assessment(dispute_rate=0.02))]
    )
    def test_another_page_stands_in(self, kind: str, data: Any) -> None:
        finding = run("HLT004", lost("health"), page(kind, data)).one
        assert finding.severity == "error"
        assert finding.evidence is not None
        assert finding.evidence.page == kind

    def test_an_own_line_is_called_so(self) -> None:
        finding = run("HLT004", page("health", health(dispute_rate=0.006)), overrides={"HLT004": 0.005}).one
        assert "自定义" in finding.message.zh
        assert "own line" in finding.message.en
        assert finding.threshold is not None
        assert finding.threshold.overridden


class TestReturnRate:
    @pytest.mark.parametrize(("rate", "premium"), [(0.035, True), (0.0, True), (0.035, False)])
    def test_under_or_at_the_lines(self, rate: float, premium: bool) -> None:
        assert over_health("HLT006", premium, return_rate=rate).kind == "pass"

    @pytest.mark.parametrize(
        ("rate", "premium", "programme"),
        [
            (0.0351, False, "flash_deals"),
            (0.0351, True, "flash_deals"),
            (0.042, True, "flash_deals"),
            (0.0421, True, "premium"),
            (0.0421, False, "flash_deals"),
        ],
    )
    def test_over_a_line(self, rate: float, premium: bool, programme: str) -> None:
        finding = over_health("HLT006", premium, return_rate=rate).one
        assert finding.severity == "warning"
        assert finding.subject.id == "return_rate"
        assert finding.threshold is not None
        assert finding.threshold.programme == programme
        says(finding, f"{rate * 100:.2f}%", "3.50%")
        assert ("premium" in finding.message.en) is (programme == "premium")


@pytest.mark.parametrize(("code", "field"), [("HLT007", "positive_rate"), ("HLT008", "fulfilment_rate")])
def test_the_assessment_stands_in_for_health(code: str, field: str) -> None:
    assert run(code, lost("health"), page("assessment", assessment(**{field: 0.9}))).ids == [field]
    assert run(code, lost("health"), page("assessment", assessment())).kind == "pass"


class TestSevereViolation:
    @staticmethod
    def over(*rows: Any, premium: bool = False) -> Judged:
        return run("HLT009", page("violations", violations(*rows)), premium=premium)

    @pytest.mark.parametrize("days", [0, 33, 89, 90])
    def test_within_ninety_days(self, days: int) -> None:
        decided = TODAY - timedelta(days=days)
        finding = self.over(violation(decided)).one
        assert finding.severity == "error"
        assert (finding.subject.type, finding.subject.id) == ("violation", "4088874431")
        says(finding, decided.isoformat(), "90", (decided + timedelta(days=90)).isoformat())
        assert finding.threshold is not None
        assert finding.threshold.programme == "one_diamond"

    def test_after_ninety_days(self) -> None:
        assert self.over(violation(TODAY - timedelta(days=91))).kind == "pass"

    def test_twelve_months_for_premium_stores(self) -> None:
        finding = self.over(violation(date(2025, 6, 10)), premium=True).one
        says(finding, "12", "2026-06-10")
        assert finding.threshold is not None
        assert finding.threshold.programme == "premium"
        assert self.over(violation(date(2025, 6, 9)), premium=True).kind == "pass"

    def test_a_new_one_counts_against_both(self) -> None:
        says(self.over(violation(TODAY), premium=True).one, "90", "12")

    @pytest.mark.parametrize(
        "changes",
        [{"severe": False}, {"status": "已撤销"}, {"status": "申诉成功"}, {"status": "Revoked"}],
    )
    def test_what_does_not_count(self, changes: dict[str, Any]) -> None:
        assert self.over(violation(TODAY, **changes)).kind == "pass"

    def test_an_ended_one_still_counts(self) -> None:
        assert self.over(violation(TODAY, status="已结束")).ids == ["4088874431"]

    def test_without_the_page_s_word_class_a_of_intellectual_property_is_severe(self) -> None:
        assert self.over(violation(TODAY, severe=None)).ids == ["4088874431"]
        assert self.over(violation(TODAY, severe=None, violation_class="B")).kind == "unknown"

    def test_without_a_date_it_is_unknown(self) -> None:
        assert self.over(violation(None)).kind == "unknown"

    def test_each_is_a_finding_of_its_own(self) -> None:
        second = violation(TODAY, violation_id="77", seen=seen("violations", "处罚时间", "2026-06-10", "decided_on"))
        judged = self.over(violation(TODAY), second)
        assert judged.ids == ["4088874431", "77"]
        texts = {finding.subject.id: finding.evidence and finding.evidence.text for finding in judged.findings}
        assert texts["77"] == "2026-06-10"

    def test_no_violation_is_a_pass(self) -> None:
        assert self.over().kind == "pass"

    def test_a_list_that_lacks_rows_is_unknown(self) -> None:
        assert run("HLT009", page("violations", violations(), short("violations"))).kind == "unknown"
        assert run("HLT009", page("violations", None, verdict=Verdict.ERROR_PAGE)).kind == "unknown"

    def test_the_day_is_the_backend_s(self) -> None:
        night = at("06-10 23:59:59")
        assert run("HLT009", page("violations", violations(violation(date(2026, 3, 12)))), now=night).kind == "fail"
        assert (
            run("HLT009", page("violations", violations(violation(date(2026, 3, 12)))), now=at("06-11 00:00")).kind
            == "pass"
        )


class TestRedMark:
    @pytest.mark.parametrize("mark", ["纠纷率超标", "Dispute rate too high"])
    def test_the_mark(self, mark: str) -> None:
        finding = run("HLT010", page("rating", rating(red_marks=("物流异常订单过多", mark)))).one
        assert finding.severity == "error"
        assert (finding.subject.type, finding.subject.id) == ("metric", "dispute_rate")
        says(finding, mark)

    @pytest.mark.parametrize("marks", [(), ("物流异常订单过多",)])
    def test_no_such_mark(self, marks: tuple[str, ...]) -> None:
        assert run("HLT010", page("rating", rating(red_marks=marks))).kind == "pass"

    def test_no_page(self) -> None:
        assert run("HLT010", page("rating", None, verdict=Verdict.SKELETON)).kind == "unknown"


class TestTrend:
    RISING = (0.0050, 0.0055, 0.0060, 0.0065)

    def test_a_rate_that_climbs_towards_its_line(self) -> None:
        """0.05 points in two days from 0.70 %: 0.80 % is reached after four days."""
        history = points("health.dispute_rate", *self.RISING)
        finding = rule_over("HLT011", page("health", health(dispute_rate=0.0070)), history=history).one
        assert finding.severity == "warning"
        assert (finding.subject.type, finding.subject.id) == ("metric", "dispute_rate")
        says(finding, "2026-06-14", "0.80%", "06-02 0.50%", "06-10 0.70%")
        assert finding.observed.en == "0.70%"

    def test_an_outlier_does_not_bend_it(self) -> None:
        history = points("health.dispute_rate", 0.0050, 0.0079, 0.0060, 0.0065)
        finding = rule_over("HLT011", page("health", health(dispute_rate=0.0070)), history=history).one
        says(finding, "2026-06-14")

    @pytest.mark.parametrize(
        ("step", "kind"),
        [(0.1, "fail"), (0.0999, "pass")],
    )
    def test_fourteen_days_ahead(self, step: float, kind: str) -> None:
        """From 85 + 14 steps, one step a day: the line is met on the fourteenth day, or just after."""
        now = 86.4
        history = points("health.score", *(now + step * 2 * n for n in (4, 3, 2, 1)))
        assert rule_over("HLT011", page("health", health(score=now)), history=history).kind == kind

    def test_the_nearest_line_in_its_way(self) -> None:
        history = points("health.dispute_rate", 0.0150, 0.0155, 0.0160, 0.0165)
        finding = rule_over("HLT011", page("health", health(dispute_rate=0.0170)), history=history).one
        assert finding.threshold is not None
        assert finding.threshold.name == "dispute_rate_rating"

    def test_a_line_already_crossed_is_no_forecast(self) -> None:
        history = points("health.positive_rate", 0.969, 0.968, 0.967, 0.966)
        assert rule_over("HLT011", page("health", health(positive_rate=0.965)), history=history).kind == "pass"

    @pytest.mark.parametrize("values", [(0.0070,) * 4, (0.0079, 0.0077, 0.0075, 0.0073)])
    def test_a_flat_or_better_trend(self, values: tuple[float, ...]) -> None:
        history = points("health.dispute_rate", *values)
        assert rule_over("HLT011", page("health", health(dispute_rate=0.0070)), history=history).kind == "pass"

    def test_the_premium_line_is_for_premium_stores(self) -> None:
        history = points("health.return_rate", 0.0400, 0.0404, 0.0408, 0.0412)
        pages = page("health", health(return_rate=0.0416))
        assert rule_over("HLT011", pages, history=history).kind == "pass"
        assert rule_over("HLT011", pages, history=history, premium=True).ids == ["return_rate"]

    def test_a_dimension_of_the_rating(self) -> None:
        history = points("rating.logistics", 4.80, 4.78, 4.76, 4.74)
        finding = rule_over("HLT011", page("rating", rating(logistics=dimension(4.72))), history=history).one
        assert finding.subject.id == "logistics"
        says(finding, "4.7", "2026-06-12")

    def test_four_points_are_too_few(self) -> None:
        history = points("health.dispute_rate", *self.RISING[1:], days=3)
        judged = rule_over("HLT011", page("health", health(dispute_rate=0.0070)), history=history)
        assert judged.kind == "not_applicable"
        assert "fewer than 5 points" in judged.reason

    @pytest.mark.parametrize(("days", "kind"), [(1.75, "fail"), (1.74, "not_applicable")])
    def test_seven_days_are_the_least(self, days: float, kind: str) -> None:
        history = points("health.dispute_rate", *self.RISING, days=days)
        assert rule_over("HLT011", page("health", health(dispute_rate=0.0070)), history=history).kind == kind

    def test_old_points_do_not_count(self) -> None:
        history = points("health.dispute_rate", *self.RISING, until=CAPTURED - timedelta(days=25))
        assert rule_over("HLT011", page("health", health()), history=history).kind == "not_applicable"

    def test_no_history_at_all(self) -> None:
        assert rule_over("HLT011", page("health", health())).kind == "not_applicable"

    def test_a_page_that_is_missing_now(self) -> None:
        history = points("health.dispute_rate", 0.0045, *self.RISING)
        assert rule_over("HLT011", lost("health"), history=history).kind == "unknown"

    def test_a_figure_that_is_no_longer_assessed(self) -> None:
        history = points("health.dispute_rate", 0.0045, *self.RISING)
        assert rule_over("HLT011", page("health", health(dispute_rate=None)), history=history).kind == "pass"

    def test_points_of_one_moment_have_no_slope(self) -> None:
        same = points("health.score", 90.0, 80.0, days=0)
        assert theil_sen(same).slope == 0

    def test_every_watched_line_is_in_the_policy(self) -> None:
        assert {line for one in watched() for line in one.lines} <= known_names()


@pytest.mark.parametrize("code", [code for code in all_rules() if code.startswith("HLT")])
def test_a_rule_s_thresholds_are_in_the_policy(code: str) -> None:
    assert set(all_rules()[code].thresholds) <= known_names()


def test_a_problem_of_another_field_changes_nothing() -> None:
    other = Problem(type="field_not_found", field="return_rate", label="退货率")
    assert run("HLT001", page("health", health(), other)).kind == "pass"
