"""The parts of the HTML report as plain data, in the order of the page; the template only lays them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agent.history.runs import MetricSeen, SavedRun, State, StatedFinding
from agent.history.trends import Shown, shown
from agent.reports import Look
from agent.reports.charts import Chart, drawn
from agent.reports.digest import (
    RuleFindings,
    by_family,
    by_rule,
    family_name,
    gaps,
    in_state,
    on_a_clock,
    partly_judged,
    silence,
    silenced,
    standing,
    store_name,
    subject_of,
    title,
    told,
)
from agent.reports.lines import value_of, whose
from agent.reports.moments import Clock, Told
from agent.words import OUTCOME, SEVERITY, VERDICT
from checks.finding import Finding, OutcomeKind
from checks.measure import distance, figure
from checks.page_names import page_name
from checks.policy import Policy, shipped
from checks.text import Text

if TYPE_CHECKING:
    from agent.reports.pictures import Cutting
    from agent.standing import Ladder

SOON = timedelta(hours=24)
SHOWN = 6
"""Findings of a rule that stand open; the others are folded."""
LONG = 280
"""Characters of a text from a page that stand open."""


@dataclass(frozen=True)
class Item:
    """One finding, in words."""

    stated: StatedFinding
    id: str
    code: str
    title: str
    severity: str
    severity_word: str
    subject: str
    message: str
    observed: str
    expected: str
    line: str | None
    own_line: bool
    label: str | None
    text: str | None
    page: str | None
    seen_at: Told | None
    due: Told | None
    left: str | None
    overdue: bool
    since: Told
    is_new: bool
    worse: str | None
    link: str | None
    silence: str
    picture: Cutting | None
    alt: str
    """What the picture shows, for those who do not see it."""


@dataclass(frozen=True)
class RuleCard:
    """One rule with what it found, why it matters and what to do."""

    code: str
    title: str
    severity: str
    severity_word: str
    items: tuple[Item, ...]
    fix: str
    menu: str | None
    link: str | None
    why: str | None


@dataclass(frozen=True)
class FamilyPart:
    """The rules of one family."""

    family: str
    name: str
    counts: dict[str, int]
    rules: tuple[RuleCard, ...]


@dataclass(frozen=True)
class Trend:
    """One figure over time: what it is now, how it moved, and its chart."""

    name: str
    value: str
    change: str | None
    verdict: str | None
    """"better", "worse", or None where neither can be said."""
    lines: tuple[str, ...]
    far: tuple[str, ...]
    """The lines in force that are drawn, and those too far away to be."""
    first: Told
    last: Told
    count: int
    chart: Chart


class Sheet:
    """Everything that the page tells about one run."""

    def __init__(self, run: SavedRun, look: Look) -> None:
        self.run, self.look, self.say = run, look, look.language
        self.clock = Clock.of(look)
        self.record, self.summary = run.record, run.summary
        self.name = store_name(run, look.language)
        self.compared = run.compared_with is not None
        self._standing = standing(run)

    # --- what to do first -----------------------------------------------------------------------------------------

    @cached_property
    def overdue(self) -> list[Item]:
        return [item for item in self._clocked if item.overdue]

    @cached_property
    def soon(self) -> list[Item]:
        return [i for i in self._clocked if not i.overdue and _due(i.stated) <= self.record.now + SOON]

    @cached_property
    def later(self) -> list[Item]:
        return [i for i in self._clocked if _due(i.stated) > self.record.now + SOON]

    @cached_property
    def _clocked(self) -> list[Item]:
        return [self.item(stated) for stated in on_a_clock(self._standing)]

    @cached_property
    def grave(self) -> list[tuple[RuleCard, int]]:
        """Rules with errors that no clock drives, and how many those are."""
        errors = [f for f in self._standing if f.finding.severity.value == "error" and not f.finding.due_at]
        return [(self._card(rule), len(rule.findings)) for rule in by_rule(errors)]

    # --- findings -------------------------------------------------------------------------------------------------

    @cached_property
    def families(self) -> list[FamilyPart]:
        return [
            FamilyPart(part.family, part.name(self.say), part.counts, tuple(self._card(rule) for rule in part.rules))
            for part in by_family(self._standing)
        ]

    def _card(self, rule: RuleFindings) -> RuleCard:
        gravest = rule.gravest
        return RuleCard(
            code=rule.code,
            title=rule.title(self.say),
            severity=gravest.severity.value,
            severity_word=SEVERITY[gravest.severity.value].to(self.say),
            items=tuple(self.item(stated) for stated in rule.findings),
            fix=gravest.fix.text.to(self.say),
            menu=gravest.fix.menu.to(self.say) if gravest.fix.menu else None,
            link=self._link(gravest),
            why=rule.rule.why.to(self.say) if rule.rule else None,
        )

    def item(self, stated: StatedFinding) -> Item:
        found, seen, due = stated.finding, stated.finding.evidence, stated.finding.due_at
        line = found.threshold
        return Item(
            stated=stated,
            id=f"f-{found.fingerprint}",
            code=found.code,
            title=title(found.code, self.say) or found.name,
            severity=found.severity.value,
            severity_word=SEVERITY[found.severity.value].to(self.say),
            subject=subject_of(found, self.say),
            message=told(found, self.say),
            observed=found.observed.to(self.say),
            expected=found.expected.to(self.say),
            line=f"{whose(line).to(self.say)} {value_of(line).to(self.say)}" if line else None,
            own_line=bool(line and line.overridden),
            label=seen.label if seen else None,
            text=seen.text if seen else None,
            page=self._page(found),
            seen_at=self.clock.tell(seen.captured_at) if seen and seen.captured_at else None,
            due=self.clock.tell(due) if due else None,
            left=self.clock.left(due, self.record.now) if due else None,
            overdue=due is not None and due <= self.record.now,
            since=self.clock.tell(stated.first_seen),
            is_new=stated.state is State.NEW,
            worse=stated.worse.to(self.say) if stated.worse else None,
            link=self._link(found),
            silence=silence(stated, self.say),
            picture=self.look.pictures.get(found.fingerprint),
            alt=self._alt(found),
        )

    def _alt(self, found: Finding) -> str:
        seen, subject = found.evidence, subject_of(found, self.say)
        page = page_name(seen.page).to(self.say) if seen else ""
        words = ": ".join(part for part in (seen.label, seen.text) if part) if seen else ""
        shown = f"{subject}, {words[:LONG]}" if words else subject
        return Text(f"后台“{page}”页面截图：{shown}", f"Picture of the backend page “{page}”: {shown}").to(self.say)

    def _page(self, found: Finding) -> str | None:
        seen = found.evidence
        if seen is None:
            return None
        name = page_name(seen.page).to(self.say)
        return f"{name} #{seen.sequence}" if seen.sequence and seen.sequence > 1 else name

    def _link(self, found: Finding) -> str | None:
        link = self.look.links.get(found.fix.page) if found.fix.page else None
        return link if link and re.match(r"https?://", link) else None

    # --- changes, gaps, rules -------------------------------------------------------------------------------------

    @cached_property
    def new(self) -> list[Item]:
        """What was not there at the last run; nothing where there was none."""
        if not self.compared:
            return []
        found = [f for f in self._standing if f.state is State.NEW]
        return [self.item(stated) for rule in by_rule(found) for stated in rule.findings]

    @cached_property
    def resolved(self) -> list[Item]:
        return self._items(in_state(self.run, State.RESOLVED))

    @cached_property
    def silenced(self) -> list[Item]:
        return self._items(silenced(self.run))

    def _items(self, findings: Iterable[StatedFinding]) -> list[Item]:
        return [self.item(stated) for rule in by_rule(findings) for stated in rule.findings]

    @cached_property
    def unknown(self) -> list[tuple[str, list[str]]]:
        nothing = Text("没有说明原因", "no reason given").to(self.say)
        found = gaps(self.run, OutcomeKind.UNKNOWN, self.say)
        return [(nothing if reason == "-" else reason, codes) for reason, codes in found]

    @cached_property
    def partly(self) -> list[tuple[str, list[str]]]:
        return partly_judged(self.run, self.say)

    @cached_property
    def notices(self) -> list[str]:
        return [notice.text.to(self.say) for notice in self.run.notices]

    def titled(self, code: str) -> str:
        return title(code, self.say) or code

    @cached_property
    def outcomes(self) -> list[tuple[str, list[tuple[str, str, str, str | None]]]]:
        """Every rule by family: code, title, how it came out, and why where something is said."""
        found: dict[str, list[tuple[str, str, str, str | None]]] = {}
        for outcome in self.record.outcomes:
            kind, reason = outcome.kind.value, outcome.reason.to(self.say) if outcome.reason else None
            row = (outcome.code, self.titled(outcome.code), kind, reason)
            found.setdefault(family_name(outcome.code[:3], self.say), []).append(row)
        return list(found.items())

    def outcome_word(self, kind: str) -> str:
        return OUTCOME[kind].to(self.say)

    # --- level, medal, trends -------------------------------------------------------------------------------------

    @cached_property
    def ladders(self) -> list[Ladder]:
        from agent.standing import ladders_of

        return ladders_of(self.run, self.look.backend_zone)

    @cached_property
    def trends(self) -> list[Trend]:
        """The figures that were read at least twice."""
        seen = ((one, self.look.trends.get(one.metric, ())) for one in shown())
        return [self._trend(one, points) for one, points in seen if len(_numbers(points)) > 1]

    def _trend(self, one: Shown, points: Sequence[MetricSeen]) -> Trend:
        values = _numbers(points)
        (start, first), (end, last) = values[0], values[-1]
        lines = self._lines(one)
        change, verdict = None, None
        if first != last:
            sign = "+" if last > first else "−"
            change = sign + distance(last, first, one.unit).to(self.say)
            if one.higher_is_better is not None:
                verdict = "better" if (last > first) == one.higher_is_better else "worse"
        chart = drawn(values, [value for _, value in lines])
        named = {value: f"{name} {figure(value, one.unit).to(self.say)}" for name, value in lines}
        return Trend(
            name=one.name.to(self.say),
            value=figure(last, one.unit).to(self.say),
            change=change,
            verdict=verdict,
            lines=tuple(name for value, name in named.items() if value in chart.near),
            far=tuple(name for value, name in named.items() if value not in chart.near),
            first=self.clock.tell(start),
            last=self.clock.tell(end),
            count=len(values),
            chart=chart,
        )

    def _lines(self, one: Shown) -> list[tuple[str, float]]:
        """The lines in force for a figure; a premium line only where another one is missing would mislead, so none."""
        policy = Policy(self.record.now.date(), self.record.overrides)
        found = [policy.threshold(name) for name in one.lines if name in shipped()]
        return [(whose(f).to(self.say), f.value) for f in found if f.value is not None and f.programme != "premium"]

    # --- the run --------------------------------------------------------------------------------------------------

    @cached_property
    def pages(self) -> list[tuple[str, int]]:
        """What the pages turned out to be, and how many of each."""
        deeds = self.record.deeds
        found = [(VERDICT[name].to(self.say), deeds.get(f"pages.{name}", 0)) for name in VERDICT]
        return [(word, number) for word, number in found if number]

    def deed(self, name: str) -> int | None:
        return self.record.deeds.get(name)

    @cached_property
    def took(self) -> str:
        return f"{(self.record.finished_at - self.record.started_at).total_seconds():.1f}"

    @cached_property
    def source(self) -> str | None:
        """What was judged, by its name alone: a report that is sent on does not tell about the sender's folders."""
        return ", ".join(Path(one).name for one in self.record.capture.split(", ")) if self.record.capture else None

    @cached_property
    def overrides(self) -> list[str]:
        return [f"{name} = {value:g}" for name, value in sorted(self.record.overrides.items())]


def _due(stated: StatedFinding) -> datetime:
    if stated.finding.due_at is None:
        raise ValueError("a finding without a deadline has no place among those that have one")
    return stated.finding.due_at


def _numbers(points: Sequence[MetricSeen]) -> list[tuple[datetime, float]]:
    """The points that are numbers."""
    return [
        (point.metric.at, float(point.metric.value))
        for point in points
        if point.metric.value is not None and not isinstance(point.metric.value, str)
    ]
