"""RTG003: when an inactive rating will become active, to the hour, and from what that follows."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checks.audit import Audit, CannotTell
from checks.finding import Finding, Severity
from checks.rtg.activation import Step, steps
from checks.rtg.cause import WORDS
from checks.rtg.status import inactive_only
from checks.rule import rule
from checks.text import Text, moment

LASTING = ("exempt_category", "identity_unverified", "severe_violation")
HOUR = timedelta(hours=1)


@rule(
    code="RTG003",
    name="rating-activation-forecast",
    severity=Severity.INFO,
    sources=("S4",),
    needs=(
        "rating.status",
        "rating.opened_on|medal.opened_on",
        "rating.valid_orders_90d",
        "rating.confirmed_rate",
        "orders|order_export",
    ),
    thresholds=("rating_valid_after", "rating_pace_window", "rating_base_window", "rating_auto_confirm"),
    page="rating",
    menu=Text("数据中心 → 服务诊断 → 物流履约", "Data centre → Service diagnosis → Logistics fulfilment"),
    title=Text("评分预计什么时候启用", "When the rating is expected to become active"),
    why=Text(
        "知道卡在开店时间、有效订单还是确认收货率，才知道该等还是该催单。",
        "Whether store age, valid orders or confirmed receipts hold it back decides between waiting and acting.",
    ),
    fix=Text(
        "时间最晚的那个条件决定启用日期：差订单就推动在途订单确认收货，差天数只能等。",
        "The condition that comes last sets the date: where orders are lacking, bring the open ones to confirmation; "
        "where days are lacking, wait.",
    ),
)
def forecast(audit: Audit) -> Iterator[Finding]:
    inactive_only(audit)
    parts = [*steps(audit), *lasting(audit)]
    times = [step.at for step in parts if step.at]
    blocked = [step for step in parts if step.blocks]
    if not times and not blocked:
        raise CannotTell(Text("没有可以推算评分启用时间的数据", "there is nothing to foresee the activation from"))
    head, observed = headline(audit, times, blocked, complete=all(step.at or step.blocks for step in parts))
    yield audit.finding(
        audit.subject(),
        Text(f"{head.zh}。{'；'.join(s.text.zh for s in parts)}", f"{head.en}: {'; '.join(s.text.en for s in parts)}"),
        observed=observed,
        expected=Text("评分启用", "an active rating"),
        threshold=audit.threshold("rating_valid_orders"),
        evidence=audit.shown("rating.status"),
    )


def lasting(audit: Audit) -> list[Step]:
    """Causes on the rating page that do not pass with time."""
    return [
        Step(Text(f"须先解决：{WORDS[name][0].zh}", f"to be settled first: {WORDS[name][0].en}"), blocks=True)
        for name in audit.maybe("rating.causes") or ()
        if name in LASTING
    ]


def headline(audit: Audit, times: Sequence[datetime], blocked: Sequence[Step], *, complete: bool) -> tuple[Text, Text]:
    """The forecast in one clause, and the same as the observed value."""
    if not times:
        return Text("评分还无法启用", "The rating cannot become active yet"), Text("无法预测", "cannot be foreseen")
    at = up_to_the_hour(max(*times, audit.now)).astimezone(audit.timezone)
    when = moment(at)
    if blocked:
        head = Text(
            f"评分还无法启用，其余条件预计 {when} 满足",
            f"The rating cannot become active yet; the rest holds by {when}",
        )
        return head, Text(f"被挡住（其余 {when}）", f"blocked (the rest: {when})")
    if not complete:
        return Text(f"评分最早 {when} 启用", f"The rating becomes active on {when} at the earliest"), Text(
            f"不早于 {when}", f"not before {when}"
        )
    return Text(f"评分预计 {when} 启用", f"The rating is expected to become active on {when}"), Text(when, when)


def up_to_the_hour(at: datetime) -> datetime:
    """The next full hour."""
    floor = at.replace(minute=0, second=0, microsecond=0)
    return floor if floor == at else floor + HOUR
