"""Health, rating and level pages of a store in good order, to be spoilt one by one; runs with a history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from checks.engine import judge
from checks.facts import Facts, MetricPoint
from checks.policy import Policy
from checks.rule import all_rules
from extractors import models as m
from tests.rules.pages import CAPTURED, ZONE, Judged

TODAY = CAPTURED.date()
PARTS = m.PartScores(fulfilment=95, dispute=92, returns=91, positive=94, response=93)  # weighted: 93.1


def health(**changes: Any) -> m.HealthData:
    fields: dict[str, Any] = {
        "score": 93.1,
        "as_of": TODAY,
        "fulfilment_rate": 0.985,
        "dispute_rate": 0.006,
        "return_rate": 0.02,
        "positive_rate": 0.98,
        "response_s": 200,
        "part_scores": PARTS,
        "order_defect_rate": 0.005,
        "average_reply_s": 252,
        "cancel_rate": 0.01,
        "sales_30d": None,
        "top_rated": True,
        "level": "healthy",
    }
    return m.HealthData(**{**fields, **changes})


def dimension(score: float | None, *windows: float | None) -> m.RatingDimension:
    """A dimension; without windows each of them has the score."""
    first, second, third = windows or (score, score, score)
    return m.RatingDimension(score=score, days_30=first, days_60=second, days_90=third)


def rating(**changes: Any) -> m.RatingData:
    fields: dict[str, Any] = {
        "status": "enabled",
        "rating": 4.82,
        "causes": (),
        "description": dimension(4.86),
        "logistics": dimension(4.78),
        "service": dimension(4.82),
        "orders_90d": 400,
        "valid_orders_90d": 380,
        "confirmed_rate": 0.97,
        "first_reply_12h_rate": 0.98,
        "dispute_rate": 0.006,
        "refund_72h_rate": 0.96,
        "opened_on": date(2023, 8, 8),
        "course_completed": False,
        "not_as_described_returns": 0,
        "red_marks": (),
    }
    return m.RatingData(**{**fields, **changes})


def assessment(**changes: Any) -> m.AssessmentData:
    fields: dict[str, Any] = {
        "stat_date": TODAY,
        "on_time_rate": 0.97,
        "scan_72h_rate": 0.98,
        "fulfilment_rate": 0.985,
        "not_sold_rate": 0.0,
        "snad_rate": 0.004,
        "dispute_rate": 0.006,
        "positive_rate": 0.98,
        "reply_24h_rate": 0.97,
        "standard_shipping_share": 0.99,
        "total": 0,
        "cases": (),
    }
    return m.AssessmentData(**{**fields, **changes})


def medal(**changes: Any) -> m.MedalData:
    fields: dict[str, Any] = {
        "current": "silver",
        "front_badge": "silver",
        "good_seller_until": None,
        "opened_on": date(2023, 8, 8),
        "period_ends_on": date(2026, 6, 30),
        "metrics": (),
    }
    return m.MedalData(**{**fields, **changes})


def level(evaluated_on: date | None = TODAY, **values: float | None) -> m.LevelData:
    """The level page with one tracker item for each value."""
    tracker = tuple(
        m.TrackerItem(name=name, label=name, value=value, threshold=None, unit="ratio", state="green")
        for name, value in values.items()
    )
    return m.LevelData(
        current=m.Level(kind="star", rank=5),
        next=m.Level(kind="diamond", rank=1),
        evaluated_on=evaluated_on,
        next_evaluation_on=None,
        tracker=tracker,
        why_not=(),
        weeks=(),
    )


def messages(**changes: Any) -> m.MessagesData:
    fields: dict[str, Any] = {
        "response_rate": 0.97,
        "first_reply_12h_rate": 0.98,
        "reply_24h_rate": 0.97,
        "average_reply_s": 252,
        "auto_reply": None,
        "conversations": (),
    }
    return m.MessagesData(**{**fields, **changes})


def violation(decided_on: date | None, **changes: Any) -> m.Violation:
    """A severe violation, in force."""
    fields: dict[str, Any] = {
        "violation_id": "4088874431",
        "type": "intellectual_property",
        "violation_class": "A",
        "severe": True,
        "points": 6,
        "decided_on": decided_on,
        "status": "生效中",
    }
    return m.Violation(**{**fields, **changes})


def violations(*rows: m.Violation) -> m.ViolationsData:
    return m.ViolationsData(total=len(rows), points=0, violations=rows)


def points(metric: str, *values: float, days: float = 2, until: datetime = CAPTURED) -> tuple[MetricPoint, ...]:
    """Earlier runs, ``days`` apart, the last of them that long before ``until``."""
    return tuple(
        MetricPoint(metric, value, until - timedelta(days=days * (len(values) - n)), f"run-{n}")
        for n, value in enumerate(values)
    )


def facts(
    *readings: m.Reading, history: Iterable[MetricPoint] = (), premium: bool = False, captured: datetime = CAPTURED
) -> Facts:
    return Facts(
        store=m.Store(id="1102345678", name="Northwind", channel_id="244176", premium=premium),
        captured_at=captured,
        finished_at=captured,
        timezone=ZONE,
        readings=readings,
        history=tuple(history),
    )


def rule_over(
    code: str,
    *readings: m.Reading,
    history: Iterable[MetricPoint] = (),
    premium: bool = False,
    now: datetime = CAPTURED,
    overrides: Mapping[str, float] | None = None,
) -> Judged:
    """One rule over some pages and the figures of earlier runs."""
    given = facts(*readings, history=history, premium=premium)
    judgement = judge(given, [all_rules()[code]], Policy(day=now.date(), overrides=overrides or {}), now)
    return Judged(judgement.findings, judgement.outcomes[0])
