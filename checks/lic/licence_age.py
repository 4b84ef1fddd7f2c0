"""LIC010: a premium store's business was registered under two years ago."""

from collections.abc import Iterator

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.days import months_after
from checks.finding import Finding, Severity, Subject
from checks.lic import documents as lic
from checks.lic.names import LICENCE
from checks.rule import rule
from checks.text import Text, day, number

MONTHS = 12


@rule(
    code="LIC010",
    name="licence-too-young",
    severity=Severity.INFO,
    sources=("S2",),
    needs=("documents.registered_on",),
    thresholds=("premium_licence_years",),
    page="documents",
    menu=lic.MENU,
    title=Text("营业执照注册未满 2 年", "Business registered under 2 years ago"),
    why=Text(
        "精品准入的硬性条件之一是营业执照注册满 2 年，时间没到只能等，但可以先把其他条件备齐。",
        "Premium operation admits businesses registered for two years; nothing shortens the wait, but the other "
        "conditions can be met meanwhile.",
    ),
    fix=Text(
        "记下满 2 年的日期，在那之前备齐品牌文件和合规证书，到期后提交自评报告。",
        "Note the date on which the two years are reached, have brand papers and certificates ready by then, and hand "
        "in the self-assessment after it.",
    ),
)
def licence_age(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    try:
        registered = audit.value("documents.registered_on")
    except DoesNotApply as stop:
        raise CannotTell(Text("页面没有给出注册日期", "the page gives no date of registration")) from stop
    years = audit.line()
    reached = months_after(registered, round(years * MONTHS))
    if audit.reading("documents").captured_at.astimezone(audit.timezone).date() >= reached:
        return
    yield audit.finding(
        Subject("document", LICENCE),
        Text(
            f"营业执照注册于 {day(registered)}，要到 {day(reached)} 才满精品准入要求的 {number(years)} 年",
            f"The business was registered on {day(registered)} and reaches the {number(years)} years that premium "
            f"operation asks for on {day(reached)}",
        ),
        observed=Text(f"注册于 {day(registered)}", f"registered on {day(registered)}"),
        expected=Text(f"≥ {number(years)} 年", f"≥ {number(years)} years"),
        threshold=audit.threshold(),
        evidence=audit.shown("documents.registered_on"),
    )
