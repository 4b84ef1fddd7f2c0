"""How far a store is from its next level and medal, from what the history kept of those two pages.

The rules' own functions judge the kept pages again, so that a line, an override or a direction is never known twice.
A date at which a line is reached is a straight line through the points of complete runs, no promise: it needs as many
points over as many days as rule HLT011 does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from pydantic import ValidationError

from agent.blockers import causes_of
from agent.history.runs import SavedRun, State, StatedFinding
from agent.metrics import page_of
from checks.audit import DUST, Audit, DoesNotApply
from checks.facts import Facts, MetricPoint
from checks.finding import OutcomeKind, Subject
from checks.hlt.trend import theil_sen
from checks.lvl import requirement as level
from checks.mdl.medal import NAMES as MEDALS
from checks.mdl.medal import above
from checks.mdl.metric_short import lower_is_better
from checks.measure import distance, figure
from checks.policy import Policy
from checks.rule import all_rules
from checks.text import Text, plain
from extractors.models import Reading, Store, Verdict
from extractors.models.level import LevelData
from extractors.models.medal import MedalData

if TYPE_CHECKING:
    from agent.history.database import History

KINDS = ("level", "medal")
FARTHEST = timedelta(days=365)
"""A trend that would take longer says nothing any more."""
CONDITIONS = {
    "licence_validity": Text("营业执照有效期", "licence validity"),
    "identity": Text("企业身份认证", "identity verification"),
    "alipay": Text("企业支付宝绑定", "Alipay binding"),
    "severe_violation": Text("无严重违规", "no severe violation"),
    "compliance": Text("监管类目合规证书", "compliance certificates"),
}
"""What One Diamond asks for beside the tracker."""
UNKNOWN = Text("未考核", "not assessed")


@dataclass(frozen=True, slots=True)
class Course:
    """Where a figure is heading: change a day (None: too few points), and the day on which it reaches its line."""

    points: int
    wanted: int
    slope: float | None = None
    reaches: date | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement; ``met`` is None when the backend does not assess it or its direction is not known."""

    id: str
    title: Text
    value: float | None
    line: float | None
    unit: str | None
    lower: bool | None
    met: bool | None
    shown: Text
    wanted: Text
    gap: Text | None = None
    keep: Text | None = None
    """The line that keeps the present medal, when the figure is on the wrong side of that one too."""
    course: Course | None = None
    blockers: tuple[StatedFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """A level or medal: where the store stands, what comes next (None: nothing higher), what it takes."""

    kind: str
    current: Text
    goal: Text | None
    needs: tuple[Need, ...]
    run: str
    captured_at: datetime
    next_on: date | None
    """The next evaluation, or the end of the quarter, as the page shows it."""


def ladders(history: History, store: str, zone: tzinfo) -> list[Ladder]:
    """The store's level and medal by the newest pages that its runs kept, and where every figure is heading; empty when
    no run kept any."""
    found = []
    for kind in KINDS:
        kept = history.metric(store, page_of(kind), complete=False)
        run = history.run(kept[-1].run, store) if kept else None
        for made in ladders_of(run, zone) if run else ():
            if run and made.kind == kind:
                found.append(_with_courses(made, history, store, _policy(run, zone)))
    return found


def ladders_of(run: SavedRun, zone: tzinfo) -> list[Ladder]:
    """Level and medal as one run saw them, without trends; those whose page it did not read are left out."""
    kept = {metric.name: metric for metric in run.record.metrics}
    found = []
    for kind in KINDS:
        page = kept.get(page_of(kind))
        if page is None or not isinstance(page.value, str):
            continue
        try:
            if kind == "level":
                found.append(_level(LevelData.model_validate_json(page.value), page.at, run, zone))
            else:
                found.append(_medal(MedalData.model_validate_json(page.value), page.at, run))
        except ValidationError:  # kept by another version, whose page had another form
            continue
    return found


def _policy(run: SavedRun, zone: tzinfo) -> Policy:
    return Policy(day=run.record.now.astimezone(zone).date(), overrides=run.record.overrides)


# --- the level ----------------------------------------------------------------------------------------------------


def _level(data: LevelData, at: datetime, run: SavedRun, zone: tzinfo) -> Ladder:
    audit = _audit(data, at, run, zone)
    try:
        goal = level.following(data)
        needs = [_of_tracker(r) for r in level.requirements(audit, goal)] if goal else []
    except DoesNotApply:
        goal, needs = None, []
    if goal == level.ONE_DIAMOND:
        needs += _conditions(run, {need.id for need in needs})
    current = level.level_name(data.current) if data.current else UNKNOWN
    return Ladder(
        kind="level",
        current=current,
        goal=level.level_name(goal) if goal else None,
        needs=tuple(_blocked(need, "level", run) for need in needs),
        run=run.record.id,
        captured_at=at,
        next_on=data.next_evaluation_on,
    )


def _audit(data: LevelData, at: datetime, run: SavedRun, zone: tzinfo) -> Audit:
    """The view that LVL001 had of the kept page."""
    reading = Reading(
        kind="level", view=None, sequence=1, url=None, captured_at=at, verdict=Verdict.EXPECTED, data=data
    )
    store = Store(id=run.record.store.id, name=run.record.store.name)
    facts = Facts(store, at, at, zone, (reading,))
    return Audit(all_rules()["LVL001"], facts, run.record.now, _policy(run, zone))


def _of_tracker(need: level.Requirement) -> Need:
    item = need.item
    line = need.line.value if need.line else None
    lower = item.name in level.LOWER_IS_BETTER if item.name in level.NAMES else None
    wanted = figure(line, item.unit) if line is not None else UNKNOWN
    return Need(
        id=need.id,
        title=level.name_of(item),
        value=item.value,
        line=line,
        unit=item.unit,
        lower=lower,
        met=need.met,
        shown=figure(item.value, item.unit) if item.value is not None else UNKNOWN,
        wanted=_bound(wanted, lower) if line is not None else wanted,
        gap=_gap(item.value, line, item.unit) if need.met is False else None,
    )


def _conditions(run: SavedRun, tracked: set[str]) -> list[Need]:
    """What stands outside the tracker, as LVL001 judged it: what it did not name is met only when it saw everything."""
    outcome = next((o for o in run.record.outcomes if o.code == "LVL001"), None)
    lacking = {f.subject.id: f for f in run.record.findings if f.code == "LVL001" and f.subject.id not in tracked}
    whole = outcome is not None and (
        outcome.kind is OutcomeKind.PASS or (outcome.kind is OutcomeKind.FAIL and outcome.reason is None)
    )
    needs = []
    for key, title in CONDITIONS.items():
        found = lacking.get(key)
        unmet, ok = Text("未满足", "not met"), Text("已满足", "met")
        needs.append(
            Need(
                id=key,
                title=title,
                value=None,
                line=None,
                unit=None,
                lower=None,
                met=False if found else True if whole else None,
                shown=found.observed if found else ok if whole else Text("无法判断", "unknown"),
                wanted=found.expected if found else ok,
                gap=unmet if found else None,
            )
        )
    return needs


# --- the medal ----------------------------------------------------------------------------------------------------


def _medal(data: MedalData, at: datetime, run: SavedRun) -> Ladder:
    goal = above(data.current) if data.current else None
    needs = []
    for metric in data.metrics:
        line, lower = metric.reach if goal else metric.keep, lower_is_better(metric)
        met = _meets(metric.value, line, lower)
        kept = data.current in (None, "ordinary") or _meets(metric.value, metric.keep, lower) is not False
        shown = figure(metric.value, metric.unit) if metric.value is not None else UNKNOWN
        need = Need(
            id=metric.label,
            title=plain(metric.label),
            value=metric.value,
            line=line,
            unit=metric.unit,
            lower=lower,
            met=met,
            shown=shown,
            wanted=_bound(figure(line, metric.unit), lower) if line is not None else UNKNOWN,
            gap=_gap(metric.value, line, metric.unit) if met is False else None,
            keep=None if kept or metric.keep is None else _bound(figure(metric.keep, metric.unit), lower),
        )
        needs.append(_blocked(need, "medal", run))
    current = MEDALS[data.current] if data.current else UNKNOWN
    aim = MEDALS[goal] if goal else None
    return Ladder("medal", current, aim, tuple(needs), run.record.id, at, data.period_ends_on)


# --- gaps, blockers, courses ----------------------------------------------------------------------------------------


def _meets(value: float | None, line: float | None, lower: bool | None) -> bool | None:
    if value is None or line is None or lower is None:
        return None
    return value <= line + DUST if lower else value >= line - DUST


def _bound(shown: Text, lower: bool | None) -> Text:
    sign = "" if lower is None else "≤ " if lower else "≥ "
    return Text(f"{sign}{shown.zh}", f"{sign}{shown.en}")


def _gap(value: float | None, line: float | None, unit: str | None) -> Text | None:
    return None if value is None or line is None else distance(value, line, unit)


def _blocked(need: Need, kind: str, run: SavedRun) -> Need:
    """The need with the findings that stand in its way: those about itself, and those that drag its figure down."""
    if need.met is True:
        return need
    causes = causes_of(need.id)
    about = Subject(kind, need.id)
    found = [
        stated
        for stated in run.findings
        if stated.state is not State.RESOLVED
        and (stated.finding.subject == about or any(cause.fits(stated.finding) for cause in causes))
    ]
    return replace(need, blockers=tuple(found))


def _with_courses(ladder: Ladder, history: History, store: str, policy: Policy) -> Ladder:
    names = {need.id: _metric_name(ladder.kind, need.id) for need in ladder.needs if need.value is not None}
    start = ladder.captured_at - timedelta(days=_line(policy, "trend_window"))
    points: dict[str, list[MetricPoint]] = {}
    for point in history.figures(store, names.values(), start):
        if point.at <= ladder.captured_at:
            points.setdefault(point.metric, []).append(point)
    needs = [
        replace(need, course=course(need, points.get(names[need.id], []), policy)) if need.id in names else need
        for need in ladder.needs
    ]
    return replace(ladder, needs=tuple(needs))


def _metric_name(kind: str, key: str) -> str:
    return f"level.tracker.{key}" if kind == "level" else f"medal.metrics.{key}"


def course(need: Need, points: Sequence[MetricPoint], policy: Policy) -> Course:
    """Where a need's figure is heading; without enough points over enough days only how many there are."""
    wanted = int(_line(policy, "trend_points"))
    span = timedelta(days=_line(policy, "trend_span"))
    if len(points) < wanted or points[-1].at - points[0].at < span:
        return Course(len(points), wanted)
    trend = theil_sen(points)
    reaches = None
    if need.met is False and need.line is not None and need.lower is not None:
        nearing = -trend.slope if need.lower else trend.slope
        days = (
            (trend.level - need.line if need.lower else need.line - trend.level) / nearing if nearing > DUST else None
        )
        if days is not None and days <= FARTHEST.days:
            reaches = (points[-1].at + timedelta(days=max(days, 0))).date()
    return Course(len(points), wanted, trend.slope, reaches)


def _line(policy: Policy, name: str) -> float:
    value = policy.threshold(name).value
    if value is None:
        raise ValueError(f"the policy leaves {name} open, which has no meaning")
    return value
