"""The shipping-promise page: rates of the store, and orders that broke the promise."""

from __future__ import annotations

from extractors.models.assessment import AssessmentData, PromiseCase
from extractors.page import PageKind, PageReader
from extractors.parts import parts_of, time_left, value_of
from extractors.texts import clean
from extractors.times import day, moment
from extractors.values import rate

RATES = (
    "on_time_rate",
    "scan_72h_rate",
    "fulfilment_rate",
    "not_sold_rate",
    "snad_rate",
    "dispute_rate",
    "positive_rate",
    "reply_24h_rate",
    "standard_shipping_share",
)


def read(reader: PageReader) -> AssessmentData:
    return AssessmentData(
        stat_date=reader.figure("stat_date", day),
        **{name: reader.figure(name, rate) for name in RATES},
        total=reader.total(),
        cases=tuple(_cases(reader)),
    )


def _cases(reader: PageReader) -> list[PromiseCase]:
    table, columns = reader.table("order", "reason", "appeal_by")
    reader.need(table, columns, {"reason": "cases.reason"})
    titles = reader.titles(table, columns)
    cases = []
    zone = reader.page.timezone
    for row in reader.data_rows(table):
        parts = parts_of(reader, row.cell(columns.get("order")))
        order_id = clean(parts.first("order_id") or parts.bare_number() or "")
        if not order_id:
            reader.missing("cases.order_id")
            continue
        reason = " ".join(row.cell(columns.get("reason")))
        left = " ".join(row.cell(columns.get("appeal_by")))
        cases.append(
            PromiseCase(
                order_id=order_id,
                reason=reader.state("case_reason", "cases.reason", titles.get("reason"), row, columns.get("reason")),
                placed_at=value_of(
                    reader, parts, "placed_at", "cases.placed_at", "placed_at", lambda t: moment(t, zone)
                ),
                appeal_by=time_left(reader, "cases.appeal_by", titles.get("appeal_by"), left),
                seen=reader.seen(titles, {"reason": reason, "appeal_by": left}),
            )
        )
    return cases


PAGE = PageKind("assessment", read, rows="cases", identity="order")
