"""A seller level page on its way to One Diamond with every requirement met, and the papers that go with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from extractors import models as m
from tests.rules.build_pages import NOW, page

TODAY = NOW.date()
ONE_DIAMOND = m.Level(kind="diamond", rank=1)
FIVE_STARS = m.Level(kind="star", rank=5)
UNITS = {"health_score": "points", "rating_description": "points", "rating_logistics": "points"}
UNITS |= {"rating_service": "points"}
MET = {
    "positive_rate": (0.98, 0.97),
    "fulfilment_rate": (0.96, 0.95),
    "dispute_rate": (0.005, 0.008),
    "rating_description": (4.8, 4.7),
    "rating_logistics": (4.8, 4.7),
    "rating_service": (4.8, 4.7),
    "health_score": (90.0, 85.0),
    "response_rate": (0.97, 0.95),
    "order_defect_rate": (0.006, 0.010),
}


def item(
    name: str, value: float | None, threshold: float | None = None, state: str | None = "green", **given: Any
) -> m.TrackerItem:
    known = MET.get(name, (None, None))[1]
    return m.TrackerItem(
        name=name,
        label=given.pop("label", f"label of {name}"),
        value=value,
        threshold=given.pop("line", known if threshold is None else threshold),
        unit=given.pop("unit", UNITS.get(name, "ratio")),
        state=state,
        **given,
    )


def tracker(*changed: m.TrackerItem, without: str = "") -> tuple[m.TrackerItem, ...]:
    """The healthy tracker with some lines changed or added."""
    lines = {name: item(name, value) for name, (value, _) in MET.items() if name != without}
    extra = []
    for line in changed:
        if line.name in lines:
            lines[line.name] = line
        else:
            extra.append(line)
    return (*lines.values(), *extra)


def week(ending: date, **metrics: float | None) -> m.Week:
    """A weekly evaluation; metrics that are not named are healthy."""
    healthy = {name: value for name, (value, _) in MET.items() if name != "response_rate"}
    return m.Week(week_ending=ending, metrics={**healthy, **metrics})


def weeks(*changes: dict[str, float | None]) -> tuple[m.Week, ...]:
    """Evaluations a week apart, the newest first, the last one three days before the capture."""
    return tuple(week(TODAY - timedelta(days=3 + 7 * n), **change) for n, change in enumerate(changes))


def level(*problems: m.Problem, absent: dict[str, str] | None = None, **given: Any) -> m.Reading:
    values: dict[str, Any] = {
        "current": FIVE_STARS,
        "next": ONE_DIAMOND,
        "evaluated_on": TODAY - timedelta(days=3),
        "next_evaluation_on": TODAY + timedelta(days=4),
        "tracker": tracker(),
        "why_not": (),
        "weeks": weeks({}, {}),
    }
    return page("level", m.LevelData(**(values | given)), *problems, absent=absent or {})


def document(kind: str, status: str | None = "approved", **given: Any) -> m.Document:
    values: dict[str, Any] = {
        "name": kind,
        "number": f"{kind}-1",
        "valid_from": None,
        "valid_until": TODAY + timedelta(days=1000),
        "long_term": False,
        "status": status,
        "own_brand": None,
    }
    return m.Document(kind=kind, **(values | given))  # type: ignore[arg-type]


def papers(*changed: m.Document, without: str = "") -> tuple[m.Document, ...]:
    """Licence, identity card and Alipay in order, with some documents in place of those of their kind."""
    kinds = ("business_licence", "legal_person_id_front", "legal_person_id_back")
    healthy = [*(document(kind) for kind in kinds), document("alipay_binding", "bound", valid_until=None)]
    replaced = {d.kind for d in changed} | {without}
    return (*(d for d in healthy if d.kind not in replaced), *changed)


def documents(*held: m.Document, at: Any = NOW, problems: tuple[m.Problem, ...] = (), **given: Any) -> m.Reading:
    absent = given.pop("absent", {})
    values: dict[str, Any] = {
        "documents": held or papers(),
        "registered_on": date(2020, 1, 1),
        "regulated_categories": (),
    }
    return page("documents", m.DocumentsData(**(values | given)), *problems, at=at, absent=absent)


def violation(decided_on: date | None, severe: bool | None = True, **given: Any) -> m.Violation:
    values: dict[str, Any] = {
        "violation_id": "4000000001",
        "type": "intellectual_property",
        "class": "A",
        "points": 6.0,
        "status": "生效中",
    }
    return m.Violation(decided_on=decided_on, severe=severe, **(values | given))


def violations(*rows: m.Violation) -> m.Reading:
    return page("violations", m.ViolationsData(total=len(rows), points=0.0, violations=rows))


def health(*problems: m.Problem, **given: Any) -> m.Reading:
    values: dict[str, Any] = dict.fromkeys(m.HealthData.model_fields)
    values |= {"sales_30d": usd("18342.55"), "return_rate": 0.02, "cancel_rate": 0.01}
    return page("health", m.HealthData(**(values | given)), *problems)


def usd(amount: str, currency: str = "USD") -> m.Money:
    return m.Money(currency=currency, amount=amount)  # type: ignore[arg-type]
