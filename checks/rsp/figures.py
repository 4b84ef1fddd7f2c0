"""One figure that stands on several pages: the first page that shows it speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.finding import Evidence
from checks.text import Text

if TYPE_CHECKING:
    from extractors.models.level import TrackerItem

TRACKER = "level.tracker"


def first_shown(audit: Audit, *names: str) -> tuple[str, Any]:
    """The first of several figures that is shown, with its name; ``level.tracker.NAME`` is an item of the tracker.

    When none is: CannotTell if one of them could not be read, else DoesNotApply.
    """
    unread: CannotTell | None = None
    unassessed: DoesNotApply | None = None
    for name in names:
        try:
            return name, _tracked(audit, name) if name.startswith(TRACKER) else audit.value(name)
        except CannotTell as stop:
            unread = unread or stop
        except DoesNotApply as stop:
            unassessed = unassessed or stop
    raise unread or unassessed or ValueError("no figure was asked for")


def shown(audit: Audit, name: str) -> Evidence | None:
    """The evidence of a figure that ``first_shown`` gave."""
    if not name.startswith(TRACKER):
        return audit.shown(name)
    reading, item = audit.reading("level"), _item(audit, name)
    figure = reading.figures.get(name.removeprefix("level."))
    label, text = figure or (item.label if item else None, None)
    return Evidence(reading.kind, reading.sequence, label, text, reading.captured_at)


def _item(audit: Audit, name: str) -> TrackerItem | None:
    key = name.rpartition(".")[2]
    return next((item for item in audit.page("level").tracker if item.name == key), None)


def _tracked(audit: Audit, name: str) -> float:
    item, reading = _item(audit, name), audit.reading("level")
    if item is None:
        raise CannotTell(Text(f"升级进度面板上没有 {name}", f"{name} is not on the level tracker"))
    if item.value is None:
        if any(p.type == "value_not_understood" and p.field == f"tracker.{item.name}" for p in reading.problems):
            raise CannotTell(Text(f"{name} 的值无法识别", f"the value of {name} could not be read"))
        raise DoesNotApply(Text(f"后台显示 {name} 未考核", f"the backend shows {name} as not assessed"))
    return item.value
