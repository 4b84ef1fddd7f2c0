"""MDL004: the store's medal is lower than in the last run."""

from collections.abc import Iterator

from checks.audit import Audit, DoesNotApply
from checks.finding import Finding, Severity, Subject
from checks.mdl.medal import LEVELS, MENU, NAMES
from checks.mdl.quarter import period_end, result_window
from checks.rule import rule
from checks.text import Text, day


@rule(
    code="MDL004",
    name="medal-lost",
    severity=Severity.ERROR,
    sources=("S1",),
    needs=("medal.current",),
    page="medal",
    menu=MENU,
    title=Text("金银牌层级比上次低", "The medal is lower than at the last run"),
    why=Text(
        "掉牌后本季度不能补救，最早要到下一次季度考核才有机会拿回来，期间没有对应的权益。",
        "A medal that is lost stays lost for the quarter: the next assessment is the next chance, and until then its "
        "benefits are gone.",
    ),
    fix=Text(
        "在金银牌权益中心找出没有达标的指标，本季度内补上；如果原来的银牌来自中国好卖家，先确认是否 180 天到期。",
        "Find the metrics that missed their lines in the medal benefits centre and mend them this quarter; if silver "
        "came from China Good Seller, check whether its 180 days are over.",
    ),
)
def medal_lost(audit: Audit) -> Iterator[Finding]:
    current: str = audit.value("medal.current")
    seen_at = audit.reading("medal").captured_at
    points = [p for p in audit.facts.history if p.metric == "medal.current" and p.at < seen_at]
    if not points:
        raise DoesNotApply(Text("还没有以前的层级可比", "no earlier run has recorded a medal level"))
    last = max(points, key=lambda point: point.at)
    before = LEVELS[min(max(round(last.value), 0), len(LEVELS) - 1)]
    if LEVELS.index(current) >= LEVELS.index(before):
        return
    end = period_end(audit)
    window = result_window(audit, end)
    held, had, since = NAMES[current], NAMES[before], day(last.at.astimezone(audit.timezone).date())
    yield audit.finding(
        Subject("medal", "current"),
        Text(
            f"层级从{had.zh}（{since}）降为{held.zh}；下一次机会是 {day(end)} 结束的季度，{day(window.last)} 公布结果",
            f"The level fell from {had.en} ({since}) to {held.en}; the next chance is the quarter that ends on "
            f"{day(end)}, with results on {day(window.last)}",
        ),
        observed=held,
        expected=had,
        evidence=audit.shown("medal.current"),
    )
