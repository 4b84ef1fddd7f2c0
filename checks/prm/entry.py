"""PRM010: a premium store misses an entry requirement: licence age, no severe violation, complete brand papers."""

from collections.abc import Callable, Iterator

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.days import months_after
from checks.finding import Finding, Severity, Subject
from checks.hlt.violations import severe
from checks.lic.documents import evidence
from checks.prm.brand_chain import gaps_of_brands
from checks.rule import rule
from checks.text import Text, day, number, plain

MONTHS_A_YEAR = 12


@rule(
    code="PRM010",
    name="premium-entry-gap",
    severity=Severity.WARNING,
    sources=("S2",),
    needs=("documents.registered_on", "documents", "violations"),
    thresholds=("premium_entry_licence_years", "premium_entry_violation_months"),
    page="documents",
    menu=Text("商家后台 → 成长中心 → 精品运营诊断", "Seller backend → Growth centre → Premium operation diagnosis"),
    title=Text("精品准入条件缺失", "An entry requirement of premium operation is missing"),
    why=Text(
        "营业执照满 2 年、近 12 个月无严重违规、品牌链路完整是精品准入的硬条件，缺一项审核就不会通过。",
        "A licence of two years, no severe violation in 12 months and complete brand papers are hard conditions of "
        "premium operation; without one of them the review fails.",
    ),
    fix=Text(
        "先补能补的（品牌证书、授权书），时间类的条件记下到期日，满足后再提交自评报告。",
        "Mend first what can be mended (trademark, authorisation); for what only time mends, note the date and apply "
        "after it.",
    ),
)
def entry(audit: Audit) -> Iterator[Finding]:
    audit.premium_only()
    parts: tuple[Callable[[Audit], Iterator[Finding]], ...] = (licence_age, severe_violation, brand_chain)
    for part in parts:
        try:
            yield from part(audit)
        except CannotTell as stop:
            audit.gap(stop.reason)


def licence_age(audit: Audit) -> Iterator[Finding]:
    try:
        registered = audit.value("documents.registered_on")
    except DoesNotApply as stop:
        raise CannotTell(Text("资质页面没有注册日期", "the documents page shows no date of registration")) from stop
    years = audit.line()
    reached = months_after(registered, round(years * MONTHS_A_YEAR))
    if audit.reading("documents").captured_at.astimezone(audit.timezone).date() >= reached:
        return
    yield audit.finding(
        Subject("metric", "licence_age"),
        Text(
            f"营业执照 {day(registered)} 注册，未满精品准入要求的 {number(years)} 年，{day(reached)} 才满足",
            f"The business was registered on {day(registered)}, under the {number(years)} years that premium entry "
            f"asks for; they are reached on {day(reached)}",
        ),
        observed=Text(f"{day(registered)} 注册", f"registered on {day(registered)}"),
        expected=Text(f"≥ {number(years)} 年", f"≥ {number(years)} years"),
        threshold=audit.threshold(),
        evidence=audit.shown("documents.registered_on"),
    )


def severe_violation(audit: Audit) -> Iterator[Finding]:
    months = int(audit.line("premium_entry_violation_months"))
    today = audit.now.astimezone(audit.timezone).date()
    rows = severe(audit)
    for row in rows:
        if row.decided_on is None:
            which = row.violation_id
            audit.gap(Text(f"违规 {which} 没有处罚日期", f"violation {which} shows no date of decision"))
    standing = [row for row in rows if row.decided_on and today <= months_after(row.decided_on, months)]
    if not standing:
        return
    newest = max(standing, key=lambda row: str(row.decided_on))
    assert newest.decided_on is not None
    until = months_after(newest.decided_on, months)
    yield audit.finding(
        Subject("metric", "severe_violation"),
        Text(
            f"近 {months} 个月有 {len(standing)} 次严重违规，精品准入要求为零；最近一次 {day(newest.decided_on)}，"
            f"计算到 {day(until)}",
            f"{len(standing)} severe violation(s) in {months} months, premium entry allows none; the last of "
            f"{day(newest.decided_on)} counts until {day(until)}",
        ),
        observed=str(len(standing)),
        expected=plain("0"),
        threshold=audit.threshold("premium_entry_violation_months"),
        evidence=audit.seen(newest, "severe"),
    )


def brand_chain(audit: Audit) -> Iterator[Finding]:
    lacks = gaps_of_brands(audit)
    if not lacks:
        return
    told = Text("；".join(lack.told.zh for lack in lacks), "; ".join(lack.told.en for lack in lacks))
    paper = next((lack.paper for lack in lacks if lack.paper), None)
    yield audit.finding(
        Subject("metric", "brand_chain"),
        Text(
            f"精品准入要求的品牌链路不完整：{told.zh}",
            f"The brand papers that premium entry asks for are incomplete: {told.en}",
        ),
        observed=told,
        expected=Text(
            "注册证、R 标或 TM 标，授权品牌另需授权书",
            "registration certificate, ® or ™ mark, and a letter of authorisation for a licensed brand",
        ),
        evidence=evidence(audit, paper, "mark") if paper else audit.shown("documents.documents"),
    )
