"""What the next level asks for: the tracker's requirements, each with its line and whether it is met.

One Diamond's lines stand in the policy; every other level's are the page's own, and none is ever invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checks.audit import DUST, Audit, DoesNotApply
from checks.finding import Evidence, Threshold
from checks.policy import shipped
from checks.text import Text, plain
from extractors.models import Level

if TYPE_CHECKING:
    from extractors.models.level import LevelData, TrackerItem

ONE_DIAMOND = Level(kind="diamond", rank=1)
LOWEST = Level(kind="star", rank=0)
LADDER = (
    LOWEST,
    *(Level(kind=kind, rank=rank) for kind in ("star", "diamond", "crown") for rank in range(1, 6)),
)
LOWER_IS_BETTER = frozenset({"dispute_rate", "order_defect_rate"})
NAMES = {
    "positive_rate": Text("累计好评率", "cumulative positive feedback"),
    "fulfilment_rate": Text("订单履约率", "order fulfilment rate"),
    "dispute_rate": Text("纠纷率", "dispute rate"),
    "rating_description": Text("商品描述评分", "description rating"),
    "rating_logistics": Text("物流服务评分", "logistics rating"),
    "rating_service": Text("卖家服务评分", "service rating"),
    "health_score": Text("店铺健康分", "store health score"),
    "response_rate": Text("回复率（Response Rate）", "Response Rate"),
    "order_defect_rate": Text("订单缺陷率（ODR）", "order defect rate (ODR)"),
}
EMPTY = Text("等级进度面板里没有读到任何指标", "no requirement was read from the Level Progress Tracker")
_KINDS = {"star": ("星", "Star"), "diamond": ("钻", "Diamond"), "crown": ("冠", "Crown")}


class Requirement(NamedTuple):
    """A line of the tracker; ``met`` is None when the backend does not assess it."""

    id: str
    item: TrackerItem
    line: Threshold | None
    met: bool | None


def name_of(item: TrackerItem) -> Text:
    return NAMES.get(item.name) or plain(item.label)


def level_name(level: Level) -> Text:
    zh, en = _KINDS[level.kind]
    return Text(f"{level.rank}{zh}", f"{level.rank} {en}" + ("" if level.rank == 1 else "s"))


def following(data: LevelData) -> Level | None:
    """The level that the page names as the next one, else the one above the current on the ladder."""
    if data.next is not None or data.current is None:
        return data.next
    place = LADDER.index(data.current)
    return LADDER[place + 1] if place + 1 < len(LADDER) else None


def next_level(audit: Audit) -> Level:
    found = following(audit.page("level"))
    if found is None:
        audit.value("level.current")
        raise DoesNotApply(Text("店铺已是最高等级", "the store holds the highest level"))
    return found


def requirements(audit: Audit, level: Level) -> list[Requirement]:
    """The tracker's lines, judged for one level; what the tracker ought to show and does not becomes a gap."""
    tracker = audit.page("level").tracker
    note_unread(audit, "tracker")
    if not tracker:
        audit.gap(EMPTY)
    elif level == ONE_DIAMOND:
        for name in sorted(_own_lines("LVL001") - {item.name for item in tracker}):
            audit.gap(Text(f"等级进度面板缺少{NAMES[name].zh}", f"the tracker does not show the {NAMES[name].en}"))
    lines = [line_of(audit, item, level) for item in tracker]
    return [Requirement(i, t, line, met(t, line)) for i, t, line in zip(ids(tracker), tracker, lines, strict=True)]


def ids(tracker: tuple[TrackerItem, ...]) -> list[str]:
    """The stable name of each line; several unknown ones are told apart by their labels."""
    names = [item.name for item in tracker]
    return [t.name if names.count(t.name) == 1 else f"{t.name}:{t.label}" for t in tracker]


def line_of(audit: Audit, item: TrackerItem, level: Level | None) -> Threshold | None:
    """The line of a requirement: the page's, or the policy's where it is One Diamond's and overridden or not shown."""
    if level == ONE_DIAMOND and item.name in _own_lines():
        own = audit.threshold(f"level_{item.name}")
        if own.overridden or item.threshold in (None, own.value):
            return own
    if item.threshold is None:
        return None
    return Threshold(f"level_{item.name}", item.threshold, item.unit or "", "next_level", "page")


def met(item: TrackerItem, line: Threshold | None) -> bool | None:
    """Whether a requirement is met: by value and line where the direction is known, else by the page's own mark."""
    if item.value is not None and line is not None and item.name in NAMES:
        return not crosses(item.name, item.value, line)
    return {"green": True, "red": False}.get(item.state or "")


def crosses(name: str, value: float, line: Threshold) -> bool:
    """Whether a metric stands on the wrong side of its line; on the line itself it is met."""
    if line.value is None:
        return False
    return value > line.value + DUST if name in LOWER_IS_BETTER else value < line.value - DUST


def bound(name: str, shown: Text) -> Text:
    """A line with the side on which a metric must stay."""
    sign = "≤" if name in LOWER_IS_BETTER else "≥"
    return Text(f"{sign} {shown.zh}", f"{sign} {shown.en}")


def seen_on_tracker(audit: Audit, item: TrackerItem) -> Evidence:
    """The evidence of a tracker's line: its label and the raw text of its value."""
    reading = audit.reading("level")
    figure = reading.figures.get(f"tracker.{item.name}")
    text = figure.text if figure and figure.label == item.label else None
    return Evidence(reading.kind, reading.sequence, item.label, text, reading.captured_at)


def unread(audit: Audit, key: str) -> Text | None:
    """Why a part of the level page is missing or incomplete, None when it was read."""
    reading = audit.reading("level")
    for problem in reading.problems:
        if key in problem.field.replace("[", ".").split("."):
            shown = problem.text or problem.label
            return Text(f"level.{problem.field} 未能读取：{shown}", f"level.{problem.field} could not be read: {shown}")
    if key in reading.absent:
        tried = reading.absent[key]
        return Text(f"页面上没有 level.{key}（找过：{tried}）", f"level.{key} is not on the page (tried: {tried})")
    return None


def note_unread(audit: Audit, key: str) -> None:
    reason = unread(audit, key)
    if reason is not None:
        audit.gap(reason)


def _own_lines(*rules: str) -> frozenset[str]:
    """The metrics for which the policy knows One Diamond's line; with codes, only those listed for these rules."""
    lines = {name: shipped().get(f"level_{name}") for name in NAMES}
    return frozenset(name for name, found in lines.items() if found and (not rules or found[0].rule in rules))
