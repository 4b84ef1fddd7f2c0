"""Disputes and refunds: whose turn it is, until when, and what for where the page says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from extractors.markup import Row
from extractors.models.disputes import Dispute, DisputesData
from extractors.page import PageKind, PageReader
from extractors.parts import ORDER_NUMBER, parts_of, time_left_of
from extractors.texts import clean, not_assessed, shown
from extractors.times import moment
from extractors.values import money_under

COLUMNS = ("order", "opened_at", "kind", "reason", "amount", "closed_at", "status")
AWAITED = {
    "platform": "platform",
    "buyer_returning": "buyer",
    "warehouse_receiving": "none",
    "seller_receiving": "seller",
    "ended": "none",
}
"""Stage -> who must act. A negotiation is decided by the button: with it, it is the seller's turn."""


def read(reader: PageReader) -> DisputesData:
    table, columns = reader.table(*COLUMNS)
    total = reader.total()
    if total is None:
        reader.missing("total", "total")
    reader.need(table, columns, {"opened_at": "disputes.opened_at"})
    titles = reader.titles(table, columns)
    rows = (_dispute(reader, row, columns, titles) for row in reader.item_rows(table))
    return DisputesData(total=total, disputes=tuple(dispute for dispute in rows if dispute is not None))


def _dispute(reader: PageReader, row: Row, columns: dict[str, int], titles: dict[str, str]) -> Dispute | None:
    chunks = row.cell(columns.get("order"))
    parts = parts_of(reader, chunks)
    order_id = clean(parts.first("order_id") or parts.bare_number() or "")
    if not ORDER_NUMBER.fullmatch(order_id):
        reader.missing("disputes.order_id")
        return None
    texts = {name: shown(" ".join(row.cell(columns.get(name)))) for name in COLUMNS if name in columns}
    stage, awaiting, left = _state(reader, row.cell(columns.get("status")), titles)
    reason = texts.get("reason", "")
    has_reason = not not_assessed(reason)
    return Dispute(
        order_id=order_id,
        dispute_id=_dispute_id(row),
        kind=reader.word("dispute_kind", "disputes.kind", titles.get("kind"), texts.get("kind", "")),
        reason=reason if has_reason else None,
        not_as_described=reader.vocabulary.word_in("not_as_described", reason) is not None if has_reason else None,
        amount=reader.parsed(
            "disputes.amount", titles.get("amount"), texts.get("amount", ""), money_under(titles.get("amount"))
        ),
        opened_at=_moment(reader, "opened_at", texts, titles),
        closed_at=_moment(reader, "closed_at", texts, titles),
        stage=stage,
        awaiting=awaiting,
        respond_by=left,
        insured=any(reader.vocabulary.word("insured", chunk) for chunk in chunks),
        seen=reader.seen(titles, {n: t for n, t in texts.items() if n != "order"}),
    )


def _state(reader: PageReader, chunks: list[str], titles: dict[str, str]) -> tuple[Any, Any, datetime | None]:
    """Stage, who must act, and until when."""
    if not chunks:
        return "unknown", None, None
    stage = reader.vocabulary.word_in("dispute_stage", chunks[0])
    if stage is None:
        reader.problem("value_not_understood", "disputes.stage", titles.get("status"), clean(chunks[0]))
        return "unknown", None, None
    awaiting = AWAITED.get(stage)
    if awaiting is None:
        turn = any(reader.vocabulary.word("sellers_turn", chunk) for chunk in chunks[1:])
        awaiting = "seller" if turn else "buyer"
    left = parts_of(reader, chunks[1:])
    return stage, awaiting, time_left_of(reader, left, "disputes.respond_by", titles.get("status"))


def _moment(reader: PageReader, name: str, texts: dict[str, str], titles: dict[str, str]) -> datetime | None:
    zone = reader.page.timezone
    return reader.parsed(f"disputes.{name}", titles.get(name), texts.get(name, ""), lambda t: moment(t, zone))


def _dispute_id(row: Row) -> str | None:
    """The dispute's number stands in the link to its details."""
    for link in row.links:
        for name, values in parse_qs(urlsplit(link).query).items():
            if name.lower() in ("disputeid", "issueid", "reverseid", "dispute_id"):
                return values[0]
    return None


PAGE = PageKind("disputes", read, rows="disputes", identity="order", list_only=True)
