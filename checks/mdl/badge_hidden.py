"""MDL005: the store holds a medal, but the shop front shows a badge of higher priority."""

from collections.abc import Iterator

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.mdl.medal import MENU, NAMES
from checks.rule import rule
from checks.text import Text

HIGHER = ("jbp", "stylised", "plus")


@rule(
    code="MDL005",
    name="badge-hidden",
    severity=Severity.INFO,
    sources=("S1",),
    needs=("medal.current", "medal.front_badge"),
    page="medal",
    menu=MENU,
    title=Text("店铺前台展示的是别的标识，金银牌没有丢", "Another badge hides the medal on the shop front"),
    why=Text(
        "前台一次只显示一个标识，JBP、风格化店铺、PLUS 等优先级更高，会盖住金银牌；层级和权益不受影响。",
        "The shop front shows one badge only; JBP, stylised shop and PLUS rank higher and cover the medal. Level and "
        "benefits are untouched.",
    ),
    fix=Text(
        "不需要处理；层级以金银牌权益中心显示的为准。", "Nothing to do; the level in the medal benefits centre counts."
    ),
)
def badge_hidden(audit: Audit) -> Iterator[Finding]:
    current: str = audit.value("medal.current")
    if current == "ordinary":
        raise DoesNotApply(Text("店铺没有金银牌", "the store holds no medal"))
    badge: str = audit.value("medal.front_badge")
    if badge in HIGHER:
        held, shown = NAMES[current], NAMES[badge]
        yield audit.finding(
            Subject("medal", "current"),
            Text(
                f"店铺是{held.zh}，前台显示的是优先级更高的「{shown.zh}」，{held.zh}没有丢",
                f"The store holds {held.en}; the shop front shows the higher badge “{shown.en}”, nothing is lost",
            ),
            observed=shown,
            expected=held,
            evidence=audit.shown("medal.front_badge"),
        )
