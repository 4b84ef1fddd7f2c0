"""LOG008: a tracking number that cannot be one."""

from collections import Counter
from collections.abc import Iterator

from checks.audit import DUST, Audit
from checks.finding import Finding, Severity, Subject
from checks.log.numbers import sightings
from checks.rule import rule
from checks.text import Text, percent
from checks.tracking_number import is_cainiao_order, is_clean, s10


@rule(
    code="LOG008",
    name="tracking-number-malformed",
    severity=Severity.WARNING,
    sources=("field practice",),
    needs=("orders.tracking|order_export.tracking|tracking.tracking_number",),
    thresholds=("check_digit_share", "check_digit_numbers"),
    page="tracking",
    menu=Text("订单管理 → 物流单号", "Order management → Tracking number"),
    title=Text("物流单号格式不对", "A tracking number cannot be right"),
    why=Text(
        "填错一位或把菜鸟订单号（LP 开头）当成运单号，平台就查不到轨迹，订单会变成未上网甚至虚假发货。",
        "With one wrong digit, or a Cainiao order number (LP…) in its place, the platform finds no trace; the order "
        "then looks unscanned or even falsely shipped.",
    ),
    fix=Text(
        "对照面单改成承运商的运单号；LP 开头的订单号，到菜鸟订单详情里查出真正的国际运单号再填。",
        "Correct it from the label. For an LP order number, look up the carrier's international number in the Cainiao "
        "order's details and enter that.",
    ),
)
def number_malformed(audit: Audit) -> Iterator[Finding]:
    found = sightings(audit)
    suspicious, others = _failing(audit, {s.plain for s in found})
    told = set()
    for sighting in found:
        plain = sighting.plain
        if plain not in others and plain not in suspicious:  # S10: letters and digits, and nobody else's
            continue
        if sighting.dead or plain in told:
            continue
        if not is_clean(sighting.number):
            reason = Text("含有运单号里不会出现的字符", "holds characters that no tracking number has")
        elif is_cainiao_order(sighting.number):
            reason = Text("是菜鸟物流订单号，不是承运商运单号", "is a Cainiao order number, not the carrier's number")
        elif plain in suspicious:
            reason = suspicious[plain]
        else:
            continue
        told.add(plain)
        yield audit.finding(
            Subject("parcel", sighting.number),
            Text(
                f"订单 {sighting.order_id} 的物流单号 {sighting.number} {reason.zh}",
                f"Tracking number {sighting.number} of order {sighting.order_id} {reason.en}",
            ),
            observed=sighting.number,
            expected=Text("承运商的有效运单号", "a valid number of the carrier"),
            threshold=audit.threshold() if plain in suspicious else None,
            evidence=sighting.evidence(audit),
        )


def _failing(audit: Audit, numbers: set[str]) -> tuple[dict[str, Text], set[str]]:
    """Numbers whose S10 check digit fails although most of their series in this store pass, with the reason.

    And those that have not the shape of S10 at all: in most stores the fewest.
    """
    passing: Counter[str] = Counter()
    failing: dict[str, list[str]] = {}
    others: set[str] = set()
    for number in numbers:
        known = s10(number)
        if known is None:
            others.add(number)
        elif known[1]:
            passing[known[0]] += 1
        else:
            failing.setdefault(known[0], []).append(number)
    reasons: dict[str, Text] = {}
    for series, wrong in failing.items():
        total = passing[series] + len(wrong)
        share = passing[series] / total
        if share > audit.line() + DUST and total >= audit.line("check_digit_numbers"):
            shown = percent(share)
            text = Text(
                f"的 S10 校验位不对，而本店 {series} 系列 {total} 个单号中 {shown} 校验通过（实操经验：过半才判）",
                f"fails its S10 check digit, which {shown} of the store's {total} numbers in the series {series} pass "
                f"(field practice: judged over {percent(audit.line())})",
            )
            reasons |= dict.fromkeys(wrong, text)
    return reasons, others
