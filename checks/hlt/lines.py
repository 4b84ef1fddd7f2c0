"""What the health rules share: a rule's figure, and the lines of several programmes that it crosses."""

from __future__ import annotations

from collections.abc import Sequence

from checks.audit import DUST, Audit, CannotTell, DoesNotApply
from checks.finding import Threshold
from checks.text import Text, percent

OWNERS = {
    "one_diamond": Text("一钻要求", "One Diamond's line"),
    "rating": Text("店铺评分安全线", "the rating's safe line"),
    "platform": Text("平台红线", "the platform's red line"),
    "premium": Text("精品店铺要求", "the premium stores' line"),
    "flash_deals": Text("秒杀活动（Flash Deals）准入线", "the Flash Deals line"),
}
OWN = Text("自定义的线", "your own line")


def figure_of(audit: Audit) -> tuple[str, float]:
    """The rule's figure and its name: of the alternatives that the rule needs, the first that a page shows.

    When none is shown, the first alternative says why.
    """
    stops: list[CannotTell | DoesNotApply] = []
    for name in audit.rule.needs[0].split("|"):
        try:
            return name, audit.value(name)
        except (CannotTell, DoesNotApply) as stop:
            stops.append(stop)
    raise stops[0]


def exceeded(audit: Audit, value: float) -> list[tuple[Threshold, float]]:
    """The rule's lines that a rate is over, mildest first; a premium line speaks of premium stores only."""
    lines = [audit.threshold(name) for name in audit.rule.thresholds]
    crossed = [
        (line, line.value)
        for line in lines
        if line.value is not None and value > line.value + DUST and (line.programme != "premium" or audit.store.premium)
    ]
    return sorted(crossed, key=lambda pair: pair[1])


def owner(line: Threshold) -> Text:
    """Whose line it is, in words."""
    return OWN if line.overridden else OWNERS.get(line.programme, OWNERS["platform"])


def named(lines: Sequence[tuple[Threshold, float]]) -> Text:
    """Whose lines they are, with their values."""
    owners = [(owner(line), percent(value)) for line, value in lines]
    return Text(
        "、".join(f"{whose.zh} {value}" for whose, value in owners),
        ", ".join(f"{whose.en} ({value})" for whose, value in owners),
    )
