"""A store from a few healthy pages, and one rule over it; a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from checks.engine import judge
from checks.facts import Facts, MetricPoint
from checks.finding import Finding, OutcomeKind
from checks.policy import Policy
from checks.rule import all_rules
from extractors import models as m

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=ZONE)
"""A Wednesday in the middle of a quarter; every page is captured at this moment unless a test says otherwise."""
STORE = "1102345678"


def page(kind: str, data: m.Model | None, *problems: m.Problem, at: datetime = NOW, **given: Any) -> m.Reading:
    """A page that was read; without data one that turned out to be a login page."""
    verdict = m.Verdict.EXPECTED if data is not None else m.Verdict.LOGIN
    return m.Reading(
        kind=kind,
        view=None,
        sequence=1,
        url=None,
        captured_at=at,
        verdict=verdict,
        data=data,
        problems=problems,
        **given,
    )


def unreadable(field: str, text: str = "??") -> m.Problem:
    return m.Problem(type="value_not_understood", field=field, label=field, text=text)


def short(text: str = "8 of 20") -> m.Problem:
    return m.Problem(type="list_incomplete", field="list", text=text)


def store(
    *pages: m.Reading,
    premium: bool = False,
    history: tuple[MetricPoint, ...] = (),
    first_seen: Mapping[str, datetime] | None = None,
) -> Facts:
    return Facts(
        store=m.Store(id=STORE, name="Test", channel_id="1", premium=premium),
        captured_at=NOW,
        finished_at=NOW,
        timezone=ZONE,
        readings=pages,
        history=history,
        first_seen=first_seen or {},
    )


class Verdict:
    """How one rule came out: its findings, the kind of its outcome, and the reason in English."""

    def __init__(self, code: str, facts: Facts, now: datetime = NOW, overrides: Mapping[str, float] | None = None):
        rule = all_rules()[code]
        judgement = judge(facts, [rule], Policy(day=now.date(), overrides=overrides or {}), now)
        (outcome,) = judgement.outcomes
        self.findings: tuple[Finding, ...] = judgement.findings
        self.kind: OutcomeKind = outcome.kind
        self.reason = outcome.reason.en if outcome.reason else ""

    @property
    def ids(self) -> list[str]:
        return sorted(finding.subject.id for finding in self.findings)

    @property
    def one(self) -> Finding:
        (finding,) = self.findings
        return finding
