"""MDL003: the silver protection of China Good Seller ends soon, or has ended."""

from collections.abc import Iterator
from datetime import date, timedelta

from checks.audit import Audit
from checks.days import end_of_day, time_left
from checks.finding import Finding, Severity, Subject
from checks.mdl.medal import MENU, not_shown
from checks.rule import rule
from checks.text import Text, day


@rule(
    code="MDL003",
    name="good-seller-protection-ending",
    severity=Severity.ERROR,
    sources=("S1",),
    needs=("medal",),
    thresholds=("medal_good_seller_ending",),
    page="medal",
    menu=MENU,
    title=Text("中国好卖家银牌保护即将到期或已到期", "China Good Seller protection is ending or has ended"),
    why=Text(
        "中国好卖家的银牌只保护 180 天，到期后平台自动摘牌，之后只能靠季度考核拿牌。",
        "China Good Seller protects the silver medal for 180 days only; then the mark is taken off and only the "
        "quarterly assessment brings it back.",
    ),
    fix=Text(
        "对照金银牌权益中心的考核指标，争取在下一次季度考核中自己达到银牌要求。",
        "Work on the metrics in the medal benefits centre so that the next assessment earns silver by itself.",
    ),
)
def good_seller_ending(audit: Audit) -> Iterator[Finding]:
    until: date | None = audit.maybe("medal.good_seller_until")
    if until is None:
        audit.reading("medal")
        raise not_shown(
            audit,
            "good_seller_until",
            Text("店铺没有中国好卖家保护期", "the store has no China Good Seller protection"),
        )
    left = time_left(until, audit.timezone, audit.now)
    if left > timedelta(days=audit.line()):
        return
    ended = left < timedelta()
    yield audit.finding(
        Subject("medal", "current"),
        Text(
            f"中国好卖家的银牌保护已于 {day(until)} 结束",
            f"The China Good Seller protection of the silver medal ended on {day(until)}",
        )
        if ended
        else Text(
            f"中国好卖家的银牌保护到 {day(until)} 结束，还剩 {left.days} 天",
            f"The China Good Seller protection of the silver medal ends on {day(until)}, in {left.days} days",
        ),
        observed=day(until),
        expected=Text(f"剩余超过 {int(audit.line())} 天", f"more than {int(audit.line())} days left"),
        severity=Severity.ERROR if ended else Severity.WARNING,
        threshold=audit.threshold(),
        evidence=audit.shown("medal.good_seller_until"),
        due_at=end_of_day(until, audit.timezone),
    )
