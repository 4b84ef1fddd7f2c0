"""A medal benefits centre where silver is safe and gold in reach."""

from __future__ import annotations

from datetime import date
from typing import Any

from checks.facts import MetricPoint
from extractors import models as m
from tests.rules.build_pages import page


def metric(label: str, value: float | None, keep: float | None, reach: float | None, **given: Any) -> m.MedalMetric:
    values: dict[str, Any] = {"unit": "ratio", "better": "higher"} | given
    return m.MedalMetric(label=label, value=value, keep=keep, reach=reach, **values)


def replies(value: float | None, keep: float | None = 0.90, reach: float | None = 0.93, **given: Any) -> m.MedalMetric:
    return metric("24小时回复率", value, keep, reach, **given)


def disputes(value: float | None, keep: float | None = 0.012, reach: float | None = 0.010) -> m.MedalMetric:
    return metric("货不对版纠纷率", value, keep, reach, better="lower")


def medal(*problems: m.Problem, absent: dict[str, str] | None = None, **given: Any) -> m.Reading:
    values: dict[str, Any] = {
        "current": "silver",
        "front_badge": "silver",
        "good_seller_until": None,
        "opened_on": date(2023, 8, 8),
        "period_ends_on": None,
        "metrics": (replies(0.97), disputes(0.004)),
    }
    return page("medal", m.MedalData(**(values | given)), *problems, absent=absent or {})


def was(level: float, at: Any, metric_name: str = "medal.current") -> MetricPoint:
    return MetricPoint(metric_name, level, at, "run")
