"""MDL007: a young store without a medal may apply for China Good Seller."""

from collections.abc import Iterator
from datetime import date

from checks.audit import Audit
from checks.days import end_of_day, months_after
from checks.finding import Finding, Severity, Subject
from checks.mdl.quarter import today
from checks.rule import rule
from checks.text import Text, day


@rule(
    code="MDL007",
    name="good-seller-available",
    severity=Severity.INFO,
    sources=("S1",),
    needs=("medal.current", "medal.opened_on|rating.opened_on"),
    thresholds=("medal_good_seller_store_age",),
    page="medal",
    menu=Text(
        "账号及认证 → 我的信息 → 中国好卖家申请", "Account and verification → My information → China Good Seller"
    ),
    title=Text("新店可以申请中国好卖家", "A new store may apply for China Good Seller"),
    why=Text(
        "开店 12 个月内的店铺可以自己申请，通过后享受等同银牌的权益。",
        "A store opened within 12 months may apply by itself; when accepted it has the benefits of silver.",
    ),
    fix=Text(
        "对照所在行业的经营指标，准备品牌、供应链和知识产权材料后提交申请。",
        "Compare with your industry's figures, prepare proof of brand, supply chain and intellectual property, apply.",
    ),
)
def good_seller_available(audit: Audit) -> Iterator[Finding]:
    current: str = audit.value("medal.current")
    if current != "ordinary":
        return
    source = "medal.opened_on" if audit.maybe("medal.opened_on") else "rating.opened_on"
    opened: date = audit.maybe(source) or audit.value("medal.opened_on")
    months = int(audit.line())
    until = months_after(opened, months)
    if not opened <= today(audit) <= until:
        return
    yield audit.finding(
        Subject("medal", "current"),
        Text(
            f"店铺 {day(opened)} 开店，不满 {months} 个月，也没有金银牌，{day(until)} 前可以申请中国好卖家",
            f"The store opened on {day(opened)}, within {months} months, and holds no medal: it may apply for China "
            f"Good Seller until {day(until)}",
        ),
        observed=day(opened),
        expected=Text(f"开店 {months} 个月内", f"opened within {months} months"),
        threshold=audit.threshold(),
        evidence=audit.shown(source),
        due_at=end_of_day(until, audit.timezone),
    )
