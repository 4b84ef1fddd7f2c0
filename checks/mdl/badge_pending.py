"""MDL006: while results are being published, the badge on the shop front differs from the level."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.days import end_of_day
from checks.finding import Finding, Severity, Subject
from checks.mdl.medal import MENU, NAMES
from checks.mdl.quarter import running_window
from checks.rule import rule
from checks.text import Text, day

BADGE = {"gold": "gold", "silver": "silver", "ordinary": "none"}
"""The badge that belongs to a level; badges of other programmes say nothing about it."""


@rule(
    code="MDL006",
    name="badge-pending",
    severity=Severity.INFO,
    sources=("S1",),
    needs=("medal.current", "medal.front_badge"),
    page="medal",
    menu=MENU,
    title=Text("考核结果更新期，前台标识还没同步", "Results are being published and the badge has not caught up"),
    why=Text(
        "每年 1、4、7、10 月的 11 日到 15 日更新金银牌，数据有约 2 天延迟，这几天前台和后台可能不一致。",
        "Medals change on the 11th–15th of January, April, July and October, with data about 2 days late; front and "
        "back may differ in these days.",
    ),
    fix=Text(
        "15 日之后再看一次；仍不一致再联系客服。", "Look again after the 15th; ask seller support if they still differ."
    ),
)
def badge_pending(audit: Audit) -> Iterator[Finding]:
    current: str = audit.value("medal.current")
    badge: str = audit.value("medal.front_badge")
    window = running_window(audit)
    if window is None or badge not in BADGE.values() or badge == BADGE[current]:
        return
    held, shown = NAMES[current], NAMES[badge]
    yield audit.finding(
        Subject("medal", "current"),
        Text(
            f"后台层级是{held.zh}，前台是「{shown.zh}」；考核结果更新到 {day(window.last)}，之后再看",
            f"The level is {held.en}, the shop front shows {shown.en}; results are being published until "
            f"{day(window.last)}, look again after that",
        ),
        observed=shown,
        expected=held,
        evidence=audit.shown("medal.front_badge"),
        due_at=end_of_day(window.last, audit.timezone),
    )
