"""One store's pages for a rule's test: readings, facts, and the judgement of one rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from checks.engine import judge
from checks.facts import Facts
from checks.finding import Finding, Outcome
from checks.policy import Policy
from checks.rule import all_rules
from extractors.models import Figure, Model, Problem, Reading, Seen, Store, Verdict

ZONE = ZoneInfo("America/Los_Angeles")
CAPTURED = datetime(2026, 6, 10, 10, 0, tzinfo=ZONE)  # a Wednesday


def at(text: str) -> datetime:
    """A moment of the backend: at("06-09 21:30") is in 2026, at("2027-01-04 08:00:01") as written."""
    full = text if text.count("-") == 2 else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=ZONE)


def page(
    kind: str,
    data: Model | None,
    *problems: Problem,
    verdict: Verdict | None = Verdict.EXPECTED,
    absent: Mapping[str, str] | None = None,
    figures: Mapping[str, tuple[str, str]] | None = None,
    captured: datetime = CAPTURED,
) -> Reading:
    return Reading(
        kind=kind,
        view=None,
        sequence=1,
        url=None,
        captured_at=captured,
        verdict=verdict,
        data=data,
        problems=problems,
        absent=dict(absent or {}),
        figures={key: Figure(*figure) for key, figure in (figures or {}).items()},
        error=None if verdict else "timed out",
    )


def lost(kind: str) -> Reading:
    """A page that was not reached."""
    return page(kind, None, verdict=None)


def short(kind: str) -> Problem:
    """The problem of a list that lacks rows."""
    return Problem(type="list_incomplete", field=kind, label="共 9 条", text="3 of 9")


def garbled(field: str, text: str = "??") -> Problem:
    return Problem(type="value_not_understood", field=field, label=field, text=text)


def seen(kind: str, label: str, text: str, key: str, captured: datetime = CAPTURED) -> Seen:
    return Seen.on(kind, 1, captured, {key: text}, {key: label})


class Judged(NamedTuple):
    findings: tuple[Finding, ...]
    outcome: Outcome

    @property
    def kind(self) -> str:
        return self.outcome.kind.value

    @property
    def reason(self) -> str:
        return self.outcome.reason.en if self.outcome.reason else ""

    @property
    def ids(self) -> list[str]:
        return sorted(finding.subject.id for finding in self.findings)

    @property
    def one(self) -> Finding:
        assert len(self.findings) == 1, [finding.message.en for finding in self.findings]
        return self.findings[0]


def run(
    code: str,
    *readings: Reading,
    premium: bool = False,
    now: datetime = CAPTURED,
    overrides: Mapping[str, float] | None = None,
) -> Judged:
    """One rule over some pages of a store."""
    facts = Facts(
        store=Store(id="1102345678", name="Northwind", channel_id="244176", premium=premium),
        captured_at=CAPTURED,
        finished_at=CAPTURED,
        timezone=ZONE,
        readings=readings,
    )
    judgement = judge(facts, [all_rules()[code]], Policy(day=now.date(), overrides=overrides or {}), now)
    return Judged(judgement.findings, judgement.outcomes[0])


def says(finding: Finding, *words: Any) -> None:
    """Both languages name every one of these words."""
    for word in words:
        assert str(word) in finding.message.zh, (word, finding.message.zh)
        assert str(word) in finding.message.en, (word, finding.message.en)
