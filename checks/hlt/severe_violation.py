"""HLT009: a severe violation still counts, against the seller level or against premium operation."""

from collections.abc import Iterator
from datetime import date, timedelta

from checks.audit import Audit
from checks.days import months_after
from checks.finding import Finding, Severity, Subject, Threshold
from checks.hlt.violations import severe
from checks.rule import rule
from checks.text import Text, day, number


@rule(
    code="HLT009",
    name="severe-violation",
    severity=Severity.ERROR,
    sources=("S0", "S2"),
    needs=("violations",),
    thresholds=("severe_violation_days", "severe_violation_months_premium"),
    page="violations",
    menu=Text("店铺 → 店铺表现 → 违规记录", "Store → Store performance → Violations"),
    title=Text("近期有严重违规", "A severe violation still counts"),
    why=Text(
        "90 天内有严重违规（知识产权 A 类及以上）不能升一钻；精品店铺看近 12 个月。",
        "A severe violation (class A intellectual property or above) blocks One Diamond for 90 days, and premium "
        "operation for 12 months.",
    ),
    fix=Text(
        "打开违规详情核对证据，确有误判就在申诉期内提交材料；属实则下架同类商品，等记录过期。",
        "Open the violation and check its evidence: appeal in time when it is wrong; when it is right, take down "
        "products of the same kind and wait until it no longer counts.",
    ),
)
def severe_violation(audit: Audit) -> Iterator[Finding]:
    today = audit.now.astimezone(audit.timezone).date()
    for row in severe(audit):
        if row.decided_on is None:
            audit.gap(
                Text(f"违规 {row.violation_id} 没有处罚日期", f"violation {row.violation_id} has no date of decision")
            )
            continue
        standing = lines(audit, row.decided_on, today)
        if not standing:
            continue
        until = max(last for _, last, _ in standing)
        yield audit.finding(
            Subject("violation", row.violation_id),
            Text(
                f"{day(row.decided_on)} 的严重违规仍在计算期内："
                + "；".join(f"{owner.zh}，计算到 {day(last)}" for _, last, owner in standing),
                f"The severe violation of {day(row.decided_on)} still counts: "
                + "; ".join(f"{owner.en}, until {day(last)}" for _, last, owner in standing),
            ),
            observed=day(row.decided_on),
            expected=Text(f"{day(until)} 之前没有新的严重违规", f"no further severe violation until {day(until)}"),
            threshold=standing[0][0],
            evidence=audit.seen(row, "decided_on"),
        )


def lines(audit: Audit, decided: date, today: date) -> list[tuple[Threshold, date, Text]]:
    """The lines under which a violation of that day still counts: the line, the last day, whose it is."""
    days, months = audit.threshold("severe_violation_days"), audit.threshold("severe_violation_months_premium")
    found = []
    if days.value is not None:
        span = number(days.value)
        owner = Text(f"一钻等级看 {span} 天", f"{span} days for One Diamond")
        found.append((days, decided + timedelta(days=days.value), owner))
    if months.value is not None and audit.store.premium:
        span = number(months.value)
        owner = Text(f"精品店铺看 {span} 个月", f"{span} months for premium stores")
        found.append((months, months_after(decided, int(months.value)), owner))
    return [entry for entry in found if today <= entry[1]]
