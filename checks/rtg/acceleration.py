"""RTG007: the cross-border course is completed, so an inactive rating may be asked for on day 60."""

from collections.abc import Iterator
from datetime import timedelta

from checks.audit import Audit
from checks.finding import Finding, Severity
from checks.rtg.status import MENU, inactive_only, opened_on, store_age
from checks.rule import rule
from checks.text import Text, day, number


@rule(
    code="RTG007",
    name="acceleration-available",
    severity=Severity.INFO,
    sources=("S4",),
    needs=("rating.status", "rating.course_completed", "rating.opened_on|medal.opened_on"),
    thresholds=("rating_store_age_course",),
    page="rating",
    menu=MENU,
    title=Text("可以申请提前启用评分", "Earlier activation of the rating can be asked for"),
    why=Text(
        "完成“跨境小课堂”并考试合格的店铺，评分可以提前到开店第 60 天启用，不用等满 90 天。",
        "A store that has passed the cross-border course may have its rating on day 60 instead of day 90.",
    ),
    fix=Text(
        "准备好结业证书编号，在开店满 60 天时从评分加速通道提交申请。",
        "Keep the number of the certificate ready and apply through the acceleration channel on day 60.",
    ),
)
def acceleration(audit: Audit) -> Iterator[Finding]:
    inactive_only(audit)
    if not audit.value("rating.course_completed"):
        return
    days = audit.line()
    age, first = store_age(audit), opened_on(audit) + timedelta(days=days)
    ready = age >= days
    yield audit.finding(
        audit.subject(),
        Text(
            f"课程已完成，开店 {age} 天，" + ("现在就可以" if ready else f"{day(first)} 起可以") + "申请启用评分",
            f"The course is completed and the store is {age} days old: activation can be asked for "
            + ("now" if ready else f"from {day(first)} on"),
        ),
        observed=Text(f"开店 {age} 天", f"{age} days"),
        expected=Text(f"满 {number(days)} 天", f"{number(days)} days"),
        threshold=audit.threshold(),
        evidence=audit.shown("rating.course_completed"),
    )
