"""LVL007: every requirement of the next level is met; the platform's next check should bring the upgrade."""

from collections.abc import Iterator
from datetime import timedelta

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.lvl.condition import unmet
from checks.lvl.requirement import ONE_DIAMOND, level_name, next_level, requirements
from checks.rule import rule
from checks.text import Text, moment, number


@rule(
    code="LVL007",
    name="upgrade-expected",
    severity=Severity.INFO,
    sources=("S0",),
    needs=("level.current", "level.tracker", "documents", "violations"),
    thresholds=("level_recheck",),
    page="level",
    menu=Text("卖家后台首页 → Level Status", "Seller dashboard → Level Status"),
    title=Text("条件已全部满足，等待自动升级", "Every requirement is met: the upgrade is expected"),
    why=Text(
        "升级由系统自动完成，平台每 72 小时校验一次，不需要申请。",
        "The platform checks every 72 hours and upgrades by itself; nothing has to be applied for.",
    ),
    fix=Text(
        "校验前保持各项指标不掉线；过了校验时间仍未升级，打开“Why Not Upgraded?”看原因，必要时联系客服。",
        "Keep every metric where it is until the check; if the level has not changed after it, open "
        "“Why Not Upgraded?” and ask seller support if need be.",
    ),
)
def upgrade_expected(audit: Audit) -> Iterator[Finding]:
    level = next_level(audit)
    needs = requirements(audit, level)
    lacking = any(True for _ in unmet(audit)) if level == ONE_DIAMOND else False
    refused = lacking or bool(audit.page("level").why_not)
    if refused or any(need.met is not True or need.item.state == "red" for need in needs):
        audit.gaps.clear()  # one requirement that is known to be open settles it, whatever else was not read
        return
    if audit.gaps:
        return
    hours = audit.line()
    reading, name = audit.reading("level"), level_name(level)
    due = reading.captured_at.astimezone(audit.timezone) + timedelta(hours=hours)
    yield audit.finding(
        Subject("level", f"{level.kind}-{level.rank}"),
        Text(
            f"{name.zh}的条件已全部满足，平台每 {number(hours)} 小时校验一次，预计 {moment(due)} 前自动升级",
            f"Every requirement of {name.en} is met; the platform checks every {number(hours)} hours, so the upgrade "
            f"is expected by {moment(due)}",
        ),
        observed=Text("全部达标", "all met"),
        expected=Text("自动升级", "upgrade"),
        threshold=audit.threshold(),
        evidence=audit.shown("level.next"),
        due_at=due,
    )
