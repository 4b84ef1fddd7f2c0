"""LOG014: a parcel was delivered to a name other than the order's; neither name is ever stored."""

from collections.abc import Iterator

from checks.audit import Audit
from checks.finding import Finding, Severity, Subject
from checks.log.scope import evidence, live_parcels, require
from checks.rule import rule
from checks.text import Text
from extractors.models import ParcelStatus


@rule(
    code="LOG014",
    name="recipient-mismatch",
    severity=Severity.WARNING,
    sources=("S4",),
    needs=("tracking.recipient_matches",),
    page="tracking",
    menu=Text("物流详情 → 收件人核对", "Logistics details → Recipient check"),
    title=Text("签收人与订单收件人不一致", "Delivered to a name other than the order's"),
    why=Text(
        "签收人对不上时，平台可能不认这次妥投，买家也容易以未收到货发起纠纷。",
        "Where the names differ the platform may not accept the delivery, and a dispute for goods not received is "
        "easily opened.",
    ),
    fix=Text(
        "先问买家是否由家人、邻居或前台代收；不是的话，马上向承运商索取签收证明，备好物流申诉材料。",
        "Ask the buyer whether family, a neighbour or a desk took it. If not, get the proof of delivery from the "
        "carrier at once and keep it for the logistics appeal.",
    ),
)
def recipient(audit: Audit) -> Iterator[Finding]:
    parcels = [p for p in live_parcels(audit) if p.status is ParcelStatus.DELIVERED or p.recipient_matches is False]
    told = set()
    for parcel in parcels:
        number = parcel.tracking_number
        subject = Subject("parcel", number) if number else Subject("order", parcel.order_id)
        if parcel.recipient_matches is None:
            audit.gap(Text(f"{subject.id} 没有收件人核对结果", f"{subject.id} shows no recipient check"))
        if parcel.recipient_matches is not False or subject in told:
            continue
        told.add(subject)
        yield audit.finding(
            subject,
            Text(
                f"订单 {parcel.order_id} 的包裹已签收，但收件人核对不一致，平台要求两者相同",
                f"The parcel of order {parcel.order_id} was delivered, but the recipient differs from the order's; the "
                "platform asks that they agree",
            ),
            observed=Text("不一致", "differs"),
            expected=Text("一致", "agrees"),
            evidence=evidence(audit, parcel, "recipient_matches"),
        )
    require(audit, parcels, Text("没有已妥投的包裹", "no parcel is delivered"))
