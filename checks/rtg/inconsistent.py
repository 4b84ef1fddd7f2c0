"""RTG005: a rating that is shown is not what its parts make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.audit import DUST, Audit, CannotTell, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.rtg.dimensions import NAMES, dimensions, not_read
from checks.rtg.status import MENU
from checks.rule import rule
from checks.text import Text, number

if TYPE_CHECKING:
    from extractors.models.rating import RatingDimension

WINDOWS = {"days_30": "rating_window_30", "days_60": "rating_window_60", "days_90": "rating_window_90"}
WHOLE = Text("店铺评分", "store rating")


@rule(
    code="RTG005",
    name="rating-inconsistent",
    severity=Severity.INFO,
    sources=("S3",),
    needs=("rating.rating", "rating.description", "rating.logistics", "rating.service"),
    thresholds=("rating_deviation", *(f"rating_weight_{name}" for name in NAMES), *WINDOWS.values()),
    page="rating",
    menu=MENU,
    title=Text("店铺评分与分项对不上", "The rating and its parts disagree"),
    why=Text(
        "店铺评分由描述 40%、物流 35%、服务 25% 加权，分项又由三段时间加权；对不上通常是数据还没更新完。",
        "The rating weighs description 40 %, logistics 35 % and service 25 %, and each of them three periods; where "
        "they disagree, some figure has not been updated yet.",
    ),
    fix=Text(
        "隔天再看；仍然对不上就截图咨询客服，做判断时以分项为准。",
        "Look again the next day; if it stays so, ask the support with a screenshot, and rely on the parts meanwhile.",
    ),
)
def inconsistent(audit: Audit) -> Iterator[Finding]:
    shown = {name: (dimension, score) for name, dimension, score in dimensions(audit)}
    compared = 0
    for name, (dimension, score) in shown.items():
        made = weighted(audit, name, dimension)
        if made is not None:
            compared += 1
            yield from apart(audit, name, score, made)
    try:
        rating = audit.value("rating.rating")
    except CannotTell as stop:
        audit.gap(stop.reason)
    except DoesNotApply:
        pass
    else:
        if len(shown) == len(NAMES):
            compared += 1
            made = sum((audit.line(f"rating_weight_{name}") * score for name, (_, score) in shown.items()), 0.0)
            yield from apart(audit, "rating", rating, made)
    if not compared and not audit.gaps:
        raise DoesNotApply(
            Text("评分或分项未考核，没有可以核对的", "nothing to compare: rating or parts are not assessed")
        )


def weighted(audit: Audit, name: str, dimension: RatingDimension) -> float | None:
    """What a dimension's three windows make; None when one of them is not assessed."""
    parts = [(audit.line(line), getattr(dimension, window)) for window, line in WINDOWS.items()]
    if any(value is None for _, value in parts):
        if not_read(audit, name):
            audit.gap(
                Text(f"{NAMES[name].zh}的分段评分不全", f"the periods of the {NAMES[name].en} rating are incomplete")
            )
        return None
    return sum((weight * float(value) for weight, value in parts), 0.0)


def apart(audit: Audit, name: str, score: float, made: float) -> Iterator[Finding]:
    """The finding when a shown score and what its parts make are too far apart."""
    limit, words = audit.line("rating_deviation"), NAMES.get(name, WHOLE)
    if abs(score - made) <= limit + DUST:
        return
    parts = Text("三个分项", "its three dimensions") if name == "rating" else Text("三段时间", "its three periods")
    yield audit.finding(
        Subject("metric", name),
        Text(
            f"{words.zh}显示 {number(score)}，按{parts.zh}加权是 {number(made)}，相差超过 {number(limit)}",
            f"The {words.en} shows {number(score)}, {parts.en} make {number(made)}: more than {number(limit)} apart",
        ),
        observed=number(score),
        expected=f"{number(made)} ± {number(limit)}",
        threshold=audit.threshold("rating_deviation"),
        evidence=audit.shown(f"rating.{name}"),
    )
