"""MDL002: the medal's calendar, always reported: when the running quarter ends and when its results appear."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.days import end_of_day
from checks.finding import Finding, Severity, Subject
from checks.mdl.medal import MENU
from checks.mdl.quarter import period_end, result_window, running_window
from checks.rule import rule
from checks.text import Text, day, number


@rule(
    code="MDL002",
    name="medal-calendar",
    severity=Severity.INFO,
    sources=("S1",),
    needs=("medal",),
    thresholds=("medal_result_first_day", "medal_result_last_day", "medal_data_delay"),
    page="medal",
    menu=MENU,
    title=Text("金银牌考核日历", "Calendar of the medal assessment"),
    why=Text(
        "金银牌每个自然季度考核一次，以美国时间为准；季度末的数据决定下一季度的牌。",
        "Medals are assessed once every natural quarter, in US time; the figures at its end decide the next medal.",
    ),
    fix=Text(
        "把季度截止日和公布日记进日历，截止前两周复查一次各项指标。",
        "Put the end of the quarter and the day of the results in the calendar, check the metrics two weeks before.",
    ),
)
def calendar(audit: Audit) -> Iterator[Finding]:
    if not audit.facts.pages("medal"):
        audit.reading("medal")
    end = period_end(audit)
    window, running = result_window(audit, end), running_window(audit)
    delay = number(audit.line("medal_data_delay"))
    now = (
        Text(
            f"上一季度的结果正在更新（{day(running.first)} 至 {day(running.last)}）。",
            f"The last quarter's results are being published ({day(running.first)} to {day(running.last)}). ",
        )
        if running
        else Text("", "")
    )
    yield audit.finding(
        Subject("medal", "current"),
        Text(
            f"{now.zh}本季度考核到 {day(end)}（美国时间）结束；标识在 {day(window.first)} 至 {day(window.last)} 变更，"
            f"{day(window.last)} 公布，数据约晚 {delay} 天",
            f"{now.en}The running quarter ends on {day(end)} (US time); marks change between {day(window.first)} and "
            f"{day(window.last)}, results are published on {day(window.last)}, with data about {delay} days late",
        ),
        observed=day(end),
        expected=f"{day(window.first)} – {day(window.last)}",
        evidence=audit.shown("medal.period_ends_on"),
        due_at=end_of_day(end, audit.timezone),
    )
