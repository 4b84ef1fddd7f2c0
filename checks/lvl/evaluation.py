"""Weekly evaluations: which core metrics miss their lines in the latest one, and how they stood a week before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.finding import Evidence, Threshold
from checks.lvl.own_weeks import own_weeks
from checks.lvl.requirement import (
    LOWEST,
    NAMES,
    ONE_DIAMOND,
    bound,
    crosses,
    following,
    line_of,
    note_unread,
    unread,
)
from checks.measure import figure
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.level import LevelData, TrackerItem, Week

WEEK = timedelta(weeks=1)
_OWNERS = {"one_diamond": Text("一钻", "One Diamond")}
SHOWN = Text("", "")
OWN = Text(
    "（页面没有每周评估，依据历次采集的进度面板）",
    " (the page shows no weekly evaluation; this rests on the tracker in our own runs)",
)


class Below(NamedTuple):
    """A metric that misses its line in the latest evaluation; ``twice`` is None without a value of the week before.

    ``basis`` says where the evaluations come from when it is not the page.
    """

    name: str
    title: Text
    value: float
    latest: Text
    expected: Text
    whose: Text
    ended: date
    before: Text | None
    twice: bool | None
    line: Threshold
    evidence: Evidence
    basis: Text = SHOWN


def below(audit: Audit) -> Iterator[Below]:
    """The core metrics that miss their lines; what cannot be judged becomes a gap."""
    data = audit.page("level")
    if data.current == LOWEST:
        raise DoesNotApply(Text("店铺在最低等级，不会再降级", "the store holds the lowest level and cannot be demoted"))
    weeks, basis = _evaluated(audit, data), SHOWN
    if not weeks and not _is_garbled(audit):
        weeks, basis = own_weeks(audit, data), OWN
    if not weeks:
        reason = unread(audit, "weeks")
        if reason is not None:
            raise CannotTell(reason)
        raise DoesNotApply(Text("还没有每周评估", "there is no weekly evaluation yet"))
    if basis is SHOWN:
        note_unread(audit, "weeks")
    latest, earlier = weeks[0], weeks[1:2]
    before = earlier[0] if earlier and latest.week_ending - earlier[0].week_ending < 2 * WEEK else None
    reading = audit.reading("level")
    tracker = {item.name: item for item in data.tracker}
    for name, value in latest.metrics.items():
        item = tracker.get(name)
        line = _line(audit, name, item, data)
        if value is None:
            continue
        if line is None or line.value is None or name not in NAMES:
            audit.gap(Text(f"每周评估的 {name} 没有可比的阈值", f"no line is known for {name} of the evaluations"))
        elif crosses(name, value, line):
            past = before.metrics.get(name) if before else None
            unit = item.unit if item else line.unit
            shown = figure(value, unit)
            yield Below(
                name=name,
                title=NAMES[name],
                value=value,
                latest=shown,
                expected=bound(name, figure(line.value, unit)),
                whose=_OWNERS.get(line.programme, Text("等级进度面板", "the Level Progress Tracker")),
                ended=latest.week_ending,
                before=None if past is None else figure(past, unit),
                twice=None if past is None else crosses(name, past, line),
                line=line,
                evidence=Evidence(
                    "level", reading.sequence, item.label if item else name, shown.zh, reading.captured_at
                ),
                basis=basis,
            )


def _evaluated(audit: Audit, data: LevelData) -> list[Week]:
    """The weeks that have ended, newest first."""
    today = audit.reading("level").captured_at.astimezone(audit.timezone).date()
    found = {week.week_ending: week for week in data.weeks if week.week_ending <= today}
    return [found[day] for day in sorted(found, reverse=True)]


def _is_garbled(audit: Audit) -> bool:
    """Whether the page does show weeks, and they could not be understood."""
    problems = audit.reading("level").problems
    return any(p.type == "value_not_understood" and p.field.startswith("weeks") for p in problems)


def _line(audit: Audit, name: str, item: TrackerItem | None, data: LevelData) -> Threshold | None:
    """A metric's line: One Diamond's own for a store that has it to lose, else the one that the tracker shows."""
    from extractors.models.level import TrackerItem

    bare = item or TrackerItem(name=name, label=name, value=None, threshold=None, unit=None, state=None)
    own = None
    if data.current == ONE_DIAMOND:
        own = line_of(audit, bare.model_copy(update={"threshold": None}), ONE_DIAMOND)
    return own or line_of(audit, bare, following(data))
